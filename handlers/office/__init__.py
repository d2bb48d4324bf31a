"""The office: who has which role, what it set, what was done in its name."""

from __future__ import annotations
