"""The steps of a form in a chat: an answer is taken or not, the next question shown, the end reached or refused."""

from __future__ import annotations

import secrets
from html import escape

from bot.delivery.outbox import Call
from bot.domain.errors import Refusal
from bot.domain.forms import forms, questions
from bot.domain.forms.forms import Progress
from bot.domain.forms.questions import Answers, Choice, Chosen, Contact, Facts, Given, Invalid, YesNo
from bot.storage import conversations
from handlers.forms import form_views as views
from handlers.forms.form_state import FormJourney, Held, Part, named, options_of, save
from handlers.refusals import sentence_for
from handlers.taps import Button
from handlers.turn import Turn

CUT_TEXT = 2000
"""From this length on, a text that was too long may be the first piece of one that the app has cut."""


async def answer(turn: Turn, held: Held, given: Given) -> None:
    """Take what the person sent, or say why not; both with the question that is to be answered now."""
    question = held.form.question(held.progress.current)
    options = await options_of(turn, held, question)
    if isinstance(given, questions.Typed) and isinstance(question, Choice | YesNo):
        value = questions.matching(given.text, views.labels(options))
        given = given if value is None else Chosen(value)
    outcome = forms.answer(held.form, held.progress, given, options)
    message = turn.update.message
    if message is not None and isinstance(outcome, Invalid):
        if outcome.reason == "too_long" and outcome.params["length"] >= CUT_TEXT:
            held.part = Part(None, message.message_id, int(message.date.timestamp()))
        await save(turn, held)
    if isinstance(outcome, forms.Declined):
        await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
        drop_buttons(turn)
        assert held.journey.declined is not None
        await held.journey.declined(turn, held.progress.facts)
        return
    await step(turn, held, outcome)


async def step(turn: Turn, held: Held, outcome: Progress | Invalid) -> None:
    """Go where a step leads, and turn the tapped prompt into what was answered."""
    if isinstance(outcome, Invalid):
        if turn.update.callback_query is not None:
            turn.answer(turn.t.gettext("Please look at the message below."))
            drop_buttons(turn)
        await show(turn, held, views.sentence(turn.t, outcome), again=True)
        return
    before, held.progress, held.next = held.progress, outcome, None
    if turn.update.callback_query is not None:
        await _close_prompt(turn, held, before)
    if outcome.current is None and not held.form.review and not before.reviewing:
        await finish(turn, held)
        return
    await save(turn, held)
    leaves_contact = isinstance(held.form.question(before.current), Contact)
    await show(turn, held, keyboard_shown=leaves_contact)


async def finish(turn: Turn, held: Held) -> None:
    """Hand the answers over; when they are refused, keep them and say why."""
    # A refusal must undo what was written on the way to it, while the draft and the answer to the person stay.
    await turn.tx.run("SAVEPOINT form_finish")
    said = len(turn.calls)
    try:
        await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
        answers = forms.given_answers(held.form, held.progress)
        await held.journey.finish(turn, answers, held.progress.facts)
    except Refusal as refusal:
        await turn.tx.run("ROLLBACK TO SAVEPOINT form_finish")
        del turn.calls[said:]
        await _explain_refusal(turn, held, refusal)
    await turn.tx.run("RELEASE SAVEPOINT form_finish")


async def _explain_refusal(turn: Turn, held: Held, refusal: Refusal) -> None:
    key = next((key for kind, key in held.journey.ask_again.items() if isinstance(refusal, kind)), None)
    again = forms.change(held.form, held.progress, key) if key is not None else None
    if isinstance(again, Progress):
        held.progress = again
    await save(turn, held)
    opening = turn.t.gettext(
        "{reason}\n\nWhat you entered is kept: change it, try again, or discard it with /cancel."
    )
    await show(turn, held, opening.format(reason=escape(sentence_for(refusal, turn.t), quote=False)))


async def show(
    turn: Turn, held: Held, opening: str = "", *, again: bool = False, keyboard_shown: bool = False
) -> None:
    """Send the current question, or the review; ``opening`` is HTML that goes before it.

    ``again``: the chat has the question already, so of a long one the first paragraph will do. ``keyboard_shown``:
    the question before had a keyboard, which is taken away.
    """
    t, form, progress, title = turn.t, held.form, held.progress, held.journey.words
    if keyboard_shown:
        turn.reply(t.gettext("Thank you, noted."), keyboard={"remove_keyboard": True})
    question = form.question(progress.current)
    if question is None:
        answered = []
        for asked in forms.applicable(form, progress):
            options = await options_of(turn, held, asked)
            answered.append((asked, views.shown(t, asked, progress.answers[asked.key], options)))
        first: list[list[Button]] = []
        if held.journey.before_sending is not None:
            said, first = await held.journey.before_sending(
                turn, forms.given_answers(form, progress), progress.facts
            )
            opening = "\n\n".join(part for part in (opening, said) if part)
        turn.reply(
            views.review(t, title, progress, answered, opening),
            [*first, *views.review_buttons(t, title, form, progress)],
        )
        return
    options = await options_of(turn, held, question)
    turn.reply(
        views.prompt(t, title, form, progress, options, opening, again=again),
        views.prompt_buttons(t, form, progress, options),
    )
    if isinstance(question, Contact):
        # A message has either inline buttons or a keyboard, so the contact's button comes with a second one.
        share = {"text": t.gettext("📱 Share my phone number"), "request_contact": True}
        turn.reply(
            t.gettext(
                "You can share the number of this Telegram account with the button below the text field."
            ),
            keyboard={"keyboard": [[share]], "resize_keyboard": True, "one_time_keyboard": True},
        )


async def _close_prompt(turn: Turn, held: Held, before: Progress) -> None:
    """Take the buttons from the tapped message; a question's also shows its answer from now on."""
    question = held.form.question(before.current)
    if question is None or question.key not in held.progress.answers:
        drop_buttons(turn)
        return
    options = await options_of(turn, held, question)
    answer = views.shown(turn.t, question, held.progress.answers[question.key], options)
    turn.edit(views.taken(turn.t, question, answer))


async def answer_old_button(turn: Turn, held: Held) -> None:
    """Say that a button belongs to an earlier step, and show the current one."""
    turn.answer(turn.t.gettext("That button is from an earlier step. The current one is below."))
    drop_buttons(turn)
    await show(turn, held)


async def cancel(turn: Turn, held: Held) -> None:
    """End the form without keeping anything of it."""
    await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
    text = turn.t.gettext(
        "Your {title} was cancelled and nothing of it was kept. To begin again, type {command}."
    ).format(title=title_of(turn, held.journey), command=turn.t.gettext(held.journey.words.again))
    keyboard = isinstance(held.form.question(held.progress.current), Contact)
    turn.reply(text, keyboard={"remove_keyboard": True} if keyboard else None)


async def start(turn: Turn, name: str, facts: Facts, answers: Answers | None) -> None:
    """Begin a form in the place of any that waits."""
    journey = named(name)
    progress = forms.start(journey.form_about(facts), facts, secrets.randbits(32), answers)
    held = Held(journey, progress)
    await save(turn, held)
    await show(turn, held)


def drop_buttons(turn: Turn) -> None:
    """Take the buttons from the tapped message and leave its text, which may be an answer that nobody may keep."""
    message_id = turn.tapped_message_id
    if message_id is not None:
        chat_id = turn.chat.id
        turn.calls.append(
            Call("editMessageReplyMarkup", chat_id, {"chat_id": chat_id, "message_id": message_id})
        )


def title_of(turn: Turn, journey: FormJourney) -> str:
    """What the form is called in the person's language; HTML."""
    return escape(turn.t.gettext(journey.words.title))
