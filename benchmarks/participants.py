"""How long lists, searches and counts of participants take with 200,000 people in 600 meetings.

    python -m benchmarks.participants [--people 200000] [--meetings 600] [--database-url postgresql://…]

Each figure is the time of the whole read transaction, in milliseconds: the statements and what the program makes of
their rows. Meetings are of different size; what is asked is asked of the largest one too. The limit is 20 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from benchmarks.tables import table
from bot.domain.attendance import attendance as desk
from bot.domain.attendance import roll
from bot.domain.people import looking_up, names, seating
from bot.storage import attendance, meetings, offices, participants
from bot.storage.database import Database, Transaction, connect
from bot.storage.migrations import migrate
from bot.storage.offices import Sector
from bot.storage.values import new_code, new_id

LIMIT_MS = 20.0
SECTORS = ("tni", "polri", "asn", "parpol", "media", "ormas")
START = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
RUNS = 60
OPEN_MEETINGS = 5
"""The largest among them; the others are over."""

_FIRST = (
    "Ahmad", "Siti", "Budi", "Dewi", "Agus", "Sri", "Muhammad", "Rina", "Eko", "Lestari", "Yusuf", "Ratna",
    "Hendra", "Wulan", "Joko", "Maya", "Arif", "Indah",
)  # fmt: skip
_LAST = (
    "Santoso", "Wijaya", "Hidayat", "Kusuma", "Lestari", "Pratama", "Nugroho", "Siregar", "Harahap", "Saputra",
    "Utami", "Rahman", "Putri", "Hakim",
)  # fmt: skip
_TITLES = ("", "", "H. ", "Dr. ", "Kompol ", "Drs. ")

Read = Callable[[Transaction], Awaitable[object]]


async def fill(database: Database, people: int, halls: int) -> list[int]:
    """The ids of the meetings, the largest first: it has twenty times the people of an average one."""
    chance = random.Random(3)

    async def make(tx: Transaction) -> list[int]:
        office = await offices.save(
            tx,
            code="kantor",
            name="Bawaslu Contoh",
            city="Contoh",
            timezone="Asia/Jakarta",
            locale="id",
            contact="",
            now=START,
        )
        await offices.save_sectors(tx, office.id, [Sector(code, {"id": code}) for code in SECTORS])
        made = []
        for number in range(halls):
            at = START + timedelta(days=number)
            meeting = await meetings.save(
                tx,
                office_id=office.id,
                code=f"rakor-{number}",
                title={"id": f"Rakor {number}"},
                theme={},
                venue="",
                address="",
                starts_at=at,
                ends_at=at + timedelta(hours=6),
                timezone="Asia/Jakarta",
                state=meetings.OPEN if number < OPEN_MEETINGS else meetings.CLOSED,
                contact="",
                now=at,
            )
            for code in SECTORS:
                await meetings.save_quota(tx, meeting.id, code, 10_000)
            made.append(meeting.id)
        return made

    made = await database.write(make)
    sizes = [20.0] + [chance.uniform(0.5, 1.5) for _ in made[1:]]
    rows: list[dict[str, object]] = []
    tickets: set[str] = set()
    for meeting_id, size in zip(made, sizes, strict=True):
        for _ in range(round(people * size / sum(sizes))):
            name = f"{chance.choice(_TITLES)}{chance.choice(_FIRST)} {chance.choice(_LAST)} {chance.choice(_LAST)}"
            ticket = new_code(6)
            while ticket in tickets:
                ticket = new_code(6)
            tickets.add(ticket)
            rows.append(
                {
                    "id": new_id(),
                    "meeting": meeting_id,
                    "sector": chance.choice(SECTORS),
                    "name": name,
                    "institution": f"Instansi {chance.randrange(60)}",
                    "ticket": ticket,
                    "state": chance.choices(("registered", "withdrawn", "waiting"), (90, 6, 4))[0],
                    "search": names.searchable(name),
                }
            )
    chance.shuffle(rows)
    for start in range(0, len(rows), 10_000):
        part = rows[start : start + 10_000]
        await database.write(
            lambda tx, part=part: tx.many(  # type: ignore[misc]
                "INSERT INTO participants (id, meeting_id, sector, name, institution, position, ticket, state,"
                " consented_at, registered_at, search) VALUES (:id, :meeting, :sector, :name, :institution, 'Staf',"
                " :ticket, :state, 0, 0, :search)",
                part,
            )
        )
    await database.write(lambda tx: tx.run("ANALYZE"))
    return made


def reads(meeting_id: int) -> dict[str, Read]:
    """What the program asks about a meeting."""
    return {
        "count by sector": lambda tx: participants.count_by_sector(tx, meeting_id),
        "count by state": lambda tx: participants.count_by_state(tx, meeting_id),
        "seats with quota and waiting": lambda tx: seating.seats(tx, meeting_id),
        "first page of a sector": lambda tx: _page(tx, meeting_id, 0),
        "tenth page of a sector": lambda tx: _page(tx, meeting_id, 90),
        "search: two words": lambda tx: _look_up(tx, meeting_id, "santoso budi"),
        "search: a beginning": lambda tx: _look_up(tx, meeting_id, "raht"),
        "search: a letter wrong": lambda tx: _look_up(tx, meeting_id, "Hidajat"),
        "search: nobody": lambda tx: _look_up(tx, meeting_id, "Zulkarnaen"),
        "who waits, anywhere": participants.meetings_with_waiting,
        "who is here": lambda tx: attendance.moments(tx, meeting_id),
        "who is here, by group and institution": lambda tx: _tally(tx, meeting_id),
        "the desk looks a name up": lambda tx: desk.search(tx, meeting_id, "santoso budi", 8),
    }


async def _page(tx: Transaction, meeting_id: int, skip: int) -> object:
    return await participants.page(tx, meeting_id, "registered", sector="tni", skip=skip, limit=10)


async def _look_up(tx: Transaction, meeting_id: int, query: str) -> object:
    return await looking_up.among_participants(tx, meeting_id, query, limit=8)


async def _tally(tx: Transaction, meeting_id: int) -> object:
    meeting = await meetings.find(tx, meeting_id)
    assert meeting is not None
    return await roll.tally(tx, meeting)


async def measure(database: Database, read: Read) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""

    async def timed(tx: Transaction) -> float:
        started = time.perf_counter()
        await read(tx)
        return (time.perf_counter() - started) * 1000

    times = [await database.read(timed) for _ in range(RUNS)]
    return median(times), quantiles(times, n=20)[-1]


async def _size(database: Database, meeting_id: int) -> int:
    counts = await database.read(lambda tx: participants.count_by_state(tx, meeting_id))
    return sum(counts.values())


async def run(url: str | None, people: int, halls: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        async with connect(url or f"sqlite:///{Path(folder) / 'rakor.db'}") as database:
            await migrate(database)
            made = await fill(database, people, halls)
            rows, holds = [], True
            usual, largest = reads(made[1]), reads(made[0])
            for name in usual:
                (typical, slow), (big, big_slow) = (
                    await measure(database, usual[name]),
                    await measure(database, largest[name]),
                )
                holds = holds and slow < LIMIT_MS
                rows.append((name, f"{typical:.2f}", f"{slow:.2f}", f"{big:.2f}", f"{big_slow:.2f}"))
            largest_size, usual_size = [await _size(database, meeting_id) for meeting_id in made[:2]]
    print(f"{people} participants in {halls} meetings, {database.engine}\n")
    heading = (
        "milliseconds",
        f"{usual_size} people",
        "p95",
        f"{largest_size} people",
        "p95",
    )
    print(table(heading, rows))
    return holds


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--meetings", type=int, default=600)
    parser.add_argument("--database-url", help="an empty database; default: SQLite in a folder of its own")
    options = parser.parse_args()
    return 0 if asyncio.run(run(options.database_url, options.people, options.meetings)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
