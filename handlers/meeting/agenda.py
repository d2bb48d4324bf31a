"""/agenda and /materi: what is past, on now and next, and what to read."""

from __future__ import annotations

from hashlib import sha256
from html import escape

from bot.domain.errors import NotFound
from bot.domain.meeting import agenda, meetings
from bot.domain.meeting.agenda import Standing
from bot.i18n import N_
from bot.reports.calendar import FILE
from bot.storage import agenda_followers, offices
from bot.storage import meetings as stored_meetings
from bot.storage.meetings import ARCHIVED, DRAFT, OPEN, RUNNING, Meeting
from handlers.meeting import agenda_views as views
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn


async def on_agenda(turn: Turn) -> None:
    meeting = await _meeting(turn)
    text, buttons = await shown(turn, meeting)
    turn.reply(text, buttons)


async def on_refresh(turn: Turn) -> None:
    """Bring a shown agenda up to the present; the button knows what it stands under."""
    meeting = await _visible(turn, number(turn.args[0]))
    text, buttons = await shown(turn, meeting)
    if turn.args[1] == _mark(text):
        answer = turn.t.gettext("Up to date: it is {time}.")
        turn.answer(answer.format(time=turn.t.time(turn.now, meeting.timezone)))
        return
    turn.edit(text, buttons)


async def shown(turn: Turn, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    """The agenda as it stands now, with its buttons."""
    t = turn.t
    standing: Standing = agenda.standing(await stored_meetings.agenda(turn.tx, meeting.id), turn.now)
    text = views.agenda(t, meeting, standing)
    buttons = [[tap(t.gettext("🔄 Refresh"), "agenda", meeting.id, _mark(text))]]
    if await stored_meetings.materials(turn.tx, meeting.id):
        buttons[0].append(tap(t.gettext("📄 Materials"), "materials", meeting.id, 0, views.BELOW))
    if meeting.state not in (OPEN, RUNNING):
        return text, buttons
    take_along = [tap(t.gettext("📅 Calendar"), "agenda-file", meeting.id)]
    if meeting.map_point is not None:
        take_along.append(tap(t.gettext("📍 Map"), "agenda-map", meeting.id))
    buttons.append(take_along)
    if turn.is_private:
        follows = await agenda_followers.follows(turn.tx, meeting.id, turn.user.id)
        label = t.gettext("🔕 No more changes") if follows else t.gettext("🔔 Tell me about changes")
        buttons.append([tap(label, "agenda-follow", meeting.id, int(not follows))])
    return text, buttons


async def on_file(turn: Turn) -> None:
    """The meeting as a file for the person's calendar."""
    meeting = await _visible(turn, number(turn.args[0]))
    turn.made_document(
        FILE.name,
        {"meeting": meeting.id},
        f"{meeting.code}.ics",
        turn.t.gettext("📅 Open this file to put the meeting into your calendar."),
    )


async def on_map(turn: Turn) -> None:
    """The venue on the map."""
    meeting = await _visible(turn, number(turn.args[0]))
    if meeting.map_point is None:
        raise NotFound
    turn.place(meeting.map_point, meeting.venue, meeting.address)


async def on_follow(turn: Turn) -> None:
    """Be told about changes to the agenda, or no longer; the button says which."""
    meeting = await _visible(turn, number(turn.args[0]))
    if not turn.is_private:
        raise BadTap("followed in a group")
    if turn.args[1] == "1":
        await agenda_followers.follow(turn.tx, meeting.id, turn.user.id)
        turn.answer(turn.t.gettext("You will get a message when the agenda changes."))
    else:
        await agenda_followers.unfollow(turn.tx, meeting.id, turn.user.id)
        turn.answer(turn.t.gettext("You get no more messages about the agenda."))
    turn.edit(*await shown(turn, meeting))


async def on_material(turn: Turn) -> None:
    """Send a material that is a file."""
    meeting = await _visible(turn, number(turn.args[0]))
    for item in await stored_meetings.materials(turn.tx, meeting.id):
        if views.mark(item) == turn.args[1] and item.file is not None:
            caption = f"📄 {escape(turn.t.pick(item.title), quote=False)}"
            turn.kept_file(item.file.kind, item.file.file_id, caption)
            return
    raise NotFound


def _mark(text: str) -> str:
    """What tells one text from another, short enough for a button."""
    return sha256(text.encode()).hexdigest()[:12]


async def on_materials(turn: Turn) -> None:
    meeting = await _meeting(turn)
    turn.reply(*await _materials(turn, meeting, 0))


async def on_materials_page(turn: Turn) -> None:
    """A page of the materials: in the place of another one, or below the agenda."""
    meeting = await _visible(turn, number(turn.args[0]))
    text, buttons = await _materials(turn, meeting, number(turn.args[1]))
    if turn.args[2] == views.IN_PLACE:
        turn.edit(text, buttons)
    else:
        turn.reply(text, buttons)


async def _materials(turn: Turn, meeting: Meeting, page: int) -> tuple[str, list[list[Button]]]:
    return views.materials(
        turn.t,
        meeting,
        await stored_meetings.materials(turn.tx, meeting.id),
        await stored_meetings.agenda(turn.tx, meeting.id),
        page,
    )


async def _meeting(turn: Turn) -> Meeting:
    """The meeting that the chat is about."""
    if turn.is_private:
        return await meetings.current(turn.tx, turn.person)
    return await meetings.of_group(turn.tx, turn.chat.id)


async def _visible(turn: Turn, meeting_id: int) -> Meeting:
    """The meeting of a tapped button, unless it is a draft or in the archive, which its office alone sees."""
    meeting = await stored_meetings.find(turn.tx, meeting_id)
    if meeting is None:
        raise NotFound
    if (
        meeting.state in (DRAFT, ARCHIVED)
        and await offices.role_of(turn.tx, meeting.office_id, turn.user.id) is None
    ):
        raise NotFound
    return meeting


_MENU = frozenset({Audience.EVERYONE, Audience.GROUP})

JOURNEY = Journey(
    commands=(
        Command(("agenda",), on_agenda, N_("what is on now and next"), _MENU, in_groups=True),
        Command(("materi", "materials"), on_materials, N_("documents and links"), _MENU, in_groups=True),
    ),
    taps=(
        Tap("agenda", on_refresh),
        Tap("agenda-file", on_file),
        Tap("agenda-map", on_map),
        Tap("agenda-follow", on_follow),
        Tap("materials", on_materials_page),
        Tap("material", on_material),
    ),
)
