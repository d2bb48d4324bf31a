"""The rehearsal of a meeting: begun, and ended with a question, because ending it wipes what people did."""

from __future__ import annotations

from bot.domain.meeting import meeting_setup, rehearsals
from bot.i18n import N_
from bot.storage.rehearsals import COUNTED
from handlers.meeting import meeting_views as views
from handlers.meeting.meetings import card
from handlers.routing import Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

_NAMES = {
    "participants": N_("Registrations: {count}"),
    "attendance": N_("Check-ins: {count}"),
    "submissions": N_("Submissions: {count}"),
    "deliveries": N_("Messages sent: {count}"),
}


async def on_ask(turn: Turn) -> None:
    """Say what a rehearsal is, and ask."""
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    t = turn.t
    turn.edit(
        t.gettext(
            "🎭 <b>Rehearse?</b>\n{title}\n\nEverything works as on the day: register, check in, open sessions, send"
            " announcements. All that people see begins with “GLADI”. When you end the rehearsal, everything that was"
            " collected is wiped, and the meeting is a draft again."
        ).format(title=views.title(t, meeting)),
        [
            [tap(t.gettext("🎭 Begin the rehearsal"), "rehearsal-begin", meeting.id)],
            [tap(t.gettext("‹ Back"), "meeting", meeting.id)],
        ],
    )


async def on_begin(turn: Turn) -> None:
    meeting = await rehearsals.begin(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    turn.answer(turn.t.gettext("The rehearsal has begun."))
    turn.edit(*await card(turn, meeting, is_current=True))


async def on_ask_end(turn: Turn) -> None:
    """Say what would be wiped, and ask."""
    meeting, counts = await rehearsals.losses(turn.tx, number(turn.args[0]), turn.user.id)
    t = turn.t
    lines = [f"• {t.gettext(_NAMES[table]).format(count=counts[table])}" for table in COUNTED]
    turn.edit(
        "\n\n".join(
            [
                t.gettext("🎭 <b>End the rehearsal?</b>\n{title}").format(title=views.title(t, meeting)),
                t.gettext("This is wiped and cannot be brought back:") + "\n" + "\n".join(lines),
                t.gettext(
                    "Agenda, materials, questions, invitations and reminders stay. The meeting is a draft then; open it"
                    " for the real participants."
                ),
            ]
        ),
        [
            [tap(t.gettext("🧹 Wipe and end"), "rehearsal-wipe", meeting.id)],
            [tap(t.gettext("No, go on rehearsing"), "meeting", meeting.id)],
        ],
    )


async def on_end(turn: Turn) -> None:
    meeting = await rehearsals.end(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    turn.answer(turn.t.gettext("Wiped. The meeting is ready for the real thing."))
    turn.edit(*await card(turn, meeting, is_current=True))


JOURNEY = Journey(
    taps=(
        Tap("rehearsal", on_ask),
        Tap("rehearsal-begin", on_begin),
        Tap("rehearsal-end", on_ask_end),
        Tap("rehearsal-wipe", on_end),
    )
)
