"""Which call may leave now: Telegram's limits as arithmetic on a clock that the caller passes in; no I/O.

The limits, from https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30 messages a
second in bulk, one a second in a chat apart from short bursts, 20 a minute in a group. How the server counts is not
said, so both ways must hold: a strict sliding window and a token bucket.

Bulk calls leave evenly at ``bulk_per_second`` (29.2), and only when the 30th-last call of any kind left 1.02 s ago and
the 29th-last 0.991 s ago: the first takes what the network shifts, the second keeps a place free for a reply, or nearly
(it waits 24 ms at most). Replies go before bulk always. A reply waits longer only where the window is full of bulk
calls, which then stand still, a few hundredths of a second as a rule; once replies alone reach the limit no waiting
could keep it, and they go at once. A call that was held up on its way counts from when Telegram may have got it, so
that an unsteady network brings no refusals.

After a refusal (429) see :meth:`Budget.refused` and :class:`bot.delivery.limits.AdaptiveRate`.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
import math
from collections import deque
from dataclasses import dataclass

from bot.delivery.limits import AdaptiveRate, ChatKey, ChatLimits, Priority, Ticket

BULK_PER_SECOND = 29.2
BULK_WINDOW_SECONDS = 1.02
KEPT_WINDOW_SECONDS = 0.991
REPLY_WINDOW_SECONDS = 1.015
LONGEST_DELAY_SECONDS = 0.25
"""A call that was slower than this was slow at the server, not on the way."""
MANY_CHATS = 3
"""Refusals in so many chats at once mean that Telegram refuses the bot, not the chats."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How sending goes, for metrics and progress messages."""

    sent_last_second: int
    bulk_per_second: float
    replies_waiting: int
    bulk_waiting: int
    refused: int
    """Calls that Telegram answered with 429 since the start."""
    paused_seconds: float
    """For how long nothing at all may leave; 0.0 as a rule."""
    chats: int
    """Chats that something is remembered about; the memory in use grows with them only."""


class _Line:
    """The chats that wait with one priority, each as one: they take turns, and one that may not yet bars no other.

    A waiting chat stands either in ``_ready`` or in ``_later`` (until a moment), never in both.
    """

    def __init__(self) -> None:
        self.count = 0
        self._ready: deque[ChatKey] = deque()
        self._later: list[tuple[float, int, ChatKey]] = []
        self._order = itertools.count()

    def stand(self, chat: ChatKey, at: float, now: float) -> None:
        if at <= now:
            self._ready.append(chat)
        else:
            heapq.heappush(self._later, (at, next(self._order), chat))

    def first_at(self, now: float) -> ChatKey | None:
        """The chat whose turn it may be; it keeps its place until :meth:`drop_first`."""
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])
        return self.first

    def drop_first(self) -> None:
        self._ready.popleft()

    def clear(self) -> None:
        self._ready.clear()
        self._later.clear()

    @property
    def first(self) -> ChatKey | None:
        """The chat whose turn it is, if one may have its turn already."""
        return self._ready[0] if self._ready else None

    @property
    def ready(self) -> int:
        """How many chats may have their turn already."""
        return len(self._ready)

    def next_at(self) -> float:
        """When the next chat may have its turn: -inf for at once, inf when none waits."""
        if self._ready:
            return -math.inf
        return self._later[0][0] if self._later else math.inf


