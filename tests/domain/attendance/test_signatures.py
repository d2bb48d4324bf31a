"""Ticking off who signed on paper, and what differs from the check-ins."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.attendance import roll, signatures
from bot.domain.attendance.signatures import Ticked, read_numbers
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import actions, participants
from bot.storage.database import Database, Transaction
from tests.domain.desk import ANI, BUDI, CITRA, DEWI, LATER, NOW, Hall, a_hall, checks_in


@pytest.fixture
async def hall(database: Database) -> Hall:
    return await a_hall(database)


async def fill(database: Database, hall: Hall, *names: str) -> list[int]:
    """The ids of people, who stand on the list by their names."""

    async def enter(tx: Transaction) -> list[int]:
        return [
            (await registration.enter(tx, hall.meeting.id, None, Details("kpu", name, "KPU", "Staf"), NOW)).id
            for name in names
        ]

    return await database.write(enter)


async def ticks(database: Database, hall: Hall, *numbers: int, signed: bool = True, by: int = BUDI) -> Ticked:
    return await database.write(
        lambda tx: signatures.tick_numbers(tx, hall.meeting.id, numbers, by, LATER, signed=signed)
    )


async def signed(database: Database, hall: Hall) -> list[int]:
    lines = await database.read(lambda tx: roll.entries(tx, hall.meeting))
    return [line.number for line in lines if line.signed]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1-3 7 9", [1, 2, 3, 7, 9]),
        ("1 - 3, 7; 9.", [1, 2, 3, 7, 9]),
        ("No. 3–1 dan 7", [1, 2, 3, 7]),
        ("1 s.d. 3", [1, 2, 3]),
        ("1s/d3, 5 sampai 6", [1, 2, 3, 5, 6]),
        ("4\n4\n5", [4, 5]),
        ("0 1", [1]),
        ("", None),
        ("0", None),
        ("semua", None),
        ("1-", None),
        ("-3", None),
        ("1-2-3", None),
        ("081234567890", None),
        ("1 ani", None),
        ("²", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, numbers: list[int] | None) -> None:
    assert read_numbers(text) == numbers


@given(some.lists(some.tuples(some.integers(1, 300), some.integers(0, 20)), min_size=1, max_size=20))
def test_any_ranges_are_read_whole(ranges: list[tuple[int, int]]) -> None:
    text = " ".join(f"{first}-{first + more}" if more else str(first) for first, more in ranges)

    wanted = {number for first, more in ranges for number in range(first, first + more + 1)}
    assert read_numbers(text) == sorted(wanted)


@given(some.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    found = read_numbers(text)
    assert found is None or all(1 <= number <= 9999 for number in found)


async def test_ticks_are_kept_once_and_can_be_taken_away(database: Database, hall: Hall) -> None:
    await fill(database, hall, "A", "B", "C", "D")

    assert await ticks(database, hall, 1, 2, 3, 9) == Ticked(3, [9])
    assert await ticks(database, hall, 3, 4, by=DEWI) == Ticked(1, [])
    assert await ticks(database, hall, 2, 7, signed=False) == Ticked(1, [7])

    assert await signed(database, hall) == [1, 3, 4]
    log = await database.read(lambda tx: actions.latest(tx, hall.office.id, 3))
    assert sorted((line.action, line.person_id, line.detail["count"]) for line in log) == [
        ("signatures.ticked", BUDI, 3),
        ("signatures.ticked", DEWI, 1),
        ("signatures.unticked", BUDI, 1),
    ]


async def test_who_comes_late_does_not_move_the_ticks(database: Database, hall: Hall) -> None:
    await fill(database, hall, "B", "C")
    await ticks(database, hall, 1)

    await fill(database, hall, "A")

    lines = await database.read(lambda tx: roll.entries(tx, hall.meeting))
    assert [(line.number, line.participant.name, line.signed) for line in lines] == [
        (1, "B", True),
        (2, "C", False),
        (3, "A", False),
    ]


async def test_a_tapped_line_says_what_it_is_to_be(database: Database, hall: Hall) -> None:
    [ani, _] = await fill(database, hall, "A", "B")

    async def tap(wanted: bool) -> None:
        await database.write(lambda tx: signatures.tick_one(tx, ani, BUDI, NOW, signed=wanted))

    for wanted in (True, True, False, False):
        await tap(wanted)
        assert await signed(database, hall) == ([1] if wanted else [])


async def test_the_difference_names_both_sides(database: Database, hall: Hall) -> None:
    ids = await fill(database, hall, "A", "B", "C", "D")
    people = await database.read(lambda tx: participants.registered(tx, hall.meeting.id))
    for person in people:
        if person.id in ids[1:3]:
            await checks_in(database, BUDI, person)
    await ticks(database, hall, 1, 2)

    lines = await database.read(lambda tx: roll.entries(tx, hall.meeting))
    found_difference = signatures.difference(lines)

    assert [line.participant.name for line in found_difference.signed_only] == ["A"]
    assert [line.participant.name for line in found_difference.here_only] == ["C"]
    assert not signatures.difference(lines[3:])


@pytest.mark.parametrize("person", [ANI, CITRA])
async def test_nobody_else_ticks(database: Database, hall: Hall, person: int) -> None:
    [ani] = await fill(database, hall, "A")

    with pytest.raises(NotAllowed):
        await ticks(database, hall, 1, by=person)
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: signatures.tick_one(tx, ani, person, NOW, signed=True))
    with pytest.raises(NotFound):
        await database.write(lambda tx: signatures.tick_one(tx, 4711, BUDI, NOW, signed=True))

    assert await signed(database, hall) == []


async def test_two_who_print_at_once_give_everybody_one_number(database: Database, hall: Hall) -> None:
    await fill(database, hall, *(f"P{number:02}" for number in range(20)))

    first, second = await asyncio.gather(
        database.write(lambda tx: signatures.for_ticking(tx, hall.meeting.id, BUDI)),
        database.write(lambda tx: signatures.for_ticking(tx, hall.meeting.id, DEWI)),
    )

    assert [line.number for line in first[1]] == list(range(1, 21))
    assert first[1] == second[1]
