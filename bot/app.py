"""Wires the running program together, and starts and stops it in the right order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot import first_organisers
from bot.clock import Clock
from bot.delivery import inbox, outbox
from bot.delivery.alarm import Alarm
from bot.delivery.api import Api
from bot.delivery.deliveries import Deliveries
from bot.delivery.failures import Kind, classify
from bot.delivery.fetching import Fetcher
from bot.delivery.making import Workshop
from bot.delivery.order import ChatOrder
from bot.delivery.outbox import StoredCall
from bot.delivery.progress import ProgressMessages
from bot.delivery.receiver import (
    ALLOWED_UPDATES,
    Poller,
    ReceiverStopped,
    TokenRefused,
)
from bot.delivery.rounds import Rounds
from bot.delivery.sender import Sender
from bot.delivery.wakeups import Wakeups
from bot.domain.people import admission, invited
from bot.first_organisers import Claim
from bot.reports import agreement
from bot.reports.makers import MAKERS
from bot.settings import Settings
from bot.storage import audiences, conversations, offices, uploads
from bot.storage.database import Database, StorageError, Transaction, connect
from bot.storage.migrations import migrate
from handlers import menu
from handlers.desk import Desk
from handlers.intake import Reception
from handlers.notices.broadcast_views import progress as progress_text
from handlers.people import committee_news
from handlers.reminders.reminder_views import ReminderTexts
from handlers.rounds import make_round
from handlers.router import connect as connect_routes
from handlers.router import intakes
from handlers.rules.rule_setting import prepare as prepare_rules

if TYPE_CHECKING:
    from bot.web.server import WebServer
    from bot.web.wall_events import Walls

logger = logging.getLogger(__name__)

STOP_SECONDS = 15.0
"""How long stopping may take before what is left in the inbox and outbox waits for the next start."""
PRUNE_SECONDS = 6 * 3600
DRAFTS_KEPT = timedelta(days=30)
"""How long a form that nobody goes on with is kept."""
SEATS_PAUSE_SECONDS = 0.05
"""How soon after one look the next may follow: every update of every person asks for one."""
SEATS_SECONDS = 60.0
"""How often the waiting lists are looked at while nothing happens."""


class Rakor:
    """The running bot. ``async with`` starts it; leaving stops it in good order."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        if settings.bot_token is None:
            raise ValueError("BOT_TOKEN is not set")
        self.settings = settings
        self.clock = clock or Clock()
        self.claims: list[Claim] = []
        """Links to print at the first start; empty once every office has an organiser."""
        self.stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the program cannot go on, with the reason as its exception."""
        self.database: Database = connect(settings.database_url)
        self.api = Api(settings.bot_token.get_secret_value(), settings.bot_api_url, settings.bulk_ceiling)
        self.order = ChatOrder()
        self.application = (
            Application.builder()
            .bot(self.api)
            .updater(None)
            .job_queue(None)
            .concurrent_updates(self.order)
            .build()
        )
        workshop = Workshop(self.database, (*MAKERS, *agreement.makers(self._secret)))
        self.sender = Sender(self.database, self.api.call, workshop.ready)
        self.deliveries = Deliveries(self.database, self.api.call, civil=self.clock.now)
        self.progress = ProgressMessages(self.database, self.api.call, progress_text)
        self.rounds = Rounds(self.database, self.clock, self.sender, make_round, self._after_round)
        self.wakeups = Wakeups(self.database, self.clock, ReminderTexts(), self.deliveries.wake)
        self._stack = contextlib.AsyncExitStack()
        self._arrived: asyncio.Queue[Sequence[Mapping[str, Any]]] = asyncio.Queue()
        self._web: WebServer | None = None
        self._walls: Walls | None = None
        self._site_tried = asyncio.Event()
        self._desk: Desk | None = None
        self._tasks: list[asyncio.Task[Any]] = []
        self._seats = asyncio.Event()

    @property
    def username(self) -> str:
        return self.api.username

    @property
    def _secret(self) -> bytes:
        """What only this installation knows, and no database, log or backup holds."""
        assert self.settings.bot_token is not None
        return self.settings.bot_token.get_secret_value().encode()

    async def __aenter__(self) -> Self:
        """Start: the database first, what a killed process left next, new updates last.

        Raises:
            StorageError: the database cannot be opened or upgraded.
            TokenRefused: Telegram does not know the token.
        """
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self.database)
            for name in await migrate(self.database):
                logger.info("applied migration %s", name, extra={"action": "migrated"})
            stack.push_async_callback(self.api.shutdown)
            await self._insist(self.api.initialize)
            self.claims = await first_organisers.appoint(
                self.database, self.settings.admin_ids, self.username, self.clock.now()
            )

            desk = Desk(self.database, self.sender, self.clock, self.username, self.settings.default_locale)
            desk.inline_mode = self.api.supports_inline_queries
            desk.report_url = self.settings.report_url
            self._desk = desk
            reception = Reception(self.database, Fetcher(self.api), intakes())
            connect_routes(self.application, desk, reception)
            await self.application.initialize()
            stack.push_async_callback(self.application.shutdown)
            stack.push_async_callback(self.sender.stop, STOP_SECONDS)
            await self.sender.recover()
            await self.deliveries.start()
            stack.push_async_callback(self.deliveries.stop, STOP_SECONDS)
            await self.progress.start()
            stack.push_async_callback(self.progress.stop)
            await self.wakeups.start()
            stack.push_async_callback(self.wakeups.stop)
            await self.rounds.start()
            stack.push_async_callback(self.rounds.stop)
            await self.application.start()
            stack.push_async_callback(self._finish_updates)
            stack.push_async_callback(self._stop_site)
            # Before any new update, so that each chat goes on where it was.
            self._arrived.put_nowait(await inbox.waiting(self.database))
            self._spawn("handing over", self._hand_over(), self._lasting_ended)
            self._spawn("waking", self._wake_after_updates(desk), self._lasting_ended)
            self._spawn("seats", self._offer_seats(), self._lasting_ended)
            self._spawn("pruning", self._prune(), self._lasting_ended)
            self._spawn("menus", self.refresh_menus(), _log_failure)
            self._spawn("search", asyncio.to_thread(prepare_rules), _log_failure)
            await self._receive(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Store raw updates and have them handled; returns once they are stored.

        Raises:
            StorageError: they are not; whoever brought them must bring them again.
        """
        self._arrived.put_nowait(await inbox.store(self.database, updates))

    async def _hand_over(self) -> None:
        """Unpack stored updates while Telegram is asked for the next ones already."""
        while True:
            for raw in await self._arrived.get():
                try:
                    update = Update.de_json(dict(raw), self.api)
                except Exception:  # whatever the library trips over: the others must not wait behind it
                    logger.exception(
                        "update %s cannot be read; it is passed over",
                        raw["update_id"],
                        extra={"action": "update.unreadable"},
                    )
                    await self._pass_over(raw["update_id"])
                else:
                    await self.application.update_queue.put(update)
                await asyncio.sleep(0)

    async def _pass_over(self, update_id: int) -> None:
        """Take an update out of the inbox that cannot be read; left there, it would come up at each start."""
        today = self.clock.now().date()
        with contextlib.suppress(StorageError):  # then it is met again after the next start
            await self.database.write(lambda tx: inbox.finish(tx, update_id, today))

    async def _insist(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call that starting needs, as long as it takes: a hall's network may come up after the machine."""
        pause = 1.0
        while True:
            try:
                await call()
                return
            except InvalidToken as error:
                raise TokenRefused from error
            except TelegramError as error:
                failure = classify(error)
                if failure.kind is Kind.UNAUTHORIZED:
                    raise TokenRefused from error
                logger.warning(
                    "%s cannot be reached (%s); trying again. `rakor doctor` tells more.",
                    self.settings.bot_api_url,
                    failure.text,
                    extra={"action": "telegram.unreachable"},
                )
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)

    async def _receive(self, stack: contextlib.AsyncExitStack) -> None:
        secret = self.settings.webhook_secret
        if self.settings.webhook and secret is not None:
            await self._serve_site(secret.get_secret_value())
            set_webhook = partial(
                self.api.set_webhook,
                f"{self.settings.public_url}/telegram",
                allowed_updates=ALLOWED_UPDATES,
                secret_token=secret.get_secret_value(),
            )
            await self._insist(set_webhook)
            logger.info("receiving updates by webhook", extra={"action": "receiving"})
            return
        await self._insist(self.api.delete_webhook)
        alarm = Alarm(self.database, self.sender, self.settings.default_locale).tell
        poller = asyncio.create_task(Poller(self.api, self.take, alarm).run(), name="poller")
        poller.add_done_callback(self._lasting_ended)
        stack.push_async_callback(_cancel, poller)
        self._spawn("pages", self._serve_site(None), _log_failure)

    def _lasting_ended(self, task: asyncio.Task[Any]) -> None:
        """Without one of its lasting tasks the program would look alive and do half of its work: end it."""
        if not task.cancelled() and not self.stopped.done():
            self.stopped.set_exception(task.exception() or ReceiverStopped(f"{task.get_name()} ended"))

    async def _serve_site(self, secret: str | None) -> None:
        # Imported here: by polling, the bot receives before it has loaded a web server.
        from bot.web import wall
        from bot.web.errors import PortTaken
        from bot.web.server import WebServer
        from bot.web.site import site
        from bot.web.wall_events import Walls

        self._walls = Walls(self.database, self.clock, self._secret)
        application = site(
            health=self._health,
            take=self.take if secret else None,
            secret=secret,
            pages=wall.routes(self._walls, self.username),
        )
        server = WebServer(application, self.settings.web_host, self.settings.web_port)
        try:
            await server.start()
        except PortTaken as error:
            if secret:
                raise
            logger.warning(
                "no pages (wall, health): %s cannot be listened on (WEB_HOST, WEB_PORT)",
                error,
                extra={"action": "web.failed"},
            )
            self._site_tried.set()
            return
        self._web = server
        assert self._desk is not None
        self._desk.site_url = self.settings.public_url or server.url
        self._site_tried.set()

    async def site_url(self) -> str:
        """The address of the bot's pages, as soon as they are served; empty where they cannot be."""
        await self._site_tried.wait()
        return "" if self._desk is None else self._desk.site_url

    async def _stop_site(self) -> None:
        if self._walls is not None:
            await self._walls.close()
        if self._web is not None:
            await self._web.stop()

    async def _health(self) -> Mapping[str, Any]:
        async def work(tx: Transaction) -> int:
            return int(await tx.value("SELECT COUNT(*) FROM inbox WHERE done_on IS NULL"))

        return {"updates_waiting": await self.database.read(work), "calls_waiting": self.sender.waiting}

    async def _finish_updates(self) -> None:
        """Stop receiving, then let the updates in hand end; those that do not are applied after the next start."""
        for task in self._tasks:
            await _cancel(task)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.application.stop(), STOP_SECONDS)

    def wake(self) -> None:
        """Look now for what is due, and have walls look: after a change to meetings, or when the clock was moved."""
        self.rounds.wake()
        self.wakeups.wake()
        self._seats.set()
        self.deliveries.wake()
        self.progress.wake()
        if self._walls is not None:
            self._walls.wake()

    def _after_round(self) -> None:
        """A round may have opened a session or made a broadcast."""
        self.deliveries.wake()
        if self._walls is not None:
            self._walls.wake()

    async def _wake_after_updates(self, desk: Desk) -> None:
        """What an update changed may be due at once: an announcement, a reminder set for now."""
        while True:
            await desk.after.wait()
            desk.after.clear()
            self.wake()

    async def _offer_seats(self) -> None:
        """Give seats to who waits for them, whatever made them free: a withdrawal, an erasure, a larger quota."""
        while True:
            with contextlib.suppress(TimeoutError):
                # Another process, such as an import, may have changed a quota.
                await asyncio.wait_for(self._seats.wait(), SEATS_SECONDS)
            self._seats.clear()
            try:
                if await self.database.read(admission.has_waiting):
                    self.sender.submit(await self.database.write(_move_up))
            except StorageError as error:
                logger.warning("the waiting lists stay as they are until the next time: %s", error)
            await asyncio.sleep(SEATS_PAUSE_SECONDS)

    async def refresh_menus(self) -> None:
        """Show what this version can do: its description, everybody's commands and those of members of an office."""
        menus = [*menu.general_menus(), *await self.database.read(menu.members_menus)]
        for method, payload in [*(("setMyCommands", item) for item in menus), *menu.descriptions()]:
            try:
                await self.api.call(method, payload)
            except TelegramError as error:
                # A member who never wrote to the bot has no chat to put a menu into.
                logger.info("%s was refused: %s", method, classify(error).text)

    async def _prune(self) -> None:
        while True:
            try:
                await self.database.write(self._forget_what_is_old)
            except StorageError as error:
                logger.warning("what is old stays until the next time: %s", error)
            await asyncio.sleep(PRUNE_SECONDS)

    async def _forget_what_is_old(self, tx: Transaction) -> None:
        now = self.clock.now()
        await inbox.prune(tx, now.date())
        await conversations.prune(tx, now - DRAFTS_KEPT)
        await offices.prune_claims(tx, now)
        await uploads.prune(tx, now - DRAFTS_KEPT)
        await audiences.prune_choices(tx, now - DRAFTS_KEPT)
        await invited.forget_what_is_old(tx, now)

    def _spawn(
        self, name: str, work: Coroutine[Any, Any, None], ended: Callable[[asyncio.Task[None]], object]
    ) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(ended)
        self._tasks.append(task)


async def _move_up(tx: Transaction) -> list[StoredCall]:
    return await outbox.add(tx, await committee_news.moved_up(tx))


def _log_failure(task: asyncio.Task[Any]) -> None:
    """Say that work failed which the rest can do without."""
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("%s failed", task.get_name(), exc_info=error, extra={"action": "task.failed"})


async def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
