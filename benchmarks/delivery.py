"""A broadcast at Telegram's limit of 30 messages a second, and what people wait for meanwhile.

    python -m benchmarks.delivery [--recipients 900] [--latency-ms 80] [--counting window bucket] [--only rakor]

The embedded Telegram runs in this process and each bot in one of its own. Telegram's way of counting is not
documented, so each bot is measured against both: a strict sliding window and a token bucket. Before and during the
broadcast somebody types /bantuan now and then; the answer's p95 stands beside that of the idle bot. Each answer takes a
place under the same limit, so beside N/30 stands the time of all messages, answers included. Rakor Bot runs
whole (``rakor run``, every message a row that outlives a kill); how the others send is in
:mod:`benchmarks.broadcasters`. At last the limit changes in mid-broadcast: to 20 a second, which must be found out
by a refusal, and to 100, where BULK_CEILING lets Rakor Bot climb.

The default sends to 900 people, half a minute a bot; 5,000 take three minutes a bot and way of counting (add
``--recipients 5000``). The ideal time is N/30; figures of one run can be compared with each other only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from benchmarks.tables import table
from bot.domain import roles
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import meetings, people
from bot.storage.database import Transaction, connect
from bot.storage.migrations import migrate
from simulator.driver import PersonDriver, Telegram
from simulator.faults import Faults
from simulator.model import Event

LIMIT = 30
TEXT = "Apel pukul tujuh."
PROBES = 40
QUESTIONS = 50
"""How often somebody asks in the time that a broadcast takes at best, but at most twice a second."""
FOLLOWING_SECONDS, FOLLOWED_SECONDS = 10.0, 20.0
"""A changed limit is to be followed from the tenth second on: what share of it do all messages use in the 20 seconds
after that? A look for a higher rate comes every seven seconds and costs the second's pause that Telegram asks for."""


class Counting(Protocol):
    limit: float

    def wait(self, now: float) -> float:
        """Seconds until one more message fits; 0.0 when it fits, and is counted."""
        ...


class Window:
    """No more than ``limit`` messages in any second."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        while self._taken and now - self._taken[0] >= 1.0:
            self._taken.popleft()
        if len(self._taken) >= self.limit:
            return self._taken[0] + 1.0 - now
        self._taken.append(now)
        return 0.0


class Bucket:
    """A bucket of ``limit`` messages that fills up at ``limit`` a second."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._tokens, self._at = limit, 0.0

    def wait(self, now: float) -> float:
        self._tokens = min(self.limit, self._tokens + (now - self._at) * self.limit)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / self.limit
        self._tokens -= 1
        return 0.0


COUNTINGS: dict[str, type[Window | Bucket]] = {"window": Window, "bucket": Bucket}


class LimitedFaults(Faults):
    """The embedded Telegram's switches with one of our ways of counting, and every refusal's moment."""

    counting: Counting
    taken_at: list[float]
    refused_at: list[float]

    def retry_after(self, chat_id: object, is_group: bool) -> int | None:
        now = time.monotonic()
        wait = self.counting.wait(now)
        if wait <= 0:
            self.taken_at.append(now)
            return None
        self.refused_at.append(now)
        return max(1, math.ceil(wait))


@dataclass(frozen=True, slots=True)
class Contestant:
    name: str
    command: tuple[str, ...]
    is_rakor: bool = False


CONTESTANTS = (
    Contestant("PTB, AIORateLimiter, gather", ("-m", "benchmarks.broadcasters", "ptb")),
    Contestant("PTB, loop with a pause", ("-m", "benchmarks.broadcasters", "loop")),
    Contestant("aiogram, its documentation's loop", ("-m", "benchmarks.broadcasters", "aiogram")),
    Contestant("Rakor Bot, all guarantees on", ("-m", "bot", "run"), is_rakor=True),
)


@dataclass(slots=True)
class Hall:
    """One bot before its Telegram."""

    tg: Telegram
    budi: PersonDriver
    crowd: Sequence[PersonDriver]
    probes: Sequence[PersonDriver]
    faults: LimitedFaults
    arrived: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Result:
    contestant: Contestant
    counting: str
    recipients: int
    seconds: float
    refused: int
    idle_p95: float
    busy_p95: float
    answers: int
    """How many questions were answered meanwhile."""

    @property
    def ratio(self) -> float:
        return self.seconds / (self.recipients / LIMIT)

    @property
    def ratio_of_all(self) -> float:
        return self.seconds / ((self.recipients + self.answers) / LIMIT)


