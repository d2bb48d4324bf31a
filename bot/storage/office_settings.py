"""What an office set for all that goes out in its name."""

from __future__ import annotations

from dataclasses import dataclass

from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Settings:
    """Hours are ``HH:MM`` on the office's clocks, both None for no quiet hours."""

    quiet_from: str | None
    quiet_until: str | None
    approval_above: int | None
    """The number of people above which a second organiser has to approve; None for never."""


async def find(tx: Transaction, office_id: int) -> Settings:
    row = await tx.one(
        "SELECT quiet_from, quiet_until, approval_above FROM offices WHERE id = :id", id=office_id
    )
    if row is None:
        return Settings(None, None, None)
    return Settings(row["quiet_from"], row["quiet_until"], row["approval_above"])


async def set_quiet_hours(tx: Transaction, office_id: int, start: str | None, end: str | None) -> None:
    await tx.run(
        "UPDATE offices SET quiet_from = CAST(:start AS TEXT), quiet_until = CAST(:end AS TEXT) WHERE id = :id",
        id=office_id,
        start=start,
        end=end,
    )


async def set_approval(tx: Transaction, office_id: int, above: int | None) -> None:
    await tx.run(
        "UPDATE offices SET approval_above = CAST(:above AS BIGINT) WHERE id = :id", id=office_id, above=above
    )
