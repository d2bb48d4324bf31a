"""/sesi: the committee opens and closes the dialogue sessions of a meeting, and sets what each takes."""

from __future__ import annotations

from datetime import datetime
from html import escape

from bot.domain.dialogue import session_setup, sessions
from bot.domain.dialogue.sessions import MAY_SWITCH
from bot.domain.errors import AlreadyDecided
from bot.domain.meeting import meetings
from bot.domain.notices import broadcasts
from bot.domain.notices.broadcasts import Content
from bot.i18n import N_
from bot.storage import meetings as stored_meetings
from bot.storage import moderation, submissions
from bot.storage import sessions as stored_sessions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.sessions import OPEN, Session
from handlers.dialogue import published, session_forms
from handlers.dialogue import session_views as views
from handlers.dialogue.session_card import card, sectors_of
from handlers.routing import MODERATORS, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn


async def on_sessions(turn: Turn) -> None:
    """/sesi: every session with its state, and the buttons that change it."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MAY_SWITCH)
    text, buttons = await _list(turn, meeting, 0)
    turn.reply(text, buttons)


async def on_list(turn: Turn) -> None:
    """A page of the list, in the place of the tapped message."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MAY_SWITCH)
    text, buttons = await _list(turn, meeting, number(turn.args[1]) if len(turn.args) > 1 else 0)
    turn.edit(text, buttons)


