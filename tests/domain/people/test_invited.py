"""The list of the invited: adding, ringing, answers by telephone, forgetting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import (
    AlreadyInvited,
    NotAllowed,
)
from bot.domain.people import invited, registration
from bot.domain.people.registration import Details
from bot.storage import invitees, participants
from bot.storage.invitees import Entry
from tests.domain.people.hall import ALI, ANI, BUDI, CITRA, NOW, Hall, details


async def test_the_call_list_is_by_institution_and_knows_who_has_not_come(hall: Hall) -> None:
    for name, institution in (("Satu", "KPU"), ("Dua", "Kodim 0418"), ("Tiga", "kodim 0418")):
        await hall.invites(Entry("kpu", name, institution))
    found = await hall.does(lambda tx: invited.to_ring(tx, hall.meeting_id, arrived=False))
    assert [(item.name, [one.name for one in item.people]) for item in found] == [
        ("Kodim 0418", ["Dua", "Tiga"]),
        ("KPU", ["Satu"]),
    ]

    first = found[1].people[0]
    await hall.does(lambda tx: invited.says_yes(tx, first.id, BUDI, NOW))
    absent = await hall.does(lambda tx: invited.to_ring(tx, hall.meeting_id, arrived=True))
    assert [(item.name, [one.name for one in item.people]) for item in absent] == [("KPU", ["Satu"])]


async def test_the_same_person_is_put_on_the_list_once(hall: Hall) -> None:
    await hall.invites()

    with pytest.raises(AlreadyInvited):
        await hall.invites(Entry("tni", "ALI AKBAR, S.H.", "kodim 0418"))
    with pytest.raises(NotAllowed):
        await hall.does(lambda tx: invited.add(tx, hall.meeting_id, CITRA, ALI, NOW))


async def test_who_registered_before_they_were_put_on_the_list_counts_as_registered(hall: Hall) -> None:
    given = Details("tni", "Ali Akbar", "KODIM 0418", "Dandim")
    await hall.does(lambda tx: registration.register(tx, hall.meeting_id, ANI, given, NOW))

    ali = await hall.invites()

    assert await hall.state(ali) == "registered"


async def test_contacts_go_three_months_after_the_meeting(hall: Hall) -> None:
    ali = await hall.invites()
    end = NOW + timedelta(days=10, hours=6)

    await hall.does(lambda tx: invited.forget_what_is_old(tx, end + timedelta(days=89)))
    kept = await hall.does(lambda tx: invitees.find(tx, ali.id))
    await hall.does(lambda tx: invited.forget_what_is_old(tx, end + timedelta(days=91)))
    left = await hall.does(lambda tx: invitees.find(tx, ali.id))

    assert kept is not None
    assert left is not None
    assert kept.entry == ALI
    assert left.entry == Entry("tni", ALI.name, ALI.institution, ALI.position)


async def test_whom_the_committee_entered_by_telephone_gets_the_same_seat_on_opening_the_link(
    hall: Hall,
) -> None:
    ali = await hall.invites()
    entered, _ = await hall.does(lambda tx: invited.says_yes(tx, ali.id, BUDI, NOW))
    link = await hall.personal(ali)

    await hall.opens(ANI, link)
    assert await hall.registers(ANI, link, details("Ali Akbar")) == "registered"

    seat = await hall.does(lambda tx: participants.of_invitee(tx, ali.id))
    assert seat is not None
    assert (seat.id, seat.person_id, seat.ticket) == (entered.id, ANI, entered.ticket)
