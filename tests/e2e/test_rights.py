"""Guarantee 5: nobody sees or changes what their role does not allow, whatever they type, tap or forge."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot.domain import roles
from bot.domain.dialogue import submissions
from bot.domain.notices.audience import EVERYONE
from bot.domain.polls import polls, statements, understanding
from bot.domain.polls.polls import Draft
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders import reminder_times, reminders
from bot.domain.rules import calendars, rule_writing
from bot.domain.rules.rules import folder, rulebook
from bot.storage import audiences, meetings, offices, sessions
from bot.storage.database import Transaction
from bot.storage.polls import ONE, OPEN
from bot.storage.values import base36
from handlers.journeys import JOURNEYS
from handlers.router import taps
from handlers.routing import Audience
from simulator.actors import PersonDriver
from tests.domain.dialogue.adversary import PLACE, TRANSACTION, take
from tests.e2e.audience import all_delivered, all_told, becomes_true
from tests.e2e.conftest import Hall
from tests.e2e.offices import office_without_meetings

OF_THE_PERSON = {"people", "inbox", "outbox", "conversations"}
"""Tables in which writing to the bot leaves its traces, whoever writes."""

STAFF_COMMANDS = sorted(
    command.names[0]
    for journey in JOURNEYS
    for command in journey.commands
    if Audience.ORGANISER in command.menus
)

SECRET = "Ani Lestari Kusuma"


async def what_is_kept(hall: Hall) -> dict[str, list[dict[str, Any]]]:
    """All rows but those that every message touches, without the engine's own columns."""
    dump = await take(hall.database)
    return {
        table: sorted(
            (
                {name: value for name, value in row.items() if name not in (PLACE, TRANSACTION)}
                for row in rows
            ),
            key=repr,
        )
        for table, rows in dump.tables.items()
        if table not in OF_THE_PERSON
    }


def buttons_of(person: PersonDriver) -> set[str]:
    """The data of all buttons that a person has before them."""
    return {
        button["callback_data"]
        for message in person.chat.messages.values()
        for row in message.buttons()
        for button in row
        if "callback_data" in button
    }


async def nothing_waits(tx: Transaction) -> bool:
    return not (
        await tx.value("SELECT COUNT(*) FROM inbox WHERE done_on IS NULL")
        or await tx.value("SELECT COUNT(*) FROM outbox")
    )


async def settled(hall: Hall) -> None:
    """Wait until everything that anybody sent has had its effect and its answer."""
    await hall.tg.updates_taken()
    await becomes_true(hall, nothing_waits)


@pytest.fixture
async def ani(hall: Hall) -> PersonDriver:
    """A participant, whose name strangers must not see."""
    ani = hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, SECRET, "Media", "Harian Contoh", "Wartawan")
    return ani


async def from_elsewhere(hall: Hall, name: str) -> PersonDriver:
    """An organiser of another office, who follows this meeting like anybody may."""
    stranger = hall.tg.person(name, language_code="id")
    await office_without_meetings(hall, stranger)
    await stranger.start(hall.code)
    await stranger.sees("Rapat Koordinasi")
    return stranger


@pytest.fixture
async def citra(hall: Hall) -> PersonDriver:
    return await from_elsewhere(hall, "Citra")


async def test_a_staff_command_is_refused_to_everybody_else(
    hall: Hall, ani: PersonDriver, citra: PersonDriver
) -> None:
    before = await what_is_kept(hall)
    # Citra has an office of her own, whose meetings (none) she may see; Ani shows her ticket at the desk.
    elsewhere = {
        (citra.id, "rakor"): "Kantor Anda belum punya rakor",
        (ani.id, "hadir"): "mohon tunjukkan tiket Anda",
    }
    for command in STAFF_COMMANDS:
        for person in (ani, citra):
            await person.says(f"/{command}")
            await person.sees(elsewhere.get((person.id, command), "Hanya panitia"))

    assert await what_is_kept(hall) == before
    assert not any(SECRET in text for text in citra.inbox)


