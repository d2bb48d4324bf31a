"""A hall in dialogue: everybody sends one submission and takes 20 stances, while the wall is watched.

    python -m benchmarks.dialogue [--people 300] [--viewers 200] [--minutes 5] [--latency-ms 80]

The embedded Telegram runs in this process, Rakor Bot (``rakor run``, SQLite) and the wall's viewers in processes of
their own, with the same delay on every call. First one person alone takes stances; then all of them, each at moments of
their own within the minutes, and a moderator publishes meanwhile. Afterwards the database is counted: every submission
once, every stance once. An answer's time is from the tap to the changed message; the wall's from the moderator's tap to
the viewer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from benchmarks.tables import table
from benchmarks.updates import _prepare as prepare
from bot.domain.wall import wall
from bot.storage import meetings, participants, sessions, stances, submissions, walls
from bot.storage.database import Database, Transaction, connect
from bot.storage.values import new_code
from simulator.driver import PersonDriver, Telegram

STANCES = 20
PUBLISHED = 24
"""Submissions that people take stances on; one's own is published later or not at all."""
PUBLICATIONS = 20
"""How often the moderator publishes while the hall is busy."""
CALM = 2.4
"""Seconds between the taps of the one person alone, at least half of it: faster ones wait for the pace of a chat."""
TOKEN = "the-wall-of-the-benchmark"
LABELS = ("👍 Setuju", "👎 Tidak setuju", "⏭ Lewati")


@dataclass
class Times:
    """Seconds that people waited."""

    stances: list[float] = field(default_factory=list)
    submissions: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


def share(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


async def fill(database: Database, crowd: list[PersonDriver]) -> int:
    """Register the crowd, open the session and publish what stances are taken on; the meeting's id."""

    async def work(tx: Transaction) -> int:
        (meeting,) = await meetings.joinable(tx)
        sectors = sorted(await meetings.quotas(tx, meeting.id))
        now = meeting.starts_at
        session = (await sessions.of_meeting(tx, meeting.id))[0]
        await sessions.open_session(tx, session.id, now)
        author = None
        for place, person in enumerate(crowd):
            added = await participants.add(
                tx,
                meeting_id=meeting.id,
                person_id=person.id,
                sector=sectors[place % len(sectors)],
                name=f"Peserta {place}",
                institution=f"Instansi {place % 40}",
                position="Staf",
                ticket=new_code(8),
                search=f" peserta {place}",
                state="registered",
                now=now,
            )
            author = author or added
        assert author is not None
        for number in range(PUBLISHED):
            sent = await submissions.add_named(
                tx,
                meeting_id=meeting.id,
                session_id=session.id,
                kind="suggestion",
                text=f"Usul nomor {number} tentang pengawasan bersama di kecamatan.",
                attachment=None,
                participant_id=author.id,
                sent_on=now.date(),
                now=now,
            )
            await tx.run(
                "UPDATE submissions SET state = 'published', number = :number WHERE id = :id",
                number=1000 + number,
                id=sent.id,
            )
        await walls.save(tx, meeting.id, wall.token_hash(TOKEN), "ground", now)
        return meeting.id

    return await database.write(work)


async def take_stances(
    person: PersonDriver,
    count: int,
    waits: list[float],
    pause: float,
    chance: random.Random,
    *,
    done: int = 0,
) -> None:
    await person.says("/dukung")
    await person.sees("ditanggapi")
    for place in range(done, done + count):
        await asyncio.sleep(pause * (0.5 + chance.random()))
        started = time.perf_counter()
        await person.taps(chance.choice(LABELS))
        await person.sees(f"{place + 1} dari")
        waits.append(time.perf_counter() - started)


async def submit(person: PersonDriver, waits: list[float]) -> None:
    await person.says("/masukan")
    await person.taps("Anonim")
    await person.taps("Saran")
    await person.sees("")
    await person.says(f"Masukan dari {person.id} tentang koordinasi.")
    await person.sees("periksa")
    started = time.perf_counter()
    await person.taps("Kirim")
    await person.sees("Terima kasih")
    waits.append(time.perf_counter() - started)


async def live(person: PersonDriver, seconds: float, times: Times, chance: random.Random) -> None:
    """One person's five minutes: taps through the submissions of the others, and writes one at some moment."""
    pause = seconds / (STANCES + 4)
    before = chance.randrange(STANCES)
    await take_stances(person, before, times.stances, pause, chance)
    await submit(person, times.submissions)
    await take_stances(person, STANCES - before, times.stances, pause, chance, done=before)


async def moderate(budi: PersonDriver, seconds: float, tapped: dict[int, float]) -> None:
    """Publish now and then; when, by how many are published then."""
    await asyncio.sleep(seconds * 0.1)
    for turn in range(PUBLICATIONS):
        await asyncio.sleep(seconds * 0.7 / PUBLICATIONS)
        while not _can_publish(budi):
            await budi.says("/moderasi")
            await budi.sees("Moderasi")
            await asyncio.sleep(0.2)
        tapped[PUBLISHED + turn + 1] = time.time()
        await budi.taps("✅ Terbitkan")
        await budi.sees("Moderasi")  # the next one, or that there is none


def _can_publish(budi: PersonDriver) -> bool:
    """Whether a submission is before the moderator."""
    if not budi.inbox:
        return False
    return any(button["text"] == "✅ Terbitkan" for row in budi.last.buttons() for button in row)


async def watch(url: str, viewers: int) -> None:
    """Be so many browsers, until standard input ends; then print when each saw how many published."""
    seen: list[dict[int, float]] = [{} for _ in range(viewers)]

    async def view(client: aiohttp.ClientSession, noted: dict[int, float]) -> None:
        async with client.get(url) as answer:
            async for line in answer.content:
                if line.startswith(b'data: {"view"'):
                    count = int(line.partition(b'"published":{"count":')[2].partition(b",")[0])
                    noted.setdefault(count, time.time())

    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
        read_bufsize=1 << 20,
    ) as client:
        screens = [asyncio.create_task(view(client, noted)) for noted in seen]
        await asyncio.to_thread(sys.stdin.read)
        for screen in screens:
            screen.cancel()
        await asyncio.gather(*screens, return_exceptions=True)
    print(json.dumps(seen))


