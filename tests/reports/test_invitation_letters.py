"""The pages that go with official letters: whom they address, and where their code leads."""

from __future__ import annotations

import io

from pypdf import PdfReader

from bot.domain.people import invitations, invited
from bot.i18n import translator
from bot.reports.invitation_letters import LETTER
from bot.storage import offices
from bot.storage.invitees import Entry
from tests.domain.people.conftest import hall
from tests.domain.people.hall import ALI, BUDI, NOW, Hall, make_link

__all__ = ["hall"]


async def pages(hall: Hall, invitation_id: int | None) -> list[str] | None:
    arguments = {"meeting": hall.meeting_id, "invitation": invitation_id, "bot": "rakor_bot"}
    letters = await hall.database.read(lambda tx: LETTER.gather(tx, arguments))
    if letters is None:
        return None
    content = LETTER.make(translator("id"), letters)
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


async def test_a_page_for_everybody_who_has_not_answered_with_their_own_link(hall: Hall) -> None:
    ali = await hall.invites()
    siti = await hall.invites(Entry("kpu", "Siti Aminah", "KPU Kota"))
    done = await hall.invites(Entry("kpu", "Sudah Menjawab", "KPU Kota"))
    await hall.does(lambda tx: invited.says_no(tx, done.id, BUDI, "", NOW))
    await hall.does(
        lambda tx: offices.set_letterhead(tx, hall.office_id, "BADAN PENGAWAS PEMILIHAN UMUM\nKOTA CONTOH")
    )

    shown = await pages(hall, None)

    assert shown is not None
    assert len(shown) == 2
    for page, entry, person in zip(shown, (ALI, siti.entry), (ali, siti), strict=True):
        link = await hall.payload(await hall.personal(person))
        assert page.startswith(
            "BADAN PENGAWAS PEMILIHAN UMUM\nKOTA CONTOH\nKONFIRMASI KEHADIRAN\nRakor\nKepada Yth.:\n"
        )
        assert entry.name in page
        assert invitations.url("rakor_bot", link) in page
        assert "mohon tidak diteruskan" in page


async def test_the_page_of_a_link_for_a_group_addresses_nobody_and_goes_with_the_link(hall: Hall) -> None:
    link = await make_link(hall)

    shown = await pages(hall, link.id)
    await hall.does(lambda tx: invitations.revoke(tx, link.id, BUDI, NOW))

    assert shown is not None
    assert len(shown) == 1
    assert "Kepada Yth." not in shown[0]
    assert await pages(hall, link.id) is None
