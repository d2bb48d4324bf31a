"""/rakor: the meetings of an office: choose one, make one, bring it from state to state."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import roles
from bot.domain.errors import NotAllowed
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Context, Facts, Invalid, Text
from bot.domain.language.typed_times import read_day, read_hours
from bot.domain.meeting import agenda, meeting_setup, meetings
from bot.i18n import N_
from bot.storage import meetings as stored
from bot.storage import offices, participants, people, sessions
from bot.storage.meetings import CLOSED, OPEN, Meeting
from bot.storage.offices import Office
from handlers.forms import forms
from handlers.meeting import meeting_sectors
from handlers.meeting import meeting_views as views
from handlers.meeting.meeting_notices import offer_cancellation
from handlers.routing import ORGANISERS, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

NEW, COPY = "meeting-new", "meeting-copy"


async def on_meetings(turn: Turn) -> None:
    """``/rakor``"""
    text, buttons = await _listing(turn, 0)
    turn.reply(text, buttons)


async def on_page(turn: Turn) -> None:
    text, buttons = await _listing(turn, number(turn.args[0]))
    turn.edit(text, buttons)


async def _listing(turn: Turn, page: int) -> tuple[str, list[list[Button]]]:
    own = await _own_offices(turn)
    known = await meetings.known_to_staff(turn.tx, turn.user.id, roles.ORGANISER)
    return views.listing(turn.t, known, page, await _current(turn), own)


async def _own_offices(turn: Turn) -> list[Office]:
    """The offices where the person is an organiser."""
    own = [
        office for office, role in await offices.offices_of(turn.tx, turn.user.id) if role == roles.ORGANISER
    ]
    if not own:
        raise NotAllowed
    return own


async def _current(turn: Turn) -> int | None:
    """The meeting that the person's tools are about; None while there is none."""
    try:
        meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    except NotAllowed:
        return None
    return meeting.id


async def on_meeting(turn: Turn) -> None:
    """The card of a meeting; it becomes the one that the person's tools are about."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    await people.follow(turn.tx, turn.user.id, meeting.id)
    text, buttons = await card(turn, meeting, is_current=True)
    turn.edit(text, buttons)


async def card(turn: Turn, meeting: Meeting, *, is_current: bool) -> tuple[str, list[list[Button]]]:
    """The card of a meeting with its buttons."""
    tx = turn.tx
    office = await offices.find(tx, meeting.office_id)
    assert office is not None
    quotas = await stored.quotas(tx, meeting.id)
    items = await stored.agenda(tx, meeting.id)
    limits = [quota for quota in quotas.values() if quota is not None]
    shown = views.Card(
        meeting=meeting,
        office=office,
        participants=sum((await participants.count_by_sector(tx, meeting.id)).values()),
        sectors=len(quotas),
        seats=sum(limits) if quotas and len(limits) == len(quotas) else None,
        agenda=items,
        outside=agenda.outside(items, meeting),
        materials=len(await stored.materials(tx, meeting.id)),
        sessions=len(await sessions.of_meeting(tx, meeting.id)),
        is_current=is_current,
    )
    return views.card(turn.t, shown), views.card_buttons(turn.t, shown)


async def reply_card(turn: Turn, meeting: Meeting) -> None:
    """Send the card below; the meeting becomes the one that the person's tools are about."""
    await people.follow(turn.tx, turn.user.id, meeting.id)
    turn.reply(*await card(turn, meeting, is_current=True))


