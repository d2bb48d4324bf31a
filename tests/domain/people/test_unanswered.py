"""Who has not answered: for the reminder and for audiences alike."""

from __future__ import annotations

from bot.domain.notices import audience
from bot.domain.notices.audience import UNANSWERED, Audience
from bot.domain.notices.broadcasts import Content
from bot.domain.people import admission, invitations, registration, unanswered
from bot.storage import meetings
from bot.storage.database import Transaction
from bot.storage.invitations import MEETING, Invitation
from bot.storage.invitees import Entry
from tests.domain.people.hall import ANI, BUDI, CITRA, DEWI, NOW, Hall, details, make_link


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


async def have_not_answered(hall: Hall) -> tuple[list[tuple[int, str]], int]:
    """Account and sector of those who can be reminded, and how many must be rung; an audience means the same."""

    async def ask(tx: Transaction) -> tuple[list[tuple[int, str]], int]:
        found = await unanswered.reachable(tx, hall.meeting_id)
        meeting = await meetings.find(tx, hall.meeting_id)
        assert meeting is not None
        meant = await audience.resolve(tx, meeting, Audience("all", states=(UNANSWERED,)))
        chances = await audience.chances(tx, meeting)
        assert meant == [one.recipient for one in found]
        assert chances.states[UNANSWERED] == len(found)
        assert chances.silent == await unanswered.count_unreached(tx, hall.meeting_id)
        assert "" not in chances.sectors
        return [(one.recipient.chat_id, one.sector) for one in found], chances.silent

    return await hall.does(ask)


async def test_who_opened_a_shared_link_has_not_answered_until_they_registered_even_if_they_withdraw(
    hall: Hall,
) -> None:
    for_all, for_one_sector = await make_link(hall, kind=MEETING, sector=None), await make_link(hall)
    await hall.opens(ANI, for_all)
    await hall.opens(CITRA, for_one_sector)
    await hall.opens(CITRA, for_all)
    assert await have_not_answered(hall) == ([(ANI, ""), (CITRA, "tni")], 0)

    await hall.registers(CITRA, for_one_sector, details("Citra"))
    assert await have_not_answered(hall) == ([(ANI, "")], 0)
    await hall.does(lambda tx: registration.withdraw(tx, hall.meeting_id, CITRA, NOW))
    assert await have_not_answered(hall) == ([(ANI, "")], 0)
    await hall.does(lambda tx: invitations.revoke(tx, for_all.id, BUDI, NOW))
    assert await have_not_answered(hall) == ([], 0)


async def test_who_cannot_be_written_to_is_to_be_rung(hall: Hall) -> None:
    left, _ = [await hall.invites(Entry("kpu", name, "KPU")) for name in ("Satu", "Dua")]
    await hall.opens(ANI, await hall.personal(left))
    assert await have_not_answered(hall) == ([(ANI, "kpu")], 1)
    await hall.does(lambda tx: tx.run("UPDATE people SET reach = 'blocked' WHERE id = :id", id=ANI))
    assert await have_not_answered(hall) == ([], 2)


async def test_whose_representative_withdrew_is_asked_anew_and_who_was_refused_is_not(hall: Hall) -> None:
    invitee = await hall.invites()
    own = await hall.personal(invitee)
    await hall.opens(ANI, own)
    await hall.registers(ANI, own, details("Ali Akbar"))
    _, stead = await hall.does(lambda tx: invitations.send_representative(tx, own.id, ANI, NOW))
    await hall.opens(CITRA, stead)
    await hall.registers(CITRA, stead, details("Citra"))
    assert await have_not_answered(hall) == ([], 0)

    await hall.does(lambda tx: registration.withdraw(tx, hall.meeting_id, CITRA, NOW))
    assert await have_not_answered(hall) == ([(ANI, "tni")], 0)
    await hall.registers(ANI, own, details("Ali Akbar"))
    seat = await hall.does(lambda tx: registration.active(tx, hall.meeting_id, ANI))
    await hall.does(lambda tx: admission.refuse(tx, seat.id, BUDI, "Penuh", NOW))
    assert await have_not_answered(hall) == ([], 0)
