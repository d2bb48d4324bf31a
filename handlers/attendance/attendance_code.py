"""The code of the hall, for organisers: when participants may check themselves in, and where it is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import roles
from bot.domain.attendance import hall_codes
from bot.domain.attendance.hall_code_board import VIEW
from bot.domain.errors import EndsBeforeStart, NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Context, Facts, Invalid, Text
from bot.domain.language.texts import clip
from bot.domain.language.typed_times import read_hours
from bot.domain.meeting import meetings
from bot.domain.wall import wall
from bot.i18n import N_, Translator
from bot.reports.hall_poster import POSTER
from bot.storage import attendance
from bot.storage.hall_codes import HallCode
from bot.storage.meetings import Meeting
from handlers.forms import forms
from handlers.routing import Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

FORM_NAME = "hall-code"

FROM_NOW = {"30": timedelta(minutes=30), "60": timedelta(minutes=60)}
"""Times that begin at once, as buttons name them."""
AROUND = "s"
"""The time around the start of the meeting."""
BEFORE, AFTER = timedelta(hours=1), timedelta(minutes=30)


async def on_code(turn: Turn) -> None:
    """The page of the code."""
    meeting, code = await hall_codes.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(*await _page(turn, meeting, code))


async def _page(turn: Turn, meeting: Meeting, code: HallCode | None) -> tuple[str, list[list[Button]]]:
    t = turn.t
    title = escape(clip(t.pick(meeting.title), 150))
    if code is None:
        text = t.gettext(
            "🔑 <b>Check-in by a code</b>\n{title}\n\nIt is off: everybody is checked in at the desk.\n\nWith it,"
            " participants send a code that is shown in the hall and are checked in, only in the time that you set."
            " Whoever is told the code can send it from elsewhere too, so look at the hall.\n\nChoose the time to"
            " switch it on."
        ).format(title=title)
        return text, [*_times(t, meeting, turn.now), [_back(t, meeting)]]
    count = await attendance.count_by_way(turn.tx, meeting.id, attendance.SELF)
    text = t.gettext(
        "🔑 <b>Check-in by a code</b>\n{title}\n\nThe code: <code>{code}</code>\nGood: {time}, {state}\nChecked in by"
        " it: {count}\n\nParticipants write it to the bot, or scan the poster. If it became known outside, make another"
        " one."
    ).format(
        title=title,
        code=code.code,
        time=span(t, meeting, code),
        state=t.gettext(_state(code, turn.now)),
        count=count,
    )
    return text, [
        [
            tap(t.gettext("🖥 On the wall"), "hall-wall", meeting.id),
            tap(t.gettext("🖨 Poster (PDF)"), "hall-poster", meeting.id),
        ],
        [
            tap(t.gettext("Another code"), "hall-new", meeting.id),
            tap(t.gettext("Switch off"), "hall-off", meeting.id),
        ],
        *_times(t, meeting, turn.now),
        [_back(t, meeting)],
    ]


def span(t: Translator, meeting: Meeting, code: HallCode) -> str:
    """``Selasa, 6 Agustus 2024, 08.00–09.30 WIB``; with both days when it goes over midnight."""
    zone = meeting.timezone
    if t.day(code.opens_at, zone) == t.day(code.closes_at, zone):
        return t.gettext("{day}, {start}–{end}").format(
            day=t.day(code.opens_at, zone),
            start=t.bare_time(code.opens_at, zone),
            end=t.time(code.closes_at, zone),
        )
    return t.gettext("{start} to {end}").format(
        start=t.moment(code.opens_at, zone), end=t.moment(code.closes_at, zone)
    )


def _state(code: HallCode, now: datetime) -> str:
    if now < code.opens_at:
        return N_("not yet")
    return N_("<b>now</b>") if now < code.closes_at else N_("over")


def _times(t: Translator, meeting: Meeting, now: datetime) -> list[list[Button]]:
    around = []
    if meeting.starts_at + AFTER > now:
        label = t.gettext("{start}–{end}").format(
            start=t.bare_time(meeting.starts_at - BEFORE, meeting.timezone),
            end=t.time(meeting.starts_at + AFTER, meeting.timezone),
        )
        around = [tap(f"🕘 {label}", "hall-time", meeting.id, AROUND)]
    return [
        [
            tap(t.gettext("Now, for 30 minutes"), "hall-time", meeting.id, "30"),
            tap(t.gettext("Now, for an hour"), "hall-time", meeting.id, "60"),
        ],
        [*around, tap(t.gettext("Another time"), "hall-type", meeting.id)],
    ]


def _back(t: Translator, meeting: Meeting) -> Button:
    return tap(t.gettext("‹ Attendance"), "hadir", meeting.id)


async def on_time(turn: Turn) -> None:
    """Switch the code on for one of the times that are offered."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    if turn.args[1] == AROUND:
        opens, closes = meeting.starts_at - BEFORE, meeting.starts_at + AFTER
    elif turn.args[1] in FROM_NOW:
        opens, closes = turn.now, turn.now + FROM_NOW[turn.args[1]]
    else:
        raise BadTap(turn.args[1])
    code = await hall_codes.switch_on(turn.tx, meeting.id, turn.user.id, opens, closes, turn.now)
    turn.edit(*await _page(turn, meeting, code))


