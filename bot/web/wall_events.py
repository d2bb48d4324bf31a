"""Tells browsers what a wall shows: one look into the database for each change, however many are watching."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

from bot.clock import Clock
from bot.domain.wall import wall
from bot.domain.wall.wall import Sight
from bot.i18n import translator
from bot.storage.database import Database, StorageError
from bot.storage.values import millis
from bot.web.wall_words import described

logger = logging.getLogger(__name__)

VIEWERS = 1000
"""Open pages of all walls together; each keeps a connection."""
REST_SECONDS = 0.2
"""The least between two looks at the same wall: what changes meanwhile is shown together."""
REST_A_VIEWER_SECONDS = 0.001
"""Added for each viewer: telling hundreds, many times a second, would hold up the answers in the chats."""
REFRESH_SECONDS = 5.0
"""How long a change made by another process (an import, a second copy of the program) may go unseen."""
BEAT_SECONDS = 15.0
"""How often a page hears that the line is alive, and what time it is here."""


class Channel:
    """One wall while it is watched: what it shows, and the event that wakes its viewers when that changes."""

    def __init__(
        self, hashed: str, database: Database, clock: Clock, published: tuple[int, ...], secret: bytes
    ) -> None:
        self.sight: Sight | None = None
        """None before the first look."""
        self.version = 0
        self.viewers = 0
        self.wanted_at = asyncio.get_running_loop().time()
        self.ended = False
        """Whether nobody looks any more."""
        self.gone = False
        """Whether the link has ended."""
        self.looked = asyncio.Event()
        """Set after the first look."""
        self.dirty = asyncio.Event()
        self.changed = asyncio.Event()
        self.published = published
        self._hashed = hashed
        self._database = database
        self._clock = clock
        self._secret = secret
        self._offset = clock.offset
        self._bodies: dict[str, bytes] = {}

    async def run(self) -> None:
        """Look whenever something may have changed, until the link ends or nobody watches any more."""
        try:
            while await self._look() and self._is_wanted():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.dirty.wait(), REFRESH_SECONDS)
                await asyncio.sleep(REST_SECONDS + REST_A_VIEWER_SECONDS * self.viewers)
        finally:
            self.end()

    def _is_wanted(self) -> bool:
        now = asyncio.get_running_loop().time()
        if self.viewers:
            self.wanted_at = now
        return now - self.wanted_at < REFRESH_SECONDS

    def end(self) -> None:
        """Let those who watch go."""
        self.ended = True
        self.looked.set()
        self._wake_viewers()

    async def _look(self) -> bool:
        """Whether the wall is still there; a database that is away changes nothing."""
        self.dirty.clear()
        try:
            sight = await self._database.read(
                lambda tx: wall.sight(tx, self._hashed, self.published, secret=self._secret)
            )
        except StorageError as error:
            logger.warning("a wall cannot be read: %s", error, extra={"action": "wall.failed"})
            return self.sight is not None
        if sight is None:
            self.gone = True
            return False
        if sight != self.sight or self._clock.offset != self._offset:
            self.sight, self.published, self._offset = sight, sight.published, self._clock.offset
            self._bodies.clear()
            self.version += 1
            self._wake_viewers()
        self.looked.set()
        return True

    def _wake_viewers(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()

    async def watch(self, locale: str) -> AsyncIterator[bytes]:
        """Server-sent events: ``beat`` with the time here, ``show`` with what the wall shows, ``gone`` at its end."""
        self.viewers += 1
        try:
            seen = 0
            while not self.ended:
                changed = self.changed
                yield event("beat", {"now": millis(self._clock.now())})
                if self.version != seen:
                    seen = self.version
                    yield self._body(locale)
                    if self.version != seen:
                        continue
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), BEAT_SECONDS)
            if self.gone:
                yield event("gone", {})
        finally:
            self.viewers -= 1

    def _body(self, locale: str) -> bytes:
        """What the wall shows, put into words once for all who read this language."""
        assert self.sight is not None
        if locale not in self._bodies:
            self._bodies[locale] = event("show", described(self.sight, translator(locale)))
        return self._bodies[locale]


class Walls:
    """The walls that somebody watches."""

    def __init__(self, database: Database, clock: Clock, secret: bytes) -> None:
        self._database = database
        self._clock = clock
        self._secret = secret
        self._channels: dict[str, Channel] = {}
        self._published: dict[int, tuple[int, ...]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def is_full(self) -> bool:
        return sum(channel.viewers for channel in self._channels.values()) >= VIEWERS

    def wake(self) -> None:
        """Look soon: something may have changed."""
        for channel in self._channels.values():
            channel.dirty.set()

    async def find(self, token: str) -> Channel | None:
        """The channel of the wall with this token; None when there is no such wall.

        Raises:
            StorageError: the database cannot tell.
        """
        hashed = wall.token_hash(token)
        channel = self._channels.get(hashed)
        if channel is None or channel.ended:
            if self._closed:
                return None
            found = await self._database.read(lambda tx: wall.meeting_of(tx, hashed))
            if found is None:
                return None
            # Others may have come meanwhile, and share the channel that the first of them made.
            channel = self._channels.get(hashed)
            if channel is None or channel.ended:
                channel = self._open(hashed, found)
        channel.wanted_at = asyncio.get_running_loop().time()
        await channel.looked.wait()
        if channel.gone:
            return None
        if channel.sight is None:
            raise StorageError("the wall cannot be read")
        return channel

    def _open(self, hashed: str, meeting_id: int) -> Channel:
        channel = Channel(
            hashed, self._database, self._clock, self._published.get(meeting_id, ()), self._secret
        )
        self._channels[hashed] = channel
        task = asyncio.create_task(channel.run(), name="wall")
        self._tasks.add(task)

        def forget(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._published[meeting_id] = channel.published
            if not task.cancelled() and (error := task.exception()):
                logger.error("a wall broke off", exc_info=error, extra={"action": "wall.failed"})
            if self._channels.get(hashed) is channel:
                del self._channels[hashed]

        task.add_done_callback(forget)
        return channel

    async def close(self) -> None:
        """Let all viewers go, so that the server can stop."""
        self._closed = True
        for channel in list(self._channels.values()):
            channel.end()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def event(name: str, data: Any) -> bytes:
    """One server-sent event; JSON has no line breaks of its own."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n".encode()
