"""/masukan: participants write to an open session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bot.domain.dialogue import sessions, submissions
from bot.domain.dialogue.receipts import is_receipt
from bot.domain.dialogue.submissions import Draft, Place
from bot.domain.errors import ClosedWhileWriting, NotRegistered, SessionClosed
from bot.domain.forms.questions import Answers, Facts
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.storage import conversations, participants
from bot.storage import meetings as stored_meetings
from bot.storage import sessions as stored_sessions
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED
from bot.storage.sessions import ALLOWED, FORCED, OPEN, SUGGESTION, Session
from bot.storage.submissions import PUBLISHED, Submission
from bot.storage.submissions import Attachment as StoredAttachment
from handlers.dialogue import my_submissions, published, receipts
from handlers.dialogue.submission_form import (
    ANONYMOUS_NOTICE,
    FORM,
    NAMED_NOTICE,
    NO_TOPIC,
    SUBMISSION,
    carried,
    facts_of,
    is_anonymous,
)
from handlers.dialogue.submission_views import declined_as_report, masked_note, similar_offer
from handlers.forms import form_state, form_steps, forms
from handlers.forms.form_views import FormWords
from handlers.routing import Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

LABEL = 50
"""UTF-16 units of a topic on a button."""


async def on_feedback(turn: Turn) -> None:
    """/masukan: into the form; with a receipt, to what became of an anonymous submission; ``saya``: to one's own."""
    if turn.args and _means_receipt(turn.args):
        await receipts.on_words(turn)
        return
    meeting = await meetings.current(turn.tx, turn.person)
    if turn.args and turn.args[0].lower() in my_submissions.WORDS:
        await my_submissions.show(turn, meeting.id, 0)
        return
    participant = await participants.of_person(turn.tx, meeting.id, turn.user.id)
    if participant is None or participant.state != REGISTERED:
        raise NotRegistered
    taking = [
        session
        for session in await sessions.taking(turn.tx, meeting)
        if not session.sectors or participant.sector in session.sectors
    ]
    if len(taking) == 1:
        await _begin(turn, taking[0])
    elif taking:
        turn.reply(
            turn.t.gettext("💬 <b>Give feedback</b>\n\nSeveral sessions are open. Which topic is it about?"),
            [[tap(clip(turn.t.pick(session.topic), LABEL), "feedback", session.id)] for session in taking],
        )
    else:
        await _say_nothing_open(turn, meeting)


def _means_receipt(words: Sequence[str]) -> bool:
    """Whether somebody looks up a receipt, perhaps a mistyped one: whoever begins to write is asked by the form."""
    return is_receipt("".join(words)) or any(letter.isdigit() or letter == "-" for letter in words[0])


async def on_feedback_tap(turn: Turn) -> None:
    """The button of an invitation or of the list of topics."""
    session_id = number(turn.args[0])
    try:
        where = await submissions.place(turn.tx, session_id, turn.user.id)
    except SessionClosed:
        await _say_closed(turn, session_id)
        return
    await _begin(turn, where.session)


async def on_solve(turn: Turn) -> None:
    """The button under a challenge: a suggestion that answers it, in its session or another that is open."""
    found, meeting = await submissions.published_one(turn.tx, number(turn.args[0]), turn.user.id)
    challenge = found.submission
    open_now = [item for item in await sessions.taking(turn.tx, meeting) if SUGGESTION in item.kinds]
    open_now.sort(key=lambda item: item.id != challenge.session_id)
    if not open_now:
        await _say_closed(turn, challenge.session_id)
        return
    where = await submissions.place(turn.tx, open_now[0].id, turn.user.id)
    await _begin(turn, where.session, challenge)


async def _say_closed(turn: Turn, session_id: int) -> None:
    session = await stored_sessions.find(turn.tx, session_id)
    meeting = None if session is None else await stored_meetings.find(turn.tx, session.meeting_id)
    assert meeting is not None
    turn.answer(turn.t.gettext("This session is closed."))
    await _say_nothing_open(turn, meeting)


