"""Checking oneself in: with the right code, in time, as somebody who is registered, and not by guessing."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.attendance import hall_code_board, hall_codes
from bot.domain.attendance.hall_codes import MOST_TRIES, TRIES_IN, Answer, Attempt
from bot.domain.errors import EndsBeforeStart, NotAllowed, NotFound
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.domain.wall.boards import Board
from bot.i18n import translator
from bot.storage import hall_codes as stored
from bot.storage import participants
from bot.storage.database import Database, Transaction
from bot.storage.hall_codes import HallCode
from bot.storage.values import ALPHABET, millis
from tests.domain.desk import ANI, BUDI, CITRA, DEWI, NOW, Hall, a_hall, checks_in, registers

HOUR = timedelta(hours=1)


@pytest.fixture
async def hall(database: Database) -> Hall:
    return await a_hall(database)


async def switched_on(database: Database, hall: Hall, opens: datetime = NOW) -> HallCode:
    return await database.write(
        lambda tx: hall_codes.switch_on(tx, hall.meeting.id, BUDI, opens, opens + HOUR, NOW)
    )


async def sends(database: Database, text: str, now: datetime = NOW, person: int = ANI) -> Attempt:
    return await database.write(lambda tx: hall_codes.send(tx, person, text, now))


async def held(database: Database) -> list[tuple[int, int | None, str, int]]:
    rows = await database.read(lambda tx: tx.all("SELECT * FROM attendance"))
    return [(row["participant_id"], row["operator_id"], row["way"], row["checked_in_at"]) for row in rows]


def another(code: str) -> str:
    """A code that differs in its last letter."""
    return code[:-1] + next(letter for letter in ALPHABET if letter != code[-1])


async def test_the_right_code_checks_in_once(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI)
    code = await switched_on(database, hall)
    written = f"{code.code[:2].lower()} {code.code[2:]}"

    first = await sends(database, written)
    second = await sends(database, f"h-{code.code}", NOW + timedelta(minutes=3))

    assert (first.answer, second.answer) == (Answer.CHECKED_IN, Answer.ALREADY)
    assert second.arrival is not None
    assert second.arrival.check_in is not None
    assert second.arrival.check_in.at == NOW
    assert await held(database) == [(ani.id, None, "self", millis(NOW))]


async def test_the_desk_was_faster(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI)
    code = await switched_on(database, hall)
    await checks_in(database, BUDI, ani)

    assert (await sends(database, code.code, NOW + 3 * HOUR)).answer is Answer.ALREADY
    assert await held(database) == [(ani.id, BUDI, "scan", millis(NOW))]


@pytest.mark.parametrize(
    ("after_opening", "answer"),
    [
        (timedelta(seconds=-1), Answer.EARLY),
        (timedelta(0), Answer.CHECKED_IN),
        (HOUR - timedelta(seconds=1), Answer.CHECKED_IN),
        (HOUR, Answer.LATE),
    ],
)
async def test_a_code_is_good_in_its_time(
    database: Database, hall: Hall, after_opening: timedelta, answer: Answer
) -> None:
    await registers(database, hall.meeting, ANI)
    code = await switched_on(database, hall, NOW + 2 * HOUR)

    assert (await sends(database, code.code, NOW + 2 * HOUR + after_opening)).answer is answer
    assert len(await held(database)) == (answer is Answer.CHECKED_IN)


async def test_who_has_no_seat_here_reads_why(database: Database, hall: Hall) -> None:
    code = await switched_on(database, hall)
    await registers(database, hall.other, ANI)
    await registers(database, hall.meeting, 1005, "Eko")
    await database.write(lambda tx: registration.withdraw(tx, hall.meeting.id, 1005, NOW))

    async def waits(tx: Transaction) -> None:
        details = Details("kpu", "Fajar", "KPU", "Staf")
        await registration.enter(tx, hall.meeting.id, 1006, details, NOW, state=participants.PENDING)

    await database.write(waits)

    answers = [(await sends(database, code.code, person=person)).answer for person in (ANI, 1005, 1006, 1007)]
    assert answers == [
        Answer.NOT_REGISTERED,
        Answer.NOT_REGISTERED,
        Answer.NOT_ADMITTED,
        Answer.NOT_REGISTERED,
    ]
    assert await held(database) == []


async def test_whoever_guesses_has_to_wait_and_nobody_else(database: Database, hall: Hall) -> None:
    await registers(database, hall.meeting, ANI)
    await registers(database, hall.meeting, 1005, "Eko")
    code = await switched_on(database, hall)
    wrong = another(code.code)

    attempts = [await sends(database, wrong, NOW + timedelta(minutes=n)) for n in range(MOST_TRIES)]
    assert [attempt.answer for attempt in attempts] == [Answer.WRONG] * (MOST_TRIES - 1) + [Answer.TOO_MANY]
    assert [attempt.tries_left for attempt in attempts[:-1]] == list(range(MOST_TRIES - 1, 0, -1))
    assert attempts[-1].again_at == NOW + TRIES_IN

    barred = await sends(database, code.code, NOW + TRIES_IN - timedelta(seconds=1))
    assert (barred.answer, barred.again_at) == (Answer.TOO_MANY, NOW + TRIES_IN)
    assert (await sends(database, code.code, person=1005)).answer is Answer.CHECKED_IN
    assert (await sends(database, code.code, NOW + TRIES_IN)).answer is Answer.CHECKED_IN


async def test_wrong_codes_are_not_held_against_anybody_for_long(database: Database, hall: Hall) -> None:
    await registers(database, hall.meeting, ANI)
    code = await switched_on(database, hall)
    for _ in range(MOST_TRIES - 1):
        await sends(database, another(code.code))

    later = await sends(database, another(code.code), NOW + TRIES_IN)

    assert (later.answer, later.tries_left) == (Answer.WRONG, MOST_TRIES - 1)


async def test_another_code_ends_the_first(database: Database, hall: Hall) -> None:
    await registers(database, hall.meeting, ANI)
    first = await switched_on(database, hall)

    second = await database.write(lambda tx: hall_codes.renew(tx, hall.meeting.id, BUDI, NOW))

    assert (second.opens_at, second.closes_at) == (first.opens_at, first.closes_at)
    assert second.code != first.code
    assert (await sends(database, first.code)).answer is Answer.WRONG
    assert (await sends(database, second.code)).answer is Answer.CHECKED_IN


async def test_another_time_keeps_the_code_and_off_is_off(database: Database, hall: Hall) -> None:
    await registers(database, hall.meeting, ANI)
    first = await switched_on(database, hall)

    moved = await switched_on(database, hall, NOW + HOUR)
    assert (moved.code, moved.opens_at) == (first.code, NOW + HOUR)
    assert await database.write(lambda tx: hall_codes.switch_off(tx, hall.meeting.id, BUDI, NOW))
    assert not await database.write(lambda tx: hall_codes.switch_off(tx, hall.meeting.id, BUDI, NOW))

    assert (await sends(database, first.code, NOW + HOUR)).answer is Answer.WRONG
    assert await held(database) == []


@pytest.mark.parametrize("person", [ANI, DEWI, CITRA])
async def test_only_organisers_have_the_code(database: Database, hall: Hall, person: int) -> None:
    meeting = hall.meeting.id
    code = await switched_on(database, hall)

    with pytest.raises(NotAllowed):
        await database.write(lambda tx: hall_codes.switch_on(tx, meeting, person, NOW, NOW + 2 * HOUR, NOW))
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: hall_codes.renew(tx, meeting, person, NOW))
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: hall_codes.switch_off(tx, meeting, person, NOW))
    with pytest.raises(NotAllowed):
        await database.read(lambda tx: hall_codes.for_organiser(tx, meeting, person))

    assert await database.read(lambda tx: stored.of_meeting(tx, meeting)) == code


async def test_a_code_that_is_not_there_cannot_be_changed(database: Database, hall: Hall) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda tx: hall_codes.renew(tx, hall.meeting.id, BUDI, NOW))


@pytest.mark.parametrize("length", [timedelta(0), -HOUR, timedelta(days=8)])
async def test_a_time_that_is_none_is_refused(database: Database, hall: Hall, length: timedelta) -> None:
    with pytest.raises(EndsBeforeStart):
        await database.write(
            lambda tx: hall_codes.switch_on(tx, hall.meeting.id, BUDI, NOW, NOW + length, NOW)
        )
    assert await database.read(lambda tx: stored.of_meeting(tx, hall.meeting.id)) is None


async def test_no_two_meetings_have_one_code(
    database: Database, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["AAAA", "AAAA", "BBBB"])
    monkeypatch.setattr(hall_codes, "new_code", lambda length: next(drawn))
    await switched_on(database, hall)

    other = await database.write(
        lambda tx: hall_codes.switch_on(tx, hall.foreign.id, CITRA, NOW, NOW + HOUR, NOW)
    )

    assert other.code == "BBBB"


async def test_a_person_and_the_desk_at_once_make_one_check_in(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI)
    code = await switched_on(database, hall)

    await asyncio.gather(
        *(sends(database, code.code) for _ in range(5)),
        *(checks_in(database, operator, ani) for operator in (BUDI, DEWI)),
    )

    assert len(await held(database)) == 1


async def test_the_wall_shows_the_code_and_its_time(database: Database, hall: Hall) -> None:
    async def board() -> Board:
        found = await database.read(lambda tx: hall_code_board.look(tx, hall.meeting, b""))
        return hall_code_board.words(translator("id"), hall.meeting, found)

    assert (await board()).rows == ()
    assert (await board()).empty == "Silakan mencatat kehadiran di meja panitia dengan tiket Anda."

    code = await switched_on(database, hall)
    first, _ = (await board()).rows
    assert (first.figure, first.label) == (" ".join(code.code), "08.00–09.00 WIB")


def test_what_could_be_a_code() -> None:
    assert [
        text for text in ("a2b3", "A2-B3", " a2 b3 ", "h-A2B3") if not hall_codes.could_be_code(text)
    ] == []
    unlike = ("", "a2b", "a2b3c", "halo", "saya di sini", "/hadir", "a2b3 " * 3, "آ٢ب٣")
    assert [text for text in unlike if hall_codes.could_be_code(text)] == []


def test_a_ticket_is_no_code_of_a_hall() -> None:
    assert hall_codes.LENGTH != registration.TICKET_LENGTH
