"""/uji: participants answer the statements of the understanding check, and read the right answers afterwards."""

from __future__ import annotations

from bot.domain.errors import CheckClosed, NotAllowed, NotFound
from bot.domain.meeting import meetings
from bot.domain.polls import understanding
from bot.domain.polls.understanding import MAY_RUN, Sheet
from bot.i18n import N_
from bot.storage import checks
from bot.storage import meetings as stored_meetings
from bot.storage.checks import AFTER, BEFORE, CLOSED, Statement
from handlers.polls import check_views as views
from handlers.polls.checks import show
from handlers.routing import Command, Journey, Tap
from handlers.taps import BadTap, number, tap
from handlers.turn import Turn

_ROUNDS = {"1": BEFORE, "2": AFTER}


async def on_check(turn: Turn) -> None:
    """``/uji``: for participants the next statement, for those who run the check all of it."""
    try:
        meeting, _ = await meetings.of_staff(turn.tx, turn.person, *MAY_RUN)
    except NotAllowed:
        pass
    else:
        await show(turn, meeting, fresh=True)
        return
    meeting = await meetings.current(turn.tx, turn.person)
    stage = await checks.stage(turn.tx, meeting.id)
    if stage == CLOSED:
        turn.reply(
            turn.t.gettext("The understanding check is done. Here are the right answers."),
            [[tap(turn.t.gettext("Right answers"), "check-key", meeting.id, 0)]],
        )
        return
    try:
        sheet = await understanding.sheet(turn.tx, meeting.id, turn.user.id)
    except CheckClosed:
        turn.reply(
            turn.t.gettext(
                "🎯 No round of the understanding check is open now. You will get a message when one opens."
            )
        )
        return
    turn.reply(
        views.invitation(turn.t, sheet.round, len(sheet.statements)),
        [[tap(turn.t.gettext("Begin"), "check-begin", meeting.id)]],
    )


async def on_begin(turn: Turn) -> None:
    """The first statement without an answer."""
    sheet = await understanding.sheet(turn.tx, number(turn.args[0]), turn.user.id)
    _ask(turn, sheet, sheet.next)


async def on_at(turn: Turn) -> None:
    """A statement by its number, to look at the answer again."""
    sheet = await understanding.sheet(turn.tx, number(turn.args[0]), turn.user.id)
    place = number(turn.args[1])
    _ask(turn, sheet, next((item for item in sheet.statements if item.position == place), None))


async def on_answer(turn: Turn) -> None:
    """Take an answer and go on to the statement after it, or to the first that is still open."""
    round_ = _ROUNDS.get(turn.args[1])
    if round_ is None:
        raise BadTap(turn.args[1])
    sheet, given = await understanding.answer(
        turn.tx, number(turn.args[0]), round_, turn.user.id, turn.args[2]
    )
    after = next((item for item in sheet.statements if item.position > given.position), None)
    _ask(turn, sheet, after or sheet.next)


def _ask(turn: Turn, sheet: Sheet, item: Statement | None) -> None:
    if item is None:
        last = len(sheet.statements)
        turn.edit(
            views.finished(turn.t, sheet),
            [[tap(turn.t.gettext("Look at my answers again"), "check-at", sheet.meeting.id, last)]],
        )
        return
    turn.edit(views.statement(turn.t, sheet, item), views.answer_buttons(turn.t, sheet, item))


async def on_key(turn: Turn) -> None:
    """The right answers, once the second round is over."""
    meeting = await stored_meetings.find(turn.tx, number(turn.args[0]))
    if meeting is None or await checks.stage(turn.tx, meeting.id) != CLOSED:
        raise NotFound
    statements = await checks.of_meeting(turn.tx, meeting.id)
    page = number(turn.args[1])
    pages = -(-len(statements) // views.KEYS)
    if page >= pages:
        raise NotFound
    buttons = [
        tap(sign, "check-key", meeting.id, other, "turn")
        for sign, other in (("‹", page - 1), ("›", page + 1))
        if 0 <= other < pages
    ]
    text = views.key(turn.t, statements, page)
    if len(turn.args) > 2:  # a page is turned; the result that led here stays
        turn.edit(text, [buttons])
    else:
        turn.reply(text, [buttons])


JOURNEY = Journey(
    commands=(Command(("uji", "check"), on_check, N_("Understanding check on the rules")),),
    taps=(
        Tap("check-begin", on_begin),
        Tap("check-at", on_at),
        Tap("check-answer", on_answer),
        Tap("check-key", on_key),
    ),
)
