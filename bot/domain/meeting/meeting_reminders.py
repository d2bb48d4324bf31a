"""The reminders of a meeting itself: three days and one day before, and on its morning.

They are rows like all reminders, so an organiser sees, pauses and moves them with /jadwal; as service messages they
reach everybody who is registered. Their times are distances from the start and their words are filled in when they go
out, so a meeting that moves takes both along.
"""

from __future__ import annotations

from datetime import datetime, time

from bot.domain.notices.audience import EVERYONE
from bot.domain.notices.broadcasts import SERVICE
from bot.domain.reminders import reminder_times
from bot.domain.reminders.schedule import DayOffset
from bot.i18n import LOCALES, N_, translator
from bot.storage import reminders as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting

BEFORE, MORNING = "meeting-before", "meeting-morning"
SLUGS = (BEFORE, MORNING)
DAYS_BEFORE = (-3, -1)
HOUR, MORNING_HOUR = time(8), time(6)
GRACE_MINUTES = {BEFORE: 12 * 60, MORNING: 60}

TITLE = N_("The meeting is soon")
MORNING_TITLE = N_("The meeting is today")
TEXT = N_(
    "{title}\n{when}\n{venue}\n\nYour ticket: /ticket\nAgenda and materials: /agenda\nYou cannot come after all? Please"
    " say so with /ticket."
)


async def add(tx: Transaction, meeting: Meeting, person_id: int | None, now: datetime) -> None:
    """Give a meeting that opens its reminders, unless it has them; times that are past are not made up for.

    ``person_id`` is who opened it; None for a file that was read on the office's computer.
    """
    known = {reminder.slug for reminder in await stored.of_meeting(tx, meeting.id)}
    for slug, days, hour, title in (
        (BEFORE, DAYS_BEFORE, HOUR, TITLE),
        (MORNING, (0,), MORNING_HOUR, MORNING_TITLE),
    ):
        if slug in known:
            continue
        await stored.save(
            tx,
            office_id=meeting.office_id,
            meeting_id=meeting.id,
            slug=slug,
            title=_texts(title),
            text=_texts(TEXT),
            legal_basis=(),
            checked_on=None,
            audience=EVERYONE.as_data(),
            schedule=DayOffset("meeting_start", days, hour).as_data(),
            grace_minutes=GRACE_MINUTES[slug],
            now=now,
            topic=SERVICE,
            origin=stored.PLAN,
            author_id=person_id,
        )
    await reminder_times.plan_meeting(tx, meeting.id)


async def stop(tx: Transaction, meeting_id: int, now: datetime) -> None:
    """Pause them: the meeting does not take place."""
    for reminder in await stored.of_meeting(tx, meeting_id):
        if reminder.slug in SLUGS and reminder.state == stored.ACTIVE:
            await stored.rearm(tx, reminder.id, state=stored.PAUSED, schedule=reminder.schedule, now=now)
    await reminder_times.plan_meeting(tx, meeting_id)


def _texts(message: str) -> dict[str, str]:
    return {locale: translator(locale).gettext(message) for locale in LOCALES}
