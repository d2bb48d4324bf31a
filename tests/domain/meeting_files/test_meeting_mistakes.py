"""What is told about the mistakes of a meeting file, all at once and with their lines."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.meeting_files import meeting_file, meeting_yaml
from bot.domain.meeting_files.meeting_messages import MESSAGES
from bot.domain.meeting_files.meeting_yaml import BrokenFile
from bot.i18n import translator
from tests.domain.meeting_files.files import (
    HEAD,
    problems,
    read,
)


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
                        " sessions, polls, statements, reminders, collected"
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
            (
                "sessions:\n  - {slug: s, topic: T, follows_agenda: yes}\n",
                ["12: sessions[s]: a session that follows the agenda needs agenda: with its item"],
            ),
            (
                "sectors: []\nsessions:\n  - {slug: s, topic: T, sectors: [asn], moderation: nanti}\n",
                ["13: sessions[s].moderation: must be one of before, after, not “nanti”"],
            ),
            (
                "sectors: []\nsessions:\n  - {slug: s, topic: T, sectors: [asn]}\n",
                ["13: sessions[s].sectors[1]: there is no “asn” in this file"],
            ),
            (
                "polls:\n  - {slug: p, question: Apa?, options: [a, A]}\n  - {slug: q, question: Apa?, options: [a]}\n",
                [
                    "12: polls[p].options: two entries are the same",
                    "13: polls[q]: a poll has 2 to 10 options; a scale has its five steps, or its two ends, or none",
                ],
            ),
            (
                "polls:\n  - {slug: p, kind: quiz, question: Apa?, options: [a, b], right: c}\n",
                [
                    (
                        "12: polls[p]: a quiz needs right: with one of its options; other polls have neither right: nor"
                        " explanation:"
                    )
                ],
            ),
            (
                "statements:\n  - {slug: s, text: Benarkah?, answer: mungkin, legal_basis: UU 1/2015}\n",
                ["12: statements[s].answer: true or false is expected, not “mungkin”"],
            ),
            (
                "statements:\n"
                + "".join(
                    f"  - {{slug: s{number}, text: P, answer: benar, legal_basis: UU 1/2015}}\n"
                    for number in range(16)
                ),
                ["11: statements: at most 15 entries fit"],
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

    @pytest.mark.parametrize("code", ["group", "claim-x", "t-abc", "speaker-x"])
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
