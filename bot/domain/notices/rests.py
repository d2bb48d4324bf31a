"""Broadcasts larger than what an office's quiet hours allow: what is not sent by then goes on when they are over.

Quiet hours hold for reminders of rules and for announcements. What concerns a meeting that people attend (a session
that opened, the hour of the meeting) and what organisers are told comes at any hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.office_settings import quiet_hours
from bot.storage import broadcast_control as control
from bot.storage import office_settings
from bot.storage.database import Transaction


async def begin(tx: Transaction, broadcast_ids: Iterable[int], now: datetime) -> set[int]:
    """Let those of these broadcasts rest for which it is quiet now; which they are."""
    resting = set()
    for broadcast_id in broadcast_ids:
        kept = await control.keeps_quiet(tx, broadcast_id)
        if kept is None:
            continue
        office_id, zone = kept
        hours = quiet_hours(await office_settings.find(tx, office_id))
        if hours is not None and hours.holds(now, zone):
            await control.rest(tx, broadcast_id, hours.after(now, zone))
            resting.add(broadcast_id)
    return resting


async def are_over(tx: Transaction, now: datetime) -> bool:
    """Whether a broadcast rests whose quiet hours are over."""
    return bool(await control.rested(tx, now))


async def end(tx: Transaction, now: datetime) -> None:
    """Let go on what rests and need not any more."""
    for broadcast_id in await control.rested(tx, now):
        await control.resume(tx, broadcast_id)
