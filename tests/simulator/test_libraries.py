"""A small bot in each library, by polling and by webhook, runs the same scenario."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiogram
import aiohttp.web
import pytest
import telegram
import telegram.ext
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.webhook.aiohttp_server import SimpleRequestHandler

from simulator.driver import Telegram

SECRET = "rahasia-7"
Scenario = Callable[[Telegram], Awaitable[None]]


async def _talk(tg: Telegram) -> None:
    siti, budi = tg.person("Siti"), tg.person("Budi")
    await siti.start("rakor")
    await siti.sees("Selamat datang, Siti: rakor")
    await siti.taps("Daftar")
    await siti.is_told("Baik")
    assert (await siti.sees("Terdaftar")).labels == []
    group = tg.group("Rakor", [siti, budi])
    await group.adds_bot(by=siti)
    await group.says(budi, "/start@rakor_sim_bot")
    await group.sees("Selamat datang, Budi: -")
    await tg.updates_taken()


@contextlib.asynccontextmanager
async def _listening(handler: Callable[[aiohttp.web.Request], Awaitable[Any]]) -> AsyncIterator[str]:
    app = aiohttp.web.Application()
    app.router.add_post("/hook", handler)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


async def _ptb(tg: Telegram, scenario: Scenario, *, webhook: bool) -> None:
    async def on_start(update: telegram.Update, context: telegram.ext.ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        assert update.effective_user is not None
        payload = context.args[0] if context.args else "-"
        button = telegram.InlineKeyboardButton("Daftar", callback_data="daftar")
        await update.effective_message.reply_html(
            f"Selamat datang, <b>{update.effective_user.first_name}</b>: {payload}",
            reply_markup=telegram.InlineKeyboardMarkup.from_button(button),
        )

    async def on_tap(update: telegram.Update, context: telegram.ext.ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("Baik")
        await update.callback_query.edit_message_text("Terdaftar")

    application = (
        telegram.ext.ApplicationBuilder()
        .token(tg.token)
        .base_url(f"{tg.url}/bot")
        .base_file_url(f"{tg.url}/file/bot")
        .build()
    )
    application.add_handler(telegram.ext.CommandHandler("start", on_start))
    application.add_handler(telegram.ext.CallbackQueryHandler(on_tap))

    async def take(request: aiohttp.web.Request) -> aiohttp.web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
        update = telegram.Update.de_json(await request.json(), application.bot)
        await application.update_queue.put(update)
        return aiohttp.web.Response()

    async with application, contextlib.AsyncExitStack() as stack:
        assert application.updater is not None
        if webhook:
            url = await stack.enter_async_context(_listening(take))
            await application.bot.set_webhook(url, secret_token=SECRET)
        else:
            await application.updater.start_polling()
        await application.start()
        await scenario(tg)
        if webhook:
            await application.bot.delete_webhook()
        else:
            await application.updater.stop()
        await application.stop()


async def _aiogram(tg: Telegram, scenario: Scenario, *, webhook: bool) -> None:
    dispatcher = aiogram.Dispatcher()

    @dispatcher.message(aiogram.filters.CommandStart())
    async def on_start(message: aiogram.types.Message, command: aiogram.filters.CommandObject) -> None:
        assert message.from_user is not None
        button = aiogram.types.InlineKeyboardButton(text="Daftar", callback_data="daftar")
        await message.answer(
            f"Selamat datang, <b>{message.from_user.first_name}</b>: {command.args or '-'}",
            parse_mode="HTML",
            reply_markup=aiogram.types.InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )

    @dispatcher.callback_query()
    async def on_tap(query: aiogram.types.CallbackQuery) -> None:
        assert isinstance(query.message, aiogram.types.Message)
        await query.answer("Baik")
        await query.message.edit_text("Terdaftar")

    session = AiohttpSession(api=TelegramAPIServer.from_base(tg.url))
    async with aiogram.Bot(tg.token, session=session) as bot:
        if webhook:
            handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET)
            async with _listening(handler.handle) as url:
                await bot.set_webhook(url, secret_token=SECRET)
                await scenario(tg)
                await bot.delete_webhook()
        else:
            polling = asyncio.create_task(
                dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
            )
            await scenario(tg)
            await dispatcher.stop_polling()
            await polling


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("run", [_ptb, _aiogram], ids=["python-telegram-bot", "aiogram"])
async def test_the_same_scenario(tg: Telegram, run: Callable[..., Awaitable[None]], webhook: bool) -> None:
    await run(tg, _talk, webhook=webhook)

    assert [call.description for call in tg.calls if call.status != 200] == []
