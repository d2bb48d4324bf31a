"""A small bot in each library, by polling and by webhook, runs the same scenario."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiogram
import aiogram.exceptions
import aiohttp.web
import pytest
import telegram
import telegram.error
import telegram.ext
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.webhook.aiohttp_server import SimpleRequestHandler

from simulator.driver import Telegram
from tests.simulator.conftest import Client, RawClient

SECRET = "rahasia-7"
Scenario = Callable[[Telegram, Any], Awaitable[None]]
"""Gets the library's bot beside the world."""


class Gate:
    """What stands before a webhook: statuses that it answers with before anything is let through."""

    def __init__(self, *statuses: int, held: int = 0) -> None:
        self.statuses = list(statuses)
        self.held = held
        """A status for as long as the test wishes; 0 lets through."""
        self.updates: list[int] = []

    async def status(self, request: aiohttp.web.Request) -> int:
        self.updates.append((await request.json())["update_id"])
        return self.statuses.pop(0) if self.statuses else self.held


async def _talk(tg: Telegram, bot: Any) -> None:
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
async def _listening(
    handler: Callable[[aiohttp.web.Request], Awaitable[Any]], gate: Gate
) -> AsyncIterator[str]:
    async def guarded(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        status = await gate.status(request)
        if status:
            return aiohttp.web.Response(status=status)
        response: aiohttp.web.StreamResponse = await handler(request)
        return response

    app = aiohttp.web.Application()
    app.router.add_post("/hook", guarded)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


async def _ptb(
    tg: Telegram, scenario: Scenario, *, webhook: bool, gate: Gate | None = None, secret: str = SECRET
) -> None:
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
        # What python-telegram-bot's own webhook server does, which needs tornado.
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return aiohttp.web.Response(status=403)
        update = telegram.Update.de_json(await request.json(), application.bot)
        await application.update_queue.put(update)
        return aiohttp.web.Response()

    async with application, contextlib.AsyncExitStack() as stack:
        assert application.updater is not None
        if webhook:
            url = await stack.enter_async_context(_listening(take, gate or Gate()))
            await application.bot.set_webhook(url, secret_token=secret)
        else:
            await application.updater.start_polling()
        await application.start()
        await scenario(tg, application.bot)
        if webhook:
            await application.bot.delete_webhook()
        else:
            await application.updater.stop()
        await application.stop()


async def _aiogram(
    tg: Telegram, scenario: Scenario, *, webhook: bool, gate: Gate | None = None, secret: str = SECRET
) -> None:
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
            async with _listening(handler.handle, gate or Gate()) as url:
                await bot.set_webhook(url, secret_token=secret)
                await scenario(tg, bot)
                await bot.delete_webhook()
        else:
            polling = asyncio.create_task(
                dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
            )
            await scenario(tg, bot)
            await dispatcher.stop_polling()
            await polling


Run = Callable[..., Awaitable[None]]
both = pytest.mark.parametrize("run", [_ptb, _aiogram], ids=["python-telegram-bot", "aiogram"])


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@both
async def test_the_same_scenario(tg: Telegram, run: Run, webhook: bool) -> None:
    await run(tg, _talk, webhook=webhook)

    assert [call.description for call in tg.calls if call.status != 200] == []


@both
async def test_a_webhook_that_fails_gets_the_update_again(tg: Telegram, run: Run) -> None:
    gate = Gate(500, 404, held=503)
    tg.world.webhook.first_pause_seconds = 0.01

    async def scenario(tg: Telegram, bot: Any) -> None:
        siti = tg.person("Siti")
        await siti.start()
        await tg.until(lambda: len(gate.updates) >= 3, "three attempts")
        info = await bot.get_webhook_info()
        assert (info.pending_update_count, info.last_error_message) == (
            1,
            "Wrong response from the webhook: 503 Service Unavailable",
        )
        assert siti.inbox == []
        gate.held = 0
        await siti.sees("Selamat datang, Siti")
        await tg.updates_taken()
        assert (await bot.get_webhook_info()).pending_update_count == 0
        assert len(siti.inbox) == 1

    await run(tg, scenario, webhook=True, gate=gate)

    assert len(set(gate.updates)) == 1


@both
async def test_a_wrong_secret_token_is_turned_away(tg: Telegram, run: Run) -> None:
    gate = Gate()
    tg.world.webhook.first_pause_seconds = 0.01

    async def scenario(tg: Telegram, bot: Any) -> None:
        siti = tg.person("Siti")
        await siti.start()
        await tg.until(lambda: len(gate.updates) >= 2, "two attempts")
        info = await bot.get_webhook_info()
        assert info.last_error_message.startswith("Wrong response from the webhook: 40")
        assert (info.pending_update_count, siti.inbox) == (1, [])
        await bot.set_webhook(info.url, secret_token=SECRET)
        await siti.sees("Selamat datang, Siti")

    await run(tg, scenario, webhook=True, gate=gate, secret="palsu")


_CONFLICTS = (telegram.error.Conflict, aiogram.exceptions.TelegramConflictError)


async def test_polling_beside_a_webhook_is_a_conflict(tg: Telegram, client: Client) -> None:
    await client.bot.set_webhook("http://127.0.0.1:1/hook")

    with pytest.raises(_CONFLICTS, match="can't use getUpdates method while webhook is active"):
        await client.bot.get_updates()

    await client.bot.delete_webhook()
    assert list(await client.bot.get_updates(timeout=0)) == []


async def test_a_webhook_ends_the_poll_that_waits(tg: Telegram, client: Client) -> None:
    poll = asyncio.ensure_future(client.bot.get_updates(timeout=30))
    await tg.bot_is_up()

    await client.bot.set_webhook("http://127.0.0.1:1/hook")

    with pytest.raises(_CONFLICTS, match="terminated by setWebhook request"):
        await poll
    await client.bot.delete_webhook()


async def test_of_two_that_poll_the_first_gives_way(tg: Telegram, client: Client, raw: RawClient) -> None:
    poll = asyncio.ensure_future(client.bot.get_updates(timeout=30))
    await tg.bot_is_up()

    other = asyncio.create_task(raw.updates(timeout=30))

    with pytest.raises(_CONFLICTS, match="terminated by other getUpdates request"):
        await poll
    siti = tg.person("Siti")
    await siti.says("halo")
    assert [update["message"]["text"] for update in await other] == ["halo"]
