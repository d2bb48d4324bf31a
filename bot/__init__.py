"""Rakor Bot: coordination meetings of public institutions, from invitation to follow-up, in Telegram."""

from __future__ import annotations

__version__ = "0.1.0"
