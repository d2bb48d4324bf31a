"""Guarantee 1: killed at any instant and started again, every update has had its effect exactly once."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain import meeting_file, meeting_store
from bot.storage import meetings, participants
from bot.storage.database import Transaction, connect
from simulator.driver import PersonDriver, Telegram
from tests.program import at, rakor

WALKERS = 5
"""People who are in the middle of something at any instant."""

LATEST_SECONDS = 1.5
"""After its start a process is killed at the latest: late enough that most of them have received updates."""


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Telegram(timeout_seconds=60) as tg:
        yield tg


@pytest.fixture
async def code(database_url: str) -> str:
    """The code of a meeting that takes registrations."""
    file = meeting_file.running_at(meeting_file.sample(), "dialog", datetime.now(UTC))
    async with connect(database_url) as database:
        await database.write(lambda tx: meeting_store.apply(tx, file, datetime.now(UTC)))
    return file.meeting.code


async def registers(telegram: Telegram, code: str) -> PersonDriver:
    """Somebody goes through the whole form, each step once the bot has asked for it."""
    person = telegram.person("Ani", language_code="id")
    await person.start(code)
    await person.taps("Daftar")
    await person.taps("Setuju")
    await person.sees("langkah 2 dari 5")
    await person.says("Ani Lestari")
    await person.taps("Media")
    await person.sees("langkah 4 dari 5")
    await person.says("Harian Contoh")
    await person.sees("langkah 5 dari 5")
    await person.says("Wartawan")
    await person.taps("Kirim")
    await person.sees("Pendaftaran Anda diterima")
    return person


def texts(person: PersonDriver) -> set[str]:
    """What the bot has written to somebody; a repeated message counts once, and a ticket is like the next."""
    return {re.sub(r"(?<=Tiket: )\S+", "…", text) for text in person.inbox}


async def left_over(tx: Transaction) -> dict[str, int]:
    return {
        "updates": int(await tx.value("SELECT COUNT(*) FROM inbox WHERE done_on IS NULL")),
        "calls": int(await tx.value("SELECT COUNT(*) FROM outbox")),
    }


@pytest.mark.parametrize("kills", [8, pytest.param(100, marks=pytest.mark.long)])
async def test_killed_at_any_instant_nothing_is_lost_and_nothing_happens_twice(
    telegram: Telegram, database_url: str, code: str, tmp_path: Path, kills: int
) -> None:
    settings = {**at(telegram), "DATABASE_URL": database_url, "DEFAULT_LOCALE": "id"}
    async with rakor(tmp_path, "run", **settings):
        undisturbed = texts(await registers(telegram, code))
    chance = random.Random(kills)
    killing = True

    async def people() -> list[PersonDriver]:
        done = []
        while killing:
            done.append(await registers(telegram, code))
        return done

    walkers = [asyncio.create_task(people()) for _ in range(WALKERS)]
    for _ in range(kills):
        async with rakor(tmp_path, "run", **settings):
            await asyncio.sleep(chance.uniform(0, LATEST_SECONDS))  # the instant is what this test is about
    killing = False
    async with rakor(tmp_path, "run", **settings) as program, connect(database_url) as database:
        everybody = [person for done in await asyncio.gather(*walkers) for person in done]
        await telegram.updates_taken()
        while any((await database.read(left_over)).values()):
            await asyncio.sleep(0.02)
        assert await program.stops() == 0

        async def rows(tx: Transaction) -> list[tuple[int | None, str, str, str, str]]:
            meeting = await meetings.find_by_code(tx, code)
            assert meeting is not None
            return [
                (found.person_id, found.name, found.sector, found.institution, found.position)
                for found in await participants.registered(tx, meeting.id)
            ]

        found = await database.read(rows)
    assert len(everybody) >= WALKERS
    assert [row for row in sorted(found) if row[0] in {person.id for person in everybody}] == sorted(
        (person.id, "Ani Lestari", "media", "Harian Contoh", "Wartawan") for person in everybody
    )
    assert [texts(person) ^ undisturbed for person in everybody if texts(person) != undisturbed] == []
