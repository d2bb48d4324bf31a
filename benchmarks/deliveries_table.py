"""A million deliveries and ten thousand schedules: how fast the next work is found, and what memory sending takes.

    python -m benchmarks.deliveries_table [--rows 1000000] [--schedules 10000] [--engine sqlite|postgresql]

The table is filled as after two hundred broadcasts, all sent but for one that waits for a later hour. Then what the
running bot asks is timed: when the next delivery is due, which are, whether anybody holds one, and when the next
reminder is due. Last, a broadcast to 20,000 chats goes through the sender with a Telegram that takes everything at
once; memory is that of this process, before and on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import resource
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.databases import ENGINES, empty_database
from benchmarks.tables import table
from bot.delivery.deliveries import Deliveries
from bot.delivery.pace import Priority
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.domain.notices.broadcasts import ANNOUNCEMENT, Content
from bot.storage import broadcasts, deliveries, meetings, reminders
from bot.storage.broadcasts import STARTED, Recipient
from bot.storage.database import Database, Transaction, connect
from bot.storage.migrations import migrate
from bot.storage.values import millis, new_id, to_json

BROADCASTS = 200
TIMES = 200
WANTED_MS = 5.0
SENT = 20_000
CHUNK = 5_000


async def fill(database: Database, rows: int, schedules: int) -> int:
    """A meeting with its past; its id."""
    await migrate(database)
    file, now = meeting_file.sample(), datetime.now(UTC)

    async def begin(tx: Transaction) -> tuple[int, int]:
        await meeting_store.apply(tx, file, now)
        meeting = await meetings.find_by_code(tx, file.meeting.code)
        assert meeting is not None
        return meeting.office_id, meeting.id

    office_id, meeting_id = await database.write(begin)
    later = millis(now + timedelta(hours=8))
    for number in range(BROADCASTS):
        broadcast_id = await database.write(lambda tx: _broadcast(tx, office_id, meeting_id))
        is_last = number == BROADCASTS - 1
        for chunk in _chunks(range(1, rows // BROADCASTS + 1)):
            await database.write(
                lambda tx, chunk=chunk, broadcast_id=broadcast_id, is_last=is_last: tx.many(  # type: ignore[misc]
                    "INSERT INTO deliveries (broadcast_id, chat_id, locale, state, attempts, next_at, message_id,"
                    " sent_at, version) VALUES (:broadcast, :chat, 'id', :state, 1, :next, :chat, :now, 1)",
                    [
                        {
                            "broadcast": broadcast_id,
                            "chat": chat,
                            "state": "pending" if is_last else "sent",
                            "next": later if is_last else 0,
                            "now": millis(now),
                        }
                        for chat in chunk
                    ],
                )
            )
    for chunk in _chunks(range(schedules)):
        await database.write(lambda tx, chunk=chunk: _reminders(tx, office_id, meeting_id, chunk, now))  # type: ignore[misc]
    return meeting_id


def _chunks(numbers: range) -> Iterator[tuple[int, ...]]:
    iterator = iter(numbers)
    while chunk := tuple(itertools.islice(iterator, CHUNK)):
        yield chunk


async def _broadcast(tx: Transaction, office_id: int, meeting_id: int) -> int:
    broadcast = await broadcasts.add(
        tx,
        office_id=office_id,
        meeting_id=meeting_id,
        kind=ANNOUNCEMENT,
        content=Content({"id": "Apel pukul tujuh."}).as_data(),
        audience={"sectors": "all"},
        author_id=None,
        state=STARTED,
        now=datetime.now(UTC),
    )
    return broadcast.id


async def _reminders(
    tx: Transaction, office_id: int, meeting_id: int, numbers: tuple[int, ...], now: datetime
) -> None:
    await tx.many(
        "INSERT INTO reminders (id, office_id, meeting_id, slug, title, text, legal_basis, sources, audience, schedule,"
        " grace_minutes, state, armed_at, next_at) VALUES (:id, :office, :meeting, :slug, '{}', '{}', '[]', '[]',"
        " :audience, :schedule, 60, 'active', :now, :next)",
        [
            {
                "id": new_id(),
                "office": office_id,
                "meeting": meeting_id,
                "slug": f"s{number}",
                "audience": to_json({"sectors": "all"}),
                "schedule": to_json({"at": "2030-01-01T08:00"}),
                "now": millis(now),
                "next": millis(now + timedelta(days=1, seconds=number)),
            }
            for number in numbers
        ],
    )


async def timed(ask: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Median and 95th percentile of a question, in milliseconds."""
    await ask()
    durations = []
    for _ in range(TIMES):
        started = time.perf_counter()
        await ask()
        durations.append((time.perf_counter() - started) * 1000)
    durations.sort()
    return statistics.median(durations), durations[int(0.95 * TIMES)]


def memory_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def send(database: Database, meeting_id: int) -> tuple[list[float], float]:
    """Memory (MB) at each quarter of a broadcast, the first before it, and the seconds that it took."""
    taken = 0
    marks = [memory_mb()]

    async def call(method: str, payload: Mapping[str, Any], priority: Priority) -> Any:
        nonlocal taken
        taken += 1
        if taken % (SENT // 4) == 0:
            marks.append(memory_mb())
        return {"message_id": taken}

    async def make(tx: Transaction) -> None:
        meeting = await meetings.find(tx, meeting_id)
        assert meeting is not None
        broadcast_id = await _broadcast(tx, meeting.office_id, meeting.id)
        await deliveries.add(tx, broadcast_id, (Recipient(chat, "id") for chat in range(1, SENT + 1)))

    await database.write(make)
    sender = Deliveries(database, call)
    started = time.perf_counter()
    await sender.start()
    async with asyncio.timeout(900):
        while taken < SENT:  # noqa: ASYNC110 - a look now and then disturbs least
            await asyncio.sleep(0.2)
    seconds = time.perf_counter() - started
    await sender.stop()
    return marks, seconds


async def measure(url: str, rows: int, schedules: int) -> None:
    async with connect(url) as database:
        meeting_id = await fill(database, rows, schedules)
        if database.engine == "postgresql":
            await database.write(lambda tx: tx.run("ANALYZE"))
        now = datetime.now(UTC)
        questions: dict[str, Callable[[], Awaitable[object]]] = {
            "when the next delivery is due": lambda: database.read(deliveries.soonest),
            "which deliveries are due (none)": lambda: database.write(
                lambda tx: deliveries.claim(tx, 1, now, now, 64)
            ),
            "whether anybody holds one": lambda: database.read(deliveries.any_held),
            "when the next reminder is due": lambda: database.read(lambda tx: reminders.glance(tx, now)),
            "which reminders are due (none)": lambda: database.read(lambda tx: reminders.due(tx, now, 20)),
        }
        lines = []
        for name, ask in questions.items():
            median, p95 = await timed(ask)
            lines.append((name, f"{median:.2f}", f"{p95:.2f}", "yes" if p95 < WANTED_MS else "NO"))
        print(f"{rows:,} deliveries, {schedules:,} schedules, {database.engine}\n")
        print(table(("question", "median ms", "p95 ms", f"under {WANTED_MS:g} ms"), lines))
        marks, seconds = await send(database, meeting_id)
        steps = " → ".join(f"{mark:.0f}" for mark in marks)
        print(f"\n{SENT:,} deliveries sent in {seconds:.1f} s; memory in MB at each quarter: {steps}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    options = parser.parse_args()
    with empty_database(options.engine) as url:
        asyncio.run(measure(url, options.rows, options.schedules))


if __name__ == "__main__":
    main()
