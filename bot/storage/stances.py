"""Stances on published submissions: personal ones under sealed names, and those of institutions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, to_json

AGREE, DISAGREE, PASS = "agree", "disagree", "pass"
STANCES = (AGREE, DISAGREE, PASS)

_LETTERS = {AGREE: "a", DISAGREE: "d", PASS: "p"}
_STANCES = {letter: stance for stance, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Weighable:
    """A published submission with the stances that were taken on it."""

    id: int
    number: int
    kind: str
    text: str
    participant_id: int | None
    """The author; None for an anonymous submission."""
    people: int
    """How many took a stance."""
    taken: str
    """Who took which, as :func:`read` understands it."""
    answers_id: int | None
    """The challenge that this one suggests a solution to."""
    is_answered: bool
    """Whether it was answered, in writing or in the hall."""

    def stance_of(self, name: str) -> str | None:
        """The stance under a sealed name; None when there is none."""
        # Looked up in the text: most are asked for one name, and unpacking hundreds takes a hundred times as long.
        mark = f'"{name}":"'
        place = self.taken.find(mark)
        return None if place < 0 else _STANCES[self.taken[place + len(mark)]]


def _weighable(row: Row) -> Weighable:
    return Weighable(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        text=row["text"],
        participant_id=row["participant_id"],
        people=row["people"] or 0,
        taken=row["taken"] or "{}",
        answers_id=row["answers_id"],
        is_answered=row["answered"] is not None,
    )


async def published(tx: Transaction, meeting_id: int) -> list[Weighable]:
    """The published submissions of a meeting, by number."""
    rows = await tx.all(
        "SELECT id, number, kind, text, participant_id, answers_id, answered, people, taken FROM submissions"
        " LEFT JOIN stances ON stances.submission_id = submissions.id"
        " WHERE submissions.meeting_id = :meeting AND state = 'published' AND number IS NOT NULL ORDER BY number",
        meeting=meeting_id,
    )
    return [_weighable(row) for row in rows]


def read(taken: str) -> dict[str, str]:
    """Sealed name to stance."""
    return {name: _STANCES[letter] for name, letter in from_json(taken).items()}


async def taken_on(tx: Transaction, submission_id: int) -> dict[str, str]:
    """Sealed name to stance. Who is to change it locks it first."""
    stored = await tx.value("SELECT taken FROM stances WHERE submission_id = :id", id=submission_id)
    return {} if stored is None else read(stored)


async def save(tx: Transaction, submission_id: int, taken: Mapping[str, str]) -> None:
    """Keep the stances on a submission, sorted by their sealed names, so that their order tells nothing."""
    await tx.run(
        "INSERT INTO stances (submission_id, people, taken) VALUES (:id, :people, :taken)"
        " ON CONFLICT (submission_id) DO UPDATE SET people = excluded.people, taken = excluded.taken",
        id=submission_id,
        people=len(taken),
        taken=to_json({name: _LETTERS[taken[name]] for name in sorted(taken)}),
    )


async def hold(tx: Transaction, submission_id: int) -> None:
    """Let nobody else change the stances on a submission until the transaction ends."""
    await tx.lock(f"stances {submission_id}")


@dataclass(frozen=True, slots=True)
class InstitutionStance:
    """What an institution says in its own name."""

    submission_id: int
    institution: str
    stance: str


async def of_institutions(tx: Transaction, meeting_id: int) -> list[InstitutionStance]:
    """The open stances of institutions on what is published in a meeting, by institution."""
    rows = await tx.all(
        "SELECT submission_id, institution, stance FROM institution_stances"
        " JOIN submissions ON submissions.id = institution_stances.submission_id"
        " WHERE submissions.meeting_id = :meeting AND submissions.state = 'published'"
        " ORDER BY institution, submissions.number",
        meeting=meeting_id,
    )
    return [InstitutionStance(row["submission_id"], row["institution"], row["stance"]) for row in rows]


async def save_institution(tx: Transaction, submission_id: int, institution: str, stance: str | None) -> None:
    """Let an institution take a stance in the place of its earlier one; None takes that back."""
    if stance is None:
        await tx.run(
            "DELETE FROM institution_stances WHERE submission_id = :id AND institution = :institution",
            id=submission_id,
            institution=institution,
        )
        return
    await tx.run(
        "INSERT INTO institution_stances (submission_id, institution, stance) VALUES (:id, :institution, :stance)"
        " ON CONFLICT (submission_id, institution) DO UPDATE SET stance = excluded.stance",
        id=submission_id,
        institution=institution,
        stance=stance,
    )


async def sectors_of_people(tx: Transaction, meeting_id: int) -> dict[int, str]:
    """Telegram account to sector, of those registered for a meeting: whoever can take stances in it."""
    rows = await tx.all(
        "SELECT person_id, sector FROM participants WHERE meeting_id = :meeting"
        " AND state = 'registered' AND person_id IS NOT NULL",
        meeting=meeting_id,
    )
    return {row["person_id"]: row["sector"] for row in rows}
