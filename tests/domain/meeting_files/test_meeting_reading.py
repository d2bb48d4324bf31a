"""What meeting files may say."""

from __future__ import annotations

import json

import pytest

from bot.domain.meeting_files.meeting_file import Poll
from bot.domain.notices.audience import EVERYONE, Audience
from bot.domain.reminders import schedule_text
from tests.domain.meeting_files.files import (
    HEAD,
    jakarta,
    read,
)


class TestReading:
    def test_a_short_file_is_enough(self) -> None:
        file = read(HEAD)

        assert (file.office.timezone, file.office.locale, file.office.contact) == ("Asia/Jakarta", "id", "")
        assert file.meeting.title == {"id": "Rakor"}
        assert file.meeting.state == "draft"
        assert (file.meeting.starts_at, file.meeting.ends_at) == (
            jakarta("2024-08-06T08:00"),
            jakarta("2024-08-06T12:30"),
        )

    def test_a_section_left_out_is_none_and_an_empty_one_is_empty(self) -> None:
        file = read(HEAD + "agenda:\nsectors: []\n")

        assert (file.agenda, file.sectors, file.sessions) == ((), (), None)

    def test_plain_text_is_in_the_language_of_the_office(self) -> None:
        file = read(HEAD.replace("  city:", "  locale: en\n  city:"))

        assert file.meeting.title == {"en": "Rakor"}

    @pytest.mark.parametrize(
        "written", ["08.30", "8:30", "08:30", '"08.30"', "2024-08-06 08.30", "2024-08-06T08:30"]
    )
    def test_a_time_may_be_written_in_several_ways(self, written: str) -> None:
        file = read(f"{HEAD}agenda:\n  - {{slug: a, start: {written}, minutes: 30, title: A}}\n")

        assert file.agenda is not None
        assert file.agenda[0].starts_at == jakarta("2024-08-06T08:30")
        assert file.agenda[0].ends_at == jakarta("2024-08-06T09:00")

    def test_values_keep_the_look_that_yaml_would_take_from_them(self) -> None:
        file = read(HEAD.replace("venue: Aula", "venue: No").replace("title: Rakor", "title: 0711"))

        assert (file.meeting.venue, file.meeting.title) == ("No", {"id": "0711"})

    def test_hours_without_a_day_follow_the_meeting_past_midnight(self) -> None:
        file = read(
            HEAD.replace("08.00", "22.00").replace("12.30", "01.30")
            + "agenda:\n"
            + "  - {slug: a, start: 23.00, end: 00.15, title: A}\n"
            + "  - {slug: b, start: 00.15, end: 01.30, title: B}\n"
        )

        assert file.agenda is not None
        assert [(item.starts_at, item.ends_at) for item in file.agenda] == [
            (jakarta("2024-08-06T23:00"), jakarta("2024-08-07T00:15")),
            (jakarta("2024-08-07T00:15"), jakarta("2024-08-07T01:30")),
        ]

    def test_a_meeting_of_several_days(self) -> None:
        file = read(
            HEAD.replace("12.30", "2024-08-08 12.30")
            + "agenda:\n  - {slug: a, start: 2024-08-07 09.00, end: 10.00, title: A}\n"
        )

        assert file.agenda is not None
        assert (file.agenda[0].starts_at, file.agenda[0].ends_at) == (
            jakarta("2024-08-07T09:00"),
            jakarta("2024-08-07T10:00"),
        )

    def test_the_agenda_is_in_the_order_of_its_times(self) -> None:
        file = read(
            HEAD + "agenda:\n  - {slug: b, start: 10.00, end: 11.00, title: B}\n"
            "  - {slug: a, start: 09.00, end: 10.00, title: A}\n"
        )

        assert [item.slug for item in file.agenda or ()] == ["a", "b"]

    @pytest.mark.parametrize(
        ("written", "schedule"),
        [
            ("2024-09-18 08.00", {"at": "2024-09-18T08:00:00"}),
            ("{at: 2024-09-18 08:00:30}", {"at": "2024-09-18T08:00:30"}),
            (
                "{at: 2024-09-18 08.00, zone: Asia/Jayapura}",
                {"at": "2024-09-18T08:00:00", "zone": "Asia/Jayapura"},
            ),
            ("{start: H-1 08.00}", {"offset": {"anchor": "meeting_start", "days": -1, "time": "08:00:00"}}),
            ("{start: D-1 08:00}", {"offset": {"anchor": "meeting_start", "days": -1, "time": "08:00:00"}}),
            ("{end: H 17.00}", {"offset": {"anchor": "meeting_end", "days": 0, "time": "17:00:00"}}),
            ("{end: h+30 07.30}", {"offset": {"anchor": "meeting_end", "days": 30, "time": "07:30:00"}}),
            ("{start: -30 menit}", {"offset": {"anchor": "meeting_start", "minutes": -30}}),
            ("{end: +2 hours}", {"offset": {"anchor": "meeting_end", "minutes": 120}}),
            ("{end: 1 jam}", {"offset": {"anchor": "meeting_end", "minutes": 60}}),
            (
                "{at: [2024-09-18 08.00, 2024-09-20 08.00]}",
                {"at": ["2024-09-18T08:00:00", "2024-09-20T08:00:00"]},
            ),
            (
                '{start: "H-7, H-1, H 08.00", stage: masa-tenang, holidays: before}',
                {
                    "offset": {
                        "anchor": "stage_start",
                        "stage": "masa-tenang",
                        "days": [-7, -1, 0],
                        "time": "08:00:00",
                        "holidays": "before",
                    }
                },
            ),
            (
                "{weekly: mon thu 08.00, from: 2024-09-30, until: voting-day, holidays: skip}",
                {
                    "weekly": {
                        "days": ["mon", "thu"],
                        "time": "08:00:00",
                        "start": "2024-09-30",
                        "until": "voting_day",
                        "holidays": "skip",
                    }
                },
            ),
        ],
    )
    def test_schedules(self, written: str, schedule: object) -> None:
        file = read(f"{HEAD}reminders:\n  - {{slug: a, title: A, text: B, schedule: {written}}}\n")

        assert file.reminders is not None
        assert file.reminders[0].schedule == schedule
        assert file.reminders[0].audience == EVERYONE
        again = schedule_text.write(file.reminders[0].schedule)
        written_again = read(
            f"{HEAD}reminders:\n  - {{slug: a, title: A, text: B, schedule: {json.dumps(again)}}}\n"
        )
        assert written_again.reminders == file.reminders

    @pytest.mark.parametrize(
        ("options", "steps"),
        [
            ("", ("1 = tidak setuju", "2", "3", "4", "5 = setuju")),
            (", options: [mudah, sulit]", ("1 = mudah", "2", "3", "4", "5 = sulit")),
            (", options: [a, b, c, d, e]", ("a", "b", "c", "d", "e")),
        ],
    )
    def test_a_scale_may_name_its_ends_alone(self, options: str, steps: tuple[str, ...]) -> None:
        file = read(f"{HEAD}polls:\n  - {{slug: p, kind: scale, question: Seberapa?{options}}}\n")

        assert file.polls == (Poll("p", "scale", "Seberapa?", steps),)

    def test_audiences(self) -> None:
        start = "reminders:\n  - {slug: a, title: A, text: B, schedule: {start: H 08.00}, audience: "
        sectors = "sectors:\n  - {code: asn, name: ASN}\n"

        def audience(written: str) -> Audience:
            file = read(HEAD + sectors + start + written + "}\n")
            assert file.reminders is not None
            return file.reminders[0].audience

        assert audience("{sectors: semua, groups: ya}") == Audience("all", groups=True)
        assert audience("{sectors: [asn]}") == Audience(("asn",))
        assert audience("{organisers: yes, groups: no}") == Audience(organisers=True)

    def test_everything_collected_is_left_alone(self) -> None:
        assert read(HEAD + "collected:\n  participants: [{name: Ani}]\n") == read(HEAD)