class Budget:
    """The state of all limits, and the calls that wait for them.

    ``now`` is any clock in seconds that never goes back. Bulk calls start at ``bulk_per_second``; a
    ``ceiling_per_second`` above it lets the rate climb there for as long as Telegram does not refuse. Without one the
    documented limit is never tried, since trying costs a refusal.
    """

    SWEEP_SECONDS = 5.0

    def __init__(
        self, now: float, bulk_per_second: float = BULK_PER_SECOND, ceiling_per_second: float | None = None
    ) -> None:
        self._bulk = AdaptiveRate(bulk_per_second, max(bulk_per_second, ceiling_per_second or 0.0), now)
        self._replies: AdaptiveRate | None = None
        """None as long as replies know no limit of their own."""
        self._chats: dict[ChatKey, ChatLimits] = {}
        self._lines = {priority: _Line() for priority in Priority}
        self._sent: list[float] = []
        """When each message of the window counts from, in order: when it left, or later (see :meth:`answered`)."""
        self._quickest = [math.inf, math.inf]
        """The quickest answer of this half minute and of the one before."""
        self._half_minute_ends_at = now + 30
        self._last_second: deque[float] = deque()
        self._replied: deque[float] = deque()
        self._bulk_next = now
        self._paused_until = -math.inf
        self._refused_chats: dict[ChatKey, float] = {}
        self._refused = 0
        self._sweeps_at = now

    def ask(self, ticket: Ticket, now: float, *, first: bool = False) -> None:
        """Let a call wait; ``first`` puts it before its chat's others, for a call that was refused."""
        chat = self._chat(ticket.chat)
        line = self._lines[ticket.priority]
        line.count += 1
        queue = chat.waiting.get(ticket.priority)
        if queue is None:
            chat.waiting[ticket.priority] = deque((ticket,))
            line.stand(ticket.chat, chat.free_at(ticket), now)
        elif first:
            queue.appendleft(ticket)
        else:
            queue.append(ticket)

    def withdraw(self, ticket: Ticket) -> None:
        """Forget a call that waits; does nothing when it has left."""
        chat = self._chats.get(ticket.chat)
        queue = chat.waiting.get(ticket.priority) if chat else None
        if chat and queue and ticket in queue:
            queue.remove(ticket)
            self._lines[ticket.priority].count -= 1
            # Its chat still stands in the line; an empty queue is noticed there.

    def leaving(self, now: float) -> list[Ticket]:
        """The calls that leave now, in their order; they count as sent."""
        self._forget(now)
        tickets: list[Ticket] = []
        if now >= self._paused_until:
            while (ticket := self._next_reply(now)) is not None:
                tickets.append(ticket)
            while (ticket := self._next_bulk(now)) is not None:
                tickets.append(ticket)
        return tickets

    def next_at(self, now: float) -> float:
        """When :meth:`leaving` is worth asking again, unless something else happens before; inf if never."""
        replies, bulk = self._lines[Priority.REPLY], self._lines[Priority.BULK]
        reply_at = bulk_at = math.inf
        if replies.count:
            reply_at = max(replies.next_at(), self._replies_at(self._first_weight(Priority.REPLY)))
        if bulk.count:
            bulk_at = max(bulk.next_at(), self._bulk_at(self._first_weight(Priority.BULK)))
            if self._reply_wants_room(now):
                bulk_at = max(bulk_at, reply_at)
        return max(min(reply_at, bulk_at), self._paused_until, now)

    def answered(self, ticket: Ticket, now: float) -> None:
        """A call's answer came, of whatever kind.

        Telegram counts a call when it gets it. One that took longer than the quickest was perhaps that much longer on
        its way, and counts from that much later; what the windows allow for anyway is taken off.
        """
        took = now - ticket.left_at
        if now >= self._half_minute_ends_at:
            self._quickest = [math.inf, self._quickest[0]]
            self._half_minute_ends_at = now + 30
        self._quickest[0] = min(self._quickest[0], took)
        delay = min(took - min(self._quickest), LONGEST_DELAY_SECONDS) - (REPLY_WINDOW_SECONDS - 1)
        first = bisect.bisect_left(self._sent, ticket.left_at)
        if delay > 0 and first < len(self._sent) and self._sent[first] == ticket.left_at:
            del self._sent[first : first + ticket.weight]
            for _ in range(ticket.weight):
                bisect.insort(self._sent, ticket.left_at + delay)

    def refused(self, ticket: Ticket, retry_after: float, now: float) -> None:
        """Telegram answered a call with 429.

        It does not say whether it means the chat or the bot. It is taken to mean the chat when the chat got more than
        a message a second, or half a group's minute, lately, or when few calls left in the second before (under 60 %
        of the rate); else, or when :data:`MANY_CHATS` chats are refused at once, the bot: then nothing leaves for the
        time that Telegram asks for, and the rate of those who filled the second comes down.
        """
        self._refused += 1
        chat = self._chat(ticket.chat)
        chat.paused_until = max(chat.paused_until, now + retry_after)
        self._refused_chats = {key: until for key, until in self._refused_chats.items() if until > now}
        self._refused_chats[ticket.chat] = chat.paused_until
        own = chat.is_used(ticket.left_at)
        crowded = ticket.crowd >= 0.6 * self._bulk.value
        if (crowded and not own) or len(self._refused_chats) >= MANY_CHATS:
            self._paused_until = max(self._paused_until, now + retry_after)
            if crowded:
                self._lower(ticket, retry_after, now)

    def figures(self, now: float) -> Figures:
        self._forget(now)
        return Figures(
            sent_last_second=len(self._last_second),
            bulk_per_second=self._bulk.value,
            replies_waiting=self._lines[Priority.REPLY].count,
            bulk_waiting=self._lines[Priority.BULK].count,
            refused=self._refused,
            paused_seconds=max(0.0, self._paused_until - now),
            chats=len(self._chats),
        )

    def pause_of(self, chat: ChatKey, now: float) -> float:
        """For how many seconds Telegram asked not to call for this chat; 0.0 if it did not."""
        own = self._chats[chat].paused_until if chat in self._chats else -math.inf
        return max(0.0, own - now, self._paused_until - now)

    def _lower(self, ticket: Ticket, retry_after: float, now: float) -> None:
        if ticket.replies_in_crowd > ticket.crowd // 2:
            if self._replies is None:
                self._replies = AdaptiveRate(ticket.crowd, math.inf, now)
            self._replies.lower(ticket, retry_after, now)
        else:
            self._bulk.lower(ticket, retry_after, now)

    def _replies_at(self, weight: int) -> float:
        """When the window has room for a reply."""
        if self._replies is not None:
            return self._room_at(math.floor(self._replies.value), weight, REPLY_WINDOW_SECONDS)
        limit = math.floor(self._bulk.value) + 1
        # Those that wait for their own chat's limit press nobody.
        if len(self._replied) + self._lines[Priority.REPLY].ready >= limit:
            return -math.inf
        return self._room_at(limit, weight, REPLY_WINDOW_SECONDS)

    def _bulk_at(self, weight: int) -> float:
        """When bulk's pace and the windows have room for a bulk call."""
        whole = math.floor(self._bulk.value)
        # More places stay free when replies come in numbers; each costs bulk as much as it gives them.
        kept = min(len(self._replied) // 4, whole // 3)
        return max(
            self._bulk_next,
            self._room_at(whole + 1, weight, BULK_WINDOW_SECONDS),
            self._room_at(max(1, whole - kept), weight, KEPT_WINDOW_SECONDS),
        )

    def _room_at(self, limit: int, weight: int, window: float) -> float:
        """When ``weight`` more calls make no more than ``limit`` in a window of so many seconds."""
        place = max(1, limit - weight + 1)
        return self._sent[-place] + window if len(self._sent) >= place else -math.inf

    def _next_reply(self, now: float) -> Ticket | None:
        ticket = self._turn(Priority.REPLY, now)
        if ticket is None:
            return None
        if self._replies is not None and self._replies_at(ticket.weight) > now:
            self._replies.used_up(now)
        return self._leave(ticket, now) if self._replies_at(ticket.weight) <= now else None

    def _next_bulk(self, now: float) -> Ticket | None:
        if self._bulk_at(1) > now or self._reply_wants_room(now):
            return None
        ticket = self._turn(Priority.BULK, now)
        if ticket is None or self._bulk_at(ticket.weight) > now:
            return None
        self._bulk.used_up(now)
        # A late wake-up is made good, up to two calls.
        gap = 1 / self._bulk.value
        self._bulk_next = max(self._bulk_next, now - 2 * gap) + ticket.weight * gap
        return self._leave(ticket, now)

    def _reply_wants_room(self, now: float) -> bool:
        line = self._lines[Priority.REPLY]
        return line.count > 0 and line.next_at() <= now

    def _first_weight(self, priority: Priority) -> int:
        key = self._lines[priority].first
        queue = self._chats[key].waiting[priority] if key is not None else None
        return queue[0].weight if queue else 1

    def _turn(self, priority: Priority, now: float) -> Ticket | None:
        """The call whose turn it is among the chats whose own limits allow one now."""
        line = self._lines[priority]
        while line.count and (key := line.first_at(now)) is not None:
            chat = self._chats[key]
            queue = chat.waiting[priority]
            at = chat.free_at(queue[0]) if queue else math.inf
            if at <= now:
                return queue[0]
            line.drop_first()
            if queue:
                line.stand(key, at, now)
            else:  # withdrawn
                del chat.waiting[priority]
        return None

    def _leave(self, ticket: Ticket, now: float) -> Ticket:
        """Let the call go that :meth:`_turn` gave."""
        chat, line = self._chats[ticket.chat], self._lines[ticket.priority]
        queue = chat.waiting[ticket.priority]
        queue.popleft()
        line.count -= 1
        line.drop_first()
        ticket.left_at = now
        ticket.crowd, ticket.replies_in_crowd = len(self._last_second), len(self._replied)
        times = [now] * ticket.weight
        for at in times:  # a delayed one may count from later than now
            bisect.insort(self._sent, at)
        self._last_second.extend(times)
        if ticket.priority is Priority.REPLY:
            self._replied.extend(times)
        chat.left(ticket, now)
        if queue:
            line.stand(ticket.chat, chat.free_at(queue[0]), now)
        else:
            del chat.waiting[ticket.priority]
        return ticket

    def _chat(self, key: ChatKey) -> ChatLimits:
        chat = self._chats.get(key)
        if chat is None:
            # A name can only be a channel's or a supergroup's.
            chat = self._chats[key] = ChatLimits(is_group=isinstance(key, str) or key < 0)
        return chat

    def _forget(self, now: float) -> None:
        del self._sent[: bisect.bisect_right(self._sent, now - BULK_WINDOW_SECONDS)]
        for times in (self._last_second, self._replied):
            while times and times[0] <= now - 1.0:
                times.popleft()
        if now >= self._sweeps_at:
            self._sweeps_at = now + self.SWEEP_SECONDS
            self._sweep(now)

    def _sweep(self, now: float) -> None:
        for priority, line in self._lines.items():
            if not line.count and line.next_at() < math.inf:  # all that is left was withdrawn
                line.clear()
                for chat in self._chats.values():
                    chat.waiting.pop(priority, None)
        self._chats = {key: chat for key, chat in self._chats.items() if not chat.is_idle(now)}
        if self._replies is not None and self._replies.is_forgotten(now):
            self._replies = None
