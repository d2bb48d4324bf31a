"""Server-sent events for the page: numbered, with the latest thousand to catch up on."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from simulator.model import Event
from simulator.views import event_view
from simulator.wire import dump
from simulator.world import World

KEPT = 1000
QUEUE_LIMIT = 2000
HEARTBEAT_SECONDS = 20.0
RESET = Event("reset")


class Feed:
    """Fans the world's events out to the open pages.

    An event is written as JSON only when a page takes it, so a benchmark without pages pays nothing. What happens
    in the chats of a crowd stays there.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._recent: deque[tuple[int, Event]] = deque(maxlen=KEPT)
        self._last_id = 0
        self._pages: set[asyncio.Queue[tuple[int, Event] | None]] = set()
        self._unlisten = world.listen(self._take)

    def _take(self, event: Event) -> None:
        person = self._world.people.get(event.chat_id or 0)
        if person is not None and person.in_crowd:
            return
        self._last_id += 1
        entry = self._last_id, event
        self._recent.append(entry)
        for page in self._pages:
            if page.qsize() >= QUEUE_LIMIT:
                # A page that does not keep up starts over instead of holding the memory.
                while not page.empty():
                    page.get_nowait()
                page.put_nowait((self._last_id, RESET))
            page.put_nowait(entry)

    @property
    def last_id(self) -> int:
        """The number of the latest event."""
        return self._last_id

    def close(self) -> None:
        """End all streams and stop listening to the world."""
        self._unlisten()
        for page in self._pages:
            page.put_nowait(None)

    async def stream(self, last_id: int | None) -> AsyncIterator[bytes]:
        """Event-stream text; after a ``last_id`` that is too long ago comes a ``reset`` first."""
        page: asyncio.Queue[tuple[int, Event] | None] = asyncio.Queue()
        if last_id is not None and last_id != self._last_id:
            missed = [entry for entry in self._recent if entry[0] > last_id]
            if last_id > self._last_id or not missed or missed[0][0] != last_id + 1:
                missed = [(self._last_id, RESET)]
            for entry in missed:
                page.put_nowait(entry)
        self._pages.add(page)
        try:
            yield b"retry: 1000\n\n"
            while True:
                try:
                    entry_or_end = await asyncio.wait_for(page.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if entry_or_end is None:
                    return
                number, event = entry_or_end
                yield b"id: %d\ndata: %b\n\n" % (number, dump(event_view(self._world, event)))
        finally:
            self._pages.discard(page)
