"""What the tests of the database share."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from tests.storage.notes import create


@pytest.fixture
async def notes(database: Database) -> Database:
    """A database with an empty table of notes."""
    await database.write(create)
    return database
