"""Whether the embedded Telegram is fast and small enough never to be what another benchmark measures.

    python -m benchmarks.simulator [--seconds 5] [--people 1000] [--messages 200000]

The server has the first of this process's processors to itself and its callers the second, so that neither takes
time from the other (with one processor they share it, and the ratios mean little). In one run, all over loopback HTTP:

- Rakor Bot answers a hall without any latency, which is as fast as its processor lets it;
- clients on plain aiohttp, without a bot library, send messages and fetch updates as fast as they can;
- people write and a client answers, until so many messages went through one server: its memory on the way.

Such clients are slower than the server that they measure, so the rates are its least; "a core" is what it would do
if it never waited for them: its calls divided by the processor time that it used.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import aiohttp

from benchmarks.tables import table
from benchmarks.updates import Contestant, measure
from simulator import people
from simulator.driver import Telegram
from simulator.model import Event
from simulator.wire import JsonDict
from simulator.world import World

IN_FLIGHT = 32
BATCH = 100
"""Updates a poll: the most that Telegram hands over."""
WANTED_RATIO = 4.0
MARKS = (0.25, 0.5, 1.0)
PEOPLE_IN_MEMORY = 300
FETCHED = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """``a_second`` as the clients saw it; ``a_core`` is what a whole processor of the server's would give."""

    a_second: float
    a_core: float


def processors() -> tuple[int, int]:
    """The server's and the callers'."""
    found = sorted(os.sched_getaffinity(0))
    return found[0], found[-1]


@asynccontextmanager
async def _caller(tg: Telegram, job: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Clients in a process of their own, which prints a line when they are connected."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.simulator", "--on", str(processors()[1]), "--job", job),
        *("--url", f"{tg.url}/bot{tg.token}", *arguments),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        await process.stdout.readline()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def bot_rate(number_of_people: int) -> float:
    """Replies a second of the whole bot when nothing but its processor holds it up."""
    pinned = ("-m", "benchmarks.simulator", "--on", str(processors()[1]), "--job", "bot")
    result = await measure(Contestant("Rakor Bot", pinned), number_of_people, 0.0)
    return result.per_second


async def sending_rate(seconds: float) -> Rate:
    async with Telegram() as tg:
        person = tg.person("Ani")
        person.person.started = True
        async with _caller(tg, "send", "--chat", str(person.id), "--seconds", str(seconds)) as process:
            return await _rate(process)


async def fetching_rate(updates: int) -> Rate:
    async with Telegram() as tg:
        _write(tg.world, tg.person("Ani").id, updates)
        async with _caller(tg, "fetch", "--count", str(updates)) as process:
            return await _rate(process)


async def _rate(process: asyncio.subprocess.Process) -> Rate:
    cpu = time.process_time()
    assert process.stdout is not None
    count, elapsed = (await process.stdout.readline()).split()
    cpu = time.process_time() - cpu
    return Rate(int(count) / float(elapsed), int(count) / cpu)


async def memory(messages: int) -> list[tuple[int, float]]:
    """Megabytes in memory after so many messages, half of them people's and half the bot's."""
    found = []
    async with Telegram(timeout_seconds=60) as tg:
        written = 0

        def count(event: Event) -> None:
            nonlocal written
            written += event.type == "message"

        tg.world.listen(count)
        hall = cycle([tg.person(f"Person {number}").id for number in range(PEOPLE_IN_MEMORY)])
        async with _caller(tg, "answer"):
            for mark in MARKS:
                while written < messages * mark:
                    expected = written + 2 * BATCH
                    for person_id in islice(hall, BATCH):
                        _write(tg.world, person_id, 1)

                    def all_answered(number: int = expected) -> bool:
                        return written >= number

                    await tg.until(all_answered, "everybody is answered")
                found.append((written, _resident_mb()))
    return found


