"""Readers note that they have read and understood a notice, and answer the one question that may come with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.notices.broadcasts import Content, read_content
from bot.domain.notices.quizzes import Quiz, read_quiz
from bot.storage import actions, broadcasts, deliveries, receipts
from bot.storage.broadcasts import WITHDRAWN, Broadcast
from bot.storage.database import Transaction
from bot.storage.receipts import Receipt

_ARRIVED = (deliveries.SENT, deliveries.SENDING, deliveries.PENDING, deliveries.HELD)
"""States in which a chat may have the notice: its outcome may not be recorded yet, or it waits to be changed."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A notice that somebody noted."""

    broadcast: Broadcast
    content: Content
    quiz: Quiz | None
    """What is asked of them now."""
    receipt: Receipt
    is_new: bool
    """False when this text was noted before."""


async def note(tx: Transaction, broadcast_id: int, person_id: int, now: datetime) -> Noted:
    """Keep that the person has read and understood the notice, as its text is now.

    Raises:
        NotFound: it asks for no such word, was not sent to this person, or was taken back.
    """
    broadcast, content = await _received(tx, broadcast_id, person_id)
    is_new = await receipts.note(tx, broadcast_id, person_id, broadcast.version, now)
    receipt = await receipts.find(tx, broadcast_id, person_id)
    assert receipt is not None
    return Noted(broadcast, content, await question_of(tx, broadcast, content), receipt, is_new)


async def answer(
    tx: Transaction, broadcast_id: int, person_id: int, option: int, now: datetime
) -> tuple[Broadcast, Quiz, bool]:
    """Take an answer to the notice's question: its broadcast, the question, and whether it was the person's first.

    Only the first is kept. Whoever answers has read: a notice that they had not noted before is noted by it.

    Raises:
        NotFound: there is no such question or option, or it was not sent to this person.
    """
    broadcast, content = await _received(tx, broadcast_id, person_id)
    quiz = await question_of(tx, broadcast, content)
    if quiz is None or option >= len(quiz.options):
        raise NotFound
    await receipts.note(tx, broadcast_id, person_id, broadcast.version, now)
    return broadcast, quiz, await receipts.answer(tx, broadcast_id, person_id, option)


async def _received(tx: Transaction, broadcast_id: int, person_id: int) -> tuple[Broadcast, Content]:
    broadcast = await broadcasts.find(tx, broadcast_id)
    if broadcast is None or broadcast.state == WITHDRAWN:
        raise NotFound
    content = read_content(broadcast.content)
    if not content.receipt or await receipts.delivered(tx, broadcast_id, person_id) not in _ARRIVED:
        raise NotFound
    return broadcast, content


async def question_of(tx: Transaction, broadcast: Broadcast, content: Content) -> Quiz | None:
    """What comes with a notice: its own question, else that of the rule card that it says."""
    return content.quiz or await quiz_of(tx, broadcast.office_id, broadcast.rule_id)


async def quiz_of(tx: Transaction, office_id: int, rule_id: str | None) -> Quiz | None:
    """What an office asks with the reminders of a rule card."""
    found = None if rule_id is None else await receipts.quiz_of_rule(tx, office_id, rule_id)
    return None if found is None else read_quiz(found)


async def set_quiz(
    tx: Transaction, office_id: int, rule_id: str, quiz: Quiz | None, person_id: int, now: datetime
) -> None:
    """Ask this with the reminders of a rule card from now on; None for nothing.

    Raises:
        NotAllowed: the person is no organiser of the office.
    """
    await roles.require(tx, office_id, person_id, roles.ORGANISER)
    await receipts.set_quiz_of_rule(tx, office_id, rule_id, None if quiz is None else quiz.as_data())
    await actions.record(
        tx,
        office_id=office_id,
        person_id=person_id,
        action="rule.quiz" if quiz is not None else "rule.quiz_removed",
        now=now,
        rule=rule_id,
    )
