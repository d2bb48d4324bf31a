"""Sessions and moderation, as the committee lives them, and what a stranger can do about either."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest

from bot.domain import roles
from bot.storage import sessions, submissions
from bot.storage.values import base36
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import (
    adds_session,
    closes_session,
    has_sent,
    on_sqlite,
    opens_session,
    participant,
    queue,
    refuses,
    sends,
)


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
    await sends(ani, "Logistik terlambat", how="Dengan nama")
    for_budi = await queue(hall)
    # Budi looks at it, so Dewi does not get it; five minutes later she does.
    await dewi.says("/moderation")
    await dewi.sees("1 submission waits, and a colleague is looking at it.")
    hall.moves_clock(timedelta(minutes=6))
    for_dewi = await queue(hall, dewi)

    await refuses(hall, for_budi)
    await dewi.taps("Publish", message=for_dewi)
    await dewi.is_told("Somebody decided this before you")
    await dewi.sees("Not published. It is off the topic of the session.")
    await ani.sees("Masukan Anda tidak diterbitkan")


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
    await sends(ani, "Logistik terlambat", how="Dengan nama")
    arrived = await queue(hall)
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
async def test_the_queue_brings_one_after_the_other(hall: Hall) -> None:
    ani = await participant(hall)

    await has_sent(hall, ani, "Tantangan pertama", "Tantangan kedua")

    await hall.budi.says("/moderasi")
    first = await hall.budi.sees("2 masukan menunggu")
    await hall.budi.taps("Terbitkan", message=first)
    await hall.budi.sees("Diterbitkan sebagai nomor")
    second = await hall.budi.sees("1 masukan menunggu")
    await hall.budi.taps("Tolak", message=second)
    asked = await hall.budi.sees("Mengapa ditolak?")
    await hall.budi.taps("2", message=asked)
    await hall.budi.sees("Ditolak oleh Budi: Maksudnya belum jelas.")
    await hall.budi.sees("Tidak ada yang menunggu keputusan")


@on_sqlite
async def test_what_is_left_for_later_stays_in_the_queue(hall: Hall) -> None:
    ani = await participant(hall)
    await has_sent(hall, ani, "Tantangan pertama", "Tantangan kedua")

    await hall.budi.says("/sesi")
    await hall.budi.taps("2 masukan menunggu")
    first = await hall.budi.sees("Moderasi")
    await hall.budi.taps("Nanti", message=first)
    second = await hall.budi.sees("Moderasi")
    await hall.budi.taps("Terbitkan", message=second)
    await hall.budi.sees("Diterbitkan sebagai nomor")
    left = await hall.budi.sees("1 masukan menunggu")
    await hall.budi.taps("Nanti", message=left)
    await hall.budi.is_told("Ini masukan terakhir")

    texts = {re.search("Tantangan (pertama|kedua)", seen.text)[0] for seen in (first, second)}  # type: ignore[index]
    assert texts == {"Tantangan pertama", "Tantangan kedua"}
    waiting = await hall.read(lambda tx: submissions.count(tx, hall.meeting_id, submissions.WAITING))
    assert waiting == 1


@on_sqlite
async def test_an_old_invitation_says_that_its_session_is_closed(hall: Hall) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    invitation = await ani.sees("Sesi dialog dibuka")
    await closes_session(hall)

    await ani.taps("Beri masukan", message=invitation)
    await ani.sees("tidak ada sesi dialog yang dibuka")

    await adds_session(hall, "pengawasan", "Pengawasan partisipatif", anonymity="off", opened=False)
    await ani.says("/masukan")
    await ani.sees("Sesi berikutnya: Pengawasan partisipatif")
