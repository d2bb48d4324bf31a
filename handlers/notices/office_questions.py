"""Answers to notices are questions to the office: they arrive, one organiser answers in writing, the asker is told."""

from __future__ import annotations

from typing import Any

from telegram import Message

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound, TakenByAnother
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Text
from bot.domain.language.texts import clean_lines, clip, is_blank
from bot.domain.meeting import meetings
from bot.domain.notices import office_questions as questions
from bot.domain.notices.office_questions import ANSWER, TEXT
from bot.i18n import N_, Translator, translator
from bot.storage import broadcasts, groups, offices, participants, people
from bot.storage import office_questions as stored
from bot.storage.broadcasts import Broadcast
from bot.storage.office_questions import Question
from bot.storage.offices import Office
from handlers.forms import forms
from handlers.notices import office_question_views as views
from handlers.notices import sent_views
from handlers.routing import ORGANISERS, Command, Journey, Tap
from handlers.taps import BadTap, number, parse
from handlers.turn import Turn

ANSWER_FORM, MORE_FORM = "office-answer", "office-question"


async def take(turn: Turn) -> bool:
    """Take a message that answers to a notice, or to an answer of the office, as a question; False for any other."""
    message = turn.update.message
    replied = None if message is None else message.reply_to_message
    if message is None or replied is None:
        return False
    broadcast = await _about(turn, replied)
    if broadcast is None:
        return False
    text = clean_lines(message.text or message.caption or "")
    if is_blank(text):
        if turn.is_private:
            turn.reply(turn.t.gettext("Please write your question as text; I cannot pass on anything else."))
        return True
    if questions.is_acknowledgement(text):
        if turn.is_private:
            turn.reply(views.thanks(turn.t))
        return True
    await _ask(turn, broadcast, message, text)
    return True


async def _about(turn: Turn, replied: Message) -> Broadcast | None:
    """The notice that a message of the bot's is or was about."""
    is_ours = replied.from_user is not None and replied.from_user.username == turn.bot_username
    words = (replied.text or replied.caption or "") if is_ours else ""
    broadcast = await questions.notice_of(turn.tx, turn.chat.id, replied.message_id, words)
    if broadcast is not None or replied.reply_markup is None or not turn.is_private:
        return broadcast
    # An answer of the office: what it was about stands in the button below it.
    for row in replied.reply_markup.inline_keyboard:
        for button in row:
            data = button.callback_data
            kind, parts = parse(data) if isinstance(data, str) else ("", ())
            if kind == views.MORE:
                return await _asked_before(turn, number(parts[0]))
    return None


async def _asked_before(turn: Turn, question_id: int) -> Broadcast | None:
    """The notice of an earlier question of this person."""
    question = await stored.find(turn.tx, question_id)
    if question is None or question.person_id != turn.user.id or question.broadcast_id is None:
        return None
    return await broadcasts.find(turn.tx, question.broadcast_id)


async def _ask(turn: Turn, broadcast: Broadcast, message: Message, text: str) -> None:
    question = await questions.ask(
        turn.tx,
        broadcast,
        person_id=turn.user.id,
        chat_id=turn.chat.id,
        thread_id=message.message_thread_id if message.is_topic_message else None,
        message_id=message.message_id,
        text=clip(text, TEXT),
        now=turn.now,
    )
    if question is None:
        return
    turn.reply(views.received(turn.t) if turn.is_private else views.received_in_group(turn.t))
    who = await _who(turn, question)
    for person_id, role in await offices.members_of(turn.tx, question.office_id):
        person = await people.find(turn.tx, person_id) if role == roles.ORGANISER else None
        if person is not None and person.reach == people.REACHABLE:
            t = translator(person.locale)
            turn.send(person_id, *views.told(t, question, who, await _notice(turn, t, question)))


async def _who(turn: Turn, question: Question) -> str:
    """Who asked, as the meeting's list has them, and in which group."""
    parts = []
    if question.person_id is not None:
        listed = await participants.of_person(turn.tx, question.meeting_id, question.person_id)
        if listed is not None:
            parts.append(clip(f"{listed.name}, {listed.institution}", 150))
    if question.chat_id is not None and question.chat_id < 0:
        group = await groups.find(turn.tx, question.chat_id)
        parts.append(clip(group.title if group is not None else "", 60))
    return " · ".join(filter(None, parts)) or turn.t.gettext("somebody who is not on the list")


async def _notice(turn: Turn, t: Translator, question: Question) -> str:
    found = None if question.broadcast_id is None else await broadcasts.find(turn.tx, question.broadcast_id)
    return "–" if found is None else sent_views.title(t, found)


async def on_questions(turn: Turn) -> None:
    """/pertanyaan"""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    turn.reply(*await _list(turn, await _office(turn, meeting.office_id), 0, is_open=True))


async def on_list(turn: Turn) -> None:
    office_id, which, page = number(turn.args[0]), turn.args[1], number(turn.args[2])
    if which not in ("o", "d"):
        raise BadTap(which)
    await roles.require(turn.tx, office_id, turn.user.id, roles.ORGANISER)
    turn.edit(*await _list(turn, await _office(turn, office_id), page, is_open=which == "o"))


async def _office(turn: Turn, office_id: int) -> Office:
    office = await offices.find(turn.tx, office_id)
    if office is None:
        raise NotFound
    return office


