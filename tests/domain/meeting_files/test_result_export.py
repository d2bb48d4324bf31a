"""Exported results tell only what may be shown: not before it is time, and never of few people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.meeting_files import meeting_collected
from bot.domain.meeting_files.meeting_file import Poll, Statement
from bot.storage import checks, meetings, participants, polls, sessions, submissions
from bot.storage.checks import AFTER, BEFORE, FALSE, TRUE
from bot.storage.database import Database, Transaction
from tests.domain.meeting_files.files import NOW, SAMPLE, apply

POLL = Poll("waktu", "one", "Kapan?", ("Pagi", "Siang"), hidden=True)
FACT = Statement("netral", {"id": "ASN wajib netral."}, True, "UU 20/2023")
SECTORS = ("asn", "asn", "asn", "tni")
"""Of four people: three civil servants and one soldier, who is too few to be shown."""


async def collected(tx: Transaction, meeting_id: int) -> dict[str, Any]:
    meeting = await meetings.find(tx, meeting_id)
    assert meeting is not None
    return await meeting_collected.collected(tx, meeting)


async def answer(tx: Transaction, meeting_id: int) -> None:
    """All answer the poll with its first option but the soldier; the statement is known to all in the second round."""
    [poll] = await polls.of_meeting(tx, meeting_id)
    [statement] = await checks.of_meeting(tx, meeting_id)
    await polls.set_state(tx, poll.id, polls.OPEN, unless=polls.OPEN)
    for number, sector in enumerate(SECTORS):
        person = await participants.add(
            tx,
            meeting_id=meeting_id,
            person_id=None,
            sector=sector,
            name=f"Orang {number}",
            institution="Dinas",
            position="Staf",
            ticket=f"T{number}",
            now=NOW,
        )
        assert person is not None
        await polls.save_answer(tx, poll.id, person.id, (1 if sector == "tni" else 0,))
        await checks.save_answer(tx, statement.id, person.id, BEFORE, TRUE if number == 0 else FALSE)
        await checks.save_answer(tx, statement.id, person.id, AFTER, TRUE)


async def test_results_wait_for_their_time_and_leave_small_sectors_out(database: Database) -> None:
    summary = await apply(database, replace(SAMPLE, polls=(POLL,), statements=(FACT,)))

    async def work(tx: Transaction) -> None:
        meeting_id = summary.meeting_id
        assert (await collected(tx, meeting_id))["polls"] == []
        await answer(tx, meeting_id)
        early = await collected(tx, meeting_id)
        assert early["polls"] == [{"slug": "waktu", "number": 1, "state": "open", "results": None}]
        assert early["check"] == {"stage": "draft", "results": None}

        [poll] = await polls.of_meeting(tx, meeting_id)
        await polls.set_state(tx, poll.id, polls.CLOSED, unless=polls.CLOSED)
        await checks.set_stage(tx, meeting_id, checks.CLOSED)
        late = await collected(tx, meeting_id)

        shown = {
            "people": 3,
            "counts": [{"option": "Pagi", "people": 3}, {"option": "Siang", "people": 0}],
        }
        assert late["polls"][0]["results"] == {
            "all": shown,
            "groups": [{"sectors": ["asn"], **shown}],
            "left_out": 1,
            "smallest_group": 3,
        }
        results = late["check"]["results"]
        assert [group["sectors"] for group in results["groups"]] == [["asn"]]
        assert (results["all"]["people"], results["all"]["right_before"], results["all"]["right_after"]) == (
            3,
            0.3333,
            1.0,
        )
        assert (results["statements"][0]["slug"], results["left_out"], results["answered_once"]) == (
            "netral",
            1,
            0,
        )

    await database.write(work)


async def test_the_answer_to_a_submission_is_told_with_it(database: Database) -> None:
    summary = await apply(database, SAMPLE)

    async def work(tx: Transaction) -> None:
        [session] = await sessions.of_meeting(tx, summary.meeting_id)
        asked = await submissions.add_anonymous(
            tx,
            meeting_id=summary.meeting_id,
            session_id=session.id,
            kind="question",
            text="Kapan?",
            sent_on=NOW.date(),
            receipt_hash="hash",
        )
        await submissions.change(
            tx,
            asked,
            state=submissions.PUBLISHED,
            number=1,
            answered=submissions.WRITTEN,
            answer="Besok.",
            answered_by="Yusnar",
        )
        [told] = (await collected(tx, summary.meeting_id))["submissions"]
        assert told == {
            "number": 1,
            "session": "dialog",
            "kind": "question",
            "text": "Kapan?",
            "anonymous": True,
            "author": None,
            "answered": "written",
            "answer": "Besok.",
            "answered_by": "Yusnar",
        }

    await database.write(work)
