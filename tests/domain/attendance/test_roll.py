"""The numbers of the list stay once it was printed; the figures of the hall stand against registered and invited."""

from __future__ import annotations

import pytest

from bot.domain.attendance import roll
from bot.domain.attendance.roll import Count
from bot.domain.errors import NotAllowed
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import invitees
from bot.storage.database import Database, Transaction
from bot.storage.invitees import Entry
from tests.domain.desk import ANI, BUDI, CITRA, DEWI, NOW, Hall, a_hall, checks_in, registers


@pytest.fixture
async def hall(database: Database) -> Hall:
    return await a_hall(database)


async def enters(database: Database, hall: Hall, sector: str, name: str, institution: str = "Kodim") -> None:
    details = Details(sector, name, institution, "Staf")
    await database.write(lambda tx: registration.enter(tx, hall.meeting.id, None, details, NOW))


async def numbered(database: Database, hall: Hall) -> list[tuple[int, str]]:
    lines = await database.read(lambda tx: roll.entries(tx, hall.meeting))
    return [(line.number, line.participant.name) for line in lines]


async def test_a_list_that_was_printed_keeps_its_numbers(database: Database, hall: Hall) -> None:
    await registers(database, hall.meeting, ANI, "dewi")
    await registers(database, hall.meeting, 1005, "Citra")
    await enters(database, hall, "tni", "Zaki")
    assert await numbered(database, hall) == [(1, "Zaki"), (2, "Citra"), (3, "dewi")]

    await database.write(lambda tx: roll.fix_numbers(tx, hall.meeting))
    await enters(database, hall, "kpu", "Ani")
    await enters(database, hall, "tni", "Yusuf")
    await database.write(lambda tx: registration.withdraw(tx, hall.meeting.id, 1005, NOW))
    late = [(1, "Zaki"), (3, "dewi"), (4, "Yusuf"), (5, "Ani")]
    assert await numbered(database, hall) == late

    await database.write(lambda tx: roll.fix_numbers(tx, hall.meeting))
    await enters(database, hall, "tni", "Agus")
    assert await numbered(database, hall) == [*late, (6, "Agus")]

    await registers(database, hall.meeting, 1005, "Citra")
    assert (2, "Citra") in await numbered(database, hall)

    await database.write(lambda tx: roll.number_anew(tx, hall.meeting, BUDI, NOW))
    anew = ["Agus", "Yusuf", "Zaki", "Ani", "Citra", "dewi"]
    assert await numbered(database, hall) == list(enumerate(anew, 1))
    assert await database.read(lambda tx: roll.has_fixed_numbers(tx, hall.meeting))


@pytest.mark.parametrize("person", [DEWI, CITRA])
async def test_only_organisers_number_anew(database: Database, hall: Hall, person: int) -> None:
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: roll.number_anew(tx, hall.meeting, person, NOW))


async def test_the_tally_counts_by_sector_and_institution(database: Database, hall: Hall) -> None:
    ani = await registers(database, hall.meeting, ANI, "Ani", "KPU Kota")
    await registers(database, hall.meeting, 1005, "Eko", "kpu kota ")
    await registers(database, hall.meeting, 1006, "Fajar", "Bawaslu")
    gone = await registers(database, hall.meeting, 1007, "Gita", "Bawaslu")
    await checks_in(database, BUDI, ani)
    await checks_in(database, BUDI, gone)
    await database.write(lambda tx: registration.withdraw(tx, hall.meeting.id, 1007, NOW))

    async def invite(tx: Transaction) -> None:
        entries = [
            Entry("kpu", "Ani", "KPU KOTA"),
            Entry("tni", "Hadi", "Kodim 0418"),
            Entry("tni", "Indra", "Kodim 0418"),
        ]
        added = await invitees.add(tx, hall.meeting.id, [(entry, "") for entry in entries], NOW)
        await invitees.set_state(tx, added[1], invitees.DECLINED, NOW)

    await database.write(invite)

    tally = await database.read(lambda tx: roll.tally(tx, hall.meeting))

    kodim, bawaslu, kpu = (
        Count("Kodim 0418", 0, 0, 2, 1),
        Count("Bawaslu", 0, 1),
        Count("KPU Kota", 1, 2, 1),
    )
    assert tally.sectors == [Count("tni", 0, 0, 2, 1), Count("kpu", 1, 3, 1)]
    assert tally.institutions == [bawaslu, kodim, kpu]
    assert (tally.here, tally.missing, tally.silent) == ([kpu], [bawaslu], [kodim])
    assert (tally.present, tally.registered, tally.invited) == (1, 3, 3)


async def test_a_hall_without_anybody_has_its_sectors(database: Database, hall: Hall) -> None:
    tally = await database.read(lambda tx: roll.tally(tx, hall.meeting))

    assert tally.sectors == [Count("tni", 0, 0), Count("kpu", 0, 0)]
    assert (tally.institutions, await numbered(database, hall)) == ([], [])
