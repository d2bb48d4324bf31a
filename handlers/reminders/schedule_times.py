"""When a reminder goes out: a day and hour, days before or after a stage or the meeting, or every week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.errors import NotFound, PastTime
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Choice, Context, Facts, Invalid, Option, Text
from bot.domain.language.texts import clip
from bot.domain.language.typed_times import read_day, read_hour
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders import reminders
from bot.domain.reminders.schedule import VOTING_DAY, DayOffset, FixedTime, Schedule, Weekly
from bot.domain.reminders.typed_schedules import read_clock, read_offsets
from bot.domain.rules import calendars
from bot.i18n import N_, zone_name
from bot.storage.meetings import Meeting
from bot.storage.reminders import Reminder
from handlers.forms import forms
from handlers.notices.approvals import ask_for_reminders
from handlers.reminders import reminder_views as views
from handlers.reminders import schedule_pages
from handlers.routing import Journey, Tap
from handlers.rules.rule_views import span
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

LABEL = 48
"""UTF-16 units of a stage on a button."""

ANCHORS = {"s": "stage_start", "e": "stage_end", "ms": "meeting_start", "me": "meeting_end"}
"""What days are counted from, as buttons name it."""


async def on_time(turn: Turn) -> None:
    """Ask what kind of time it is to be."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await ask(turn, reminder, meeting)


async def ask(turn: Turn, reminder: Reminder, meeting: Meeting) -> None:
    """Show the kinds of times in the place of the tapped message."""
    t = turn.t
    text = t.gettext("⏰ <b>When should it go out?</b>\n\n{title}").format(
        title=escape(views.label(t, reminder), quote=False)
    )
    turn.edit(
        text,
        [
            [tap(t.gettext("On a day, at an hour"), "time-at", reminder.id)],
            [tap(t.gettext("Counted from a stage"), "time-stages", reminder.id, 0)],
            [tap(t.gettext("Counted from the meeting"), "time-days", reminder.id, "ms", "")],
            [tap(t.gettext("Every week"), "time-weekly", reminder.id)],
            [tap(t.gettext("‹ Back"), "reminder", reminder.id)],
        ],
    )


async def on_stages(turn: Turn) -> None:
    """Choose the stage to count from."""
    t = turn.t
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    calendar = await calendars.of_office(turn.tx, meeting.office_id)
    today = turn.now.astimezone(ZoneInfo(meeting.timezone)).date()
    dated = calendar.open_on(today)
    page, shown = views.page_of(dated, number(turn.args[1]))
    lines = [t.gettext("Which stage? <b>{election}</b>").format(election=escape(t.pick(calendar.title)))]
    rows: list[list[Button]] = []
    for place, stage in enumerate(shown, page * views.PAGE + 1):
        doubt = "" if stage.is_confirmed else " ⚠️"
        name = t.pick(stage.name)
        lines.append(f"{place}. {escape(clip(name, 160))}: {span(t, stage.start, stage.end)}{doubt}")
        rows.append(
            [tap(f"{place}. {clip(name, LABEL)}", "time-stage", reminder.id, calendar.stages.index(stage))]
        )
    if any(not stage.is_confirmed for stage in shown):
        lines.append(t.gettext("⚠️ means: not yet confirmed."))
    turn.edit(
        "\n".join(lines),
        [
            *rows,
            views.turning(page, len(dated), "time-stages", reminder.id),
            [tap(t.gettext("‹ Back"), "reminder-time", reminder.id)],
        ],
    )


async def on_stage(turn: Turn) -> None:
    """Ask whether days are counted from its first or its last day; one that has only one is not asked about."""
    t = turn.t
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    calendar = await calendars.of_office(turn.tx, meeting.office_id)
    place = number(turn.args[1])
    if place >= len(calendar.stages):
        raise NotFound
    stage = calendar.stages[place]
    rows = []
    if stage.start is not None:
        rows.append([tap(t.gettext("From its first day"), "time-days", reminder.id, "s", place)])
    if stage.end is not None and stage.end != stage.start:
        rows.append([tap(t.gettext("From its last day"), "time-days", reminder.id, "e", place)])
    text = f"<b>{escape(t.pick(stage.name))}</b>\n{span(t, stage.start, stage.end)}"
    if not stage.is_confirmed:
        text += "\n" + t.gettext(
            "⚠️ Its days are not yet confirmed: when they change, you are asked before it moves."
        )
    turn.edit(text, [*rows, [tap(t.gettext("‹ Back"), "time-stages", reminder.id, 0)]])


