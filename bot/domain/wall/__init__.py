"""The page for the projector and the boards on it."""

from __future__ import annotations
