"""Two copies of the bot: which of them goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest
from telegram.error import Conflict

from bot.delivery.api import Api
from bot.delivery.receiver import AnotherCopyRuns, Poller
from simulator.errors import ApiError
from simulator.updates import UpdateQueue
from tests.delivery.simulated_time import in_simulated_time


class _QueueApi:
    """getUpdates of the simulator's queue, without a network in between; a call takes a tenth of a second."""

    def __init__(self, updates: UpdateQueue) -> None:
        self._updates = updates

    async def call(self, method: str, payload: Mapping[str, Any]) -> list[Any]:
        assert method == "getUpdates"
        await asyncio.sleep(0.1)
        try:
            await self._updates.poll(
                offset=0,
                limit=100,
                timeout_seconds=payload["timeout"],
                gone=lambda: asyncio.get_running_loop().create_future(),
            )
        except ApiError as error:
            raise Conflict(error.description) from None
        return []


async def _nothing(_: object) -> None:
    pass


async def _take(_: Sequence[Mapping[str, Any]]) -> None:
    pass


async def _who_gives_up(apart_seconds: float) -> list[str]:
    """Start two copies so far apart and let them run for ten minutes."""
    api = cast(Api, _QueueApi(UpdateQueue(lambda: 0.0)))
    older = asyncio.create_task(Poller(api, _take, _nothing).run())
    await asyncio.sleep(apart_seconds)
    younger = asyncio.create_task(Poller(api, _take, _nothing).run())
    await asyncio.wait((older, younger), timeout=600)
    found = []
    for name, copy in (("older", older), ("younger", younger)):
        if copy.done():
            with pytest.raises(AnotherCopyRuns):
                copy.result()
            found.append(name)
        copy.cancel()
    return found


@pytest.mark.parametrize("apart_seconds", [4.0, 10.0, 24.0, 26.0, 300.0])
def test_the_copy_that_came_later_gives_way(apart_seconds: float) -> None:
    assert in_simulated_time(_who_gives_up(apart_seconds)) == ["younger"]


@pytest.mark.parametrize("apart_seconds", [0.0, 0.05, 1.0])
def test_of_two_that_start_at_once_one_goes_on(apart_seconds: float) -> None:
    assert len(in_simulated_time(_who_gives_up(apart_seconds))) == 1
