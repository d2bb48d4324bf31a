"""What goes over with a duplicate: the stances that people took on it, and the solutions that were offered to it.

Stances stand under names that are sealed for each submission. With the secret of the installation the names of the
participants can be worked out for both, so that nobody counts twice: who took a stance on both keeps the one on the
submission that stays.
"""

from __future__ import annotations

from bot.domain.agreement.stances import Seal
from bot.storage import moderation, participants, stances
from bot.storage.database import Transaction
from bot.storage.values import from_json, to_json


async def bring_over(tx: Transaction, duplicate_id: int, into_id: int, meeting_id: int, secret: bytes) -> str:
    """Add what belongs to a duplicate to the submission that stays; what :func:`take_back` needs."""
    return to_json(
        {
            "stances": await _add_up(tx, duplicate_id, into_id, meeting_id, secret),
            "solutions": await moderation.lead_over(tx, "answers_id", duplicate_id, into_id),
            "duplicates": await moderation.lead_over(tx, "merged_into_id", duplicate_id, into_id),
        }
    )


async def _add_up(
    tx: Transaction, duplicate_id: int, into_id: int, meeting_id: int, secret: bytes
) -> dict[str, str]:
    for submission_id in sorted((duplicate_id, into_id)):
        await stances.hold(tx, submission_id)
    taken = await stances.taken_on(tx, duplicate_id)
    there = await stances.taken_on(tx, into_id)
    seal = Seal(secret)
    added = {}
    for participant in await participants.registered(tx, meeting_id) if taken else ():
        if participant.person_id is None:
            continue
        stance = taken.get(seal.name(duplicate_id, participant.person_id))
        name = seal.name(into_id, participant.person_id)
        if stance is not None and name not in there:
            added[name] = stance
    if added:
        await stances.save(tx, into_id, {**there, **added})
    return dict(sorted(added.items()))


async def take_back(tx: Transaction, duplicate_id: int, into_id: int) -> None:
    """Take away what a duplicate brought, where people have not changed their minds since."""
    stored = await moderation.brought(tx, duplicate_id)
    if stored is None:
        return
    brought = from_json(stored)
    await stances.hold(tx, into_id)
    there = await stances.taken_on(tx, into_id)
    kept = {name: stance for name, stance in there.items() if brought["stances"].get(name) != stance}
    if len(kept) < len(there):
        await stances.save(tx, into_id, kept)
    await moderation.lead_back(tx, "answers_id", brought["solutions"], duplicate_id)
    await moderation.lead_back(tx, "merged_into_id", brought["duplicates"], duplicate_id)
