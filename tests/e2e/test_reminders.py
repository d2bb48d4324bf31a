"""Reminders over HTTP: at their time, to the right people and the group; stopped, paused, moved, sent by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage import groups
from bot.storage.database import Transaction
from tests.e2e.audience import bound_group, takes_part
from tests.e2e.conftest import Hall

TITLE = "ASN wajib netral"
MINUTE = timedelta(minutes=1)


async def test_one_set_for_a_minute_ahead_reaches_its_sector_and_the_group(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn", "en")
    dodi = await takes_part(hall, "Dodi", "polri")
    group = await bound_group(hall)

    await hall.budi.says("/jadwal")
    await hall.budi.taps(TITLE)
    await hall.budi.taps("Satu menit lagi")
    await hall.budi.is_told("Akan dikirim pada")
    await hall.budi.sees("Berikutnya:")
    assert (ani.inbox, group.inbox[1:]) == ([], [])

    hall.moves_clock(MINUTE)

    arrived = await ani.sees("Civil servants must be neutral")
    assert "UU 20/2023, Pasal 9 ayat (2): bebas dari pengaruh" in arrived.text
    assert "Compared with its sources on Tuesday, 24 November 2026." in arrived.text
    assert [[button["text"] for button in row] for row in arrived.rows] == [
        ["✅ Read and understood"],
        ["📘 The card and its sources"],
        ["Stop reminders like this"],
    ]
    in_group = await group.sees(TITLE)
    assert in_group.rows == []
    await hall.budi.says("/jadwal")
    await hall.budi.sees("Terkirim:")
    assert dodi.inbox == []


async def test_who_stops_reminders_gets_none_until_they_start_them_again(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn", "en")
    budi = hall.budi

    async def sends(count: int) -> None:
        await budi.says("/jadwal")
        await budi.taps(TITLE)
        await budi.taps("Kirim sekarang")
        await budi.taps(f"Kirim ke {count} obrolan")
        await budi.sees("✅")

    await sends(1)
    await ani.sees("Civil servants must be neutral")
    await ani.taps("Stop reminders like this")
    await ani.sees("sends you no more reminders about: Neutrality")
    await ani.taps("Stop all reminders")
    await ani.sees("sends you no more reminders of the rules")
    hall.moves_clock(MINUTE)
    await sends(0)
    assert ani.unseen == []

    await ani.says("/pengingat")
    await ani.sees("You have stopped these reminders")
    await ani.taps("Start reminders again")
    await ani.sees("🔕 Stopped: Neutrality")
    await ani.taps("🔕 Topics")
    await ani.sees("Which topics do you want?")
    await ani.taps("🔕 Neutrality")
    await ani.sees("Which topics do you want?")
    hall.moves_clock(MINUTE)
    await sends(1)
    await ani.sees("Civil servants must be neutral")


async def test_a_participant_sees_what_concerns_their_sector_and_reads_it(hall: Hall) -> None:
    dodi = await takes_part(hall, "Dodi", "polri")

    await dodi.says("/pengingat")
    seen = await dodi.sees("Pengingat aturan untuk unsur Anda")
    assert TITLE not in seen.text
    assert "Berikutnya:" in seen.text
    await dodi.taps("1.")
    await dodi.sees("Dasar hukum")
    await dodi.taps("‹ Semua pengingat")
    await dodi.sees("Pengingat aturan untuk unsur Anda")


async def test_a_stranger_is_led_to_registration_and_manages_nothing(hall: Hall) -> None:
    citra = hall.tg.person("Citra", language_code="id")
    await citra.start()

    await citra.says("/pengingat")
    await citra.sees("/daftar")
    await citra.says("/jadwal")
    await citra.sees("Hanya panitia kantor")

    await hall.budi.says("/jadwal")
    listed = await hall.budi.sees("Pengingat rakor ini")
    opened = listed.rows[0][0]["callback_data"].split(":")[1]
    for kind in ("reminder", "reminder-pause", "reminder-soon", "reminder-now", "reminder-time"):
        citra.forges_callback(f"{kind}:{opened}")
        await citra.sees("Hanya panitia kantor")
    citra.forges_callback(f"reminder-send:{opened}:1")
    await citra.sees("Hanya panitia kantor")
    citra.forges_callback(f"reminder-read:{opened}")
    await citra.sees("tidak tersedia lagi")


async def test_paused_it_stays_silent_and_does_not_make_up_for_it(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    budi = hall.budi

    await budi.says("/jadwal")
    await budi.taps(TITLE)
    await budi.taps("Satu menit lagi")
    await budi.sees("Berikutnya:")
    await budi.taps("Jeda")
    await budi.sees("Dijeda")
    await budi.taps("‹ Semua pengingat")
    await budi.sees("Dijeda")
    await budi.taps(TITLE)
    await budi.sees("Dijeda")
    hall.moves_clock(2 * MINUTE)
    await budi.taps("Lanjutkan")
    await budi.sees("Tidak ada lagi waktu pengirimannya")
    await budi.taps("Satu menit lagi")
    await budi.sees("Berikutnya:")
    hall.moves_clock(MINUTE)

    await ani.sees(TITLE)
    assert len(ani.inbox) == 1


async def test_another_time_is_typed_and_a_past_one_asked_for_again(hall: Hall) -> None:
    budi = hall.budi

    await budi.says("/jadwal")
    await budi.taps(TITLE)
    await budi.taps("Waktu lain")
    await budi.taps("Pada hari dan jam tertentu")
    await budi.sees("Kapan “ASN wajib netral” dikirim?")
    await budi.says("besok saja")
    await budi.sees("tidak dapat dibaca")
    await budi.says("01-01-2020 08.00")
    await budi.sees("sudah lewat")
    await budi.says("20-11-2099 08.00")
    await budi.sees("Berikutnya: Jumat, 20 November 2099, 08.00 WIB")


async def test_a_clock_that_jumps_past_the_grace_period_tells_the_organisers(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn", "en")
    budi = hall.budi

    await budi.says("/jadwal")
    await budi.taps(TITLE)
    await budi.taps("Satu menit lagi")
    await budi.sees("Berikutnya:")
    hall.moves_clock(timedelta(days=8))

    await budi.sees("Sebuah pengingat tidak terkirim")
    assert ani.inbox == []


@pytest.mark.parametrize("moved", [False, True])
async def test_send_now_sends_once_and_leaves_the_schedule(hall: Hall, moved: bool) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    budi = hall.budi

    await budi.says("/jadwal")
    before = await budi.sees("Pengingat rakor ini")
    await budi.taps(TITLE)
    await budi.taps("Kirim sekarang")
    if moved:
        hall.moves_clock(timedelta(seconds=90))
    await budi.taps("Kirim ke 1 obrolan")
    budi.repeats_tap()

    await budi.is_told("pengirimannya hanya sekali")
    await budi.sees("✅ Pengingat sudah dikirim\n\nTerkirim: 1 dari 1")
    assert len(ani.inbox) == 1
    await budi.says("/jadwal")
    assert (await budi.sees("Pengingat rakor ini")).text == before.text


async def test_the_group_is_unbound_and_gets_none(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    group = await bound_group(hall)

    async def unbind(tx: Transaction) -> None:
        await groups.unbind(tx, group.id)

    await hall.write(unbind)
    await hall.budi.says("/jadwal")
    await hall.budi.taps(TITLE)
    await hall.budi.taps("Satu menit lagi")
    await hall.budi.sees("Berikutnya:")
    hall.moves_clock(MINUTE)

    await ani.sees(TITLE)
    assert [text for text in group.inbox if TITLE in text] == []
