"""What reminders look like: escaped, within Telegram's limit, their schedules in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.language.texts import utf16_length
from bot.domain.notices.broadcasts import CAPTION
from bot.domain.reminders.reminders import Entry
from bot.domain.reminders.wordings import Wording
from bot.domain.rules import stages
from bot.i18n import translator
from bot.storage import occurrences
from bot.storage import reminders as stored
from bot.storage.meetings import OPEN, Meeting
from bot.storage.occurrences import Occurrence
from bot.storage.reminders import LegalBasis, Reminder
from handlers.reminders import reminder_views as views
from handlers.reminders import schedule_words

START = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)
MEETING = Meeting(
    1,
    2,
    "rakor",
    {"id": "Rakor"},
    {},
    "Hotel",
    "",
    START,
    START + timedelta(hours=8),
    "Asia/Jakarta",
    OPEN,
    "",
)


def reminder(**changes: Any) -> Reminder:
    values: dict[str, Any] = {
        "id": 7,
        "office_id": 2,
        "meeting_id": 1,
        "slug": "netral",
        "title": {"id": "ASN <b>netral</b>", "en": "Civil servants & neutrality"},
        "text": {"id": "Tetap netral.", "en": "Stay neutral."},
        "legal_basis": [
            LegalBasis("UU 20/2023", "Pasal 9 ayat (2)", "bebas <pengaruh>"),
            LegalBasis("PP 94/2021"),
        ],
        "sources": [],
        "checked_on": date(2026, 11, 24),
        "audience": {"sectors": ["asn"]},
        "schedule": {"offset": {"anchor": "meeting_start", "days": -1, "time": "08:00"}},
        "grace_minutes": 60,
        "state": stored.ACTIVE,
        "armed_at": START,
        "next_at": None,
    }
    return Reminder(**{**values, **changes})


def wording(**changes: Any) -> Wording:
    made = reminder(**changes)
    return Wording(made.title, made.text, made.legal_basis, made.checked_on)


def test_the_message_names_its_legal_basis_and_the_day_it_was_checked() -> None:
    assert views.message(translator("id"), wording()) == (
        "🔔 <b>ASN &lt;b&gt;netral&lt;/b&gt;</b>\n\nTetap netral.\n\n<b>Dasar hukum</b>\n"
        "• UU 20/2023, Pasal 9 ayat (2): bebas &lt;pengaruh&gt;\n• PP 94/2021\n\n"
        "Dicocokkan dengan sumbernya pada Selasa, 24 November 2026."
    )
    assert views.message(translator("en"), wording(legal_basis=[], checked_on=None)) == (
        "🔔 <b>Civil servants &amp; neutrality</b>\n\nStay neutral."
    )


def test_the_longest_message_leaves_room_for_what_stands_below() -> None:
    long = wording(
        title={"en": "T" * 200},
        text={"en": "🗳" * 2000},
        legal_basis=[LegalBasis("I" * 200, "A" * 200, f"{number}" * 200) for number in range(10)],
    )

    text = views.message(translator("en"), replace(long, sanction={"en": "S" * 2000}))

    assert utf16_length(text) < 3900
    assert "… and 9 more" in text
    assert utf16_length(views.message(translator("en"), long, short=True)) <= CAPTION


@pytest.mark.parametrize(
    ("schedule", "locale", "words"),
    [
        ({"at": "2024-08-05T08:00"}, "id", "Pada Senin, 5 Agustus 2024, 08.00 WIB"),
        ({"offset": {"anchor": "meeting_start", "days": -1, "time": "08:00"}}, "id", "H-1 rakor pukul 08.00"),
        (
            {"offset": {"anchor": "meeting_start", "days": -7, "time": "08:00"}},
            "en",
            "7 days before the meeting at 08:00",
        ),
        (
            {"offset": {"anchor": "meeting_start", "days": 0, "time": "06:30"}},
            "en",
            "On the day of the meeting at 06:30",
        ),
        (
            {"offset": {"anchor": "meeting_end", "days": 1, "time": "08:00"}},
            "en",
            "1 day after the meeting at 08:00",
        ),
        ({"offset": {"anchor": "meeting_start", "minutes": -1}}, "en", "1 minute before the meeting begins"),
        ({"offset": {"anchor": "meeting_start", "minutes": 0}}, "en", "When the meeting begins"),
        ({"offset": {"anchor": "meeting_start", "minutes": 15}}, "id", "15 menit setelah rakor dimulai"),
        ({"offset": {"anchor": "meeting_end", "minutes": -15}}, "id", "15 menit sebelum rakor selesai"),
        ({"offset": {"anchor": "meeting_end", "minutes": 0}}, "id", "Saat rakor selesai"),
        ({"offset": {"anchor": "meeting_end", "minutes": 2}}, "en", "2 minutes after the meeting ends"),
        ({"at": "?"}, "en", "The schedule cannot be read. Please set a time."),
        (
            {"at": ["2024-08-05T08:00", "2024-08-07T08:00"]},
            "en",
            "At 2 chosen times, the first on Monday, 5 August 2024, 08:00 WIB",
        ),
        (
            {"offset": {"anchor": "meeting_start", "days": [-7, 0, -1], "time": "08:00"}},
            "en",
            "H-7, H-1, H at 08:00, counted from the day of the meeting",
        ),
        (
            {
                "offset": {
                    "anchor": "stage_start",
                    "stage": "kampanye",
                    "days": -7,
                    "time": "08:00",
                    "holidays": "before",
                }
            },
            "id",
            (
                "H-7 pukul 08.00, dihitung dari hari pertama: Pelaksanaan kampanye (pada akhir pekan dan hari libur:"
                " hari kerja sebelumnya)"
            ),
        ),
        (
            {"weekly": {"days": ["mon", "thu"], "time": "08:00", "until": "voting_day"}},
            "en",
            "Every week on Monday, Thursday at 08:00, until voting day (27 November 2024)",
        ),
        (
            {"weekly": {"days": ["mon", "tue", "wed", "thu", "fri"], "time": "16:00", "until": "2024-11-08"}},
            "id",
            "Setiap Senin sampai Jumat pukul 16.00, sampai 8 November 2024",
        ),
        (
            {"weekly": {"days": ["sun"], "time": "16:00", "holidays": "skip"}},
            "en",
            "Every week on Sunday at 16:00, until you stop it (not on weekends and holidays)",
        ),
    ],
)
def test_schedules_in_words(schedule: dict[str, Any], locale: str, words: str) -> None:
    t, calendar = translator(locale), stages.calendar()

    assert schedule_words.rule(t, schedule, calendar, MEETING.timezone) == words


@pytest.mark.parametrize(
    ("state", "next_at", "last", "words"),
    [
        (stored.PAUSED, None, None, "Paused"),
        (stored.ACTIVE, START, None, "Next: Tuesday, 6 August 2024, 08:00 WIB"),
        (stored.ACTIVE, None, occurrences.SENT, "Sent: Tuesday, 6 August 2024, 08:00 WIB"),
        (stored.ACTIVE, None, occurrences.LATE, "Sent late; it was due on Tuesday, 6 August 2024, 08:00 WIB"),
        (
            stored.ACTIVE,
            None,
            occurrences.MISSED,
            "Not sent; it was due on Tuesday, 6 August 2024, 08:00 WIB",
        ),
        (stored.ACTIVE, None, occurrences.BY_HAND, "Sent by hand: Tuesday, 6 August 2024, 08:00 WIB"),
        (
            stored.ACTIVE,
            None,
            None,
            "None of its times is to come",
        ),
    ],
)
def test_the_state_of_a_reminder_in_words(
    state: str, next_at: datetime | None, last: str | None, words: str
) -> None:
    occurrence = None if last is None else Occurrence(START, last, None)

    assert views.when(translator("en"), Entry(reminder(state=state), next_at, occurrence), MEETING) == words


def test_a_missed_one_names_its_time_and_leads_to_it() -> None:
    content = views.ReminderTexts().missed(reminder(), MEETING, START)

    assert (
        "“ASN &lt;b&gt;netral&lt;/b&gt;” seharusnya dikirim pada Selasa, 6 Agustus 2024, 08.00 WIB"
        in content.text["id"]
    )
    assert content.buttons["en"] == [[{"text": "See the reminder", "callback_data": "reminder:7"}]]
