"""Whether a whole hall can register at once: 300 people through the form, over a Telegram that is 80 ms away.

    python -m benchmarks.registration [--people 300] [--latency-ms 80] [--seconds 60]

First one person registers alone, ten times over (different people); then everybody begins within ``--seconds``, each
answering as soon as they are asked. The group that they register in has seats for two thirds of them; the others must
stand on its waiting list. Rakor Bot runs whole (``rakor run``) in a process of its own.

What must hold: none lost, none twice, the quota never exceeded, all done within two minutes, and the 95th percentile of
the answers at most 2.5 times that of a single user.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from benchmarks.running import rakor
from benchmarks.tables import table
from bot.clock import Clock
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.storage import meetings
from bot.storage.database import Transaction, connect
from bot.storage.migrations import migrate
from simulator.driver import PersonDriver, Telegram

SECTOR, LABEL = "media", "Media"
LIMIT_SECONDS = 120.0
RATIO = 2.5
ALONE = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a crowd."""

    seconds: float
    answers: Sequence[float]
    """Milliseconds from each tap or message to the bot's answer."""

    @property
    def p95(self) -> float:
        return quantiles(self.answers, n=20)[-1]


async def register(person: PersonDriver, code: str, number: int) -> list[float]:
    """Take one person through the form; how long each answer took, in milliseconds."""
    times = []

    async def step(act: object, expected: str) -> None:
        started = time.perf_counter()
        await act  # type: ignore[misc]
        await person.sees(expected, timeout_seconds=LIMIT_SECONDS)
        times.append((time.perf_counter() - started) * 1000)

    await step(person.start(code), "Rapat Koordinasi")
    await step(person.taps("Daftar"), "meminta persetujuan")
    await step(person.taps("Setuju"), "Siapa nama lengkap Anda?")
    await step(person.says(f"Peserta {number}"), "unsur apa?")
    await step(person.taps(LABEL), "instansi atau organisasi apa?")
    await step(person.says("Harian Contoh"), "Apa jabatan")
    await step(person.says("Wartawan"), "jawaban Anda")
    await step(person.taps("Kirim"), "Peserta ")
    return times


async def crowd(tg: Telegram, code: str, people: Sequence[int], seconds: float) -> Outcome:
    """Everybody begins at a moment of their own within ``seconds``."""
    chance = random.Random(7)

    async def one(number: int) -> list[float]:
        person = tg.person(f"Peserta {number}", language_code="id")
        await asyncio.sleep(chance.random() * seconds)
        return await register(person, code, number)

    started = time.perf_counter()
    times = await asyncio.gather(*(one(number) for number in people))
    return Outcome(time.perf_counter() - started, [value for person in times for value in person])


async def measure(people: int, latency_ms: float, seconds: float) -> bool:
    """Run it, print what came of it; whether all that must hold does."""
    seats = people * 2 // 3
    with tempfile.TemporaryDirectory() as folder:
        async with Telegram(
            timeout_seconds=LIMIT_SECONDS, latency_ms=latency_ms, message_limit=100_000
        ) as tg:
            url, code = f"sqlite:///{Path(folder) / 'rakor.db'}", await _prepare(Path(folder), seats + ALONE)
            async with rakor(tg, url):
                alone = [await crowd(tg, code, [number], 0.0) for number in range(ALONE)]
                single = Outcome(0.0, [value for item in alone for value in item.answers])
                together = await crowd(tg, code, range(ALONE, ALONE + people), seconds)
        states, twice = await _registered(url)
    ratio = together.p95 / single.p95
    checks = {
        f"all {people} within {LIMIT_SECONDS:g} s": together.seconds <= LIMIT_SECONDS,
        "none lost": sum(states.values()) == people + ALONE,
        "none twice": not twice,
        "the quota holds": states["registered"] == seats + ALONE,
        "the others wait": states["waiting"] == people - seats,
        f"p95 at most {RATIO} × that of a single user": ratio <= RATIO,
    }
    print(f"{people} people within {seconds:g} s, {latency_ms:g} ms a call, seats for {seats}\n")
    print(
        table(
            ("", "seconds", "median ms", "p95 ms", "ratio"),
            [
                ("one at a time", "", f"{_median(single):.0f}", f"{single.p95:.0f}", "1.0 ×"),
                (
                    "all at once",
                    f"{together.seconds:.1f}",
                    f"{_median(together):.0f}",
                    f"{together.p95:.0f}",
                    f"{ratio:.1f} ×",
                ),
            ],
        )
    )
    print()
    for name, holds in checks.items():
        print(f"{'yes' if holds else 'NO '}  {name}")
    return all(checks.values())


def _median(outcome: Outcome) -> float:
    return quantiles(outcome.answers, n=2)[0]


async def _prepare(folder: Path, seats: int) -> str:
    clock = Clock()
    file = meeting_file.running_at(meeting_file.sample(), "dialog", clock.now())

    async def fill(tx: Transaction) -> None:
        await meeting_store.apply(tx, file, clock.now())
        meeting = await meetings.find_by_code(tx, file.meeting.code)
        assert meeting is not None
        await meetings.save_quota(tx, meeting.id, SECTOR, seats)

    async with connect(f"sqlite:///{folder / 'rakor.db'}") as database:
        await migrate(database)
        await database.write(fill)
    return file.meeting.code


async def _registered(url: str) -> tuple[Counter[str], bool]:
    """State to number of registrations, and whether anybody has two."""

    async def work(tx: Transaction) -> tuple[Counter[str], bool]:
        rows = await tx.all("SELECT person_id, state FROM participants")
        people = [row["person_id"] for row in rows]
        return Counter(str(row["state"]) for row in rows), len(set(people)) != len(people)

    async with connect(url) as database:
        return await database.read(work)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--latency-ms", type=float, default=80.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    return 0 if asyncio.run(measure(options.people, options.latency_ms, options.seconds)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