async def test_every_button_of_an_organiser_is_worth_nothing_in_other_hands(
    hall: Hall, ani: PersonDriver, citra: PersonDriver
) -> None:
    budi = hall.budi
    await ani.says("/masukan")
    for command in STAFF_COMMANDS:
        await budi.says(f"/{command}")
    await settled(hall)
    forged = buttons_of(budi)
    for label in ("Buka:", "Media (1)", "1."):
        await budi.taps(label)
        await settled(hall)
        forged |= buttons_of(budi)
    assert len(forged) > 15
    await becomes_true(hall, all_told)  # what the opened session told everybody is still on its way
    before = await what_is_kept(hall)

    for data in sorted(forged):
        citra.forges_callback(data)
        ani.forges_callback(data)
    await settled(hall)

    # What a person chose for themselves is theirs to change.
    after = await what_is_kept(hall)
    assert {table for table in before if before[table] != after[table]} <= {
        "reminder_optouts",
        "stopped_topics",
    }
    assert not any(SECRET in text for text in citra.inbox)


MEETING_TOOLS = (
    "1. Rapat Koordinasi",
    "✏️ Ubah",
    "‹ Kembali",
    "👥 Unsur & kursi",
    "Selesai",
    "🗓 Acara",
    "Dialog bersama stakeholder",
    "🗑 Hapus",
    "Tidak,",
    "‹ Kembali",
    "‹ Kembali",
    "📄 Materi",
    "🗑 1.",
    "Tidak,",
    "‹ Kembali",
    "❓ Pendaftaran",
    "‹ Kembali",
    "🏁 Tutup rakor",
    "Tidak,",
)
"""A walk through the tools of /rakor that changes nothing, by the labels of its buttons."""


async def test_the_tools_of_a_meeting_are_worth_nothing_in_other_hands(
    hall: Hall, ani: PersonDriver, citra: PersonDriver
) -> None:
    budi = hall.budi
    await budi.says("/rakor")
    forged: set[str] = set()
    for label in MEETING_TOOLS:
        await budi.taps(label)
        await settled(hall)
        forged |= buttons_of(budi)
    assert len(forged) > 60
    before = await what_is_kept(hall)

    for data in sorted(forged):
        citra.forges_callback(data)
        ani.forges_callback(data)
    await settled(hall)

    assert await what_is_kept(hall) == before
    assert not any(SECRET in text for text in citra.inbox)


async def test_a_claim_link_makes_one_organiser_and_no_second(hall: Hall) -> None:
    payload = await hall.write(
        lambda tx: roles.offer_claim(tx, hall.office_id, roles.ORGANISER, hall.clock.now())
    )
    dewi = hall.tg.person("Dewi", language_code="id")
    eko = hall.tg.person("Eko", language_code="id")

    await dewi.start(payload)
    await dewi.sees("panitia")
    await eko.start(payload)
    await eko.sees("sudah terpakai")

    members = dict(await hall.read(lambda tx: offices.members_of(tx, hall.office_id)))
    assert members == {hall.budi.id: roles.ORGANISER, dewi.id: roles.ORGANISER}


async def test_an_invented_claim_opens_nothing(hall: Hall) -> None:
    dewi = hall.tg.person("Dewi", language_code="id")

    await dewi.start(roles.CLAIM_PREFIX + "x" * 32)
    await dewi.sees("sudah terpakai atau kedaluwarsa")

    assert await hall.read(lambda tx: offices.role_of(tx, hall.office_id, dewi.id)) is None


BY_THE_CLOCK = {"moderation_pings"}
"""Tables in which the program notes once a minute what it told moderators by itself."""

OF_ONES_OWN = {"agenda_followers", "reminder_hours", "reminder_optouts", "stopped_topics"}
"""Tables in which people keep what they chose for themselves."""

FURTHER_PARTS = (
    "",
    "0",
    "1",
    "2",
    "all",
    "open",
    "closed",
    "running",
    "before",
    "after",
    "true",
    "agree",
    "organiser",
)