async def on_new(turn: Turn) -> None:
    """Another code; the old one ends at once."""
    meeting, _ = await hall_codes.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    code = await hall_codes.renew(turn.tx, meeting.id, turn.user.id, turn.now)
    turn.answer(turn.t.gettext("The code is another one now; the old one is worth nothing."))
    turn.edit(*await _page(turn, meeting, code))


async def on_off(turn: Turn) -> None:
    meeting, _ = await hall_codes.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await hall_codes.switch_off(turn.tx, meeting.id, turn.user.id, turn.now)
    turn.edit(*await _page(turn, meeting, None))


async def on_wall(turn: Turn) -> None:
    """Have the wall show the code."""
    meeting, code = await hall_codes.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if code is None:
        raise NotFound
    if await wall.show(turn.tx, meeting.id, turn.user.id, VIEW.name):
        turn.answer(turn.t.gettext("The wall shows the code. /wall shows something else."))
    else:
        turn.answer(turn.t.gettext("There is no wall yet: /wall opens one."), alert=True)


async def on_poster(turn: Turn) -> None:
    """The code as a page to hang up."""
    meeting, code = await hall_codes.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if code is None:
        raise NotFound
    turn.made_document(
        POSTER.name,
        {"meeting": meeting.id, "bot": turn.bot_username},
        f"kode-hadir-{meeting.code}.pdf",
        turn.t.gettext("The code of the hall, to be hung up at the entrance. Good: {time}").format(
            time=span(turn.t, meeting, code)
        ),
    )


async def on_type(turn: Turn) -> None:
    """Ask for another time."""
    meeting, _ = await hall_codes.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, FORM_NAME, {"meeting": meeting.id})


def _are_hours(text: str, _: Context) -> Invalid | None:
    if read_hours(text) is None:
        return Invalid(N_("Please write from when until when, like this: 08.00-09.30"))
    return None


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    meeting, _ = await hall_codes.for_organiser(turn.tx, facts["meeting"], turn.user.id)
    hours = read_hours(answers["hours"])
    if hours is None:
        raise EndsBeforeStart
    zone = ZoneInfo(meeting.timezone)
    first, last = (moment.astimezone(zone).date() for moment in (meeting.starts_at, meeting.ends_at))
    # On the day of the meeting that it is; before and after it, on the first.
    today = turn.now.astimezone(zone).date()
    day = today if first <= today <= last else first
    opens, closes = (datetime.combine(day, clock, zone) for clock in hours)
    if closes <= opens:
        closes += timedelta(days=1)
    code = await hall_codes.switch_on(turn.tx, meeting.id, turn.user.id, opens, closes, turn.now)
    turn.reply(*await _page(turn, meeting, code))


forms.register(
    forms.FormJourney(
        form=Form(
            FORM_NAME,
            1,
            (
                Text(
                    key="hours",
                    prompt=N_("From when until when may participants check themselves in?"),
                    hint=N_("On the day of the meeting, for example: 08.00-09.30"),
                    label=N_("Time"),
                    max_length=60,
                    check=_are_hours,
                ),
            ),
            review=False,
        ),
        words=forms.FormWords(title=N_("time of the code"), again=N_("/attendance"), send=N_("Save")),
        finish=_finish,
        ask_again={EndsBeforeStart: "hours"},
    )
)

JOURNEY = Journey(
    taps=(
        Tap("hall-code", on_code),
        Tap("hall-time", on_time),
        Tap("hall-type", on_type),
        Tap("hall-new", on_new),
        Tap("hall-off", on_off),
        Tap("hall-wall", on_wall),
        Tap("hall-poster", on_poster),
    )
)
