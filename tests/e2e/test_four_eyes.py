"""A second organiser approves what they saw: an announcement, and later another text for it."""

from __future__ import annotations

from bot.domain.notices import broadcasts
from bot.domain.notices.broadcasts import Content
from bot.i18n import LOCALES
from bot.storage import approvals, office_settings
from bot.storage.database import Transaction
from tests.e2e.audience import takes_part
from tests.e2e.conftest import Hall
from tests.e2e.test_notices import joins_committee, sent_broadcast


async def test_what_changed_since_it_was_shown_is_shown_again(hall: Hall) -> None:
    ani, dodi = await takes_part(hall, "Ani", "asn"), await takes_part(hall, "Dodi", "polri")
    budi, eko = hall.budi, await joins_committee(hall, "Eko")
    await hall.write(lambda tx: office_settings.set_approval(tx, hall.office_id, 1))

    await budi.says("/siaran Apel pukul tujuh.")
    await budi.taps("Lanjut (2)")
    await budi.taps("Kirim ke 2 obrolan")
    await budi.sees("Perlu persetujuan panitia kedua")
    await eko.taps("Lihat dan setujui")
    assert "Apel pukul tujuh." in (await eko.sees("Untuk disetujui")).text

    async def other_words(tx: Transaction) -> None:
        (request,) = await approvals.waiting(tx, hall.office_id)
        content = Content(dict.fromkeys(LOCALES, "Apel dibatalkan."))
        await broadcasts.redraft(tx, request.subjects[0], budi.id, content=content)

    await hall.write(other_words)
    await eko.taps("✅ Setujui")
    await eko.is_told("Ada perubahan")
    assert "Apel dibatalkan." in (await eko.sees("Untuk disetujui")).text
    assert (ani.inbox, dodi.inbox) == ([], [])
    await eko.taps("✅ Setujui")
    for reader in (ani, dodi):
        await reader.sees("Apel dibatalkan.")
    await budi.sees("disetujui")

    await budi.says("/terkirim")
    await budi.taps("Apel dibatalkan.")
    await budi.taps("Ubah teks")
    await budi.sees("Mohon kirim seluruh teks yang baru.")
    await budi.says("Apel pukul delapan.")
    await budi.taps("Ubah di semua obrolan")
    await budi.sees("Perlu persetujuan panitia kedua")
    await eko.taps("Lihat dan setujui")
    assert "Apel pukul delapan." in (await eko.sees("menggantikan teks yang sudah dikirim")).text
    assert "Apel dibatalkan." in ani.inbox[-1]
    await eko.taps("✅ Setujui")
    for reader in (ani, dodi):
        await reader.sees("Apel pukul delapan.")
    assert (await sent_broadcast(hall)).version == 2
