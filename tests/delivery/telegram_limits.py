"""Ways in which Telegram may count its limit, and a budget's run against one of them in simulated time."""

from __future__ import annotations

import functools
import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import pytest

from bot.delivery.budget import Budget
from bot.delivery.limits import Priority, Ticket

ANI, BUDI, CITRA = 101, 102, 103
GROUP = -1001
FIRST_READER = 10_000
"""The first of a broadcast's chats; the others have the numbers after it."""


class Server(Protocol):
    limit: float

    def __init__(self, limit: float) -> None: ...

    def takes(self, now: float) -> bool: ...


class StrictWindow:
    """No more than ``limit`` messages in any second; refused ones do not count."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._taken: deque[float] = deque()

    def takes(self, now: float) -> bool:
        while self._taken and self._taken[0] <= now - 1.0:
            self._taken.popleft()
        if len(self._taken) >= self.limit:
            return False
        self._taken.append(now)
        return True


class TokenBucket:
    """A bucket of ``limit`` messages that fills up at ``limit`` a second."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._tokens = limit
        self._at = 0.0

    def takes(self, now: float) -> bool:
        self._tokens = min(self.limit, self._tokens + (now - self._at) * self.limit)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass
class Run:
    """A budget against a server, event by event; and what came of it."""

    budget: Budget
    server: Server
    latency: Callable[[], float] = lambda: 0.08
    """Seconds there and back."""
    lateness: Callable[[], float] = lambda: 0.0
    """How late the program wakes up."""
    retry_after: float = 1.0
    now: float = 0.0
    taken: list[Ticket] = field(default_factory=list)
    """What the server took; ``left_at`` says when each left."""
    refused_at: list[float] = field(default_factory=list)
    delays: dict[Priority, list[float]] = field(
        default_factory=lambda: {priority: [] for priority in Priority}
    )
    """How long each call waited from being asked for, in the order of leaving."""

    def __post_init__(self) -> None:
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._wakes_at = math.inf
        self._asked: dict[Ticket, float] = {}

    def at(self, moment: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._order), what))

    def ask(self, moment: float, ticket: Ticket) -> None:
        """Ask for a call at a moment."""
        self.at(moment, lambda: self._ask(ticket, moment))

    def change_limit(self, moment: float, limit: float) -> None:
        self.at(moment, lambda: setattr(self.server, "limit", limit))

    def until(self, end: float = math.inf) -> Run:
        """Let all happen that happens before ``end``."""
        while self._events and self._events[0][0] < end:
            self.now, _, what = heapq.heappop(self._events)
            what()
        return self

    def left(self, priority: Priority | None = None) -> list[float]:
        """When the messages left that the server took."""
        return [ticket.left_at for ticket in self.taken if priority in (None, ticket.priority)]

    def _ask(self, ticket: Ticket, asked_at: float, *, again: bool = False) -> None:
        self._asked[ticket] = asked_at
        self.budget.ask(ticket, self.now, first=again)
        self._pump()

    def _pump(self) -> None:
        for ticket in self.budget.leaving(self.now):
            self.delays[ticket.priority].append(self.now - self._asked[ticket])
            self.at(self.now + self.latency() / 2, functools.partial(self._arrive, ticket))
        at = self.budget.next_at(self.now)
        assert at > self.now, "a plan to wake up at once is a loop without end"
        if at < self._wakes_at:
            self._wakes_at = at + self.lateness()
            self.at(self._wakes_at, functools.partial(self._wake, self._wakes_at))

    def _wake(self, planned: float) -> None:
        if planned == self._wakes_at:  # else an earlier plan replaced it
            self._wakes_at = math.inf
            self._pump()

    def _arrive(self, ticket: Ticket) -> None:
        if self.server.takes(self.now):
            self.taken.append(ticket)
            self.at(self.now + self.latency() / 2, lambda: self.budget.answered(ticket, self.now))
        else:
            self.at(self.now + self.latency() / 2, functools.partial(self._refuse, ticket))

    def _refuse(self, ticket: Ticket) -> None:
        self.refused_at.append(self.now)
        self.budget.refused(ticket, self.retry_after, self.now)
        self._ask(ticket, self._asked[ticket], again=True)


def most_in(seconds: float, moments: Iterable[float]) -> int:
    """The largest number of moments within any half-open stretch of so many seconds."""
    window: deque[float] = deque()
    most = 0
    for at in sorted(moments):
        window.append(at)
        while window[0] <= at - seconds:
            window.popleft()
        most = max(most, len(window))
    return most


BOTH_WAYS = pytest.mark.parametrize("counting", [StrictWindow, TokenBucket])


def bulk(chat: int | str, weight: int = 1) -> Ticket:
    return Ticket(chat, Priority.BULK, weight)


def broadcast(run: Run, readers: int, at: float = 0.0) -> None:
    """Ask to send to so many readers at a moment (seconds)."""
    for reader in range(readers):
        run.ask(at, bulk(FIRST_READER + reader))
