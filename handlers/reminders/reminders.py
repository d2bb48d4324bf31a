"""/pengingat: the reminders that concern a participant, and which of them they want, at what hour."""

from __future__ import annotations

from html import escape

from bot.domain.errors import NotFound
from bot.domain.meeting import meetings
from bot.domain.reminders import reminders, wordings
from bot.domain.rules.rules import rulebook
from bot.i18n import N_, Translator
from bot.storage import offices, participants
from bot.storage import reminder_wishes as wishes
from bot.storage import reminders as stored
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED
from handlers.reminders import reminder_views as views
from handlers.routing import Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

HOURS = range(6, 22)
"""Hours that can be chosen, on the office's clocks."""
ANY_HOUR = 24
"""What stands for "when they are due" in a button."""


async def on_reminders(turn: Turn) -> None:
    """/pengingat"""
    meeting = await meetings.current(turn.tx, turn.person)
    turn.reply(*await _overview(turn, meeting, 0))


async def on_list(turn: Turn) -> None:
    """A page of the list, in the place of the tapped message."""
    page = number(turn.args[0]) if turn.args else 0
    turn.edit(*await _overview(turn, await meetings.current(turn.tx, turn.person), page))


async def _overview(turn: Turn, meeting: Meeting, page: int) -> tuple[str, list[list[Button]]]:
    t = turn.t
    registration = await participants.of_person(turn.tx, meeting.id, turn.user.id)
    if registration is None or registration.state != REGISTERED:
        return t.gettext(
            "<b>Reminders</b>\n\nReminders of the rules go to registered participants, for their own group. Register"
            " with /register; it takes less than a minute."
        ), []
    items = [
        item
        for item in await reminders.listed(turn.tx, meeting)
        if reminders.concerns(item.reminder, registration.sector, registration.institution)
    ]
    page, shown = views.page_of(items, page)
    first = page * views.PAGE + 1
    stopped = await wishes.opted_out(turn.tx, meeting.office_id, turn.user.id)
    parts = [t.gettext("<b>Reminders of the rules that concern you</b>")]
    parts.append(
        views.entries(t, shown, meeting, first)
        if items
        else t.gettext("None is planned for your group at the moment.")
    )
    parts.append(
        t.gettext("You have stopped these reminders: none is sent to you.")
        if stopped
        else t.gettext("They come by themselves at their time. Tap one to read it now.")
    )
    rows = [*views.openers(t, shown, "reminder-read", first), views.turning(page, len(items), "reminders")]
    if stopped:
        rows.append([tap(t.gettext("Start reminders again"), "reminders-start", meeting.office_id)])
        return "\n\n".join(parts), rows
    wanted = await _wanted(turn, meeting.office_id)
    if wanted:
        parts.append(wanted)
    rows += [
        [
            tap(t.gettext("⏰ Hour"), "reminders-hours", meeting.office_id),
            tap(t.gettext("🔕 Topics"), "reminders-topics", meeting.office_id),
        ],
        [tap(t.gettext("Stop reminders"), "reminders-stop", meeting.office_id)],
    ]
    return "\n\n".join(parts), rows


async def _wanted(turn: Turn, office_id: int) -> str:
    """What the person chose, in a line each; empty for nothing."""
    t = turn.t
    lines = []
    hour = await wishes.hour_of(turn.tx, office_id, turn.user.id)
    if hour is not None:
        lines.append(t.gettext("⏰ Not before {hour}").format(hour=_hour(t, hour)))
    topics = await wishes.stopped_topics(turn.tx, office_id, turn.user.id)
    names = [t.pick(topic.name) for topic in rulebook().topics if topic.id in topics]
    if names:
        lines.append(t.gettext("🔕 Stopped: {topics}").format(topics=escape(", ".join(names), quote=False)))
    return "\n".join(lines)


def _hour(t: Translator, hour: int) -> str:
    return f"{hour:02}.00" if t.locale == "id" else f"{hour:02}:00"


async def on_read(turn: Turn) -> None:
    """One reminder as it is sent, for a participant whom it concerns."""
    reminder = await stored.find(turn.tx, number(turn.args[0]))
    if reminder is None or reminder.state == stored.DRAFT:
        raise NotFound
    registration = await participants.of_person(turn.tx, reminder.meeting_id, turn.user.id)
    if registration is None or registration.state != REGISTERED:
        raise NotFound
    wording = await wordings.of(turn.tx, reminder)
    if not reminders.concerns(reminder, registration.sector, registration.institution) or wording.blocked:
        raise NotFound
    text = views.message(turn.t, wording, short=reminder.attachment is not None)
    turn.edit(text, [[tap(turn.t.gettext("‹ All reminders"), "reminders", 0)]])


async def on_hours(turn: Turn) -> None:
    """Choose the earliest hour of the day."""
    t = turn.t
    office_id = await _office_id(turn)
    chosen = await wishes.hour_of(turn.tx, office_id, turn.user.id)
    hours = [
        tap(("✅ " if hour == chosen else "") + _hour(t, hour), "reminders-hour", office_id, hour)
        for hour in HOURS
    ]
    at_once = t.gettext("When they are due")
    mark = "✅ " if chosen is None else ""
    turn.edit(
        t.gettext(
            "⏰ <b>At what hour?</b>\n\nA reminder that is due earlier on a day waits until this hour; one that is due"
            " later comes when it is due. Messages about a meeting that you take part in never wait."
        ),
        [
            [tap(mark + at_once, "reminders-hour", office_id, ANY_HOUR)],
            *(hours[place : place + 4] for place in range(0, len(hours), 4)),
            [tap(t.gettext("‹ All reminders"), "reminders", 0)],
        ],
    )


