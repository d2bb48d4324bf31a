"""The buttons of forms. One that does not belong to the step that the person is at changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.forms import forms
from bot.domain.forms.questions import Chosen
from handlers.forms import form_views as views
from handlers.forms.form_state import Held, load, options_of, save
from handlers.forms.form_steps import (
    answer,
    answer_old_button,
    cancel,
    drop_buttons,
    finish,
    show,
    start,
    step,
)
from handlers.taps import BadTap, number
from handlers.turn import Turn


async def on_tap(turn: Turn) -> None:
    """A button of a form: what it means, if it belongs to the step that the person is at."""
    held = await load(turn)
    action, revision, *rest = [*turn.args, "", ""][: max(2, len(turn.args))]
    if held is None or not turn.is_private:
        turn.answer(turn.t.gettext("This form has ended; nothing was changed."))
        drop_buttons(turn)
        if turn.is_private:
            turn.reply(
                turn.t.gettext("This form has ended; nothing was changed. /help shows what you can do.")
            )
        return
    act = _ACTIONS.get(action)
    if act is None or _number(revision) != held.progress.revision:
        await answer_old_button(turn, held)
        return
    await act(turn, held, rest[0] if rest else "")


async def _on_option(turn: Turn, held: Held, part: str) -> None:
    question = held.form.question(held.progress.current)
    options = await options_of(turn, held, question)
    value = next((option.value for option in options if views.mark(option.value) == part), None)
    if value is None:
        await answer_old_button(turn, held)
        return
    await answer(turn, held, Chosen(value))


async def _on_skip(turn: Turn, held: Held, _: str) -> None:
    await step(turn, held, forms.skip(held.form, held.progress))


async def _on_keep(turn: Turn, held: Held, _: str) -> None:
    await step(turn, held, forms.keep(held.form, held.progress))


async def _on_back(turn: Turn, held: Held, _: str) -> None:
    await step(turn, held, forms.back(held.form, held.progress))


async def _on_change(turn: Turn, held: Held, part: str) -> None:
    position = _number(part)
    questions = held.form.questions
    key = questions[position].key if position is not None and position < len(questions) else ""
    await step(turn, held, forms.change(held.form, held.progress, key))


async def _on_cancel_tap(turn: Turn, held: Held, _: str) -> None:
    drop_buttons(turn)
    await cancel(turn, held)


async def _on_send(turn: Turn, held: Held, _: str) -> None:
    if not forms.is_complete(held.form, held.progress):
        await answer_old_button(turn, held)
        return
    drop_buttons(turn)
    await finish(turn, held)


async def _on_old_form(turn: Turn, held: Held, _: str) -> None:
    held.next = None
    await save(turn, held)
    drop_buttons(turn)
    await show(turn, held)


async def _on_new_form(turn: Turn, held: Held, _: str) -> None:
    if held.next is None:
        await answer_old_button(turn, held)
        return
    drop_buttons(turn)
    await start(turn, held.next.name, held.next.facts, held.next.answers)


_ACTIONS: dict[str, Callable[[Turn, Held, str], Awaitable[None]]] = {
    "o": _on_option,
    "s": _on_skip,
    "k": _on_keep,
    "b": _on_back,
    "c": _on_change,
    "x": _on_cancel_tap,
    "d": _on_send,
    "p": _on_old_form,
    "n": _on_new_form,
}


def _number(part: str) -> int | None:
    try:
        return number(part)
    except BadTap:
        return None
