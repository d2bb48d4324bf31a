"""Whether four desks can check a hall in at once: 300 people, over a Telegram that is 80 ms away.

    python -m benchmarks.checkins [--people 300] [--latency-ms 80] [--pause 2.5]

First one organiser checks people in alone; then four do it side by side. Each takes a fourth of the people by scan and
tap, one every ``--pause`` seconds (Telegram lets a bot write once a second to a chat), and two of them type, besides,
the codes of what the desk next to them scans, ten in a message, so that half of the tickets come twice. Everybody has
a chat and is told that they were checked in. Rakor Bot runs whole (``rakor run``) in a process of its own.

What must hold: none lost, none twice, each told once, and the 95th percentile of the answers at most 2.5 times that of
a single user.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from statistics import median, quantiles

from benchmarks.running import rakor
from benchmarks.tables import table
from bot.clock import Clock
from bot.domain import roles
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import meetings, people
from bot.storage.database import Transaction, connect
from bot.storage.migrations import migrate
from simulator.driver import PersonDriver, Telegram

DESKS = 4
ALONE = 20
BATCH = 10
RATIO = 2.5
PATIENCE_SECONDS = 120.0


async def answered(act: Awaitable[object], desk: PersonDriver, answer: str) -> tuple[str, float]:
    """Do something; what the bot answered, and after how many milliseconds."""
    started = time.perf_counter()
    await act
    seen = await desk.sees(answer, timeout_seconds=PATIENCE_SECONDS)
    return seen.text, (time.perf_counter() - started) * 1000


async def scan(desk: PersonDriver, ticket: str) -> list[float]:
    """Check one person in, unless the other desk was faster; how long each answer took."""
    text, shown = await answered(desk.start(f"t-{ticket}"), desk, f"Tiket {ticket}")
    if "Belum hadir" not in text:
        return [shown]
    _, tapped = await answered(desk.taps("Catat hadir"), desk, "Hadir sejak")
    return [shown, tapped]


async def work(desk: PersonDriver, scanned: Sequence[str], typed: Sequence[str], pause: float) -> list[float]:
    """One desk's share of the hall: how long its answers took."""
    times: list[float] = []
    for place, ticket in enumerate(scanned):
        began = time.perf_counter()
        times += await scan(desk, ticket)
        codes = typed[place : place + BATCH] if place % BATCH == 0 else ()
        if codes:
            _, took = await answered(desk.says("/hadir " + " ".join(codes)), desk, codes[-1])
            times.append(took)
        await asyncio.sleep(max(0.0, began + pause - time.perf_counter()))
    return times


async def measure(count: int, latency_ms: float, pause: float) -> bool:
    """Run it, print what came of it; whether all that must hold does."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'rakor.db'}"
        async with Telegram(
            timeout_seconds=PATIENCE_SECONDS, latency_ms=latency_ms, message_limit=100_000
        ) as tg:
            desks = [tg.person(f"Meja {number}", language_code="id") for number in range(DESKS)]
            hall = [tg.person(f"Peserta {number}", language_code="id") for number in range(count + ALONE)]
            for person in hall:
                person.person.started = True
            tickets = await _prepare(url, desks, hall)
            async with rakor(tg, url):
                for desk in desks:
                    await desk.start()
                    await desk.sees("Rapat Koordinasi", timeout_seconds=PATIENCE_SECONDS)
                single = await work(desks[0], tickets[:ALONE], (), pause)
                started = time.perf_counter()
                shares = [tickets[ALONE + number :: DESKS] for number in range(DESKS)]
                done = await asyncio.gather(
                    *(
                        work(desk, share, shares[number - 1] if number % 2 else (), pause)
                        for number, (desk, share) in enumerate(zip(desks, shares, strict=True))
                    )
                )
                seconds = time.perf_counter() - started
            welcomes = [sum("sudah dicatat" in text for text in person.inbox) for person in hall]
        here = await _here(url)
    together = [value for times in done for value in times]
    p95 = [quantiles(times, n=20)[-1] for times in (single, together)]
    ratio = p95[1] / p95[0]
    checks = {
        "none lost": set(here) == set(tickets),
        "none twice": len(here) == len(set(here)),
        "each was told once": all(told == 1 for told in welcomes),
        f"p95 at most {RATIO} × that of a single user": ratio <= RATIO,
    }
    print(f"{count} people at {DESKS} desks, {latency_ms:g} ms a call, a person every {pause:g} s a desk\n")
    rows = [
        ("one desk", "", f"{median(single):.0f}", f"{p95[0]:.0f}", "1.0 ×"),
        (f"{DESKS} desks", f"{seconds:.0f}", f"{median(together):.0f}", f"{p95[1]:.0f}", f"{ratio:.1f} ×"),
    ]
    print(table(("", "seconds", "median ms", "p95 ms", "ratio"), rows))
    print()
    for name, holds in checks.items():
        print(f"{'yes' if holds else 'NO '}  {name}")
    return all(checks.values())


async def _prepare(url: str, desks: Sequence[PersonDriver], hall: Sequence[PersonDriver]) -> list[str]:
    """The tickets of a hall of people who are registered."""
    clock = Clock()
    file = meeting_file.running_at(meeting_file.sample(), "dialog", clock.now())

    async def fill(tx: Transaction) -> list[str]:
        await meeting_store.apply(tx, file, clock.now())
        meeting = await meetings.find_by_code(tx, file.meeting.code)
        assert meeting is not None
        for desk in desks:
            await roles.appoint(tx, meeting.office_id, desk.id, roles.ORGANISER, clock.now(), by=None)
        tickets = []
        for number, person in enumerate(hall):
            await people.see(tx, person.id, "id", clock.now().date(), private=True)
            details = Details("media", f"Peserta {number}", f"Instansi {number % 60}", "Wartawan")
            entered = await registration.enter(tx, meeting.id, person.id, details, clock.now())
            tickets.append(entered.ticket)
        return tickets

    async with connect(url) as database:
        await migrate(database)
        return await database.write(fill)


async def _here(url: str) -> list[str]:
    """The tickets of those who were checked in."""

    async def read(tx: Transaction) -> list[str]:
        rows = await tx.all(
            "SELECT participants.ticket FROM attendance JOIN participants"
            " ON participants.id = attendance.participant_id"
        )
        return [row["ticket"] for row in rows]

    async with connect(url) as database:
        return await database.read(read)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--latency-ms", type=float, default=80.0)
    parser.add_argument("--pause", type=float, default=2.5)
    options = parser.parse_args()
    return 0 if asyncio.run(measure(options.people, options.latency_ms, options.pause)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
