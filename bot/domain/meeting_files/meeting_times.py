"""Hours of a meeting file as moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.meeting_files.meeting_fields import Local
from bot.domain.meeting_files.meeting_schema import MeetingPart


class Times:
    """Turns hours on the clocks of the office into moments, in UTC."""

    def __init__(self, zone: ZoneInfo, head: MeetingPart) -> None:
        assert head.start.day is not None
        self.zone = zone
        self._day = head.start.day
        self.starts_at = self._moment(self._day, head.start)
        self.ends_at = self._moment(head.end.day or self._day, head.end)
        if head.end.day is None and self.ends_at <= self.starts_at:
            # Only the hour was written: the meeting goes on past midnight.
            self.ends_at = self._moment(self._day + timedelta(days=1), head.end)

    def _moment(self, day: date, local: Local) -> datetime:
        moment = datetime.combine(day, local.clock)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)

    def start_of(self, local: Local) -> datetime:
        """An hour without a day is on the first day, or after the midnight that the meeting passes."""
        start = self._moment(local.day or self._day, local)
        if local.day is None and start < self.starts_at:
            next_day = self._moment(self._day + timedelta(days=1), local)
            return next_day if next_day < self.ends_at else start
        return start

    def end_of(self, local: Local, start: datetime) -> datetime:
        """An hour without a day is the first of that name after the item's start, within the meeting."""
        day = start.astimezone(self.zone).date()
        end = self._moment(local.day or day, local)
        if local.day is None and end <= start:
            next_day = self._moment(day + timedelta(days=1), local)
            return next_day if next_day <= self.ends_at else end
        return end

    def shown(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H.%M}"
