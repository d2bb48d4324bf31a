"""Checking in: once each, by those who may, however often and by whomever it is asked."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.domain import roles
from bot.domain.attendance import attendance
from bot.domain.attendance.attendance import Arrival, Outcome
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound, SectorFull
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import actions, invitees, participants
from bot.storage import attendance as stored
from bot.storage.database import Database, Transaction
from bot.storage.invitees import Entry
from bot.storage.participants import Participant
from bot.storage.values import millis
from tests.domain.desk import ANI, BUDI, CITRA, DEWI, LATER, NOW, Hall, a_hall, checks_in, registers


@pytest.fixture
async def hall(database: Database) -> Hall:
    return await a_hall(database)


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


async def test_who_waits_for_a_seat_is_not_here_before_somebody_lets_them_in(
    database: Database, hall: Hall
) -> None:
    async def enter(tx: Transaction) -> Participant:
        details = Details("kpu", "Ani", "KPU", "Staf")
        state = participants.WAITING
        return await registration.enter(tx, hall.meeting.id, None, details, NOW, state=state)

    waiting = await database.write(enter)

    answer = await checks_in(database, BUDI, waiting)
    assert await sends_codes(database, hall, BUDI, waiting.ticket) == [Outcome.NOT_ADMITTED]
    assert (answer.outcome, await held(database)) == (Outcome.NOT_ADMITTED, [])

    walked_in = await database.write(
        lambda tx: attendance.walk_in(
            tx, hall.meeting.id, BUDI, Details("kpu", "ANI", "kpu", "Anggota"), LATER
        )
    )
    assert walked_in.outcome is Outcome.CHECKED_IN
    assert await held(database) == [(waiting.id, BUDI, "walk_in", millis(LATER))]


async def test_one_of_the_invited_who_walks_in_is_no_longer_to_be_rung(
    database: Database, hall: Hall
) -> None:
    async def invite(tx: Transaction) -> int:
        entry = Entry("kpu", "Dr. Ani Lestari", "KPU Kota")
        [added] = await invitees.add(tx, hall.meeting.id, [(entry, " ani lestari")], NOW)
        return added

    invited = await database.write(invite)
    given = Details("kpu", "ani lestari", "KPU KOTA", "Anggota")

    arrival = await database.write(lambda tx: attendance.walk_in(tx, hall.meeting.id, BUDI, given, NOW))

    assert arrival.participant is not None
    assert arrival.participant.invitee_id == invited
    assert await database.read(lambda tx: invitees.unanswered(tx, hall.meeting.id)) == []


async def test_a_search_names_those_of_this_meeting_who_have_not_left(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI, "Hj. Ani Lestari")
    await registers(database, hall.meeting, 1005, "Anita")
    await registers(database, hall.meeting, 1007, "Anis")
    await registers(database, hall.other, 1006, "Ani Lain")
    await database.write(lambda tx: registration.withdraw(tx, hall.meeting.id, 1005, NOW))
    arrival = await checks_in(database, BUDI, ani)

    hits, total = await database.read(lambda tx: attendance.search(tx, hall.meeting.id, "ani", 1))
    too_short = await database.read(lambda tx: attendance.search(tx, hall.meeting.id, "an", 8))

    assert [(person.name, made) for person, made in hits] == [("Hj. Ani Lestari", arrival.check_in)]
    assert total == 2
    assert too_short == ([], 0)


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
