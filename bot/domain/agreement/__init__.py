"""Stances, and what they say by sector and by opinion group."""

from __future__ import annotations
