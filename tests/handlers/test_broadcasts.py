"""/siaran by hand: long texts, forged and worn-out buttons, drafts of others."""

from __future__ import annotations

import pytest

from bot.storage import broadcasts, offices, people
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.values import base36
from tests.handlers.conftest import NOW, Chatter


@pytest.fixture
async def organiser(budi: Chatter, ani: Chatter, meeting: Meeting, database: Database) -> Chatter:
    """Budi, an organiser of the meeting that his chat is about; Ani is registered for it."""

    async def appoint(tx: Transaction) -> None:
        await people.see(tx, budi.id, "id", NOW.date(), private=True)
        await people.follow(tx, budi.id, meeting.id)
        await offices.grant(tx, meeting.office_id, budi.id, "organiser", NOW)

    await database.write(appoint)
    return budi


async def states(database: Database) -> list[str]:
    async def work(tx: Transaction) -> list[str]:
        return [row["state"] for row in await tx.all("SELECT state FROM broadcasts ORDER BY state")]

    return await database.read(work)


async def test_a_text_that_is_too_long_is_said_so_and_asked_for_again(organiser: Chatter) -> None:
    await organiser.says("/siaran " + "x" * 3501)

    assert "3501" in str(organiser.messages[-2]["text"])
    assert "Siapa yang akan menerima siaran ini?" in organiser.said
    await organiser.taps("Semua peserta (0)")
    await organiser.says("🗳" * 1751)
    assert "3502" in organiser.said


async def test_worn_out_buttons_are_answered(organiser: Chatter, database: Database) -> None:
    await organiser.says("/siaran Halo.")
    await organiser.taps("Semua peserta (0)")
    await organiser.taps("Batal")
    for label in ("Ubah isi", "Ubah penerima", "Batal"):
        await organiser.taps(label)
        assert organiser.sent.toasts[-1].startswith("Rancangan ini sudah dibatalkan")

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
    await organiser.taps("Semua peserta (0)")

    async def work(tx: Transaction) -> int:
        await offices.grant(tx, meeting.office_id, citra.id, "organiser", NOW)
        return int(await tx.value("SELECT id FROM broadcasts"))

    draft_id = await database.write(work)
    for kind in ("send", "text", "to", "cancel"):
        await citra.forges(f"broadcast-{kind}:{base36(draft_id)}")
        assert citra.said == "This is no longer available. /bantuan shows what you can do."

    assert await states(database) == [broadcasts.DRAFT]


async def test_without_a_role_there_is_no_announcement(
    citra: Chatter, meeting: Meeting, database: Database
) -> None:
    await citra.says("/siaran Halo.")

    assert citra.said == "Only the committee of the office may do this."
    assert await states(database) == []
