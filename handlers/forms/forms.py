"""Runs forms in private chats: asks, takes answers and taps, shows the review, sends.

A handler module declares a :class:`FormJourney`, registers it with :func:`register`, and starts it with :func:`begin`.
Where the person stands is a row of ``conversations``, written in the transaction that answers them, so a restart or
another replica goes on from there. A button carries the revision of the step that it was shown for; one of an earlier
step is answered with the current question and changes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from telegram import Message

from bot.delivery.outbox import Call
from bot.domain.forms import questions
from bot.domain.forms.questions import Answers, Facts, Given
from bot.i18n import N_
from bot.storage import conversations
from bot.storage.values import from_json, to_json
from handlers import private_chat
from handlers.forms.form_state import FormJourney, Held, Next, Part, load, named, register, save
from handlers.forms.form_steps import answer, cancel, show, start, title_of
from handlers.forms.form_taps import on_tap
from handlers.forms.form_views import KIND, FormWords
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import tap
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


CUT_SECONDS = 2
"""How soon the other pieces follow."""


async def begin(turn: Turn, name: str, facts: Facts, answers: Answers | None = None) -> None:
    """Start a form, with ``answers`` filled in before (all of them: at the review).

    The same form about the same thing (the facts that are numbers and flags), begun again, goes on where it is. When
    another one holds answers, the person is asked which of the two to go on with.
    """
    if not turn.is_private:
        private_chat.lead(turn)
        return
    held = await load(turn)
    facts = from_json(to_json(dict(facts)))
    if held is not None and held.progress.answers:
        if held.form.name == name and _subject(held.progress.facts) == _subject(facts):
            # Texts among the facts may have been edited meanwhile, or be in another language.
            held.progress = replace(held.progress, facts=facts)
            await save(turn, held)
            await show(turn, held)
            return
        held.next = Next(name, facts, answers)
        await save(turn, held)
        _ask_which(turn, held, named(name))
        return
    await start(turn, name, facts, answers)


async def resume(turn: Turn) -> bool:
    """Ask the current question again; False when no form is active."""
    held = await load(turn)
    if held is not None:
        await show(turn, held)
    return held is not None


async def remind(turn: Turn) -> None:
    """After something else was answered: say that a form still waits. Silent when none does, or when it just spoke."""
    if not turn.is_private or any(_is_of_a_form(call) for call in turn.calls):
        return
    held = await load(turn)
    if held is not None:
        opening = turn.t.gettext("⏳ Your {title} still waits; nothing that you entered is lost.")
        await show(turn, held, opening.format(title=title_of(turn, held.journey)), again=True)


async def take(turn: Turn) -> bool:
    """Take a message as an answer; False when no form is active here, so that somebody else answers it."""
    message = turn.update.message
    held = await load(turn) if turn.is_private and message is not None else None
    if held is None or message is None:
        return False
    if message.text is not None and message.text.startswith("/"):
        opening = turn.t.gettext("I do not know that command; /help lists those that I know.")
        await show(turn, held, opening, again=True)
        return True
    if _continues(held.part, message):
        await _pass_over(turn, held, message)
        return True
    held.part = Part(album=message.media_group_id) if message.media_group_id else None
    await answer(turn, held, _given(message))
    return True


async def on_cancel(turn: Turn) -> None:
    """``/batal``"""
    held = await load(turn)
    if held is None:
        await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
        turn.reply(
            turn.t.gettext("There is nothing to cancel: no form is open. /help shows what you can do.")
        )
        return
    await cancel(turn, held)


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
            await show(turn, held, opening, again=True)
    held.part = part
    await save(turn, held)


def _ask_which(turn: Turn, held: Held, new: FormJourney) -> None:
    t, revision = turn.t, held.progress.revision
    old_title, new_title = f"<b>{title_of(turn, held.journey)}</b>", f"<b>{title_of(turn, new)}</b>"
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
    if message.location is not None:
        return questions.SharedPlace(message.location.latitude, message.location.longitude)
    if message.photo:
        photo = message.photo[-1]
        return questions.Upload("photo", photo.file_id, "", photo.file_size)
    if message.document is not None:
        document = message.document
        return questions.Upload("document", document.file_id, document.file_name or "", document.file_size)
    return questions.Unusable()


def _subject(facts: Facts) -> dict[str, int]:
    return {name: value for name, value in facts.items() if isinstance(value, int)}


def _is_of_a_form(call: Call) -> bool:
    rows = (call.payload.get("reply_markup") or {}).get("inline_keyboard", ())
    return any((button.get("callback_data") or "").startswith(f"{KIND}:") for row in rows for button in row)


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
