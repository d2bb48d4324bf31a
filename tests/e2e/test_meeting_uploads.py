"""Meeting files sent to the bot: previewed, applied on a tap, refused with line or cell."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from bot.domain.meeting_files import meeting_export, meeting_stored, meeting_yaml
from bot.storage import meetings, polls, sessions
from bot.storage.database import Transaction
from simulator.driver import PersonDriver
from tests.e2e.conftest import Hall


async def written(hall: Hall) -> dict[str, object]:
    """The hall's meeting as the content of a file."""
    file = await hall.read(lambda tx: meeting_stored.stored(tx, hall.code))
    assert file is not None
    return meeting_export.as_content(file)


async def sends(person: PersonDriver, name: str, content: dict[str, object]) -> None:
    await person.sends_document(name, meeting_yaml.to_text(content).encode())


async def test_a_yaml_file_is_previewed_applied_and_people_are_told(hall: Hall) -> None:
    budi, ani = hall.budi, hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Media", "Harian Contoh", "Wartawan")
    content = await written(hall)
    head = content["meeting"]
    assert isinstance(head, dict)
    head["venue"] = "Aula <Baru>"
    agenda = content["agenda"]
    assert isinstance(agenda, list)
    agenda[0]["title"] = {"id": "Pendaftaran ulang", "en": "Registration"}
    gone = agenda.pop(1)

    await sends(budi, "rakor.yaml", content)

    seen = await budi.sees("Yang akan berubah")
    assert "✏️ Tempat: Hotel Novotel Palembang → Aula <Baru>" in seen.text
    assert "✏️ Registrasi peserta → Pendaftaran ulang" in seen.text
    assert f"➖ {gone['title']['id']}" in seen.text
    before = await hall.read(lambda tx: meetings.find(tx, hall.meeting_id))
    assert before is not None
    assert before.venue == "Hotel Novotel Palembang"

    await budi.taps("✅ Terapkan")
    await budi.sees("Berkas diterapkan")
    offer = await budi.sees("Ini menyangkut peserta yang terdaftar")
    assert "Sekarang: Aula <Baru>" in offer.text
    await budi.taps("Kirim ke")
    notice = await ani.sees("Tempat berubah")
    assert notice.text.startswith("⚠️ Tempat berubah")
    assert "Semula: Hotel Novotel Palembang" in notice.text

    await sends(budi, "rakor.yaml", content)
    await budi.sees("tidak ada yang berubah")

    # The session is in use: that it stays is told, and there is nothing to apply.
    async def open_session(tx: Transaction) -> None:
        [session] = await sessions.of_meeting(tx, hall.meeting_id)
        await sessions.open_session(tx, session.id, hall.clock.now())

    await hall.write(open_session)
    await sends(budi, "rakor.yaml", {**content, "sessions": []})
    stays = await budi.sees("Berkas tidak mengubah apa pun")
    assert "⚠️ “dialog” tidak lagi ada di berkas" in stays.text


async def test_mistakes_and_changes_meanwhile_change_nothing(hall: Hall) -> None:
    budi = hall.budi
    await budi.sends_document("rakor.yaml", b"office:\n  kode: x\nmeeting: 5\n")
    seen = await budi.sees("kesalahan di berkas")
    assert "baris 2 · office.kode" in seen.text

    await budi.sends_document("rakor.xlsx", b"MZ\x90\x00 this is a program")
    await budi.sees("Ini bukan tabel, apa pun namanya")

    content = await written(hall)
    content["office"]["code"] = "kantor-lain"  # type: ignore[index]
    await sends(budi, "rakor.json", content)
    await budi.sees("Hanya panitia")

    content = await written(hall)
    content["meeting"]["address"] = "Jalan Baru 1"  # type: ignore[index]
    await sends(budi, "rakor.json", content)
    await budi.sees("Yang akan berubah")
    await hall.write(lambda tx: meetings.save_quota(tx, hall.meeting_id, "tni", 3))
    await budi.taps("✅ Terapkan")
    await budi.sees("Rakor berubah sejak pratinjau")

    meeting = await hall.read(lambda tx: meetings.find(tx, hall.meeting_id))
    assert meeting is not None
    assert meeting.address == "Palembang, Sumatera Selatan"


