"""Exporting a meeting with all that was collected."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.meeting_files import (
    meeting_export,
    meeting_file,
    meeting_yaml,
)
from bot.domain.meeting_files.local_times import local_text
from bot.domain.meeting_files.meeting_yaml import BrokenFile
from bot.domain.notices import broadcasts
from bot.domain.notices.audience import EVERYONE
from bot.domain.notices.broadcasts import Content
from bot.storage import attendance, participants, people, sessions, submissions
from bot.storage.database import Database, Transaction
from tests.domain.meeting_files.files import (
    ANI,
    NOW,
    SAMPLE,
    apply,
    in_stored_order,
)


class TestExporting:
    async def test_an_unknown_meeting(self, database: Database) -> None:
        assert await meeting_export.export_json(database, "tidak-ada") is None

    async def test_it_can_be_imported_again(self, database: Database) -> None:
        await apply(database, SAMPLE)

        text = await meeting_export.export_json(database, SAMPLE.meeting.code)

        assert text is not None
        assert meeting_file.read(text.encode(), "export.json") == in_stored_order(SAMPLE)

    async def test_what_was_collected_is_in_it_and_nothing_that_tells_an_anonymous_author(
        self, database: Database
    ) -> None:
        summary = await apply(database, SAMPLE)

        async def fill(tx: Transaction) -> None:
            [session] = await sessions.of_meeting(tx, summary.meeting_id)
            await sessions.open_session(tx, session.id, NOW)
            await people.see(tx, ANI, "id", NOW.date(), private=True)
            ani = await participants.add(
                tx,
                meeting_id=summary.meeting_id,
                person_id=ANI,
                sector="asn",
                name="Ani",
                institution="Dinas Kominfo",
                position="Staf",
                ticket="ABC",
                now=NOW,
            )
            assert ani is not None
            await attendance.add(
                tx,
                participant_id=ani.id,
                meeting_id=summary.meeting_id,
                operator_id=1,
                way=attendance.SCAN,
                now=NOW,
            )
            named = await submissions.add_named(
                tx,
                meeting_id=summary.meeting_id,
                session_id=session.id,
                kind="challenge",
                text="Tantangan\u2028di <b>lapangan</b>: 😀",
                attachment=None,
                participant_id=ani.id,
                sent_on=NOW.date(),
                now=NOW,
            )
            hidden = await submissions.add_anonymous(
                tx,
                meeting_id=summary.meeting_id,
                session_id=session.id,
                kind="input",
                text="Tanpa nama",
                sent_on=NOW.date(),
                receipt_hash="hash",
            )
            await submissions.add_anonymous(
                tx,
                meeting_id=summary.meeting_id,
                session_id=session.id,
                kind="input",
                text="Belum diputuskan",
                sent_on=NOW.date(),
                receipt_hash="other",
            )
            for number, submission in enumerate((named, hidden), 1):
                await submissions.change(tx, submission, state=submissions.PUBLISHED, number=number)
            await broadcasts.create(
                tx,
                office_id=summary.office_id,
                meeting_id=summary.meeting_id,
                kind=broadcasts.ANNOUNCEMENT,
                content=Content({"id": "Halo"}),
                audience=EVERYONE,
                author_id=None,
                now=NOW,
            )

        await database.write(fill)
        text = await meeting_export.export_json(database, SAMPLE.meeting.code)

        assert text is not None
        assert "Belum diputuskan" not in text
        collected = meeting_yaml.read(text.encode()).content["collected"]
        assert collected["participants"] == [
            {
                "ticket": "ABC",
                "name": "Ani",
                "sector": "asn",
                "institution": "Dinas Kominfo",
                "position": "Staf",
                "registered_at": "2024-08-01 09:00",
                "checked_in_at": "2024-08-01 09:00",
            }
        ]
        assert collected["submissions"] == [
            {
                "number": "1",
                "session": "dialog",
                "kind": "challenge",
                "text": "Tantangan\u2028di <b>lapangan</b>: 😀",
                "anonymous": "false",
                "author": "ABC",
            },
            {
                "number": "2",
                "session": "dialog",
                "kind": "input",
                "text": "Tanpa nama",
                "anonymous": "true",
                "author": None,
            },
        ]
        assert collected["sessions"] == [
            {"slug": "dialog", "state": "open", "opened_at": "2024-08-01 09:00", "closed_at": None}
        ]
        found = sorted((item["slug"], item["state"], item["occurrences"]) for item in collected["reminders"])
        assert found == [
            ("asn-netral-uu-20-2023", "active", []),
            ("kampanye-di-luar-jadwal", "active", []),
            ("meeting-before", "active", []),
            ("meeting-morning", "active", []),
            ("tni-polri-netral", "active", []),
        ]
        assert collected["broadcasts"] == [
            {
                "kind": "announcement",
                "created_at": "2024-08-01 09:00",
                "text": {"id": "Halo"},
                "audience": {"sectors": "all"},
                "deliveries": {"pending": "1"},
            }
        ]
        assert meeting_file.read(text.encode(), "export.json") == in_stored_order(SAMPLE)

    def test_a_large_export_can_be_imported_although_a_file_may_not_be_large(self) -> None:
        content = meeting_export.as_content(SAMPLE)
        text = meeting_yaml.to_text({**content, "collected": {"submissions": ["x" * 3_000_000]}})

        assert meeting_file.read(text.encode(), "export.json") == SAMPLE

        with pytest.raises(BrokenFile):
            meeting_file.read(
                meeting_yaml.to_text({**content, "colected": "x" * 3_000_000}).encode(), "export.json"
            )


@pytest.mark.parametrize("hour", [0, 1])
def test_an_hour_that_the_clocks_show_twice_is_told_apart(hour: int) -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    half_past_two = datetime(2024, 10, 27, hour, 30, tzinfo=UTC)

    text = local_text(half_past_two, amsterdam)

    assert text == ("2024-10-27 02:30", "2024-10-27 02:30+01:00")[hour]