def _write(world: World, person_id: int, times: int) -> None:
    for _ in range(times):
        people.say(world, person_id, person_id, "Apa acara berikutnya, dan siapa yang berbicara?")


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _run_job(job: str, options: argparse.Namespace) -> None:
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
    async with aiohttp.ClientSession(connector=connector) as session:
        client = _Client(session, options.url)
        await client.call("getMe", {})
        print("ready", flush=True)
        started = time.perf_counter()
        if job == "send":
            count = await client.send_for(options.seconds, options.chat)
        elif job == "fetch":
            count = await client.fetch(options.count)
        else:
            count = await client.answer_always()
        print(count, time.perf_counter() - started, flush=True)


class _Client:
    """The Bot API by hand."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def call(self, method: str, params: JsonDict) -> bytes:
        """The answer's body, of which only the status is looked at."""
        async with self._session.post(f"{self._url}/{method}", json=params) as response:
            response.raise_for_status()
            return await response.read()

    async def send(self, chat_id: int) -> None:
        await self.call(
            "sendMessage", {"chat_id": chat_id, "text": "<b>Acara</b>: pembukaan", "parse_mode": "HTML"}
        )

    async def send_for(self, seconds: float, chat_id: int) -> int:
        end, count = time.perf_counter() + seconds, 0

        async def keep_sending() -> None:
            nonlocal count
            while time.perf_counter() < end:
                await self.send(chat_id)
                count += 1

        await asyncio.gather(*(keep_sending() for _ in range(IN_FLIGHT)))
        return count

    async def fetch(self, wanted: int) -> int:
        offset = count = 0
        while count < wanted:
            updates = await self._updates(offset)
            count += len(updates)
            offset = updates[-1]["update_id"] + 1
        return count

    async def answer_always(self) -> int:
        offset = count = 0
        while updates := await self._updates(offset):
            offset = updates[-1]["update_id"] + 1
            chats = [update["message"]["chat"]["id"] for update in updates]
            await asyncio.gather(*map(self.send, chats))
            count += len(chats)
        return count

    async def _updates(self, offset: int) -> list[JsonDict]:
        body = await self.call("getUpdates", {"offset": offset, "limit": BATCH, "timeout": 50})
        found: list[JsonDict] = json.loads(body)["result"]
        return found


async def compare(seconds: float, number_of_people: int, messages: int) -> None:
    server, callers = processors()
    os.sched_setaffinity(0, {server})
    bot = await bot_rate(number_of_people)
    sending = await sending_rate(seconds)
    fetching = await fetching_rate(FETCHED)
    print(f"The server on processor {server}, its callers on {callers}; no latency.\n")
    rows = [
        ["Rakor Bot, replies", f"{bot:,.0f}", "", "1.0 ×"],
        _row("the simulator, sendMessage", sending, bot),
        _row("the simulator, updates by getUpdates", fetching, bot),
    ]
    print(table(("", "a second", "a core", "beside the bot"), rows))
    slowest = min(sending.a_second, fetching.a_second) / bot
    print(
        f"\nwanted: {WANTED_RATIO:g} ×; {'kept' if slowest >= WANTED_RATIO else 'MISSED'} ({slowest:.1f} ×)\n"
    )
    kept = await memory(messages)
    print(table(("messages", "MB"), [[f"{count:,}", f"{size:.0f}"] for count, size in kept]))


def _row(name: str, rate: Rate, bot: float) -> list[str]:
    return [name, f"{rate.a_second:,.0f}", f"{rate.a_core:,.0f}", f"{rate.a_second / bot:.1f} ×"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=200_000)
    for name, kind in (("--on", int), ("--job", str), ("--url", str), ("--chat", int), ("--count", int)):
        parser.add_argument(name, type=kind, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job is None:
        asyncio.run(compare(options.seconds, options.people, options.messages))
        return
    os.sched_setaffinity(0, {options.on})
    if options.job == "bot":
        os.execv(sys.executable, (sys.executable, "-m", "bot", "run"))
    asyncio.run(_run_job(options.job, options))


if __name__ == "__main__":
    main()
