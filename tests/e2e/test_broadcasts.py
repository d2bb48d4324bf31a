"""/siaran over HTTP: what organisers see before it goes, who gets it, how far it is, and who may not send."""

from __future__ import annotations

import re

from bot.storage import groups
from bot.storage.database import Transaction
from tests.e2e.audience import becomes_true, bound_group, takes_part
from tests.e2e.conftest import Hall

DONE = "✅"


async def test_everybody_gets_what_was_previewed_and_the_organiser_sees_it_arrive(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn", "en")
    dodi = await takes_part(hall, "Dodi", "polri")
    group = await bound_group(hall, ani)

    await hall.budi.says("/siaran")
    await hall.budi.sees("Apa yang ingin Anda siarkan?")
    await hall.budi.says("Sesi dialog dimulai <b>pukul 10.00</b> & tepat waktu.")
    await hall.budi.taps("Grup Telegram ›")
    await hall.budi.taps("Rakor")
    await hall.budi.taps("‹ Penerima")
    await hall.budi.taps("Lanjut (3)")
    preview = await hall.budi.sees("Sesi dialog dimulai")
    await hall.budi.sees("Kirim sekarang?")
    await hall.budi.taps("Kirim ke 3 obrolan")

    for reader in (ani, dodi, group):
        arrived = await reader.sees("Sesi dialog dimulai <b>pukul 10.00</b> & tepat waktu.")
        assert (arrived.text, arrived.message.data.get("entities")) == (
            preview.text,
            preview.message.data.get("entities"),
        )
    summary = await hall.budi.sees(DONE)
    assert summary.text == "✅ Siaran sudah dikirim\n\nTerkirim: 3 dari 3"
    assert [[button["text"] for button in row] for row in summary.rows] == [["Rincian & tindakan"]]


async def only_police(hall: Hall) -> None:
    """Leave the choice of all participants for the police alone."""
    await hall.budi.taps("Per unsur ›")
    await hall.budi.taps("Polri (1)")
    await hall.budi.taps("‹ Penerima")
    await hall.budi.taps("Lanjut (1)")


async def test_one_sector_only(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    dodi = await takes_part(hall, "Dodi", "polri")

    await hall.budi.says("/siaran Apel pukul tujuh.")
    await only_police(hall)
    await hall.budi.taps("Kirim ke 1 obrolan")

    await dodi.sees("Apel pukul tujuh.")
    await hall.budi.sees(DONE)
    assert ani.inbox == []


async def test_a_second_tap_sends_nothing_more(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")

    await hall.budi.says("/siaran Satu kali saja.")
    await hall.budi.taps("Lanjut (1)")
    await hall.budi.taps("Kirim ke 1 obrolan")
    hall.budi.repeats_tap()

    await hall.budi.is_told("pengirimannya hanya sekali")
    await hall.budi.sees(DONE)
    assert len(ani.inbox) == 1


async def test_the_draft_can_be_changed_and_thrown_away(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    await takes_part(hall, "Dodi", "polri")

    await hall.budi.says("/siaran Versi pertama.")
    await hall.budi.taps("Lanjut (2)")
    await hall.budi.taps("Ubah isi")
    await hall.budi.sees("Apa yang ingin Anda siarkan?")
    await hall.budi.says("Versi kedua.")
    await hall.budi.sees("semua peserta (2 obrolan)")
    await hall.budi.taps("Ubah penerima")
    await only_police(hall)
    await hall.budi.sees("Versi kedua.")
    old = await hall.budi.sees("Polri (1 obrolan)")
    await hall.budi.taps("Batal")
    await hall.budi.sees("Siaran tidak dikirim.")
    await hall.budi.taps("Kirim ke 1 obrolan", message=old)
    await hall.budi.is_told("Rancangan ini sudah dibatalkan")

    await hall.budi.says("/bantuan")
    await hall.budi.sees("/siaran")
    assert ani.inbox == []


async def test_who_cannot_be_reached_is_counted_and_left_out_from_then_on(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    dodi = await takes_part(hall, "Dodi", "polri")
    dodi.deletes_account()

    await hall.budi.says("/siaran Halo.")
    await hall.budi.taps("Lanjut (2)")
    await hall.budi.taps("Kirim ke 2 obrolan")

    await ani.sees("Halo.")
    summary = await hall.budi.sees(DONE)
    assert summary.text == (
        "✅ Siaran sudah dikirim\n\nTerkirim: 1 dari 2\nTidak terjangkau (memblokir bot atau sudah keluar): 1"
    )
    await hall.budi.says("/siaran Lagi.")
    await hall.budi.taps("Lanjut (1)")
    await hall.budi.taps("Batal")


async def test_a_group_that_became_a_supergroup_gets_it_there(hall: Hall) -> None:
    group = await bound_group(hall)
    await hall.budi.says("/siaran Untuk grup.")
    await hall.budi.taps("Semua peserta")
    await hall.budi.taps("Grup Telegram ›")
    await hall.budi.taps("Rakor")
    await hall.budi.taps("‹ Penerima")
    await hall.budi.taps("Lanjut (1)")
    await hall.budi.sees("Kirim sekarang?")
    old_id = group.id
    await group.migrates(hall.budi)

    async def is_followed(tx: Transaction) -> bool:
        return await groups.find(tx, old_id) is None

    await becomes_true(hall, is_followed)

    async def undo(tx: Transaction) -> None:
        """The broadcast must also follow when the update about the move never came."""
        await groups.move(tx, group.id, old_id)

    await hall.write(undo)
    await hall.budi.taps("Kirim ke 1 obrolan")

    await group.sees("Untuk grup.")
    await hall.budi.sees("Terkirim: 1 dari 1")
    assert await hall.read(is_followed)


async def test_only_organisers_send(hall: Hall) -> None:
    ani = await takes_part(hall, "Ani", "asn")
    citra = hall.tg.person("Citra", language_code="id")

    await hall.budi.says("/siaran Rahasia.")
    await hall.budi.taps("Lanjut (1)")
    asked = await hall.budi.sees("Kirim sekarang?")
    data = next(
        button["callback_data"]
        for row in asked.rows
        for button in row
        if button["text"] == "Kirim ke 1 obrolan"
    )
    await citra.start()
    await citra.says("/siaran Saya juga.")
    await citra.sees("Hanya panitia kantor")
    citra.forges_callback(data)
    await citra.sees("tidak tersedia lagi")

    assert ani.inbox == []


async def test_an_empty_office_is_told_that_nobody_can_be_reached(hall: Hall) -> None:
    await hall.budi.says("/siaran Halo?")
    await hall.budi.taps("Lanjut (0)")

    await hall.budi.sees(re.compile("Saat ini tidak seorang pun"))