def limited(tg: Telegram, counting: str) -> LimitedFaults:
    faults = LimitedFaults(latency_ms=tg.faults.latency_ms)
    faults.counting = COUNTINGS[counting](LIMIT)
    faults.taken_at, faults.refused_at = [], []
    tg.world.faults = faults
    return faults


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


async def prepare(hall: Hall, url: str) -> None:
    """The sample meeting with everybody registered, and Budi as its organiser."""
    now = datetime.now(UTC)
    file = meeting_file.running_at(meeting_file.sample(), "dialog", now)
    assert file.sectors is not None
    file = replace(file, sectors=tuple(replace(sector, quota=None) for sector in file.sectors))

    async def fill(tx: Transaction) -> None:
        await meeting_store.apply(tx, file, now)
        meeting = await meetings.find_by_code(tx, file.meeting.code)
        assert meeting is not None
        await roles.appoint(tx, meeting.office_id, hall.budi.id, roles.ORGANISER, now, by=None)
        for person in (hall.budi, *hall.crowd, *hall.probes):
            await people.see(tx, person.id, "id", now.date(), private=True)
            await people.follow(tx, person.id, meeting.id)
        for person in hall.crowd:
            details = Details("media", person.person.name, "Harian Contoh", "Wartawan")
            await registration.register(tx, meeting.id, person.id, details, now)

    async with connect(url) as database:
        await migrate(database)
        await database.write(fill)


async def begin(hall: Hall, *, rakor: bool) -> None:
    await hall.budi.says(f"/siaran {TEXT}" if rakor else "/siaran")
    if rakor:
        await hall.budi.taps(
            f"Lanjut ({len(hall.crowd)})",
        )
        await hall.budi.taps(f"Kirim ke {len(hall.crowd)} obrolan")


async def probe(person: PersonDriver) -> float:
    """Seconds from a command to its answer."""
    started = time.monotonic()
    await person.says("/bantuan")
    await person.sees("Yang dapat Anda", timeout_seconds=600)
    return time.monotonic() - started


async def keep_probing(hall: Hall, durations: list[float]) -> None:
    """Somebody asks now and then, whether the one before was answered or not."""
    pause = max(0.5, len(hall.crowd) / LIMIT / QUESTIONS)

    async def one(person: PersonDriver) -> None:
        durations.append(await probe(person))

    tasks: set[asyncio.Task[None]] = set()
    number = 0
    try:
        while True:
            tasks.add(asyncio.create_task(one(hall.probes[number % len(hall.probes)])))
            number += 1
            await asyncio.sleep(pause)
    except asyncio.CancelledError:
        await asyncio.gather(*tasks)


