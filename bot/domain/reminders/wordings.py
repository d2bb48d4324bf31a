"""What a reminder says: its own text, or the rule card that it sends, as the office has it at the moment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain.meeting_files.meeting_texts import filled
from bot.domain.notices.broadcasts import SERVICE
from bot.domain.notices.quizzes import Quiz, read_quiz
from bot.domain.rules import office_rules
from bot.domain.rules.office_rules import OfficeRules
from bot.domain.rules.rules import Card
from bot.storage import meetings
from bot.storage import rules as stored
from bot.storage.database import Transaction
from bot.storage.reminders import LegalBasis, Reminder
from bot.storage.values import to_json


@dataclass(frozen=True, slots=True)
class Wording:
    """A reminder's words. Texts are plain text by locale."""

    title: Mapping[str, str]
    text: Mapping[str, str]
    legal_basis: Sequence[LegalBasis] = ()
    checked_on: date | None = None
    topic: str = ""
    sanction: Mapping[str, str] | None = None
    quiz: Quiz | None = None
    """What is asked of who noted it; None for nothing, or (of a card) for what the office asks with the card."""
    card: Card | None = None
    version_id: int | None = None
    """Where the card is kept as it was sent; None before it was."""
    blocked: bool = False
    """Whether nothing may be sent of it: the card is not confirmed, no longer in force, or gone."""

    @property
    def is_service(self) -> bool:
        return self.topic == SERVICE


async def of(tx: Transaction, reminder: Reminder) -> Wording:
    """What the reminder would say now."""
    if reminder.rule_id is None:
        title, text = reminder.title, reminder.text
        meeting = await meetings.find(tx, reminder.meeting_id) if reminder.topic == SERVICE else None
        if meeting is not None:
            title, text = filled(meeting, title), filled(meeting, text)
        quiz = None if reminder.quiz is None else read_quiz(reminder.quiz)
        return Wording(title, text, reminder.legal_basis, reminder.checked_on, reminder.topic, quiz=quiz)
    rules = await office_rules.of_office(tx, reminder.office_id)
    card = rules.book.card(reminder.rule_id)
    if card is None:
        return Wording(reminder.title, {}, topic=reminder.topic, blocked=True)
    return of_card(rules, card)


def of_card(rules: OfficeRules, card: Card) -> Wording:
    """A card as a reminder says it."""
    return Wording(
        title=card.title,
        text=card.summary,
        legal_basis=[LegalBasis(basis.instrument, basis.article, basis.about) for basis in card.legal_basis],
        checked_on=card.checked,
        topic=card.topics[0],
        sanction=card.sanction,
        card=card,
        blocked=rules.is_draft(card) or card.validity == "revoked",
    )


async def kept(tx: Transaction, office_id: int, wording: Wording, now: datetime) -> Wording:
    """The wording with its card kept as it is sent, so that it stays readable so."""
    card = wording.card
    if card is None:
        return wording
    version = await stored.keep(tx, office_id, card.id, card.digest, card.content, now)
    return replace(wording, version_id=version.id)


def digest(reminder: Reminder) -> str:
    """What a second organiser approves, in short: what the reminder says, and to whom.

    The words of a card are approved on their own.
    """
    content: list[Any] = [
        reminder.rule_id,
        None if reminder.rule_id else [dict(reminder.title), dict(reminder.text)],
        None if reminder.attachment is None else reminder.attachment["file_id"],
        dict(reminder.audience),
    ]
    if reminder.quiz is not None:
        content.append(dict(reminder.quiz))
    return hashlib.sha256(to_json(content).encode()).hexdigest()[:16]