async def on_at(turn: Turn) -> None:
    """Ask for a day and hour."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, AT.name, _facts(turn, reminder, meeting))


async def on_days(turn: Turn) -> None:
    """Ask how many days before or after."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    anchor = turn.args[1]
    if anchor not in ANCHORS:
        raise BadTap(anchor)
    facts = {**_facts(turn, reminder, meeting), "anchor": ANCHORS[anchor], "stage": ""}
    if anchor in ("s", "e"):
        calendar = await calendars.of_office(turn.tx, meeting.office_id)
        place = number(turn.args[2])
        if place >= len(calendar.stages):
            raise NotFound
        facts["stage"] = calendar.stages[place].id
    await forms.begin(turn, DAYS.name, facts)


async def on_weekly(turn: Turn) -> None:
    """Ask for the weekday, the hour and the end."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    calendar = await calendars.of_office(turn.tx, meeting.office_id)
    coming = calendar.voting_day >= turn.now.astimezone(ZoneInfo(meeting.timezone)).date()
    voting = calendar.voting_day.strftime("%d-%m-%Y") if coming else ""
    await forms.begin(turn, WEEKLY.name, {**_facts(turn, reminder, meeting), "voting_day": voting})


def _facts(turn: Turn, reminder: Reminder, meeting: Meeting) -> Facts:
    local = turn.now.astimezone(ZoneInfo(meeting.timezone))
    return {
        "reminder": reminder.id,
        "title": dict(reminder.title),
        "zone": meeting.timezone,
        "asked": local.replace(tzinfo=None).isoformat(),
        "zone_name": zone_name(turn.now, meeting.timezone),
        "example": (local + timedelta(days=1)).strftime("%d-%m-%Y 08.00"),
    }


def _is_time(text: str, context: Context) -> Invalid | None:
    asked = datetime.fromisoformat(context.facts["asked"])
    local = read_clock(text, asked)
    if local is None:
        return Invalid(
            N_("I cannot read that time. Please write day, month, year, hour and minute with digits.")
        )
    return Invalid(N_("That time is over already. Please choose a later one.")) if local <= asked else None


def _is_offsets(text: str, _: Context) -> Invalid | None:
    if read_offsets(text) is None:
        return Invalid(
            N_("I cannot read that. Please write the days and then the hour, for example: H-7, H-1, H 08.00")
        )
    return None


def _is_hour(text: str, _: Context) -> Invalid | None:
    return (
        Invalid(N_("I cannot read that hour. Please write it like 08.00."))
        if read_hour(text) is None
        else None
    )


def _is_day(text: str, context: Context) -> Invalid | None:
    today = datetime.fromisoformat(context.facts["asked"]).date()
    day = read_day(text, today)
    if day is None:
        return Invalid(N_("I cannot read that day. Please write it like 27-11-2026."))
    if day < today:
        return Invalid(N_("That time is over already. Please choose a later one."))
    return None


_SHIFTS = (
    Option("send", N_("Send all the same")),
    Option("before", N_("The working day before")),
    Option("after", N_("The working day after")),
)

HOLIDAYS = Choice(
    key="holidays",
    prompt=N_("And when that day is a Saturday, a Sunday or a public holiday?"),
    label=N_("Weekends and holidays"),
    options=_SHIFTS,
)

WEEKDAYS = "workdays"
_DAYS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}


async def _ends(_tx: Any, _answers: Answers, facts: Facts) -> Sequence[Option]:
    options = [Option("day", N_("Until a day")), Option("open", N_("Until I stop it"))]
    return [Option("voting", N_("Until voting day")), *options] if facts["voting_day"] else options


AT = Form(
    "reminder-time",
    1,
    (
        Text(
            key="time",
            prompt=N_("When should “{title}” go out?"),
            hint=N_(
                "Day and hour in {zone_name}, for example {example}; or only the hour, for its next time."
            ),
            label=N_("Time"),
            max_length=40,
            check=_is_time,
        ),
    ),
    review=False,
)

DAYS = Form(
    "reminder-days",
    1,
    (
        Text(
            key="days",
            prompt=N_("On which days, and at what hour?"),
            hint=N_(
                "H is the day itself, H-7 a week before, H+1 the day after. Write the hour last ({zone_name}), for"
                " example: H-7, H-1, H 08.00"
            ),
            label=N_("Days and hour"),
            max_length=120,
            check=_is_offsets,
        ),
        HOLIDAYS,
    ),
    review=False,
)

WEEKLY = Form(
    "reminder-weekly",
    1,
    (
        Choice(
            key="day",
            prompt=N_("On which weekday?"),
            label=N_("Weekday"),
            options=(
                *(Option(code, name) for code, name in _DAYS.items()),
                Option(WEEKDAYS, N_("Monday to Friday")),
            ),
        ),
        Text(
            key="hour",
            prompt=N_("At what hour ({zone_name})?"),
            hint=N_("For example 08.00"),
            label=N_("Hour"),
            max_length=10,
            check=_is_hour,
        ),
        Choice(key="end", prompt=N_("Until when?"), label=N_("Until"), options=_ends),
        Text(
            key="until",
            prompt=N_("Until which day?"),
            hint=N_("For example 27-11-2026"),
            label=N_("Last day"),
            max_length=20,
            check=_is_day,
            only_if=lambda answers, _: answers.get("end") == "day",
        ),
        Choice(
            key="holidays",
            prompt=N_("And when that day is a Saturday, a Sunday or a public holiday?"),
            label=N_("Weekends and holidays"),
            options=(*_SHIFTS, Option("skip", N_("Leave it out"))),
        ),
    ),
    review=False,
)


async def _finish_at(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    local_now = turn.now.astimezone(ZoneInfo(facts["zone"])).replace(tzinfo=None)
    local = read_clock(answers["time"], local_now)
    if local is None or local <= local_now:
        raise PastTime
    await _set(turn, facts, FixedTime(local, facts["zone"]))


async def _finish_days(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    typed = read_offsets(answers["days"])
    assert typed is not None  # checked when it was typed
    days, hour = typed
    stage = facts["stage"] or None
    await _set(turn, facts, DayOffset(facts["anchor"], days, hour, stage, answers["holidays"]))


async def _finish_weekly(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    hour = read_hour(answers["hour"])
    assert hour is not None  # checked when it was typed
    days = (0, 1, 2, 3, 4) if answers["day"] == WEEKDAYS else (list(_DAYS).index(answers["day"]),)
    start = turn.now.astimezone(ZoneInfo(facts["zone"])).date()
    until = {"voting": VOTING_DAY, "open": None, "day": read_day(answers["until"] or "", start)}[
        answers["end"]
    ]
    await _set(turn, facts, Weekly(days, hour, start, until, answers["holidays"]))  # type: ignore[arg-type]


async def _set(turn: Turn, facts: Facts, when: Schedule) -> None:
    """Keep the time, and show what comes of it.

    Raises:
        PastTime: none of the times is to come.
    """
    due_at = await editing.set_schedule(turn.tx, facts["reminder"], turn.user.id, when, turn.now)
    if due_at is None:
        raise PastTime
    reminder, meeting = await reminders.for_organiser(turn.tx, facts["reminder"], turn.user.id)
    await schedule_pages.show(turn, reminder, meeting, anew=True)


async def on_save(turn: Turn) -> None:
    """Let a draft go out from now on; ask a second organiser where the office wants that."""
    reminder = await editing.finish(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    meeting = await editing.meeting_of(turn.tx, reminder)
    turn.answer(turn.t.gettext("Saved."))
    await schedule_pages.show(turn, reminder, meeting)
    if await editing.wants_approval(turn.tx, reminder, meeting):
        await ask_for_reminders(turn, [reminder], meeting)


for form, title, finish, again in (
    (AT, N_("new time"), _finish_at, "time"),
    (DAYS, N_("new days"), _finish_days, "days"),
    (WEEKLY, N_("weekly reminder"), _finish_weekly, "end"),
):
    forms.register(
        forms.FormJourney(
            form=form,
            words=forms.FormWords(title=title, again=N_("/schedule")),
            finish=finish,
            ask_again={PastTime: again},
        )
    )

JOURNEY = Journey(
    taps=(
        Tap("reminder-time", on_time),
        Tap("reminder-save", on_save),
        Tap("time-at", on_at),
        Tap("time-stages", on_stages),
        Tap("time-stage", on_stage),
        Tap("time-days", on_days),
        Tap("time-weekly", on_weekly),
    ),
)
