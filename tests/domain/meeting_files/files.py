"""What the tests of meeting files share: a short file, the sample, and the way into the database and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.meeting_files import (
    meeting_file,
    meeting_store,
    meeting_stored,
)
from bot.domain.meeting_files.meeting_changes import Summary
from bot.domain.meeting_files.meeting_file import (
    MeetingFile,
)
from bot.domain.meeting_files.meeting_yaml import BrokenFile
from bot.storage.database import Database

NOW = datetime(2024, 8, 1, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SAMPLE = meeting_file.sample()
ANI = 700_000_001

HEAD = """\
office:
  code: kantor
  name: Kantor
  city: Palembang
meeting:
  code: rakor
  title: Rakor
  venue: Aula
  start: 2024-08-06 08.00
  end: 12.30
"""


def read(text: str) -> MeetingFile:
    return meeting_file.read(text.encode(), "rakor.yaml")


def problems(text: str | bytes) -> list[str]:
    """What is told about a broken file."""
    with pytest.raises(BrokenFile) as broken:
        meeting_file.read(text if isinstance(text, bytes) else text.encode(), "rakor.yaml")
    return broken.value.lines()


def jakarta(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Jakarta"))


async def apply(database: Database, file: MeetingFile, now: datetime = NOW) -> Summary:
    return await database.write(lambda tx: meeting_store.apply(tx, file, now))


async def back(database: Database, code: str = SAMPLE.meeting.code) -> MeetingFile:
    file = await database.read(lambda tx: meeting_stored.stored(tx, code))
    assert file is not None
    return file


def in_stored_order(file: MeetingFile) -> MeetingFile:
    """Reminders come back by slug: their order means nothing."""
    return replace(file, reminders=tuple(sorted(file.reminders or (), key=lambda known: known.slug)))