async def _list(turn: Turn, office: Office, page: int, *, is_open: bool) -> tuple[str, Any]:
    found = await stored.of_office(
        turn.tx, office.id, is_open=is_open, limit=sent_views.PAGE, skip=page * sent_views.PAGE
    )
    counts = (
        await stored.count(turn.tx, office.id, is_open=True),
        await stored.count(turn.tx, office.id, is_open=False),
    )
    named = [(item, await _who(turn, item)) for item in found]
    return views.listed(turn.t, named, office.id, page, counts, office.timezone, is_open=is_open)


async def on_question(turn: Turn) -> None:
    await _show(turn, await questions.for_organiser(turn.tx, number(turn.args[0]), turn.user.id))


async def _show(turn: Turn, question: Question) -> None:
    office = await _office(turn, question.office_id)
    notice = await _notice(turn, turn.t, question)
    who = await _who(turn, question)
    turn.edit(*views.card(turn.t, question, who, notice, office.timezone, turn.user.id))


async def on_take(turn: Turn) -> None:
    """Take the question on and write the answer."""
    await _take(turn, take_over=False)


async def on_take_over(turn: Turn) -> None:
    await _take(turn, take_over=True)


async def _take(turn: Turn, *, take_over: bool) -> None:
    question_id = number(turn.args[0])
    try:
        question = await questions.take(turn.tx, question_id, turn.user.id, turn.now, take_over=take_over)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("This question is decided already."))
        await on_question(turn)
        return
    except TakenByAnother:
        turn.answer(turn.t.gettext("Another organiser is answering this question."))
        await on_question(turn)
        return
    await forms.begin(turn, ANSWER_FORM, {"question": question.id, "asked": clip(question.text, 600)})


async def on_leave(turn: Turn) -> None:
    question_id = number(turn.args[0])
    await questions.leave(turn.tx, question_id, turn.user.id)
    turn.answer(turn.t.gettext("The others can answer it now."))
    await on_question(turn)


async def on_close(turn: Turn) -> None:
    """Close it without an answer, and tell who asked."""
    question = await questions.close(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    office = await _office(turn, question.office_id)
    turn.answer(turn.t.gettext("Closed."))
    await _tell(turn, question, lambda t: views.closed(t, question, office.contact))
    await _show(turn, question)


async def _finish_answer(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    question = await questions.answer(
        turn.tx, facts["question"], turn.user.id, clean_lines(answers["answer"]), turn.now
    )
    office = await _office(turn, question.office_id)
    answer = question.answer or ""
    is_told = await _tell(turn, question, lambda t: views.answered(t, question, answer, office.name))
    turn.reply(
        turn.t.gettext("✅ Your answer is on its way. /questions shows what else waits.")
        if is_told
        else turn.t.gettext(
            "✅ Your answer is kept, but who asked cannot be reached any more. /questions shows what else waits."
        )
    )


async def _tell(turn: Turn, question: Question, text: Any) -> bool:
    """Write to who asked, in answer to their message; False when nobody can be reached."""
    if question.chat_id is None:
        return False
    extra: dict[str, Any] = {}
    if question.message_id is not None:
        extra["reply_parameters"] = {
            "message_id": question.message_id,
            "allow_sending_without_reply": True,
        }
    if question.chat_id < 0:
        group = await groups.find(turn.tx, question.chat_id)
        if group is None or group.reach != groups.REACHABLE:
            return False
        if question.thread_id is not None:
            extra["message_thread_id"] = question.thread_id
        office = await _office(turn, question.office_id)
        turn.send(question.chat_id, text(translator(group.locale or office.locale)), extra=extra)
        return True
    person = await people.find(turn.tx, question.chat_id)
    if person is None or person.reach != people.REACHABLE:
        return False
    t = translator(person.locale)
    turn.send(question.chat_id, text(t), views.more_button(t, question), extra=extra)
    return True


async def on_more(turn: Turn) -> None:
    """Ask on after an answer."""
    if await _asked_before(turn, number(turn.args[0])) is None:
        raise NotFound
    await forms.begin(turn, MORE_FORM, {"question": number(turn.args[0])})


async def _finish_more(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    broadcast = await _asked_before(turn, facts["question"])
    message = turn.update.message
    if broadcast is None or message is None:
        raise NotFound
    await _ask(turn, broadcast, message, clean_lines(answers["text"]))


forms.register(
    forms.FormJourney(
        form=Form(
            ANSWER_FORM,
            1,
            (
                Text(
                    key="answer",
                    prompt=N_("What do you answer?\n<blockquote>{asked}</blockquote>"),
                    hint=N_("It is sent as you write it, in the name of the office. /cancel stops."),
                    label=N_("Answer"),
                    max_length=ANSWER,
                    multiline=True,
                ),
            ),
            review=False,
        ),
        words=forms.FormWords(title=N_("answer to a question"), again=N_("/questions")),
        finish=_finish_answer,
    )
)
forms.register(
    forms.FormJourney(
        form=Form(
            MORE_FORM,
            1,
            (
                Text(
                    key="text",
                    prompt=N_("What else do you want to ask the office?"),
                    label=N_("Question"),
                    max_length=TEXT,
                    multiline=True,
                ),
            ),
            review=False,
        ),
        words=forms.FormWords(title=N_("question to the office"), again=N_("/help")),
        finish=_finish_more,
    )
)

JOURNEY = Journey(
    commands=(
        Command(
            ("pertanyaan", "questions"),
            on_questions,
            N_("Questions to the office that wait for an answer"),
            ORGANISERS,
        ),
    ),
    taps=(
        Tap("questions", on_list),
        Tap("question", on_question),
        Tap("question-take", on_take),
        Tap("question-over", on_take_over),
        Tap("question-leave", on_leave),
        Tap("question-close", on_close),
        Tap(views.MORE, on_more),
    ),
)
