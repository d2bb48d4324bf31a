"""Who took part in a meeting and who was invited, as an export holds them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.storage.invitees import Invitee
from bot.storage.participants import Participant


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def how_they_came(person: Participant) -> dict[str, Any]:
    """What a registration holds beyond the usual; empty for most."""
    more = {
        "represents": person.represents,
        "assignment_letter": person.assignment_letter,
        "answers": dict(person.answers),
    }
    return {name: value for name, value in more.items() if value}


def invited(people: list[Invitee], zone: ZoneInfo) -> list[dict[str, Any]]:
    """The office's list of the invited, with what became of each invitation."""
    return [
        {
            "name": one.entry.name,
            "sector": one.entry.sector,
            "institution": one.entry.institution,
            "position": one.entry.position,
            "phone": one.entry.phone,
            "rank": one.entry.rank,
            "staff_number": one.entry.staff_number,
            "state": one.state,
            "reason": one.reason,
            "invited_at": _local(one.invited_at, zone),
            "opened_at": _local(one.opened_at, zone),
            "registered_at": _local(one.registered_at, zone),
            "declined_at": _local(one.declined_at, zone),
            "represented_at": _local(one.represented_at, zone),
        }
        for one in people
    ]
