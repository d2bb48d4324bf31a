"""The understanding check in the hall: two rounds with the dialogue between them, and the shift."""

from __future__ import annotations

from simulator.driver import PersonDriver
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import participant


async def answers_all(person: PersonDriver, *answers: str) -> None:
    for number, answer in enumerate(answers, 1):
        await person.sees(f"Pernyataan {number} dari 2")
        await person.taps(answer)
    await person.sees("semua jawaban Anda sudah tercatat")


async def test_from_the_statements_to_the_shift(hall: Hall) -> None:
    people = [await participant(hall, name) for name in ("Ani", "Eka", "Fajar")]
    budi = hall.budi
    await budi.says("/uji")
    await budi.taps("Pakai pernyataan siap pakai")
    await budi.taps("2")
    await budi.taps("Kembali")
    await budi.taps("Tulis pernyataan")
    await budi.says("Kepala desa boleh <ikut> kampanye")
    await budi.taps("Salah")
    await budi.says("UU 10/2016 Pasal 71 ayat (1)")
    await budi.taps("Simpan pernyataan")
    await budi.taps("Buka putaran 1")

    for person in people:
        await person.sees("sebelum dialog")
        await person.taps("Mulai")
        await answers_all(person, "Tidak yakin", "Benar")
    await budi.taps("Perbarui")
    await budi.sees("Putaran 1: 3 dari 3")
    await budi.taps("Tutup putaran 1")
    await budi.sees("di antara dua putaran")
    await people[0].says("/uji")
    await people[0].sees("tidak ada putaran")

    await budi.taps("Buka putaran 2")
    for person in people:
        await person.sees("sesudah dialog")
        await person.taps("Mulai")
        await answers_all(person, "Benar", "Salah" if person is not people[2] else "Benar")
    await budi.taps("Tutup dan tampilkan hasil")
    result = await budi.sees("Hasil uji kesamaan persepsi")
    assert "Jawaban benar: 0% → 83%" in result.text
    assert "Dari 3 orang yang menjawab kedua putaran." in result.text

    await budi.taps("Gambar")
    await budi.sees("selang kepercayaan 95%")
    await budi.taps("Kirim hasil kepada peserta", message=result)
    await people[0].sees("Jawaban benar: 0% → 83%")
    await people[0].taps("Jawaban benar")
    key = await people[0].sees("UU 10/2016 Pasal 71 ayat (1)")
    assert "Kepala desa boleh <ikut> kampanye" in key.text
