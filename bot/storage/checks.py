"""The understanding check of a meeting: statements on the rules, and what participants think of them in two rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, new_code, new_id, to_json

DRAFT, BEFORE, DIALOGUE, AFTER, CLOSED = "draft", "before", "dialogue", "after", "closed"
STAGES = (DRAFT, BEFORE, DIALOGUE, AFTER, CLOSED)
"""In their order: being written, first round open, between the rounds, second round open, done."""
ROUNDS = (BEFORE, AFTER)

TRUE, FALSE, UNSURE = "true", "false", "unsure"
ANSWERS = (TRUE, FALSE, UNSURE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that is true or false by the rules."""

    id: int
    meeting_id: int
    position: int
    """Its number, from 1 on."""
    slug: str
    """The name that stays when it is imported again; that of a ready one."""
    text: Mapping[str, str]
    """By locale."""
    is_true: bool
    legal_basis: str
    rule_id: str | None
    """The card that says so; None when the office wrote the basis itself."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one participant thinks of a statement in one round."""

    statement_id: int
    participant_id: int
    sector: str
    round: str
    answer: str


def _statement(row: Row) -> Statement:
    return Statement(
        id=row["id"],
        meeting_id=row["meeting_id"],
        position=row["position"],
        slug=row["slug"],
        text=from_json(row["text"]),
        is_true=bool(row["is_true"]),
        legal_basis=row["legal_basis"],
        rule_id=row["rule_id"],
    )


async def stage(tx: Transaction, meeting_id: int) -> str:
    """Where the check of a meeting stands; a draft when nobody has begun one."""
    found: str | None = await tx.value("SELECT stage FROM checks WHERE meeting_id = :id", id=meeting_id)
    return found or DRAFT


async def set_stage(tx: Transaction, meeting_id: int, new: str) -> None:
    await tx.run(
        "INSERT INTO checks (meeting_id, stage) VALUES (:id, :stage)"
        " ON CONFLICT (meeting_id) DO UPDATE SET stage = excluded.stage",
        id=meeting_id,
        stage=new,
    )


async def hold(tx: Transaction, meeting_id: int) -> None:
    """Keep answering, editing and moving on apart until the transaction ends."""
    await tx.lock(f"check {meeting_id}")


async def add(
    tx: Transaction,
    meeting_id: int,
    *,
    slug: str | None,
    text: Mapping[str, str],
    is_true: bool,
    legal_basis: str,
    rule_id: str | None,
) -> None:
    """Put a statement at the end; one with its slug that is there already stays as it is. The caller holds the check.

    Without a ``slug`` it gets one.
    """
    await tx.run(
        "INSERT INTO checks (meeting_id, stage) VALUES (:id, 'draft') ON CONFLICT (meeting_id) DO NOTHING",
        id=meeting_id,
    )
    last = await tx.value("SELECT MAX(position) FROM statements WHERE meeting_id = :id", id=meeting_id)
    await tx.run(
        "INSERT INTO statements (id, meeting_id, position, slug, text, is_true, legal_basis, rule_id)"
        " VALUES (:id, :meeting, :position, :slug, :text, :is_true, :basis, :rule)"
        " ON CONFLICT (meeting_id, slug) DO NOTHING",
        id=new_id(),
        meeting=meeting_id,
        position=(last or 0) + 1,
        slug=slug or f"pernyataan-{new_code(6).lower()}",
        text=to_json(dict(text)),
        is_true=int(is_true),
        basis=legal_basis,
        rule=rule_id,
    )


async def remove(tx: Transaction, statement: Statement) -> None:
    """Take a statement out; those after it move up. The caller holds the check."""
    await tx.run("DELETE FROM statement_answers WHERE statement_id = :id", id=statement.id)
    await tx.run("DELETE FROM statements WHERE id = :id", id=statement.id)
    for later in await of_meeting(tx, statement.meeting_id):
        if later.position > statement.position:
            await tx.run(
                "UPDATE statements SET position = :position WHERE id = :id",
                position=later.position - 1,
                id=later.id,
            )


async def clear(tx: Transaction, meeting_id: int) -> None:
    """Take every statement out of a draft. The caller holds the check."""
    await tx.run("DELETE FROM statements WHERE meeting_id = :id", id=meeting_id)


async def find(tx: Transaction, statement_id: int) -> Statement | None:
    row = await tx.one("SELECT * FROM statements WHERE id = :id", id=statement_id)
    return None if row is None else _statement(row)


async def of_meeting(tx: Transaction, meeting_id: int) -> list[Statement]:
    """The statements of a meeting's check, by number."""
    rows = await tx.all(
        "SELECT * FROM statements WHERE meeting_id = :meeting ORDER BY position", meeting=meeting_id
    )
    return [_statement(row) for row in rows]


async def answered(tx: Transaction, meeting_id: int, participant_id: int, round_: str) -> dict[int, str]:
    """Statement id to a participant's answer in a round."""
    rows = await tx.all(
        "SELECT statement_id, answer FROM statement_answers"
        " JOIN statements ON statements.id = statement_answers.statement_id"
        " WHERE statements.meeting_id = :meeting AND participant_id = :participant AND round = :round",
        meeting=meeting_id,
        participant=participant_id,
        round=round_,
    )
    return {row["statement_id"]: row["answer"] for row in rows}


async def save_answer(
    tx: Transaction, statement_id: int, participant_id: int, round_: str, answer: str
) -> None:
    """Put this in the place of the participant's earlier answer in the round."""
    await tx.run(
        "INSERT INTO statement_answers (statement_id, participant_id, round, answer)"
        " VALUES (:statement, :participant, :round, :answer)"
        " ON CONFLICT (statement_id, participant_id, round) DO UPDATE SET answer = excluded.answer",
        statement=statement_id,
        participant=participant_id,
        round=round_,
        answer=answer,
    )


async def opinions(tx: Transaction, meeting_id: int) -> list[Opinion]:
    """Everything that those who are registered answered, in both rounds."""
    rows = await tx.all(
        "SELECT statement_answers.*, participants.sector AS sector FROM statement_answers"
        " JOIN statements ON statements.id = statement_answers.statement_id"
        " JOIN participants ON participants.id = statement_answers.participant_id"
        " WHERE statements.meeting_id = :meeting AND participants.state = 'registered'",
        meeting=meeting_id,
    )
    return [
        Opinion(row["statement_id"], row["participant_id"], row["sector"], row["round"], row["answer"])
        for row in rows
    ]
