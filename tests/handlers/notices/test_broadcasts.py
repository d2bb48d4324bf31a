"""/siaran by hand: long texts, forged and worn-out buttons, drafts of others."""

from __future__ import annotations

import pytest

from bot.domain.people import registration
from bot.domain.people.registration import Details
from bot.storage import broadcasts, offices, people
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.values import base36
from tests.handlers.conftest import NOW, Chatter


@pytest.fixture
async def organiser(budi: Chatter, ani: Chatter, meeting: Meeting, database: Database) -> Chatter:
    """Budi, an organiser of the meeting that his chat is about; Ani is registered for it."""

    async def prepare(tx: Transaction) -> None:
        await people.see(tx, budi.id, "id", NOW.date(), private=True)
        await people.follow(tx, budi.id, meeting.id)
        await offices.grant(tx, meeting.office_id, budi.id, "organiser", NOW)
        await people.see(tx, ani.id, "en", NOW.date(), private=True)
        await registration.register(
            tx, meeting.id, ani.id, Details("kpu", "Ani Lestari", "KPU Kota", "Member"), NOW
        )

    await database.write(prepare)
    return budi


async def states(database: Database) -> list[str]:
    async def work(tx: Transaction) -> list[str]:
        return [row["state"] for row in await tx.all("SELECT state FROM broadcasts ORDER BY state")]

    return await database.read(work)


async def test_a_text_that_is_too_long_is_said_so_and_asked_for_again(
    organiser: Chatter, database: Database
) -> None:
    await organiser.says("/siaran " + "x" * 3501)

    assert "3501" in str(organiser.messages[-2]["text"])
    assert "Apa yang ingin Anda siarkan?" in organiser.said
    await organiser.says("🗳" * 1751)
    assert "3502" in organiser.said
    assert "Apa yang ingin Anda siarkan?" in organiser.said
    assert await states(database) == []

    await organiser.says("🗳" * 1750)
    assert "<b>Penerima</b>" in organiser.said
    await organiser.taps("✅ Lanjut (1)")
    assert str(organiser.messages[-2]["text"]).endswith("\n" + "🗳" * 1750)
    assert await states(database) == [broadcasts.DRAFT]


async def test_worn_out_buttons_are_answered(organiser: Chatter, database: Database) -> None:
    await organiser.says("/siaran Halo.")
    chooser = [organiser.data_of(label) for row in organiser.buttons for label in row]
    await organiser.taps("✅ Lanjut (1)")
    of_the_draft = [label for row in organiser.buttons for label in row]
    assert of_the_draft == [
        "Kirim ke 1 obrolan",
        "Ubah isi",
        "Ubah penerima",
        "⬜️ Minta pernyataan “sudah dibaca”",
        "❓ Tambah pertanyaan",
        "Batal",
    ]
    await organiser.taps("Batal")

    organiser.sent.toasts.clear()
    for label in of_the_draft:
        await organiser.taps(label)
    assert (
        organiser.sent.toasts
        == ["Rancangan ini sudah dibatalkan. Ketik /siaran untuk membuat yang baru."] * 6
    )

    organiser.sent.calls.clear()
    for data in chooser:
        await organiser.forges(data)
    gone = "Ini tidak tersedia lagi. /bantuan menampilkan yang dapat Anda lakukan."
    assert [message["text"] for message in organiser.messages] == [gone] * len(chooser)
    assert await states(database) == [broadcasts.CANCELLED]


@pytest.mark.parametrize(
    "data", ["broadcast-send:zzz", "broadcast-send:!", "broadcast-send:", "broadcast-send"]
)
async def test_forged_buttons_change_nothing(organiser: Chatter, database: Database, data: str) -> None:
    await organiser.forges(data)

    assert organiser.sent.toasts[-1]
    assert await states(database) == []


async def test_the_draft_of_another_organiser_cannot_be_sent(
    organiser: Chatter, citra: Chatter, meeting: Meeting, database: Database
) -> None:
    await organiser.says("/siaran Halo.")
    chooser = [organiser.data_of(label) for row in organiser.buttons for label in row]

    async def work(tx: Transaction) -> int:
        await offices.grant(tx, meeting.office_id, citra.id, "organiser", NOW)
        return int(await tx.value("SELECT id FROM broadcasts"))

    draft_id = await database.write(work)
    kinds = ("send", "text", "to", "note", "quiz", "cancel")
    forged = (*chooser, *(f"broadcast-{kind}:{base36(draft_id)}" for kind in kinds))
    for data in forged:
        await citra.forges(data)
    gone = "This is no longer available. /help shows what you can do."
    assert [message["text"] for message in citra.messages] == [gone] * len(forged)

    assert await states(database) == [broadcasts.DRAFT]
    await organiser.taps("✅ Lanjut (1)")
    assert "Kirim ke 1 obrolan" in organiser.buttons[0]


async def test_without_a_role_there_is_no_announcement(
    citra: Chatter, meeting: Meeting, database: Database
) -> None:
    await citra.says("/siaran Halo.")

    assert citra.said == "Only the committee of the office may do this. What you can do: /help"
    assert await states(database) == []
