"""Seats, tickets and who may change what."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest

from bot.domain.errors import AlreadyRegistered, MeetingClosed, NotFound, NotRegistered, SectorFull
from bot.domain.people import registration, seating
from bot.domain.people.registration import Details
from bot.storage import meetings, offices, participants, people
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector
from bot.storage.participants import Participant

NOW = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)
ANI, BUDI, CITRA = 1001, 1002, 1003


def details(name: str, sector: str = "tni") -> Details:
    return Details(sector, name, "Kodim 0418", "Staff")


@pytest.fixture
async def meeting(database: Database) -> Meeting:
    """Open; two seats for ``tni``, no limit for ``kpu``; the office's ``media`` does not take part."""

    async def make(tx: Transaction) -> Meeting:
        office = await offices.save(
            tx,
            code="palembang",
            name="Bawaslu Kota Palembang",
            city="Palembang",
            timezone="Asia/Jakarta",
            locale="id",
            contact="",
            now=NOW,
        )
        await offices.save_sectors(
            tx, office.id, [Sector(code, {"id": code}) for code in ("tni", "kpu", "media")]
        )
        meeting = await meetings.save(
            tx,
            office_id=office.id,
            code="rakor",
            title={"id": "Rakor"},
            theme={},
            venue="",
            address="",
            starts_at=NOW,
            ends_at=NOW,
            timezone="Asia/Jakarta",
            state=meetings.OPEN,
            contact="",
            now=NOW,
        )
        await meetings.save_quota(tx, meeting.id, "tni", 2)
        await meetings.save_quota(tx, meeting.id, "kpu", None)
        for person in (ANI, BUDI, CITRA):
            await people.see(tx, person, "id", NOW.date(), private=True)
        return meeting

    return await database.write(make)


async def becomes(database: Database, meeting: Meeting, state: str) -> None:
    async def work(tx: Transaction) -> None:
        await tx.run("UPDATE meetings SET state = :state WHERE id = :id", state=state, id=meeting.id)

    await database.write(work)


async def _register(tx: Transaction, meeting: Meeting, person_id: int, given: Details) -> None:
    await registration.register(tx, meeting.id, person_id, given, NOW)


async def test_seats_are_listed_in_the_offices_order_with_what_is_taken(
    database: Database, meeting: Meeting
) -> None:
    async def work(tx: Transaction) -> tuple[list[tuple[str, int | None, int]], list[int]]:
        await registration.register(tx, meeting.id, ANI, details("Ani"), NOW)
        all_seats = await seating.seats(tx, meeting.id)
        for_ani = await seating.seats(tx, meeting.id, ANI)
        return [(seats.sector.code, seats.quota, seats.taken) for seats in all_seats], [
            seats.taken for seats in for_ani
        ]

    assert await database.write(work) == ([("tni", 2, 1), ("kpu", None, 0)], [0, 0])


async def test_registering_makes_the_meeting_the_persons_own(database: Database, meeting: Meeting) -> None:
    registered = await database.write(
        lambda tx: registration.register(tx, meeting.id, ANI, details("Ani"), NOW)
    )

    ani = await database.read(lambda tx: people.find(tx, ANI))
    assert ani is not None
    assert ani.meeting_id == meeting.id
    assert await database.read(lambda tx: participants.with_ticket(tx, registered.ticket)) == registered
    with pytest.raises(AlreadyRegistered):
        await database.write(lambda tx: registration.register(tx, meeting.id, ANI, details("Ani"), NOW))


async def test_a_quota_holds_when_many_register_at_once_and_the_rest_wait_in_a_line(
    database: Database, meeting: Meeting
) -> None:
    async def register(person: int) -> Participant:
        return await database.write(
            lambda tx: registration.register(tx, meeting.id, person, details(str(person)), NOW)
        )

    came = await asyncio.gather(*(register(person) for person in range(2000, 2020)))

    assert sorted(item.state for item in came) == ["registered"] * 2 + ["waiting"] * 18
    assert await database.read(lambda tx: participants.count_by_sector(tx, meeting.id)) == {"tni": 2}
    places = [
        await database.read(lambda tx, item=item: seating.place_in_queue(tx, item))  # type: ignore[misc]
        for item in came
        if item.state == "waiting"
    ]
    assert sorted(places) == list(range(1, 19))

    early = NOW - timedelta(seconds=5)  # its update came before, but is applied after all others
    late = await database.write(lambda tx: registration.register(tx, meeting.id, ANI, details("Ani"), early))
    assert await database.read(lambda tx: seating.place_in_queue(tx, late)) == 19


