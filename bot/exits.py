"""What the exit code of ``rakor`` tells a script or a service manager."""

from __future__ import annotations

FINE = 0
PROBLEM = 1
"""It did not work out; the text on the standard error says why."""
USAGE = 2
"""A wrong argument or setting; trying again changes nothing."""
DATABASE = 3
"""The database cannot be opened, reached or written."""
TELEGRAM = 4
"""Telegram refuses this bot: the token is wrong, or another copy of it runs."""
INTERRUPTED = 130
"""Ctrl-C; the number that shells use."""
