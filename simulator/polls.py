"""Polls by their ids: counted, closed by hand, or closed by themselves when the world's clock says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from simulator.model import Poll
from simulator.wire import JsonDict


class Polls:
    """All polls of a world.

    Args:
        now: the world's time as a Unix time.
        on_closed: told each poll that has been closed, by whatever cause.
    """

    def __init__(self, now: Callable[[], float], on_closed: Callable[[Poll], None]) -> None:
        self._now = now
        self._on_closed = on_closed
        self._by_id: dict[str, Poll] = {}
        self._alarm: asyncio.TimerHandle | None = None

    def add(self, poll: Poll) -> None:
        self._by_id[poll.data["id"]] = poll
        if "close_date" in poll.data:
            self.close_due()

    def get(self, poll_id: str) -> Poll | None:
        return self._by_id.get(poll_id)

    def close(self, poll: Poll) -> None:
        poll.data["is_closed"] = True
        count_votes(poll.data, poll.votes)
        self._on_closed(poll)

    def close_due(self) -> None:
        """Close what is due by the world's clock, and wake up for the next; to be called when the clock moves."""
        now = self._now()
        timed = [p for p in self._by_id.values() if "close_date" in p.data and not p.data["is_closed"]]
        for poll in timed:
            if poll.data["close_date"] <= now:
                self.close(poll)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        ahead = [poll.data["close_date"] - now for poll in timed if not poll.data["is_closed"]]
        if ahead:
            self._alarm = asyncio.get_running_loop().call_later(min(ahead), self.close_due)

    def clear(self) -> None:
        self._by_id.clear()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None


def count_votes(poll: JsonDict, votes: dict[int, list[int]]) -> None:
    for number, option in enumerate(poll["options"]):
        option["voter_count"] = sum(number in chosen for chosen in votes.values())
    poll["total_voter_count"] = len(votes)
