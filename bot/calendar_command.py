"""``rakor calendar import``: load a stage calendar for offices, after saying what changes and which reminders move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.rules import calendar_moves, calendars, stages
from bot.domain.rules.calendar_moves import Move
from bot.domain.rules.calendars import Difference
from bot.domain.rules.stages import Stage
from bot.i18n import Translator
from bot.storage import offices
from bot.storage.database import Database, Transaction
from bot.storage.offices import Office


@dataclass(frozen=True, slots=True)
class Proposed:
    """A calendar that waits for the word of whoever runs the command."""

    office: Office
    calendar_id: int
    difference: Difference
    moves: Sequence[Move]

    def lines(self, t: Translator) -> list[str]:
        """What would change, for people to read."""
        found = self.difference
        lines = []
        if found.before.voting_day != found.after.voting_day:
            lines.append(
                t.gettext("Voting day: {before} → {after}").format(
                    before=found.before.voting_day, after=found.after.voting_day
                )
            )
        lines += [
            f"~ {t.pick(moved.after.name)}: {_days(moved.before)} → {_days(moved.after)}"
            for moved in found.moved
        ]
        lines += [f"+ {t.pick(stage.name)}: {_days(stage)}" for stage in found.added]
        lines += [f"- {t.pick(stage.name)}" for stage in found.removed]
        if self.moves:
            count = len(self.moves)
            lines.append(
                t.ngettext("{count} reminder moves:", "{count} reminders move:", count).format(count=count)
            )
        for move in self.moves:
            zone = move.meeting.timezone
            before, after = (
                t.moment(dues[0].at, zone) if dues else "–" for dues in (move.before, move.after)
            )
            lines.append(f"  {t.pick(move.reminder.title)}: {before} → {after}")
        return lines


def _days(stage: Stage) -> str:
    if stage.first_day is None:
        return "–"
    days = " – ".join(day.isoformat() for day in (stage.start, stage.end) if day is not None)
    return days if stage.is_confirmed else f"{days} (?)"


async def run(
    database: Database,
    name: str,
    content: bytes,
    now: datetime,
    t: Translator,
    *,
    office_code: str | None,
    moving: bool,
    agree: Callable[[Sequence[str], str], bool],
) -> list[str]:
    """Load a calendar for one office or for all; what was done, a line an office.

    ``agree`` is asked with what changes and a question; on a no, nothing changes for that office.

    Raises:
        BadRules: the file is no calendar.
        LookupError: there is no such office; the text says so.
    """
    text = stages.decoded(content, name)
    calendars.read(text, name)
    said = []
    for office in await database.read(lambda tx: _offices(tx, office_code, t)):
        proposed = await database.write(
            lambda tx, office=office: _propose(tx, office, name, text, now)  # type: ignore[misc]
        )
        if proposed.difference.is_empty:
            said.append(t.gettext("{office}: nothing to change.").format(office=office.name))
            continue
        question = t.gettext("Load this calendar for the office {office}? [y/N] ").format(office=office.name)
        if not agree(proposed.lines(t), question):
            said.append(t.gettext("Nothing was changed."))
            continue
        calendar, _ = await database.write(
            lambda tx, proposed=proposed: calendar_moves.accept(  # type: ignore[misc]
                tx, proposed.calendar_id, None, now, moving=moving
            )
        )
        said.append(
            t.gettext("{office}: {election} holds from now on.").format(
                office=office.name, election=t.pick(calendar.title)
            )
        )
    return said


async def _offices(tx: Transaction, code: str | None, t: Translator) -> list[Office]:
    if code is None:
        return await offices.all_offices(tx)
    office = await offices.find_by_code(tx, code)
    if office is None:
        raise LookupError(t.gettext("There is no office with the code {code}.").format(code=code))
    return [office]


async def _propose(tx: Transaction, office: Office, name: str, text: str, now: datetime) -> Proposed:
    calendar_id = await calendars.keep(tx, office.id, None, name, text, now)
    _, after = await calendars.waiting(tx, calendar_id)
    before = await calendars.of_office(tx, office.id)
    moves = await calendar_moves.moves(tx, office.id, after, now)
    return Proposed(office, calendar_id, calendars.difference(before, after), moves)
