"""Polls and the understanding check, with their figures."""

from __future__ import annotations
