"""Invitation links: signed, opened, answered, ended."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import (
    AlreadyRegistered,
    InvitationExpired,
    InvitationRevoked,
    InvitationUsed,
    NoSuchInvitation,
    NotAllowed,
    NotFound,
)
from bot.domain.people import invitations, registration
from bot.storage import invitees, participants, people
from bot.storage.invitations import PERSON, SECTOR
from tests.domain.people.hall import ALI, ANI, BUDI, CITRA, DEWI, NOW, Hall, details, make_link


@given(st.integers(min_value=1, max_value=2**53 - 1), st.binary(min_size=1, max_size=64))
def test_a_payload_fits_telegrams_deep_links_and_leads_back_to_its_invitation(
    number: int, key: bytes
) -> None:
    payload = invitations.signed(key, number)

    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
    assert invitations.looks_like_payload(payload)
    assert not invitations.looks_like_payload(payload[:-1])
    assert invitations.signed(key + b"x", number) != payload


async def test_a_forged_or_damaged_link_is_told_from_none(hall: Hall) -> None:
    payload = await hall.payload(await make_link(hall))
    last = "A" if payload[15] != "A" else "B"

    for wrong in (payload[:15] + last + payload[16:], "i-" + "A" * 32, payload[:-1], "i-", payload + "x"):
        with pytest.raises(NoSuchInvitation):
            await hall.does(lambda tx, wrong=wrong: invitations.open_link(tx, wrong, ANI, NOW))  # type: ignore[misc]


async def test_a_link_that_another_office_signed_is_no_invitation(hall: Hall) -> None:
    link = await make_link(hall)
    foreign = invitations.signed(b"another key", link.id)

    with pytest.raises(NoSuchInvitation):
        await hall.does(lambda tx: invitations.open_link(tx, foreign, ANI, NOW))


async def test_links_end_by_revoking_expiry_and_quota(hall: Hall) -> None:
    revoked = await make_link(hall)
    await hall.does(lambda tx: invitations.revoke(tx, revoked.id, BUDI, NOW))
    with pytest.raises(InvitationRevoked):
        await hall.opens(ANI, revoked)

    short = await make_link(hall, expires_at=NOW + timedelta(days=1))
    await hall.opens(ANI, short, NOW + timedelta(hours=23))
    with pytest.raises(InvitationExpired):
        await hall.opens(ANI, short, NOW + timedelta(days=1))

    one = await make_link(hall, quota=1)
    await hall.opens(CITRA, one)
    await hall.opens(ANI, one)
    assert await hall.registers(ANI, one, details("Ani")) == "registered"
    await hall.opens(ANI, one)  # whoever came by it may open it again
    with pytest.raises(InvitationUsed):
        await hall.opens(DEWI, one)
    with pytest.raises(InvitationUsed):
        await hall.registers(CITRA, one, details("Citra"))
    await hall.does(lambda tx: registration.withdraw(tx, hall.meeting_id, ANI, NOW))
    assert await hall.registers(CITRA, one, details("Citra")) == "registered"


async def test_the_quota_of_a_link_holds_when_many_use_it_at_once(hall: Hall) -> None:
    link = await make_link(hall, kind="sector", sector="kpu", quota=3)
    crowd = range(3000, 3012)
    for person in crowd:
        await hall.does(lambda tx, person=person: people.see(tx, person, "id", NOW.date(), private=True))  # type: ignore[misc]
        await hall.opens(person, link)

    async def register(person: int) -> str:
        try:
            return await hall.registers(person, link, details(str(person), "kpu"))
        except InvitationUsed:
            return "used"

    outcomes = await asyncio.gather(*(register(person) for person in crowd))

    assert sorted(outcomes) == ["registered"] * 3 + ["used"] * 9


async def test_only_an_organiser_makes_and_ends_links(hall: Hall) -> None:
    link = await make_link(hall)

    with pytest.raises(NotAllowed):
        await hall.does(lambda tx: invitations.make(tx, hall.meeting_id, CITRA, NOW, kind="meeting"))
    with pytest.raises(NotAllowed):
        await hall.does(lambda tx: invitations.revoke(tx, link.id, CITRA, NOW))
    for wrong in (
        {"kind": SECTOR, "sector": "media"},
        {"kind": SECTOR},
        {"kind": "institution"},
        {"kind": PERSON},
    ):
        with pytest.raises(NotFound):
            await hall.does(
                lambda tx, wrong=wrong: invitations.make(tx, hall.meeting_id, BUDI, NOW, **wrong)  # type: ignore[misc]
            )


async def test_a_personal_link_is_opened_answered_and_then_no_one_elses(hall: Hall) -> None:
    ali = await hall.invites()
    link = await hall.personal(ali)

    await hall.opens(DEWI, link)  # a secretary
    opened = await hall.opens(ANI, link)
    assert (await hall.state(ali), opened.invitee and opened.invitee.entry) == ("opened", ALI)
    assert await hall.registers(ANI, link, details("Ali")) == "registered"
    assert await hall.state(ali) == "registered"

    with pytest.raises(InvitationUsed):
        await hall.registers(DEWI, link, details("Dewi"))
    for answer in (
        lambda tx: invitations.decline(tx, link.id, DEWI, "", NOW),
        lambda tx: invitations.send_representative(tx, link.id, DEWI, NOW),
    ):
        with pytest.raises(InvitationUsed):
            await hall.does(answer)
    with pytest.raises(AlreadyRegistered):
        await hall.registers(ANI, link, details("Ali"))


async def test_nobody_answers_by_a_link_that_they_did_not_open(hall: Hall) -> None:
    ali = await hall.invites()
    link = await hall.personal(ali)

    with pytest.raises(NotFound):
        await hall.does(lambda tx: invitations.decline(tx, link.id, CITRA, "", NOW))
    with pytest.raises(NotFound):
        await hall.registers(CITRA, link, details("Citra"))
    assert await hall.state(ali) == "invited"


async def test_saying_no_frees_the_seat_and_can_be_taken_back(hall: Hall) -> None:
    ali = await hall.invites()
    link = await hall.personal(ali)
    await hall.opens(ANI, link)
    await hall.registers(ANI, link, details("Ali"))

    await hall.does(lambda tx: invitations.decline(tx, link.id, ANI, "dinas luar", NOW))

    found = await hall.does(lambda tx: invitees.find(tx, ali.id))
    assert found is not None
    assert (found.state, found.reason, found.person_id) == ("declined", "dinas luar", ANI)
    assert await hall.does(lambda tx: participants.count_by_sector(tx, hall.meeting_id)) == {}
    assert await hall.registers(ANI, link, details("Ali")) == "registered"