async def on_ask_state(turn: Turn) -> None:
    """Say what another state means, and ask."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    state = turn.args[1]
    labels = dict(meetings.moves(meeting.state))
    if state not in labels:
        raise BadTap(state)
    t = turn.t
    count = sum((await participants.count_by_sector(turn.tx, meeting.id)).values())
    parts = [
        f"<b>{views.title(t, meeting)}</b>",
        t.gettext("Now:") + "\n" + views.state_line(t, meeting.state),
        t.gettext("Then:") + "\n" + views.state_line(t, state),
    ]
    if meeting.state == OPEN and state == CLOSED and count:
        parts.append(
            t.ngettext(
                "{count} person is registered. I offer you a notice to them next.",
                "{count} people are registered. I offer you a notice to them next.",
                count,
            ).format(count=count)
        )
    turn.edit(
        "\n\n".join(parts),
        [
            [tap(t.gettext(labels[state]), "state", meeting.id, state)],
            [tap(t.gettext("No, leave it as it is"), "meeting", meeting.id)],
        ],
    )


async def on_state(turn: Turn) -> None:
    """Move the meeting to another state."""
    before = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    meeting = await meetings.move(turn.tx, before.id, turn.args[1], turn.user.id, turn.now)
    turn.answer(
        turn.t.gettext("Done: {state}").format(state=turn.t.gettext(views.STATE_NAMES[meeting.state]))
    )
    turn.edit(*await card(turn, meeting, is_current=await _current(turn) == meeting.id))
    if (before.state, meeting.state) == (OPEN, CLOSED):
        await offer_cancellation(turn, meeting)


def _day_is_understood(text: str, context: Context) -> Invalid | None:
    if read_day(text, date.fromisoformat(context.facts["today"])) is None:
        return Invalid(N_("I do not understand that day. Please write it as in 6 Agustus 2027 or 6-8-2027."))
    return None


def hours_are_understood(text: str, _: Context) -> Invalid | None:
    """The check of a question for a span of hours."""
    if read_hours(text) is None:
        return Invalid(N_("Please write from when to when, as in 08.00-12.30."))
    return None


DAY = Text(
    key="day",
    prompt=N_("On which day?"),
    hint=N_("For example 6 Agustus 2027, 6-8-2027 or besok."),
    label=N_("Day"),
    max_length=60,
    check=_day_is_understood,
)

NEW_FORM = Form(
    NEW,
    1,
    (
        Text(
            key="title",
            prompt=N_("What is the meeting called?"),
            hint=N_("For example: Rapat Koordinasi Bersama Stakeholder. Everything can be changed later."),
            label=N_("Title"),
            min_length=3,
            max_length=300,
        ),
        DAY,
        Text(
            key="hours",
            prompt=N_("From when to when, on the clocks of {city} ({zone})?"),
            hint=N_("For example 08.00-12.30."),
            label=N_("Hours"),
            max_length=60,
            check=hours_are_understood,
        ),
        Text(
            key="venue",
            prompt=N_("Where does it take place?"),
            hint=N_("The building or hall; the address and the point on the map can follow."),
            label=N_("Venue"),
            max_length=200,
        ),
    ),
)

COPY_FORM = Form(COPY, 1, (DAY,), review=False)


async def on_new(turn: Turn) -> None:
    """Begin the wizard for an office."""
    office = await meeting_setup.office_of(turn.tx, number(turn.args[0]), turn.user.id)
    facts = {**_today(turn, office), "office": office.id}
    facts |= {"city": office.city, "zone": turn.t.time(turn.now, office.timezone).split(" ")[-1]}
    await forms.begin(turn, NEW, facts)


def _today(turn: Turn, office: Office) -> dict[str, Any]:
    return {"today": turn.now.astimezone(ZoneInfo(office.timezone)).date().isoformat()}


async def _create(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    day = read_day(answers["day"], date.fromisoformat(facts["today"]))
    hours = read_hours(answers["hours"])
    assert day is not None
    assert hours is not None
    meeting = await meeting_setup.create(
        turn.tx,
        facts["office"],
        turn.user.id,
        turn.now,
        title=answers["title"],
        day=day,
        start=hours[0],
        end=hours[1],
        venue=answers["venue"],
    )
    await people.follow(turn.tx, turn.user.id, meeting.id)
    turn.reply(
        turn.t.gettext(
            "✅ <b>{title}</b> is there, as a draft that only the committee sees.\n{when}\n\nLast step: who takes part?"
        ).format(
            title=views.title(turn.t, meeting),
            when=views.when(turn.t, meeting.starts_at, meeting.ends_at, meeting.timezone),
        )
    )
    turn.reply(*await meeting_sectors.screen(turn, meeting, 0))


async def on_copy(turn: Turn) -> None:
    """Ask for the day of the copy."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    office = await meeting_setup.office_of(turn.tx, meeting.office_id, turn.user.id)
    turn.answer(turn.t.gettext("Agenda, questions, sessions, materials and reminders are copied."))
    await forms.begin(turn, COPY, {**_today(turn, office), "meeting": meeting.id})


async def _copy(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    day = read_day(answers["day"], date.fromisoformat(facts["today"]))
    assert day is not None
    meeting = await meeting_setup.copy(turn.tx, facts["meeting"], turn.user.id, day, turn.now)
    turn.reply(
        turn.t.gettext(
            "✅ Copied. Everything moved to the new day, hour for hour; nobody is registered yet. It is a draft: look"
            " through it, then open it."
        )
    )
    await reply_card(turn, meeting)


for _form, _title, _finish in (
    (NEW_FORM, N_("new meeting"), _create),
    (COPY_FORM, N_("copy of the meeting"), _copy),
):
    forms.register(
        forms.FormJourney(
            form=_form,
            words=forms.FormWords(title=_title, again=N_("/meetings"), send=N_("Create")),
            finish=_finish,
        )
    )

JOURNEY = Journey(
    commands=(
        Command(
            ("rakor", "meetings"),
            on_meetings,
            N_("Meetings: create, edit, open"),
            ORGANISERS,
        ),
    ),
    taps=(
        Tap("meetings", on_page),
        Tap("meeting", on_meeting),
        Tap("meeting-new", on_new),
        Tap("meeting-copy", on_copy),
        Tap("state-ask", on_ask_state),
        Tap("state", on_state),
    ),
)
