"""What goes out by schedule, for organisers and for those who get it."""

from __future__ import annotations
