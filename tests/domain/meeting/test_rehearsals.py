"""A rehearsal leaves nothing behind, and no table is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import AlreadyDecided, HasPeople, NotAllowed
from bot.domain.meeting import meeting_setup, meetings, rehearsals
from bot.storage import meetings as stored
from bot.storage import rehearsals as stored_rehearsals
from bot.storage.database import Database, Transaction
from bot.storage.meetings import OPEN, REHEARSAL_MARKS
from tests.domain.meeting.test_meeting_setup import BUDI, CITRA, NOW, made

BELONG = {
    "meetings",
    "participants",
    "submissions",
    "sessions",
    "polls",
    "broadcasts",
    "reminders",
    "invitations",
    "checks",
}
"""Tables whose rows belong to a meeting; what refers to one of them does so as well."""


async def references(tx: Transaction, engine: str) -> set[str]:
    """The tables that refer to one of :data:`BELONG`."""
    if engine == "sqlite":
        names = [row["name"] for row in await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name
            for name in names
            for row in await tx.all("SELECT * FROM pragma_foreign_key_list(:name)", name=name)
            if row["table"] in BELONG
        }
    rows = await tx.all(
        "SELECT DISTINCT conrelid::regclass::text AS name, confrelid::regclass::text AS target"
        " FROM pg_constraint WHERE contype = 'f'"
    )
    return {row["name"] for row in rows if row["target"] in BELONG}


async def test_every_table_of_a_meeting_is_wiped_or_kept_on_purpose(database: Database) -> None:
    found = await database.read(lambda tx: references(tx, database.engine))

    assert found == set(stored_rehearsals.WIPED) | stored_rehearsals.KEPT


async def test_titles_are_marked_while_it_lasts_and_never_written_so(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        meeting = await made(tx)
        rehearsed = await rehearsals.begin(tx, meeting.id, BUDI, NOW)
        assert rehearsed.rehearsal
        assert rehearsed.title == {"id": f"{REHEARSAL_MARKS['id']}Rakor"}
        changed = await meeting_setup.change(tx, meeting.id, BUDI, NOW, venue="Lain")
        assert changed.after.title == rehearsed.title
        with pytest.raises(AlreadyDecided):
            await rehearsals.begin(tx, meeting.id, BUDI, NOW)
        with pytest.raises(NotAllowed):
            await rehearsals.end(tx, meeting.id, CITRA, NOW)
        await meetings.move(tx, meeting.id, OPEN, BUDI, NOW)
        after = await rehearsals.end(tx, meeting.id, BUDI, NOW + timedelta(hours=1))
        assert (after.title, after.state, after.rehearsal) == ({"id": "Rakor"}, "draft", False)
        with pytest.raises(AlreadyDecided):
            await rehearsals.end(tx, meeting.id, BUDI, NOW)

    await database.write(work)


async def test_a_meeting_with_people_is_not_rehearsed(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        meeting = await made(tx)
        await tx.run(
            "INSERT INTO participants (id, meeting_id, sector, name, institution, position, ticket, state,"
            " consented_at, registered_at) VALUES (1, :meeting, 'kpu', 'Ani', 'KPU', 'Staf', 'T1', 'registered', 0, 0)",
            meeting=meeting.id,
        )
        with pytest.raises(HasPeople):
            await rehearsals.begin(tx, meeting.id, BUDI, NOW)
        found = await stored.find(tx, meeting.id)
        assert found is not None
        assert not found.rehearsal

    await database.write(work)


async def test_organisers_are_reminded_once_for_each_moment_before_the_real_meeting(
    database: Database,
) -> None:
    async def work(tx: Transaction) -> None:
        meeting = await made(tx)
        start = meeting.starts_at

        async def is_told(hours: float) -> bool:
            return [found.id for found in await rehearsals.forgotten(tx, start - timedelta(hours=hours))] == [
                meeting.id
            ]

        assert not await is_told(1)  # it is not rehearsed
        await rehearsals.begin(tx, meeting.id, BUDI, start - timedelta(hours=20))
        assert [await is_told(hours) for hours in (12.5, 12, 11.9, 2.1, 2, 1.9, 0, -0.1)] == [
            False,
            True,
            False,
            False,
            True,
            False,
            True,
            False,
        ]
        await rehearsals.end(tx, meeting.id, BUDI, start)
        assert not await is_told(-0.2)
        # One begun two hours before is told when the meeting begins, and not for what was past already.
        await rehearsals.begin(tx, meeting.id, BUDI, start - timedelta(hours=1.5))
        await tx.run("DELETE FROM actions")
        assert [await is_told(hours) for hours in (1.4, 0.1, 0)] == [False, False, True]
        await tx.run("DELETE FROM actions")
        assert await rehearsals.forgotten(tx, meeting.ends_at) == []

    await database.write(work)
