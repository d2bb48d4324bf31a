"""Rakor Bot: coordination meetings of public institutions, from invitation to follow-up, in Telegram."""

__version__ = "0.1.0"
