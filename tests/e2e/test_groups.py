"""The bot in groups: what it says when it comes, whose meeting it shows, who may change what."""

from __future__ import annotations

from typing import Any

import pytest

from bot.storage import groups, meetings
from bot.storage.database import Transaction
from simulator.driver import GroupDriver, PersonDriver
from simulator.members import MEMBER_RIGHTS
from tests.e2e.conftest import Hall
from tests.e2e.offices import another_office


@pytest.fixture
async def citra(hall: Hall) -> PersonDriver:
    """An organiser of another office, with a meeting of its own that is open."""
    citra = hall.tg.person("Citra", language_code="id")
    await another_office(hall, citra)
    return citra


async def with_the_bot(hall: Hall, *people: PersonDriver) -> GroupDriver:
    group = hall.tg.group("Rakor", list(people))
    await group.adds_bot(by=people[0])
    return group


async def bound_to(hall: Hall, group: GroupDriver) -> str | None:
    """The code of the meeting that a group is connected to."""

    async def work(tx: Transaction) -> str | None:
        found = await groups.find(tx, group.id)
        meeting = (
            None if found is None or found.meeting_id is None else await meetings.find(tx, found.meeting_id)
        )
        return None if meeting is None else meeting.code

    return await hall.read(work)


async def test_it_greets_and_leads_to_the_private_chat(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    group = await with_the_bot(hall, hall.budi, ani)

    greeting = await group.sees("/ikat")
    assert [button["url"] for row in greeting.rows for button in row] == [
        f"https://t.me/{hall.tg.world.bot_username}?start=group"
    ]
    await group.says(ani, "/masukan")
    lead = await group.sees("pribadi")
    assert lead.labels == greeting.labels
    payload = lead.rows[0][0]["url"].rpartition("=")[2]
    assert payload == "group-masukan"
    await ani.start("group")
    await ani.sees("Rapat Koordinasi Bersama Stakeholder")
    await ani.start(payload)
    await ani.sees("Silakan mendaftar terlebih dahulu")
    await hall.budi.start("group-siaran")
    await hall.budi.sees("Apa yang ingin Anda siarkan?")


async def test_a_group_that_nobody_connected_gets_the_agenda_of_the_only_open_meeting(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    group = await with_the_bot(hall, ani)

    await group.says(ani, "/agenda")

    await group.sees("Sekarang: Dialog bersama stakeholder")


async def test_an_organiser_of_another_office_does_not_take_a_group_over(
    hall: Hall, citra: PersonDriver
) -> None:
    await hall.budi.start(hall.code)
    await hall.budi.sees("Rapat")
    group = await with_the_bot(hall, hall.budi, citra)
    await group.says(hall.budi, "/ikat")
    await group.sees("kini terhubung")

    await group.says(citra, "/ikat")
    await group.sees("rakor kantor lain")

    assert await bound_to(hall, group) == hall.code


async def test_a_member_does_not_change_the_language_of_a_connected_group(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="en")
    group = await with_the_bot(hall, hall.budi, ani)
    await group.says(hall.budi, "/ikat")
    await group.sees("kini terhubung")
    await group.says(ani, "/bahasa")

    await group.taps(ani, "English")
    await ani.is_told("Hanya panitia")
    await group.taps(hall.budi, "English")
    await group.sees("English")


async def test_what_happens_to_a_group_is_told_to_the_organisers(hall: Hall) -> None:
    budi = hall.budi
    ani = hall.tg.person("Ani", language_code="id")
    await budi.start(hall.code)
    group = await with_the_bot(hall, budi, ani)
    await group.says(budi, "/ikat")
    await group.sees("kini terhubung")
    await group.sees("Sekarang: Dialog bersama stakeholder")

    await group.removes_bot(by=budi)
    await budi.sees("Saya dikeluarkan dari grup ini")
    await group.adds_bot(by=budi)
    await budi.sees("menerima pesan lagi")
    assert await bound_to(hall, group) == hall.code
    await group.migrates(by=budi)
    await budi.sees("menjadi supergrup")


async def test_a_group_where_it_may_no_longer_write_is_told_to_the_organisers(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await hall.budi.start(hall.code)
    group = await with_the_bot(hall, ani, hall.budi)
    await group.says(hall.budi, "/ikat")
    await group.sees("kini terhubung")
    await group.sees("Sekarang: Dialog bersama stakeholder")

    group.closes_to_members()
    await group.says(ani, "/agenda")
    await hall.budi.sees("Saya tidak lagi boleh menulis di sana")

    # Telegram does not tell a bot that everybody may write again; that a message arrives does.
    group.chat.may_send = True
    await group.says(ani, "/agenda")
    await group.sees("Sekarang: Dialog bersama stakeholder")
    await hall.budi.sees("menerima pesan lagi")

    group.closes_to_members()
    await group.says(ani, "/agenda")
    await hall.budi.sees("Saya tidak lagi boleh menulis di sana")
    await group.promotes_bot(by=ani)
    await hall.budi.sees("menerima pesan lagi")


async def test_what_telegram_says_of_a_restricted_bot_is_told_to_the_organisers(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await hall.budi.start(hall.code)
    group = await with_the_bot(hall, ani, hall.budi)
    await group.says(hall.budi, "/ikat")
    await group.sees("kini terhubung")
    member, restricted = "member", "restricted"

    membership_changes(hall, group, ani, {"status": member}, {"status": restricted, "is_member": True})
    await hall.budi.sees("Saya tidak lagi boleh menulis di sana")
    membership_changes(
        hall,
        group,
        ani,
        {"status": restricted, "is_member": True},
        {"status": restricted, "is_member": False},
    )
    await hall.budi.sees("Saya dikeluarkan dari grup ini")


def membership_changes(
    hall: Hall, group: GroupDriver, by: PersonDriver, old: dict[str, Any], new: dict[str, Any]
) -> None:
    """Telegram reports another place of the bot in the group; who is restricted there has no right at all."""
    me = {"id": hall.tg.world.bot_id, "is_bot": True, "first_name": "Rakor Bot"}
    rights = dict.fromkeys(MEMBER_RIGHTS, False)
    places = [
        {"user": me, **place, **({"until_date": 0, **rights} if place["status"] == "restricted" else {})}
        for place in (old, new)
    ]
    hall.tg.raw_update(
        {
            "my_chat_member": {
                "chat": group.chat.json(),
                "from": by.person.user(),
                "date": int(hall.clock.now().timestamp()),
                "old_chat_member": places[0],
                "new_chat_member": places[1],
            }
        }
    )


async def test_an_anonymous_administrator_shows_who_they_are_with_a_tap(hall: Hall) -> None:
    budi = hall.budi
    ani = hall.tg.person("Ani", language_code="id")
    await budi.start(hall.code)
    group = hall.tg.group("Rakor", [ani, budi], supergroup=True)
    await group.adds_bot(by=ani)
    await group.promotes(budi, by=ani, anonymous=True)
    await group.says(budi, "/ikat")
    await group.sees("atas nama grup")

    await group.taps(ani, "Hubungkan sebagai panitia")
    await ani.is_told("Hanya panitia")
    assert await bound_to(hall, group) is None
    await group.taps(budi, "Hubungkan sebagai panitia")
    await group.sees("kini terhubung")
    assert await bound_to(hall, group) == hall.code
