"""Who runs an office at first: those of ADMIN_IDS, else whoever opens the link that the start prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain import roles
from bot.storage import offices
from bot.storage.database import Database, Transaction
from bot.storage.offices import Office


@dataclass(frozen=True, slots=True)
class Claim:
    """A one-time link that makes its first user an organiser of an office that has none."""

    office: Office
    url: str


async def appoint(
    database: Database, admin_ids: Iterable[int], bot_username: str, now: datetime
) -> list[Claim]:
    """Make ``admin_ids`` organisers of every office; a link for each office that still has none."""

    async def work(tx: Transaction) -> list[tuple[Office, str]]:
        payloads = []
        for office in await offices.all_offices(tx):
            members = dict(await offices.members_of(tx, office.id))
            for person_id in sorted(admin_ids):
                if members.get(person_id) != roles.ORGANISER:
                    await roles.appoint(tx, office.id, person_id, roles.ORGANISER, now, by=None)
                    members[person_id] = roles.ORGANISER
            if roles.ORGANISER not in members.values():
                # The link printed last is the one that works; those of earlier starts may lie in old logs.
                await offices.forget_claims(tx, office.id, roles.ORGANISER)
                payloads.append((office, await roles.offer_claim(tx, office.id, roles.ORGANISER, now)))
        return payloads

    return [
        Claim(office, f"https://t.me/{bot_username}?start={payload}")
        for office, payload in await database.write(work)
    ]
