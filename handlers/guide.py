"""/bantuan: what can be done here, for this person's role."""

from __future__ import annotations

from html import escape

from bot.domain.errors import NoMeeting
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.storage import offices
from handlers.menu import entries, listed, roles_of
from handlers.routing import Audience, Command, Journey
from handlers.turn import Turn


async def on_help(turn: Turn) -> None:
    t = turn.t
    if not turn.is_private:
        lines = listed(entries(t, Audience.GROUP))
        turn.reply(t.gettext("In this group I answer to:\n{commands}").format(commands=lines))
        return
    text = t.gettext("<b>What you can do here</b>\n\n{commands}").format(
        commands=listed(entries(t, Audience.EVERYONE))
    )
    if own := await roles_of(turn.tx, turn.user.id):
        text += t.gettext("\n\n<b>For the committee</b>\n\n{commands}").format(
            commands=listed(entries(t, *map(Audience, own)))
        )
    text += await _contact(turn)
    turn.reply(text)


async def _contact(turn: Turn) -> str:
    try:
        meeting = await meetings.current(turn.tx, turn.person)
    except NoMeeting:
        return ""
    office = await offices.find(turn.tx, meeting.office_id)
    contact = meeting.contact or (office.contact if office is not None else "")
    if not contact:
        return ""
    return turn.t.gettext("\n\nQuestions? Ask {contact}.").format(contact=escape(contact))


JOURNEY = Journey(
    commands=(
        Command(
            ("bantuan", "help"),
            on_help,
            N_("What you can do here"),
            frozenset({Audience.EVERYONE, Audience.GROUP}),
            in_groups=True,
        ),
    ),
)
