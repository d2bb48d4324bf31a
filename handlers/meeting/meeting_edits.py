"""Editing a meeting field by field."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Attachment, Context, Facts, Invalid, MapPoint, Question, Text
from bot.domain.language.typed_times import read_day, read_hour, read_hours
from bot.domain.meeting import meeting_setup, meetings
from bot.domain.meeting.meeting_setup import Changed
from bot.i18n import N_
from bot.storage import offices
from handlers.forms import forms
from handlers.meeting import meeting_notices, office_head
from handlers.meeting import meeting_views as views
from handlers.meeting.meetings import DAY, reply_card
from handlers.routing import Journey, Tap
from handlers.taps import number as read_number
from handlers.taps import tap
from handlers.turn import Turn

PREFIX = office_head.PREFIX

Apply = Callable[[Turn, int, dict[str, Any]], Awaitable[Changed | None]]


@dataclass(frozen=True, slots=True)
class Field:
    """Something of a meeting that is asked for by a form of its own."""

    name: str
    button: str
    questions: tuple[Question, ...]
    apply: Apply
    """Changes the meeting with this id by the answers; None for what is no change of the meeting itself."""


def _line(key: str, prompt: str, label: str, **more: Any) -> Text:
    return Text(key=key, prompt=prompt, label=label, **{"max_length": 200, **more})


async def _title(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> Changed:
    return await _set(turn, meeting_id, title=_texts(answers))


async def _theme(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> Changed:
    return await _set(turn, meeting_id, theme=_texts(answers))


def _texts(answers: dict[str, Any]) -> dict[str, str]:
    return {locale: answers[locale] for locale in ("id", "en") if answers[locale]}


async def _venue(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> Changed:
    return await _set(turn, meeting_id, venue=answers["value"])


async def _address(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> Changed:
    return await _set(turn, meeting_id, address=answers["value"] or "")


async def _contact(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> Changed:
    return await _set(turn, meeting_id, contact=answers["value"] or "")


async def _map(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> Changed:
    point = answers["value"]
    return await _set(turn, meeting_id, map_point=None if point is None else (point[0], point[1]))


async def _set(turn: Turn, meeting_id: int, **values: Any) -> Changed:
    return await meeting_setup.change(turn.tx, meeting_id, turn.user.id, turn.now, **values)


async def _start(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> Changed:
    day, start, end = date.fromisoformat(answers["day"]), *_start_and_end(answers["hours"])
    return await meeting_setup.move(turn.tx, meeting_id, turn.user.id, day, start, end, turn.now)


def _start_and_end(typed: str) -> tuple[Any, Any]:
    hours = read_hours(typed)
    return hours if hours is not None else (read_hour(typed), None)


async def _end(turn: Turn, meeting_id: int, answers: dict[str, Any]) -> Changed:
    meeting = await meeting_setup.changeable(turn.tx, meeting_id, turn.user.id)
    zone = ZoneInfo(meeting.timezone)
    hour = read_hour(answers["value"])
    assert hour is not None
    ends_at = datetime.combine(date.fromisoformat(answers["day"]), hour, zone)
    return await meeting_setup.end_at(turn.tx, meeting_id, turn.user.id, ends_at, turn.now)


def _start_is_understood(text: str, _: Context) -> Invalid | None:
    if read_hours(text) is None and read_hour(text) is None:
        return Invalid(N_("Please write an hour as in 08.00, or from when to when as in 08.00-12.30."))
    return None


def _hour_is_understood(text: str, _: Context) -> Invalid | None:
    if read_hour(text) is None:
        return Invalid(N_("Please write an hour as in 12.30."))
    return None


FIELDS = (
    Field(
        "title",
        N_("Title"),
        (
            _line("id", N_("What is the meeting called?"), N_("Title"), max_length=300, min_length=3),
            _line(
                "en",
                N_("And in English?"),
                N_("In English"),
                max_length=300,
                optional=True,
                hint=N_("Skip it if the title above is for all."),
            ),
        ),
        _title,
    ),
    Field(
        "theme",
        N_("Theme"),
        (
            _line("id", N_("What is the theme?"), N_("Theme"), max_length=300, optional=True),
            _line("en", N_("And in English?"), N_("In English"), max_length=300, optional=True),
        ),
        _theme,
    ),
    Field(
        "time",
        N_("Day and hours"),
        (
            DAY,
            _line(
                "hours",
                N_("When does it start?"),
                N_("Hours"),
                max_length=60,
                check=_start_is_understood,
                hint=N_(
                    "An hour such as 08.00 keeps its length; 08.00-12.30 sets the end as well. The agenda moves along."
                ),
            ),
        ),
        _start,
    ),
    Field(
        "end",
        N_("End"),
        (
            DAY,
            _line(
                "value",
                N_("When does it end?"),
                N_("End"),
                max_length=60,
                check=_hour_is_understood,
                hint=N_("For example 12.30. The agenda stays as it is."),
            ),
        ),
        _end,
    ),
    Field("venue", N_("Venue"), (_line("value", N_("Where does it take place?"), N_("Venue")),), _venue),
    Field(
        "address",
        N_("Address"),
        (_line("value", N_("What is the address?"), N_("Address"), optional=True),),
        _address,
    ),
    Field(
        "map",
        N_("Point on the map"),
        (
            MapPoint(
                key="value",
                prompt=N_("Where is it on the map?"),
                hint=N_(
                    "Share the place with 📎 > Location, or write latitude and longitude. Skip it to remove the point."
                ),
                label=N_("Point on the map"),
                optional=True,
            ),
        ),
        _map,
    ),
    Field(
        "contact",
        N_("Contact"),
        (
            _line(
                "value",
                N_("Whom can people ask?"),
                N_("Contact"),
                optional=True,
                hint=N_("A name and a phone number. People with the link see it."),
            ),
        ),
        _contact,
    ),
    Field(
        "letterhead",
        N_("Letterhead"),
        (
            _line(
                "value",
                N_("What stands at the head of your office's letters?"),
                N_("Letterhead"),
                max_length=600,
                multiline=True,
                optional=True,
                hint=N_(
                    "A line for each: the office, its address, phone and e-mail. It is printed on lists and letters."
                ),
            ),
        ),
        office_head.set_letterhead,
    ),
    Field(
        office_head.LOGO_FIELD,
        N_("Logo"),
        (
            Attachment(
                key="value",
                prompt=N_("Please send the office's logo as a picture (PNG or JPEG)."),
                hint=N_("As a file it stays sharpest. Skip it to use none."),
                label=N_("Logo"),
                optional=True,
            ),
        ),
        office_head.remove_logo,
    ),
)

_BY_NAME = {field.name: field for field in FIELDS}


async def on_edit(turn: Turn) -> None:
    """What there is to change, a button each."""
    meeting = await meetings.for_staff(turn.tx, read_number(turn.args[0]), turn.user.id, roles.ORGANISER)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    t = turn.t
    known = [
        (N_("Title"), t.pick(meeting.title)),
        (N_("Theme"), t.pick(meeting.theme)),
        (N_("Day and hours"), views.when(t, meeting.starts_at, meeting.ends_at, meeting.timezone)),
        (N_("Venue"), meeting.venue),
        (N_("Address"), meeting.address),
        (
            N_("Point on the map"),
            "" if meeting.map_point is None else "{:.5f}, {:.5f}".format(*meeting.map_point),
        ),
        (N_("Contact"), meeting.contact),
        (N_("Letterhead"), office.letterhead),
        (N_("Logo"), "✓" if await offices.logo(turn.tx, office.id) is not None else ""),
    ]
    lines = [f"{t.gettext(label)}: <b>{escape(value or '–', quote=False)}</b>" for label, value in known]
    buttons = [tap(t.gettext(field.button), "meeting-field", meeting.id, field.name) for field in FIELDS]
    turn.edit(
        "\n\n".join(
            [
                t.gettext("✏️ <b>Edit the meeting</b>"),
                "\n".join(lines),
                t.gettext("What do you want to change?"),
            ]
        ),
        [buttons[place : place + 2] for place in range(0, len(buttons), 2)]
        + [[tap(t.gettext("‹ Back"), "meeting", meeting.id)]],
    )


async def on_field(turn: Turn) -> None:
    """Ask for a new value."""
    meeting = await meeting_setup.changeable(turn.tx, read_number(turn.args[0]), turn.user.id)
    field = _BY_NAME.get(turn.args[1])
    if field is None:
        raise NotFound
    today = turn.now.astimezone(ZoneInfo(meeting.timezone)).date().isoformat()
    await forms.begin(turn, PREFIX + field.name, {"meeting": meeting.id, "today": today})


async def _finish(turn: Turn, field: Field, answers: dict[str, Any], facts: Facts) -> None:
    if answers.get("day"):
        day = meeting_day(answers["day"], facts)
        answers = {**answers, "day": day.isoformat()}
    changed = await field.apply(turn, facts["meeting"], answers)
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, roles.ORGANISER)
    turn.reply(turn.t.gettext("✅ Saved."))
    await reply_card(turn, meeting)
    if changed is not None:
        await meeting_notices.offer(turn, changed)


def meeting_day(typed: str, facts: Facts) -> date:
    """The day of an answer that :data:`handlers.meeting.meetings.DAY` took."""
    day = read_day(typed, date.fromisoformat(facts["today"]))
    assert day is not None
    return day


def _finisher(field: Field) -> Callable[[Turn, dict[str, Any], Facts], Awaitable[None]]:
    async def finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
        await _finish(turn, field, answers, facts)

    return finish


for _field in FIELDS:
    forms.register(
        forms.FormJourney(
            form=Form(PREFIX + _field.name, 1, _field.questions, review=False),
            words=forms.FormWords(title=N_("change of the meeting"), again=N_("/meetings")),
            finish=_finisher(_field),
        )
    )


JOURNEY = Journey(
    taps=(Tap("meeting-edit", on_edit), Tap("meeting-field", on_field)),
    intakes=(office_head.INTAKE,),
)
