"""From the ping to the answer, with several moderators; and what authors do about what they sent."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.dialogue import session_setup
from bot.storage import submissions
from bot.storage.values import base36
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import (
    DRAFT,
    NUMBER,
    RECEIPT,
    begins,
    closes_session,
    has_sent,
    is_writing,
    on_sqlite,
    opens_session,
    participant,
    queue,
    writes,
)

REPORT = "Kemarin lurah membagi-bagi amplop di TPS 3, ada fotonya"


async def test_an_anonymous_author_changes_reads_the_answer_and_withdraws(hall: Hall) -> None:
    ani, budi = await participant(hall), hall.budi
    await opens_session(hall)
    await writes(ani, "Kapan patroli masa tenag dimulai?", how="Anonim", kind="Pertanyaan")
    await ani.taps("Kirim")
    sent = await ani.sees("anonim Anda telah sampai")
    receipt = RECEIPT.search(sent.text)
    assert receipt is not None

    await ani.taps("Lihat statusnya", message=sent)
    await ani.taps("Ubah")
    asked = await ani.sees("balas pesan ini")
    await ani.says("Kapan patroli masa tenang dimulai?", reply_to=asked)
    await ani.sees("Masukan Anda telah diubah")

    hall.moves_clock(timedelta(minutes=1))
    await budi.sees("1 masukan menunggu keputusan")
    await budi.taps("Moderasi")
    case = await budi.sees("Kapan patroli masa tenang dimulai?")
    await budi.taps("Terbitkan", message=case)
    decided = await budi.sees("Diterbitkan sebagai nomor")
    number = NUMBER.search(decided.text)
    assert number is not None
    await budi.says(f"/moderasi {number[1]}")
    await budi.taps("💬 Jawab")
    await budi.says("Mulai 24 November pukul 20.00 WIB.")
    await budi.taps("Kirim")
    await budi.sees("Telah dijawab. Semua dapat membacanya; pemegang tanda terima juga menemukannya.")

    await ani.says(f"/masukan {receipt[0]}")
    status = await ani.sees("Jawaban panitia")
    assert "Mulai 24 November pukul 20.00 WIB." in status.text
    assert "Kapan patroli" not in status.text
    await closes_session(hall)
    hall.moves_clock(timedelta(minutes=11))
    await ani.sees("1 masukan anonim telah dijawab")
    await ani.taps("Masukan terbit")
    await ani.sees("💬")
    await ani.taps(number[1])
    await ani.sees("Mulai 24 November pukul 20.00 WIB.")


@on_sqlite
async def test_a_named_author_hears_of_everything_and_finds_it_again(hall: Hall) -> None:
    ani, budi = await participant(hall), hall.budi
    await has_sent(hall, ani, "Logistk terlambat")

    case = await queue(hall)
    await budi.taps("Lainnya", message=case)
    await budi.taps("Ketikan")
    await budi.says("Logistik terlambat")
    await budi.taps("Simpan")
    corrected = await budi.sees("kata-kata penulis tetap disimpan")
    assert "Logistk terlambat" in corrected.text
    await budi.taps("Tahan", message=corrected)
    await budi.sees("Ditahan oleh Budi")
    await budi.taps("Urungkan")
    await budi.sees("Dikembalikan ke antrean oleh Budi")
    case = await queue(hall)
    await budi.taps("Terbitkan", message=case)
    await ani.sees("Masukan Anda diterbitkan sebagai nomor")
    decided = await budi.sees("Diterbitkan sebagai nomor")
    await budi.taps("Lainnya", message=decided)
    await budi.taps("Di ruangan")
    await ani.sees("Telah dijawab di ruang rapat")

    await ani.says("/masukan saya")
    mine = await ani.sees("Masukan saya")
    assert "Logistik terlambat" in mine.text
    assert "Telah dijawab di ruang rapat" in mine.text


def hall_id(hall: Hall) -> str:
    return base36(hall.meeting_id)


@on_sqlite
async def test_a_challenge_gets_solutions_and_duplicates_are_merged(hall: Hall) -> None:
    ani, budi = await participant(hall), hall.budi
    await has_sent(hall, ani, "Logistik ke pulau terlambat karena cuaca")
    await budi.taps("Terbitkan", message=await queue(hall))
    number = NUMBER.search((await ani.sees("diterbitkan sebagai nomor")).text)
    assert number is not None
    eko = await participant(hall, "Eko")

    offered = await writes(eko, "Pengiriman logistik ke kepulauan telat akibat cuaca", how="Anonim")
    assert "Sudah ada yang serupa" in offered.text
    assert "Logistik ke pulau terlambat karena cuaca" in offered.text
    await eko.taps(f"Dukung {number[1]}", message=offered)
    await eko.taps("Setuju")
    await eko.says("/masukan")
    review = await eko.sees("periksa")
    await eko.taps("Kirim", message=review)
    await eko.sees("anonim Anda telah sampai")
    await eko.taps("Masukan terbit")
    await eko.taps(number[1], message=await eko.sees("1 masukan terbit"))
    await eko.taps("Usulkan solusi")
    await eko.taps("Dengan nama")
    await eko.sees("Solusi Anda untuk tantangan")
    await eko.says("Kirim dua minggu lebih awal")
    await eko.taps("Lewati")
    await eko.taps("Kirim", message=await eko.sees("periksa"))
    await eko.sees("telah sampai kepada panitia")

    for _ in range(2):
        case = await queue(hall)
        if "Pengiriman" in case.text:
            await budi.taps("Lainnya", message=case)
            await budi.taps("Gabung")
            await budi.taps(number[1])
            await budi.sees("Digabungkan oleh Budi")
        else:
            assert f"Menjawab tantangan {number[1]}" in case.text
            await budi.taps("Terbitkan", message=case)
            await eko.sees("diterbitkan sebagai nomor")
    await ani.says("/masukan")
    await ani.sees("Bagaimana Anda ingin menulis")
    ani.forges_callback(f"published:{hall_id(hall)}:0")
    await ani.taps(number[1], message=await ani.sees("2 masukan terbit"))
    card = await ani.sees("1 solusi")
    assert "Kirim dua minggu lebih awal" in card.text


@on_sqlite
async def test_a_report_is_led_to_the_official_channel(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await begins(ani, how="Anonim", kind="Masukan")
    await ani.says(REPORT)
    asked = await ani.sees("Apakah ini laporan pelanggaran?")
    assert "paling lama 7 hari" in asked.text
    await ani.taps("Ini laporan")
    led = await ani.sees("Tidak ada tulisan Anda yang disimpan di sini")
    assert "UU 10/2016, Pasal 134 ayat (1)-(4)" in led.text
    assert led.rows[0][0]["url"] == "https://sigaplapor.bawaslu.go.id/"
    assert (
        await hall.read(lambda tx: tx.all("SELECT * FROM conversations WHERE person_id = :id", id=ani.id))
        == []
    )
    assert await hall.read(lambda tx: submissions.count_by_session(tx, hall.meeting_id)) == {}

    await begins(ani, how="Anonim", kind="Masukan")
    await ani.says(REPORT)
    await ani.taps("Bukan laporan")
    await ani.taps("Kirim")
    await ani.sees("anonim Anda telah sampai")
    case = await queue(hall)
    assert "mirip laporan; menurut penulis bukan laporan" in case.text


@on_sqlite
async def test_what_was_written_when_the_session_closed_is_handed_in_late(hall: Hall) -> None:
    ani = await is_writing(hall, how="Dengan nama")
    await closes_session(hall)

    await ani.taps("Kirim")
    told = await ani.sees("Sesi ini sudah ditutup")
    assert DRAFT in told.text
    await ani.taps("Serahkan terlambat", message=told)
    await ani.sees("telah sampai kepada panitia")
    case = await queue(hall)
    assert "diserahkan terlambat" in case.text
    ani.repeats_tap()
    await ani.is_told("Isian ini sudah selesai")


@on_sqlite
async def test_two_hundred_messages_in_a_minute_are_answered_and_counted_once(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await begins(ani, how="Anonim", kind="Tantangan")
    await ani.sees("Apa tantangan")

    for number in range(200):
        await ani.says(f"Pesan ke-{number}")
    await hall.tg.updates_taken()
    await ani.taps("Kirim")
    await ani.sees("anonim Anda telah sampai")

    assert await hall.read(lambda tx: submissions.count(tx, hall.meeting_id, submissions.WAITING)) == 1
    case = await queue(hall)
    assert re.search(r"Pesan ke-0\b", case.text)


@on_sqlite
async def test_who_has_left_the_meeting_sends_nothing_and_loses_nothing(hall: Hall) -> None:
    ani = await is_writing(hall, how="Anonim")
    await hall.write(lambda tx: tx.run("UPDATE participants SET state = 'withdrawn'"))

    await ani.taps("Kirim")
    kept = await ani.sees("/daftar")

    assert DRAFT in kept.text
    assert await hall.read(lambda tx: submissions.count_by_session(tx, hall.meeting_id)) == {}


@on_sqlite
async def test_moderation_is_switched_while_the_session_runs(hall: Hall) -> None:
    ani, budi = await participant(hall), hall.budi
    await has_sent(hall, ani, "Pertama")
    session = await hall.read(lambda tx: tx.value("SELECT id FROM sessions WHERE state = 'open'"))
    await hall.write(
        lambda tx: session_setup.set_up(tx, session, budi.id, "moderation", "after", hall.clock.now())
    )

    await writes(ani, "Kedua", how="Dengan nama")
    await ani.taps("Kirim")
    await ani.sees("terbit sebagai nomor")

    case = await queue(hall)
    assert "Pertama" in case.text
    await budi.taps("Terbitkan", message=case)
    unread = await budi.sees("langsung terbit, belum dibaca")
    await budi.taps("Biarkan", message=unread)
    await budi.sees("Tidak ada yang menunggu keputusan")
