"""Telegram in and out: a folder a subject, a module a journey; thin."""
