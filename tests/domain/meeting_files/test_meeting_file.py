"""Meeting files: what they may say, what is told about their mistakes, and moving a meeting in time."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.meeting_files import meeting_file, meeting_schema, meeting_yaml
from bot.domain.meeting_files.meeting_file import MeetingFile
from bot.domain.meeting_files.meeting_reader import MESSAGES
from bot.domain.meeting_files.meeting_yaml import BrokenFile
from bot.domain.notices.audience import EVERYONE, Audience
from bot.domain.reminders import schedule_text
from bot.domain.rules.rules import rulebook
from bot.i18n import translator
from bot.storage import meetings, sessions
from bot.storage.meetings import Material
from bot.storage.reminders import LegalBasis
from bot.storage.values import moment

SAMPLE = meeting_file.sample()

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


class TestMistakes:
    def test_all_are_told_at_once_with_line_and_field(self) -> None:
        text = HEAD.replace("code: rakor", "code: R 1").replace("  venue: Aula\n", "") + (
            "sectors:\n"
            "  - {code: asn, name: ASN, quota: banyak}\n"
            "agenda:\n"
            "  - slug: dialog\n"
            "    start: 25.00\n"
            "    minutes: 30\n"
            "    titel: Dialog\n"
        )

        assert problems(text) == [
            "rakor.yaml:5: meeting.venue: is missing",
            "rakor.yaml:6: meeting.code: small letters, digits and hyphens are expected, as in sesi-dialog, not “R 1”",
            "rakor.yaml:11: sectors[asn].quota: a whole number is expected, not “banyak”",
            "rakor.yaml:13: agenda[dialog].title: is missing",
            "rakor.yaml:14: agenda[dialog].start: a time such as 08.30, or 2024-08-06 08.30, is expected, not “25.00”",
            "rakor.yaml:16: agenda[dialog].titel: is not known here; did you mean “title”?",
        ]

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ("agneda: []\n", ["11: agneda: is not known here; did you mean “agenda”?"]),
            (
                "xyz: 1\n",
                [
                    (
                        "11: xyz: is not known here; known are office, meeting, sectors, questions, agenda, materials,"
                        " sessions, reminders, collected"
                    )
                ],
            ),
            ("agenda: satu\n", ["11: agenda: a list is expected: lines that begin with -"]),
            ("agenda: [satu]\n", ["11: agenda[1]: fields are expected: lines of the form name: value"]),
            ("office: {}\n", ["11: office: stands twice; the first is in line 1"]),
            (
                "sectors:\n  - {code: asn, name: ASN}\n  - {code: asn, name: Lain}\n",
                ["13: sectors[asn].code: “asn” is taken by line 12"],
            ),
            (
                "agenda:\n  - {slug: a, start: 09.00, title: A}\n",
                ["12: agenda[a]: either end: or minutes: is expected"],
            ),
            (
                "agenda:\n  - {slug: a, start: 09.00, end: 08.30, title: A}\n",
                ["12: agenda[a].end: the item ends before it begins"],
            ),
            (
                "agenda:\n  - {slug: a, start: 07.00, end: 08.30, title: A}\n",
                [
                    (
                        "12: agenda[a].start: the item is outside the meeting, which is from 2024-08-06 08.00 to"
                        " 2024-08-06 12.30"
                    )
                ],
            ),
            (
                (
                    "agenda:\n  - {slug: dialog, start: 09.00, end: 10.00, title: A}\n"
                    "sessions:\n  - {slug: s, agenda: dialgo, topic: T}\n"
                ),
                ["14: sessions[s].agenda: there is no “dialgo” in this file; did you mean “dialog”?"],
            ),
            (
                "agenda: []\nmaterials:\n  - {slug: m, agenda: x, title: T, url: https://a.id/b}\n",
                ["13: materials[m].agenda: there is no “x” in this file"],
            ),
            (
                "materials:\n  - {slug: m, title: T, url: javascript:alert}\n",
                [
                    "12: materials[m].url: an address that begins with https:// is expected, not “javascript:alert”"
                ],
            ),
            (
                (
                    "sectors:\n  - {code: asn, name: ASN}\n"
                    "reminders:\n  - {slug: r, title: T, text: T, schedule: {start: H 08.00},"
                    " audience: {sectors: [asm]}}\n"
                ),
                ["14: reminders[r].audience.sectors[1]: there is no “asm” in this file; did you mean “asn”?"],
            ),
            (
                "reminders:\n  - {slug: r, title: T, text: T, schedule: {start: H 08.00}, audience: {groups: no}}\n",
                ["12: reminders[r].audience: nobody is meant; name sectors, groups: yes or organisers: yes"],
            ),
            (
                (
                    "reminders:\n  - {slug: r, title: T, text: T, schedule: {start: H 08.00},"
                    " legal_basis: [{instrumen: UU}]}\n"
                ),
                [
                    "12: reminders[r].legal_basis[1].instrument: is missing",
                    "12: reminders[r].legal_basis[1].instrumen: is not known here; did you mean “instrument”?",
                ],
            ),
            (
                "sessions:\n  - {slug: s, topic: T, kinds: [saran], anonymity: kadang, text_limit: 5}\n",
                [
                    "12: sessions[s].kinds[1]: must be one of challenge, suggestion, input, question, not “saran”",
                    "12: sessions[s].anonymity: must be one of allowed, forced, off, not “kadang”",
                    "12: sessions[s].text_limit: must be at least 20",
                ],
            ),
            (
                "sessions:\n  - {slug: s, topic: T, kinds: []}\n",
                ["12: sessions[s].kinds: at least one entry is expected"],
            ),
            (
                (
                    "reminders:\n  - {slug: r, title: [a], text: {id: [a]}, schedule: {start: H 08.00},"
                    " checked: kemarin, audience: {groups: mungkin}}\n"
                    "  - {slug: q, title: T, text: ' ', schedule: {start: H 08.00}, audience: {sectors: asn}}\n"
                ),
                [
                    "12: reminders[r].title: a text is expected, or one text for each language",
                    "12: reminders[r].text: a text is expected, or one text for each language",
                    "12: reminders[r].checked: a day such as 2024-08-06 is expected, not “kemarin”",
                    "12: reminders[r].audience.groups: yes or no is expected, not “mungkin”",
                    "13: reminders[q].text: is empty",
                    (
                        "13: reminders[q].audience.sectors: a list of sectors such as [asn, tni], or all, is expected,"
                        " not “asn”"
                    ),
                ],
            ),
            (
                "materials:\n  - {slug: m, title: T, url: 'https://[::1/a'}\n",
                [
                    "12: materials[m].url: an address that begins with https:// is expected, not “https://[::1/a”"
                ],
            ),
            ("sessions:\n  - {slug: s, topic: {}}\n", ["12: sessions[s].topic: is empty"]),
            (
                "sessions:\n  - {slug: s, topic: {fr: Sujet}}\n",
                ["12: sessions[s].topic: there is no language “fr” here, only id, en"],
            ),
        ],
    )
    def test_one_line_each(self, more: str, told: list[str]) -> None:
        assert problems(HEAD + more) == [f"rakor.yaml:{line}" for line in told]

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("besok", "besok"),
            ("08.00", "08.00"),
            ("{start: besok}", "besok"),
            ("{start: +99999999 minutes}", "+99999999 minutes"),
            ("{start: H-9999 08.00}", "H-9999 08.00"),
            ("{at: 2024-02-30 08.00}", "2024-02-30 08.00"),
            ("{at: 2024-09-18T08:00+07:00}", "2024-09-18T08:00+07:00"),
            ("{at: 2024-09-18 08.00, zone: WIB}", "2024-09-18 08.00"),
            ("{start: H 08.00, zone: Asia/Jayapura}", "H 08.00"),
            ("{start: H 08.00, end: H 09.00}", "…"),
            ("{}", "…"),
            ("[1]", "…"),
        ],
    )
    def test_schedules_that_cannot_be_read(self, written: str, shown: str) -> None:
        assert problems(f"{HEAD}reminders:\n  - {{slug: r, title: T, text: T, schedule: {written}}}\n") == [
            (
                "rakor.yaml:12: reminders[r].schedule: a schedule is at: 2024-09-22 08.00, or start: or end: with a"
                f" distance such as H-1 08.00 or -30 minutes, or weekly: mon 08.00, not “{shown}”"
            )
        ]

    def test_a_meeting_that_ends_before_it_begins(self) -> None:
        text = HEAD.replace("12.30", "2024-08-05 12.30")

        assert problems(text) == ["rakor.yaml:10: meeting.end: the meeting ends before it begins"]

    def test_an_office_that_is_missing(self) -> None:
        assert problems(HEAD[HEAD.index("meeting:") :]) == ["rakor.yaml:1: office: is missing"]

    def test_a_name_without_a_visible_letter(self) -> None:
        assert problems(HEAD.replace("name: Kantor", "name: '\u200b '")) == [
            "rakor.yaml:3: office.name: is empty"
        ]

    def test_the_meeting_needs_its_day(self) -> None:
        assert problems(HEAD.replace("2024-08-06 08.00", "08.00")) == [
            "rakor.yaml:9: meeting.start: the day is missing; write for example 2024-08-06 08.00"
        ]

    @pytest.mark.parametrize("code", ["group", "claim-x", "t-abc"])
    def test_a_code_that_links_use_for_something_else(self, code: str) -> None:
        assert problems(HEAD.replace("code: rakor", f"code: {code}")) == [
            f"rakor.yaml:6: meeting.code: the code “{code}” means something else in links; choose another one"
        ]

    def test_a_zone_must_be_known(self) -> None:
        assert problems(HEAD.replace("  city:", "  timezone: ../../etc/passwd\n  city:")) == [
            (
                "rakor.yaml:4: office.timezone: a time zone such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura is"
                " expected, not “../../etc/passwd”"
            )
        ]

    def test_a_title_of_2000_characters(self) -> None:
        assert problems(HEAD.replace("title: Rakor", "title: " + "a" * 2000)) == [
            "rakor.yaml:7: meeting.title: is too long; at most 300 characters fit"
        ]

    def test_in_indonesian(self) -> None:
        with pytest.raises(BrokenFile) as broken:
            read(HEAD.replace("  venue: Aula\n", ""))

        assert broken.value.lines(translator("id")) == ["rakor.yaml:5: meeting.venue: belum diisi"]

    def test_every_message_can_be_said_with_what_is_given(self) -> None:
        # A message with a field that no error carries would fail at the worst moment.
        given = {"value", "max_length", "ge", "le", "expected", "known"}
        for message in MESSAGES.values():
            message.format(**dict.fromkeys(given, "x"))


class TestYaml:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", ["rakor.yaml: the file is empty"]),
            ("# nothing\n", ["rakor.yaml: the file is empty"]),
            ("- a\n", ["rakor.yaml:1: sections such as office: and meeting: are expected"]),
            (
                "office:\n\tcode: a\n",
                ["rakor.yaml:2: a tab stands at the beginning of the line; indent with spaces"],
            ),
            (
                "office:\n  name: Rakor: hasil\n",
                [
                    (
                        "rakor.yaml:2: this is not valid YAML; put a text that holds a colon in quotes, and check the"
                        " indentation"
                    )
                ],
            ),
            (
                'office:\n  name: "Kantor\n',
                ["rakor.yaml:3: this is not valid YAML: a quote or a bracket is not closed"],
            ),
            (
                "a: &x 1\nb: *x\n",
                ["rakor.yaml:1: anchors (&) and aliases (*) are not allowed; write it out or quote it"],
            ),
            (
                "a: !!python/object:os.system x\n",
                ["rakor.yaml:1: tags (!) are not allowed; remove it or quote it"],
            ),
            (
                "a: 1\n---\nb: 2\n",
                ["rakor.yaml:2: the file holds more than one document; remove the line with ---"],
            ),
            ("[a]: 1\n", ["rakor.yaml:1: a name is expected before the colon"]),
            ("[" * 50_000, ["rakor.yaml:1: this is nested too deeply"]),
            ("a: b\x00\n", ["rakor.yaml:1: the character U+0000 cannot stand in this file; remove it"]),
            ("a: 1\nb: c\x07\n", ["rakor.yaml:2: the character U+0007 cannot stand in this file; remove it"]),
        ],
    )
    def test_what_is_no_meeting_file(self, text: str, told: list[str]) -> None:
        assert problems(text) == told

    def test_other_encodings(self) -> None:
        told = "the file is not in UTF-8; save it again with that encoding"

        assert problems("a: b\nc: é\n".encode("latin-1")) == [f"rakor.yaml:2: {told}"]
        assert problems("a: b".encode("utf-16")) == [f"rakor.yaml:1: {told}"]
        assert meeting_file.read(HEAD.encode("utf-8-sig"), "x") == read(HEAD)

    def test_a_file_that_is_too_large(self) -> None:
        assert problems(HEAD + "#" * meeting_yaml.SIZE_LIMIT) == [
            "rakor.yaml: the file is larger than 1024 KiB"
        ]

    def test_a_billion_laughs(self) -> None:
        bomb = "a: &a [x, x]\n" + "".join(
            f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        )

        assert problems(bomb) == [
            "rakor.yaml:1: anchors (&) and aliases (*) are not allowed; write it out or quote it"
        ]

    @given(st.text(max_size=200))
    @example("office: {code: '%'}")
    @example("? a\n: b")
    def test_no_text_ends_in_a_traceback(self, text: str) -> None:
        with pytest.raises(BrokenFile) as broken:
            meeting_file.read(text.encode(errors="replace"), "rakor.yaml")

        assert broken.value.lines() != []
        assert broken.value.lines(translator("id")) != []

    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=10,
    )

    @given(
        st.dictionaries(st.sampled_from(["office", "meeting", "agenda", "sectors", "reminders"]), json_values)
    )
    def test_no_content_ends_in_a_traceback(self, content: dict[str, object]) -> None:
        with pytest.raises(BrokenFile) as broken:
            meeting_file.read(meeting_yaml.to_text(content).encode(), "rakor.json")

        assert all(line.startswith("rakor.json:") for line in broken.value.lines())


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
