"""Everybody who registered for a meeting, in whatever state, with their answers to its own questions (XLSX)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.people import own_answers
from bot.domain.people.registration import STATE_NAMES
from bot.i18n import Localised, Translator, zone_name
from bot.reports.maker import Arguments, Maker
from bot.reports.sheets import Sheet, workbook
from bot.storage import meetings, offices, participants
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office
from bot.storage.participants import Participant


@dataclass(frozen=True, slots=True)
class Everybody:
    office: Office
    meeting: Meeting
    sectors: Mapping[str, Localised]
    people: Sequence[Participant]


async def gather(tx: Transaction, arguments: Arguments) -> Everybody | None:
    meeting = await meetings.find(tx, arguments["meeting"])
    office = None if meeting is None else await offices.find(tx, meeting.office_id)
    if meeting is None or office is None:
        return None
    sectors = {sector.code: sector.name for sector in await offices.sectors(tx, office.id)}
    return Everybody(office, meeting, sectors, await participants.everybody(tx, meeting.id))


def make(t: Translator, everybody: Everybody) -> bytes:
    meeting, zone = everybody.meeting, ZoneInfo(everybody.meeting.timezone)
    lines = []
    for place, person in enumerate(everybody.people, 1):
        at = person.registered_at
        when = f"{at.astimezone(zone):%d-%m-%Y} {t.bare_time(at, meeting.timezone)}"
        state = t.gettext(STATE_NAMES[person.state])
        lines.append(
            [
                str(place),
                person.name,
                person.position,
                person.institution,
                t.pick(everybody.sectors.get(person.sector, {})) or person.sector,
                state if not person.reason else f"{state}: {person.reason}",
                person.ticket,
                when,
                person.represents,
                person.assignment_letter,
                *(
                    answer
                    for _, answer in own_answers.shown(t, meeting.registration_questions, person.answers)
                ),
            ]
        )
    columns = [
        t.gettext("No."),
        t.gettext("Name"),
        t.gettext("Position"),
        t.gettext("Institution"),
        t.gettext("Group"),
        t.gettext("State"),
        t.gettext("Ticket"),
        t.gettext("Since ({zone})").format(zone=zone_name(meeting.starts_at, meeting.timezone)),
        t.gettext("In the stead of"),
        t.gettext("Letter of assignment"),
        *(t.pick(question.label) for question in meeting.registration_questions),
    ]
    widths = [5, 30, 26, 30, 18, 22, 9, 17, 26, 22, *(24 for _ in meeting.registration_questions)]
    title = t.gettext("REGISTRATIONS")
    heading = [everybody.office.name.upper(), title, t.pick(meeting.title)]
    return workbook(
        t.pick(meeting.title),
        everybody.office.name,
        [Sheet(t.gettext("Registrations"), heading, columns, widths, lines)],
    )


LIST = Maker("participant-list", gather, make)
