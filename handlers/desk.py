"""Applies an update: one transaction from the stored update to the stored answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, NamedTuple

from telegram import Chat, Update

from bot.clock import Clock
from bot.delivery import inbox, outbox
from bot.delivery.outbox import StoredCall
from bot.delivery.sender import Sender
from bot.domain.errors import Refusal
from bot.i18n import closest_locale, translator
from bot.storage import groups, people
from bot.storage.database import Database, StorageFull, StorageUnavailable, Transaction
from handlers.fallback import on_old_button
from handlers.refusals import sentence_for
from handlers.routing import Handler
from handlers.taps import BadTap
from handlers.turn import Turn

logger = logging.getLogger(__name__)

STORAGE_PAUSE_SECONDS = 5.0
"""How long to wait before a transaction is tried again that found the disk full or the database gone."""


class _Applied(NamedTuple):
    calls: list[StoredCall]
    answer: str = ""
    alert: bool = False
    inline: Mapping[str, Any] | None = None


class Desk:
    """Where updates are applied. ``after`` hears of each that was, e.g. to look for broadcasts that are due now."""

    def __init__(
        self, database: Database, sender: Sender, clock: Clock, bot_username: str, locale: str
    ) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._bot_username = bot_username
        self._locale = locale
        self.after: asyncio.Event = asyncio.Event()
        self.inline_mode = False
        """Whether people can ask the bot from any chat."""
        self.site_url = ""
        """The address of the bot's pages, once they are served."""
        self.report_url = ""
        """Where violations are reported."""

    async def serve(
        self, update: Update, handler: Handler, args: Sequence[str] = (), content: Any = None
    ) -> None:
        """Apply ``update`` with ``handler``, exactly once however often Telegram or a restart brings it."""
        try:
            applied = await self._insist(update, handler, args, content)
        except BadTap:
            applied = await self._insist(update, on_old_button, args)
        except Refusal as refusal:
            applied = await self._insist(update, refuse(refusal), args)
        except Exception:
            logger.exception("update %s failed", update.update_id, extra={"action": "update.failed"})
            applied = await self._insist(update, apologise, args)
        self._sender.submit(applied.calls)
        if update.callback_query is not None:
            self._sender.answer(update.callback_query.id, applied.answer, alert=applied.alert)
        if update.inline_query is not None and applied.inline is not None:
            # Not stored: Telegram takes the answer for half a minute, and people type on meanwhile.
            answer = {"inline_query_id": update.inline_query.id, **applied.inline}
            self._sender.call_soon("answerInlineQuery", answer)
        self.after.set()

    async def _insist(
        self, update: Update, handler: Handler, args: Sequence[str], content: Any = None
    ) -> _Applied:
        """Apply, and while the database has no room or is away, say so once and go on trying.

        The update keeps its chat's place meanwhile, and stays in the inbox if the process ends.
        """
        told = False
        while True:
            try:
                return await self._database.write(lambda tx: self._apply(tx, update, handler, args, content))
            except (StorageFull, StorageUnavailable) as error:
                logger.error(
                    "update %s waits: %s", update.update_id, error, extra={"action": "storage.failed"}
                )
                if not told:
                    told = True
                    self._say_wait(update)
                await asyncio.sleep(STORAGE_PAUSE_SECONDS)

    async def _apply(
        self, tx: Transaction, update: Update, handler: Handler, args: Sequence[str], content: Any
    ) -> _Applied:
        now = self._clock.now()
        if not await inbox.finish(tx, update.update_id, now.astimezone(UTC).date()):
            return _Applied([])
        user = update.effective_user
        chat = update.effective_chat
        if user is None or (chat is None and update.inline_query is None):
            return _Applied([])
        private = chat is not None and chat.type == Chat.PRIVATE
        telegram_locale = closest_locale(user.language_code, self._locale)
        person = await people.see(tx, user.id, telegram_locale, now.date(), private=private)
        locale = person.locale
        if chat is not None and not private:
            group = await groups.find(tx, chat.id)
            locale = (group.locale if group is not None else None) or self._locale
        turn = Turn(
            tx=tx,
            update=update,
            now=now,
            person=person,
            t=translator(locale),
            bot_username=self._bot_username,
            site_url=self.site_url,
            report_url=self.report_url,
            inline_mode=self.inline_mode,
            args=args,
            content=content,
        )
        await handler(turn)
        calls = await outbox.add(tx, turn.calls)
        return _Applied(calls, turn.answer_text, turn.answer_alert, turn.inline_answer)

    def _say_wait(self, update: Update) -> None:
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or chat.type != Chat.PRIVATE:
            return
        t = translator(closest_locale(user.language_code, self._locale))
        text = t.gettext(
            "The office's computer cannot save anything at the moment. What you sent is not lost: I will answer as"
            " soon as it can. You need not send it again."
        )
        self._sender.call_soon("sendMessage", {"chat_id": chat.id, "text": text})


async def apologise(turn: Turn) -> None:
    """Say that something went wrong here, in the place of a handler that failed."""
    text = turn.t.gettext(
        "Sorry, something went wrong on our side. Nothing that you entered before is lost. Please try once more; if it"
        " happens again, tell the committee."
    )
    if turn.is_private:
        turn.reply(text)
    else:
        turn.answer(text[:200])


def refuse(refusal: Refusal) -> Handler:
    """A handler that says why something cannot be."""

    async def handler(turn: Turn) -> None:
        text = sentence_for(refusal, turn.t)
        if turn.update.callback_query is not None:
            turn.answer(text[:200], alert=True)
            if not turn.is_private:
                return
        turn.reply(text)

    return handler
