"""/start: where a deep link leads, by the first word of its payload."""

from __future__ import annotations

from bot.domain.dialogue.speakers import LINK_PREFIX as SPEAKER_PREFIX
from bot.domain.roles import CLAIM_PREFIX
from bot.domain.rules.rules import LINK_PREFIX
from bot.i18n import N_
from bot.storage import meetings, offices
from handlers import private_chat
from handlers.attendance import self_check_in
from handlers.dialogue import speaker_answers
from handlers.office import members, organiser
from handlers.people import invitation_opening, registration
from handlers.routing import Audience, Command, Journey
from handlers.rules import rules
from handlers.turn import Turn


async def on_start(turn: Turn) -> None:
    payload = turn.args[0] if turn.args else ""
    if payload.startswith(CLAIM_PREFIX):
        await members.claim(turn, payload)
    elif payload.startswith(SPEAKER_PREFIX):
        await speaker_answers.open_link(turn, payload)
    elif payload.startswith(registration.TICKET_PREFIX):
        await registration.open_ticket(turn, payload)
    elif payload.startswith(invitation_opening.PREFIX):
        await invitation_opening.open_invitation(turn, payload)
    elif payload.startswith(LINK_PREFIX):
        await rules.open_link(turn, payload)
    elif (command := _typed_in_group(payload)) is not None:
        turn.args, turn.stands_for = (), f"/{command.names[0]}"
        await command.handler(turn)
    elif payload in ("", private_chat.START):
        await _begin(turn)
    elif not await self_check_in.open_link(turn, payload):
        await registration.open_meeting(turn, payload)


def _typed_in_group(payload: str) -> Command | None:
    """The command that somebody typed in a group, to go on with it here."""
    # The table of commands has this one in it.
    from handlers.router import commands

    if not payload.startswith(private_chat.PREFIX):
        return None
    command = commands().get(payload.removeprefix(private_chat.PREFIX))
    return command if command is not None and Audience.HIDDEN not in command.menus else None


async def _begin(turn: Turn) -> None:
    """Without a link: for who has a role its tools, unless another office's meeting is open too; else what is open."""
    own = {office.id for office, _ in await offices.offices_of(turn.tx, turn.user.id)}
    if own and all(meeting.office_id in own for meeting in await meetings.joinable(turn.tx)):
        await organiser.on_overview(turn)
    else:
        await registration.open_meeting(turn, None)


JOURNEY = Journey(
    commands=(Command(("start", "mulai"), on_start, N_("Begin"), frozenset({Audience.HIDDEN})),),
)
