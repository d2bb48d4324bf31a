"""The one place that every outgoing call passes: :class:`Pace`, between ``ExtBot`` and the transport.

What may leave when is decided in :mod:`bot.delivery.budget`; here calls wait for it and are made again after a 429.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.delivery.budget import BULK_PER_SECOND, Budget, Figures
from bot.delivery.failures import NotSent, seconds_to_wait
from bot.delivery.limits import ChatKey, Priority, Ticket

__all__ = ["Figures", "Pace", "Priority"]

logger = logging.getLogger(__name__)

TRIES = 5
"""How often a call is made that Telegram answers with 429 each time."""
PATIENCE_SECONDS = {Priority.REPLY: 60.0, Priority.BULK: 900.0}
"""How long a call waits in memory for what Telegram asked for; a longer wait belongs into a row."""

_MESSAGES = ("send", "copyMessage", "forwardMessage", "editMessage", "stopPoll")

Result = bool | dict[str, Any] | list[dict[str, Any]]
Callback = Callable[..., Coroutine[Any, Any, Result]]


class Pace(BaseRateLimiter[Priority]):
    """Lets calls that make or change a message leave as the limits allow; all others go at once.

    ``await bot.send_message(..., rate_limit_args=Priority.BULK)`` waits for bulk's turn; without the argument a call is
    a reply. A call that Telegram answers with 429 waits as told and is made again, up to :data:`TRIES` times and within
    :data:`PATIENCE_SECONDS` from its first refusal; then ``RetryAfter`` is raised, as it is at once while Telegram
    asks for longer than that. Every other error is raised as it comes.
    """

    __slots__ = ("_budget", "_ceiling", "_held", "_loop", "_rate", "_timer", "_waiting")

    def __init__(
        self, bulk_per_second: float = BULK_PER_SECOND, ceiling_per_second: float | None = None
    ) -> None:
        self._rate = bulk_per_second
        self._ceiling = ceiling_per_second
        self._loop: asyncio.AbstractEventLoop | None = None
        self._budget: Budget | None = None
        self._waiting: dict[Ticket, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._held: dict[str, float] = {}

    async def initialize(self) -> None:
        """Start the clock; does nothing when it runs, for python-telegram-bot initializes twice."""
        self._open()

    async def shutdown(self) -> None:
        """Let the calls that still wait fail as not sent. May be called again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for ticket in list(self._waiting):
            self._fail(ticket, NotSent("The bot is stopping; the call was not sent"))

    def figures(self) -> Figures:
        """How sending goes at this moment."""
        loop, budget = self._open()
        return budget.figures(loop.time())

    async def process_request(
        self,
        callback: Callback,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Priority | None,
    ) -> Result:
        """Make a call when its turn has come; see the class for what is raised."""
        loop, budget = self._open()
        priority = rate_limit_args or Priority.REPLY
        chat = _chat_of(data)
        ticket = (
            Ticket(chat, priority, _weight_of(endpoint, data))
            if chat is not None and endpoint.startswith(_MESSAGES) and endpoint != "sendChatAction"
            else None
        )
        patience = PATIENCE_SECONDS[priority]
        first_refused_at: float | None = None
        for tries in range(1, TRIES + 1):
            if ticket is not None:
                await self._turn(ticket, again=tries > 1)
            else:
                await self._held_back(endpoint, patience)
            try:
                result = await callback(*args, **kwargs)
            except RetryAfter as error:
                now = loop.time()
                seconds = seconds_to_wait(error)
                if first_refused_at is None:
                    first_refused_at = now
                logger.warning(
                    "Telegram asks to wait %g s",
                    seconds,
                    extra={"action": "call_refused", "method": endpoint, "priority": priority.value},
                )
                if ticket is not None:
                    budget.refused(ticket, seconds, now)
                    self._release_impatient(now)
                    self._pump()
                else:
                    self._held = {name: until for name, until in self._held.items() if until > now}
                    self._held[endpoint] = now + seconds
                if tries == TRIES or now + seconds > first_refused_at + patience:
                    raise
            else:
                if ticket is not None:
                    budget.answered(ticket, loop.time())
                return result
        raise AssertionError("unreachable")

    def _open(self) -> tuple[asyncio.AbstractEventLoop, Budget]:
        if self._loop is None or self._budget is None:
            self._loop = asyncio.get_running_loop()
            self._budget = Budget(self._loop.time(), self._rate, self._ceiling)
        return self._loop, self._budget

    async def _turn(self, ticket: Ticket, *, again: bool) -> None:
        """Wait until a call may leave."""
        loop, budget = self._open()
        now = loop.time()
        pause = budget.pause_of(ticket.chat, now)
        if pause > PATIENCE_SECONDS[ticket.priority]:
            raise _too_long(pause)
        budget.ask(ticket, now, first=again)
        future = self._waiting[ticket] = loop.create_future()
        self._pump()
        if future.done():
            return
        try:
            await future
        finally:
            if self._waiting.pop(ticket, None) is not None:  # cancelled
                budget.withdraw(ticket)

    async def _held_back(self, endpoint: str, patience: float) -> None:
        """Wait while Telegram asked not to call a method that the limits on messages do not concern."""
        loop, _ = self._open()
        while (pause := self._held.get(endpoint, 0.0) - loop.time()) > 0:
            if pause > patience:
                raise _too_long(pause)
            await asyncio.sleep(pause)

    def _pump(self) -> None:
        """Let go what may leave, and wake up when the next may."""
        loop, budget = self._open()
        now = loop.time()
        for ticket in budget.leaving(now):
            future = self._waiting.pop(ticket)
            if not future.done():  # its task was cancelled in this very moment
                future.set_result(None)
        at = budget.next_at(now)
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
            self._timer = None
        if at < math.inf:
            # A millisecond is what the loop's timers can tell apart.
            self._timer = loop.call_at(max(at, now + 0.001), self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._pump()

    def _release_impatient(self, now: float) -> None:
        """Give back the calls that a long pause would keep in memory."""
        _, budget = self._open()
        for ticket in list(self._waiting):
            pause = budget.pause_of(ticket.chat, now)
            if pause > PATIENCE_SECONDS[ticket.priority]:
                self._fail(ticket, _too_long(pause))

    def _fail(self, ticket: Ticket, error: Exception) -> None:
        _, budget = self._open()
        future = self._waiting.pop(ticket)
        budget.withdraw(ticket)
        if not future.done():
            future.set_exception(error)


def _too_long(pause: float) -> RetryAfter:
    return RetryAfter(math.ceil(pause))


def _chat_of(data: Mapping[str, Any]) -> ChatKey | None:
    """The chat that a call is about; its number may come as text."""
    chat = data.get("chat_id")
    if isinstance(chat, str):
        return int(chat) if chat.lstrip("-").isdecimal() else chat
    return chat if isinstance(chat, int) else None


def _weight_of(endpoint: str, data: Mapping[str, Any]) -> int:
    """How many messages a call makes: an album, or several copies, count one each."""
    parts = data.get("media") if endpoint == "sendMediaGroup" else data.get("message_ids")
    return max(1, len(parts)) if isinstance(parts, list | tuple) else 1
