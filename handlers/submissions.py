"""/masukan: participants write to an open session, and look after what they sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bot.domain import meetings, sessions, submissions
from bot.domain.errors import ClosedWhileWriting, NotRegistered, SessionClosed
from bot.domain.forms import Form
from bot.domain.moderation import Case
from bot.domain.questions import Answers, Attachment, Choice, Context, Facts, Invalid, Option, Text, YesNo
from bot.domain.submissions import Draft
from bot.domain.texts import has_letter
from bot.i18n import N_
from bot.storage import conversations, participants
from bot.storage import meetings as stored_meetings
from bot.storage import sessions as stored_sessions
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED
from bot.storage.sessions import ALLOWED, FORCED, OPEN, Session
from bot.storage.submissions import Attachment as StoredAttachment
from handlers import form_state, forms, moderation, published, receipts
from handlers.form_views import FormWords
from handlers.routing import Command, Journey, Tap
from handlers.submission_views import KIND_NAMES
from handlers.taps import Button, number, tap
from handlers.turn import Turn

FORM = "submission"


async def on_feedback(turn: Turn) -> None:
    """/masukan: into the form, or, with a receipt, to what became of an anonymous submission."""
    if turn.args:
        await receipts.show(turn, " ".join(turn.args))
        return
    meeting = await meetings.current(turn.tx, turn.person)
    participant = await participants.of_person(turn.tx, meeting.id, turn.user.id)
    if participant is None or participant.state != REGISTERED:
        raise NotRegistered
    taking = await sessions.taking(turn.tx, meeting)
    if len(taking) == 1:
        await _begin(turn, taking[0])
    elif taking:
        turn.reply(
            turn.t.gettext("💬 <b>Give feedback</b>\n\nSeveral sessions are open. Which topic is it about?"),
            [[tap(turn.t.pick(session.topic), "feedback", session.id)] for session in taking],
        )
    else:
        turn.reply(await _nothing_open(turn, meeting), [published.button(turn.t, meeting.id)])


async def on_feedback_tap(turn: Turn) -> None:
    """The button of an invitation or of the list of topics."""
    try:
        where = await submissions.place(turn.tx, number(turn.args[0]), turn.user.id)
    except SessionClosed:
        session = await stored_sessions.find(turn.tx, number(turn.args[0]))
        meeting = None if session is None else await stored_meetings.find(turn.tx, session.meeting_id)
        assert meeting is not None
        turn.answer(turn.t.gettext("This session is closed."))
        turn.reply(await _nothing_open(turn, meeting), [published.button(turn.t, meeting.id)])
        return
    await _begin(turn, where.session)


async def _nothing_open(turn: Turn, meeting: Meeting) -> str:
    planned = await sessions.next_planned(turn.tx, meeting, turn.now)
    if planned is None:
        return turn.t.gettext(
            "💬 <b>Feedback</b>\n\nNo dialogue session is open at the moment. You will get a message when one opens."
        )
    session, starts_at = planned
    topic = escape(turn.t.pick(session.topic))
    if starts_at is None:
        return turn.t.gettext(
            "💬 <b>Feedback</b>\n\nNo dialogue session is open at the moment. The next one is <b>{topic}</b>. You will"
            " get a message when it opens."
        ).format(topic=topic)
    return turn.t.gettext(
        "💬 <b>Feedback</b>\n\nNo dialogue session is open at the moment. The next one is <b>{topic}</b>, planned for"
        " {moment}. You will get a message when it opens."
    ).format(topic=topic, moment=turn.t.moment(starts_at, meeting.timezone))


async def _begin(turn: Turn, session: Session) -> None:
    if await submissions.left_for(turn.tx, session, turn.user.id, _secret(turn)) == 0:
        text = turn.t.ngettext(
            "You have sent {count} submission to this session, as many as it takes from one person. Thank you.",
            "You have sent {count} submissions to this session, as many as it takes from one person. Thank you.",
            session.limit_per_person,
        )
        turn.reply(
            text.format(count=session.limit_per_person), [published.button(turn.t, session.meeting_id)]
        )
        return
    facts = _facts(session)
    held = await form_state.load(turn)
    answers = None
    if held is not None and held.form.name == FORM and held.progress.facts != facts:
        meant = held.progress.facts["session"]
        before = await stored_sessions.find(turn.tx, meant)
        if meant == session.id or before is None or before.state != OPEN:
            # What was written for a session that no longer takes it is worth more than a fresh start.
            await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
            answers = _carried(held.progress.answers, session)
            turn.reply(
                turn.t.gettext(
                    "What you wrote before was carried over to this session. Please check it once more."
                )
            )
    if session.anonymity != ALLOWED:
        notice = _ANONYMOUS_NOTICE if session.anonymity == FORCED else _NAMED_NOTICE
        turn.reply(turn.t.gettext(notice).format(topic=escape(turn.t.pick(session.topic))))
    if answers is None and len(session.kinds) == 1:
        answers = {"kind": session.kinds[0]}
    await forms.begin(turn, FORM, facts, answers)


def _facts(session: Session) -> dict[str, Any]:
    return {
        "session": session.id,
        "topic": dict(session.topic),
        "question": dict(session.prompt if any(session.prompt.values()) else session.topic),
        "limit": session.text_limit,
        "kinds": list(session.kinds),
        "anonymity": session.anonymity,
    }


def _carried(answers: Answers, session: Session) -> dict[str, Any]:
    """The answers of a draft that also fit another session; whether to be anonymous is asked anew."""
    kept = {}
    if answers.get("kind") in session.kinds:
        kept["kind"] = answers["kind"]
    if answers.get("text") and len(answers["text"]) <= session.text_limit:
        kept["text"] = answers["text"]
    if "attachment" in answers:
        kept["attachment"] = answers["attachment"]
    return kept


def _is_anonymous(answers: Answers, facts: Facts) -> bool:
    return facts["anonymity"] == FORCED or bool(answers.get("anonymous"))


async def _kinds(_tx: Transaction, _answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(kind, KIND_NAMES[kind]) for kind in facts["kinds"]]


def _in_words(text: str, _context: Context) -> Invalid | None:
    if has_letter(text):
        return None
    return Invalid(N_("Please write it in words, so that everybody understands what you mean."))


_NAMED_NOTICE = N_(
    "👤 <b>{topic}</b>\n\nIn this session you write <b>with your name</b>. The committee sees your name, sector and"
    " institution; if your submission is published, everybody in the meeting sees your name and institution with it."
)
_ANONYMOUS_NOTICE = N_(
    "🕶 <b>{topic}</b>\n\nIn this session you write <b>anonymously</b>. Nobody sees who wrote it, not even the"
    " committee: your words and the day are kept, but not your name, sector, account or the time. Take care that the"
    " words themselves do not tell who you are. What you type also stays in this chat until you delete it."
)

_FORM = Form(
    name=FORM,
    version=1,
    questions=(
        YesNo(
            key="anonymous",
            prompt=N_(
                "<b>{topic}</b>\n\nHow would you like to write?\n\n👤 <b>With my name</b>: the committee sees your"
                " name, sector and institution; if your submission is published, everybody in the meeting sees"
                " your name and institution with it. You can attach a photo or a document.\n\n🕶 <b>Anonymous</b>:"
                " nobody sees who wrote it, not even the committee. Your words and the day are kept, but not your"
                " name, sector, account or the time. Take care that the words themselves do not tell who you are."
                " What you type also stays in this chat until you delete it."
            ),
            label=N_("Author"),
            yes=N_("Anonymous"),
            no=N_("With my name"),
            only_if=lambda _answers, facts: bool(facts["anonymity"] == ALLOWED),
        ),
        Choice(key="kind", prompt=N_("What would you like to send?"), label=N_("Kind"), options=_kinds),
        Text(
            key="text",
            prompt=N_("{question}\n\nPlease write it in one message."),
            hint=N_("Up to {limit} characters."),
            label=N_("Text"),
            multiline=True,
            max_length=lambda _answers, facts: int(facts["limit"]),
            check=_in_words,
        ),
        Attachment(
            key="attachment",
            prompt=N_("Would you like to attach a photo or a document? If not, tap Skip."),
            label=N_("Attachment"),
            optional=True,
            only_if=lambda answers, facts: not _is_anonymous(answers, facts),
        ),
    ),
)


async def _send(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    """The end of the form: the draft is erased by the form, the stored update by the desk, both with this."""
    draft = Draft(facts["session"], answers["kind"], answers["text"])
    try:
        if _is_anonymous(answers, facts):
            await _send_anonymously(turn, draft)
        else:
            await _send_named(turn, draft, answers["attachment"])
    except SessionClosed as closed:
        raise ClosedWhileWriting from closed


async def _send_named(turn: Turn, draft: Draft, upload: Mapping[str, Any] | None) -> None:
    attachment = None if upload is None else StoredAttachment(upload["kind"], upload["file_id"])
    submission, where = await submissions.send_named(
        turn.tx, draft, turn.user.id, attachment, _secret(turn), turn.now
    )
    turn.reply(
        turn.t.gettext(
            "✅ <b>Thank you. Your submission has reached the committee.</b>\n\nYou will get a message once it is"
            " decided whether it is published."
        ),
        [
            [tap(turn.t.gettext("Withdraw it"), "withdraw", receipts.BY_NAME, submission.id)],
            *await _further(turn, where.session),
        ],
    )
    await moderation.announce(turn, Case(submission, where.session, where.meeting, where.participant))


async def _send_anonymously(turn: Turn, draft: Draft) -> None:
    submission, where, receipt = await submissions.send_anonymously(
        turn.tx, draft, turn.user.id, _secret(turn), turn.now
    )
    turn.reply(
        turn.t.gettext(
            "✅ <b>Thank you. Your anonymous submission has reached the committee.</b>\n\nYour receipt:"
            " <code>{receipt}</code>\n\nIt is shown here only once, and only with it can you see what became of your"
            " submission or withdraw it. I cannot write to you about it, because I do not know that it is yours. Later,"
            " type: <code>/masukan {receipt}</code>\n\nIf others use your phone, keep the receipt elsewhere and delete"
            " these messages."
        ).format(receipt=receipt),
        [
            [tap(turn.t.gettext("See its status"), "receipt", receipt)],
            *await _further(turn, where.session),
        ],
    )
    await moderation.announce(turn, Case(submission, where.session, where.meeting, None))


async def _further(turn: Turn, session: Session) -> list[list[Button]]:
    rows = [published.button(turn.t, session.meeting_id)]
    if await submissions.left_for(turn.tx, session, turn.user.id, _secret(turn)):
        rows.insert(0, [tap(turn.t.gettext("Write another one"), "feedback", session.id)])
    return rows


def _secret(turn: Turn) -> bytes:
    """What only this installation knows, and no database, log or backup holds."""
    return turn.update.get_bot().token.encode()


forms.register(
    forms.FormJourney(
        form=_FORM,
        words=FormWords(
            title=N_("submission"),
            again="/masukan",
            send=N_("Send"),
            check=N_("Topic: <b>{topic}</b>\n\nPlease check once more before you send."),
        ),
        finish=_send,
    )
)

JOURNEY = Journey(
    commands=(Command(("masukan", "feedback"), on_feedback, N_("give feedback in a dialogue session")),),
    taps=(
        Tap("feedback", on_feedback_tap),
        Tap("receipt", receipts.on_receipt),
        Tap("withdraw", receipts.on_withdraw),
        Tap("withdrawn", receipts.on_withdrawn),
        Tap("published", published.on_published),
        Tap("attachment", published.on_attachment),
    ),
)
