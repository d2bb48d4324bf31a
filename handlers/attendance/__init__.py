"""Checking in at the desk and in the hall, and the lists that come of it."""

from __future__ import annotations
