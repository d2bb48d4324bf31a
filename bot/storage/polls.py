"""Polls: questions with options, and what participants chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, new_code, new_id, to_json

ONE, SEVERAL, SCALE, RANKING, QUIZ = "one", "several", "scale", "ranking", "quiz"
KINDS = (ONE, SEVERAL, SCALE, RANKING, QUIZ)

DRAFT, OPEN, CLOSED = "draft", "open", "closed"


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with options."""

    id: int
    meeting_id: int
    number: int
    """Within the meeting, from 1 on."""
    slug: str
    """The name that stays when the poll is imported again."""
    kind: str
    """One of :data:`KINDS`."""
    question: str
    options: tuple[str, ...]
    """Their texts; those of a scale are its steps, from the lowest on."""
    right_option: int | None
    """The place of a quiz's right option, from 0 on; None for other kinds."""
    explanation: str
    """Why that option is right; may be empty."""
    hidden: bool
    """Whether participants see results only after it was closed."""
    state: str
    """``draft``, ``open`` or ``closed``; a closed one can be opened again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one participant chose."""

    sector: str
    chosen: tuple[int, ...]
    """Places of options from 0 on; a ranking's from the most important on."""


def _poll(row: Row) -> Poll:
    return Poll(
        id=row["id"],
        meeting_id=row["meeting_id"],
        number=row["number"],
        slug=row["slug"],
        kind=row["kind"],
        question=row["question"],
        options=tuple(from_json(row["options"])),
        right_option=row["right_option"],
        explanation=row["explanation"],
        hidden=bool(row["hidden"]),
        state=row["state"],
    )


async def add(
    tx: Transaction,
    meeting_id: int,
    *,
    kind: str,
    question: str,
    options: Sequence[str],
    right_option: int | None,
    explanation: str,
    hidden: bool,
    slug: str | None = None,
) -> Poll:
    """Keep a draft under the meeting's next number; without a ``slug`` it gets one."""
    await tx.lock(f"polls {meeting_id}")
    row = await tx.one(
        "INSERT INTO polls (id, meeting_id, number, slug, kind, question, options, right_option, explanation, hidden,"
        " state)"
        " SELECT CAST(:id AS BIGINT), CAST(:meeting AS BIGINT), COALESCE(MAX(number), 0) + 1, CAST(:slug AS TEXT),"
        " CAST(:kind AS TEXT),"
        " CAST(:question AS TEXT), CAST(:options AS TEXT), CAST(:right_option AS BIGINT), CAST(:explanation AS TEXT),"
        " CAST(:hidden AS BIGINT), 'draft' FROM polls WHERE meeting_id = :meeting RETURNING *",
        id=new_id(),
        meeting=meeting_id,
        slug=slug or f"jajak-{new_code(6).lower()}",
        kind=kind,
        question=question,
        options=to_json(list(options)),
        right_option=right_option,
        explanation=explanation,
        hidden=int(hidden),
    )
    assert row is not None
    return _poll(row)


async def find(tx: Transaction, poll_id: int) -> Poll | None:
    row = await tx.one("SELECT * FROM polls WHERE id = :id", id=poll_id)
    return None if row is None else _poll(row)


async def of_meeting(tx: Transaction, meeting_id: int) -> list[Poll]:
    """The polls of a meeting, the newest first."""
    rows = await tx.all(
        "SELECT * FROM polls WHERE meeting_id = :meeting ORDER BY number DESC", meeting=meeting_id
    )
    return [_poll(row) for row in rows]


async def change_draft(tx: Transaction, poll: Poll) -> bool:
    """Write what a draft asks; False when it is no draft, so that people may have answered."""
    changed = await tx.run(
        "UPDATE polls SET kind = :kind, question = :question, options = :options, right_option = :right_option,"
        " explanation = :explanation, hidden = :hidden WHERE id = :id AND state = 'draft'",
        id=poll.id,
        kind=poll.kind,
        question=poll.question,
        options=to_json(list(poll.options)),
        right_option=poll.right_option,
        explanation=poll.explanation,
        hidden=int(poll.hidden),
    )
    return changed > 0


async def remove_draft(tx: Transaction, poll_id: int) -> bool:
    """Forget a draft; False when it is none, so that people may have answered."""
    return await tx.run("DELETE FROM polls WHERE id = :id AND state = 'draft'", id=poll_id) > 0


async def set_state(tx: Transaction, poll_id: int, state: str, *, unless: str) -> bool:
    """Bring a poll into a state; False when its state is ``unless``."""
    changed = await tx.run(
        "UPDATE polls SET state = :state WHERE id = :id AND state <> :unless",
        id=poll_id,
        state=state,
        unless=unless,
    )
    return changed > 0


async def remove(tx: Transaction, poll_id: int) -> None:
    """Forget a poll with everybody's answers."""
    await tx.run("DELETE FROM poll_answers WHERE poll_id = :id", id=poll_id)
    await tx.run("DELETE FROM polls WHERE id = :id", id=poll_id)


async def chosen_by(tx: Transaction, poll_id: int, participant_id: int) -> tuple[int, ...]:
    """What a participant chose so far."""
    row = await tx.one(
        "SELECT chosen FROM poll_answers WHERE poll_id = :poll AND participant_id = :participant",
        poll=poll_id,
        participant=participant_id,
    )
    return () if row is None else tuple(from_json(row["chosen"]))


async def save_answer(tx: Transaction, poll_id: int, participant_id: int, chosen: Sequence[int]) -> None:
    """Put this in the place of what the participant chose before; nothing chosen takes it back."""
    if not chosen:
        await tx.run(
            "DELETE FROM poll_answers WHERE poll_id = :poll AND participant_id = :participant",
            poll=poll_id,
            participant=participant_id,
        )
        return
    await tx.run(
        "INSERT INTO poll_answers (poll_id, participant_id, chosen) VALUES (:poll, :participant, :chosen)"
        " ON CONFLICT (poll_id, participant_id) DO UPDATE SET chosen = excluded.chosen",
        poll=poll_id,
        participant=participant_id,
        chosen=to_json(list(chosen)),
    )


async def answers(tx: Transaction, poll_id: int) -> list[Answer]:
    """What those who are registered chose; half-made rankings are among it."""
    rows = await tx.all(
        "SELECT participants.sector AS sector, poll_answers.chosen AS chosen FROM poll_answers"
        " JOIN participants ON participants.id = poll_answers.participant_id"
        " WHERE poll_answers.poll_id = :poll AND participants.state = 'registered'"
        " ORDER BY participants.sector, poll_answers.chosen",
        poll=poll_id,
    )
    return [Answer(row["sector"], tuple(from_json(row["chosen"]))) for row in rows]
