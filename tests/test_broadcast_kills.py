"""Guarantee 2: killed at any instant and restarted, a broadcast reaches everybody; only what was in flight twice."""

from __future__ import annotations

import asyncio
import math
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.delivery.budget import BULK_PER_SECOND
from bot.domain import roles
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import meetings, people
from bot.storage.database import Transaction, connect
from simulator.driver import PersonDriver, Telegram
from tests.program import at, rakor

LATENCY_SECONDS = 0.1
TEXT = "Sesi dialog dimulai pukul 10.00."


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Telegram(timeout_seconds=60, latency_ms=LATENCY_SECONDS * 1000) as tg:
        yield tg


async def hall(telegram: Telegram, database_url: str, count: int) -> tuple[PersonDriver, list[PersonDriver]]:
    """Budi, who is an organiser, and so many participants."""
    budi = telegram.person("Budi", language_code="id")
    crowd = [telegram.person(f"Peserta {number}", language_code="id") for number in range(count)]
    now = datetime.now(UTC)
    file = meeting_file.running_at(meeting_file.sample(), "dialog", now)
    assert file.sectors is not None
    file = replace(file, sectors=tuple(replace(sector, quota=None) for sector in file.sectors))

    async def fill(tx: Transaction) -> None:
        await meeting_store.apply(tx, file, now)
        meeting = await meetings.find_by_code(tx, file.meeting.code)
        assert meeting is not None
        await roles.appoint(tx, meeting.office_id, budi.id, roles.ORGANISER, now, by=None)
        for person in [budi, *crowd]:
            person.person.started = True
            await people.see(tx, person.id, "id", now.date(), private=True)
            await people.follow(tx, person.id, meeting.id)
        for person in crowd:
            details = Details("media", person.person.name, "Harian Contoh", "Wartawan")
            await registration.register(tx, meeting.id, person.id, details, now)

    async with connect(database_url) as database:
        await database.write(fill)
    return budi, crowd


@pytest.mark.parametrize(("count", "kills"), [(120, 1), pytest.param(5_000, 50, marks=pytest.mark.long)])
async def test_killed_in_the_middle_a_broadcast_reaches_everybody(
    telegram: Telegram, database_url: str, tmp_path: Path, count: int, kills: int
) -> None:
    budi, crowd = await hall(telegram, database_url, count)
    chance = random.Random(kills)
    settings = {**at(telegram), "DATABASE_URL": database_url, "DEFAULT_LOCALE": "id"}

    def arrived() -> int:
        return sum(TEXT in text for person in crowd for text in person.inbox)

    async with rakor(tmp_path, "run", **settings):
        await budi.says(f"/siaran {TEXT}")
        await budi.taps(f"Lanjut ({count})")
        await budi.taps(f"Kirim ke {count} obrolan")
        await telegram.until(lambda: arrived() > 0, "the first message arrives")
        await asyncio.sleep(chance.uniform(0, 0.3))
    for number in range(1, kills):
        async with rakor(tmp_path, "run", **settings):
            share = count * number // kills
            await telegram.until(lambda wanted=share: arrived() >= wanted, f"{share} messages arrive")  # type: ignore[misc]
            await asyncio.sleep(chance.uniform(0, 0.3))
    async with rakor(tmp_path, "run", **settings) as program:
        await budi.sees(f"Terkirim: {count} dari {count}", timeout_seconds=60 + count / 20)
        assert await program.stops() == 0

    times = Counter(sum(TEXT in text for text in person.inbox) for person in crowd)
    assert times[0] == 0
    # What leaves in the time to Telegram and back, and what was just about to be recorded. A message that is in flight
    # at two kills comes three times: on PostgreSQL it is taken up again only when the dead process's claim ran out.
    in_flight = math.ceil(BULK_PER_SECOND * LATENCY_SECONDS) + 3
    assert sum((count - 1) * readers for count, readers in times.items()) <= kills * in_flight
