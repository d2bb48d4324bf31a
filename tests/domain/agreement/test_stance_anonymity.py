"""Guarantee 3 with stances: who supported an anonymous submission first, or not at all, leads to no author."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.domain.agreement import stances
from bot.domain.agreement.stances import AGREE, DISAGREE, Seal
from bot.domain.dialogue import moderation, submissions
from bot.domain.dialogue.submissions import Draft
from bot.storage import actions
from bot.storage import stances as stored
from bot.storage.database import Database, Transaction
from bot.storage.participants import Participant
from bot.storage.values import from_json, to_json
from tests.domain.dialogue import adversary
from tests.domain.dialogue.adversary import Dump, Sending
from tests.domain.dialogue.small_dialogue import BUDI, NOW, SECRET, Dialogue, joins

PEOPLE = 20

Trace = Callable[[Transaction, Dialogue, int, Participant, datetime], Awaitable[None]]
"""Leaves something behind with each stance: submission, who took it, when."""


async def no_trace(
    tx: Transaction, dialogue: Dialogue, submission_id: int, person: Participant, now: datetime
) -> None:
    """What the program does."""


async def play(database: Database, dialogue: Dialogue, trace: Trace = no_trace) -> tuple[Dump, Dump, Sending]:
    """Each writes; it is published; they support their own at once, and nobody else does: the worst case."""
    people = [
        await joins(database, dialogue, 720_000_000 + 7919 * place, f"Peserta {place:02}")
        for place in range(PEOPLE)
    ]
    before = await adversary.take(database)
    since = NOW + timedelta(minutes=10)
    texts = [f"kalimat {(place * 7) % PEOPLE:02} dari seseorang" for place in range(PEOPLE)]
    for place, author in enumerate(people):
        now = since + timedelta(seconds=17 * place)

        async def send(
            tx: Transaction, place: int = place, author: Participant = author, now: datetime = now
        ) -> int:
            assert author.person_id is not None
            draft = Draft(dialogue.session.id, "challenge", texts[place])
            sent, _, _ = await submissions.send_anonymously(tx, draft, author.person_id, SECRET, now)
            return sent.id

        async def support(
            tx: Transaction, submission_id: int, author: Participant = author, now: datetime = now
        ) -> None:
            for person in [author, *(item for item in people if item is not author)]:
                assert person.person_id is not None
                stance = AGREE if person is author else DISAGREE
                await stances.take(tx, submission_id, person.person_id, stance, SECRET)
                await trace(tx, dialogue, submission_id, person, now + timedelta(seconds=9))

        submission_id = await database.write(send)
        await database.write(
            lambda tx, submission_id=submission_id, now=now: moderation.publish(  # type: ignore[misc]
                tx, submission_id, BUDI, SECRET, now + timedelta(seconds=5)
            )
        )
        await database.write(lambda tx, submission_id=submission_id: support(tx, submission_id))  # type: ignore[misc]
    sending = Sending(
        [(person.person_id, person.id, person.ticket, person.name) for person in people],
        texts,
        since,
        since + timedelta(minutes=20),
    )
    return before, await adversary.take(database), sending


def clues(before: Dump, after: Dump, sending: Sending) -> set[str]:
    """What tells who wrote, and what tells whose stances are whose or which was the first."""
    found = adversary.clues(before, after, sending)
    written = {row["id"]: row["text"] for row in after.tables["submissions"]}
    rows = [(row["submission_id"], from_json(row["taken"])) for row in after.tables["stances"]]
    names = [name for _, taken in rows for name in taken]
    if len(set(names)) < len(names):
        found.add("stances: the same name on two submissions")
    if all(next(iter(taken.values())) == "a" for _, taken in rows):
        found.add("stances: the first to support stands first")
    order = [sending.texts.index(written[submission_id]) for submission_id, _ in rows]
    if order in (sorted(order), sorted(order, reverse=True)):
        found.add("stances: the order of the rows")
    ids = [author[0] for author in sending.authors]
    guessable = {
        Seal(guess).name(submission_id, person)
        for guess in (b"", b"rakor")
        for submission_id, _ in rows
        for person in ids
        if isinstance(person, int)
    }
    if guessable & set(names):
        found.add("stances: names that need no secret")
    return found


async def test_nothing_tells_who_wrote_what_they_supported(database: Database, dialogue: Dialogue) -> None:
    before, after, sending = await play(database, dialogue)

    assert len(after.tables["stances"]) == PEOPLE
    assert clues(before, after, sending) == set()


async def _rename(tx: Transaction, submission_id: int, old: str, new: str) -> None:
    taken = await stored.taken_on(tx, submission_id)
    letters = {new if name == old else name: stance[0] for name, stance in taken.items()}
    await tx.run(
        "UPDATE stances SET taken = :taken WHERE submission_id = :id",
        taken=to_json(letters),
        id=submission_id,
    )


async def keeps_the_account(
    tx: Transaction, dialogue: Dialogue, submission_id: int, person: Participant, now: datetime
) -> None:
    assert person.person_id is not None
    name = Seal(SECRET).name(submission_id, person.person_id)
    await _rename(tx, submission_id, name, str(person.person_id))


async def keeps_one_name(
    tx: Transaction, dialogue: Dialogue, submission_id: int, person: Participant, now: datetime
) -> None:
    assert person.person_id is not None
    seal = Seal(SECRET)
    await _rename(
        tx,
        submission_id,
        seal.name(submission_id, person.person_id),
        seal.name(0, person.person_id),
    )


async def keeps_the_order(
    tx: Transaction, dialogue: Dialogue, submission_id: int, person: Participant, now: datetime
) -> None:
    """Each is put at the end when they come, so the first stays the first."""
    assert person.person_id is not None
    name = Seal(SECRET).name(submission_id, person.person_id)
    taken = await stored.taken_on(tx, submission_id)
    order = [item for item in taken if item != name]
    author_first = sorted(order, key=lambda item: taken[item] != AGREE)
    letters = {item: taken[item][0] for item in (*author_first, name)}
    await tx.run(
        "UPDATE stances SET taken = :taken WHERE submission_id = :id",
        taken=to_json(letters),
        id=submission_id,
    )


async def logs_it(
    tx: Transaction, dialogue: Dialogue, submission_id: int, person: Participant, now: datetime
) -> None:
    await actions.record(tx, office_id=dialogue.office_id, action="stance.taken", now=now)


@pytest.mark.parametrize(
    ("trace", "clue"),
    [
        (keeps_the_account, "stances holds both"),
        (keeps_one_name, "stances: the same name on two submissions"),
        (keeps_the_order, "stances: the first to support stands first"),
        (logs_it, "actions.done_at is a moment"),
    ],
)
async def test_each_trace_is_noticed(database: Database, dialogue: Dialogue, trace: Trace, clue: str) -> None:
    before, after, sending = await play(database, dialogue, trace)

    assert clue in clues(before, after, sending)
