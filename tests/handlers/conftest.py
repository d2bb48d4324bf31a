"""A desk without a network: updates go in as Telegram writes them, calls to Telegram come out."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from telegram import Bot, Update

from bot.clock import Clock
from bot.delivery import inbox
from bot.delivery.making import Workshop
from bot.delivery.outbox import Call, StoredCall
from bot.delivery.sender import Sender
from bot.reports.makers import MAKERS
from bot.storage import meetings, offices
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector
from handlers import fallback, router
from handlers.desk import Desk
from handlers.taps import parse

BOT = Bot("1:secret-of-the-installation")
"""What an update comes through; nothing is sent by it."""

NOW = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)

_numbers = itertools.count(1)


class FixedClock(Clock):
    def now(self) -> datetime:
        return NOW + self.offset


@dataclass
class Sent:
    """The sender's place: it keeps what would go to Telegram, and takes it out of the outbox."""

    calls: list[Call] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)

    def submit(self, calls: Iterable[StoredCall]) -> None:
        self.calls.extend(item.call for item in calls)

    def answer(self, query_id: str, text: str, *, alert: bool) -> None:
        self.toasts.append(text)

    def call_soon(self, method: str, payload: dict[str, Any]) -> None:
        raise AssertionError(f"the database had no room: {method} {payload}")


class Chatter:
    """Somebody in their private chat with the bot."""

    def __init__(self, database: Database, person_id: int, name: str, language: str) -> None:
        self.id = person_id
        self.sent = Sent()
        self.clock = FixedClock()
        self._database = database
        self._user = {"id": person_id, "is_bot": False, "first_name": name, "language_code": language}
        self._chat = {"id": person_id, "type": "private", "first_name": name}
        self._desk = Desk(database, cast(Sender, self.sent), self.clock, "rakor_bot", "id")

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Messages from the bot, oldest first, as they were sent."""
        return [dict(call.payload) for call in self.sent.calls if call.method.startswith("send")]

    @property
    def said(self) -> str:
        """The text or caption of the bot's last message."""
        last = self.messages[-1]
        return str(last.get("text", last.get("caption")))

    @property
    def buttons(self) -> list[list[str]]:
        """The labels under the last message."""
        return [[button["text"] for button in row] for row in _rows(self.messages[-1])]

    def data_of(self, label: str) -> str:
        """The data of the newest button with this label."""
        for message in reversed(self.messages):
            for row in _rows(message):
                for button in row:
                    if button["text"] == label:
                        return str(button["callback_data"])
        raise AssertionError(
            f"{self._user['first_name']} sees no button {label!r}; the last message: {self.said}"
        )

    @property
    def page(self) -> dict[str, Any]:
        """What the bot wrote last, be it a message or another text for an old one."""
        return dict(self.sent.calls[-1].payload)

    async def presses(self, label: str) -> None:
        """Tap the button with this label on the page that the bot wrote last."""
        rows = _rows(self.page)
        labels = {button["text"]: button["callback_data"] for row in rows for button in row}
        assert label in labels, f"{list(labels)} under {self.page.get('text')}"
        await self.forges(labels[label])

    def file(self) -> bytes:
        """The content of the last file that the bot sent."""
        for message in reversed(self.messages):
            for value in message.values():
                if isinstance(value, dict) and "upload" in value:
                    return base64.b64decode(value["base64"])
        raise AssertionError("no file was sent")

    async def made_file(self) -> bytes:
        """The content of the last file that the bot promised to make, made now."""
        for call in reversed(self.sent.calls):
            if any(isinstance(value, dict) and "made_by" in value for value in call.payload.values()):
                method, payload = await Workshop(self._database, MAKERS).ready(
                    call.method, dict(call.payload)
                )
                assert method == call.method
                (file,) = (
                    value for value in payload.values() if isinstance(value, dict) and "upload" in value
                )
                return base64.b64decode(file["base64"])
        raise AssertionError("no file was promised")

    async def says(self, text: str) -> None:
        await self.sends({"text": text})

    async def sends(self, content: dict[str, Any]) -> None:
        """Any message; ``content`` is what it has beside sender and chat."""
        text = content.get("text", "")
        if text.startswith("/"):
            length = len(text.split()[0])
            content = {**content, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}
        message = {
            "message_id": next(_numbers),
            "date": int(NOW.timestamp()),
            "from": self._user,
            "chat": self._chat,
            **content,
        }
        await self._receive({"message": message})

    async def taps(self, label: str) -> None:
        await self.forges(self.data_of(label))

    async def forges(self, data: str) -> None:
        """Tap a button with this data, whether or not there is one."""
        message = {
            "message_id": next(_numbers),
            "date": int(NOW.timestamp()),
            "chat": self._chat,
            "text": "…",
        }
        query = {
            "id": str(next(_numbers)),
            "from": self._user,
            "chat_instance": "1",
            "message": message,
            "data": data,
        }
        await self._receive({"callback_query": query})

    async def _receive(self, content: dict[str, Any]) -> None:
        raw = {"update_id": next(_numbers), **content}
        await inbox.store(self._database, [raw])
        update = Update.de_json(raw, BOT)
        if update.callback_query is not None:
            kind, parts = parse(update.callback_query.data or "")
            known = router.taps().get(kind)
            await self._desk.serve(update, fallback.on_old_button if known is None else known.handler, parts)
        else:
            assert update.message is not None
            words = (update.message.text or "").split()
            command = router.commands().get(words[0][1:]) if words and words[0].startswith("/") else None
            if command is None:
                await self._desk.serve(update, router.on_private_message)
            else:
                await self._desk.serve(update, router._then_remind(command.handler), words[1:])

        async def send_all(tx: Transaction) -> None:
            await tx.run("DELETE FROM outbox")

        await self._database.write(send_all)
        # What the bot answered has a number too.
        next(_numbers)


def _rows(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return rows


@pytest.fixture
def ani(database: Database) -> Chatter:
    return Chatter(database, 1001, "Ani", "en")


@pytest.fixture
def budi(database: Database) -> Chatter:
    return Chatter(database, 1002, "Budi", "id")


@pytest.fixture
def citra(database: Database) -> Chatter:
    return Chatter(database, 1003, "Citra", "en")


@pytest.fixture
async def meeting(database: Database) -> Meeting:
    """A meeting that is open for registration: two seats for ``tni``, one for ``media``, ``kpu`` without a limit."""

    async def make(tx: Transaction) -> Meeting:
        office = await offices.save(
            tx,
            code="bawaslu-palembang",
            name="Bawaslu Kota Palembang",
            city="Palembang",
            timezone="Asia/Jakarta",
            locale="id",
            contact="0711 000000",
            now=NOW,
        )
        sectors = {"tni": "TNI", "media": "Press", "kpu": "KPU"}
        await offices.save_sectors(
            tx, office.id, [Sector(code, {"id": name, "en": name}) for code, name in sectors.items()]
        )
        meeting = await meetings.save(
            tx,
            office_id=office.id,
            code="rakor-1",
            title={"id": "Rakor Pertama", "en": "First Meeting"},
            theme={"id": "Sinergi", "en": "Synergy"},
            venue="Hotel Contoh",
            address="Jalan Contoh 1",
            starts_at=NOW + timedelta(hours=1),
            ends_at=NOW + timedelta(hours=7),
            timezone="Asia/Jakarta",
            state=meetings.OPEN,
            contact="",
            now=NOW,
        )
        for sector, quota in (("tni", 2), ("media", 1), ("kpu", None)):
            await meetings.save_quota(tx, meeting.id, sector, quota)
        return meeting

    return await database.write(make)
