"""Messages to many: whom they reach, who approves, who noted them, and the proof of it."""

from __future__ import annotations
