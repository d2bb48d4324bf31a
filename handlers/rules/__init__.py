"""Rule cards, their search, and the stage calendar."""

from __future__ import annotations
