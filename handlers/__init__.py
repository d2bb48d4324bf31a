"""Telegram in and out: one module a journey; thin."""
