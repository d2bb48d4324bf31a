"""/sesi: the committee opens and closes the dialogue sessions of a meeting."""

from __future__ import annotations

from html import escape

from bot.domain import broadcasts, meetings, sessions
from bot.domain.audience import EVERYONE
from bot.domain.broadcasts import Content
from bot.domain.sessions import MAY_SWITCH, Switched
from bot.i18n import LOCALES, N_, Translator, translator
from bot.storage import sessions as stored_sessions
from bot.storage import submissions
from bot.storage.meetings import Meeting
from bot.storage.sessions import CLOSED, OPEN, PLANNED, Session
from handlers import published
from handlers.routing import Audience, Command, Journey, Tap
from handlers.submission_views import kind_name
from handlers.taps import Button, number, tap
from handlers.turn import Turn

LABEL = 40
"""Characters of a topic on a button."""

_STATE_NAMES = {
    PLANNED: N_("not yet open"),
    OPEN: N_("open"),
    CLOSED: N_("closed"),
}
_STATE_SIGNS = {PLANNED: "⚪", OPEN: "🟢", CLOSED: "⚫"}


async def on_sessions(turn: Turn) -> None:
    """/sesi: every session with its state, and the buttons that change it."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MAY_SWITCH)
    text, buttons = await _list(turn, meeting)
    turn.reply(text, buttons)


async def on_list(turn: Turn) -> None:
    """Back to the list, in the place of the tapped message."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MAY_SWITCH)
    text, buttons = await _list(turn, meeting)
    turn.edit(text, buttons)


async def on_open(turn: Turn) -> None:
    """Open a session, and tell everybody who can be reached."""
    switched = await sessions.open_session(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    if switched.changed:
        await _invite(turn, switched)
        turn.answer(turn.t.gettext("The session is open. All participants are being told."))
    else:
        turn.answer(turn.t.gettext("The session is open already."))
    text, buttons = await _list(turn, switched.meeting)
    turn.edit(text, buttons)


async def on_close(turn: Turn) -> None:
    """Ask before closing: people may be writing."""
    session, meeting = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    if session.state != OPEN:
        await _show_closed(turn, meeting)
        return
    turn.edit(
        turn.t.gettext(
            "Close the session <b>{topic}</b>?\n\nNobody can send anything to it then. Those who are writing keep their"
            " draft; you can open the session again at any time."
        ).format(topic=escape(turn.t.pick(session.topic))),
        [
            [tap(turn.t.gettext("Yes, close it"), "session-end", session.id)],
            [tap(turn.t.gettext("No, keep it open"), "sessions", meeting.id)],
        ],
    )


async def on_end(turn: Turn) -> None:
    """Close a session after the question."""
    switched = await sessions.close_session(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    if not switched.changed:
        await _show_closed(turn, switched.meeting)
        return
    turn.answer(turn.t.gettext("The session is closed."))
    text, buttons = await _list(turn, switched.meeting)
    turn.edit(text, buttons)


async def _show_closed(turn: Turn, meeting: Meeting) -> None:
    turn.answer(turn.t.gettext("The session is closed already."))
    text, buttons = await _list(turn, meeting)
    turn.edit(text, buttons)


async def _list(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    found = await stored_sessions.of_meeting(turn.tx, meeting.id)
    if not found:
        return t.gettext(
            "<b>Dialogue sessions</b>\n\nThis meeting has no session yet. Sessions stand in the meeting file; import it"
            " again after adding one."
        ), []
    sent = await submissions.count_by_session(turn.tx, meeting.id)
    waiting = await submissions.count(turn.tx, meeting.id, submissions.WAITING)
    parts = [t.gettext("<b>Dialogue sessions</b>")]
    parts += [_line(t, session, sent.get(session.id, 0)) for session in found]
    buttons = [[_switch(t, session)] for session in found]
    if waiting:
        label = t.ngettext("{count} submission waits", "{count} submissions wait", waiting)
        buttons.append([tap(label.format(count=waiting), "queue", meeting.id)])
    buttons.append(published.button(t, meeting.id))
    return "\n\n".join(parts), buttons


def _line(t: Translator, session: Session, sent: int) -> str:
    anonymity = {
        stored_sessions.ALLOWED: t.gettext("named or anonymous"),
        stored_sessions.FORCED: t.gettext("anonymous only"),
        stored_sessions.OFF: t.gettext("with name only"),
    }[session.anonymity]
    lines = [
        f"{_STATE_SIGNS[session.state]} <b>{escape(t.pick(session.topic))}</b>",
        t.ngettext("{state} · {count} submission", "{state} · {count} submissions", sent).format(
            state=t.gettext(_STATE_NAMES[session.state]), count=sent
        ),
        t.gettext("{kinds} · {anonymity} · up to {limit} a person").format(
            kinds=", ".join(kind_name(t, kind) for kind in session.kinds).lower(),
            anonymity=anonymity,
            limit=session.limit_per_person,
        ),
    ]
    return "\n".join(lines)


def _switch(t: Translator, session: Session) -> Button:
    topic = t.pick(session.topic)
    topic = topic if len(topic) <= LABEL else topic[: LABEL - 1].rstrip() + "…"
    if session.state == OPEN:
        return tap(t.gettext("Close: {topic}").format(topic=topic), "session-close", session.id)
    if session.state == CLOSED:
        return tap(t.gettext("Open again: {topic}").format(topic=topic), "session-open", session.id)
    return tap(t.gettext("Open: {topic}").format(topic=topic), "session-open", session.id)


async def _invite(turn: Turn, switched: Switched) -> None:
    await broadcasts.create(
        turn.tx,
        office_id=switched.meeting.office_id,
        meeting_id=switched.meeting.id,
        kind=broadcasts.SESSION,
        content=invitation(switched.session),
        audience=EVERYONE,
        author_id=turn.user.id,
        now=turn.now,
    )


def invitation(session: Session) -> Content:
    """What participants read when a session opens, with a button straight into the form."""
    texts, buttons = {}, {}
    for locale in LOCALES:
        t = translator(locale)
        prompt = escape(t.pick(session.prompt))
        parts = [
            t.gettext("💬 <b>A dialogue session is open: {topic}</b>").format(
                topic=escape(t.pick(session.topic))
            ),
            *([prompt] if prompt else []),
            t.gettext("Tap the button to write to the committee."),
        ]
        texts[locale] = "\n\n".join(parts)
        buttons[locale] = [[tap(t.gettext("Give feedback"), "feedback", session.id).as_dict()]]
    return Content(texts, buttons)


JOURNEY = Journey(
    commands=(
        Command(
            ("sesi", "sessions"),
            on_sessions,
            N_("open and close dialogue sessions"),
            frozenset({Audience.ORGANISER}),
        ),
    ),
    taps=(
        Tap("sessions", on_list),
        Tap("session-open", on_open),
        Tap("session-close", on_close),
        Tap("session-end", on_end),
    ),
)
