"""Organisers make, edit, copy and open meetings from their phones."""

from __future__ import annotations

from bot.domain import roles
from bot.storage import meetings, offices
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.values import base36
from tests.e2e.conftest import Hall


async def named(hall: Hall, title: str) -> Meeting:
    """The office's meeting with this title."""
    known = await hall.read(lambda tx: meetings.of_office(tx, hall.office_id))
    [meeting] = [meeting for meeting in known if meeting.title["id"] == title]
    return meeting


async def test_a_meeting_is_made_edited_opened_and_copied(hall: Hall) -> None:
    budi = hall.budi
    await budi.says("/rakor")
    await budi.sees("Rapat Koordinasi Bersama Stakeholder")
    await budi.taps("➕ Rakor baru")
    await budi.sees("Apa judul rakornya?")
    await budi.says("Rakor Pengawasan Masa Tenang")
    await budi.sees("Pada hari apa?")
    await budi.says("kapan-kapan")
    await budi.sees("tidak terbaca")
    await budi.says("1 Maret 2030")
    await budi.sees("waktu Palembang (WIB)")
    await budi.says("08.00-12.30")
    await budi.sees("Di mana diadakan?")
    await budi.says("Aula Bawaslu")
    await budi.sees("jawaban Anda")
    await budi.taps("Buat")
    await budi.sees("Jumat, 1 Maret 2030, 08.00–12.30 WIB")
    await budi.sees("Unsur peserta")

    await budi.taps("✅ KPU")
    await budi.taps("🪑 tanpa batas")
    await budi.sees("Paling banyak berapa orang dari TNI")
    await budi.says("12")
    await budi.sees("Unsur peserta")
    await budi.taps("Selesai")
    await budi.sees("👉 Perangkat Anda kini untuk rakor ini.")
    made = await named(hall, "Rakor Pengawasan Masa Tenang")
    quotas = await hall.read(lambda tx: meetings.quotas(tx, made.id))
    assert (made.state, quotas["tni"], "kpu" in quotas) == ("draft", 12, False)

    await budi.taps("❓ Pendaftaran")
    await budi.taps("➕ Pertanyaan lain")
    await budi.sees("Apa yang ingin Anda tanyakan")
    await budi.says("Ukuran baju?")
    await budi.taps("satu dari beberapa pilihan")
    await budi.sees("Apa saja pilihannya?")
    await budi.says("S\nM\nL")
    await budi.taps("Ya")
    await budi.sees("jawaban Anda")
    await budi.taps("Tambahkan")
    await budi.sees("S / M / L")
    await budi.taps("Pakai persetujuan")
    await budi.sees("menunggu persetujuan panitia")
    await budi.taps("‹ Kembali")

    await budi.taps("✏️ Ubah")
    await budi.taps("Titik peta")
    await budi.sees("Di mana letaknya di peta?")
    await budi.shares_location(-2.97610, 104.77541)
    await budi.sees("📍 Dengan titik peta")
    changed = await named(hall, "Rakor Pengawasan Masa Tenang")
    assert changed.map_point == (-2.97610, 104.77541)
    assert changed.approval
    [question] = changed.registration_questions
    assert (question.kind, question.label, [option["id"] for option in question.options]) == (
        "choice",
        {"id": "Ukuran baju?"},
        ["S", "M", "L"],
    )

    await budi.taps("📨 Buka pendaftaran")
    await budi.sees("Siapa pun yang punya tautan dapat mendaftar")
    await budi.taps("Buka pendaftaran")
    await budi.sees("Pendaftaran dibuka")

    await budi.taps("📋 Salin")
    await budi.sees("Pada hari apa?")
    await budi.says("8-3-2030")
    await budi.sees("Tersalin")
    copies = await hall.read(lambda tx: meetings.of_office(tx, hall.office_id))
    copied = copies[0]
    assert (copied.code, copied.state, copied.starts_at.isoformat()) == (
        "rakor-20300308",
        "draft",
        "2030-03-08T01:00:00+00:00",
    )
    assert copied.registration_questions == changed.registration_questions
    assert copied.map_point == changed.map_point
    assert await hall.read(lambda tx: meetings.quotas(tx, copied.id)) == quotas


async def test_offices_stay_apart(hall: Hall) -> None:
    citra = hall.tg.person("Citra", language_code="id")

    async def appoint(tx: Transaction) -> None:
        now = hall.clock.now()
        other = await offices.save(
            tx,
            code="lain",
            name="Bawaslu Lain",
            city="Ambon",
            timezone="Asia/Jayapura",
            locale="id",
            contact="",
            now=now,
        )
        await roles.appoint(tx, other.id, citra.id, roles.ORGANISER, now, by=None)

    await hall.write(appoint)
    await citra.says("/rakor")

    seen = await citra.sees("belum punya rakor")
    assert "Stakeholder" not in seen.text
    citra.forges_callback(f"meeting-edit:{base36(hall.meeting_id)}")
    await citra.sees("Hanya panitia")
