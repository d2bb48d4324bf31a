"""For whom rules are shown, and the lists that their buttons refer to.

A reference fits into a button: ``t.`` and a topic, ``s.`` and a sector, ``n.`` and a sector for what concerns it now,
``q.`` and the codes of the cards that a question found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import NoMeeting, NotFound
from bot.domain.meeting import meetings
from bot.domain.rules import calendars, office_rules, search, stages
from bot.domain.rules.office_rules import OfficeRules
from bot.domain.rules.rules import Card, Rulebook
from bot.domain.rules.stages import Calendar
from bot.i18n import zone
from bot.storage import offices, participants
from bot.storage.offices import Office
from bot.storage.participants import REGISTERED
from handlers.turn import Turn

ZONE = "Asia/Jakarta"
"""The clocks of who belongs to no office."""


def prepare() -> None:
    """Read cards and calendar and make the index, about a quarter of a second's work, before the first question."""
    search.index()
    stages.calendar()


@dataclass(frozen=True, slots=True)
class Setting:
    """For whom and when rules are shown."""

    office: Office | None
    """None while the installation has none, or several and the person belongs to neither."""
    contact: str
    """Whom to ask, as people read it; may be empty."""
    sector: str | None
    """The sector of the person's registration; None for who is not registered."""
    day: date
    """Today where the office is."""
    rules: OfficeRules
    """The cards as the office has them."""
    calendar: Calendar
    """The stages as the office has them."""

    @property
    def book(self) -> Rulebook:
        return self.rules.book

    @property
    def zone(self) -> str:
        return self.office.timezone if self.office is not None else ZONE

    def is_draft(self, card: Card) -> bool:
        return self.rules.is_draft(card)


async def setting_of(turn: Turn) -> Setting:
    office, contact, sector = None, "", None
    try:
        if turn.is_private or turn.update.effective_chat is None:
            meeting = await meetings.current(turn.tx, turn.person)
        else:
            meeting = await meetings.of_group(turn.tx, turn.chat.id)
    except NoMeeting:
        known = [found for found, _ in await offices.offices_of(turn.tx, turn.user.id)]
        known = known or await offices.all_offices(turn.tx)
        office = known[0] if len(known) == 1 else None
    else:
        office = await offices.find(turn.tx, meeting.office_id)
        contact = meeting.contact
        registration = await participants.of_person(turn.tx, meeting.id, turn.user.id)
        if registration is not None and registration.state == REGISTERED:
            sector = registration.sector
    office_id = None if office is None else office.id
    return Setting(
        office=office,
        contact=contact or (office.contact if office is not None else ""),
        sector=sector,
        day=turn.now.astimezone(zone(office.timezone if office is not None else ZONE)).date(),
        rules=await office_rules.of_office(turn.tx, office_id),
        calendar=await calendars.of_office(turn.tx, office_id),
    )


def reference_to(cards: Sequence[Card]) -> str:
    return "q." + "".join(card.code for card in cards)


def cards_of(reference: str, setting: Setting) -> list[Card]:
    """The list that a button refers to; cards that are gone since are left out.

    Raises:
        NotFound: there is no such list.
    """
    book = setting.book
    kind, _, name = reference.partition(".")
    if kind == "t" and book.topic(name) is not None:
        return book.of_topic(name)
    if kind == "s" and name:
        return book.of_sector(name)
    if kind == "n" and name:
        return stages.timely(setting.calendar, book.of_sector(name), setting.day)
    if kind == "q":
        codes = [name[place : place + 4] for place in range(0, len(name), 4)]
        return [card for code in codes if (card := book.by_code(code)) is not None]
    raise NotFound
