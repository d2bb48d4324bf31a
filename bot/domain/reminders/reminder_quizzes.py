"""The one question that may come with a reminder: its own, or the one that the office asks with its rule card."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.notices import noting
from bot.domain.notices.quizzes import Quiz, read_quiz
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders import reminders
from bot.storage.database import Transaction
from bot.storage.reminders import Reminder


async def question_of(tx: Transaction, reminder: Reminder) -> Quiz | None:
    """What who notes the reminder is asked; None for nothing."""
    if reminder.rule_id is not None:
        return await noting.quiz_of(tx, reminder.office_id, reminder.rule_id)
    return None if reminder.quiz is None else read_quiz(reminder.quiz)


async def set_question(
    tx: Transaction, reminder_id: int, person_id: int, quiz: Quiz | None, now: datetime
) -> Reminder:
    """Ask this from now on, or (None) nothing. Of a reminder of a card, it is asked with every reminder of that card.

    Raises:
        NotFound: there is no such reminder.
        NotAllowed: the person is no organiser of its office.
    """
    reminder, _ = await reminders.for_organiser(tx, reminder_id, person_id)
    if reminder.rule_id is not None:
        await noting.set_quiz(tx, reminder.office_id, reminder.rule_id, quiz, person_id, now)
        return reminder
    changed = replace(reminder, quiz=None if quiz is None else quiz.as_data())
    return await editing.keep(tx, changed, person_id, now)
