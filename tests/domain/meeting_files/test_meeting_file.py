"""Moving a meeting in time, the meeting that the program brings, and the example of the documentation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meeting_files import meeting_file, meeting_schema
from bot.domain.rules.rules import rulebook
from bot.storage import meetings, sessions
from bot.storage.meetings import Material
from bot.storage.reminders import LegalBasis
from bot.storage.values import moment
from tests.domain.meeting_files.files import (
    SAMPLE,
    read,
)


class TestMoving:
    def test_the_running_item_began_five_to_ten_minutes_ago(self) -> None:
        now = datetime(2026, 11, 24, 15, 17, 42, tzinfo=UTC)

        moved = meeting_file.running_at(SAMPLE, "dialog", now)

        starts = {item.slug: item.starts_at for item in moved.agenda or ()}
        assert starts["dialog"] == datetime(2026, 11, 24, 15, 10, tzinfo=UTC)
        assert moved.meeting.starts_at == datetime(2026, 11, 24, 12, 55, tzinfo=UTC)
        assert moved.meeting.state == "running"

    @given(st.integers(1_700_000_000_000, 1_900_000_000_000))
    def test_it_is_on_at_any_moment(self, milliseconds: int) -> None:
        now = moment(milliseconds)

        moved = meeting_file.running_at(SAMPLE, "dialog", now)

        begun = now - next(item.starts_at for item in moved.agenda or () if item.slug == "dialog")
        assert timedelta(minutes=5) <= begun < timedelta(minutes=10)

    def test_an_item_that_is_not_there(self) -> None:
        with pytest.raises(ValueError, match="no agenda item 'dansa'"):
            meeting_file.running_at(SAMPLE, "dansa", datetime.now(UTC))

    def test_shifting_moves_the_meeting_and_its_agenda_but_no_dates_of_the_law(self) -> None:
        file = SAMPLE
        by = timedelta(days=3, minutes=20)

        moved = meeting_file.shifted(file, by)

        assert moved.meeting.starts_at - file.meeting.starts_at == by
        assert moved.meeting.ends_at - file.meeting.ends_at == by
        assert [item.starts_at - by for item in moved.agenda or ()] == [
            item.starts_at for item in file.agenda or ()
        ]
        assert (moved.reminders, moved.sessions) == (file.reminders, file.sessions)
        assert meeting_file.shifted(moved, -by) == file


class TestSample:
    def test_it_is_the_meeting_of_the_news(self) -> None:
        file = SAMPLE

        assert file.meeting.title["id"] == "Rapat Koordinasi Bersama Stakeholder"
        assert file.meeting.starts_at.astimezone(ZoneInfo("Asia/Jakarta")).date() == date(2024, 8, 6)
        assert [item.speaker for item in file.agenda or () if item.speaker] == [
            "Yusnar",
            "Ucok Abdul Rauf Damenta",
        ]
        assert [sector.code for sector in file.sectors or ()] == [
            "tni",
            "polri",
            "asn",
            "parpol",
            "kpu",
            "bawaslu",
            "kejaksaan",
            "ormas",
            "media",
            "akademisi",
        ]
        assert len(file.reminders or ()) == 3

    def test_every_rule_says_where_it_stands_and_when_that_was_checked(self) -> None:
        for reminder in SAMPLE.reminders or ():
            if reminder.rule_id is not None:
                card = rulebook().card(reminder.rule_id)
                assert card is not None
                assert card.reasons == ()
                continue
            assert reminder.legal_basis != ()
            assert reminder.sources != ()
            assert reminder.checked_on is not None

    def test_it_is_in_both_languages(self) -> None:
        file = SAMPLE
        texts = [file.meeting.title, file.meeting.theme]
        texts += [item.title for item in file.agenda or ()]
        texts += [text for session in file.sessions or () for text in (session.topic, session.prompt)]
        texts += [
            text
            for reminder in file.reminders or ()
            if not reminder.rule_id
            for text in (reminder.title, reminder.text)
        ]

        assert [text for text in texts if set(text) != {"id", "en"}] == []

    def test_the_example_of_the_documentation_is_a_meeting_file(self) -> None:
        text = (Path(__file__).parents[3] / "docs" / "meeting-file.md").read_text()
        example = text.partition("```yaml\n")[2].partition("```")[0]

        file = read(example)

        assert set(yaml.safe_load(example)) == {
            "office",
            "sectors",
            "meeting",
            "questions",
            "agenda",
            "materials",
            "sessions",
            "polls",
            "statements",
            "reminders",
        }
        assert file.questions == (
            meetings.RegistrationQuestion(
                "baju",
                "choice",
                {"id": "Ukuran baju", "en": "Shirt size"},
                tuple({"id": size} for size in "SML"),
            ),
        )
        assert file.materials is not None
        assert file.materials[0] == Material(
            "bahan-dialog", "dialog", {"id": "Bahan dialog"}, "https://contoh.id/bahan-dialog.pdf"
        )
        assert file.reminders is not None
        assert file.reminders[0].legal_basis[0] == LegalBasis(
            "UU 20/2023", "Pasal 2 huruf f", "asas netralitas"
        )


def test_the_schema_knows_the_states_and_kinds_of_the_storage() -> None:
    fields = meeting_schema.MeetingPart.model_fields, meeting_schema.SessionPart.model_fields

    assert fields[0]["state"].annotation.__args__ == meetings.STATES  # type: ignore[union-attr]
    assert fields[1]["anonymity"].annotation.__args__ == sessions.ANONYMITY  # type: ignore[union-attr]
    assert fields[1]["kinds"].default == sessions.KINDS
