"""The dialogue, as people live it: a session opens, participants write, what they wrote is published."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.storage import submissions
from bot.storage.values import base36
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import (
    DRAFT,
    NUMBER,
    RECEIPT,
    TOPIC,
    adds_session,
    begins,
    closes_session,
    has_sent,
    is_writing,
    on_sqlite,
    opens_session,
    participant,
    queue,
    sends,
    writes,
)


async def test_from_opening_to_publication_under_a_name(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await ani.sees(f"Sesi dialog dibuka: {TOPIC}")

    await ani.taps("Beri masukan")
    await ani.taps("Dengan nama")
    await ani.taps("Saran")
    await ani.says("Bentuk posko <bersama> & satu nomor aduan")
    await ani.taps("Lewati")
    review = await ani.sees("periksa")
    await ani.taps("Kirim")
    await ani.sees("telah sampai kepada panitia")

    arrived = await queue(hall)
    await hall.budi.taps("Terbitkan", message=arrived)
    decided = await hall.budi.sees(re.compile(r"Diterbitkan sebagai nomor \d{3} oleh Budi"))
    told = await ani.sees("Masukan Anda diterbitkan sebagai nomor")

    assert "Bentuk posko <bersama> & satu nomor aduan" in review.text
    assert "Saran" in arrived.text
    assert "Ani Lestari, Dinas Kominfo (ASN/Pemda)" in arrived.text
    assert "Bentuk posko <bersama> & satu nomor aduan" in told.text
    assert NUMBER.findall(decided.text) == NUMBER.findall(told.text)


async def test_an_anonymous_author_holds_the_receipt(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await writes(ani, "Ada tekanan dari atasan", how="Anonim")
    await ani.taps("Kirim")
    sent = await ani.sees("anonim Anda telah sampai")
    receipt = RECEIPT.search(sent.text)
    assert receipt is not None

    arrived = await queue(hall)
    await ani.says(f"/masukan {receipt[0].lower()}")
    await ani.sees("Menunggu keputusan moderator.")
    await hall.budi.taps("Terbitkan", message=arrived)
    await hall.budi.sees("Diterbitkan sebagai nomor")
    await ani.taps("Lihat statusnya")
    await ani.sees("Diterbitkan sebagai nomor")

    assert "Dari: anonim" in arrived.text
    assert "Ani" not in arrived.text
    assert "Kominfo" not in arrived.text
    # Nothing was pushed: each message after the receipt answers something that Ani did.
    assert sum("Diterbitkan sebagai nomor" in text for text in ani.inbox) == 1


@on_sqlite
async def test_an_anonymous_submission_is_withdrawn_with_its_receipt(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await sends(ani, "Ada tekanan dari atasan", how="Anonim")
    arrived = await queue(hall)

    await ani.taps("Lihat statusnya")
    await ani.taps("Tarik kembali")
    await ani.taps("Ya, tarik kembali")
    await ani.sees("dihapus dari basis data kantor")
    await hall.budi.taps("Terbitkan", message=arrived)
    await hall.budi.sees("ditarik kembali oleh penulisnya")

    assert await hall.read(lambda tx: submissions.count_by_session(tx, hall.meeting_id)) == {}


@on_sqlite
async def test_a_named_author_sends_a_photo_along(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await begins(ani, how="Dengan nama", kind="Tantangan")
    await ani.says("Gudang logistik bocor")
    await ani.sees("melampirkan foto")
    await ani.sends_photo(b"\xff\xd8\xff\xe0 a photo")
    await ani.taps("Kirim")
    await ani.sees("telah sampai kepada panitia")

    await queue(hall)
    await hall.budi.taps("📎")
    await hall.tg.called("sendPhoto", lambda call: call.params["chat_id"] == hall.budi.id)
    await hall.budi.taps("Terbitkan")
    await ani.sees("diterbitkan sebagai nomor")
    await ani.taps("Masukan terbit")
    listed = await ani.sees("1 masukan terbit")
    await ani.taps(listed.rows[0][0]["text"], message=listed)
    await ani.sees("Nomor")
    await ani.taps("Lampiran")
    await hall.tg.called("sendPhoto", lambda call: call.params["chat_id"] == ani.id)


@on_sqlite
async def test_the_session_closes_while_somebody_writes(hall: Hall) -> None:
    ani = await is_writing(hall, how="Anonim")
    await closes_session(hall)

    await ani.taps("Kirim")
    refused = await ani.sees("sesi ditutup ketika Anda sedang menulis")
    assert DRAFT in refused.text

    await opens_session(hall, "Buka lagi")
    await ani.says("/masukan")
    review = await ani.sees("periksa")
    await ani.taps("Kirim", message=review)
    await ani.sees("anonim Anda telah sampai")
    arrived = await queue(hall)
    assert DRAFT in arrived.text


@on_sqlite
async def test_a_draft_goes_over_to_the_next_session(hall: Hall) -> None:
    ani = await is_writing(hall, how="Anonim")
    await closes_session(hall)
    second = await adds_session(hall, "kedua", "Putaran kedua", anonymity="forced", opened=False)

    await hall.budi.says("/sesi")
    await hall.budi.taps("Buka: Putaran kedua")
    await ani.sees("Sesi dialog dibuka: Putaran kedua")
    await ani.taps("Beri masukan")
    await ani.sees("dibawa ke sesi ini")
    await ani.sees("secara anonim")
    review = await ani.sees("periksa")
    await ani.taps("Kirim", message=review)
    await ani.sees("anonim Anda telah sampai")

    counted = await hall.read(lambda tx: submissions.count_by_session(tx, hall.meeting_id))
    assert counted == {second.id: 1}


@on_sqlite
async def test_sent_twice_arrives_once(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await writes(ani, "Logistik terlambat", how="Dengan nama")

    await ani.taps("Kirim")
    ani.repeats_tap()
    await ani.sees("telah sampai kepada panitia")
    await hall.tg.updates_taken()
    await ani.sees("Isian ini sudah selesai")

    waiting = await hall.read(lambda tx: submissions.count(tx, hall.meeting_id, submissions.WAITING))
    assert waiting == 1


@on_sqlite
async def test_what_is_no_text_is_asked_for_again(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await begins(ani, how="Anonim", kind="Pertanyaan")
    await ani.sees("Apa tantangan")

    await ani.says("😀😀😀")
    await ani.sees("Mohon tulis dengan kata-kata")
    await ani.says("x" * 4000)
    await ani.sees("4000")
    await ani.sends_photo(b"\xff\xd8\xff\xe0 a photo")
    await ani.sees("jenis pesan lain tidak dapat diterima")
    await ani.says("<script>alert(1)</script> مرحبا 你好")
    await ani.sees("periksa")
    await ani.taps("Kirim")
    await ani.sees("anonim Anda telah sampai")

    arrived = await queue(hall)
    assert "<script>alert(1)</script> مرحبا 你好" in arrived.text


@on_sqlite
async def test_who_reached_the_limit_is_told_and_led_to_what_was_published(hall: Hall) -> None:
    ani = await participant(hall)

    await has_sent(hall, ani, "satu", "dua", "tiga", "empat", "lima")

    await ani.says("/masukan")
    await ani.sees("Anda telah mengirim 5 masukan ke sesi ini")
    await ani.taps("Masukan terbit")
    await ani.sees("Belum ada masukan yang diterbitkan")


@on_sqlite
async def test_without_an_open_session_the_next_one_is_named(hall: Hall) -> None:
    ani = await participant(hall)

    await ani.says("/masukan")
    told = await ani.sees("tidak ada sesi dialog yang dibuka")

    assert TOPIC in told.text
    assert "WIB" in told.text


@on_sqlite
async def test_a_named_author_withdraws_until_it_is_decided(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    sent = await sends(ani, "Logistik terlambat", how="Dengan nama")
    arrived = await queue(hall)

    await ani.taps("Tarik kembali", message=sent)
    sure = await ani.sees("Tarik kembali masukan Anda?")
    await hall.budi.taps("Terbitkan", message=arrived)
    await ani.sees("diterbitkan sebagai nomor")
    await closes_session(hall)
    await ani.taps("Ya, tarik kembali", message=sure)
    await ani.sees("Panitia sudah mengambil keputusan atas masukan ini")

    await has_sent(hall, ani, "Logistik sangat terlambat")
    (waiting,) = await hall.read(
        lambda tx: tx.all("SELECT id FROM submissions WHERE state = :state", state=submissions.WAITING)
    )
    ani.forges_callback(f"withdrawn:n:{base36(waiting['id'])}")
    await ani.sees("dihapus dari basis data kantor")
    left = await hall.read(lambda tx: submissions.count(tx, hall.meeting_id, submissions.WAITING))
    assert left == 0


@on_sqlite
async def test_of_several_open_sessions_one_is_chosen(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    named = await adds_session(hall, "pengawasan", "Pengawasan partisipatif", anonymity="off", opened=True)

    await ani.says("/masukan")
    await ani.sees("Beberapa sesi sedang dibuka")
    await ani.taps("Pengawasan partisipatif")
    await ani.sees("Di sesi ini Anda menulis dengan nama")
    await ani.sees("Mohon tulis dalam satu pesan")
    await ani.says("Relawan kurang")
    await ani.taps("Lewati")
    review = await ani.sees("periksa")
    await ani.taps("Kirim", message=review)
    await ani.sees("telah sampai")

    counted = await hall.read(lambda tx: submissions.count_by_session(tx, hall.meeting_id))
    assert counted == {named.id: 1}


@on_sqlite
async def test_in_english_too(hall: Hall) -> None:
    john = await participant(hall, "John", language_code="en")
    await opens_session(hall)
    await john.sees("A dialogue session is open: Challenges and solutions for the 2024 elections")
    hall.moves_clock(timedelta(minutes=1))

    await john.taps("Give feedback")
    await john.taps("Anonymous")
    await john.taps("Question")
    await john.says("Who answers for logistics?")
    await john.sees("Please check once more")
    await john.taps("Send")
    await john.sees("Your anonymous submission has reached the committee")


@on_sqlite
async def test_words_behind_a_command_are_led_to_where_they_belong(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)

    await ani.says("/masukan jalan ke TPS rusak")
    await ani.sees("Bagaimana Anda ingin menulis")
    await ani.says("/masukan K7QM-2XRD-9TW")
    await ani.sees("Tidak ada masukan dengan tanda terima ini")
    await hall.budi.says("/moderasi 999")
    await hall.budi.sees("Tidak ada masukan terbit bernomor 999")
