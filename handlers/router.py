"""Python-telegram-bot's application with every journey's routes: which update goes to which handler."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from handlers import fallback, groups, private_chat
from handlers.attendance import self_check_in
from handlers.desk import Desk
from handlers.dialogue import receipts
from handlers.forms import forms
from handlers.intake import Intake, Reception
from handlers.journeys import JOURNEYS
from handlers.meeting import materials
from handlers.notices import office_questions
from handlers.routing import Command, Handler, Tap
from handlers.rules import rule_sharing
from handlers.taps import parse
from handlers.turn import Turn

Context = CallbackContext[Any, Any, Any, Any]


def commands() -> dict[str, Command]:
    """Every command by each of its names."""
    return {name: command for journey in JOURNEYS for command in journey.commands for name in command.names}


def taps() -> dict[str, Tap]:
    """Every kind of button data with its handler."""
    return {tap.kind: tap for journey in JOURNEYS for tap in journey.taps}


def intakes() -> list[Intake]:
    """The kinds of files whose content some journey reads."""
    return [intake for journey in JOURNEYS for intake in journey.intakes]


def connect(application: Application[Any, Any, Any, Any, Any, Any], desk: Desk, reception: Reception) -> None:
    """Add the routes. The first that fits an update is the only one that handles it."""
    by_name, by_kind = commands(), taps()

    async def on_command(update: Update, context: Context) -> None:
        assert update.message is not None
        # The command ends where Telegram says, not at the next blank: "/agenda, please".
        written = (update.message.text or "")[1 : update.message.entities[0].length]
        command = by_name[written.partition("@")[0].lower()]
        handler = command.handler if command.in_groups else _in_private(command)
        await desk.serve(update, _then_remind(handler), context.args or ())

    async def on_tap(update: Update, context: Context) -> None:
        assert update.callback_query is not None
        kind, parts = parse(update.callback_query.data or "")
        tap = by_kind.get(kind)
        await desk.serve(update, fallback.on_old_button if tap is None else tap.handler, parts)

    async def on_message(update: Update, context: Context) -> None:
        prepared = await reception.prepare(update, on_private_message)
        await desk.serve(update, prepared.handler, content=prepared.content)

    def to(handler: Handler) -> Any:
        async def callback(update: Update, context: Context) -> None:
            await desk.serve(update, handler)

        return callback

    new = filters.UpdateType.MESSAGE
    private = filters.ChatType.PRIVATE
    application.add_handlers(
        [
            CommandHandler(list(by_name), on_command, filters=new),
            CallbackQueryHandler(on_tap),
            InlineQueryHandler(to(rule_sharing.on_inline)),
            ChatMemberHandler(to(groups.on_membership), ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(new & private, on_message),
            MessageHandler(filters.UpdateType.EDITED_MESSAGE & private, to(fallback.on_edit)),
            MessageHandler(new & filters.ChatType.GROUPS, to(groups.on_group_message)),
            # The rest concerns nobody, but must leave the inbox.
            TypeHandler(Update, to(fallback.on_nothing)),
        ]
    )


async def on_private_message(turn: Turn) -> None:
    """Answer whatever is written in private: to the question of a form, or else."""
    message = turn.update.message
    if message is not None and message.via_bot is not None:
        # What this person chose in inline mode and put here is an answer already, and none to a form.
        await forms.remind(turn)
    elif (
        not await office_questions.take(turn)
        and not await receipts.take(turn)
        and not await forms.take(turn)
        and not await self_check_in.take(turn)
        and not await materials.take(turn)
    ):
        await fallback.on_unexpected(turn)


def _in_private(command: Command) -> Handler:
    """In a group, lead to the private chat instead: what follows is personal."""

    async def handler(turn: Turn) -> None:
        if turn.is_private:
            await command.handler(turn)
        else:
            private_chat.lead(turn, command.names[0])

    return handler


def _then_remind(handler: Handler) -> Handler:
    """After a command in the middle of a form, ask its question again."""

    async def with_reminder(turn: Turn) -> None:
        await handler(turn)
        if turn.is_private:
            await forms.remind(turn)

    return with_reminder