async def _say_nothing_open(turn: Turn, meeting: Meeting) -> None:
    mine = [tap(turn.t.gettext("My submissions"), "mine", meeting.id, 0)]
    turn.reply(await _nothing_open(turn, meeting), [published.button(turn.t, meeting.id), mine])


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


async def _begin(turn: Turn, session: Session, challenge: Submission | None = None) -> None:
    if await submissions.left_for(turn.tx, session, turn.user.id, turn.secret) == 0:
        text = turn.t.ngettext(
            "You have sent {count} submission to this session, as many as it takes from one person. Thank you.",
            "You have sent {count} submissions to this session, as many as it takes from one person. Thank you.",
            session.limit_per_person,
        )
        turn.reply(
            text.format(count=session.limit_per_person),
            [
                published.button(turn.t, session.meeting_id),
                [tap(turn.t.gettext("My submissions"), "mine", session.meeting_id, 0)],
            ],
        )
        return
    facts = facts_of(session, challenge, turn.report_url)
    answers = await _carried_over(turn, session, facts)
    if session.anonymity != ALLOWED:
        notice = ANONYMOUS_NOTICE if session.anonymity == FORCED else NAMED_NOTICE
        turn.reply(turn.t.gettext(notice).format(topic=escape(turn.t.pick(session.topic))))
    if answers is None and len(facts["kinds"]) == 1:
        answers = {"kind": facts["kinds"][0]}
    await forms.begin(turn, FORM, facts, answers)


async def _carried_over(turn: Turn, session: Session, facts: Facts) -> dict[str, Any] | None:
    """What was written for a session that no longer takes it: that is worth more than a fresh start."""
    held = await form_state.load(turn)
    if held is None or held.journey.form.name != FORM or held.progress.facts == facts or facts["answers"]:
        return None
    meant = held.progress.facts["session"]
    before = await stored_sessions.find(turn.tx, meant)
    if meant != session.id and before is not None and before.state == OPEN:
        return None
    await conversations.erase(turn.tx, turn.chat.id, turn.user.id)
    turn.reply(
        turn.t.gettext("What you wrote before was carried over to this session. Please check it once more.")
    )
    return carried(held.progress.answers, session)


async def _before_sending(turn: Turn, answers: Answers, facts: Facts) -> tuple[str, list[list[Button]]]:
    """At the review: what was published already and says nearly the same; or that the session was closed meanwhile."""
    session = await stored_sessions.find(turn.tx, facts["session"])
    if session is None or not answers["text"]:
        return "", []
    if session.state != OPEN:
        return turn.t.gettext(
            "⌛ <b>This session is closed.</b> Nothing of your text is lost: hand it in late, and the moderators"
            " decide; or leave it here, and it is carried over when the next session opens."
        ), [[tap(turn.t.gettext("Hand it in late"), "late", session.id)]]
    found = await submissions.similar_to(turn.tx, session.meeting_id, answers["text"])
    return similar_offer(turn.t, found) if found else ("", [])


async def on_late(turn: Turn) -> None:
    """Hand in what was written for a session that was closed meanwhile."""
    held = await form_state.load(turn)
    if (
        held is None
        or held.journey.form.name != FORM
        or held.progress.facts["session"] != number(turn.args[0])
    ):
        turn.answer(turn.t.gettext("This form has ended; nothing was changed."))
        form_steps.drop_buttons(turn)
        return
    if held.progress.current is not None:
        await form_steps.answer_old_button(turn, held)
        return
    form_steps.drop_buttons(turn)
    held.progress = form_state.with_fact(held.progress, "late", True)
    await form_steps.finish(turn, held)


