"""The bots that Rakor Bot's sending is measured beside: each library's usual way of writing to many.

Every one answers /bantuan and, on /siaran, writes to the ids in the file whose name it gets: python-telegram-bot's own
rate limiter under ``gather`` (the way of its documentation), a plain loop with a pause, and the loop of aiogram's
documentation, which waits as Telegram asks and pauses a twentieth of a second after each message.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

TEXT = "Apel pukul tujuh."
PAUSE_SECONDS = 1 / 30
AIOGRAM_PAUSE_SECONDS = 0.05


def recipients() -> list[int]:
    ids: list[int] = json.loads(Path(sys.argv[2]).read_text())
    return ids


def run_ptb(*, limiter: bool) -> None:
    from telegram import Bot, Update
    from telegram.error import RetryAfter
    from telegram.ext import AIORateLimiter, Application, CommandHandler, ContextTypes

    async def gathered(bot: Bot) -> None:
        await asyncio.gather(*(bot.send_message(chat_id, TEXT) for chat_id in recipients()))

    async def looped(bot: Bot) -> None:
        for chat_id in recipients():
            while True:
                try:
                    await bot.send_message(chat_id, TEXT)
                    break
                except RetryAfter as error:
                    await asyncio.sleep(float(error.retry_after))  # type: ignore[arg-type]
            await asyncio.sleep(PAUSE_SECONDS)

    async def on_help(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text("Yang dapat Anda lakukan")

    async def on_broadcast(_: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        work: Callable[[Bot], Awaitable[None]] = gathered if limiter else looped
        await work(context.bot)

    builder = (
        Application.builder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{os.environ['BOT_API_URL']}/bot")
        .concurrent_updates(True)
        .connection_pool_size(256)
        .pool_timeout(60)
    )
    application = (builder.rate_limiter(AIORateLimiter(max_retries=100)) if limiter else builder).build()
    application.add_handlers([CommandHandler("bantuan", on_help), CommandHandler("siaran", on_broadcast)])
    application.run_polling()


async def run_aiogram() -> None:
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import TelegramRetryAfter
    from aiogram.filters import Command
    from aiogram.types import Message

    dispatcher = Dispatcher()
    bot = Bot(
        os.environ["BOT_TOKEN"],
        session=AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BOT_API_URL"])),
    )

    @dispatcher.message(Command("bantuan"))
    async def on_help(message: Message) -> None:
        await message.answer("Yang dapat Anda lakukan")

    @dispatcher.message(Command("siaran"))
    async def on_broadcast(message: Message) -> None:
        for chat_id in recipients():
            while True:
                try:
                    await bot.send_message(chat_id, TEXT)
                    break
                except TelegramRetryAfter as error:
                    await asyncio.sleep(error.retry_after)
            await asyncio.sleep(AIOGRAM_PAUSE_SECONDS)

    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    if sys.argv[1] == "aiogram":
        asyncio.run(run_aiogram())
    else:
        run_ptb(limiter=sys.argv[1] == "ptb")
