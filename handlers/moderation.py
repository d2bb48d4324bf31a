"""/moderasi: organisers and moderators decide on what was submitted."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from bot.domain import meetings, moderation
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.moderation import Case
from bot.domain.submissions import MODERATORS
from bot.i18n import N_, Translator, translator
from bot.storage import offices, submissions
from bot.storage.meetings import Meeting
from bot.storage.submissions import PUBLISHED, WAITING
from handlers.routing import Audience, Command, Journey, Tap
from handlers.submission_views import attachment_call, kind_name, outcome, quote
from handlers.taps import Button, number, tap
from handlers.turn import Turn

QUEUE = "q"
"""Marks the buttons of the queue, where a decision brings up the next submission."""


async def announce(turn: Turn, case: Case) -> None:
    """Show a submission that just arrived to everybody who decides on it."""
    sectors = {item.code: item.name for item in await offices.sectors(turn.tx, case.meeting.office_id)}
    for person in await moderation.moderators(turn.tx, case.meeting.office_id):
        t = translator(person.locale)
        if case.submission.attachment is not None:
            turn.calls.append(attachment_call(person.id, case.submission.attachment))
        turn.send(
            person.id,
            _described(t, case, t.gettext("📨 <b>A new submission</b>"), sectors),
            _choices(t, case),
        )


async def on_queue(turn: Turn) -> None:
    """/moderasi: the first submission that waits."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MODERATORS)
    await _show_next(turn, meeting)


async def on_queue_tap(turn: Turn) -> None:
    await _show_next(turn, await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MODERATORS))


async def on_publish(turn: Turn) -> None:
    """Give a submission its number and let everybody read it."""
    submission_id = number(turn.args[0])
    try:
        case = await moderation.publish(turn.tx, submission_id, turn.user.id, turn.now)
    except (AlreadyDecided, NotFound):
        await _show_settled(turn, submission_id)
        return
    await _tell_author(turn, case)
    turn.answer(turn.t.gettext("Published as number {number}.").format(number=case.submission.number))
    by = turn.t.gettext("✅ Published as number {number} by {name}.")
    await _show_decided(turn, case, by.format(number=case.submission.number, name=_tapper(turn)))


async def on_refuse(turn: Turn) -> None:
    """Leave a submission unpublished."""
    submission_id = number(turn.args[0])
    try:
        case = await moderation.refuse(turn.tx, submission_id, turn.user.id, turn.now)
    except (AlreadyDecided, NotFound):
        await _show_settled(turn, submission_id)
        return
    await _tell_author(turn, case)
    turn.answer(turn.t.gettext("It will not be published."))
    await _show_decided(turn, case, turn.t.gettext("🚫 Refused by {name}.").format(name=_tapper(turn)))


async def on_later(turn: Turn) -> None:
    """Leave a submission in the queue and look at the next one."""
    try:
        case = await moderation.case(turn.tx, number(turn.args[0]), turn.user.id)
    except NotFound:
        await _show_settled(turn, number(turn.args[0]))
        return
    following = await moderation.next_case(turn.tx, case.meeting, turn.user.id, after=case.submission)
    if following is None:
        turn.answer(turn.t.gettext("This was the last one; it stays in the queue."))
        return
    await _show(turn, following, replacing=True)


async def _show_next(turn: Turn, meeting: Meeting) -> None:
    case = await moderation.next_case(turn.tx, meeting, turn.user.id)
    if case is None:
        turn.reply(turn.t.gettext("✅ <b>Moderation</b>\n\nNothing waits for a decision."))
        return
    await _show(turn, case)


async def _show(turn: Turn, case: Case, *, replacing: bool = False) -> None:
    t = turn.t
    waiting = await submissions.count(turn.tx, case.meeting.id, WAITING)
    sectors = {item.code: item.name for item in await offices.sectors(turn.tx, case.meeting.office_id)}
    heading = t.ngettext(
        "🗂 <b>Moderation</b> · {count} submission waits",
        "🗂 <b>Moderation</b> · {count} submissions wait",
        waiting,
    ).format(count=waiting)
    text, buttons = _described(t, case, heading, sectors), _choices(t, case, QUEUE)
    buttons.append([tap(t.gettext("Later"), "later", case.submission.id)])
    if case.submission.attachment is not None:
        buttons.append([tap(t.gettext("📎 Attachment"), "attachment", case.submission.id)])
    if replacing:
        turn.edit(text, buttons)
    else:
        turn.reply(text, buttons)


async def _show_decided(turn: Turn, case: Case, decision: str) -> None:
    """Say under the tapped message what was decided, and go on with the queue where it came from there."""
    sectors = {item.code: item.name for item in await offices.sectors(turn.tx, case.meeting.office_id)}
    turn.edit(_described(turn.t, case, decision, sectors))
    if QUEUE in turn.args:
        await _show_next(turn, case.meeting)


async def _show_settled(turn: Turn, submission_id: int) -> None:
    """Answer a tap that came too late with how things stand now."""
    try:
        case = await moderation.case(turn.tx, submission_id, turn.user.id)
    except NotFound:
        turn.answer(turn.t.gettext("This submission was withdrawn by its author."))
        turn.edit(turn.t.gettext("↩️ This submission was withdrawn by its author."))
        return
    turn.answer(turn.t.gettext("Somebody decided this before you. Nothing was changed."))
    await _show_decided(turn, case, outcome(turn.t, case.submission))


async def _tell_author(turn: Turn, case: Case) -> None:
    author = await moderation.author_of(turn.tx, case)
    if author is None:
        return
    t = translator(author.locale)
    if case.submission.state == PUBLISHED:
        text = t.gettext("✅ <b>Your submission was published as number {number}.</b>").format(
            number=case.submission.number
        )
    else:
        text = t.gettext(
            "<b>Your submission was not published.</b>\n\nThe committee has read it. If you have questions, please ask"
            " them directly."
        )
    turn.send(author.id, f"{text}\n\n{quote(case.submission.text)}")


def _described(t: Translator, case: Case, heading: str, sectors: Mapping[str, Mapping[str, str]]) -> str:
    """A submission as moderators see it; HTML."""
    if case.author is None:
        author = t.gettext("anonymous")
    else:
        sector = t.pick(sectors.get(case.author.sector, {})) or case.author.sector
        author = escape(f"{case.author.name}, {case.author.institution} ({sector})")
    about = t.gettext("{kind} · {topic}\nFrom: {author}").format(
        kind=kind_name(t, case.submission.kind), topic=escape(t.pick(case.session.topic)), author=author
    )
    return f"{heading}\n\n{about}\n\n{quote(case.submission.text)}"


def _choices(t: Translator, case: Case, *marks: str) -> list[list[Button]]:
    return [
        [
            tap(t.gettext("✅ Publish"), "publish", case.submission.id, *marks),
            tap(t.gettext("🚫 Refuse"), "refuse", case.submission.id, *marks),
        ]
    ]


def _tapper(turn: Turn) -> str:
    return escape(turn.user.full_name)


JOURNEY = Journey(
    commands=(
        Command(
            ("moderasi", "moderation"),
            on_queue,
            N_("decide on submissions"),
            frozenset({Audience.ORGANISER}),
        ),
    ),
    taps=(
        Tap("publish", on_publish),
        Tap("refuse", on_refuse),
        Tap("later", on_later),
        Tap("queue", on_queue_tap),
    ),
)
