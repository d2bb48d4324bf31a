"""The bot's queue of updates: numbered, kept until confirmed, handed out by long polling."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from simulator.errors import TERMINATED_BY_POLL, conflict
from simulator.wire import JsonDict, dump

LIFETIME_SECONDS = 24 * 3600
"""Undelivered updates are kept for a day: Bot API, getting updates."""
CAPACITY = 200_000
HISTORY = 2_000

KINDS = frozenset(
    (
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "guest_message",
        "managed_bot",
    )
)
ONLY_ON_REQUEST = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
"""Kinds that come only when ``allowed_updates`` names them: Bot API, getUpdates."""


@dataclass(slots=True, frozen=True)
class Queued:
    """An update as it waits: ``raw`` is its JSON, ``lane`` the chat or person whose order it keeps."""

    id: int
    kind: str
    raw: bytes
    lane: int
    at: float


class UpdateQueue:
    """What waits for one bot.

    Nothing leaves the queue before it is confirmed, by a later ``offset`` or by a webhook's 2xx, so
    a bot that dies with updates in hand gets them again.
    """

    def __init__(self, now: Callable[[], float], first_id: int = 100_000_001) -> None:
        self._now = now
        self._next_id = first_id
        self._waiting: OrderedDict[int, Queued] = OrderedDict()
        self._again: list[Queued] = []
        self._again_handed = 0
        self._allowed: frozenset[str] = KINDS - ONLY_ON_REQUEST
        self._poll: asyncio.Future[None] | None = None
        self._listeners: list[Callable[[], None]] = []
        self.duplicates: Callable[[], bool] = lambda: False
        self.repeats: Callable[[], bool] = lambda: False
        self.poll_count = 0
        self._history: deque[Queued] = deque(maxlen=HISTORY)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._again)

    @property
    def next_id(self) -> int:
        return self._next_id

    def listen(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever something was added or confirmed."""
        self._listeners.append(listener)

    def allow(self, kinds: Iterable[object] | None) -> None:
        """Which kinds are queued from now on; None leaves the setting, an empty list is the default."""
        if kinds is None:
            return
        wanted = KINDS.intersection(kind for kind in kinds if isinstance(kind, str))
        self._allowed = wanted or KINDS - ONLY_ON_REQUEST

    @property
    def allowed(self) -> frozenset[str]:
        return self._allowed

    def put(self, kind: str, content: JsonDict, lane: int) -> int | None:
        """Queue one update and return its id; None when the bot does not ask for this kind."""
        if kind not in self._allowed:
            return None
        update_id = self._append(kind, dump(content), lane)
        if self.duplicates():
            update_id = self._append(kind, dump(content), lane)
        if self.repeats():
            self.again(update_id)
        return update_id

    def put_raw(self, update: JsonDict, lane: int = 0) -> int:
        """Queue an update as it is.

        Without an ``update_id`` it gets the next one. With one it is handed out once more whatever
        the offset says, as Telegram does after it lost a confirmation.
        """
        update_id = update.get("update_id")
        kind = next((name for name in update if name != "update_id"), "message")
        content = dump(update.get(kind, {}))
        if update_id is None:
            return self._append(kind, content, lane)
        number = int(update_id)
        self._again.append(Queued(number, kind, _wrap(number, kind, content), lane, self._now()))
        self._wake()
        self.changed()
        return number

    def _append(self, kind: str, content: bytes, lane: int) -> int:
        update_id = self._next_id
        self._next_id += 1
        self._store(Queued(update_id, kind, _wrap(update_id, kind, content), lane, self._now()))
        return update_id

    def again(self, update_id: int | None = None) -> int:
        """Hand out an update once more under its old id: this one, or the latest; return the id.

        Raises:
            LookupError: there was none.
        """
        for queued in reversed(self._history):
            if update_id is None or queued.id == update_id:
                self._again.append(replace(queued))
                self._wake()
                self.changed()
                return queued.id
        raise LookupError("there was no such update")

    def latest(self, kind: str, lane: int) -> JsonDict:
        """The content of the latest update of this kind and lane.

        Raises:
            LookupError: there was none.
        """
        for queued in reversed(self._history):
            if queued.kind == kind and queued.lane == lane:
                content: JsonDict = json.loads(queued.raw)[kind]
                return content
        raise LookupError(f"there was no {kind}")

    def about(self, chat_id: int, message_id: int) -> list[JsonDict]:
        """The remembered updates that carry this message, oldest first."""
        found = []
        for queued in self._history:
            if queued.lane != chat_id and queued.kind != "callback_query":
                continue
            update = json.loads(queued.raw)
            content = update[queued.kind]
            message = content.get("message") or content
            if message.get("message_id") == message_id and message.get("chat", {}).get("id") == chat_id:
                found.append(update)
        return found

    def _store(self, queued: Queued) -> None:
        self._waiting[queued.id] = queued
        self._history.append(queued)
        if len(self._waiting) > CAPACITY:
            self._waiting.popitem(last=False)
        self._wake()
        self.changed()

    def changed(self) -> None:
        """Tell the listeners that something is different here."""
        for listener in self._listeners:
            listener()

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def waiting(self) -> Iterator[Queued]:
        """All that is not confirmed, oldest first; what is older than a day is dropped."""
        oldest = self._now() - LIFETIME_SECONDS
        while self._waiting:
            first = next(iter(self._waiting.values()))
            if first.at >= oldest:
                break
            del self._waiting[first.id]
        return chain(self._again, self._waiting.values())

    def confirm(self, taken: Queued) -> None:
        """Forget this one update (a webhook took it)."""
        if taken in self._again:
            self._again.remove(taken)
        else:
            self._waiting.pop(taken.id, None)
        self.changed()

    def drop_all(self) -> None:
        self._waiting.clear()
        self._again.clear()
        self._again_handed = 0
        self.changed()

    def interrupt(self, reason: str) -> None:
        """End a waiting long poll with 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(conflict(reason))

    def close(self) -> None:
        """End a waiting long poll with what is there."""
        self._wake()

    async def poll(
        self, *, offset: int, limit: int, timeout_seconds: float, gone: Callable[[], asyncio.Future[None]]
    ) -> list[Queued]:
        """The next updates; waits up to ``timeout_seconds`` when there are none.

        A positive ``offset`` confirms all below it; a negative one keeps the last so many. ``gone``
        gives a future that ends when the caller hangs up.

        Raises:
            ApiError: 409, another poll or setWebhook came in between.
        """
        self.interrupt(TERMINATED_BY_POLL)
        self.poll_count += 1
        self._confirm_to(offset)
        self.changed()
        batch = self._batch(limit)
        if batch or timeout_seconds <= 0:
            return batch
        loop = asyncio.get_running_loop()
        poll = self._poll = loop.create_future()
        timer = loop.call_later(timeout_seconds, self._time_out, poll)
        hang_up = gone()
        try:
            await asyncio.wait((poll, hang_up), return_when=asyncio.FIRST_COMPLETED)
            if poll.done():
                poll.result()
        finally:
            timer.cancel()
            hang_up.cancel()
            if self._poll is poll:
                self._poll = None
            poll.cancel()
        return self._batch(limit)

    @staticmethod
    def _time_out(poll: asyncio.Future[None]) -> None:
        if not poll.done():
            poll.set_result(None)

    def _confirm_to(self, offset: int) -> None:
        if offset > 0:
            while self._waiting and next(iter(self._waiting)) < offset:
                self._waiting.popitem(last=False)
            del self._again[: self._again_handed]
            self._again_handed = 0
        elif offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popitem(last=False)

    def _batch(self, limit: int) -> list[Queued]:
        if not self._waiting and not self._again:
            return []
        self._again_handed = min(limit, len(self._again))
        return list(islice(self.waiting(), limit))


def _wrap(update_id: int, kind: str, content: bytes) -> bytes:
    return b'{"update_id":%d,"%s":%s}' % (update_id, kind.encode("ascii"), content)
