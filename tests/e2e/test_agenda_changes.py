"""A day that runs late, materials that the committee sends, the calendar and the map."""

from __future__ import annotations

from dataclasses import replace

from bot.storage import meetings
from bot.storage.database import Transaction
from bot.storage.values import base36
from tests.e2e.conftest import Hall


async def test_who_asked_is_told_when_the_agenda_moves(hall: Hall) -> None:
    budi, ani, citra = hall.budi, hall.tg.person("Ani", language_code="id"), hall.tg.person("Citra")
    for person in (ani, citra):
        await person.start(hall.code)
        await person.says("/agenda")
    await ani.sees("Sekarang:")
    await ani.taps("🔔 Kabari bila berubah")
    await ani.is_told("Anda akan dikabari")
    group = hall.tg.group("Rakor", [budi])
    await group.adds_bot(by=budi)
    await group.says(budi, "/ikat")
    await group.sees("kini terhubung")
    before = await hall.read(lambda tx: meetings.agenda(tx, hall.meeting_id))
    late = next(item for item in before if item.title["id"].startswith("Dialog"))
    first = before.index(late)

    await budi.says("/rakor")
    await budi.taps("1. Rapat Koordinasi")
    await budi.taps("🗓 Acara")
    await budi.taps("Dialog bersama stakeholder")
    await budi.sees("acara berikutnya ikut bergeser")
    await budi.taps("+15′")
    await budi.is_told("Digeser. 2 obrolan diberi tahu.")

    told = await ani.sees("mundur 15 menit")
    assert told.text.startswith("⏱ “Dialog bersama stakeholder” mundur 15 menit")
    assert "WIB" in told.text
    await group.sees("mundur 15 menit")
    assert not any("mundur" in text for text in citra.inbox)
    after = await hall.read(lambda tx: meetings.agenda(tx, hall.meeting_id))
    minutes = [
        (new.starts_at - old.starts_at).total_seconds() / 60 for old, new in zip(before, after, strict=True)
    ]
    assert minutes == [0] * first + [15] * (len(before) - first)

    # A second tap on the button as it was then moves nothing.
    seen = (hall.meeting_id, late.id, 15, int(late.starts_at.timestamp()))
    budi.forges_callback(":".join(("item-delay", *map(base36, seen))))
    await budi.is_told("sudah digeser")
    assert await hall.read(lambda tx: meetings.agenda(tx, hall.meeting_id)) == after

    await ani.taps("🔕 Berhenti dikabari")
    await ani.is_told("tidak lagi dikabari")
    await budi.taps("−5′")
    await budi.is_told("Digeser. 1 obrolan diberi tahu.")


async def test_a_document_that_an_organiser_sends_becomes_a_material(hall: Hall) -> None:
    budi, ani = hall.budi, hall.tg.person("Ani", language_code="id")

    async def mapped(tx: Transaction) -> None:
        meeting = await meetings.find(tx, hall.meeting_id)
        assert meeting is not None
        await meetings.put(tx, replace(meeting, map_point=(-2.97610, 104.77541)), hall.clock.now())

    await hall.write(mapped)
    await budi.sends_document("Paparan Ketua.pdf", b"%PDF-1.4 paparan" * 100)
    await budi.sees("Apa judulnya?")
    await budi.says("Paparan <Ketua>")
    await budi.sees("Untuk mata acara yang mana?")
    await budi.taps("Dialog bersama stakeholder")
    await budi.sees("Ditambahkan ke materi")

    await ani.start(hall.code)
    await ani.says("/materi")
    listed = await ani.sees("Paparan <Ketua>")
    assert "Paparan Ketua.pdf · 2 KB" in listed.text
    await ani.taps("Paparan <Ketua>")
    sent = await ani.sees("📄 Paparan <Ketua>")
    assert sent.data["document"]["file_name"] == "Paparan Ketua.pdf"

    await ani.says("/agenda")
    await ani.taps("📅 Kalender")
    file = await ani.sees("di kalender Anda")
    stored = hall.tg.world.files.by_id(file.data["document"]["file_id"])
    assert stored is not None
    lines = stored.content.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "SUMMARY:Rapat Koordinasi Bersama Stakeholder" in lines
    assert "GEO:-2.976100;104.775410" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    await ani.taps("📍 Peta")
    [venue] = await hall.tg.called("sendVenue")
    assert venue.params["title"] == "Hotel Novotel Palembang"

    await budi.says("/rakor")
    await budi.taps("1. Rapat Koordinasi")
    await budi.taps("📄 Materi")
    await budi.taps("Paparan <Ketua>")
    await budi.sees("Hapus “Paparan <Ketua>” dari materi?")
    await budi.taps("Ya, hapus")
    await budi.sees("Anda juga dapat langsung mengirim")
    left = await hall.read(lambda tx: meetings.materials(tx, hall.meeting_id))
    assert [item.file for item in left] == [None, None]
