"""What goes wrong with a network and what Telegram limits, as switches; seeded, so repeatable."""

from __future__ import annotations

import math
import random
import time
from collections import deque
from dataclasses import dataclass, field, fields
from typing import Any

OVERALL_PER_SECOND = 30
PER_CHAT_PER_SECOND = 1
PER_GROUP_PER_MINUTE = 20
"""Telegram's figures: core.telegram.org/bots/faq, "My bot is hitting limits"."""
CHAT_BURST = 3
"""Messages that one chat takes at once before one a second holds; the FAQ allows short bursts."""

LIMITED = frozenset(
    (
        "sendmessage",
        "sendphoto",
        "senddocument",
        "sendlocation",
        "sendvenue",
        "sendcontact",
        "sendpoll",
        "sendmediagroup",
        "copymessage",
        "copymessages",
        "forwardmessage",
        "forwardmessages",
        "editmessagemedia",
        "editmessagetext",
        "editmessagecaption",
        "editmessagereplymarkup",
    )
)


@dataclass(slots=True)
class Faults:
    """Switches; all off at first.

    Rates of faults are shares of calls from 0 to 1. ``timeout_rate`` does the work and then never
    answers (for ``timeout_seconds``, then hangs up); ``reset_rate`` hangs up before any work.
    ``methods`` narrows these faults to some methods (lower case); empty means all but getUpdates.
    ``latency_ms`` is on every call. ``duplicate_rate`` is the share of updates that come twice under two ids, as
    taps do after a client's reconnect; ``repeat_rate`` the share that comes twice under one id, as after a lost
    confirmation; ``out_of_order`` lets a webhook's updates overtake each other.

    Each kind of chance has a sequence of its own, and faults one for each method, so that what a seed brings does not
    hang on how calls of different methods fall in time.
    """

    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    reset_rate: float = 0.0
    bad_gateway_rate: float = 0.0
    timeout_rate: float = 0.0
    timeout_seconds: float = 60.0
    duplicate_rate: float = 0.0
    repeat_rate: float = 0.0
    out_of_order: bool = False
    limit_overall: bool = False
    limit_chat: bool = False
    limit_group: bool = False
    methods: frozenset[str] = frozenset()
    seed: int = 0
    _sequences: dict[str, random.Random] = field(init=False, repr=False, default_factory=dict)
    _overall: deque[float] = field(init=False, repr=False, default_factory=deque)
    _chats: dict[object, deque[float]] = field(init=False, repr=False, default_factory=dict)
    _groups: dict[object, deque[float]] = field(init=False, repr=False, default_factory=dict)

    def _chance(self, kind: str) -> random.Random:
        """The sequence of one kind of chance."""
        found = self._sequences.get(kind)
        if found is None:
            found = self._sequences[kind] = random.Random(f"{self.seed} {kind}")
        return found

    def set(self, **switches: Any) -> None:
        """Turn switches by name; a new ``seed`` starts the sequence again.

        Raises:
            ValueError: a name or a value is none.
        """
        known = {f.name: f for f in fields(self) if f.init}
        for name, value in switches.items():
            if name not in known:
                raise ValueError(f"no such fault: {name}")
            old = getattr(self, name)
            if name == "methods":
                value = frozenset(str(entry).lower() for entry in value)
            elif isinstance(old, bool):
                if not isinstance(value, bool):
                    raise ValueError(f"{name} is true or false")
            elif isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise ValueError(f"{name} is a number from 0")
            setattr(self, name, value)
        if "seed" in switches:
            self._sequences.clear()

    def as_dict(self) -> dict[str, Any]:
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.init}
        found["methods"] = sorted(self.methods)
        return found

    def delay_seconds(self) -> float:
        """How long the next call takes on the way."""
        if not self.latency_ms and not self.jitter_ms:
            return 0.0
        jitter = self._chance("latency").uniform(-self.jitter_ms, self.jitter_ms) if self.jitter_ms else 0.0
        return max(0.0, self.latency_ms + jitter) / 1000

    def strike(self, method: str) -> str | None:
        """Which fault hits this call: ``reset``, ``bad_gateway``, ``timeout`` or None."""
        if not (self.reset_rate or self.bad_gateway_rate or self.timeout_rate):
            return None
        if method not in self.methods if self.methods else method == "getupdates":
            return None
        drawn = self._chance(method).random()
        for name, share in (
            ("reset", self.reset_rate),
            ("bad_gateway", self.bad_gateway_rate),
            ("timeout", self.timeout_rate),
        ):
            if drawn < share:
                return name
            drawn -= share
        return None

    def duplicates(self) -> bool:
        """Whether the next update comes twice, under two ids."""
        return bool(self.duplicate_rate) and self._chance("duplicate").random() < self.duplicate_rate

    def repeats(self) -> bool:
        """Whether the next update comes twice, under one id."""
        return bool(self.repeat_rate) and self._chance("repeat").random() < self.repeat_rate

    def shuffle(self, things: list[Any]) -> None:
        self._chance("order").shuffle(things)

    def retry_after(self, chat_id: object, is_group: bool) -> int | None:
        """Seconds to wait when this message passes a limit; None when it may go, and it is counted."""
        if not (self.limit_overall or self.limit_chat or self.limit_group):
            return None
        now = time.monotonic()
        windows: list[deque[float]] = []
        wait = 0.0
        if self.limit_overall:
            windows.append(self._overall)
            wait = max(wait, _wait(self._overall, now, OVERALL_PER_SECOND, 1.0))
        if self.limit_group and is_group:
            group = self._groups.setdefault(chat_id, deque())
            windows.append(group)
            wait = max(wait, _wait(group, now, PER_GROUP_PER_MINUTE, 60.0))
        if self.limit_chat:
            chat = self._chats.setdefault(chat_id, deque())
            windows.append(chat)
            wait = max(wait, _wait(chat, now, CHAT_BURST, CHAT_BURST / PER_CHAT_PER_SECOND))
            if len(self._chats) > 10_000:
                self._chats = {key: seen for key, seen in self._chats.items() if seen and now - seen[-1] < 60}
        if wait > 0:
            return max(1, math.ceil(wait))
        for window in windows:
            window.append(now)
        return None


def _wait(window: deque[float], now: float, allowed: int, seconds: float) -> float:
    """Seconds until one more fits into a sliding window."""
    while window and now - window[0] >= seconds:
        window.popleft()
    return 0.0 if len(window) < allowed else window[0] + seconds - now
