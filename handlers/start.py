"""/start: where a deep link leads, by the first word of its payload."""

from __future__ import annotations

from bot.domain.roles import CLAIM_PREFIX
from bot.domain.rules.rules import LINK_PREFIX
from bot.i18n import N_
from handlers.attendance import self_check_in
from handlers.office import members
from handlers.people import invitation_opening, registration
from handlers.routing import Audience, Command, Journey
from handlers.rules import rules
from handlers.turn import Turn

FROM_GROUP = "group"
"""The payload of the button that leads from a group to the private chat; it names no meeting."""


async def on_start(turn: Turn) -> None:
    payload = turn.args[0] if turn.args else ""
    if payload.startswith(CLAIM_PREFIX):
        await members.claim(turn, payload)
    elif payload.startswith(registration.TICKET_PREFIX):
        await registration.open_ticket(turn, payload)
    elif payload.startswith(invitation_opening.PREFIX):
        await invitation_opening.open_invitation(turn, payload)
    elif payload.startswith(LINK_PREFIX):
        await rules.open_link(turn, payload)
    elif not await self_check_in.open_link(turn, payload):
        await registration.open_meeting(turn, None if payload in ("", FROM_GROUP) else payload)


JOURNEY = Journey(
    commands=(Command(("start", "mulai"), on_start, N_("Begin"), frozenset({Audience.HIDDEN})),),
)