def ids_in(kept: dict[str, list[dict[str, Any]]]) -> list[int]:
    """A few ids of every table that has them."""
    return sorted({row["id"] for rows in kept.values() for row in rows[:3] if isinstance(row.get("id"), int)})


async def fill(tx: Transaction, hall: Hall, ani: int) -> None:
    """Something of everything that has buttons."""
    budi, now, secret = hall.budi.id, hall.clock.now(), hall.tg.token.encode()
    poll = await polls.create(tx, hall.meeting_id, budi, Draft(ONE, SECRET, ("a", "b")), now)
    await polls.create(tx, hall.meeting_id, budi, Draft(ONE, SECRET, ("a", "b")), now)
    await polls.switch(tx, poll.id, OPEN, budi, now)
    await understanding.add_ready(tx, hall.meeting_id, budi, statements.ready()[:2])
    (session, *_) = await sessions.of_meeting(tx, hall.meeting_id)
    await sessions.open_session(tx, session.id, now)
    await submissions.send_named(
        tx, submissions.Draft(session.id, "challenge", SECRET), ani, None, secret, now
    )


async def fill_schedule(tx: Transaction, hall: Hall) -> None:
    """A draft, something to approve, a calendar and a card that wait, and an audience being chosen."""
    budi, now = hall.budi.id, hall.clock.now()
    meeting = await meetings.find(tx, hall.meeting_id)
    assert meeting is not None
    texts = {"id": SECRET, "en": SECRET}
    draft = await editing.begin(tx, meeting, budi, now, title=texts, text=texts, topic="")
    await reminders.ask_approval(tx, [draft], meeting, budi, now)
    calendar = (folder() / "calendars" / "pilkada-2024.yaml").read_text("utf-8")
    await calendars.keep(
        tx, hall.office_id, budi, "next.yaml", calendar.replace("2024-11-27", "2024-12-04"), now
    )
    card = rulebook().cards[0]
    written = rule_writing.Draft(
        texts, texts, card.legal_basis, None, card.sectors, card.topics, card.sources, card.checked
    )
    await rule_writing.write(tx, hall.office_id, budi, None, written, now)
    await audiences.keep_choice(
        tx,
        person_id=budi,
        meeting_id=meeting.id,
        purpose="reminder",
        subject=draft.id,
        audience=EVERYONE.as_data(),
        now=now,
    )
    await reminder_times.plan(tx)  # else the program does it while strangers tap


async def test_no_kind_of_button_with_any_id_does_anything_for_a_stranger(
    hall: Hall, ani: PersonDriver, citra: PersonDriver
) -> None:
    """Whatever a journey of today or tomorrow offers: each kind of button with ids of everything that there is."""
    strangers = [citra, *[await from_elsewhere(hall, name) for name in ("Dewi", "Eko", "Fajar")]]
    await hall.write(lambda tx: fill(tx, hall, ani.id))
    await hall.write(lambda tx: fill_schedule(tx, hall))
    await becomes_true(hall, all_delivered)
    before = await what_is_kept(hall)
    known = [*ids_in(before), ani.id, hall.budi.id]
    chance = random.Random(5)

    kinds = sorted(taps())
    for first in range(0, len(kinds), 50):
        for kind in kinds[first : first + 50]:
            for stranger, one in zip(strangers, chance.sample(known, len(strangers)), strict=True):
                parts = [base36(one), *chance.choices(FURTHER_PARTS, k=2)]
                stranger.forges_callback(":".join([kind, *parts]))
        await settled(hall)  # in rounds, for one wait's patience may be too short for all on a busy machine

    after = await what_is_kept(hall)
    changed = {table for table in before.keys() | after.keys() if before.get(table) != after.get(table)}
    assert changed <= OF_ONES_OWN | BY_THE_CLOCK
    assert not any(SECRET in text for stranger in strangers for text in stranger.inbox)