async def run(
    contestant: Contestant,
    counting: str,
    recipients: int,
    latency_ms: float,
    settings: dict[str, str],
    during: Any = None,
) -> tuple[Result, Hall]:
    """One broadcast of one bot; ``during`` is a coroutine function that gets the hall once the first arrived."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with Telegram(timeout_seconds=120, latency_ms=latency_ms, message_limit=100_000) as tg:
            people_of = [tg.person(f"Person {number}", language_code="id") for number in range(recipients)]
            probes = [tg.person(f"Asker {number}", language_code="id") for number in range(PROBES)]
            hall = Hall(tg, tg.person("Budi", language_code="id"), people_of, probes, limited(tg, counting))
            for person in (hall.budi, *people_of, *probes):
                person.person.started = True
            url = f"sqlite:///{folder / 'rakor.db'}"
            if contestant.is_rakor:
                await prepare(hall, url)
            listed = folder / "recipients.json"
            listed.write_text(json.dumps([person.id for person in people_of]))
            environment = {
                **os.environ,
                "BOT_TOKEN": tg.token,
                "BOT_API_URL": tg.url,
                "DATABASE_URL": url,
                "DEFAULT_LOCALE": "id",
                "WEB_PORT": "0",
                "LOG_LEVEL": "ERROR",
                **settings,
            }
            arguments = () if contestant.is_rakor else (str(listed),)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *contestant.command,
                *arguments,
                env=environment,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                await tg.bot_is_up()
                return await _measure(contestant, counting, hall, during), hall
            finally:
                if process.returncode is None:
                    process.kill()
                await process.wait()


async def _measure(contestant: Contestant, counting: str, hall: Hall, during: Any) -> Result:
    wanted = {person.id for person in hall.crowd}
    done = asyncio.Event()

    def count(event: Event) -> None:
        message = event.message
        if event.type != "message" or message is None or event.chat_id not in wanted:
            return
        if message.sender_id == hall.tg.world.bot_id:
            hall.arrived.append(time.monotonic())
            if len(hall.arrived) >= len(wanted):
                done.set()

    stop = hall.tg.world.listen(count)
    await probe(hall.probes[0])
    idle = []
    for person in hall.probes:
        idle.append(await probe(person))
        await asyncio.sleep(0.05)
    busy: list[float] = []
    await begin(hall, rakor=contestant.is_rakor)
    started = time.monotonic()
    probing = asyncio.create_task(keep_probing(hall, busy))
    changing = None if during is None else asyncio.create_task(during(hall))
    await asyncio.wait_for(done.wait(), 3600)
    ended = hall.arrived[-1]
    probing.cancel()
    await asyncio.gather(probing, return_exceptions=True)
    if changing is not None:
        await changing
    stop()
    return Result(
        contestant,
        counting,
        len(wanted),
        ended - started,
        len(hall.faults.refused_at),
        percentile(idle),
        percentile(busy),
        len(busy),
    )


async def followed(counting: str, new_limit: float, latency_ms: float) -> tuple[float, int]:
    """The share of a limit, changed in mid-broadcast, that is used from the tenth second on; and refusals in all."""
    changed_at = math.inf

    async def change(hall: Hall) -> None:
        nonlocal changed_at
        await hall.tg.until(lambda: len(hall.arrived) >= 5 * LIMIT, "five seconds' worth arrived")
        hall.faults.counting.limit = new_limit
        changed_at = time.monotonic()

    settings = {"BULK_CEILING": str(max(29, round(new_limit)))}
    recipients = 5 * LIMIT + round((FOLLOWING_SECONDS + FOLLOWED_SECONDS + 2) * max(new_limit, LIMIT))
    _, hall = await run(CONTESTANTS[-1], counting, recipients, latency_ms, settings, change)
    start = changed_at + FOLLOWING_SECONDS
    taken = sum(start <= at < start + FOLLOWED_SECONDS for at in hall.faults.taken_at)
    return taken / (FOLLOWED_SECONDS * new_limit), len(hall.faults.refused_at)


async def compare(options: argparse.Namespace) -> None:
    if not options.changes_only:
        await compare_bots(options)
    changes = []
    for counting in options.counting:
        for new_limit in (20.0, 100.0):
            share, refused = await followed(counting, new_limit, options.latency_ms)
            changes.append((f"{LIMIT} → {new_limit:g}/s", counting, f"{share:.0%}", str(refused)))
            print(" · ".join(changes[-1]), file=sys.stderr, flush=True)
    print("\nRakor Bot when the limit changes in mid-broadcast\n")
    print(table(("limit", "counting", "used from the 10th second on", "429"), changes))


async def compare_bots(options: argparse.Namespace) -> None:
    rows = []
    for counting in options.counting:
        for contestant in CONTESTANTS:
            if options.only and options.only.lower() not in contestant.name.lower():
                continue
            result, _ = await run(contestant, counting, options.recipients, options.latency_ms, {})
            rows.append(
                (
                    contestant.name,
                    counting,
                    f"{result.seconds:.1f}",
                    f"{result.ratio:.3f} ×",
                    f"{result.ratio_of_all:.3f} ×",
                    str(result.refused),
                    f"{result.idle_p95 * 1000:.0f}",
                    f"{result.busy_p95 * 1000:.0f}",
                    f"{result.busy_p95 / result.idle_p95:.2f} ×",
                )
            )
            print(" · ".join(rows[-1]), file=sys.stderr, flush=True)
    heading = (
        "bot",
        "counting",
        "seconds",
        "of N/30",
        "of all/30",
        "429",
        "idle p95 ms",
        "busy p95 ms",
        "ratio",
    )
    print(f"{options.recipients} recipients, {options.latency_ms:g} ms a call, limit {LIMIT}/s\n")
    print(table(heading, rows))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipients", type=int, default=900)
    parser.add_argument("--latency-ms", type=float, default=80.0)
    parser.add_argument("--counting", nargs="+", choices=sorted(COUNTINGS), default=["window", "bucket"])
    parser.add_argument("--only", default="", help="a part of the name of the only bot to measure")
    parser.add_argument("--changes-only", action="store_true", help="only the limits that change")
    asyncio.run(compare(parser.parse_args()))


if __name__ == "__main__":
    main()
