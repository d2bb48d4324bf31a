"""Any meeting that a file can say survives being written and read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import sheets
from bot.domain.language.texts import clean
from bot.domain.meeting_files import (
    meeting_export,
    meeting_file,
    meeting_sheets,
    meeting_yaml,
)
from bot.domain.meeting_files.meeting_file import (
    AgendaItem,
    Meeting,
    MeetingFile,
    Office,
    Poll,
    Reminder,
    Sector,
    Session,
    Statement,
)
from bot.domain.notices import audience
from bot.domain.notices.audience import EVERYONE
from bot.i18n import translator
from bot.reports import meeting_form
from bot.storage import meetings, offices, polls, sessions
from bot.storage.meetings import Material
from bot.storage.reminders import LegalBasis
from bot.storage.values import moment

# What a file can say: text as it is kept, slugs, whole seconds.
words = st.text(max_size=20).map(lambda text: clean("a" + text))
texts = st.builds(lambda first, second: clean(f"{first}: {second}"), words, words)
localised = st.dictionaries(st.sampled_from(["id", "en"]), texts, min_size=1)
slugs = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)
moments = st.integers(1_700_000_000, 1_900_000_000).map(lambda seconds: moment(seconds * 1000))
schedules = st.one_of(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - on local clocks
        lambda local: {"at": local.replace(microsecond=0).isoformat()}
    ),
    st.builds(
        lambda anchor, minutes: {"offset": {"anchor": anchor, "minutes": minutes}},
        st.sampled_from(["meeting_start", "meeting_end"]),
        st.integers(-100_000, 100_000),
    ),
    st.builds(
        lambda anchor, days, minute: {
            "offset": {"anchor": anchor, "days": days, "time": f"{minute // 60:02}:{minute % 60:02}:00"}
        },
        st.sampled_from(["meeting_start", "meeting_end"]),
        st.integers(-3660, 3660),
        st.integers(0, 1439),
    ),
)


entries = st.text(max_size=20).map(lambda text: clean("a" + text)) | st.sampled_from(["a; b", "- a", "a - b"])


@st.composite
def asked_polls(draw: st.DrawFn) -> Poll:
    kind = draw(st.sampled_from(polls.KINDS))
    is_quiz = kind == polls.QUIZ
    options = draw(st.lists(entries, min_size=2, max_size=10, unique_by=str.casefold))
    return Poll(
        draw(slugs),
        kind,
        draw(texts),
        ("1 = a", "2", "3", "4", "5 = b") if kind == polls.SCALE else tuple(options),
        draw(st.integers(0, len(options) - 1)) if is_quiz else None,
        draw(st.just("") | texts) if is_quiz else "",
        draw(st.booleans()),
    )


asked = asked_polls()


@st.composite
def files(draw: st.DrawFn) -> MeetingFile:
    """Any meeting that a file can say, in the order in which it comes back."""
    starts_at = draw(moments)
    length = draw(st.integers(60, 100_000))
    sectors = draw(
        st.lists(st.tuples(slugs, localised, st.none() | st.integers(1, 500)), max_size=3, unique_by=_first)
    )
    spans = draw(
        st.lists(st.tuples(slugs, st.integers(0, 29), st.integers(1, 30)), max_size=4, unique_by=_first)
    )
    agenda = [
        AgendaItem(
            slug,
            starts_at + timedelta(seconds=begin),
            starts_at + timedelta(seconds=begin + lasts),
            draw(localised),
            draw(st.just("") | texts),
            draw(st.just({}) | localised),
        )
        for slug, begin, lasts in spans
    ]
    of_agenda = st.none() | st.sampled_from([item.slug for item in agenda]) if agenda else st.none()
    materials = draw(st.lists(st.tuples(slugs, of_agenda, localised), max_size=3, unique_by=_first))
    held = draw(st.lists(st.tuples(slugs, of_agenda, localised), max_size=3, unique_by=_first))
    codes = [code for code, _, _ in sectors]
    of_sectors = st.sets(st.sampled_from(codes), max_size=2) if codes else st.just(set[str]())
    rules = draw(st.lists(st.tuples(slugs, schedules, texts), max_size=3, unique_by=_first))
    zone = draw(st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Amsterdam"]))
    return MeetingFile(
        office=Office(
            "kantor", draw(texts), draw(words), zone, draw(st.sampled_from(["id", "en"])), draw(texts)
        ),
        meeting=Meeting(
            "rakor",
            draw(localised),
            draw(st.just({}) | localised),
            draw(texts),
            draw(st.just("") | texts),
            starts_at,
            starts_at + timedelta(seconds=length),
            draw(st.sampled_from(meetings.STATES)),
            draw(st.just("") | texts),
        ),
        sectors=tuple(Sector(*sector) for sector in sectors),
        agenda=tuple(sorted(agenda, key=lambda item: (item.starts_at, item.ends_at, item.slug))),
        materials=tuple(Material(*item, "https://contoh.id/a?b=c#d") for item in materials),
        sessions=tuple(
            Session(
                *session,
                prompt=draw(st.just({}) | localised),
                kinds=draw(st.sampled_from([("input",), sessions.KINDS])),
                anonymity=draw(st.sampled_from(sessions.ANONYMITY)),
                limit_per_person=draw(st.integers(1, 100)),
                text_limit=draw(st.integers(20, 3000)),
                headings=tuple(draw(st.lists(entries, max_size=3, unique=True))),
                sectors=tuple(sorted(draw(of_sectors))),
                moderation=draw(st.sampled_from([sessions.BEFORE, sessions.AFTER])),
                follows_agenda=session[1] is not None and draw(st.booleans()),
            )
            for session in held
        ),
        polls=tuple(draw(st.lists(asked, max_size=3, unique_by=attrgetter("slug")))),
        statements=tuple(
            draw(
                st.lists(
                    st.builds(Statement, slugs, localised, st.booleans(), texts, st.none() | slugs),
                    max_size=3,
                    unique_by=attrgetter("slug"),
                )
            )
        ),
        reminders=tuple(
            Reminder(
                slug,
                draw(localised),
                draw(localised),
                (LegalBasis(text, None, text),),
                ("https://contoh.id",),
                draw(st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))),
                draw(st.sampled_from([EVERYONE, audience.Audience(groups=True, organisers=True)])),
                schedule,
                draw(st.integers(1, 10_080)),
            )
            for slug, schedule, text in sorted(rules, key=_first)
        ),
    )


def _first(parts: tuple[str, object, object]) -> str:
    return parts[0]


@settings(deadline=None)  # the first example loads pydantic
@given(files())
def test_any_meeting_survives_being_written_and_read(file: MeetingFile) -> None:
    text = meeting_yaml.to_text(meeting_export.as_content(file))

    assert meeting_file.read(text.encode(), "rakor.json") == file


# Reminders are not on its sheets.
@settings(max_examples=25, deadline=None)
@given(files(), st.sampled_from(["id", "en"]))
def test_any_meeting_survives_the_excel_form(file: MeetingFile, locale: str) -> None:
    office = offices.Office(
        1,
        "kantor",
        file.office.name,
        file.office.city,
        file.office.timezone,
        file.office.locale,
        file.office.contact,
    )
    form = meeting_form.Form(office, [], file)

    read = sheets.read(meeting_form.workbook(translator(locale), form))

    assert meeting_sheets.read(read, file.office, file, "rakor", "rakor.xlsx") == replace(
        file, reminders=None
    )
