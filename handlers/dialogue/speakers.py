"""/narasumber: the committee's links for speakers of the agenda; to a speaker, what they are to answer."""

from __future__ import annotations

from bot.domain import roles
from bot.domain.dialogue import speakers
from bot.domain.dialogue.submissions import MODERATORS
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.storage import offices
from bot.storage.meetings import Meeting
from handlers import routing
from handlers.dialogue import speaker_answers
from handlers.dialogue import speaker_views as views
from handlers.office.members import name_of
from handlers.routing import Command, Journey, Tap
from handlers.taps import number
from handlers.turn import Turn


async def on_speakers(turn: Turn) -> None:
    """The speakers of the meeting for its committee; what they are to answer for a speaker."""
    try:
        meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MODERATORS)
    except NotAllowed:
        places = await speakers.places(turn.tx, turn.user.id)
        if not places:
            raise
        followed = turn.person.meeting_id
        await speaker_answers.show(turn, followed if followed in places else next(iter(places)))
        return
    turn.reply(*await _overview(turn, meeting, 0))


async def on_overview(turn: Turn) -> None:
    turn.edit(*await _overview(turn, await _meeting(turn), number(turn.args[1])))


async def _meeting(turn: Turn) -> Meeting:
    return await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MODERATORS)


async def _overview(turn: Turn, meeting: Meeting, page: int) -> tuple[str, views.Rows]:
    found = await speakers.overview(turn.tx, meeting, turn.user.id)
    speaks = meeting.id in await speakers.places(turn.tx, turn.user.id)
    return views.overview(turn.t, meeting, found, page, turn.now, speaks=speaks)


async def on_speaker(turn: Turn) -> None:
    """One speaker: whether they have a link, and who opened it."""
    meeting = await _meeting(turn)
    name = await speakers.by_key(turn.tx, meeting, turn.args[1])
    found = await speakers.overview(turn.tx, meeting, turn.user.id)
    speaker = next(item for item in found if item.name == name)
    taken_by = None if speaker.link is None else speaker.link.person_id
    account = "" if taken_by is None else await name_of(turn, meeting.office_id, taken_by)
    role = await offices.role_of(turn.tx, meeting.office_id, turn.user.id)
    organises = role == roles.ORGANISER
    turn.edit(*views.one(turn.t, meeting, speaker, account, turn.now, organises=organises))


async def on_link(turn: Turn) -> None:
    """Make a link for a speaker; an earlier one that nobody opened is worthless from then on."""
    meeting = await _meeting(turn)
    name = await speakers.by_key(turn.tx, meeting, turn.args[1])
    payload, kept = await speakers.offer(turn.tx, meeting, name, turn.user.id, turn.now)
    url = f"https://t.me/{turn.bot_username}?start={payload}"
    await on_speaker(turn)
    turn.reply(*views.link(turn.t, meeting, name, url, kept.expires_at))


async def on_end(turn: Turn) -> None:
    """Ask before somebody's access is ended."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.edit(*views.ending(turn.t, meeting, await speakers.by_key(turn.tx, meeting, turn.args[1])))


async def on_ended(turn: Turn) -> None:
    """Make a speaker's link worthless."""
    meeting = await _meeting(turn)
    name = await speakers.by_key(turn.tx, meeting, turn.args[1])
    try:
        await speakers.end(turn.tx, meeting, name, turn.user.id, turn.now)
    except NotFound:
        turn.answer(turn.t.gettext("There is no link any more."))
    else:
        turn.answer(turn.t.gettext("The link is worthless now."))
    await on_speaker(turn)


JOURNEY = Journey(
    commands=(
        Command(
            ("narasumber", "speakers"),
            on_speakers,
            N_("speakers: links with which they answer"),
            routing.MODERATORS,
        ),
    ),
    taps=(
        Tap("speakers", on_overview),
        Tap("speaker", on_speaker),
        Tap("speaker-link", on_link),
        Tap("speaker-end", on_end),
        Tap("speaker-ended", on_ended),
        *speaker_answers.TAPS,
    ),
)
