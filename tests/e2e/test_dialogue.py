"""The dialogue, as people live it: an organiser opens a session, participants write, moderators decide."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest

from bot.domain import roles
from bot.domain.submissions import Draft, send_named
from bot.storage import participants, sessions, submissions
from bot.storage.database import Transaction
from bot.storage.values import new_code
from handlers.taps import base36
from simulator.driver import PersonDriver
from tests.e2e.conftest import Hall

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what tests/domain holds on both engines already."""

RECEIPT = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
NUMBER = re.compile(r"nomor (\d{3})")
TOPIC = "Tantangan dan solusi menghadapi Pemilihan Serentak 2024"


async def participant(hall: Hall, name: str = "Ani", language_code: str = "id") -> PersonDriver:
    """Somebody who opened the bot and is registered; how one registers is another test's matter."""
    person = hall.tg.person(name, language_code=language_code)
    await person.start(hall.code)
    await person.sees("Rapat Koordinasi" if language_code == "id" else "Coordination Meeting")
    await hall.write(
        lambda tx: participants.add(
            tx,
            meeting_id=hall.meeting_id,
            person_id=person.id,
            sector="asn",
            name=f"{name} Lestari",
            institution="Dinas Kominfo",
            position="Staf",
            ticket=new_code(8),
            now=hall.clock.now(),
        )
    )
    return person


async def opens_session(hall: Hall, how: str = "Buka") -> None:
    await hall.budi.says("/sesi")
    await hall.budi.taps(f"{how}: {TOPIC[:20]}")
    await hall.budi.sees("🟢")


async def closes_session(hall: Hall) -> None:
    await hall.budi.says("/sesi")
    await hall.budi.taps(f"Tutup: {TOPIC[:20]}")
    await hall.budi.taps("Ya, tutup")
    await hall.budi.sees("⚫")


async def writes(person: PersonDriver, text: str, *, how: str, kind: str = "Tantangan") -> None:
    """From /masukan to the review."""
    await person.says("/masukan")
    await person.taps(how)
    await person.taps(kind)
    await person.sees("Apa tantangan")
    await person.says(text)
    if how == "Dengan nama":
        await person.taps("Lewati")
    await person.sees("periksa")


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

    arrived = await hall.budi.sees("Masukan baru")
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

    arrived = await hall.budi.sees("Masukan baru")
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
    await writes(ani, "Ada tekanan dari atasan", how="Anonim")
    await ani.taps("Kirim")
    arrived = await hall.budi.sees("Masukan baru")

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
    await ani.says("/masukan")
    await ani.taps("Dengan nama")
    await ani.taps("Tantangan")
    await ani.says("Gudang logistik bocor")
    await ani.sees("melampirkan foto")
    await ani.sends_photo(b"\xff\xd8\xff\xe0 a photo")
    await ani.taps("Kirim")
    await ani.sees("telah sampai kepada panitia")

    await hall.budi.sees("Masukan baru")
    photos = [message for message in hall.budi.chat.messages.values() if "photo" in message.data]
    assert len(photos) == 1
    await hall.budi.taps("Terbitkan")
    await ani.sees("diterbitkan sebagai nomor")
    await ani.taps("Masukan terbit")
    await ani.sees("1 masukan terbit")
    await ani.taps("📎")
    await hall.tg.called("sendPhoto", lambda call: call.params["chat_id"] == ani.id)


@on_sqlite
async def test_two_organisers_decide_once(hall: Hall) -> None:
    ani = await participant(hall)
    dewi = hall.tg.person("Dewi", language_code="en")
    await dewi.start()
    await dewi.sees("Coordination Meeting")
    await hall.write(
        lambda tx: roles.appoint(tx, hall.office_id, dewi.id, roles.MODERATOR, hall.clock.now(), by=None)
    )
    await opens_session(hall)
    await writes(ani, "Logistik terlambat", how="Dengan nama")
    await ani.taps("Kirim")
    for_budi = await hall.budi.sees("Masukan baru")
    for_dewi = await dewi.sees("A new submission")

    await hall.budi.taps("Tolak", message=for_budi)
    await hall.budi.sees("Ditolak oleh Budi")
    await dewi.taps("Publish", message=for_dewi)
    await dewi.is_told("Somebody decided this before you")
    await dewi.sees("Not published.")
    await ani.sees("Masukan Anda tidak diterbitkan")


