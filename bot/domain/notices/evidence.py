"""Proof that a notice reached whom it was meant for (bukti penyampaian), and that all were told alike.

The unit is the institution within its sector, since it is the institution that must know: it was told when the first of
its delegates was, and has noted when one of them did, for the text as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.people.names import folded
from bot.storage import broadcasts, deliveries, receipts
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Transaction
from bot.storage.receipts import Told

NOTICES = ("announcement", "reminder")
"""The kinds of broadcasts that proof is asked of."""


@dataclass(slots=True)
class Institution:
    """What became of a notice at one institution."""

    sector: str
    name: str
    """As its first delegate wrote it."""
    delegates: list[Told] = field(default_factory=list)

    @property
    def told_at(self) -> datetime | None:
        """When the first delegate was told; None when none was."""
        return min((item.sent_at for item in self.delegates if item.sent_at is not None), default=None)

    def noted_at(self, version: int) -> datetime | None:
        """When the first delegate noted this version of the text; None when none did."""
        moments = [
            item.noted_at
            for item in self.delegates
            if item.noted_at is not None and (item.noted_version or 0) >= version
        ]
        return min(moments, default=None)


@dataclass(slots=True)
class SectorCount:
    """Chats and institutions of one sector (None: groups, and people who are not on the list any more)."""

    sector: str | None
    total: int = 0
    sent: int = 0
    blocked: int = 0
    failed: int = 0
    waiting: int = 0
    institutions: int = 0
    noted: int = 0


def has_it(item: Told) -> bool:
    """Whether the notice arrived in a chat and was not taken back there."""
    return item.sent_at is not None and item.state not in (deliveries.DELETED, deliveries.DROPPED)


def institutions(rows: Sequence[Told]) -> list[Institution]:
    """The institutions among the recipients, in the order of ``rows``.

    Spellings that differ in case or punctuation only are one.
    """
    found: dict[tuple[str, str], Institution] = {}
    for item in rows:
        if item.sector is not None:
            key = item.sector, folded(item.institution)
            found.setdefault(key, Institution(item.sector, item.institution)).delegates.append(item)
    return list(found.values())


def silent(rows: Sequence[Told], version: int) -> list[Institution]:
    """The institutions that were told and have not noted this version of the text."""
    return [
        one for one in institutions(rows) if any(map(has_it, one.delegates)) and one.noted_at(version) is None
    ]


def by_sector(rows: Sequence[Told], version: int) -> list[SectorCount]:
    """The counts of each sector, in the order of ``rows``."""
    counts: dict[str | None, SectorCount] = {}
    for item in rows:
        count = counts.setdefault(item.sector, SectorCount(item.sector))
        count.total += 1
        count.sent += has_it(item)
        count.blocked += item.state == deliveries.BLOCKED
        count.failed += item.state == deliveries.FAILED
        count.waiting += item.state in deliveries.OPEN_STATES and item.sent_at is None
    for one in institutions(rows):
        counts[one.sector].institutions += 1
        counts[one.sector].noted += one.noted_at(version) is not None
    return list(counts.values())


async def notices(tx: Transaction, meeting_id: int) -> list[Broadcast]:
    """The announcements and reminders of a meeting that were sent off, the latest first."""
    found = await broadcasts.of_meeting(tx, meeting_id)
    return [one for one in reversed(found) if one.kind in NOTICES]


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice with all that is known of its delivery."""

    broadcast: Broadcast
    told: Sequence[Told]


async def register(tx: Transaction, meeting_id: int) -> list[Notice]:
    """Every notice of a meeting and who was told it, the first notice first: the whole proof, for a document."""
    return [Notice(one, await receipts.told(tx, one.id)) for one in reversed(await notices(tx, meeting_id))]


def told_alike(found: Sequence[Notice]) -> list[tuple[str, str, list[datetime | None]]]:
    """Institution by institution, when it was told each notice: sector, name, and a moment (or None) a notice."""
    table: dict[tuple[str, str], tuple[str, str, list[datetime | None]]] = {}
    for place, notice in enumerate(found):
        for one in institutions(notice.told):
            key = one.sector, folded(one.name)
            row = table.setdefault(key, (one.sector, one.name, [None] * len(found)))
            row[2][place] = one.told_at
    return sorted(table.values(), key=lambda row: (row[0], folded(row[1])))
