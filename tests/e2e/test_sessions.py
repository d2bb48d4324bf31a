"""/sesi as the committee lives it: a session is made and set in the chat, and goes with the agenda."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.storage import meetings, sessions
from bot.storage.database import Transaction
from bot.storage.sessions import Session
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import participant


async def made(hall: Hall, topic: str) -> Session:
    found = await hall.read(lambda tx: sessions.of_meeting(tx, hall.meeting_id))
    return next(session for session in found if session.topic.get("id") == topic)


async def test_a_session_is_made_and_set_in_the_chat(hall: Hall) -> None:
    ani, budi = await participant(hall), hall.budi
    await budi.says("/sesi")
    await budi.taps("Sesi baru")
    await budi.says("Hari pemungutan suara")
    await budi.says("Apa yang perlu disiapkan?")
    await budi.taps("Simpan")
    await budi.sees("Hari pemungutan suara")

    await budi.taps("Jenis")
    await budi.taps("Pertanyaan")
    await budi.sees("Jenis apa saja")
    await budi.taps("Selesai")
    await budi.taps("Anonimitas")
    await budi.taps("hanya anonim")
    await budi.taps("Selesai")
    await budi.taps("Per orang")
    await budi.taps("10")
    await budi.taps("Selesai")
    await budi.taps("Siapa")
    await budi.taps("›")
    await budi.taps("Media")
    await budi.taps("Selesai")
    await budi.taps("Moderasi")
    await budi.taps("langsung terbit")
    await budi.taps("Selesai")
    await budi.taps("Judul")
    await budi.says("Logistik\nPemilih")
    await budi.taps("Simpan")
    await budi.sees("Judul: Logistik, Pemilih")
    session = await made(hall, "Hari pemungutan suara")
    assert (session.kinds, session.anonymity) == (("challenge", "suggestion", "input"), "forced")
    assert (session.limit_per_person, session.moderation) == (10, "after")
    assert "media" not in session.sectors
    assert "asn" in session.sectors
    assert (session.topics, session.state) == (("Logistik", "Pemilih"), "planned")

    await budi.taps("▶️ Buka")
    await ani.sees("Sesi dialog dibuka: Hari pemungutan suara")
    await ani.taps("Beri masukan")
    await ani.sees("secara anonim")
    await ani.taps("Tantangan")
    await ani.taps("Logistik")
    asked = await ani.sees("Apa yang perlu disiapkan?")
    assert "Peserta lain langsung dapat membacanya" in asked.text
    await ani.says("Surat suara datang terlambat")
    await ani.taps("Kirim")
    await ani.sees("anonim Anda telah sampai")
    await ani.taps("Masukan terbit")
    await ani.sees("Surat suara datang terlambat")


async def test_a_session_opens_and_closes_with_its_agenda_item(hall: Hall) -> None:
    ani, budi = await participant(hall), hall.budi
    starts = hall.clock.now() + timedelta(hours=1)

    async def plan(tx: Transaction) -> None:
        await meetings.save_agenda_item(
            tx,
            hall.meeting_id,
            slug="tambahan",
            starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
            title={"id": "Dialog tambahan"},
            speaker="",
            speaker_position={},
        )
        await sessions.save(
            tx,
            hall.meeting_id,
            slug="tambahan",
            agenda_slug="tambahan",
            topic={"id": "Dialog tambahan"},
            prompt={},
            kinds=("input",),
            anonymity="off",
            limit_per_person=1,
            text_limit=500,
            position=-1,
        )

    await hall.write(plan)
    session = await made(hall, "Dialog tambahan")
    await budi.says("/sesi")
    await budi.taps("⚙️")
    await budi.taps("Agenda")
    await budi.taps("Buka dan tutup mengikuti mata acara")
    await budi.taps("Selesai")
    await budi.sees("dibuka dan ditutup mengikuti mata acara")

    hall.moves_clock(timedelta(hours=1, seconds=1))
    await ani.sees("Sesi dialog dibuka: Dialog tambahan")
    hall.moves_clock(timedelta(minutes=30))

    async def is_closed() -> bool:
        found = await hall.read(lambda tx: sessions.find(tx, session.id))
        return found is not None and found.state == "closed"

    async with asyncio.timeout(10):
        while not await is_closed():
            await asyncio.sleep(0.02)