async def _send(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    """The end of the form: the draft is erased by the form, the stored update by the desk, both with this."""
    draft = Draft(
        session_id=facts["session"],
        kind=answers["kind"],
        text=answers["text"],
        answers_id=facts.get("answers") or None,
        topic=None if answers["topic"] == NO_TOPIC else answers["topic"],
        is_no_report=bool(answers["report"]),
        late=bool(facts.get("late")),
    )
    try:
        if is_anonymous(answers, facts):
            await _send_anonymously(turn, draft)
        else:
            await _send_named(turn, draft, answers["attachment"])
    except SessionClosed as closed:
        raise ClosedWhileWriting from closed


async def _send_named(turn: Turn, draft: Draft, upload: Mapping[str, Any] | None) -> None:
    attachment = None if upload is None else StoredAttachment(upload["kind"], upload["file_id"])
    submission, where = await submissions.send_named(
        turn.tx, draft, turn.user.id, attachment, turn.secret, turn.now
    )
    if submission.state == PUBLISHED:
        text = turn.t.gettext(
            "✅ <b>Thank you. Your submission is published as number {number}.</b>\n\nA moderator will still read it."
            " While the session is open, you can change or withdraw it."
        ).format(number=submission.number)
    else:
        text = turn.t.gettext(
            "✅ <b>Thank you. Your submission has reached the committee.</b>\n\nYou will get a message once it is"
            " decided whether it is published. Until then you can change or withdraw it."
        )
    turn.reply(
        text + masked_note(turn.t, submission),
        [
            [
                tap(turn.t.gettext("Change it"), "mine-change", submission.id),
                tap(turn.t.gettext("Withdraw it"), "withdraw", receipts.BY_NAME, submission.id),
            ],
            *await _further(turn, where),
        ],
    )


async def _send_anonymously(turn: Turn, draft: Draft) -> None:
    submission, where, receipt = await submissions.send_anonymously(
        turn.tx, draft, turn.user.id, turn.secret, turn.now
    )
    turn.reply(
        turn.t.gettext(
            "✅ <b>Thank you. Your anonymous submission has reached the committee.</b>\n\nYour receipt:"
            " <code>{receipt}</code>\n\nIt is shown here only once, and only with it can you see what became of your"
            " submission, read the answer, change or withdraw it. I cannot write to you about it, because I do not"
            " know that it is yours. Later, type: <code>/feedback {receipt}</code>\n\nIf others use your phone, keep"
            " the receipt elsewhere and delete these messages."
        ).format(receipt=receipt)
        + masked_note(turn.t, submission),
        [
            [tap(turn.t.gettext("See its status"), "receipt", receipt)],
            *await _further(turn, where),
        ],
    )


async def _further(turn: Turn, where: Place) -> list[list[Button]]:
    rows = [published.button(turn.t, where.meeting.id)]
    is_open = where.session.state == OPEN
    if is_open and await submissions.left_for(turn.tx, where.session, turn.user.id, turn.secret):
        rows.insert(0, [tap(turn.t.gettext("Write another one"), "feedback", where.session.id)])
    return rows


async def _lead_to_channel(turn: Turn, facts: Facts) -> None:
    """What was written was a report: nothing of it is kept here."""
    turn.reply(*declined_as_report(turn.t, facts.get("channel") or turn.report_url))


forms.register(
    forms.FormJourney(
        form=SUBMISSION,
        words=FormWords(
            title=N_("submission"),
            again=N_("/feedback"),
            send=N_("Send"),
            check=N_("Session: <b>{topic}</b>\n\nPlease check once more before you send."),
        ),
        finish=_send,
        declined=_lead_to_channel,
        before_sending=_before_sending,
    )
)

JOURNEY = Journey(
    commands=(Command(("masukan", "feedback"), on_feedback, N_("give feedback in a dialogue session")),),
    taps=(
        Tap("feedback", on_feedback_tap),
        Tap("solve", on_solve),
        Tap("late", on_late),
        *my_submissions.TAPS,
        *receipts.TAPS,
        *published.TAPS,
    ),
)
