"""What the committee decides, and the waiting list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import (
    NotAllowed,
)
from bot.domain.people import admission, registration
from bot.storage import meetings
from bot.storage.database import Transaction
from tests.domain.people.hall import ANI, BUDI, CITRA, DEWI, NOW, Hall, details


async def test_approval_refusal_and_a_second_chance(hall: Hall) -> None:
    async def approving(tx: Transaction) -> None:
        await meetings.set_registration(tx, hall.meeting_id, (), approval=True, now=NOW)

    await hall.does(approving)
    pending = await hall.does(lambda tx: registration.register(tx, hall.meeting_id, ANI, details("Ani"), NOW))
    ali = await hall.invites()
    link = await hall.personal(ali)
    await hall.opens(DEWI, link)

    assert pending.state == "pending"
    assert (
        await hall.registers(DEWI, link, details("Ali")) == "registered"
    )  # the committee itself invited them
    with pytest.raises(NotAllowed):
        await hall.does(lambda tx: admission.approve(tx, pending.id, CITRA, NOW))
    refused, _ = await hall.does(lambda tx: admission.refuse(tx, pending.id, BUDI, "bukan unsur ini", NOW))
    assert (refused.state, refused.reason) == ("refused", "bukan unsur ini")
    await hall.does(lambda tx: registration.register(tx, hall.meeting_id, CITRA, details("Citra"), NOW))
    approved, _ = await hall.does(lambda tx: admission.approve(tx, pending.id, BUDI, NOW))
    assert (approved.state, approved.reason) == ("waiting", "")  # Citra holds the last seat


async def test_the_waiting_list_moves_up_in_order_and_a_newcomer_stands_behind(hall: Hall) -> None:
    for place, person in enumerate((ANI, BUDI, CITRA, DEWI)):
        at = NOW + timedelta(seconds=place)
        await hall.does(
            lambda tx, person=person, at=at: registration.register(  # type: ignore[misc]
                tx, hall.meeting_id, person, details(str(person)), at
            )
        )
    await hall.does(lambda tx: registration.withdraw(tx, hall.meeting_id, ANI, NOW))
    late = await hall.does(
        lambda tx: registration.register(
            tx, hall.meeting_id, 1005, details("1005"), NOW + timedelta(minutes=1)
        )
    )

    moved = await hall.does(admission.move_up)

    assert late.state == "waiting"
    assert [(item.person_id, item.state) for item, _ in moved] == [(CITRA, "registered")]
    assert await hall.does(admission.move_up) == []
    await hall.does(lambda tx: meetings.save_quota(tx, hall.meeting_id, "tni", None))
    assert [item.person_id for item, _ in await hall.does(admission.move_up)] == [DEWI, 1005]
