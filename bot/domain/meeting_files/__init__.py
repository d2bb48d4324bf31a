"""A meeting as a file: read, previewed, applied, and written again."""

from __future__ import annotations
