"""From the ticket to the list, in the chats of the desk and of a participant."""

from __future__ import annotations

from bot.domain import attendance
from bot.storage import meetings, participants
from bot.storage.database import Transaction
from tests.e2e.conftest import Hall


async def present(hall: Hall) -> list[str]:
    async def work(tx: Transaction) -> list[str]:
        meeting = await meetings.find(tx, hall.meeting_id)
        assert meeting is not None
        roll = await attendance.roll(tx, meeting)
        return [person.name for person, at in roll.entries if at is not None]

    return await hall.read(work)


async def test_the_desk_checks_in_undoes_and_takes_in_a_guest(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Media", "Harian Contoh", "Wartawan")
    [entry] = await hall.read(lambda tx: participants.registered(tx, hall.meeting_id))
    budi = hall.budi

    await budi.start(f"t-{entry.ticket}")
    await budi.taps("Catat hadir")
    await budi.sees("Hadir sejak")
    await ani.sees("Kehadiran Anda")
    assert await present(hall) == ["Ani Lestari"]

    await budi.taps("Batalkan")
    await ani.sees("dibatalkan")
    assert await present(hall) == []

    await budi.says("/hadir lestari")
    await budi.taps("Ani Lestari")
    await budi.sees("Belum hadir")
    await budi.taps("Catat hadir")
    await budi.sees("Hadir sejak")

    await budi.says("/hadir")
    await budi.taps("Tamu belum terdaftar")
    await budi.sees("nama lengkapnya")
    await budi.says("Gita Utami")
    await budi.taps("TNI")
    await budi.sees("langkah 3 dari 4")
    await budi.says("Kodim 0418")
    await budi.sees("langkah 4 dari 4")
    await budi.says("Danramil")
    await budi.sees("yang bersangkutan setuju")
    await budi.taps("Catat hadir")
    await budi.sees("Gita Utami: hadir")
    assert sorted(await present(hall)) == ["Ani Lestari", "Gita Utami"]

    await budi.says("/hadir")
    await budi.taps("Daftar XLSX")
    await budi.sees("2 dari 2 hadir")
