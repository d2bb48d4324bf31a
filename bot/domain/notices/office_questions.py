"""Whoever answers to a notice asks the office about it. One organiser answers, the asker is told.

A question belongs to one organiser at a time (``assigned``), so that no two answer it; another one can take it over.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound, TakenByAnother, TooManyQuestions
from bot.domain.language.texts import without_tags
from bot.domain.notices.broadcasts import ANNOUNCEMENT, NUDGE, REMINDER, read_content
from bot.storage import actions, broadcasts
from bot.storage import office_questions as stored
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Transaction
from bot.storage.office_questions import OPEN, Question

ABOUT = (ANNOUNCEMENT, REMINDER, NUDGE)
MOST_OPEN = 10
"""Questions of one person that may wait for an answer at a time."""
LATEST = 20
"""Notices of a chat whose words are compared with those of a message that is not known by its number."""
TEXT, ANSWER = 1500, 2500
"""UTF-16 units of a question and of an answer: both together must fit a message."""

_KNOWN_WORDS = (
    "siap baik ok oke okay okey noted ya iya yes thanks thank you terima kasih terimakasih makasih trims tks thx"
    " mengerti paham dipahami dimengerti laksanakan dilaksanakan 86 dicatat dibaca sudah sdh bapak ibu pak bu min"
    " admin kak mas mbak bang komandan ndan banyak infonya info informasinya atas salam hormat mantap sip kami"
    " understood received diterima"
)
_WORDS = frozenset(_KNOWN_WORDS.split())


def is_acknowledgement(text: str) -> bool:
    """Whether an answer only says that it was heard ("Siap, Pak. Terima kasih."), so that nobody need answer it."""
    if "?" in text:
        return False
    words = re.findall(r"\w+", text.casefold())
    return len(words) <= 8 and set(words) <= _WORDS


async def notice_of(tx: Transaction, chat_id: int, message_id: int, words: str = "") -> Broadcast | None:
    """The notice that a message of the bot's is, if people can ask about it; None for any other message.

    ``words`` are what the message says. They tell which notice it is as long as its number is not recorded: Telegram
    shows a message, and lets people answer to it, before the bot hears that it was sent; of one that was sent twice
    because its outcome was unknown, only the second number is ever known.
    """
    broadcast_id = await stored.notice_at(tx, chat_id, message_id)
    if broadcast_id is None and words.split():
        broadcast_id = await _saying(tx, chat_id, words)
    broadcast = None if broadcast_id is None else await broadcasts.find(tx, broadcast_id)
    return broadcast if broadcast is not None and broadcast.kind in ABOUT else None


async def _saying(tx: Transaction, chat_id: int, words: str) -> int | None:
    """The broadcast of a chat that says exactly this, in any language; layout does not count."""
    for broadcast_id, content in await stored.notices_in(tx, chat_id, LATEST):
        texts = read_content(content).text.values()
        if any(without_tags(text).split() == words.split() for text in texts):
            return broadcast_id
    return None


async def ask(
    tx: Transaction,
    broadcast: Broadcast,
    *,
    person_id: int,
    chat_id: int,
    thread_id: int | None,
    message_id: int,
    text: str,
    now: datetime,
) -> Question | None:
    """Keep a question about a notice; None when this message asked it before.

    Raises:
        TooManyQuestions: as many of the person's wait as may.
    """
    await tx.lock(f"questions:{person_id}")
    if await stored.count_open_of(tx, broadcast.office_id, person_id) >= MOST_OPEN:
        raise TooManyQuestions
    about = broadcast.about_id or broadcast.id
    return await stored.add(
        tx,
        office_id=broadcast.office_id,
        meeting_id=broadcast.meeting_id,
        broadcast_id=about,
        person_id=person_id,
        chat_id=chat_id,
        thread_id=thread_id,
        message_id=message_id,
        text=text,
        now=now,
    )


async def for_organiser(tx: Transaction, question_id: int, person_id: int) -> Question:
    """A question to an office of the organiser's.

    Raises:
        NotFound: there is none.
        NotAllowed: the person is no organiser there.
    """
    question = await stored.find(tx, question_id)
    if question is None:
        raise NotFound
    await roles.require(tx, question.office_id, person_id, roles.ORGANISER)
    return question


async def take(
    tx: Transaction, question_id: int, person_id: int, now: datetime, *, take_over: bool = False
) -> Question:
    """Make the organiser the one who answers.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        TakenByAnother: another organiser is answering it, and ``take_over`` is not given.
        AlreadyDecided: it is answered or closed.
    """
    question = await for_organiser(tx, question_id, person_id)
    if question.state != OPEN:
        raise AlreadyDecided
    if not await stored.assign(tx, question_id, person_id, now, take_over=take_over):
        raise TakenByAnother
    return question


async def leave(tx: Transaction, question_id: int, person_id: int) -> None:
    """Leave the question to the others.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: the organiser does not have it.
    """
    await for_organiser(tx, question_id, person_id)
    if not await stored.let_go(tx, question_id, person_id):
        raise AlreadyDecided


async def answer(tx: Transaction, question_id: int, person_id: int, text: str, now: datetime) -> Question:
    """Answer a question that the organiser took.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: it is answered or closed, or another organiser took it over.
    """
    await for_organiser(tx, question_id, person_id)
    question = await stored.answer(tx, question_id, person_id, text, now)
    if question is None:
        raise AlreadyDecided
    await _record(tx, question, "question.answered", person_id, now)
    return question


async def close(tx: Transaction, question_id: int, person_id: int, now: datetime) -> Question:
    """Close a question that needs no written answer.

    Raises:
        NotFound, NotAllowed: as :func:`for_organiser`.
        AlreadyDecided: it is answered or closed, or another organiser is answering it.
    """
    await for_organiser(tx, question_id, person_id)
    question = await stored.close(tx, question_id, person_id, now)
    if question is None:
        raise AlreadyDecided
    await _record(tx, question, "question.closed", person_id, now)
    return question


async def _record(tx: Transaction, question: Question, action: str, person_id: int, now: datetime) -> None:
    await actions.record(
        tx,
        office_id=question.office_id,
        meeting_id=question.meeting_id,
        person_id=person_id,
        action=action,
        now=now,
        question=question.id,
    )
