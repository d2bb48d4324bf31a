"""Checking in: once each, by those who may, however often and by whomever it is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import attendance, registration, roles
from bot.domain.attendance import Arrival, Count, Outcome
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound, SectorFull
from bot.domain.registration import Details
from bot.storage import actions, meetings, offices, participants, people
from bot.storage import attendance as stored
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office, Sector
from bot.storage.participants import Participant
from bot.storage.values import millis

NOW = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
ANI, BUDI, CITRA, DEWI = 1001, 1002, 1003, 1004


@dataclass
class Hall:
    """Budi is an organiser, Dewi moderates, Citra is an organiser of another office."""

    office: Office
    meeting: Meeting
    other: Meeting
    """Another meeting of the same office."""
    foreign: Meeting
    """A meeting of Citra's office."""


async def office_with_meetings(
    tx: Transaction, code: str, *meeting_codes: str
) -> tuple[Office, list[Meeting]]:
    office = await offices.save(
        tx, code=code, name=code, city="", timezone="Asia/Jakarta", locale="id", contact="", now=NOW
    )
    await offices.save_sectors(
        tx, office.id, [Sector(name, {"id": name}) for name in ("tni", "kpu", "media")]
    )
    made = []
    for meeting_code in meeting_codes:
        meeting = await meetings.save(
            tx,
            office_id=office.id,
            code=meeting_code,
            title={"id": meeting_code},
            theme={},
            venue="",
            address="",
            starts_at=NOW,
            ends_at=NOW,
            timezone="Asia/Jakarta",
            state=meetings.RUNNING,
            contact="",
            now=NOW,
        )
        await meetings.save_quota(tx, meeting.id, "tni", 1)
        await meetings.save_quota(tx, meeting.id, "kpu", None)
        made.append(meeting)
    return office, made


@pytest.fixture
async def hall(database: Database) -> Hall:
    async def make(tx: Transaction) -> Hall:
        office, (meeting, other) = await office_with_meetings(tx, "palembang", "rakor-1", "rakor-2")
        citras, (foreign,) = await office_with_meetings(tx, "lain", "rakor-3")
        await roles.appoint(tx, office.id, BUDI, roles.ORGANISER, NOW, by=None)
        await roles.appoint(tx, office.id, DEWI, roles.MODERATOR, NOW, by=None)
        await roles.appoint(tx, citras.id, CITRA, roles.ORGANISER, NOW, by=None)
        return Hall(office, meeting, other, foreign)

    return await database.write(make)


async def registers(
    database: Database, meeting: Meeting, person_id: int, name: str = "Ani", institution: str = "KPU"
) -> Participant:
    async def work(tx: Transaction) -> Participant:
        await people.see(tx, person_id, "id", NOW.date(), private=True)
        return await registration.register(
            tx, meeting.id, person_id, Details("kpu", name, institution, "Staf"), NOW
        )

    return await database.write(work)


async def checks_in(
    database: Database, operator: int, participant: Participant, now: datetime = NOW
) -> Arrival:
    return await database.write(
        lambda tx: attendance.check_in(tx, participant.id, operator, stored.SCAN, now)
    )


async def sends_codes(database: Database, hall: Hall, operator: int, *codes: str) -> list[Outcome]:
    arrivals = await database.write(
        lambda tx: attendance.check_in_codes(tx, hall.meeting, codes, operator, LATER)
    )
    return [arrival.outcome for arrival in arrivals]


async def held(database: Database) -> list[tuple[int, int | None, str, int]]:
    rows = await database.read(lambda tx: tx.all("SELECT * FROM attendance ORDER BY checked_in_at"))
    return [(row["participant_id"], row["operator_id"], row["way"], row["checked_in_at"]) for row in rows]


async def test_the_first_check_in_counts_and_a_second_changes_nothing(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI)

    first = await checks_in(database, BUDI, ani)
    second = await checks_in(database, DEWI, ani, LATER)

    assert (first.outcome, second.outcome) == (Outcome.CHECKED_IN, Outcome.ALREADY)
    assert second.check_in == first.check_in
    assert await held(database) == [(ani.id, BUDI, "scan", millis(NOW))]


