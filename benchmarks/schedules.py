"""How soon the next due work is found among many schedules.

    python -m benchmarks.schedules [--engine sqlite|postgresql]

10,000 reminders of 400 meetings (offsets from stages, weekly ones, fixed times): what each update and each alarm asks,
what one transaction deals with when 20 are due, and what a new calendar costs, for which all are worked out anew.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from benchmarks.databases import ENGINES, empty_database
from benchmarks.tables import table
from bot.domain.notices.broadcasts import Content
from bot.domain.reminders import reminder_times, reminders
from bot.domain.reminders.wordings import Wording
from bot.domain.rules import stages
from bot.storage import offices
from bot.storage import reminders as stored
from bot.storage.database import Database, Transaction, connect
from bot.storage.meetings import OPEN, Meeting
from bot.storage.migrations import migrate
from bot.storage.reminders import Reminder
from bot.storage.values import millis, new_id, to_json

MEETINGS, SCHEDULES, LOOKS = 400, 10_000, 300
NOW = datetime(2024, 8, 1, 1, tzinfo=UTC)

T = TypeVar("T")


class Texts:
    """Reminders in as few words as possible."""

    def reminder(self, reminder: Reminder, wording: Wording, meeting: Meeting) -> Content:
        return Content({"id": reminder.slug})

    def missed(self, reminder: Reminder, meeting: Meeting, due_at: datetime) -> Content:
        return Content({"id": reminder.slug})

    def held(
        self, reminder: Reminder, meeting: Meeting, due_at: datetime, why: str, request: int | None
    ) -> Content:
        return Content({"id": reminder.slug})


def schedule(number: int) -> dict[str, Any]:
    """One of the kinds of schedules that offices have."""
    dated = [stage.id for stage in stages.calendar().stages if stage.start is not None]
    if number % 3 == 0:
        return {
            "weekly": {"days": ["mon"], "time": f"{number % 24:02}:{number % 60:02}", "until": "voting_day"}
        }
    if number % 3 == 1:
        stage = dated[number % len(dated)]
        offset = {
            "anchor": "stage_start",
            "stage": stage,
            "days": [-7, -1, 0],
            "time": f"{number % 24:02}:00",
        }
        return {"offset": offset}
    return {"at": (NOW + timedelta(minutes=number)).replace(tzinfo=None).isoformat(), "zone": "UTC"}


async def fill(tx: Transaction) -> None:
    """An office with its meetings and all their reminders."""
    office = await offices.save(
        tx, code="b", name="B", city="B", timezone="Asia/Jakarta", locale="id", contact="", now=NOW
    )
    rows = []
    for place in range(MEETINGS):
        starts = NOW + timedelta(days=place % 90)
        meeting_id = new_id()
        await tx.run(
            "INSERT INTO meetings (id, office_id, code, title, theme, venue, address, starts_at, ends_at, timezone,"
            " state, contact, updated_at) VALUES (:id, :office, :code, '{}', '{}', '', '', :starts, :ends,"
            " 'Asia/Jakarta', :state, '', 0)",
            id=meeting_id,
            office=office.id,
            code=f"m{place}",
            starts=millis(starts),
            ends=millis(starts + timedelta(hours=8)),
            state=OPEN,
        )
        rows += [
            {
                "id": new_id(),
                "office": office.id,
                "meeting": meeting_id,
                "slug": str(number),
                "schedule": to_json(schedule(number)),
                "now": millis(NOW),
            }
            for number in range(place, SCHEDULES, MEETINGS)
        ]
    await tx.many(
        "INSERT INTO reminders (id, office_id, meeting_id, slug, title, text, legal_basis, sources, audience, schedule,"
        " grace_minutes, state, armed_at, watched_from) VALUES (:id, :office, :meeting, :slug, '{}', '{}', '[]', '[]',"
        " '{\"sectors\":\"all\"}', :schedule, 720, 'active', :now, :now)",
        rows,
    )


async def timed(work: Callable[[], Awaitable[T]], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        await work()
        found.append((time.perf_counter() - started) * 1000)
    return sorted(found)


async def measure(database: Database) -> list[tuple[str, list[float]]]:
    await migrate(database)
    await database.write(fill)
    planned = await timed(lambda: database.write(reminder_times.plan), 1)

    # As autovacuum does it in time; a planner without statistics reads whole tables.
    await database.write(lambda tx: tx.run("ANALYZE"))

    glances = await timed(lambda: database.read(lambda tx: reminder_times.glance(tx, NOW)), LOOKS)
    dues = await timed(lambda: database.read(lambda tx: stored.due(tx, NOW + timedelta(days=3), 20)), LOOKS)
    later = NOW + timedelta(hours=3)
    collected = await timed(lambda: database.write(lambda tx: reminders.collect_due(tx, later, Texts())), 3)
    return [
        ("is anything new, and when is the next due?", glances),
        ("the next 20 that are due", dues),
        (f"deal with {reminders.BATCH} that are due, their broadcasts included", collected),
        (f"work out all {SCHEDULES:,} anew (another calendar)", planned),
    ]


async def run(url: str) -> None:
    async with connect(url) as database:
        rows = [
            (
                what,
                f"{statistics.median(found):.2f}",
                f"{found[min(len(found) - 1, len(found) * 95 // 100)]:.2f}",
            )
            for what, found in await measure(database)
        ]
        print(f"{SCHEDULES:,} schedules of {MEETINGS} meetings, {database.engine}, milliseconds\n")
    print(table(("", "median", "p95"), rows))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    with empty_database(parser.parse_args().engine) as url:
        asyncio.run(run(url))


if __name__ == "__main__":
    main()
