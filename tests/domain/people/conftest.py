from __future__ import annotations

import pytest

from bot.storage.database import Database
from tests.domain.people.hall import Hall, make_hall


@pytest.fixture
async def hall(database: Database) -> Hall:
    return await make_hall(database)
