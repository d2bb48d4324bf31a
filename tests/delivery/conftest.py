"""What the tests of deliveries share."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from tests.delivery.fake_telegram import FakeTelegram
from tests.small_rakor import Rakor, small_rakor


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    return await small_rakor(database)


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()