async def _list(turn: Turn, meeting: Meeting, page: int) -> tuple[str, list[list[Button]]]:
    t = turn.t
    found = await stored_sessions.of_meeting(turn.tx, meeting.id)
    page = min(page, max(0, (len(found) - 1) // views.PAGE))
    shown = found[page * views.PAGE : (page + 1) * views.PAGE]
    sent = await submissions.count_by_session(turn.tx, meeting.id)
    waiting = await moderation.count_waiting(turn.tx, meeting.id)
    parts = [t.gettext("<b>Dialogue sessions</b>")]
    if not found:
        parts.append(
            t.gettext("This meeting has no session yet. Make the first one here: it takes a minute.")
        )
    parts += [views.line(t, session, sent.get(session.id, 0)) for session in shown]
    buttons = [[views.switch(t, session), tap("⚙️", "session", session.id)] for session in shown]
    around = []
    if page:
        around.append(tap("‹", "sessions", meeting.id, page - 1))
    if (page + 1) * views.PAGE < len(found):
        around.append(tap("›", "sessions", meeting.id, page + 1))
    buttons.append(around)
    if waiting:
        label = t.ngettext("{count} submission waits", "{count} submissions wait", waiting)
        buttons.append([tap(label.format(count=waiting), "queue", meeting.id)])
    buttons.append([tap(t.gettext("➕ New session"), "session-new", meeting.id)])
    buttons.append(published.button(t, meeting.id))
    return "\n\n".join(parts), buttons


async def on_session(turn: Turn) -> None:
    """One session with its settings."""
    session, meeting = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    await _edit_to_card(turn, session, meeting)


async def _edit_to_card(turn: Turn, session: Session, meeting: Meeting) -> None:
    turn.edit(*await card(turn, session, meeting))


async def on_page(turn: Turn) -> None:
    """The choices for one setting of a session."""
    session, meeting = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    await _show_page(turn, session, meeting, number(turn.args[2]) if len(turn.args) > 2 else 0)


async def _show_page(turn: Turn, session: Session, meeting: Meeting, page: int) -> None:
    what = turn.args[1]
    if what not in views.SETTINGS:
        raise BadTap(what)
    agenda = await stored_meetings.agenda(turn.tx, meeting.id)
    turn.edit(*views.page(turn.t, session, what, agenda, await sectors_of(turn, meeting), page))


async def on_set(turn: Turn) -> None:
    """Set one thing, and show its choices again."""
    session, meeting = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    agenda = await stored_meetings.agenda(turn.tx, meeting.id)
    sectors = await sectors_of(turn, meeting)
    what, value = views.value_of(session, turn.args[1], turn.args[2], agenda, sectors)
    session = await session_setup.set_up(turn.tx, session.id, turn.user.id, what, value, turn.now)
    turn.answer(turn.t.gettext("Noted."))
    await _show_page(turn, session, meeting, number(turn.args[3]))


async def on_remove(turn: Turn) -> None:
    """Ask before a session goes."""
    session, _ = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(
        turn.t.gettext(
            "Remove the session <b>{topic}</b>? It was never opened, so nothing is lost with it."
        ).format(topic=escape(turn.t.pick(session.topic))),
        [
            [tap(turn.t.gettext("Yes, remove it"), "session-gone", session.id)],
            [tap(turn.t.gettext("No, keep it"), "session", session.id)],
        ],
    )


async def on_gone(turn: Turn) -> None:
    """Remove a session after the question."""
    session, meeting = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    try:
        await session_setup.remove(turn.tx, session.id, turn.user.id, turn.now)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("It was opened meanwhile, so it stays."), alert=True)
        await _edit_to_card(turn, session, meeting)
        return
    turn.answer(turn.t.gettext("The session was removed."))
    text, buttons = await _list(turn, meeting, 0)
    turn.edit(text, buttons)


async def on_open(turn: Turn) -> None:
    """Open a session, and tell everybody whom it concerns."""
    switched = await sessions.open_session(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    if switched.changed:
        await tell(
            turn.tx,
            switched.session,
            switched.meeting,
            views.invitation(switched.session),
            turn.user.id,
            turn.now,
        )
        turn.answer(turn.t.gettext("The session is open. All participants are being told."))
    else:
        turn.answer(turn.t.gettext("The session is open already."))
    text, buttons = await _list(turn, switched.meeting, 0)
    turn.edit(text, buttons)


async def on_close(turn: Turn) -> None:
    """Ask before closing: people may be writing."""
    session, meeting = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    if session.state != OPEN:
        await _show_closed(turn, meeting)
        return
    turn.edit(
        turn.t.gettext(
            "Close the session <b>{topic}</b>?\n\nNobody can begin a submission then. Who is writing keeps the draft"
            " and can hand it in late, for the moderators to decide; you can open the session again at any time."
        ).format(topic=escape(turn.t.pick(session.topic))),
        [
            [tap(turn.t.gettext("Yes, close it"), "session-end", session.id)],
            [tap(turn.t.gettext("No, keep it open"), "sessions", meeting.id, 0)],
        ],
    )


async def on_end(turn: Turn) -> None:
    """Close a session after the question."""
    switched = await sessions.close_session(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    if not switched.changed:
        await _show_closed(turn, switched.meeting)
        return
    turn.answer(turn.t.gettext("The session is closed."))
    text, buttons = await _list(turn, switched.meeting, 0)
    turn.edit(text, buttons)


async def _show_closed(turn: Turn, meeting: Meeting) -> None:
    turn.answer(turn.t.gettext("The session is closed already."))
    text, buttons = await _list(turn, meeting, 0)
    turn.edit(text, buttons)


async def tell(
    tx: Transaction,
    session: Session,
    meeting: Meeting,
    content: Content,
    author_id: int | None,
    now: datetime,
) -> None:
    """Tell everybody whom a session concerns."""
    await broadcasts.create(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        kind=broadcasts.SESSION,
        content=content,
        audience=await sessions.audience_of(tx, session),
        author_id=author_id,
        now=now,
    )


JOURNEY = Journey(
    commands=(
        Command(
            ("sesi", "sessions"),
            on_sessions,
            N_("dialogue sessions: make, open, close"),
            MODERATORS,
        ),
    ),
    taps=(
        Tap("sessions", on_list),
        Tap("session", on_session),
        Tap("session-page", on_page),
        Tap("session-set", on_set),
        Tap("session-remove", on_remove),
        Tap("session-gone", on_gone),
        Tap("session-open", on_open),
        Tap("session-close", on_close),
        Tap("session-end", on_end),
        *session_forms.TAPS,
    ),
)