async def on_hour(turn: Turn) -> None:
    office_id, hour = await _office_id(turn), number(turn.args[1])
    if hour not in HOURS and hour != ANY_HOUR:
        raise BadTap(turn.args[1])
    await wishes.set_hour(turn.tx, office_id, turn.user.id, None if hour == ANY_HOUR else hour)
    turn.answer(turn.t.gettext("Noted."))
    await on_hours(turn)


async def on_topics(turn: Turn) -> None:
    """Choose the topics."""
    t = turn.t
    office_id = await _office_id(turn)
    stopped = await wishes.stopped_topics(turn.tx, office_id, turn.user.id)
    topics = [
        tap(
            ("🔕 " if topic.id in stopped else "🔔 ") + t.pick(topic.name),
            "reminders-topic",
            office_id,
            topic.id,
        )
        for topic in rulebook().topics
    ]
    turn.edit(
        t.gettext(
            "🔕 <b>Which topics do you want?</b>\n\n🔔 comes, 🔕 is stopped. Tap a topic to change it. Messages about a"
            " meeting that you take part in always come."
        ),
        [
            *(topics[place : place + 2] for place in range(0, len(topics), 2)),
            [tap(t.gettext("‹ All reminders"), "reminders", 0)],
        ],
    )


async def on_topic(turn: Turn) -> None:
    """Stop a topic, or start it again."""
    office_id, topic = await _office_id(turn), _topic(turn.args[1])
    if topic in await wishes.stopped_topics(turn.tx, office_id, turn.user.id):
        await wishes.start_topic(turn.tx, office_id, turn.user.id, topic)
    else:
        await wishes.stop_topic(turn.tx, office_id, turn.user.id, topic)
    await on_topics(turn)


def _topic(part: str) -> str:
    if rulebook().topic(part) is None:
        raise BadTap(part)
    return part


async def on_stop(turn: Turn) -> None:
    """Send this person no more reminders of an office, or none of the topic that the button names."""
    office_id = await _office_id(turn)
    topic = turn.args[1] if len(turn.args) > 1 else ""
    if topic:
        await wishes.stop_topic(turn.tx, office_id, turn.user.id, _topic(topic))
        await _confirm_topic(turn, office_id, topic)
    else:
        await wishes.opt_out(turn.tx, office_id, turn.user.id)
        await _confirm(turn, office_id, stopped=True)


async def on_start(turn: Turn) -> None:
    """Send them again: all, or those of a topic."""
    office_id = await _office_id(turn)
    topic = turn.args[1] if len(turn.args) > 1 else ""
    if topic:
        await wishes.start_topic(turn.tx, office_id, turn.user.id, _topic(topic))
    else:
        await wishes.opt_in(turn.tx, office_id, turn.user.id)
    await _confirm(turn, office_id, stopped=False)


async def _office_id(turn: Turn) -> int:
    office_id = number(turn.args[0])
    if not turn.is_private or await offices.find(turn.tx, office_id) is None:
        raise NotFound
    return office_id


async def _office_name(turn: Turn, office_id: int) -> str:
    office = await offices.find(turn.tx, office_id)
    return escape(office.name) if office is not None else ""


async def _confirm_topic(turn: Turn, office_id: int, topic: str) -> None:
    t = turn.t
    known = rulebook().topic(topic)
    name = t.pick(known.name) if known is not None else topic
    turn.answer(t.gettext("Reminders like this are stopped."))
    turn.reply(
        t.gettext(
            "🔕 {office} sends you no more reminders about: <b>{topic}</b>. Others still come. /reminders changes this"
            " at any time."
        ).format(office=await _office_name(turn, office_id), topic=escape(name, quote=False)),
        [
            [tap(t.gettext("Start this topic again"), "reminders-start", office_id, topic)],
            [tap(t.gettext("Stop all reminders"), "reminders-stop", office_id)],
        ],
    )


async def _confirm(turn: Turn, office_id: int, *, stopped: bool) -> None:
    """Say what holds from now on, in a message of its own: the tapped one may be a reminder, which stays to be read."""
    t = turn.t
    name = await _office_name(turn, office_id)
    if stopped:
        turn.answer(t.gettext("Reminders stopped."))
        turn.reply(
            t.gettext(
                "🔕 {office} sends you no more reminders of the rules. Messages about a meeting that you take part in"
                " still come. /reminders shows the reminders at any time."
            ).format(office=name),
            [[tap(t.gettext("Start reminders again"), "reminders-start", office_id)]],
        )
    else:
        turn.answer(t.gettext("Reminders are on."))
        again = t.gettext(
            "🔔 {office} sends you reminders of the rules again. /reminders shows the next ones."
        ).format(office=name)
        wanted = await _wanted(turn, office_id)
        topics = [tap(t.gettext("🔕 Topics"), "reminders-topics", office_id)] if wanted else []
        turn.reply("\n\n".join(filter(None, (again, wanted))), [topics])


JOURNEY = Journey(
    commands=(Command(("pengingat", "reminders"), on_reminders, N_("Reminders of the rules")),),
    taps=(
        Tap("reminders", on_list),
        Tap("reminder-read", on_read),
        Tap("reminders-hours", on_hours),
        Tap("reminders-hour", on_hour),
        Tap("reminders-topics", on_topics),
        Tap("reminders-topic", on_topic),
        Tap("reminders-stop", on_stop),
        Tap("reminders-start", on_start),
    ),
)
