"""What polls and the understanding check say, as an export holds it, by the rule of small sectors."""

from __future__ import annotations

import math
from typing import Any

from bot.domain.agreement.agreement import Group
from bot.domain.polls import polls, understanding
from bot.domain.polls.intervals import Interval
from bot.domain.polls.polls import Tally
from bot.domain.polls.understanding_results import GroupShift
from bot.storage import checks
from bot.storage import polls as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.polls import CLOSED, DRAFT, Poll


async def polls_of(tx: Transaction, meeting: Meeting) -> list[dict[str, Any]]:
    """The polls that people were asked, the oldest first; without results while those are hidden."""
    found = []
    for poll in reversed(await stored.of_meeting(tx, meeting.id)):
        if poll.state == DRAFT:
            continue
        entry: dict[str, Any] = {
            "slug": poll.slug,
            "number": poll.number,
            "state": poll.state,
            "results": None,
        }
        if poll.state == CLOSED or not poll.hidden:
            results = await polls.results(tx, poll, meeting)
            entry["results"] = {
                "all": _tally(poll, results.total),
                "groups": [
                    {"sectors": _sectors(group), **_tally(poll, counted)} for group, counted in results.groups
                ],
                "left_out": results.left_out,
                "smallest_group": results.smallest,
            }
        found.append(entry)
    return found


def _tally(poll: Poll, tally: Tally) -> dict[str, Any]:
    counted: dict[str, Any] = {
        "people": tally.people,
        "counts": [
            {"option": option, "people": count}
            for option, count in zip(poll.options, tally.counts, strict=True)
        ],
    }
    if tally.places:
        counted["average_places"] = [round(place, 4) for place in tally.places]
    return counted


async def check_of(tx: Transaction, meeting: Meeting) -> dict[str, Any]:
    """The stage of the understanding check, and its results once it is closed."""
    stage = await checks.stage(tx, meeting.id)
    if stage != checks.CLOSED:
        return {"stage": stage, "results": None}
    results = await understanding.results(tx, meeting)
    return {
        "stage": stage,
        "results": {
            "all": None if results.total is None else _shift(results.total),
            "groups": [{"sectors": _sectors(group), **_shift(shift)} for group, shift in results.groups],
            "statements": [
                {
                    "slug": shift.statement.slug,
                    "right_before": _interval(shift.before),
                    "right_after": _interval(shift.after),
                    "change": _interval(shift.change),
                }
                for shift in results.statements
            ],
            "alike_between_groups_before": _share(results.between_before),
            "alike_between_groups_after": _share(results.between_after),
            "left_out": results.left_out,
            "answered_once": results.once,
            "smallest_group": results.smallest,
        },
    }


def _shift(shift: GroupShift) -> dict[str, Any]:
    return {
        "people": shift.people,
        "right_before": _share(shift.before),
        "right_after": _share(shift.after),
        "change": _interval(shift.change),
        "alike_before": _share(shift.alike_before),
        "alike_after": _share(shift.alike_after),
    }


def _interval(interval: Interval) -> dict[str, float | None]:
    return {"value": _share(interval.estimate), "low": _share(interval.low), "high": _share(interval.high)}


def _share(value: float | None) -> float | None:
    """To four places; None also for a bound that there is not, which JSON cannot say."""
    return round(value, 4) if value is not None and math.isfinite(value) else None


def _sectors(group: Group) -> list[str]:
    return list(group.sectors)
