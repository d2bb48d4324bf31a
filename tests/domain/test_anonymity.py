"""Guarantee 3: the database does not tell who wrote what, even to somebody who knows when each person wrote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.domain import moderation, submissions
from bot.domain.submissions import Draft
from bot.storage import submissions as stored_submissions
from bot.storage.database import Database, Transaction
from bot.storage.participants import Participant
from bot.storage.values import millis
from tests.domain import adversary
from tests.domain.adversary import Dump, Sending
from tests.domain.dialogue import BUDI, NOW, SECRET, Dialogue, closes, joins, make

PEOPLE = 20

Trace = Callable[[Transaction, int, Participant, datetime], Awaitable[None]]
"""Leaves something behind with each sending: submission, author, moment."""


@pytest.fixture
async def dialogue(database: Database) -> Dialogue:
    return await make(database)


async def no_trace(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    """What the program does."""


async def play(database: Database, dialogue: Dialogue, trace: Trace = no_trace) -> tuple[Dump, Dump, Sending]:
    """Twenty people write one after the other, and a moderator decides at once on each: the worst case."""
    authors = [
        await joins(database, dialogue, 710_000_000 + 7919 * number, f"Peserta {number:02}")
        for number in range(PEOPLE)
    ]
    before = await adversary.take(database)
    since = NOW + timedelta(minutes=10)
    texts = []
    for number, author in enumerate(authors):
        now = since + timedelta(seconds=17 * number)
        texts.append(f"kalimat {(number * 7) % PEOPLE:02} dari seseorang")

        async def send(tx: Transaction, author: Participant = author, now: datetime = now) -> None:
            assert author.person_id is not None
            draft = Draft(dialogue.session.id, "challenge", texts[-1])
            sent, _, _ = await submissions.send_anonymously(tx, draft, author.person_id, SECRET, now)
            await trace(tx, sent.id, author, now)

        async def decide(tx: Transaction, number: int = number, now: datetime = now) -> None:
            waiting = await tx.one("SELECT id FROM submissions WHERE state = 'waiting'")
            assert waiting is not None
            then = now + timedelta(seconds=5)
            if number % 3 == 2:
                await moderation.refuse(tx, waiting["id"], BUDI, "off-topic", SECRET, then)
            else:
                await moderation.publish(tx, waiting["id"], BUDI, SECRET, then)

        await database.write(send)
        await database.write(decide)
    sending = Sending(
        [(author.person_id, author.id, author.ticket, author.name) for author in authors],
        texts,
        since,
        since + timedelta(minutes=20),
    )
    return before, await adversary.take(database), sending


async def test_nothing_tells_who_wrote_what(database: Database, dialogue: Dialogue) -> None:
    before, after, sending = await play(database, dialogue)

    assert adversary.clues(before, after, sending) == set()


async def test_nothing_tells_it_after_the_session_either(database: Database, dialogue: Dialogue) -> None:
    before, _, sending = await play(database, dialogue)
    await closes(database, dialogue.session.id)

    after = await adversary.take(database)

    assert adversary.clues(before, after, sending) == set()
    assert after.tables["submission_counts"] == []


async def stores_the_moment(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    await tx.run("UPDATE submissions SET sent_at = :now WHERE id = :id", id=submission_id, now=millis(now))


async def stores_the_author(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    await tx.run(
        "UPDATE submissions SET participant_id = :author WHERE id = :id", id=submission_id, author=author.id
    )


async def counts_by_person(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    await tx.run(
        "INSERT INTO reminder_optouts (office_id, person_id) SELECT id, CAST(:person AS BIGINT) FROM offices",
        person=author.person_id,
    )


async def logs_the_sending(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    await tx.run(
        "INSERT INTO actions (id, office_id, action, detail, done_at)"
        " SELECT :id, id, 'submission.sent', '{}', CAST(:now AS BIGINT) FROM offices",
        id=submission_id + 1,
        now=millis(now),
    )


async def numbers_in_order(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    await tx.run(
        "UPDATE submissions SET receipt_hash = CAST((SELECT COUNT(*) FROM submissions) AS TEXT) WHERE id = :id",
        id=submission_id,
    )


@pytest.mark.parametrize(
    ("trace", "clue"),
    [
        (stores_the_moment, "submissions.sent_at is a moment"),
        (stores_the_author, "submissions holds both"),
        (counts_by_person, "reminder_optouts changed"),
        (logs_the_sending, "actions.done_at is a moment"),
        (numbers_in_order, "submissions: the order of receipt_hash"),
    ],
)
async def test_each_trace_is_noticed(database: Database, dialogue: Dialogue, trace: Trace, clue: str) -> None:
    before, after, sending = await play(database, dialogue, trace)

    assert clue in adversary.clues(before, after, sending)


async def test_rows_that_stayed_where_they_were_written_would_tell(
    database: Database, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave(tx: Transaction, session_id: int) -> None: ...

    monkeypatch.setattr(stored_submissions, "_stir", leave)

    before, after, sending = await play(database, dialogue)

    # SQLite places rows by their id, which is random.
    found = {"submissions: the order of its place", "submissions: the order of its transaction"}
    assert adversary.clues(before, after, sending) == (set() if database.engine == "sqlite" else found)


async def test_who_has_written_is_counted_under_names_that_need_the_secret(
    database: Database, dialogue: Dialogue
) -> None:
    _, after, sending = await play(database, dialogue)

    (row,) = after.tables["submission_counts"]
    ids = [author[0] for author in sending.authors]
    right = {
        submissions.sealed(dialogue.session.id, person, SECRET) for person in ids if isinstance(person, int)
    }
    wrong = {
        submissions.sealed(dialogue.session.id, person, b"") for person in ids if isinstance(person, int)
    }
    assert all(name in row["sent"] for name in right)
    assert not any(name in row["sent"] for name in wrong)
