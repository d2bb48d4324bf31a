"""What an office set for all that goes out in its name: quiet hours, and from how many people on two have to agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import roles
from bot.domain.errors import TooFewOrganisers
from bot.storage import actions, offices, reminders
from bot.storage import office_settings as stored
from bot.storage.database import Transaction
from bot.storage.office_settings import Settings


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From an hour of the office's clocks to another, which is no longer quiet; over midnight when it is the earlier.

    The two are not the same.
    """

    start: time
    end: time

    def holds(self, moment: datetime, zone: str) -> bool:
        """Whether a moment is in the quiet hours."""
        clock = moment.astimezone(ZoneInfo(zone)).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def after(self, moment: datetime, zone: str) -> datetime:
        """The first moment, in UTC, from this one on that is not quiet."""
        if not self.holds(moment, zone):
            return moment.astimezone(UTC)
        local = moment.astimezone(ZoneInfo(zone))
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return datetime.combine(day, self.end, ZoneInfo(zone)).astimezone(UTC)


def quiet_hours(settings: Settings) -> QuietHours | None:
    """The hours in which the office sends no reminders; None where there are none."""
    start, end = settings.quiet_from, settings.quiet_until
    if start is None or end is None or start == end:
        return None
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end))


async def set_quiet_hours(
    tx: Transaction, office_id: int, person_id: int, hours: QuietHours | None, now: datetime
) -> None:
    """Set an office's quiet hours (None: take them away), as its organiser; the next times follow at once.

    Raises:
        NotAllowed: the person is no organiser there.
    """
    await roles.require(tx, office_id, person_id, roles.ORGANISER)
    start, end = (None, None) if hours is None else (f"{hours.start:%H:%M}", f"{hours.end:%H:%M}")
    await stored.set_quiet_hours(tx, office_id, start, end)
    await reminders.forget_plans(tx, office_id)
    await _record(tx, office_id, person_id, "office.quiet_hours", now, start=start, end=end)


async def set_approval(
    tx: Transaction, office_id: int, person_id: int, above: int | None, now: datetime
) -> None:
    """Have a second organiser approve what goes to more than so many people (None: nobody has to).

    Raises:
        NotAllowed: the person is no organiser there.
        TooFewOrganisers: the office has only one, so that nothing could be approved.
    """
    await roles.require(tx, office_id, person_id, roles.ORGANISER)
    members = await offices.members_of(tx, office_id)
    if above is not None and [role for _, role in members].count(roles.ORGANISER) < 2:
        raise TooFewOrganisers
    await stored.set_approval(tx, office_id, above)
    await _record(tx, office_id, person_id, "office.approval", now, above=above)


async def _record(
    tx: Transaction, office_id: int, person_id: int, action: str, now: datetime, **detail: str | int | None
) -> None:
    await actions.record(
        tx, office_id=office_id, meeting_id=None, person_id=person_id, action=action, now=now, **detail
    )
