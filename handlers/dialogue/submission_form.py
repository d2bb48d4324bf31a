"""The form in which people write a submission: what it asks, and what it says about who can see what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.dialogue import complaints
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import (
    Answers,
    Attachment,
    Choice,
    Context,
    Facts,
    Invalid,
    Option,
    Text,
    YesNo,
)
from bot.domain.language.texts import clip, has_letter
from bot.i18n import LOCALES, N_, translator
from bot.storage.database import Transaction
from bot.storage.sessions import AFTER, ALLOWED, FORCED, SUGGESTION, Session
from bot.storage.submissions import Submission
from handlers.dialogue.submission_views import KIND_NAMES

FORM = "submission"
NO_TOPIC = "-"
"""The answer of who finds none of the headings fitting."""
CHALLENGE_ROOM = 300
"""UTF-16 units of the challenge that a suggestion answers, in the question."""

_RULES = N_(
    "A moderator reads it before others can. Not published: insults, words against ethnicity, religion, race or groups,"
    " other people's data, reports of violations, and what is off the topic or was said already. You are told the"
    " reason."
)
_RULES_AFTER = N_(
    "Others can read it at once, and a moderator soon after. Taken off again: insults, words against ethnicity,"
    " religion, race or groups, other people's data, reports of violations, and what is off the topic or was said"
    " already."
)

NAMED_NOTICE = N_(
    "👤 <b>{topic}</b>\n\nIn this session you write <b>with your name</b>. The committee sees your name, sector and"
    " institution; if your submission is published, everybody in the meeting sees your name and institution with it."
)
ANONYMOUS_NOTICE = N_(
    "🕶 <b>{topic}</b>\n\nIn this session you write <b>anonymously</b>. Nobody sees who wrote it, not even the"
    " committee: your words and the day are kept, but not your name, sector, account or the time. Take care that the"
    " words themselves do not tell who you are. What you type also stays in this chat until you delete it."
)


def facts_of(session: Session, challenge: Submission | None, report_url: str) -> dict[str, Any]:
    """What the form is about: a session, and the challenge that a suggestion is to answer."""
    question = dict(session.prompt if any(session.prompt.values()) else session.topic)
    kinds = list(session.kinds)
    if challenge is not None:
        kinds = [SUGGESTION]
        question = {
            locale: translator(locale)
            .gettext("Your solution to challenge {number}: “{text}”")
            .format(number=challenge.number, text=clip(challenge.text, CHALLENGE_ROOM))
            for locale in LOCALES
        }
    rules = _RULES_AFTER if session.moderation == AFTER else _RULES
    return {
        "session": session.id,
        "answers": 0 if challenge is None else challenge.id,
        "topic": dict(session.topic),
        "question": question,
        "rules": {locale: translator(locale).gettext(rules) for locale in LOCALES},
        "limit": session.text_limit,
        "kinds": kinds,
        "headings": list(session.topics),
        "anonymity": session.anonymity,
        "channel": report_url,
        "deadline": dict(complaints.deadline().title),
    }


def is_anonymous(answers: Answers, facts: Facts) -> bool:
    return facts["anonymity"] == FORCED or bool(answers.get("anonymous"))


def carried(answers: Answers, session: Session) -> dict[str, Any]:
    """The answers of a draft that also fit another session; whether to be anonymous is asked anew."""
    kept = {}
    if answers.get("kind") in session.kinds:
        kept["kind"] = answers["kind"]
    if answers.get("text") and len(answers["text"]) <= session.text_limit:
        kept["text"] = answers["text"]
    if "attachment" in answers:
        kept["attachment"] = answers["attachment"]
    return kept


async def _kinds(_tx: Transaction, _answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(kind, KIND_NAMES[kind]) for kind in facts["kinds"]]


async def _headings(_tx: Transaction, _answers: Answers, facts: Facts) -> Sequence[Option]:
    headings = [Option(heading, dict.fromkeys(LOCALES, heading)) for heading in facts.get("headings", ())]
    return [*headings, Option(NO_TOPIC, N_("None of these"))]


def in_words(text: str, _context: Context) -> Invalid | None:
    """Refuse what has no letter of any script."""
    if has_letter(text):
        return None
    return Invalid(N_("Please write it in words, so that everybody understands what you mean."))


def report_question() -> YesNo:
    """Asks who wrote what reads like a report of a violation; a report ends the form."""
    return YesNo(
        key="report",
        prompt=N_(
            "⚠️ <b>Is this a report of a violation?</b>\n\nIt reads like one. This dialogue is no complaint box: what"
            " is sent here is no report under the law, and the time to report one runs on. {deadline}. Reports go to"
            " the official channel: {channel}"
        ),
        label=N_("Report"),
        yes=N_("It is no report"),
        no=N_("It is a report"),
        must_agree=True,
        only_if=lambda answers, _facts: complaints.reads_like_report(answers.get("text") or ""),
    )


SUBMISSION = Form(
    name=FORM,
    version=2,
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
        Choice(
            key="topic",
            prompt=N_("Which of these is it about?"),
            label=N_("Topic"),
            options=_headings,
            only_if=lambda _answers, facts: bool(facts.get("headings")),
        ),
        Text(
            key="text",
            prompt=N_("{question}\n\nPlease write it in one message."),
            hint=N_("Up to {limit} characters. {rules}"),
            label=N_("Text"),
            multiline=True,
            max_length=lambda _answers, facts: int(facts["limit"]),
            check=in_words,
        ),
        report_question(),
        Attachment(
            key="attachment",
            prompt=N_("Would you like to attach a photo or a document? If not, tap Skip."),
            label=N_("Attachment"),
            optional=True,
            only_if=lambda answers, facts: not is_anonymous(answers, facts),
        ),
    ),
)
