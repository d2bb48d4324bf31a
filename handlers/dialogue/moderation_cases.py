"""Shows one submission to a moderator, and tells its author of what was decided."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.dialogue import moderation
from bot.domain.dialogue.moderation import Case
from bot.domain.errors import NotFound
from bot.i18n import Translator, translator
from bot.storage import offices
from handlers.dialogue import moderation_views as views
from handlers.dialogue.moderation_views import QUEUE, SEEN
from handlers.dialogue.submission_views import outcome
from handlers.taps import BadTap, number
from handlers.turn import Turn


def seen_in(part: str) -> str:
    """The state that stands in a button."""
    state = next((state for state, letter in SEEN.items() if letter == part), None)
    if state is None:
        raise BadTap(part)
    return state


async def show_case(
    turn: Turn, case: Case, *marks: str, replacing: bool, waiting: int | None = None, opening: str = ""
) -> None:
    """One submission with what can be done about it; ``opening`` (HTML) goes in the place of the heading."""
    t = turn.t
    sectors = {item.code: item.name for item in await offices.sectors(turn.tx, case.meeting.office_id)}
    heading = opening or t.gettext("🗂 <b>Moderation</b> · {outcome}").format(
        outcome=outcome(t, case.submission)
    )
    if waiting is not None:
        heading = t.ngettext(
            "🗂 <b>Moderation</b> · {count} submission waits",
            "🗂 <b>Moderation</b> · {count} submissions wait",
            waiting,
        ).format(count=waiting)
        if mode := views.mode(t, case):
            heading += f"\n<i>{mode}</i>"
    text, buttons = views.described(t, case, heading, sectors), views.choices(t, case, *marks)
    if replacing:
        turn.edit(text, buttons)
    else:
        turn.reply(text, buttons)


async def show_settled(turn: Turn, submission_id: int) -> None:
    """Answer a tap that came too late with how things stand now."""
    try:
        case = await moderation.case(turn.tx, submission_id, turn.user.id)
    except NotFound:
        turn.answer(turn.t.gettext("This submission was withdrawn by its author."))
        turn.edit(turn.t.gettext("↩️ This submission was withdrawn by its author."))
        return
    turn.answer(turn.t.gettext("Somebody decided this before you. Nothing was changed."))
    await show_case(turn, case, replacing=True)


async def on_case(turn: Turn) -> None:
    """One submission, in the place of the tapped message."""
    marks = (QUEUE,) if QUEUE in turn.args[1:] else ()
    try:
        case = await moderation.case(turn.tx, number(turn.args[0]), turn.user.id)
    except NotFound:
        await show_settled(turn, number(turn.args[0]))
        return
    await show_case(turn, case, *marks, replacing=True)


async def tell_author(turn: Turn, case: Case, words: Callable[[Translator, Case], str]) -> None:
    """Write to a named author who can be reached; nobody knows whom to write to about an anonymous submission."""
    author = await moderation.author_of(turn.tx, case)
    if author is not None:
        turn.send(author.id, words(translator(author.locale), case))
