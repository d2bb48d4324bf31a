"""When reminders are due, and what they say."""

from __future__ import annotations
