"""A hall: the embedded Telegram, the bot in this process over real HTTP, and the sample meeting in its dialogue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.app import Rakor
from bot.clock import Clock
from bot.delivery import limits
from bot.domain import roles
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.settings import Settings
from bot.storage import meetings, offices
from bot.storage.database import Database, Transaction
from simulator.driver import PersonDriver, Telegram

T = TypeVar("T")


@dataclass
class Hall:
    """What an end-to-end test has at hand. Budi is an organiser; everybody else is made by the test."""

    tg: Telegram
    rakor: Rakor
    clock: Clock
    budi: PersonDriver
    office_id: int
    meeting_id: int
    code: str

    @property
    def database(self) -> Database:
        return self.rakor.database

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.database.read(work)

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.database.write(work)

    def moves_clock(self, by: timedelta) -> None:
        """Let time pass, for Telegram and for the bot."""
        self.tg.moves_clock(by)
        self.clock.offset += by
        self.rakor.wake()

    async def registers(
        self, person: PersonDriver, name: str, sector: str, institution: str, position: str
    ) -> None:
        """Take a person through the registration form, in the language of their Telegram."""
        english = person.person.language_code == "en"
        await person.start(self.code)
        await person.taps("Register" if english else "Daftar")
        await person.taps("I agree" if english else "Setuju")
        for number, answer in enumerate((name, sector, institution, position), start=2):
            await person.sees(f"step {number} of 5" if english else f"langkah {number} dari 5")
            if answer is sector:
                await person.taps(answer)
            else:
                await person.says(answer)
        await person.taps("Send" if english else "Kirim")
        await person.sees(name)


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Telegram() as tg:
        yield tg


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat is not kept to one message a second.

    These tests write much faster than people do; what the pace does then has tests of its own.
    """
    monkeypatch.setattr(limits, "CHAT_SECONDS", 0.01)


@pytest.fixture
async def hall(telegram: Telegram, database_url: str, unhurried: None) -> AsyncIterator[Hall]:
    """The bot with the sample meeting, whose dialogue is on; on both engines."""
    budi = telegram.person("Budi", language_code="id")
    clock = Clock()
    settings = Settings(
        bot_token=telegram.token,
        bot_api_url=telegram.url,
        database_url=database_url,
        admin_ids=frozenset({budi.id}),
        web_port=0,
    )
    async with Rakor(settings, clock) as rakor:
        file = meeting_file.running_at(meeting_file.sample(), "dialog", clock.now())

        async def fill(tx: Transaction) -> tuple[int, int]:
            await meeting_store.apply(tx, file, clock.now())
            meeting = await meetings.find_by_code(tx, file.meeting.code)
            assert meeting is not None
            office = await offices.find(tx, meeting.office_id)
            assert office is not None
            await roles.appoint(tx, office.id, budi.id, roles.ORGANISER, clock.now(), by=None)
            return office.id, meeting.id

        office_id, meeting_id = await rakor.database.write(fill)
        rakor.wake()
        yield Hall(telegram, rakor, clock, budi, office_id, meeting_id, file.meeting.code)
