"""A reminder with a picture or a document: sent with its words below it, noted, asked about, changed and taken back."""

from __future__ import annotations

import pytest

from bot.domain.notices.audience import Audience
from bot.domain.reminders import reminder_editing as editing
from bot.storage import reminders
from bot.storage.database import Transaction
from bot.storage.reminders import Reminder
from tests.e2e.audience import all_delivered, becomes_true, becomes_unrecorded, bound_group, takes_part
from tests.e2e.conftest import Hall


async def with_file(hall: Hall, kind: str, file_id: str) -> Reminder:
    """A reminder of Budi's office that goes to all participants and groups, and is due at no time."""
    return await hall.write(
        lambda tx: reminders.save(
            tx,
            office_id=hall.office_id,
            meeting_id=hall.meeting_id,
            slug="apk",
            title={"id": "Ukuran APK", "en": "Size of posters"},
            text={"id": "Paling besar 4 x 7 meter.", "en": "At most 4 x 7 metres."},
            legal_basis=[],
            checked_on=None,
            audience=Audience("all", groups=True).as_data(),
            schedule=editing.NO_TIME,
            grace_minutes=60,
            now=hall.clock.now(),
            attachment={"kind": kind, "file_id": file_id, "name": "", "size": None},
        )
    )


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_it_arrives_with_its_words_and_can_be_asked_about(hall: Hall, kind: str) -> None:
    ani, budi = await takes_part(hall, "Ani", "asn", "en"), hall.budi
    group = await bound_group(hall, ani)
    if kind == "photo":
        sent = await budi.sends_photo(b"picture")
        file_id = sent.data["photo"][-1]["file_id"]
    else:
        sent = await budi.sends_document("apk.pdf", b"%PDF", mime="application/pdf")
        file_id = sent.data["document"]["file_id"]
    await with_file(hall, kind, file_id)

    await budi.says("/jadwal")
    await budi.taps("Ukuran APK")
    await budi.taps("Kirim sekarang")
    await budi.taps("Kirim ke 2 obrolan")
    arrived = await ani.sees("At most 4 x 7 metres.")
    in_group = await group.sees("Paling besar 4 x 7 meter.")
    for message in (arrived.message, in_group.message):
        assert kind in message.data
        assert message.data["caption"].startswith("🔔 ")
        assert "text" not in message.data
    assert in_group.message.buttons() == []
    await becomes_true(hall, all_delivered)
    await hall.write(becomes_unrecorded)
    await ani.says("Per street?", reply_to=arrived)
    await ani.sees("Your question is with the committee")


async def test_its_words_are_changed_below_it_and_then_it_is_taken_back(hall: Hall) -> None:
    ani, budi = await takes_part(hall, "Ani", "asn", "en"), hall.budi
    photo = await budi.sends_photo(b"picture")
    reminder = await with_file(hall, "photo", photo.data["photo"][-1]["file_id"])
    await budi.says("/jadwal")
    await budi.taps("Ukuran APK")
    await budi.taps("Kirim sekarang")
    await budi.taps("Kirim ke 1 obrolan")
    await ani.sees("At most 4 x 7 metres.")
    await ani.taps("Read and understood")
    await budi.sees("Terkirim: 1 dari 1")

    async def other_words(tx: Transaction) -> None:
        await editing.set_text(
            tx,
            reminder.id,
            budi.id,
            hall.clock.now(),
            title=reminder.title,
            text={"id": "Paling besar 5 meter.", "en": "At most 5 metres."},
            topic="",
            attachment=reminder.attachment,
        )

    await hall.write(other_words)
    await budi.taps("Rincian & tindakan")
    await budi.taps("Ubah teks")
    await budi.taps("Ubah di semua obrolan")
    await budi.sees("Dengan teks baru: 1 dari 1")

    changed = (await ani.sees("At most 5 metres.")).message
    assert "photo" in changed.data
    assert changed.buttons()[0][0]["text"] == "✅ Read and understood"
    await budi.taps("Rincian & tindakan")
    await budi.taps("Tarik kembali")
    await budi.taps("Ya, tarik kembali")
    await budi.sees("Dihapus: 1 dari 1")
    assert [text for text in ani.inbox if "metres" in text] == []
