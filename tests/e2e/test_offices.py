"""Two offices in one installation: each sees and manages its own."""

from __future__ import annotations

from bot.domain import roles
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.storage import meetings
from bot.storage.database import Transaction
from simulator.driver import PersonDriver
from tests.e2e.conftest import Hall

OTHER = """
office: {code: bawaslu-lain, name: Bawaslu Kota Lain, city: Lain, timezone: Asia/Jayapura}
sectors:
  - {code: media, name: Media}
meeting:
  code: rakor-lain
  title: Rakor Kota Lain
  venue: Balai Kota
  start: 2030-03-04 09.00
  end: 12.00
  state: open
"""


async def another_office(hall: Hall, organiser: PersonDriver) -> None:
    """An office in another zone with an open meeting, imported from its own file."""
    file = meeting_file.read(OTHER.encode(), "lain.yaml")

    async def work(tx: Transaction) -> None:
        await meeting_store.apply(tx, file, hall.clock.now())
        meeting = await meetings.find_by_code(tx, "rakor-lain")
        assert meeting is not None
        await roles.appoint(tx, meeting.office_id, organiser.id, roles.ORGANISER, hall.clock.now(), by=None)

    await hall.write(work)


async def test_whoever_has_not_chosen_is_asked_and_chooses_again_later(hall: Hall) -> None:
    citra = hall.tg.person("Citra", language_code="id")
    await another_office(hall, citra)
    ani = hall.tg.person("Ani", language_code="id")

    await ani.says("/agenda")
    await ani.sees("Ketik /start untuk memilih")
    await hall.registers(ani, "Ani Lestari", "Media", "Harian Contoh", "Wartawan")
    await ani.says("/daftar")
    await ani.sees("Rakor mana")
    await ani.taps("Rakor Kota Lain")
    card = await ani.sees("WIT")
    assert card.labels == ["Daftar"]
    await ani.says("/agenda")
    await ani.sees("Rakor Kota Lain")


async def test_each_committee_sees_and_writes_to_its_own_people_only(hall: Hall) -> None:
    citra = hall.tg.person("Citra", language_code="id")
    await another_office(hall, citra)
    ani = hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Media", "Harian Contoh", "Wartawan")
    # As a guest of the other office she keeps her own tools.
    await citra.start(hall.code)
    await citra.sees("Rapat Koordinasi Bersama Stakeholder")

    await citra.says("/panitia")
    await citra.sees("0 peserta terdaftar")
    await citra.says("/peserta")
    await citra.sees("0 peserta terdaftar")
    await citra.says("/siaran Halo dari kota lain")
    await citra.sees("Saat ini menjangkau 0 orang dan grup.")
    await citra.taps("Lanjut (0)")
    asked = await citra.sees("tidak seorang pun")
    assert asked.labels == ["Ubah isi", "Ubah penerima", "Batal"]
    await hall.budi.says("/peserta")
    await hall.budi.sees("1 peserta terdaftar")

    assert not any("Halo" in text for text in ani.inbox)
    assert not any("Ani Lestari" in text for text in citra.inbox)


async def test_an_organiser_of_two_offices_says_which_meeting_it_is_about(hall: Hall) -> None:
    await another_office(hall, hall.budi)
    await hall.budi.says("/panitia")
    await hall.budi.sees("Rapat Koordinasi Bersama Stakeholder")

    await hall.budi.taps("↔️ Rakor Kota Lain")
    await hall.budi.sees("Balai Kota")
    await hall.budi.says("/peserta")

    await hall.budi.sees("0 peserta terdaftar")
