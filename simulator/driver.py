"""Telegram for tests: people who write, tap and wait for what the bot does.

    async with Telegram() as tg:
        siti = tg.person("Siti")
        await siti.start()
        await siti.sees("Selamat datang")
        await siti.taps("Daftar")

Whoever waits, waits for an event and not for time; when it does not come, the failure shows the
conversation.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from simulator import groups
from simulator.actors import GroupDriver, NotSeen, PersonDriver, Window
from simulator.faults import Faults
from simulator.methods.call import Call
from simulator.model import Chat, Event
from simulator.server import RunningServer, Simulator, start
from simulator.transcript import Seen, transcript
from simulator.wire import JsonDict
from simulator.world import World

__all__ = ["GroupDriver", "NotSeen", "PersonDriver", "Seen", "Telegram"]


class Telegram:
    """A world with its server on a free port of this machine.

    Args:
        timeout_seconds: how long whoever waits does so.
        latency_ms: simulated way to the server and back, for every call.
        world_options: passed on to ``World`` (``token``, ``now``, ``privacy``, ``locale`` …).
    """

    def __init__(
        self,
        *,
        timeout_seconds: float = 10.0,
        latency_ms: float = 0.0,
        host: str = "127.0.0.1",
        port: int = 0,
        **world_options: Any,
    ) -> None:
        self.world = World(**world_options)
        self.simulator = Simulator(self.world)
        self.timeout_seconds = timeout_seconds
        self.world.faults.latency_ms = latency_ms
        self._address = host, port
        self._running: RunningServer | None = None
        self._waiters: dict[int | None, set[asyncio.Future[None]]] = {}
        self._windows: dict[int, Window] = {}
        self._calls_to: Counter[str] = Counter()
        self.answers: list[Event] = []
        self.world.listen(self._on_event)
        self.world.updates.listen(self._ring)
        self.simulator.api.listen(self._on_call)

    async def __aenter__(self) -> Self:
        self._running = await start(self.simulator, *self._address)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._running is not None:
            await self._running.close()
            self._running = None

    @property
    def url(self) -> str:
        """The server's address; it is what ``BOT_API_URL`` has to be."""
        if self._running is None:
            raise RuntimeError("use `async with Telegram()`")
        return self._running.url

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def calls(self) -> list[Call]:
        """The finished Bot API calls, oldest first, without polls that brought nothing."""
        return list(self.simulator.api.calls)

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.simulator.api.calls if call.method == method.lower()]

    def count_calls_to(self, chat_id: int) -> int:
        """How many successful calls named this chat, those that left the log included."""
        return self._calls_to[str(chat_id)]

    @property
    def transcript(self) -> str:
        """All that was written, for reading."""
        return transcript(self.world, self.answers)

    def person(self, first_name: str, last_name: str | None = None, **options: Any) -> PersonDriver:
        """Somebody new; ``options`` are those of ``World.add_person``."""
        return PersonDriver(self, self.world.add_person(first_name, last_name, **options))

    def group(
        self,
        title: str,
        members: Iterable[PersonDriver],
        *,
        supergroup: bool = False,
    ) -> GroupDriver:
        """A new group without the bot; the first member owns it."""
        owner, *others = members
        chat = groups.create(
            self.world, title, owner.id, [member.id for member in others], supergroup=supergroup
        )
        return GroupDriver(self, chat)

    def raw_update(self, update: JsonDict) -> int:
        """Put an update of any form into the queue and return its id."""
        return self.world.updates.put_raw(update)

    def redelivers(self, update_id: int | None = None) -> int:
        """Hand an update out once more under its old id: this one, or the latest."""
        return self.world.updates.again(update_id)

    def moves_clock(self, by: timedelta) -> None:
        self.world.move_clock(self.world.clock_offset + by)
        self._ring()

    async def until(
        self,
        condition: Callable[[], bool],
        what: str,
        *,
        timeout_seconds: float | None = None,
        chat_id: int | None = None,
    ) -> None:
        """Wait until a condition on this world holds; it is looked at after every event and call.

        With a ``chat_id`` it is looked at only after events of that chat, so that a thousand people
        who wait do not wake each other.

        Raises:
            NotSeen: it did not come true in time.
        """
        loop = asyncio.get_running_loop()
        seconds = self.timeout_seconds if timeout_seconds is None else timeout_seconds
        deadline = loop.time() + seconds
        while not condition():
            waiter: asyncio.Future[None] = loop.create_future()
            waiters = self._waiters.setdefault(chat_id, set())
            waiters.add(waiter)
            try:
                await asyncio.wait_for(waiter, max(0.0, deadline - loop.time()))
            except TimeoutError:
                if condition():
                    return
                raise NotSeen(f"{what}: not within {seconds:g} s\n\n{self.transcript}") from None
            finally:
                waiters.discard(waiter)

    async def bot_polls(self, times: int = 1) -> None:
        """Wait for the bot's next getUpdates (it is up), or for its webhook to be set."""
        updates = self.world.updates
        wanted = updates.poll_count + times
        await self.until(
            lambda: updates.poll_count >= wanted or self.world.webhook.is_set, "the bot asks for updates"
        )

    async def bot_is_up(self) -> None:
        """Wait until the bot has asked for updates at all."""
        await self.until(
            lambda: self.world.updates.poll_count > 0 or self.world.webhook.is_set,
            "the bot asks for updates",
        )

    async def updates_taken(self) -> None:
        """Wait until the bot has confirmed every update."""
        await self.until(lambda: len(self.world.updates) == 0, "the bot takes all updates")

    async def called(
        self, method: str, matching: Callable[[Call], bool] = lambda call: True, *, times: int = 1
    ) -> list[Call]:
        """Wait until the bot has made such calls; those before this counts as well."""

        def found() -> list[Call]:
            return [call for call in self.calls_of(method) if matching(call)]

        await self.until(lambda: len(found()) >= times, f"{times} × {method}")
        return found()

    def _on_call(self, call: Call) -> None:
        if call.status == 200 and "chat_id" in call.params:
            self._calls_to[str(call.params["chat_id"])] += 1
        self._ring()

    def _on_event(self, event: Event) -> None:
        if event.type == "answer":
            self.answers.append(event)
        elif event.type in ("message", "edit") and event.message is not None:
            window = self._windows.get(event.message.chat.id)
            if window is not None and event.message.sender_id == self.world.bot_id:
                window.note(event.message, edited=event.type == "edit")
        if event.chat_id is not None:
            self._ring(event.chat_id)
        if event.viewer is not None and event.viewer != event.chat_id:
            self._ring(event.viewer)
        self._ring()

    def _ring(self, chat_id: int | None = None) -> None:
        for waiter in self._waiters.get(chat_id, ()):
            if not waiter.done():
                waiter.set_result(None)

    def window(self, chat: Chat) -> Window:
        """What the bot wrote into a chat since somebody first looked at it."""
        window = self._windows.get(chat.id)
        if window is None:
            window = self._windows[chat.id] = Window()
        return window