async def counted(database: Database, meeting_id: int) -> tuple[int, int]:
    """How many submissions came during the run, and how many stances were taken by the crowd."""

    async def work(tx: Transaction) -> tuple[int, int]:
        sent = await tx.value("SELECT COUNT(*) FROM submissions WHERE receipt_hash IS NOT NULL")
        taken = [stances.read(item.taken) for item in await stances.published(tx, meeting_id)]
        return int(sent), sum(len(names) for names in taken)

    return await database.read(work)


async def run(people: int, viewers: int, minutes: float, latency_ms: float) -> None:
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        async with Telegram(timeout_seconds=120, latency_ms=latency_ms, message_limit=200_000) as tg:
            environment = await prepare(tg, Path(folder))
            crowd = [tg.person(f"Person {number}", language_code="id") for number in range(people + 1)]
            budi = tg.person("Budi", language_code="id")
            for person in (*crowd, budi):
                person.person.started = True
            port = 18431
            environment |= {"ADMIN_IDS": str(budi.id), "WEB_PORT": str(port)}
            async with connect(environment["DATABASE_URL"]) as database:
                meeting_id = await fill(database, crowd)
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=environment, stdout=asyncio.subprocess.DEVNULL
            )
            try:
                await tg.bot_is_up()
                alone, together = Times(), Times()
                await submit(crowd[-1], alone.submissions)
                await take_stances(crowd[-1], STANCES, alone.stances, CALM, chance)
                watching = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "benchmarks.dialogue", "--viewers", str(viewers)),
                    *("--watch", f"http://127.0.0.1:{port}/wall/{TOKEN}/events?lang=id"),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                )
                seconds = 60 * minutes
                tapped: dict[int, float] = {}
                started = time.perf_counter()
                await asyncio.gather(
                    moderate(budi, seconds, tapped),
                    *(
                        live(person, seconds, together, random.Random(place))
                        for place, person in enumerate(crowd[:people])
                    ),
                )
                took = time.perf_counter() - started
                printed, _ = await watching.communicate(b"")
                for seen in json.loads(printed):
                    together.wall += [seen[str(count)] - moment for count, moment in tapped.items()]
            finally:
                process.terminate()
                await process.wait()
            async with connect(environment["DATABASE_URL"]) as database:
                sent, taken = await counted(database, meeting_id)
    report(people, took, latency_ms, viewers, alone, together, sent, taken)


def report(
    people: int,
    took: float,
    latency_ms: float,
    viewers: int,
    alone: Times,
    together: Times,
    sent: int,
    taken: int,
) -> None:
    print(
        f"{people} people, {STANCES} stances each, {took:.0f} s, {latency_ms:g} ms a call, {viewers} viewers\n"
    )
    print(
        table(
            ("answer", "alone, p95", "all, median", "all, p95", "ratio"),
            [
                (
                    name,
                    f"{share(one, 0.95):.2f} s",
                    f"{share(many, 0.5):.2f} s",
                    f"{share(many, 0.95):.2f} s",
                    f"{share(many, 0.95) / share(one, 0.95):.1f} ×",
                )
                for name, one, many in (
                    ("stance", alone.stances, together.stances),
                    ("submission", alone.submissions, together.submissions),
                )
            ],
        )
    )
    wanted = (people + 1, (people + 1) * STANCES)
    print(f"\nsubmissions kept {sent} of {wanted[0]}, stances kept {taken} of {wanted[1]}")
    print(
        f"the wall, from the moderator's tap to each viewer: median {share(together.wall, 0.5):.2f} s,"
        f" p95 {share(together.wall, 0.95):.2f} s, at most {max(together.wall):.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--latency-ms", type=float, default=80.0)
    parser.add_argument("--watch", metavar="URL", help="only be the viewers of this wall")
    options = parser.parse_args()
    if options.watch:
        asyncio.run(watch(options.watch, options.viewers))
        return
    asyncio.run(run(options.people, options.viewers, options.minutes, options.latency_ms))


if __name__ == "__main__":
    main()
