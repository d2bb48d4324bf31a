"""A poll in the hall: written, opened, answered, closed, its results sent to everybody."""

from __future__ import annotations

from tests.e2e.conftest import Hall
from tests.e2e.dialogue import on_sqlite, participant


async def test_from_the_question_to_the_results(hall: Hall) -> None:
    people = [await participant(hall, name) for name in ("Ani", "Eka", "Fajar")]
    budi = hall.budi

    await budi.says("/jajakbaru")
    await budi.taps("satu pilihan")
    await budi.says("Sosialisasi <apa> yang paling Anda perlukan?")
    await budi.sees("baris tersendiri")
    await budi.says("Hanya satu")
    await budi.sees("2 sampai 10")
    await budi.says("- Netralitas ASN\n- Dana kampanye")
    await budi.taps("Segera setelah menjawab")
    await budi.taps("Simpan jajak pendapat")
    await budi.taps("Buka sekarang")

    for person in people:
        await person.sees("Sosialisasi <apa> yang paling Anda perlukan?")
        await person.taps("Netralitas ASN" if person is not people[2] else "Dana kampanye")
        await person.sees("Jawaban Anda sudah tercatat")
    await people[0].taps("Hasil")
    seen = await people[0].sees("67%")
    assert "3 jawaban · masih dibuka" in seen.text
    assert "33% (1)" in seen.text

    await budi.taps("Tutup dan tampilkan hasil")
    await budi.sees("67% (2)")
    await budi.taps("Kirim hasil kepada peserta")
    await people[1].sees("3 jawaban · ditutup")
    await people[1].taps("Dana kampanye")
    await people[1].sees("3 jawaban · ditutup")


@on_sqlite
async def test_a_ranking_is_tapped_in_order_and_a_stranger_is_led_to_registration(hall: Hall) -> None:
    ani = await participant(hall)
    budi = hall.budi
    await budi.says("/jajakbaru")
    await budi.taps("peringkat")
    await budi.says("Apa yang paling mendesak?")
    await budi.says("Politik uang\nHoaks\nNetralitas")
    await budi.taps("Setelah ditutup")
    await budi.taps("Simpan jajak pendapat")
    await budi.taps("Buka sekarang")

    await ani.sees("urutan kepentingan")
    await ani.taps("Hoaks")
    await ani.sees("2 pilihan belum berurutan")
    await ani.taps("Ulangi")
    for option in ("Netralitas", "Hoaks", "Politik uang"):
        await ani.taps(option)
    await ani.sees("Jawaban Anda sudah tercatat")

    citra = hall.tg.person("Citra", language_code="id")
    await citra.start(hall.code)
    await citra.says("/jajak")
    await citra.sees("Silakan mendaftar terlebih dahulu")
