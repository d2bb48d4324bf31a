"""How many updates a second a bot handles when a whole hall writes at once: Rakor Bot beside two plain bots.

    python -m benchmarks.updates [--people 1000] [--latency-ms 80]

Everybody sends three commands at the same moment. The embedded Telegram runs in this process, each bot in one of its
own, on the same machine and with the same delay on every call. Rakor Bot runs whole (``rakor run``: stored inbox, order
by chat, outbox, the sample meeting). The two others read a row, write a row and reply, and promise nothing:

- python-telegram-bot as it comes: one update after the other, httpx, one SQLite connection;
- aiogram as it comes: every update a task of its own.

Figures are ratios within this run; the machine and its load change the absolute ones.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import table
from bot.clock import Clock
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.storage.database import connect
from bot.storage.migrations import migrate
from simulator.driver import PersonDriver, Telegram
from simulator.model import Event

COMMANDS = ("/agenda", "/materi", "/bantuan")
SLOW_SHARE = 25
"""Python-telegram-bot handles a dozen updates a second as it comes: it gets a 25th of the people."""


@dataclass(frozen=True, slots=True)
class Contestant:
    name: str
    command: tuple[str, ...]
    share: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    updates: int
    seconds: float
    cpu_seconds: float
    in_order: bool
    peak_mb: float

    @property
    def per_second(self) -> float:
        return self.updates / self.seconds


CONTESTANTS = (
    Contestant("python-telegram-bot, as it comes", ("-m", "benchmarks.plain_bots", "ptb"), SLOW_SHARE),
    Contestant("aiogram, as it comes", ("-m", "benchmarks.plain_bots", "aiogram")),
    Contestant("Rakor Bot, all guarantees on", ("-m", "bot", "run")),
)


async def measure(contestant: Contestant, people: int, latency_ms: float) -> Result:
    """Run one bot against a fresh Telegram."""
    with tempfile.TemporaryDirectory() as folder:
        async with Telegram(timeout_seconds=60, latency_ms=latency_ms, message_limit=100_000) as tg:
            environment = await _prepare(tg, Path(folder))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            process = await asyncio.create_subprocess_exec(
                sys.executable, *contestant.command, env=environment, stdout=asyncio.subprocess.DEVNULL
            )
            try:
                crowd = [tg.person(f"Person {number}") for number in range(people // contestant.share)]
                for person in crowd:
                    person.person.started = True
                await tg.bot_is_up()
                seconds = await _race(tg, crowd)
            finally:
                peak_mb = _peak_mb(process.pid)
                process.kill()  # a plain bot's database thread would outlive a polite request
                await process.wait()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            return Result(
                contestant.name, len(crowd) * len(COMMANDS), seconds, cpu, all(map(_in_order, crowd)), peak_mb
            )


async def _prepare(tg: Telegram, folder: Path) -> dict[str, str]:
    url = f"sqlite:///{folder / 'rakor.db'}"
    clock = Clock()
    file = meeting_file.running_at(meeting_file.sample(), "dialog", clock.now())
    async with connect(url) as database:
        await migrate(database)
        await database.write(lambda tx: meeting_store.apply(tx, file, clock.now()))
    return {
        **os.environ,
        "BOT_TOKEN": tg.token,
        "BOT_API_URL": tg.url,
        "DATABASE_URL": url,
        "ADMIN_IDS": "1",
        "WEB_PORT": "0",
        "LOG_LEVEL": "WARNING",
    }


async def _race(tg: Telegram, crowd: Sequence[PersonDriver]) -> float:
    """Seconds from the first command to the last reply."""
    wanted = len(crowd) * len(COMMANDS)
    done = asyncio.Event()
    replies = 0

    def count(event: Event) -> None:
        nonlocal replies
        message = event.message
        if event.type == "message" and message is not None and message.sender_id == tg.world.bot_id:
            replies += 1
            if replies == wanted:
                done.set()

    stop = tg.world.listen(count)
    started = time.perf_counter()
    for command in COMMANDS:
        for person in crowd:
            await person.says(command)
    await asyncio.wait_for(done.wait(), 600)
    stop()
    return time.perf_counter() - started


def _in_order(person: PersonDriver) -> bool:
    """Whether the replies came in the order of the commands: each names its own."""
    marks = [mark for text in person.inbox for mark in _marks(text)]
    return marks == list(range(len(COMMANDS)))


def _marks(text: str) -> list[int]:
    # A plain bot repeats the command; Rakor Bot's agenda, materials and help are told by how they begin.
    beginnings = (("/agenda", "🗓"), ("/materi", "📄"), ("/bantuan", "Yang dapat Anda"))
    return [number for number, signs in enumerate(beginnings) if text.startswith(signs)]


def _peak_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


async def compare(people: int, latency_ms: float) -> list[Result]:
    return [await measure(contestant, people, latency_ms) for contestant in CONTESTANTS]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--latency-ms", type=float, default=80.0)
    options = parser.parse_args()
    results = asyncio.run(compare(options.people, options.latency_ms))
    slowest = results[0].per_second
    print(
        f"{options.people} people, {len(COMMANDS)} updates each at once, {options.latency_ms:g} ms a call\n"
    )
    print(
        table(
            ("bot", "updates/s", "ratio", "CPU ms/update", "peak MB", "order kept"),
            [
                (
                    result.name,
                    f"{result.per_second:,.0f}",
                    f"{result.per_second / slowest:.1f} ×",
                    f"{result.cpu_seconds * 1000 / result.updates:.2f}",
                    f"{result.peak_mb:.0f}",
                    "yes" if result.in_order else "no",
                )
                for result in results
            ],
        )
    )


if __name__ == "__main__":
    main()
