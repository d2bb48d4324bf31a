"""/jadwal over HTTP: making reminders, ready plans, four eyes, another calendar, people's wishes, an office's cards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain import office_settings, roles
from bot.domain.rules.rules import folder
from bot.storage import office_settings as stored_settings
from bot.storage import people
from bot.storage.database import Transaction
from simulator.driver import PersonDriver
from tests.e2e.audience import takes_part
from tests.e2e.conftest import Hall

AUGUST = datetime(2024, 8, 1, 1, 0, tzinfo=UTC)
"""Thursday, 08.00 WIB, before the stages of the campaign."""


def at(hall: Hall, moment: datetime) -> None:
    hall.moves_clock(moment - hall.clock.now())


async def second_organiser(hall: Hall) -> PersonDriver:
    eka = hall.tg.person("Eka", language_code="id")
    await eka.start(hall.code)
    await eka.sees("Rapat Koordinasi")

    async def appoint(tx: Transaction) -> None:
        await roles.appoint(tx, hall.office_id, eka.id, roles.ORGANISER, hall.clock.now(), by=hall.budi.id)
        await people.follow(tx, eka.id, hall.meeting_id)

    await hall.write(appoint)
    return eka


async def test_a_card_becomes_a_reminder_counted_from_a_stage(hall: Hall) -> None:
    at(hall, AUGUST)
    ani, budi = await takes_part(hall, "Ani", "media"), hall.budi

    await budi.says("/jadwal")
    await budi.taps("➕ Pengingat baru")
    await budi.taps("📘 Kartu aturan")
    await budi.taps("🔎 Cari dengan kata")
    await budi.sees("Kartu itu tentang apa?")
    await budi.says("media masa tenang")
    await budi.sees("Kartu yang mungkin cocok")
    await budi.taps("1.")
    whom = await budi.sees("👥 Penerima")
    assert "Saat ini menjangkau 1 orang" in whom.text
    await budi.taps("✅ Lanjut (1)")
    await budi.sees("Kapan dikirim?")
    await budi.taps("Dihitung dari tahapan")
    page = await budi.sees("Tahapan yang mana?")
    while "Masa tenang" not in page.text:
        await budi.taps("›")
        page = await budi.sees("Tahapan yang mana?")
    line = next(line for line in page.text.splitlines() if "Masa tenang" in line)
    await budi.taps(line.split()[0])
    await budi.taps("Dari hari pertama")
    await budi.sees("Pada hari apa saja dan pukul berapa?")
    await budi.says("tujuh hari sebelumnya")
    await budi.sees("Tidak terbaca")
    await budi.says("H-7, H-1, H 08.00")
    await budi.taps("Hari kerja sebelumnya")
    draft = await budi.sees("Pengingat baru")
    # 24 November is a Sunday and the 23rd a Saturday: both fall on the Friday before, where one message is enough.
    assert (
        "2 waktu berikutnya\n• Jumat, 15 November 2024, 08.00 WIB\n• Jumat, 22 November 2024, 08.00 WIB"
        in draft.text
    )
    await budi.taps("👁 English")
    await budi.sees("Legal basis")
    await budi.taps("✅ Simpan", message=draft)
    await budi.is_told("Disimpan.")
    saved = await budi.sees("Berikutnya: Jumat, 15 November 2024")

    await budi.taps("Lewati berikutnya", message=saved)
    await budi.is_told("Dilewati: Jumat, 15 November 2024")
    at(hall, datetime(2024, 11, 22, 1, 0, tzinfo=UTC))
    arrived = await ani.sees("🔔")
    await ani.taps("📘 Kartu dan sumbernya", message=arrived)
    as_sent = await ani.sees("Sebagaimana dikirim pada Jumat, 22 November 2024")
    assert "Sumber" in as_sent.text


async def test_a_text_every_week_with_a_picture_copied_and_deleted(hall: Hall) -> None:
    at(hall, AUGUST)
    ani, budi = await takes_part(hall, "Ani", "asn", "en"), hall.budi

    await budi.says("/jadwal")
    await budi.taps("➕ Pengingat baru")
    await budi.taps("✍️ Teks")
    await budi.sees("Apa judul pengingatnya?")
    await budi.says("Rapat mingguan")
    await budi.sees("Kirim gambar")
    await budi.sends_photo(b"picture")
    await budi.sees("Apa isi pengingatnya?")
    await budi.says("Laporan pekan ini ditunggu.")
    await budi.sees("bahasa Inggris")
    await budi.says("This week's report is due.")
    await budi.sees("Tentang apa?")
    await budi.taps("Tentang rakor")
    await budi.sees("jawaban Anda")
    await budi.taps("Lanjut")
    await budi.sees("👥 Penerima")
    await budi.taps("✅ Lanjut (1)")
    await budi.taps("Setiap pekan")
    await budi.taps("Senin sampai Jumat")
    await budi.sees("Pukul berapa")
    await budi.says("16.00")
    await budi.taps("Sampai hari tertentu")
    await budi.sees("Sampai hari apa?")
    await budi.says("06-08-2024")
    await budi.taps("Dilewati")
    draft = await budi.sees("Pengingat baru")
    assert "Setiap Senin sampai Jumat pukul 16.00, sampai 6 Agustus 2024" in draft.text
    assert "4 waktu berikutnya" in draft.text
    await budi.taps("✅ Simpan", message=draft)
    await budi.is_told("Disimpan.")
    at(hall, datetime(2024, 8, 1, 9, 0, tzinfo=UTC))
    assert (await ani.sees("📣 Rapat mingguan")).text.endswith("This week's report is due.")

    await budi.says("/jadwal")
    await budi.taps("Rapat mingguan")
    await budi.taps("Salin")
    copied = await budi.sees("Pengingat baru")
    await budi.taps("Buang", message=copied)
    await budi.is_told("Dihapus.")
    await budi.taps("Rapat mingguan")
    await budi.taps("Hapus")
    await budi.taps("Ya, hapus")
    listed = await budi.sees("Pengingat rakor ini")
    assert "Rapat mingguan" not in listed.text


async def test_a_text_comes_with_a_question_that_its_readers_answer(hall: Hall) -> None:
    at(hall, AUGUST)
    ani, budi = await takes_part(hall, "Ani", "asn"), hall.budi

    await budi.says("/jadwal")
    await budi.taps("➕ Pengingat baru")
    await budi.taps("✍️ Teks")
    await budi.says("Kampanye")
    await budi.taps("Lewati", message=await budi.sees("Kirim gambar"))
    await budi.sees("Apa isi pengingatnya?")
    await budi.says("ASN tidak ikut kampanye.")
    await budi.taps("Lewati", message=await budi.sees("bahasa Inggris"))
    await budi.taps("Tentang rakor")
    await budi.taps("Lanjut")
    await budi.taps("✅ Lanjut (1)")
    await budi.taps("Pada hari dan jam tertentu")
    await budi.says("01-08-2024 09.00")
    draft = await budi.sees("Pengingat baru")
    await budi.taps("❓ Tambah pertanyaan", message=draft)
    await budi.sees("Pertanyaan apa")
    await budi.says("Bolehkah ikut?\n- Boleh\n- Tidak\n> (dasar)")
    await budi.sees("tepat satu pilihan")
    await budi.says("Bolehkah ikut?\n- Boleh\n* Tidak\n> (dasar)")
    draft = await budi.sees("Pengingat baru")
    assert "Yang menyatakan membaca ditanya: Bolehkah ikut?" in draft.text
    await budi.taps("👁 Indonesia", message=draft)
    shown = await budi.sees("Yang menyatakan membaca ditanya\n")
    assert shown.text.endswith("Bolehkah ikut?\n▫️ Boleh\n✅ Tidak\n\n(dasar)")
    await budi.taps("✅ Simpan", message=draft)
    saved = await budi.sees("Berikutnya:")
    await budi.taps("❓ Pertanyaannya", message=saved)
    await budi.sees("Pertanyaan pengingat ini")
    await budi.taps("Ubah")
    assert "* Tidak" in (await budi.sees("Ditulis seperti ini")).text
    await budi.says("Bolehkah ikut kampanye?\n- Boleh\n* Tidak\n> (dasar)")
    await budi.sees("ditanya: Bolehkah ikut kampanye?")

    at(hall, datetime(2024, 8, 1, 2, 0, tzinfo=UTC))
    arrived = await ani.sees("📣 Kampanye")
    await ani.taps("Sudah dibaca dan dipahami", message=arrived)
    asked = await ani.sees("Bolehkah ikut kampanye?")
    await ani.taps("Tidak", message=asked)
    await ani.sees("✅ Benar")


async def test_the_ready_plan_of_a_group_is_added_once(hall: Hall) -> None:
    at(hall, AUGUST)
    budi = hall.budi

    await budi.says("/jadwal")
    await budi.taps("📦 Paket siap pakai")
    await budi.taps("ASN/Pemda")
    plan = await budi.sees("Paket siap pakai: ASN/Pemda")
    assert "belum dikonfirmasi kantor Anda" in plan.text
    await budi.taps("✅ Tambahkan")
    added = await budi.sees("pengingat ditambahkan untuk ASN/Pemda")
    count = int(added.text.split()[1])
    assert count > 8
    await budi.taps("‹ Semua pengingat")
    listed = await budi.sees("halaman 1 dari")
    assert len(listed.text) < 4096
    await budi.taps("📦 Paket siap pakai")
    await budi.taps("ASN/Pemda")
    again = await budi.sees(f"{count} di antaranya sudah ada dalam daftar Anda")
    assert not [button for row in again.rows for button in row if button["text"].startswith("✅ Tambahkan")]


async def test_what_goes_to_many_needs_a_second_organiser(hall: Hall) -> None:
    ani, dodi = await takes_part(hall, "Ani", "asn", "en"), await takes_part(hall, "Dodi", "asn")
    budi = hall.budi
    await budi.says("/jadwal")
    await budi.taps("⚙️ Pengaturan")
    await budi.taps("> 10")
    await budi.sees("hanya memiliki satu panitia")
    eka = await second_organiser(hall)

    async def two_are_many(tx: Transaction) -> None:
        await stored_settings.set_approval(tx, hall.office_id, 1)

    await hall.write(two_are_many)
    await budi.says("/jadwal")
    await budi.taps("ASN wajib netral")
    await budi.taps("Kirim sekarang")
    await budi.sees("1 panitia lain sudah dimintai persetujuan")
    await budi.taps("Lihat permintaan")
    await budi.sees("Anda sendiri yang memintanya")
    await eka.sees("Persetujuan Anda diperlukan")
    await eka.taps("Lihat dan setujui")
    request = await eka.sees("Untuk disetujui")
    assert "Menjangkau 2 obrolan" in request.text
    await eka.taps("✅ Setujui")
    await eka.is_told("Disetujui.")
    await budi.sees("Panitia lain menyetujui permintaan Anda")
    assert (ani.unseen, dodi.unseen) == ([], [])

    await budi.says("/jadwal")
    await budi.taps("ASN wajib netral")
    await budi.taps("Kirim sekarang")
    await budi.taps("Kirim ke 2")
    await ani.sees("Civil servants must be neutral")
    await dodi.sees("ASN wajib netral")


async def test_another_calendar_shows_what_moves_and_asks(hall: Hall) -> None:
    at(hall, AUGUST)
    ani, budi = await takes_part(hall, "Ani", "asn", "en"), hall.budi
    await budi.says("/jadwal")
    await budi.taps("📦 Paket siap pakai")
    await budi.taps("ASN/Pemda")
    await budi.taps("✅ Tambahkan")
    await budi.sees("ditambahkan")
    await ani.says("/stages")
    assert "▶️" in (await ani.sees("days to voting day")).text

    present = (folder() / "calendars" / "pilkada-2024.yaml").read_text("utf-8")
    later = present.replace("voting_day: 2024-11-27", "voting_day: 2024-12-04")
    later = later.replace("start: 2024-09-25", "start: 2024-10-02")
    await budi.sends_document("kalender.yaml", b"election: x\nstages: []\nvoting_day: besok\n")
    await budi.sees("Kalender ini tidak dapat dipakai")
    await budi.sends_document("kalender.yaml", later.encode())
    shown = await budi.sees("Kalender baru")
    assert "Hari pemungutan suara: 27 November 2024 → 4 Desember 2024" in shown.text
    assert "pengingat bergeser" in shown.text
    await budi.taps("✅ Muat; geser pengingat")
    await budi.sees("berlaku mulai sekarang")
    await ani.says("/stages")
    assert "4 December 2024" in (await ani.sees("days to voting day")).text


async def test_a_topic_and_an_hour_are_each_persons_to_choose(hall: Hall) -> None:
    at(hall, AUGUST)
    ani, dodi, budi = (
        await takes_part(hall, "Ani", "asn", "en"),
        await takes_part(hall, "Dodi", "asn"),
        hall.budi,
    )
    await ani.says("/pengingat")
    await ani.taps("⏰ Hour")
    await ani.sees("At what hour?")
    await ani.taps("19:00")
    await ani.is_told("Noted.")
    await ani.sees("At what hour?")
    await budi.says("/jadwal")
    await budi.taps("ASN wajib netral")
    await budi.taps("Satu menit lagi")
    await budi.is_told("Akan dikirim pada")
    hall.moves_clock(timedelta(minutes=1))
    await dodi.sees("ASN wajib netral")
    assert ani.unseen == []

    at(hall, AUGUST + timedelta(hours=11))
    await ani.sees("Civil servants must be neutral")
    await ani.taps("Stop reminders like this")
    await ani.sees("sends you no more reminders about: Neutrality")
    await budi.says("/jadwal")
    await budi.taps("ASN wajib netral")
    await budi.taps("Kirim sekarang")
    await budi.taps("Kirim ke 1")
    await dodi.sees("ASN wajib netral")
    assert ani.unseen == []


async def test_in_quiet_hours_a_reminder_waits_for_the_morning(hall: Hall) -> None:
    at(hall, AUGUST + timedelta(hours=13))  # 21.00 WIB
    ani, budi = await takes_part(hall, "Ani", "asn", "en"), hall.budi
    await budi.says("/jadwal")
    await budi.taps("⚙️ Pengaturan")
    await budi.taps("21–06")
    await budi.sees("dari pukul 21.00 sampai 06.00")
    await budi.says("/jadwal")
    await budi.taps("ASN wajib netral")
    await budi.taps("Satu menit lagi")
    await budi.is_told("Akan dikirim pada Jumat, 2 Agustus 2024, 06.00 WIB")
    at(hall, datetime(2024, 8, 1, 23, 0, tzinfo=UTC))
    await ani.sees("Civil servants must be neutral")
    settings = await hall.read(lambda tx: stored_settings.find(tx, hall.office_id))
    assert office_settings.quiet_hours(settings) is not None


async def test_an_office_writes_a_card_of_its_own(hall: Hall) -> None:
    at(hall, AUGUST)
    ani, budi = await takes_part(hall, "Ani", "asn", "en"), hall.budi
    await budi.says("/aturan")
    await budi.taps("🗂 Kartu kantor")
    await budi.taps("➕ Kartu baru")
    for question, answer in (
        ("dalam satu baris", "Dilarang memasang stiker di mobil dinas"),
        ("bahasa Inggris", "No stickers on official cars"),
        ("bahasa sehari-hari", "Mobil dinas tidak boleh ditempeli stiker pasangan calon."),
        ("dalam bahasa Inggris", "Official cars bear no candidates' stickers."),
        ("Dasar hukumnya", "UU 10/2016; Pasal 71 ayat (1); larangan memihak"),
    ):
        await budi.sees(question)
        await budi.says(answer)
    await budi.sees("Sanksinya")
    await budi.taps("Lewati")
    await budi.sees("Siapa yang disangkutnya?")
    await budi.says("asn, antah berantah")
    await budi.sees("tidak dikenal")
    await budi.says("asn, pemda")
    await budi.taps("Netralitas")
    await budi.sees("Alamat halaman")
    await budi.says("https://bawaslu.go.id/contoh")
    await budi.sees("Kapan dicocokkan")
    await budi.says("01-08-2024")
    await budi.taps("Berlaku")
    await budi.sees("jawaban Anda")
    await budi.taps("Simpan")
    waiting = await budi.sees("menunggu konfirmasi")
    await ani.says("/rules stickers on official cars")
    await ani.sees("stickers on official cars")
    assert "No stickers on official cars" not in ani.last.text
    await budi.taps("✅ Konfirmasi rumusan ini", message=waiting)
    await budi.is_told("onfirmasi")
    await ani.says("/rules stickers on official cars")
    await ani.sees("1. No stickers on official cars")
