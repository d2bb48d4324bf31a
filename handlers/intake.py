"""Files whose content a journey reads: fetched and read before the transaction that answers them.

A handler runs inside its update's transaction and may wait for nothing, so it cannot download. A journey therefore
declares an :class:`Intake`. When somebody sends a photo or document in private,

1. a read transaction asks every intake whether it wants it (``wants``; a form that waits, a role, a file's name);
2. if one does, the file is downloaded, within limits, while only this chat waits;
3. ``read`` turns the bytes into what the handler needs, in a thread; the first whose answer is not None has it;
4. the handler runs in the update's transaction as any other, with the result in ``turn.content``.

The update stays in the inbox until step 4 commits, so a process killed in between fetches the file again: once is
still once. What nobody wants goes on to forms and the fallback, as every message does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from telegram import Message, Update

from bot import sheets
from bot.delivery.fetching import DOWNLOAD_LIMIT, Fetcher, NotFetched, TooLarge
from bot.storage import conversations
from bot.storage.database import Database, Transaction
from handlers.routing import Handler
from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Offered:
    """A photo or document that somebody sent in private."""

    kind: str
    """``photo`` or ``document``."""
    file_id: str
    name: str
    """As it was sent, not to be trusted; empty for photos."""
    size: int | None

    @property
    def suffix(self) -> str:
        """``.xlsx``; empty for none."""
        _, dot, suffix = self.name.lower().rpartition(".")
        return dot + suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One kind of file whose content is read."""

    wants: Callable[[Transaction, int, Offered], Awaitable[bool]]
    """Whether this file of this person may be meant for the journey; asked in a read transaction, before fetching."""
    read: Callable[[bytes, Offered], Any]
    """What the handler needs of the content; None when it is meant for another journey after all. Runs in a thread.

    It may raise :class:`bot.sheets.Unreadable`, whose sentence is then the answer.
    """
    handler: Handler
    """Finds what was read in ``turn.content``."""
    limit_bytes: int = DOWNLOAD_LIMIT


class Prepared(NamedTuple):
    """Which handler answers a message, and with what content."""

    handler: Handler
    content: Any = None


class Reception:
    """Decides what becomes of a file before its transaction begins."""

    def __init__(self, database: Database, fetcher: Fetcher, intakes: Sequence[Intake]) -> None:
        self._database = database
        self._fetcher = fetcher
        self._intakes = intakes

    async def prepare(self, update: Update, otherwise: Handler) -> Prepared:
        """The handler for a private message; ``otherwise`` where no intake wants what it brings."""
        offered, user = offered_by(update.message), update.effective_user
        if offered is None or user is None:
            return Prepared(otherwise)

        async def wanting(tx: Transaction) -> list[Intake]:
            return [intake for intake in self._intakes if await intake.wants(tx, user.id, offered)]

        intakes = await self._database.read(wanting)
        if not intakes:
            return Prepared(otherwise)
        limit = max(intake.limit_bytes for intake in intakes)
        try:
            if (offered.size or 0) > limit:
                raise TooLarge
            content = await self._fetcher.fetch(offered.file_id, limit)
        except TooLarge:
            return Prepared(_too_large(limit))
        except NotFetched:
            return Prepared(_not_fetched)
        return await asyncio.to_thread(_read, intakes, content, offered, otherwise)


def _read(intakes: Sequence[Intake], content: bytes, offered: Offered, otherwise: Handler) -> Prepared:
    try:
        for intake in intakes:
            value = intake.read(content, offered)
            if value is not None:
                return Prepared(intake.handler, value)
    except sheets.Unreadable as problem:
        return Prepared(_unreadable(problem))
    return Prepared(otherwise)


def offered_by(message: Message | None) -> Offered | None:
    """The photo (its largest size) or document of a message; None when it brings neither."""
    if message is None:
        return None
    if message.photo:
        photo = message.photo[-1]
        return Offered("photo", photo.file_id, "", photo.file_size)
    if message.document is not None:
        document = message.document
        return Offered("document", document.file_id, document.file_name or "", document.file_size)
    return None


async def open_form(tx: Transaction, person_id: int) -> str | None:
    """The name of the form that waits in a person's private chat: for ``wants``."""
    conversation = await conversations.find(tx, person_id, person_id)
    return None if conversation is None else conversation.form


def _too_large(limit: int) -> Handler:
    async def handler(turn: Turn) -> None:
        text = turn.t.gettext("That file is too big. Files may have up to {limit} MB.")
        turn.reply(text.format(limit=limit // 1_000_000))

    return handler


async def _not_fetched(turn: Turn) -> None:
    turn.reply(
        turn.t.gettext(
            "I could not get the file from Telegram. Nothing was changed; please send it once more."
        )
    )


def _unreadable(problem: sheets.Unreadable) -> Handler:
    async def handler(turn: Turn) -> None:
        text = turn.t.gettext("⚠️ <b>The file was not taken. Nothing was changed.</b>\n\n{reason}")
        turn.reply(text.format(reason=escape(problem.text(turn.t), quote=False)))

    return handler