async def test_each_code_of_a_message_has_its_answer_and_repeating_it_is_harmless(
    database: Database, hall: Hall
) -> None:
    ani = await registers(database, hall.meeting, ANI)
    eko = await registers(database, hall.meeting, 1005, "Eko")
    elsewhere = await registers(database, hall.other, ANI)
    foreign = await registers(database, hall.foreign, ANI)
    await database.write(lambda tx: registration.withdraw(tx, hall.meeting.id, 1005, NOW))
    codes = (ani.ticket, eko.ticket, elsewhere.ticket, foreign.ticket, "22222")

    answers = await sends_codes(database, hall, DEWI, *codes)
    again = await sends_codes(database, hall, DEWI, *codes)

    rest = [Outcome.WITHDRAWN, Outcome.ELSEWHERE, Outcome.UNKNOWN, Outcome.UNKNOWN]
    assert answers == [Outcome.CHECKED_IN, *rest]
    assert again == [Outcome.ALREADY, *rest]
    assert await held(database) == [(ani.id, DEWI, "code", millis(LATER))]


@pytest.mark.parametrize("operator", [ANI, CITRA])
async def test_nobody_else_checks_in_undoes_or_registers(
    database: Database, hall: Hall, operator: int
) -> None:
    ani = await registers(database, hall.meeting, ANI)
    eko = await registers(database, hall.meeting, 1005, "Eko")
    await checks_in(database, BUDI, eko)

    with pytest.raises(NotAllowed):
        await checks_in(database, operator, ani)
    with pytest.raises(NotAllowed):
        await sends_codes(database, hall, operator, ani.ticket)
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: attendance.undo(tx, eko.id, millis(NOW), operator, LATER))
    with pytest.raises(NotAllowed):
        await database.write(
            lambda tx: attendance.walk_in(tx, hall.meeting.id, operator, Details("kpu", "X", "Y", "Z"), NOW)
        )

    assert await held(database) == [(eko.id, BUDI, "scan", millis(NOW))]


async def test_a_moderator_undoes_their_own_and_an_organiser_any(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI)
    await checks_in(database, BUDI, ani)
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: attendance.undo(tx, ani.id, millis(NOW), DEWI, LATER))

    await database.write(lambda tx: attendance.undo(tx, ani.id, millis(NOW), BUDI, LATER))
    await checks_in(database, DEWI, ani, LATER)
    await database.write(lambda tx: attendance.undo(tx, ani.id, millis(LATER), DEWI, LATER))

    assert await held(database) == []
    log = await database.read(lambda tx: actions.latest(tx, hall.office.id, 2))
    assert [(line.action, dict(line.detail)) for line in log] == [("attendance.undone", {"subject": ANI})] * 2
    assert {line.person_id for line in log} == {BUDI, DEWI}


async def test_an_old_undo_button_does_not_touch_a_new_check_in(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI)
    await checks_in(database, BUDI, ani)
    await database.write(lambda tx: attendance.undo(tx, ani.id, millis(NOW), BUDI, NOW))
    await checks_in(database, DEWI, ani, LATER)

    with pytest.raises(AlreadyDecided):
        await database.write(lambda tx: attendance.undo(tx, ani.id, millis(NOW), BUDI, LATER))

    assert await held(database) == [(ani.id, DEWI, "scan", millis(LATER))]


async def test_somebody_unknown_cannot_be_checked_in(database: Database, hall: Hall) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda tx: attendance.check_in(tx, 4711, BUDI, stored.SEARCH, NOW))


async def test_who_walks_in_is_registered_and_here_even_beyond_the_quota(
    database: Database, hall: Hall
) -> None:
    def walks_in(name: str, institution: str, sector: str = "tni") -> Details:
        return Details(sector, name, institution, "Danramil")

    async def enters(given: Details) -> Arrival:
        return await database.write(lambda tx: attendance.walk_in(tx, hall.meeting.id, BUDI, given, NOW))

    first = await enters(walks_in("Agus Salim", "Kodim 0418"))
    repeated = await enters(walks_in("Letkol Inf. AGUS SALIM, S.H.", "kodim 0418"))
    beyond_the_quota = await enters(walks_in("Agus Salim", "Koramil 1"))
    with pytest.raises(SectorFull):
        await enters(walks_in("Maya", "Harian Contoh", "media"))

    outcomes = [arrival.outcome for arrival in (first, repeated, beyond_the_quota)]
    assert outcomes == [Outcome.CHECKED_IN, Outcome.ALREADY, Outcome.CHECKED_IN]
    known = await database.read(lambda tx: participants.registered(tx, hall.meeting.id))
    assert sorted((item.person_id, item.institution) for item in known) == [
        (None, "Kodim 0418"),
        (None, "Koramil 1"),
    ]
    assert {way for _, _, way, _ in await held(database)} == {"walk_in"}


