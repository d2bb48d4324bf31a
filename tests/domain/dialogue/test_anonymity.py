"""Guarantee 3: the database does not tell who wrote what, even to somebody who knows when each person wrote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.domain.agreement import stances
from bot.domain.dialogue import answers, authorship, moderation, session_setup, submissions
from bot.domain.dialogue.submissions import Draft
from bot.storage import meetings
from bot.storage import moderation as moderation_rows
from bot.storage import submissions as stored_submissions
from bot.storage.database import Database, Transaction
from bot.storage.participants import Participant
from bot.storage.values import millis
from tests.domain.dialogue import adversary
from tests.domain.dialogue.adversary import Dump, Sending
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    DEWI,
    NOW,
    SECRET,
    Dialogue,
    closes,
    joins,
    publishes,
    send_anonymously,
    send_named,
)

PEOPLE = 20

Trace = Callable[[Transaction, int, Participant, datetime], Awaitable[None]]
"""Leaves something behind with each sending: submission, author, moment."""


async def no_trace(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    """What the program does."""


async def play(database: Database, dialogue: Dialogue, trace: Trace = no_trace) -> tuple[Dump, Dump, Sending]:
    """Twenty people write one after the other, and a moderator decides at once on each: the worst case.

    Every second one answers a challenge, every fifth is changed with its receipt, and moderators do all that they can.
    """
    authors = [
        await joins(database, dialogue, 710_000_000 + 7919 * number, f"Peserta {number:02}")
        for number in range(PEOPLE)
    ]
    await database.write(
        lambda tx: session_setup.set_topics(tx, dialogue.session.id, DEWI, ["Logistik", "Pemilih"], NOW)
    )
    challenge = await send_named(database, dialogue.session.id, ANI, "Tantangan yang dikenal semua")
    number = (await publishes(database, challenge.id)).submission.number
    assert number is not None
    before = await adversary.take(database)
    since = NOW + timedelta(minutes=10)
    texts = []
    for turn, author in enumerate(authors):
        now = since + timedelta(seconds=17 * turn)
        texts.append(f"kalimat {(turn * 7) % PEOPLE:02} dari seseorang")

        async def send(
            tx: Transaction, author: Participant = author, now: datetime = now, turn: int = turn
        ) -> None:
            assert author.person_id is not None
            draft = Draft(
                dialogue.session.id,
                "suggestion" if turn % 2 else "challenge",
                texts[-1] if turn % 5 else "kata-kata lain",
                answers_id=challenge.id,
                topic="Logistik",
            )
            sent, _, receipt = await submissions.send_anonymously(tx, draft, author.person_id, SECRET, now)
            if turn % 5 == 0:
                await authorship.change_by_receipt(tx, receipt, texts[-1])
            await trace(tx, sent.id, author, now)

        await database.write(send)
        await database.write(_moderate(dialogue, turn, number, now + timedelta(seconds=5)))
    sending = Sending(
        [(author.person_id, author.id, author.ticket, author.name) for author in authors],
        texts,
        since,
        since + timedelta(minutes=20),
    )
    return before, await adversary.take(database), sending


def _moderate(
    dialogue: Dialogue, turn: int, number: int, now: datetime
) -> Callable[[Transaction], Awaitable[None]]:
    """What a moderator does with what comes first in the queue; another thing each time."""

    async def work(tx: Transaction) -> None:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        await moderation_rows.ping(tx, meeting.id, [DEWI])
        case = (await moderation.next_case(tx, meeting, BUDI, SECRET, now)).case
        assert case is not None
        which = case.submission.id
        await moderation.put_under(tx, which, BUDI, "Pemilih", now)
        await answers.assign(tx, which, BUDI, None, now)
        if turn % 6 == 0:
            await moderation.refuse(tx, which, BUDI, "off-topic", SECRET, now)
        elif turn % 6 == 1:
            await moderation.keep_back(tx, which, BUDI, SECRET, now)
        elif turn % 6 == 2:
            await moderation.merge(tx, which, number, BUDI, SECRET, now)
        else:
            await moderation.correct(tx, which, BUDI, f"{case.submission.text}.", SECRET, now)
            await moderation.publish(tx, which, BUDI, SECRET, now)
            await stances.take(tx, which, ANI, "agree", SECRET)
        if turn % 6 == 4:
            await answers.in_writing(tx, which, BUDI, "Akan ditindaklanjuti.", now)
        if turn % 6 == 5:
            await answers.in_the_hall(tx, which, BUDI, now)

    return work


async def test_nothing_tells_who_wrote_what(database: Database, dialogue: Dialogue) -> None:
    before, after, sending = await play(database, dialogue)

    assert adversary.clues(before, after, sending) == set()


async def test_nothing_tells_it_after_the_session_either(database: Database, dialogue: Dialogue) -> None:
    before, _, sending = await play(database, dialogue)
    await closes(database, dialogue.session.id, now=NOW + timedelta(hours=1))

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


async def claims_by_id(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    await tx.run(
        "INSERT INTO moderation_claims (meeting_id, person_id, sealed, until_at)"
        " SELECT id, CAST(:person AS BIGINT), CAST(:sealed AS TEXT), CAST(:until AS BIGINT) FROM meetings",
        person=submission_id,
        sealed=str(submission_id),
        until=millis(now),
    )


async def notes_the_first_ping(
    tx: Transaction, submission_id: int, author: Participant, now: datetime
) -> None:
    await tx.run("UPDATE sessions SET answers_due_at = :now", now=millis(now))


async def names_the_author(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    await tx.run(
        "UPDATE submissions SET answered_by = :name WHERE id = :id", name=author.name, id=submission_id
    )


async def pings_the_author(tx: Transaction, submission_id: int, author: Participant, now: datetime) -> None:
    assert author.person_id is not None
    await moderation_rows.ping(tx, author.meeting_id, [author.person_id])


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
        (claims_by_id, "moderation_claims.until_at is a moment"),
        (notes_the_first_ping, "sessions.answers_due_at is a moment"),
        (names_the_author, "submissions holds both"),
        (pings_the_author, "moderation_pings changed"),
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

    # SQLite places rows by their id, which is random. On PostgreSQL what moderators change moves, too.
    found = adversary.clues(before, after, sending) - {"submissions: the order of its place"}
    told = {"submissions: the order of its transaction"}
    assert found == (set() if database.engine == "sqlite" else told)


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


async def test_what_a_moderator_looks_at_needs_the_secret(database: Database, dialogue: Dialogue) -> None:
    person = await joins(database, dialogue, 710_000_000, "Peserta")
    assert person.person_id is not None
    await send_anonymously(database, dialogue.session.id, person.person_id, "satu")
    await send_anonymously(database, dialogue.session.id, person.person_id, "dua")

    async def look(tx: Transaction) -> None:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        await moderation.next_case(tx, meeting, BUDI, SECRET, NOW)

    await database.write(look)

    dump = await adversary.take(database)
    (claim,) = dump.tables["moderation_claims"]
    ids = [row["id"] for row in dump.tables["submissions"]]
    assert [table for table, _ in dump.rows_with(ids)] == ["submissions", "submissions"]
    assert claim["sealed"] not in [moderation._sealed(which, b"") for which in ids]
    assert claim["sealed"] in [moderation._sealed(which, SECRET) for which in ids]
