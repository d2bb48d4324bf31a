"""How lists of participants and a single one look to the committee."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from html import escape

from bot.domain import roles
from bot.domain.language.texts import clip
from bot.domain.people import admission, own_answers, seating
from bot.i18n import N_
from bot.storage import invitations, offices, participants
from bot.storage.meetings import Meeting
from bot.storage.participants import PENDING, REFUSED, REGISTERED, WAITING, WITHDRAWN, Participant
from bot.storage.values import base36
from handlers.people.invitation_views import whom
from handlers.people.registration_views import details
from handlers.taps import Button, tap
from handlers.turn import Turn

STAFF = roles.ROLES
"""Who sees participants; only organisers decide about them."""
PAGE = 10
"""How many participants one message lists."""
NAME_ROOM, PLACE_ROOM = 150, 220
"""UTF-16 units of a name, and of position and institution: ten of each fit the 4,096 of a message (Bot API)."""
ROW = 5
"""Buttons with a number in one row."""
ANY = "-"
"""Instead of a sector's code in a button: all sectors."""

STATES = {
    REGISTERED: N_("Registered"),
    PENDING: N_("Waiting for approval"),
    WAITING: N_("Waiting list"),
    REFUSED: N_("Refused"),
    WITHDRAWN: N_("Withdrawn"),
}
"""What the lists of each state are called, as message ids."""


async def listing(
    turn: Turn, meeting: Meeting, state: str, sector: str, page: int, kind: str, parts: tuple[str, ...]
) -> tuple[str, list[list[Button]]]:
    """A page of those in ``state``, of one sector or :data:`ANY`; its arrows lead to ``kind`` with ``parts``."""
    t = turn.t
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *STAFF)
    total, shown = await participants.page(
        turn.tx,
        meeting.id,
        state,
        sector=None if sector == ANY else sector,
        skip=page * PAGE,
        limit=PAGE,
    )
    named = {item.code: t.pick(item.name) for item in await offices.sectors(turn.tx, meeting.office_id)}
    title = t.gettext(STATES[state])
    if sector != ANY:
        title = named.get(sector, sector) if state == REGISTERED else f"{title}: {named.get(sector, sector)}"
    lines = [f"<b>{escape(title)} ({total})</b>", ""]
    lines += [_line(page * PAGE + place, item) for place, item in enumerate(shown, 1)]
    buttons: list[list[Button]] = []
    if state == PENDING and role == roles.ORGANISER:
        lines += ["", t.gettext("✅ approves at once; the number shows the person, also to refuse.")]
        buttons = [
            [
                tap(f"✅ {clip(item.name, 40)}", "peserta-ok", item.id, page),
                tap(str(page * PAGE + place), "peserta-who", item.id),
            ]
            for place, item in enumerate(shown, 1)
        ]
        if len(shown) > 1:
            label = t.gettext("✅ Approve these {count}").format(count=len(shown))
            buttons.append([tap(label, "peserta-all", meeting.id, page, mark_of(shown))])
    else:
        numbered = [
            tap(str(page * PAGE + place), "peserta-who", item.id) for place, item in enumerate(shown, 1)
        ]
        buttons = [numbered[start : start + ROW] for start in range(0, len(numbered), ROW)]
    around = []
    if page:
        around.append(tap("‹", kind, meeting.id, *parts, page - 1))
    if (page + 1) * PAGE < total:
        around.append(tap("›", kind, meeting.id, *parts, page + 1))
    return "\n".join(lines), [*buttons, around, [tap(t.gettext("All sectors"), "sectors", meeting.id)]]


def mark_of(shown: Sequence[Participant]) -> str:
    """Stands in a button for the people whom a page shows."""
    return base36(zlib.crc32(" ".join(str(item.id) for item in shown).encode()))


def _line(place: int, item: Participant) -> str:
    where = clip(f"{item.position}, {item.institution}", PLACE_ROOM)
    return f"{place}. {escape(clip(item.name, NAME_ROOM))}\n    {escape(where)}"


async def card(turn: Turn, found: Participant, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    """One participant, with what whoever looks may decide about them."""
    t = turn.t
    role = await roles.require(turn.tx, meeting.office_id, turn.user.id, *STAFF)
    state = t.gettext(STATES[found.state])
    if found.state == WAITING:
        place = await seating.place_in_queue(turn.tx, found)
        state = t.gettext("Waiting list, number {place}").format(place=place)
    lines = [
        t.gettext("👤 <b>{state}</b>\n{title}").format(
            state=state, title=escape(clip(t.pick(meeting.title), 150))
        ),
        "",
        await details(turn, found, meeting),
        t.gettext("Ticket: <code>{ticket}</code>").format(ticket=found.ticket),
        t.gettext("Since: {moment}").format(moment=t.moment(found.registered_at, meeting.timezone)),
    ]
    came_by = None if found.invitation_id is None else await invitations.find(turn.tx, found.invitation_id)
    if came_by is not None:
        sectors = {item.code: item.name for item in await offices.sectors(turn.tx, meeting.office_id)}
        by = whom(t, came_by, sectors)
        lines.append(t.gettext("Came by the link {whom}").format(whom=escape(by)))
    lines += [
        f"{escape(label)}: <b>{escape(clip(answer, 300))}</b>"
        for label, answer in own_answers.shown(t, meeting.registration_questions, found.answers)
        if answer
    ]
    if found.person_id is None:
        lines.append(t.gettext("Without Telegram: please tell this person yourself what changes."))
    if found.reason:
        lines.append(t.gettext("Reason: {reason}").format(reason=escape(found.reason)))
    buttons: list[list[Button]] = []
    if role == roles.ORGANISER:
        acts = {
            "approve": tap(t.gettext("✅ Approve"), "peserta-ok", found.id),
            "refuse": tap(t.gettext("Refuse"), "peserta-refuse", found.id),
            "withdraw": tap(t.gettext("Does not come"), "peserta-out", found.id),
        }
        buttons = [[acts[act] for act in admission.choices_about(found)]]
    return "\n".join(lines), [*buttons, [tap(t.gettext("All sectors"), "sectors", meeting.id)]]
