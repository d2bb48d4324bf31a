"""Who is registered hears of a meeting: its reminders, a new time that takes them along, and that it is cancelled."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PIL import Image

from bot.domain.meeting import meeting_reminders
from bot.domain.reminders import reminder_times
from bot.storage import meetings, offices, reminders
from bot.storage.database import Transaction
from simulator.driver import PersonDriver
from tests.e2e.audience import takes_part
from tests.e2e.conftest import Hall

WIB = ZoneInfo("Asia/Jakarta")
START = datetime(2030, 3, 14, 8, 0, tzinfo=WIB)
SOON, TODAY = "Rakor segera dimulai", "Rakor hari ini"


def at(hall: Hall, moment: datetime) -> None:
    hall.moves_clock(moment - hall.clock.now())


async def opens_for(hall: Hall, start: datetime) -> PersonDriver:
    """The meeting is open for ``start``, five days from now, with its own reminders; Ani is registered."""
    at(hall, start - timedelta(days=5))

    async def work(tx: Transaction) -> None:
        now = hall.clock.now()
        await meetings.set_state(tx, hall.meeting_id, "open", now, expected="running")
        meeting = await meetings.find(tx, hall.meeting_id)
        assert meeting is not None
        meeting = replace(meeting, starts_at=start, ends_at=start + timedelta(hours=4))
        await meetings.put(tx, meeting, now)
        await meeting_reminders.add(tx, meeting, hall.budi.id, now)
        await reminder_times.plan(tx)

    await hall.write(work)
    hall.rakor.wake()
    return await takes_part(hall, "Ani", "media")


def told(person: PersonDriver) -> list[str]:
    """The reminders of the meeting that somebody has, by their headings."""
    return [word for text in person.inbox for word in (SOON, TODAY) if word in text]


async def test_a_meeting_that_moves_tells_people_and_takes_its_reminders_along(hall: Hall) -> None:
    budi, ani = hall.budi, await opens_for(hall, START)

    await budi.says("/rakor")
    await budi.taps("1. Rapat Koordinasi")
    await budi.taps("✏️ Ubah")
    await budi.taps("Hari dan jam")
    await budi.sees("Pada hari apa?")
    await budi.says("16 Maret 2030")
    await budi.sees("Mulai pukul berapa?")
    await budi.says("09.00")
    await budi.sees("Ini menyangkut peserta yang terdaftar")
    await budi.taps("Kirim ke")
    notice = await ani.sees("Waktu berubah")
    assert notice.text.startswith("⚠️ Waktu berubah")
    assert "Sekarang: Sabtu, 16 Maret 2030, 09.00–13.00 WIB" in notice.text
    assert "Semula: Kamis, 14 Maret 2030, 08.00–12.00 WIB" in notice.text

    at(hall, START.replace(day=11, minute=1))  # three days before the old day
    await ani.says("/agenda")
    await ani.sees("Sabtu, 16 Maret 2030")
    assert told(ani) == []
    at(hall, START.replace(day=13, minute=1))
    first = await ani.sees(SOON)
    assert "Sabtu, 16 Maret 2030" in first.text
    at(hall, START.replace(day=15, minute=1))
    await ani.sees(SOON)
    at(hall, START.replace(day=16, hour=6, minute=1))
    await ani.sees(TODAY)
    assert told(ani) == [SOON, SOON, TODAY]


async def test_a_cancellation_reaches_people_and_ends_the_reminders(hall: Hall) -> None:
    budi, ani = hall.budi, await opens_for(hall, START)

    await budi.says("/rakor")
    await budi.taps("1. Rapat Koordinasi")
    await budi.taps("🏁 Tutup tanpa dimulai")
    await budi.sees("1 orang terdaftar. Setelah ini saya tawarkan pemberitahuan")
    await budi.taps("Tutup tanpa dimulai")
    offer = await budi.sees("Ini menyangkut peserta yang terdaftar")
    assert "Rakor dibatalkan" in offer.text
    await budi.taps("Kirim ke")
    notice = await ani.sees("Kamis, 14 Maret 2030")
    assert notice.text.startswith("❌ Rakor dibatalkan")

    at(hall, START.replace(day=11, minute=1))
    at(hall, START.replace(day=14, hour=6, minute=1))
    await ani.says("/bantuan")
    await ani.sees("/dataku")
    known = await hall.read(lambda tx: reminders.of_meeting(tx, hall.meeting_id))
    own = [reminder for reminder in known if reminder.slug in meeting_reminders.SLUGS]
    assert [reminder.state for reminder in own] == ["paused", "paused"]
    assert told(ani) == []


async def test_a_logo_is_kept_with_the_office_and_anything_else_is_refused(hall: Hall) -> None:
    budi = hall.budi
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), "#a01010").save(file, "JPEG")

    await budi.says("/rakor")
    await budi.taps("1. Rapat Koordinasi")
    await budi.taps("✏️ Ubah")
    await budi.taps("Logo")
    await budi.sees("Mohon kirim logo kantor")
    await budi.sends_document("logo.png", b"MZ this is a program")
    await budi.sees("Gambar itu tidak dapat dipakai")
    await budi.sends_photo(file.getvalue())
    await budi.sees("Logo ini kini")

    logo = await hall.read(lambda tx: offices.logo(tx, hall.office_id))
    assert logo is not None
    with Image.open(io.BytesIO(logo)) as picture:
        assert (picture.format, picture.size) == ("PNG", (600, 450))

    await budi.says("/rakor")
    await budi.taps("1. Rapat Koordinasi")
    await budi.taps("✏️ Ubah")
    seen = await budi.sees("Logo: ✓")
    assert "Kop surat: –" in seen.text
    await budi.taps("Kop surat")
    await budi.sees("Apa isi kop surat")
    await budi.says("BAWASLU KOTA PALEMBANG\nJalan Contoh 1")
    await budi.sees("Tersimpan")
    office = await hall.read(lambda tx: offices.find(tx, hall.office_id))
    assert office is not None
    assert office.letterhead == "BAWASLU KOTA PALEMBANG\nJalan Contoh 1"