@on_sqlite
async def test_the_session_closes_while_somebody_writes(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await writes(ani, "Kalimat yang tidak boleh hilang", how="Anonim")
    await closes_session(hall)

    await ani.taps("Kirim")
    refused = await ani.sees("Sesi ditutup ketika Anda sedang menulis")
    assert "Kalimat yang tidak boleh hilang" in refused.text

    await opens_session(hall, "Buka lagi")
    await ani.says("/masukan")
    review = await ani.sees("periksa")
    await ani.taps("Kirim", message=review)
    await ani.sees("anonim Anda telah sampai")
    arrived = await hall.budi.sees("Masukan baru")
    assert "Kalimat yang tidak boleh hilang" in arrived.text


@on_sqlite
async def test_a_draft_goes_over_to_the_next_session(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await writes(ani, "Kalimat yang tidak boleh hilang", how="Anonim")
    await closes_session(hall)
    second = await hall.write(
        lambda tx: sessions.save(
            tx,
            hall.meeting_id,
            slug="kedua",
            agenda_slug=None,
            topic={"id": "Putaran kedua"},
            prompt={},
            kinds=("challenge",),
            anonymity="forced",
            limit_per_person=1,
            text_limit=500,
            position=9,
        )
    )

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
    await ani.says("/masukan")
    await ani.taps("Anonim")
    await ani.taps("Pertanyaan")
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

    arrived = await hall.budi.sees("Masukan baru")
    assert "<script>alert(1)</script> مرحبا 你好" in arrived.text


@on_sqlite
async def test_opening_and_closing_twice_is_harmless(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    await ani.sees("Sesi dialog dibuka")

    hall.budi.repeats_tap()
    await hall.budi.is_told("Sesi sudah dibuka sebelumnya")
    await closes_session(hall)
    hall.budi.repeats_tap()
    await hall.budi.is_told("Sesi sudah ditutup sebelumnya")

    told = await hall.read(lambda tx: tx.value("SELECT COUNT(*) FROM broadcasts WHERE kind = 'session'"))
    assert told == 1


@on_sqlite
async def test_a_stranger_gets_nowhere(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    ani = await participant(hall)
    citra = hall.tg.person("Citra", language_code="id")
    await citra.start()
    await opens_session(hall)
    await writes(ani, "Logistik terlambat", how="Dengan nama")
    await ani.taps("Kirim")
    arrived = await hall.budi.sees("Masukan baru")
    publish = arrived.rows[0][0]["callback_data"]
    session = (await hall.read(lambda tx: sessions.of_meeting(tx, hall.meeting_id)))[0]

    await citra.says("/masukan")
    await citra.sees("/daftar")
    for data in (publish, "session-end:" + base36(session.id), "session-open:" + base36(session.id)):
        citra.forges_callback(data)
        await citra.sees("Hanya panitia")
    for command in ("/sesi", "/moderasi"):
        await citra.says(command)
        await citra.sees("Hanya panitia")
    forged = (
        "publish:",
        "publish:zzzzzzzzzzzzzz",
        f"publish:{base36(4711)}:q",
        "refuse:1:q",
        "later:1",
        "queue:1",
        "session-close:1",
        "sessions:1",
        "feedback:1",
        "feedback:" + "z" * 11,
        "receipt:",
        "receipt:AAAABBBBCCCC",
        "withdraw:r:x",
        "withdraw:q",
        "withdraw:n:" + "y" * 30,
        "withdrawn:r:AAAABBBBCCCC",
        "withdrawn:n:1",
        "published:1:2",
        "published:1:" + "z" * 11,
        "attachment:1",
    )
    answered = len(citra.answers)
    for data in forged:
        citra.forges_callback(data)
    await hall.tg.until(lambda: len(citra.answers) == answered + len(forged), "every tap is answered")

    waiting = await hall.read(lambda tx: submissions.count(tx, hall.meeting_id, submissions.WAITING))
    opened = await hall.read(lambda tx: sessions.find(tx, session.id))
    assert waiting == 1
    assert opened is not None
    assert opened.state == "open"
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@on_sqlite
async def test_who_reached_the_limit_is_told_and_led_to_what_was_published(hall: Hall) -> None:
    ani = await participant(hall)

    async def send_five(tx: Transaction) -> None:
        session = (await sessions.of_meeting(tx, hall.meeting_id))[0]
        await sessions.open_session(tx, session.id, hall.clock.now())
        for _ in range(session.limit_per_person):
            draft = Draft(session.id, "input", "Masukan dari saya")
            await send_named(tx, draft, ani.id, None, hall.tg.token.encode(), hall.clock.now())

    await hall.write(send_five)

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
async def test_the_queue_brings_one_after_the_other(hall: Hall) -> None:
    ani = await participant(hall)

    async def send_two(tx: Transaction) -> None:
        session = (await sessions.of_meeting(tx, hall.meeting_id))[0]
        await sessions.open_session(tx, session.id, hall.clock.now())
        for text in ("Tantangan pertama", "Tantangan kedua"):
            draft = Draft(session.id, "challenge", text)
            await send_named(tx, draft, ani.id, None, b"a secret", hall.clock.now())

    await hall.write(send_two)

    await hall.budi.says("/moderasi")
    first = await hall.budi.sees("2 masukan menunggu")
    await hall.budi.taps("Terbitkan", message=first)
    await hall.budi.sees("Diterbitkan sebagai nomor")
    second = await hall.budi.sees("1 masukan menunggu")
    await hall.budi.taps("Tolak", message=second)
    await hall.budi.sees("Tidak ada yang menunggu keputusan")


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
