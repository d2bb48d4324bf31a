"""What time it is, as one object, so that tests and the demo can move it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The system's clock plus an offset (zero unless somebody moved it)."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC) + self.offset
