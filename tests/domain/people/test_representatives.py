"""Who comes in the stead of one of the invited: the seat, and one for one."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import (
    InvitationUsed,
)
from bot.domain.people import invitations, registration
from bot.domain.people.registration import Details
from bot.storage import participants
from tests.domain.people.hall import ANI, BUDI, CITRA, DEWI, NOW, Hall, details


async def test_a_representative_inherits_the_seat_though_others_wait(hall: Hall) -> None:
    ali = await hall.invites()
    link = await hall.personal(ali)
    await hall.opens(ANI, link)
    await hall.registers(ANI, link, details("Ali"))
    await hall.does(lambda tx: registration.register(tx, hall.meeting_id, BUDI, details("Budi"), NOW))
    waiting = await hall.does(
        lambda tx: registration.register(tx, hall.meeting_id, CITRA, details("Citra"), NOW)
    )
    assert waiting.state == "waiting"

    _, stead = await hall.does(lambda tx: invitations.send_representative(tx, link.id, ANI, NOW))
    await hall.opens(DEWI, stead)
    given = Details("tni", "Dewi Lestari", "Kodim 0418", "Pasi", "ST/12/III/2027")
    assert await hall.registers(DEWI, stead, given) == "registered"

    seat = await hall.does(lambda tx: participants.of_invitee(tx, ali.id))
    assert seat is not None
    assert (seat.name, seat.represents, seat.assignment_letter) == (
        "Dewi Lestari",
        "Letkol Inf. Ali Akbar",
        "ST/12/III/2027",
    )
    own = await hall.does(lambda tx: participants.of_person(tx, hall.meeting_id, ANI))
    assert (own and own.state, await hall.state(ali)) == ("withdrawn", "represented")
    with pytest.raises(InvitationUsed):  # it works once
        await hall.opens(CITRA, stead)
    await hall.does(lambda tx: registration.withdraw(tx, hall.meeting_id, DEWI, NOW))
    assert await hall.state(ali) == "opened"


async def test_many_who_use_one_representatives_link_at_once_get_one_seat(hall: Hall) -> None:
    ali = await hall.invites()
    link = await hall.personal(ali)
    await hall.opens(ANI, link)
    _, stead = await hall.does(lambda tx: invitations.send_representative(tx, link.id, ANI, NOW))
    for person in (BUDI, CITRA, DEWI):
        await hall.opens(person, stead)

    async def come(person: int) -> str:
        try:
            return await hall.registers(person, stead, details(str(person)))
        except InvitationUsed:
            return "used"

    assert sorted(await asyncio.gather(*(come(person) for person in (BUDI, CITRA, DEWI)))) == [
        "registered",
        "used",
        "used",
    ]
