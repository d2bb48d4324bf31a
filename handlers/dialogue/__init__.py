"""Sessions, what people submit to them, and the moderators' queue."""

from __future__ import annotations
