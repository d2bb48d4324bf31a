"""Guarantee 1: killed at any instant and started again, every update has had its effect exactly once."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.meeting_files import meeting_file, meeting_store
from bot.storage import meetings, participants
from bot.storage.database import Transaction, connect
from simulator.driver import PersonDriver, Telegram
from simulator.methods.call import Call
from tests.program import at, rakor

WALKERS = 20
"""People who are in the middle of something at any instant."""


class Instants:
    """When to kill: at any time from the start of a process, or while it works on updates it was just handed."""

    def __init__(self, telegram: Telegram, seed: int) -> None:
        self._telegram = telegram
        self._chance = random.Random(seed)
        self._handed_over = 0
        telegram.simulator.api.listen(self._count)

    def _count(self, call: Call) -> None:
        if call.method == "getupdates" and call.status == 200:  # empty ones are not told
            self._handed_over += 1

    async def next(self) -> None:
        if self._chance.random() < 0.25:
            await asyncio.sleep(self._chance.uniform(0, 1.5))
            return
        wanted = self._handed_over + self._chance.randint(1, 10)
        await self._telegram.until(lambda: self._handed_over >= wanted, "updates are handed over")
        await asyncio.sleep(self._chance.uniform(0, 0.03))


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Telegram(timeout_seconds=30) as tg:
        yield tg


@pytest.fixture
async def code(database_url: str) -> str:
    """The code of a meeting that takes any number of registrations."""
    file = meeting_file.running_at(meeting_file.sample(), "dialog", datetime.now(UTC))
    assert file.sectors is not None
    file = replace(file, sectors=tuple(replace(sector, quota=None) for sector in file.sectors))
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


def _without_code(texts: Iterable[str]) -> set[str]:
    """A ticket is like the next; a repeated message counts once."""
    return {re.sub(r"(?<=Tiket: )\S+", "…", text) for text in texts}


def kept(person: PersonDriver) -> set[str]:
    """What the bot's messages to somebody say in the end."""
    return _without_code(person.inbox)


def shown(person: PersonDriver) -> set[str]:
    """What the bot's messages to somebody have ever said, before they were edited as well."""
    return _without_code(entry.text for entry in person._window.entries)


async def left_over(tx: Transaction) -> dict[str, int]:
    return {
        "updates": int(await tx.value("SELECT COUNT(*) FROM inbox WHERE done_on IS NULL")),
        "calls": int(await tx.value("SELECT COUNT(*) FROM outbox")),
    }


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.long)])
async def test_killed_at_any_instant_nothing_is_lost_and_nothing_happens_twice(
    telegram: Telegram, database_url: str, code: str, tmp_path: Path, kills: int
) -> None:
    settings = {**at(telegram), "DATABASE_URL": database_url, "DEFAULT_LOCALE": "id"}
    async with rakor(tmp_path, "run", **settings):
        undisturbed = await registers(telegram, code)
    instants = Instants(telegram, seed=kills)
    killing = True

    async def people() -> list[PersonDriver]:
        done = []
        while killing:
            done.append(await registers(telegram, code))
        return done

    walkers = [asyncio.create_task(people()) for _ in range(WALKERS)]
    for _ in range(kills):
        async with rakor(tmp_path, "run", **settings):
            await instants.next()
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
    # Each chat ends with all that an undisturbed one ends with; of a repeated prompt one copy may stay as it was.
    assert [missing for person in everybody if (missing := kept(undisturbed) - kept(person))] == []
    assert [other for person in everybody if (other := kept(person) - shown(undisturbed))] == []
    assert {person.last.text.splitlines()[0] for person in everybody} == {"✅ Pendaftaran Anda diterima"}
