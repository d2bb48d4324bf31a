"""Two offices in one installation: each sees and manages its own."""

from __future__ import annotations

from tests.e2e.conftest import Hall
from tests.e2e.offices import another_office


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