async def test_the_excel_form_goes_out_and_comes_back_changed(hall: Hall) -> None:
    budi = hall.budi
    await budi.says("/rakor")
    await budi.taps("1. Rapat Koordinasi")
    await budi.taps("📤 Berkas")
    sent = await budi.sees("Ubah lalu kirim kembali")
    stored = hall.tg.world.files.by_id(sent.data["document"]["file_id"])
    assert stored is not None
    form = stored.content
    await budi.sends_document("rakor.xlsx", form)
    await budi.sees("tidak ada yang berubah")

    book = load_workbook(io.BytesIO(form))
    assert book.sheetnames == ["Rakor", "Unsur", "Acara", "Materi", "Sesi", "Jajak", "Uji"]
    book["Rakor"]["B9"] = "Aula Kantor"
    book["Unsur"]["D2"] = 7
    last = book["Acara"].max_row
    book["Acara"].append(
        ["", book["Acara"][f"B{last}"].value, book["Acara"][f"C{last}"].value, "Foto bersama"]
    )
    book["Materi"].delete_rows(2)
    book["Sesi"]["I2"] = "Logistik; Pengawasan"
    book["Jajak"].append(["", "kuis", "Berapa lama?", "Dua hari; Tiga hari", "Tiga hari", "Dibahas", "ya"])
    book["Uji"].append(["", "ASN wajib netral.", "", "benar", "UU 20/2023", ""])
    file = io.BytesIO()
    book.save(file)
    await budi.sends_document("rakor.xlsx", file.getvalue())
    seen = await budi.sees("Yang akan berubah")
    assert "Tempat: Hotel Novotel Palembang → Aula Kantor" in seen.text
    assert "TNI: 20 → 7" in seen.text
    assert "➕ Foto bersama" in seen.text
    assert "– → subtopik: Logistik, Pengawasan" in seen.text
    assert "➕ Berapa lama? (Dua hari; Tiga hari ✓)" in seen.text
    assert "➕ ASN wajib netral. (benar; UU 20/2023)" in seen.text
    await budi.taps("✅ Terapkan")
    await budi.sees("Berkas diterapkan")
    quotas = await hall.read(lambda tx: meetings.quotas(tx, hall.meeting_id))
    assert quotas["tni"] == 7
    [poll] = await hall.read(lambda tx: polls.of_meeting(tx, hall.meeting_id))
    assert (poll.kind, poll.options, poll.right_option, poll.hidden, poll.state) == (
        "quiz",
        ("Dua hari", "Tiga hari"),
        1,
        True,
        "draft",
    )

    book["Acara"]["B3"] = "tengah hari"
    book["Acara"]["J1"] = "Catatan"
    file = io.BytesIO()
    book.save(file)
    await budi.sends_document("rakor.xlsx", file.getvalue())
    wrong = await budi.sees("kesalahan di berkas")
    assert "Acara!J1" in wrong.text
    book["Acara"]["J1"] = None
    file = io.BytesIO()
    book.save(file)
    await budi.sends_document("rakor.xlsx", file.getvalue())
    wrong = await budi.sees("kesalahan di berkas")
    assert "Acara!B3" in wrong.text

    book["Rakor"].merge_cells("A20:C20")
    file = io.BytesIO()
    book.save(file)
    await budi.sends_document("rakor.xlsx", file.getvalue())
    await budi.sees("Sel A20:C20 di lembar “Rakor” digabung")


async def test_a_participants_file_is_no_meeting_file(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await ani.start(hall.code)
    await ani.sends_document("rakor.yaml", b"office:\n")

    await ani.sees("tidak saya simpan")
