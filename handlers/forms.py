"""Runs forms in private chats: asks, takes answers and taps, shows the review, sends.

A handler module declares a :class:`FormJourney`, registers it with :func:`register`, and starts it with :func:`begin`.
Where the person stands is a row of ``conversations``, written in the transaction that answers them, so a restart or
another replica goes on from there. A button carries the revision of the step that it was shown for; one of an earlier
step is answered with the current question and changes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from html import escape

from telegram import Message

from bot.delivery.outbox import Call
from bot.domain import forms, questions
from bot.domain.errors import Refusal
from bot.domain.forms import Progress
from bot.domain.questions import Answers, Choice, Chosen, Contact, Facts, Given, Invalid, YesNo
from bot.i18n import N_
from bot.storage import conversations
from bot.storage.values import from_json, to_json
from handlers import form_views as views
from handlers.form_state import FormJourney, Held, Next, Part, load, named, register, save
from handlers.form_views import KIND, FormWords
from handlers.refusals import sentence_for
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import BadTap, link, number, tap
from handlers.turn import Turn

__all__ = [
    "JOURNEY",
    "FormJourney",
    "FormWords",
    "begin",
    "on_cancel",
    "on_tap",
    "register",
    "remind",
    "resume",
    "take",
]


CUT_TEXT = 2000
"""From this length on, a text that was too long may be the first piece of one that the app has cut."""

CUT_SECONDS = 2
"""How soon the other pieces follow."""


async def begin(turn: Turn, name: str, facts: Facts, answers: Answers | None = None) -> None:
    """Start a form, with ``answers`` filled in before (all of them: at the review).

    The same form about the same thing (the facts that are numbers and flags), begun again, goes on where it is. When
    another one holds answers, the person is asked which of the two to go on with.
    """
    if not turn.is_private:
        _lead_to_private(turn)
        return
    held = await load(turn)
    facts = from_json(to_json(dict(facts)))
    if held is not None and held.progress.answers:
        if held.form.name == name and _subject(held.progress.facts) == _subject(facts):
            # Texts among the facts may have been edited meanwhile, or be in another language.
            held.progress = replace(held.progress, facts=facts)
            await save(turn, held)
            await _show(turn, held)
            return
        held.next = Next(name, facts, answers)
        await save(turn, held)
        _ask_which(turn, held, named(name))
        return
    await _start(turn, name, facts, answers)


async def resume(turn: Turn) -> bool:
    """Ask the current question again; False when no form is active."""
    held = await load(turn)
    if held is not None:
        await _show(turn, held)
    return held is not None


async def remind(turn: Turn) -> None:
    """After something else was answered: say that a form still waits. Silent when none does, or when it just spoke."""
    if not turn.is_private or any(_is_of_a_form(call) for call in turn.calls):
        return
    held = await load(turn)
    if held is not None:
        opening = turn.t.gettext("⏳ Your {title} still waits; nothing that you entered is lost.")
        await _show(turn, held, opening.format(title=_title(turn, held.journey)))


async def take(turn: Turn) -> bool:
    """Take a message as an answer; False when no form is active here, so that somebody else answers it."""
    message = turn.update.message
    held = await load(turn) if turn.is_private and message is not None else None
    if held is None or message is None:
        return False
    if message.text is not None and message.text.startswith("/"):
        opening = turn.t.gettext("I do not know that command; /bantuan lists those that I know.")
        await _show(turn, held, opening)
        return True
    if _continues(held.part, message):
        await _pass_over(turn, held, message)
        return True
    held.part = Part(album=message.media_group_id) if message.media_group_id else None
    await _answer(turn, held, _given(message))
    return True


async def on_cancel(turn: Turn) -> None:
    """``/batal``"""
    held = await load(turn)
    if held is None:
        await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
        turn.reply(
            turn.t.gettext("There is nothing to cancel: no form is open. /bantuan shows what you can do.")
        )
        return
    await _cancel(turn, held)


async def on_tap(turn: Turn) -> None:
    """A button of a form: what it means, if it belongs to the step that the person is at."""
    held = await load(turn)
    action, revision, *rest = [*turn.args, "", ""][: max(2, len(turn.args))]
    if held is None or not turn.is_private:
        turn.answer(turn.t.gettext("This form has ended; nothing was changed."))
        _drop_buttons(turn)
        if turn.is_private:
            turn.reply(
                turn.t.gettext("This form has ended; nothing was changed. /bantuan shows what you can do.")
            )
        return
    act = _ACTIONS.get(action)
    if act is None or _number(revision) != held.progress.revision:
        await _answer_old_button(turn, held)
        return
    await act(turn, held, rest[0] if rest else "")


async def _on_option(turn: Turn, held: Held, part: str) -> None:
    question = held.form.question(held.progress.current)
    options = await forms.offered(turn.tx, held.form, held.progress, question) if question else ()
    value = next((option.value for option in options if views.mark(option.value) == part), None)
    if value is None:
        await _answer_old_button(turn, held)
        return
    await _answer(turn, held, Chosen(value))


async def _on_skip(turn: Turn, held: Held, _: str) -> None:
    await _step(turn, held, forms.skip(held.form, held.progress))


async def _on_keep(turn: Turn, held: Held, _: str) -> None:
    await _step(turn, held, forms.keep(held.form, held.progress))


async def _on_back(turn: Turn, held: Held, _: str) -> None:
    await _step(turn, held, forms.back(held.form, held.progress))


async def _on_change(turn: Turn, held: Held, part: str) -> None:
    position = _number(part)
    questions = held.form.questions
    key = questions[position].key if position is not None and position < len(questions) else ""
    await _step(turn, held, forms.change(held.form, held.progress, key))


async def _on_cancel_tap(turn: Turn, held: Held, _: str) -> None:
    _drop_buttons(turn)
    await _cancel(turn, held)


async def _on_send(turn: Turn, held: Held, _: str) -> None:
    if not forms.is_complete(held.form, held.progress):
        await _answer_old_button(turn, held)
        return
    _drop_buttons(turn)
    await _finish(turn, held)


async def _on_old_form(turn: Turn, held: Held, _: str) -> None:
    held.next = None
    await save(turn, held)
    _drop_buttons(turn)
    await _show(turn, held)


async def _on_new_form(turn: Turn, held: Held, _: str) -> None:
    if held.next is None:
        await _answer_old_button(turn, held)
        return
    _drop_buttons(turn)
    await _start(turn, held.next.name, held.next.facts, held.next.answers)


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


async def _answer(turn: Turn, held: Held, given: Given) -> None:
    question = held.form.question(held.progress.current)
    options = await forms.offered(turn.tx, held.form, held.progress, question) if question else ()
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
        _drop_buttons(turn)
        assert held.journey.declined is not None
        await held.journey.declined(turn, held.progress.facts)
        return
    await _step(turn, held, outcome)


def _continues(part: Part | None, message: Message) -> bool:
    """Whether a message is the rest of what an earlier one was a part of.

    Pieces of a text come with successive numbers, before the bot has answered; who has read the answer writes later.
    """
    if part is None:
        return False
    if part.album is not None:
        return message.media_group_id == part.album
    follows = message.message_id == part.message_id + 1
    return message.text is not None and follows and message.date.timestamp() - part.sent_at <= CUT_SECONDS


async def _pass_over(turn: Turn, held: Held, message: Message) -> None:
    """Do not take the rest of a message as the answer to the question; say so once."""
    assert held.part is not None
    part = Part(held.part.album, message.message_id, int(message.date.timestamp()), told=True)
    if not held.part.told:
        if part.album is not None:
            turn.reply(turn.t.gettext("Of files that are sent together only the first is taken."))
        else:
            opening = turn.t.gettext("That was the rest of your long message; none of it was taken.")
            await _show(turn, held, opening)
    held.part = part
    await save(turn, held)


async def _step(turn: Turn, held: Held, outcome: Progress | Invalid) -> None:
    """Go where a step leads, and turn the tapped prompt into what was answered."""
    if isinstance(outcome, Invalid):
        if turn.update.callback_query is not None:
            turn.answer(turn.t.gettext("Please look at the message below."))
            _drop_buttons(turn)
        await _show(turn, held, views.sentence(turn.t, outcome))
        return
    before, held.progress, held.next = held.progress, outcome, None
    if turn.update.callback_query is not None:
        await _close_prompt(turn, held, before)
    if outcome.current is None and not held.form.review and not before.reviewing:
        await _finish(turn, held)
        return
    await save(turn, held)
    leaves_contact = isinstance(held.form.question(before.current), Contact)
    await _show(turn, held, keyboard_shown=leaves_contact)


async def _finish(turn: Turn, held: Held) -> None:
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
        "{reason}\n\nWhat you entered is kept: change it, try again, or discard it with /batal."
    )
    await _show(turn, held, opening.format(reason=escape(sentence_for(refusal, turn.t), quote=False)))


async def _show(turn: Turn, held: Held, opening: str = "", *, keyboard_shown: bool = False) -> None:
    """Send the current question, or the review."""
    t, form, progress, title = turn.t, held.form, held.progress, held.journey.words
    if keyboard_shown:
        turn.reply(t.gettext("Thank you, noted."), keyboard={"remove_keyboard": True})
    question = form.question(progress.current)
    if question is None:
        answered = []
        for asked in forms.applicable(form, progress):
            options = await forms.offered(turn.tx, form, progress, asked)
            answered.append((asked, views.shown(t, asked, progress.answers[asked.key], options)))
        turn.reply(
            views.review(t, title, progress, answered, opening),
            views.review_buttons(t, title, form, progress),
        )
        return
    options = await forms.offered(turn.tx, form, progress, question)
    turn.reply(
        views.prompt(t, title, form, progress, options, opening),
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
        _drop_buttons(turn)
        return
    options = await forms.offered(turn.tx, held.form, held.progress, question)
    answer = views.shown(turn.t, question, held.progress.answers[question.key], options)
    turn.edit(views.taken(turn.t, question, answer))


async def _answer_old_button(turn: Turn, held: Held) -> None:
    turn.answer(turn.t.gettext("That button is from an earlier step. The current one is below."))
    _drop_buttons(turn)
    await _show(turn, held)


async def _cancel(turn: Turn, held: Held) -> None:
    await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
    text = turn.t.gettext(
        "Your {title} was cancelled and nothing of it was kept. To begin again, type {command}."
    ).format(title=_title(turn, held.journey), command=held.journey.words.again)
    keyboard = isinstance(held.form.question(held.progress.current), Contact)
    turn.reply(text, keyboard={"remove_keyboard": True} if keyboard else None)


async def _start(turn: Turn, name: str, facts: Facts, answers: Answers | None) -> None:
    journey = named(name)
    progress = forms.start(journey.form, facts, secrets.randbits(32), answers)
    held = Held(journey, progress)
    await save(turn, held)
    await _show(turn, held)


def _ask_which(turn: Turn, held: Held, new: FormJourney) -> None:
    t, revision = turn.t, held.progress.revision
    old_title, new_title = f"<b>{_title(turn, held.journey)}</b>", f"<b>{_title(turn, new)}</b>"
    if new is held.journey:
        text = t.gettext(
            "You have begun a {title} for something else and not finished it. Go on with that one, or begin anew? If"
            " you begin anew, what you entered there is discarded."
        ).format(title=old_title)
        labels = t.gettext("Go on with that one"), t.gettext("Begin anew")
    else:
        text = t.gettext(
            "Your {old} is not finished yet. Go on with it, or begin {new}? If you begin {new}, what you entered for"
            " {old} is discarded."
        ).format(old=old_title, new=new_title)
        labels = (
            t.gettext("Go on: {title}").format(title=t.gettext(held.journey.words.title)),
            t.gettext("Begin: {title}").format(title=t.gettext(new.words.title)),
        )
    turn.reply(text, [[tap(labels[0], KIND, "p", revision)], [tap(labels[1], KIND, "n", revision)]])


def _given(message: Message) -> Given:
    if message.text is not None:
        return questions.Typed(message.text)
    if message.contact is not None:
        return questions.SharedContact(message.contact.phone_number)
    if message.photo:
        photo = message.photo[-1]
        return questions.Upload("photo", photo.file_id, "", photo.file_size)
    if message.document is not None:
        document = message.document
        return questions.Upload("document", document.file_id, document.file_name or "", document.file_size)
    return questions.Unusable()


def _drop_buttons(turn: Turn) -> None:
    """Take the buttons from the tapped message and leave its text, which may be an answer that nobody may keep."""
    message_id = turn.tapped_message_id
    if message_id is not None:
        chat_id = turn.chat.id
        turn.calls.append(
            Call("editMessageReplyMarkup", chat_id, {"chat_id": chat_id, "message_id": message_id})
        )


def _subject(facts: Facts) -> dict[str, int]:
    return {name: value for name, value in facts.items() if isinstance(value, int)}


def _is_of_a_form(call: Call) -> bool:
    rows = (call.payload.get("reply_markup") or {}).get("inline_keyboard", ())
    return any((button.get("callback_data") or "").startswith(f"{KIND}:") for row in rows for button in row)


def _title(turn: Turn, journey: FormJourney) -> str:
    return escape(turn.t.gettext(journey.words.title))


def _number(part: str) -> int | None:
    try:
        return number(part)
    except BadTap:
        return None


def _lead_to_private(turn: Turn) -> None:
    turn.reply(
        turn.t.gettext("Let us do this in private, where only you and I can read along."),
        [[link(turn.t.gettext("Open the private chat"), f"https://t.me/{turn.bot_username}")]],
    )


JOURNEY = Journey(
    commands=(
        Command(
            ("batal", "cancel"),
            on_cancel,
            N_("Cancel what you are filling in"),
            frozenset({Audience.EVERYONE}),
        ),
    ),
    taps=(Tap(KIND, on_tap),),
)
