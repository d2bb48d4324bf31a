"""Shows one submission to a moderator, and tells its author of what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.dialogue import moderation
from bot.domain.dialogue.moderation import Case
from bot.domain.errors import NotFound
from bot.i18n import Translator, translator
from bot.storage import offices
from handlers.dialogue import moderation_views as views
from handlers.dialogue.moderation_views import QUEUE, SEEN
from handlers.dialogue.submission_views import outcome
from handlers.taps import BadTap, Button, number, tap
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
    sectors = await sector_names(turn, case)
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


async def tapped_case(turn: Turn) -> Case | None:
    """The case of a tapped button; None, once it was said that there is none any more."""
    try:
        return await moderation.case(turn.tx, number(turn.args[0]), turn.user.id)
    except NotFound:
        await show_settled(turn, number(turn.args[0]))
        return None


def marks_of(turn: Turn) -> tuple[str, ...]:
    """What the buttons below a tapped one carry on."""
    return (QUEUE,) if QUEUE in turn.args[1:] else ()


async def on_case(turn: Turn) -> None:
    """One submission, in the place of the tapped message."""
    case = await tapped_case(turn)
    if case is not None:
        await show_case(turn, case, *marks_of(turn), replacing=True)


async def offer(turn: Turn, case: Case, heading: str, buttons: list[list[Button]]) -> None:
    """Choices about a submission (``heading`` is HTML), in the place of the tapped message."""
    turn.edit(views.described(turn.t, case, heading, await sector_names(turn, case)), buttons)


async def sector_names(turn: Turn, case: Case) -> dict[str, Mapping[str, str]]:
    """Code to names of the sectors that authors may be of."""
    return {item.code: item.name for item in await offices.sectors(turn.tx, case.meeting.office_id)}


def back(turn: Turn, case: Case) -> Button:
    """The button that leads back to the submission."""
    return tap(turn.t.gettext("‹ Back"), "moderate", case.submission.id, *marks_of(turn))


async def tell_author(turn: Turn, case: Case, words: Callable[[Translator, Case], str]) -> None:
    """Write to a named author who can be reached; nobody knows whom to write to about an anonymous submission."""
    author = await moderation.author_of(turn.tx, case)
    if author is not None:
        turn.send(author.id, words(translator(author.locale), case))
