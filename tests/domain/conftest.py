"""What tests of several subjects begin with."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from tests.domain.dialogue.small_dialogue import Dialogue, make


@pytest.fixture
async def dialogue(database: Database) -> Dialogue:
    """A meeting in session; modules that need other people in it have one of their own."""
    return await make(database)
