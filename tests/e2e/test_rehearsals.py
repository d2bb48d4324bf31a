"""A rehearsal is marked in all that people see, and gone before the real meeting begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.storage import meetings, participants
from bot.storage.database import Transaction
from tests.e2e.conftest import Hall


async def test_a_rehearsal_from_its_beginning_to_the_wipe(hall: Hall) -> None:
    budi, ani = hall.budi, hall.tg.person("Ani", language_code="id")

    async def reopen(tx: Transaction) -> None:
        await meetings.set_state(tx, hall.meeting_id, "open", hall.clock.now(), expected="running")

    await hall.write(reopen)
    await budi.says("/rakor")
    await budi.taps("1. Rapat Koordinasi")
    await budi.taps("🎭 Gladi")
    await budi.sees("Semua yang dilihat orang diawali “GLADI”")
    await budi.taps("🎭 Mulai gladi")
    await budi.sees("🎭 GLADI · Rapat Koordinasi")

    await hall.registers(ani, "Ani Lestari", "Media", "Harian Contoh", "Wartawan")
    assert any("🎭 GLADI · Rapat Koordinasi" in text for text in ani.inbox)
    await _forgets_to_end_it(hall)
    await budi.says("/rakor")
    await budi.taps("1. 🎭 GLADI")
    await budi.taps("✏️ Ubah")
    await budi.taps("Tempat")
    await budi.sees("Di mana diadakan?")
    await budi.says("Aula")
    await budi.sees("Ini menyangkut peserta")
    await budi.taps("Kirim ke")
    notice = await ani.sees("Tempat berubah")
    assert notice.text.startswith("🎭 GLADI\n\n⚠️ Tempat berubah")

    await budi.says("/rakor")
    await budi.taps("1. 🎭 GLADI")
    await budi.taps("🎭 Akhiri gladi")
    seen = await budi.sees("Akhiri gladi?")
    assert "Pendaftaran: 1" in seen.text
    await budi.taps("🧹 Hapus dan akhiri")
    card = await budi.sees("🗓 Rapat Koordinasi")
    assert "Rancangan" in card.text
    assert await hall.read(lambda tx: participants.registered(tx, hall.meeting_id)) == []


async def _forgets_to_end_it(hall: Hall) -> None:
    """The meeting is moved to tomorrow; in the evening before, Budi is reminded, and once more two hours before it."""
    now = hall.clock.now()
    meeting = await hall.read(lambda tx: meetings.find(tx, hall.meeting_id))
    assert meeting is not None
    later = replace(meeting, starts_at=now + timedelta(hours=13), ends_at=now + timedelta(hours=17))
    await hall.write(lambda tx: meetings.put(tx, later, now))
    hall.moves_clock(timedelta(hours=1, minutes=1))
    reminder = await hall.budi.sees("Gladi belum diakhiri")
    assert "🎭 GLADI · Rapat Koordinasi" in reminder.text
    hall.moves_clock(timedelta(hours=10))
    await hall.budi.sees("Gladi belum diakhiri")