async def test_the_roll_counts_by_sector_and_institution(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI, "Ani", "KPU Kota")
    await registers(database, hall.meeting, 1005, "Eko", "kpu kota ")
    await registers(database, hall.meeting, 1006, "Fajar", "Bawaslu")
    gone = await registers(database, hall.meeting, 1007, "Gita", "Bawaslu")
    await checks_in(database, BUDI, ani)
    await checks_in(database, BUDI, gone)
    await database.write(lambda tx: registration.withdraw(tx, hall.meeting.id, 1007, NOW))

    roll = await database.read(lambda tx: attendance.roll(tx, hall.meeting))

    assert roll.sectors == [Count("tni", 0, 0), Count("kpu", 1, 3)]
    assert roll.institutions == [Count("Bawaslu", 0, 1), Count("KPU Kota", 1, 2)]
    assert [(person.name, at) for person, at in roll.entries] == [
        ("Ani", NOW),
        ("Eko", None),
        ("Fajar", None),
    ]
    assert (roll.present, roll.registered) == (1, 3)


async def test_a_search_names_the_registered_of_this_meeting_only(database: Database, hall: Hall) -> None:
    await registers(database, hall.meeting, ANI, "Hj. Ani Lestari")
    await registers(database, hall.meeting, 1005, "Anita")
    await registers(database, hall.other, 1006, "Ani Lain")
    await database.write(lambda tx: registration.withdraw(tx, hall.meeting.id, 1005, NOW))

    hits = await database.read(lambda tx: attendance.search(tx, hall.meeting.id, "ani"))
    too_short = await database.read(lambda tx: attendance.search(tx, hall.meeting.id, "an"))

    assert [(person.name, at) for person, at in hits] == [("Hj. Ani Lestari", None)]
    assert too_short == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a2b3c D4E5F", ["A2B3C", "D4E5F"]),
        ("a2b3c,d4e5f;\nA2B3C / g6h7j", ["A2B3C", "D4E5F", "G6H7J"]),
        ("https://t.me/rakor_bot?start=t-A2B3C t-d4e5f", ["A2B3C", "D4E5F"]),
        ("A12 B03 C7", ["A12", "B03", "C7"]),
        ("  ", []),
    ],
)
def test_codes_are_read_in_any_case_and_with_any_separator(text: str, codes: list[str]) -> None:
    assert attendance.codes_in(text) == codes


async def test_300_check_ins_by_4_organisers_at_once_are_neither_lost_nor_doubled(
    database: Database, hall: Hall
) -> None:
    """Each ticket comes to two of the four, half of them in messages of several codes."""
    desk = (BUDI, DEWI, 2001, 2002)

    async def fill(tx: Transaction) -> list[Participant]:
        for operator in desk[2:]:
            await roles.appoint(tx, hall.office.id, operator, roles.ORGANISER, NOW, by=None)
        return [
            await registration.enter(tx, hall.meeting.id, None, Details("kpu", f"P{n}", "KPU", "Staf"), NOW)
            for n in range(300)
        ]

    people_here = await database.write(fill)

    async def scans(operator: int, queue: list[Participant]) -> list[Outcome]:
        return [(await checks_in(database, operator, person)).outcome for person in queue]

    async def types(operator: int, queue: list[Participant]) -> list[Outcome]:
        outcomes = []
        for start in range(0, len(queue), 10):
            codes = [person.ticket for person in queue[start : start + 10]]
            outcomes += await sends_codes(database, hall, operator, *codes)
        return outcomes

    answers = await asyncio.gather(
        scans(desk[0], people_here[:150]),
        types(desk[1], people_here[:150][::-1]),
        scans(desk[2], people_here[150:]),
        types(desk[3], people_here[150:][::-1]),
    )

    total = Counter(outcome for outcomes in answers for outcome in outcomes)
    assert total == {Outcome.CHECKED_IN: 300, Outcome.ALREADY: 300}
    assert sorted(entry[0] for entry in await held(database)) == sorted(person.id for person in people_here)
