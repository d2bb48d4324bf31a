"""Polls, and the check whether all understand the rules alike."""

from __future__ import annotations
