"""The bots that Rakor Bot is measured beside: a read, a write and a reply, as the libraries' own examples have it."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import aiosqlite

SCHEMA = "CREATE TABLE seen (person BIGINT PRIMARY KEY, times BIGINT NOT NULL)"
READ = "SELECT times FROM seen WHERE person = ?"
WRITE = (
    "INSERT INTO seen (person, times) VALUES (?, 1) ON CONFLICT (person) DO UPDATE SET times = seen.times + 1"
)


async def open_database() -> aiosqlite.Connection:
    connection = await aiosqlite.connect(Path(tempfile.mkdtemp()) / "plain.db")
    await connection.execute("PRAGMA journal_mode = WAL")
    await connection.execute(SCHEMA)
    await connection.commit()
    return connection


async def note(connection: aiosqlite.Connection, person: int) -> None:
    await connection.execute_fetchall(READ, (person,))
    await connection.execute(WRITE, (person,))
    await connection.commit()


def run_ptb() -> None:
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    databases: list[aiosqlite.Connection] = []

    async def open_first(_: object) -> None:
        databases.append(await open_database())

    async def reply(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        assert update.effective_user is not None
        await note(databases[0], update.effective_user.id)
        await update.message.reply_text(update.message.text or "")

    application = (
        Application.builder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{os.environ['BOT_API_URL']}/bot")
        .post_init(open_first)
        .build()
    )
    application.add_handler(MessageHandler(filters.ALL, reply))
    application.run_polling()


async def run_aiogram() -> None:
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    connection = await open_database()
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def reply(message: Message) -> None:
        assert message.from_user is not None
        await note(connection, message.from_user.id)
        await message.answer(message.text or "")

    server = TelegramAPIServer.from_base(os.environ["BOT_API_URL"])
    await dispatcher.start_polling(Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server)))


if __name__ == "__main__":
    if sys.argv[1:] == ["ptb"]:
        run_ptb()
    else:
        asyncio.run(run_aiogram())
