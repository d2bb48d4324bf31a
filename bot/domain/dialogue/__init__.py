"""Sessions, submissions, anonymity, screening, moderation and answers."""

from __future__ import annotations