async def test_one_person_confirming_many_times_at_once_registers_once(
    database: Database, meeting: Meeting
) -> None:
    async def register() -> str:
        try:
            await database.write(lambda tx: registration.register(tx, meeting.id, ANI, details("Ani"), NOW))
        except AlreadyRegistered:
            return "already"
        return "registered"

    outcomes = await asyncio.gather(*(register() for _ in range(10)))

    assert sorted(outcomes) == ["already"] * 9 + ["registered"]


async def test_a_taken_ticket_code_is_drawn_again(
    database: Database, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter(["AAAAA", "AAAAA", "BBBBB"])
    monkeypatch.setattr(registration, "new_code", lambda _: next(codes))

    ani = await database.write(lambda tx: registration.register(tx, meeting.id, ANI, details("Ani"), NOW))
    budi = await database.write(lambda tx: registration.register(tx, meeting.id, BUDI, details("Budi"), NOW))

    assert (ani.ticket, budi.ticket) == ("AAAAA", "BBBBB")


async def test_when_no_ticket_code_is_free_nothing_is_written(
    database: Database, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "new_code", lambda _: "AAAAA")
    await database.write(lambda tx: registration.register(tx, meeting.id, ANI, details("Ani"), NOW))

    with pytest.raises(RuntimeError, match="used up"):
        await database.write(lambda tx: registration.register(tx, meeting.id, BUDI, details("Budi"), NOW))

    assert await database.read(lambda tx: participants.count_by_sector(tx, meeting.id)) == {"tni": 1}


@pytest.mark.parametrize("sector", ["media", "forged"])
async def test_a_sector_that_does_not_take_part_is_refused(
    database: Database, meeting: Meeting, sector: str
) -> None:
    with pytest.raises(SectorFull):
        await database.write(
            lambda tx: registration.register(tx, meeting.id, ANI, details("Ani", sector), NOW)
        )


async def test_in_a_full_sector_one_may_still_change_ones_name_but_not_come_from_another(
    database: Database, meeting: Meeting
) -> None:
    for person, name, sector in ((ANI, "Ani", "tni"), (BUDI, "Budi", "tni"), (CITRA, "Citra", "kpu")):
        await database.write(
            partial(_register, meeting=meeting, person_id=person, given=details(name, sector))
        )

    changed = await database.write(
        lambda tx: registration.change(tx, meeting.id, ANI, details("Ani L."), NOW)
    )
    assert (changed.name, changed.sector) == ("Ani L.", "tni")
    with pytest.raises(SectorFull):
        await database.write(lambda tx: registration.change(tx, meeting.id, CITRA, details("Citra"), NOW))

    await database.write(lambda tx: registration.withdraw(tx, meeting.id, BUDI, NOW))
    moved = await database.write(lambda tx: registration.change(tx, meeting.id, CITRA, details("Citra"), NOW))
    assert moved.sector == "tni"


@pytest.mark.parametrize("state", [meetings.DRAFT, meetings.CLOSED, meetings.ARCHIVED])
async def test_nothing_can_be_done_while_the_meeting_is_not_open(
    database: Database, meeting: Meeting, state: str
) -> None:
    await database.write(lambda tx: registration.register(tx, meeting.id, ANI, details("Ani"), NOW))
    await becomes(database, meeting, state)

    for attempt in (
        lambda tx: registration.register(tx, meeting.id, BUDI, details("Budi"), NOW),
        lambda tx: registration.change(tx, meeting.id, ANI, details("Ani L."), NOW),
        lambda tx: registration.withdraw(tx, meeting.id, ANI, NOW),
    ):
        with pytest.raises(MeetingClosed):
            await database.write(attempt)


async def test_only_who_is_registered_can_change_or_withdraw(database: Database, meeting: Meeting) -> None:
    for attempt in (
        lambda tx: registration.change(tx, meeting.id, CITRA, details("Citra"), NOW),
        lambda tx: registration.withdraw(tx, meeting.id, CITRA, NOW),
    ):
        with pytest.raises(NotRegistered):
            await database.write(attempt)
    with pytest.raises(NotFound):
        await database.write(lambda tx: registration.register(tx, 1, CITRA, details("Citra"), NOW))
    with pytest.raises(NotFound):
        await database.write(lambda tx: seating.seats(tx, 1))


def test_a_meeting_is_joinable_while_open_or_running() -> None:
    states = {state: registration.is_joinable(SimpleNamespace(state=state)) for state in meetings.STATES}  # type: ignore[arg-type]

    assert states == {"draft": False, "open": True, "running": True, "closed": False, "archived": False}
