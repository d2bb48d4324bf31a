"""The limits that a call meets: its chat's own, and a rate that follows what the server bears. No I/O, no clock."""

from __future__ import annotations

import enum
import math
from collections import deque
from dataclasses import dataclass, field

ChatKey = int | str
"""A chat's id, or the @name of a channel or supergroup."""

CHAT_SECONDS = 1.0
REPLY_BURST = 6
"""Replies that a chat may get at once, before it gets one a second."""
GROUP_PER_MINUTE = 20
GROUP_BULK_PER_MINUTE = 15
"""What bulk may use of a group's minute: the rest is for those who write there."""
GROUP_WINDOW_SECONDS = 60.5


class Priority(enum.Enum):
    """Who waits for a call; pass it as ``rate_limit_args`` of any :class:`telegram.ext.ExtBot` method."""

    REPLY = "reply"
    """A person who just wrote or tapped. What a call has when it does not say."""
    BULK = "bulk"
    """Nobody in particular: broadcasts, reminders."""


@dataclass(slots=True, eq=False)
class Ticket:
    """One call that wants to leave; ``weight`` is how many messages it makes (an album makes several)."""

    chat: ChatKey
    priority: Priority = Priority.REPLY
    weight: int = 1
    left_at: float = 0.0
    crowd: int = 0
    """How many messages had left in the second before this one."""
    replies_in_crowd: int = 0


@dataclass(slots=True)
class ChatLimits:
    """One chat's own limits, and what waits for it."""

    is_group: bool
    empty_at: float = -math.inf
    """When its bucket of replies will be full again: a second for each message sent."""
    paused_until: float = -math.inf
    sent: deque[float] = field(default_factory=deque)
    waiting: dict[Priority, deque[Ticket]] = field(default_factory=dict)

    def free_at(self, ticket: Ticket) -> float:
        bulk = ticket.priority is Priority.BULK
        burst = 0.0 if bulk else (REPLY_BURST - ticket.weight) * CHAT_SECONDS
        at = max(self.paused_until, self.empty_at - max(0.0, burst))
        if self.is_group:
            place = max(1, (GROUP_BULK_PER_MINUTE if bulk else GROUP_PER_MINUTE) - ticket.weight + 1)
            if len(self.sent) >= place:
                at = max(at, self.sent[-place] + GROUP_WINDOW_SECONDS)
        return at

    def left(self, ticket: Ticket, now: float) -> None:
        self.empty_at = max(self.empty_at, now) + ticket.weight * CHAT_SECONDS
        if self.is_group:
            self.sent.extend([now] * ticket.weight)
            while self.sent[0] <= now - GROUP_WINDOW_SECONDS:
                self.sent.popleft()

    def is_used(self, now: float) -> bool:
        """Whether the chat got more than a message a second, or half a group's minute, lately."""
        return len(self.sent) > GROUP_PER_MINUTE // 2 or self.empty_at > now + 2.5 * CHAT_SECONDS

    def is_idle(self, now: float) -> bool:
        remembers = bool(self.sent) and self.sent[-1] > now - GROUP_WINDOW_SECONDS
        return not self.waiting and not remembers and now >= max(self.empty_at, self.paused_until)


class AdaptiveRate:
    """A rate that follows what the server bears.

    A refusal brings it down: to just under what was accepted in the second before, at least by 5 %; by a quarter when
    it comes before the last lowering had shown its effect (a token bucket accepts more than it can keep up). Then the
    rate holds for seven times the pause that the server asked for, and climbs towards its ceiling while it is used up:
    by 6 %, then by 35 % every half second. So a limit that changed is followed within 10 s when the server asks for
    pauses of a second, and looking for one costs at most an eighth of the time whatever it asks for.
    """

    HOLD = 7.0
    STEP_SECONDS = 0.5
    FIRST_STEP = 1.06
    STEP = 1.35

    def __init__(self, value: float, ceiling: float, now: float) -> None:
        self.value = value
        self.ceiling = ceiling
        self._climbs_at = now + self.HOLD
        self._climbing = False
        self._lowered_at = -math.inf

    def lower(self, ticket: Ticket, retry_after: float, now: float) -> None:
        if ticket.left_at < self._lowered_at:
            return  # it left before the lowering that its own kind caused
        early = self._lowered_at > -math.inf and not self._climbing and now < self._climbs_at
        self.value = max(1.0, min(ticket.crowd - 0.5, self.value * (0.75 if early else 0.95)))
        self._lowered_at = now
        self._climbs_at = now + retry_after + self.HOLD * max(1.0, retry_after)
        self._climbing = False

    def used_up(self, now: float) -> None:
        """Something waits for this rate: climb, if it is time."""
        if self.value < self.ceiling and now >= self._climbs_at:
            self.value = min(self.ceiling, self.value * (self.STEP if self._climbing else self.FIRST_STEP))
            self._climbing = True
            self._climbs_at = now + self.STEP_SECONDS

    def is_forgotten(self, now: float) -> bool:
        """Whether the last sign of a limit is a minute old."""
        return now > self._climbs_at + 60
