"""Invitation links, answers to them, representatives, and who is reminded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import roles
from bot.domain.errors import (
    AlreadyInvited,
    AlreadyRegistered,
    InvitationExpired,
    InvitationRevoked,
    InvitationUsed,
    NoSuchInvitation,
    NotAllowed,
    NotFound,
)
from bot.domain.notices.broadcasts import Content
from bot.domain.people import admission, invitations, invited, registration
from bot.domain.people.registration import Details
from bot.storage import invitations as stored
from bot.storage import invitees, meetings, offices, participants, people
from bot.storage.database import Database, Transaction
from bot.storage.invitations import PERSON, SECTOR, Invitation
from bot.storage.invitees import Entry, Invitee
from bot.storage.offices import Sector

T = TypeVar("T")

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
ANI, BUDI, CITRA, DEWI = 1001, 1002, 1003, 1004
ALI = Entry(
    "tni", "Letkol Inf. Ali Akbar", "Kodim 0418", "Dandim", "+6281234567890", "Letkol", "11980012340577"
)


@dataclass(frozen=True)
class Hall:
    """A meeting with two seats for ``tni`` and no limit for ``kpu``; Budi is its organiser."""

    database: Database
    office_id: int
    meeting_id: int

    async def does(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.database.write(work)

    async def invites(self, entry: Entry = ALI) -> Invitee:
        return await self.does(lambda tx: invited.add(tx, self.meeting_id, BUDI, entry, NOW))

    async def payload(self, invitation: Invitation) -> str:
        return await self.does(lambda tx: invitations.payload_of(tx, invitation.id, self.office_id))

    async def personal(self, invitee: Invitee) -> Invitation:
        return await self.does(lambda tx: invitations.personal_link(tx, invitee, NOW))

    async def opens(self, person: int, invitation: Invitation, now: datetime = NOW) -> invitations.Opened:
        payload = await self.payload(invitation)
        return await self.does(lambda tx: invitations.open_link(tx, payload, person, now))

    async def registers(self, person: int, invitation: Invitation, details: Details) -> str:
        async def work(tx: Transaction) -> str:
            origin = await invitations.origin_for(tx, invitation.id, person, NOW)
            return (await registration.register(tx, self.meeting_id, person, details, NOW, origin)).state

        return await self.does(work)

    async def state(self, invitee: Invitee) -> str:
        found = await self.does(lambda tx: invitees.find(tx, invitee.id))
        assert found is not None
        return found.state


@pytest.fixture
async def hall(database: Database) -> Hall:
    async def make(tx: Transaction) -> tuple[int, int]:
        office = await offices.save(
            tx,
            code="palembang",
            name="Bawaslu Kota Palembang",
            city="Palembang",
            timezone="Asia/Jakarta",
            locale="id",
            contact="",
            now=NOW,
        )
        await offices.save_sectors(
            tx, office.id, [Sector(code, {"id": code.upper()}) for code in ("tni", "kpu")]
        )
        meeting = await meetings.save(
            tx,
            office_id=office.id,
            code="rakor",
            title={"id": "Rakor"},
            theme={},
            venue="",
            address="",
            starts_at=NOW + timedelta(days=10),
            ends_at=NOW + timedelta(days=10, hours=6),
            timezone="Asia/Jakarta",
            state=meetings.OPEN,
            contact="",
            now=NOW,
        )
        await meetings.save_quota(tx, meeting.id, "tni", 2)
        await meetings.save_quota(tx, meeting.id, "kpu", None)
        await roles.appoint(tx, office.id, BUDI, roles.ORGANISER, NOW, by=None)
        for person in (ANI, BUDI, CITRA, DEWI):
            await people.see(tx, person, "id", NOW.date(), private=True)
        return office.id, meeting.id

    office_id, meeting_id = await database.write(make)
    return Hall(database, office_id, meeting_id)


def details(name: str, sector: str = "tni") -> Details:
    return Details(sector, name, "Kodim 0418", "Staf")


async def make_link(hall: Hall, **how: object) -> Invitation:
    kind = {"kind": SECTOR, "sector": "tni", **how}
    return await hall.does(lambda tx: invitations.make(tx, hall.meeting_id, BUDI, NOW, **kind))  # type: ignore[arg-type]


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


async def test_only_who_opened_and_has_not_answered_is_reminded(hall: Hall) -> None:
    async def link_for(name: str) -> Invitation:
        return await hall.personal(await hall.invites(Entry("kpu", name, "KPU")))

    silent, coming, refusing = await link_for("Satu"), await link_for("Dua"), await link_for("Tiga")
    await hall.opens(ANI, silent)
    await hall.opens(CITRA, coming)
    await hall.registers(CITRA, coming, details("Dua", "kpu"))
    await hall.opens(DEWI, refusing)
    await hall.does(lambda tx: invitations.decline(tx, refusing.id, DEWI, "", NOW))

    async def remind(tx: Transaction) -> list[int]:
        meeting = await meetings.find(tx, hall.meeting_id)
        assert meeting is not None
        await invitations.remind(tx, meeting, BUDI, Content({"id": "Hadir?"}), NOW)
        return [row["chat_id"] for row in await tx.all("SELECT chat_id FROM deliveries")]

    assert await hall.does(remind) == [ANI]


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
    assert await hall.does(lambda tx: stored.unanswered(tx, hall.meeting_id)) == []
