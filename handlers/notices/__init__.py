"""What organisers send: to whom, with whose approval, how far it came, and what is asked about it."""

from __future__ import annotations
