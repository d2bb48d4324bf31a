"""Notices after they went out: noted, asked about, proved, changed and taken back, by the buttons that people have."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pypdf

from bot.domain import roles
from bot.domain.notices.quizzes import Quiz
from bot.storage import broadcasts, office_questions, office_settings, people, receipts
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Transaction
from simulator.driver import PersonDriver
from tests.e2e.audience import (
    all_delivered,
    all_told,
    becomes_true,
    becomes_unrecorded,
    bound_group,
    takes_part,
)
from tests.e2e.conftest import Hall
from tests.e2e.test_rights import buttons_of, settled, what_is_kept


async def announces(hall: Hall, text: str, count: int, *ticks: str) -> None:
    """Budi sends an announcement to all participants, after some taps on its preview."""
    await hall.budi.says(f"/siaran {text}")
    await hall.budi.taps(f"Lanjut ({count})")
    await hall.budi.sees("Kirim sekarang?")
    for tick in ticks:
        await hall.budi.taps(tick)
    await hall.budi.taps(f"Kirim ke {count} obrolan")


async def sent_broadcast(hall: Hall) -> Broadcast:
    found = await hall.read(lambda tx: broadcasts.of_meeting(tx, hall.meeting_id))
    return found[-1]


async def test_readers_note_it_with_one_tap_and_the_silent_are_listed_reminded_and_proved(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    dodi = await takes_part(hall, "Dodi", "polri")
    await announces(hall, "Masa tenang dimulai.", 2, "Minta pernyataan")

    await ani.sees("Masa tenang dimulai.")
    await ani.taps("Sudah dibaca dan dipahami")
    await ani.is_told("Tercatat. Terima kasih.")
    ani.repeats_tap()
    await ani.is_told("Sudah tercatat sebelumnya.")
    await ani.sees("Masa tenang dimulai.")
    assert "☑️ Tercatat" in ani.chat.messages[max(ani.chat.messages)].buttons()[0][0]["text"]

    await hall.budi.sees("Terkirim: 2 dari 2")
    await hall.budi.taps("Rincian & tindakan")
    card = await hall.budi.sees("Lembaga yang menyatakan membaca: 1 dari 2")
    assert "Diterima: 2 dari 2 obrolan" in card.text
    await hall.budi.taps("Belum menyatakan membaca: 1")
    silent = await hall.budi.sees("1 lembaga belum menyatakan membaca")
    assert "Polri" in silent.text
    await hall.budi.taps("Ingatkan lembaga ini")
    await hall.budi.taps("Ya, ingatkan")
    await dodi.sees("Mohon konfirmasi")
    await dodi.taps("Sudah dibaca dan dipahami")
    await dodi.is_told("Tercatat. Terima kasih.")

    await hall.budi.says("/terkirim")
    await hall.budi.taps("Masa tenang dimulai.")
    await hall.budi.sees("Lembaga yang menyatakan membaca: 2 dari 2")
    await hall.budi.taps("Bukti (XLSX)")
    book = openpyxl.load_workbook(io.BytesIO(await file_of(hall, ".xlsx")))
    rows = [[cell.value or "" for cell in row] for row in book.worksheets[0].iter_rows(min_row=7)]
    assert [(row[1], row[2], row[3], row[5], bool(row[4]), bool(row[6])) for row in rows] == [
        ("Polri", "Institution", "Dodi", "1", True, True),
        ("ASN/Pemda", "Institution", "Ani", "1", True, True),
    ]
    content = await sent_broadcast(hall)
    await hall.budi.taps("Bukti (PDF)")
    text = "\n".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(await file_of(hall, ".pdf"))).pages
    )
    assert "BUKTI PENYAMPAIAN" in text
    assert "Masa tenang dimulai." in text
    assert content.state == "started"
    await hall.budi.taps("Semua kiriman")
    await hall.budi.taps("Rekap semua per lembaga")
    book = openpyxl.load_workbook(io.BytesIO(await file_of(hall, "pemberitahuan-")))
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=7)] == ["ASN/Pemda", "Polri"]


async def file_of(hall: Hall, name: str) -> bytes:
    """The content of the latest file that Budi got with this in its name."""
    budi = hall.budi

    def found() -> list[str]:
        return [
            message.data["document"]["file_id"]
            for message in budi.chat.messages.values()
            if name in message.data.get("document", {}).get("file_name", "")
        ]

    await hall.tg.until(lambda: bool(found()), f"a file {name}")
    stored = hall.tg.world.files.by_id(found()[-1])
    assert stored is not None
    return stored.content


async def test_the_question_is_answered_once_and_explained_with_its_legal_basis(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    await announces_with_quiz(hall)

    await ani.sees("ASN netral.")
    await ani.taps("Sudah dibaca dan dipahami")
    await ani.sees("Bolehkah ASN menyukai unggahan paslon?")
    await ani.taps("Boleh di rumah")
    told = await ani.sees("Belum tepat")
    assert told.text == (
        "✳️ Belum tepat\n\nBolehkah ASN menyukai unggahan paslon?\n→ Boleh di rumah\n"
        "Yang benar: Tidak boleh\n\nPasal 9 ayat (2) UU 20/2023"
    )
    assert told.rows == []
    broadcast = await sent_broadcast(hall)
    receipt = await hall.read(lambda tx: receipts.find(tx, broadcast.id, ani.id))
    assert receipt is not None
    assert receipt.answer == 0


async def announces_with_quiz(hall: Hall) -> None:
    await hall.budi.says("/siaran ASN netral.")
    await hall.budi.taps("Lanjut (1)")
    await hall.budi.taps("Tambah pertanyaan")
    await hall.budi.sees("Pertanyaan apa")
    await hall.budi.says("Bolehkah ASN menyukai unggahan paslon?\n- Boleh\n- Tidak boleh\n> Pasal 9")
    await hall.budi.sees("tepat satu pilihan")
    quiz = Quiz(
        "Bolehkah ASN menyukai unggahan paslon?",
        ["Boleh di rumah", "Tidak boleh"],
        1,
        "Pasal 9 ayat (2) UU 20/2023",
    )
    await hall.budi.says(quiz.source())
    await hall.budi.sees("Yang mengetuknya ditanya")
    await hall.budi.taps("Kirim ke 1 obrolan")


async def test_an_answer_to_a_notice_is_a_question_that_one_organiser_answers(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    eko = await joins_committee(hall, "Eko")
    await announces(hall, "APK wajib diturunkan.", 1)
    notice = await ani.sees("APK wajib diturunkan.")
    await becomes_true(hall, all_delivered)

    await ani.says("Siap, Pak. Terima kasih.", reply_to=notice)
    await ani.sees("ketuk tombol di bawah")
    await ani.says("Siapa yang menurunkan <APK> di jalan tol?", reply_to=notice)
    await ani.sees("Pertanyaan Anda sudah di panitia")
    for organiser in (hall.budi, eko):
        asked = await organiser.sees("Siapa yang menurunkan <APK> di jalan tol?")
        assert "Dari: Ani, Institution" in asked.text
        assert "Tentang: APK wajib diturunkan." in asked.text
    await hall.budi.taps("✍️ Jawab")
    await hall.budi.sees("Apa jawaban Anda?")
    await eko.taps("✍️ Jawab")
    await eko.is_told("sedang menjawab")
    await hall.budi.says("Satpol PP kota.")
    answer = await ani.sees("menjawab pertanyaan Anda")
    assert "Satpol PP kota." in answer.text
    assert answer.message.data["reply_to_message"]["text"] == "Siapa yang menurunkan <APK> di jalan tol?"

    await ani.says("Kapan paling lambat?", reply_to=answer)
    await ani.sees("Pertanyaan Anda sudah di panitia")
    await hall.budi.says("/pertanyaan")
    listed = await hall.budi.sees("1 pertanyaan menunggu jawaban")
    await hall.budi.taps("Kapan paling lambat?", message=listed)
    await hall.budi.taps("Tutup tanpa jawaban")
    await ani.sees("menutup pertanyaan Anda")
    await hall.budi.sees("Ditutup tanpa jawaban tertulis.")


async def test_an_answer_that_is_quicker_than_our_own_record_is_a_question(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    await announces(hall, "APK <wajib> diturunkan.", 1)
    notice = await ani.sees("APK <wajib> diturunkan.")
    await becomes_true(hall, all_delivered)
    await hall.write(becomes_unrecorded)

    await ani.says("Oleh siapa?", reply_to=notice)

    await ani.sees("Pertanyaan Anda sudah di panitia")
    asked = await hall.budi.sees("Oleh siapa?")
    assert "Tentang: APK <wajib> diturunkan." in asked.text


async def joins_committee(hall: Hall, name: str) -> PersonDriver:
    driver = hall.tg.person(name, language_code="id")
    driver.person.started = True

    async def appoint(tx: Transaction) -> None:
        await people.see(tx, driver.id, "id", hall.clock.now().date(), private=True)
        await roles.appoint(tx, hall.office_id, driver.id, roles.ORGANISER, hall.clock.now(), by=None)

    await hall.write(appoint)
    return driver


async def test_in_a_group_only_who_answers_to_the_notice_asks(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    group = await bound_group(hall, ani)
    await hall.budi.says("/siaran Untuk grup.")
    for label in (
        "Semua peserta",
        "Grup Telegram ›",
        "Rakor",
        "‹ Penerima",
        "Lanjut (1)",
        "Kirim ke 1 obrolan",
    ):
        await hall.budi.taps(label)
    notice = await group.sees("Untuk grup.")
    await becomes_true(hall, all_delivered)

    await group.says(ani, "Siap!", reply_to=notice)
    await group.says(ani, "Jam berapa?")
    await group.says(ani, "Di mana tempatnya?", reply_to=notice)
    await group.sees("Pertanyaan Anda sudah di panitia")
    await hall.budi.sees("Di mana tempatnya?")
    await hall.budi.taps("✍️ Jawab")
    await hall.budi.says("Di kantor.")
    await group.sees("Di kantor.")

    found = await hall.read(
        lambda tx: office_questions.of_office(tx, hall.office_id, is_open=False, limit=9, skip=0)
    )
    assert [(item.text, item.answer) for item in found] == [("Di mana tempatnya?", "Di kantor.")]


async def test_what_was_sent_is_changed_where_it_is_and_then_taken_back(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    await announces(hall, "Apel pukul tujuh.", 1, "Minta pernyataan")
    await ani.sees("Apel pukul tujuh.")
    await ani.taps("Sudah dibaca dan dipahami")
    await hall.budi.sees("Terkirim: 1 dari 1")
    await hall.budi.taps("Rincian & tindakan")
    await hall.budi.taps("Ubah teks")
    await hall.budi.sees("Mohon kirim seluruh teks yang baru.")
    await hall.budi.says("Apel pukul delapan.")
    await hall.budi.taps("Ubah di semua obrolan")
    await hall.budi.sees("Dengan teks baru: 1 dari 1")
    await ani.sees("Apel pukul delapan.")
    assert [text for text in ani.inbox if "Apel" in text] == [
        "📢 Bawaslu Kota Palembang\n\nApel pukul delapan."
    ]
    await hall.budi.taps("Rincian & tindakan")
    await hall.budi.sees("versi 2")
    await ani.taps("Sudah dibaca dan dipahami")
    await ani.is_told("Tercatat. Terima kasih.")

    await hall.budi.taps("Tarik kembali")
    await hall.budi.sees("Pesan di 1 obrolan dihapus")
    await hall.budi.taps("Ya, tarik kembali")
    await hall.budi.sees("Dihapus: 1 dari 1")
    assert [text for text in ani.inbox if "Apel" in text] == []


async def test_after_48_hours_it_stays_and_that_is_said(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    await announces(hall, "Lama.", 1)
    await ani.sees("Lama.")
    await hall.budi.sees("Terkirim: 1 dari 1")
    hall.moves_clock(timedelta(hours=49))
    await hall.budi.says("/terkirim")
    await hall.budi.taps("Lama.")
    await hall.budi.taps("Tarik kembali")
    asked = await hall.budi.sees("hanya mengizinkan bot menghapus pesannya dalam 48 jam")
    assert "Di 1 obrolan pesan tetap ada" in asked.text
    await hall.budi.taps("Ya, tarik kembali")
    await hall.budi.sees("Tidak dapat dihapus: 1.")
    assert "Lama." in ani.inbox[-1]


async def test_in_quiet_hours_it_rests_until_the_morning(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")

    async def silence(tx: Transaction) -> None:
        now = hall.clock.now()
        start, end = (f"{(now + timedelta(hours=7 + step)):%H:00}" for step in (0, 2))
        await office_settings.set_quiet_hours(tx, hall.office_id, start, end)

    await hall.write(silence)
    await announces(hall, "Nanti saja.", 1)
    await hall.budi.sees("Sekarang jam tenang kantor")
    assert ani.inbox == []
    hall.moves_clock(timedelta(hours=2))
    await ani.sees("Nanti saja.")

    async def is_done(tx: Transaction) -> bool:
        return (await broadcasts.of_meeting(tx, hall.meeting_id))[-1].resumes_at is None

    await becomes_true(hall, is_done)


async def test_what_organisers_do_with_a_notice_is_theirs_alone(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    citra = hall.tg.person("Citra", language_code="id")
    await citra.start()
    await announces(hall, "Rahasia panitia.", 1, "Minta pernyataan")
    notice = await ani.sees("Rahasia panitia.")
    await becomes_true(hall, all_delivered)
    await ani.says("Bolehkah?", reply_to=notice)
    await ani.sees("Pertanyaan Anda sudah di panitia")
    await hall.budi.sees("Bolehkah?")
    forged = buttons_of(hall.budi)
    await hall.budi.says("/terkirim")
    forged |= await settled_buttons(hall)
    for label in ("Rahasia panitia.", "Belum menyatakan membaca: 1", "Ingatkan lembaga ini", "‹ Kembali"):
        await hall.budi.taps(label)
        forged |= await settled_buttons(hall)
    for label in ("‹ Kembali", "Tarik kembali"):
        await hall.budi.taps(label)
        forged |= await settled_buttons(hall)
    kinds = {data.partition(":")[0] for data in forged}
    assert {"sent-nudged", "sent-gone", "sent-pdf", "sent-text", "question-take", "told-all"} <= kinds
    await becomes_true(hall, all_told)
    before = await what_is_kept(hall)

    for data in sorted(forged):
        citra.forges_callback(data)
        ani.forges_callback(data)
    await settled(hall)

    assert await what_is_kept(hall) == before
    assert not any("Ani" in text or "Rahasia" in text for text in citra.inbox)


async def settled_buttons(hall: Hall) -> set[str]:
    """The data of the buttons that Budi has once his last tap was answered."""
    await settled(hall)
    return buttons_of(hall.budi)


async def test_a_notice_is_noted_by_its_readers_only(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    citra = hall.tg.person("Citra", language_code="id")
    await citra.start()
    await announces(hall, "Untuk peserta.", 1, "Minta pernyataan")
    await ani.sees("Untuk peserta.")
    for data in sorted(buttons_of(ani)):
        citra.forges_callback(data)
    await citra.sees("tidak tersedia lagi")

    broadcast = await sent_broadcast(hall)
    assert await hall.read(lambda tx: receipts.find(tx, broadcast.id, citra.id)) is None


async def test_a_reminder_of_a_rule_asks_the_question_of_its_card(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    await hall.budi.says("/jadwal")
    await hall.budi.taps("ASN wajib netral")
    await hall.budi.taps("Kirim sekarang")
    await hall.budi.taps("Kirim ke 1 obrolan")
    await ani.sees("ASN wajib netral")
    await hall.budi.sees("Terkirim: 1 dari 1")
    await hall.budi.taps("Rincian & tindakan")
    await hall.budi.taps("Pertanyaannya")
    await hall.budi.says("Bolehkah ASN menjadi saksi paslon?\n- Boleh\n* Tidak boleh\n> UU 20/2023")
    await hall.budi.sees("ditanya hal itu")

    await ani.taps("Sudah dibaca dan dipahami")
    await ani.sees("Bolehkah ASN menjadi saksi paslon?")
    await ani.taps("Tidak boleh")
    await ani.sees("✅ Benar")

    await hall.budi.taps("‹ Kembali")
    await hall.budi.taps("Pertanyaannya")
    await hall.budi.taps("Hapus pertanyaannya")
    await hall.budi.sees("sekarang tanpa pertanyaan")
