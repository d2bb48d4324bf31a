"""Registering through the real bot, over HTTP."""

from __future__ import annotations

import asyncio

from bot.app import Rakor
from bot.clock import Clock
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.settings import Settings
from bot.storage import meetings, participants
from bot.storage.participants import Participant
from simulator.actors import PersonDriver
from simulator.driver import Telegram
from tests.e2e.conftest import Hall


async def registrations(hall: Hall, person: PersonDriver) -> list[Participant]:
    return await hall.read(lambda tx: participants.all_of_person(tx, person.id))


async def to_the_review(hall: Hall, person: PersonDriver, name: str) -> None:
    await person.start(hall.code)
    await person.taps("Daftar")
    await person.taps("Setuju")
    await person.sees("langkah 2 dari 5")
    await person.says(name)
    await person.sees("langkah 3 dari 5")
    await person.taps("Media")
    await person.sees("langkah 4 dari 5")
    await person.says("Harian Contoh")
    await person.sees("langkah 5 dari 5")
    await person.says("Wartawan")
    await person.sees("jawaban Anda")


async def test_a_participant_registers_goes_back_corrects_and_gets_a_ticket(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")

    await ani.start(hall.code)
    card = await ani.sees("Rapat Koordinasi Bersama Stakeholder")
    assert card.labels == ["Daftar"]
    await ani.taps("Daftar")
    consent = await ani.sees("meminta persetujuan Anda")
    assert consent.labels == ["Setuju", "Tidak setuju", "Batal"]
    await ani.taps("Setuju")
    await ani.sees("Siapa nama lengkap Anda?")
    await ani.says("Any Lestari")
    await ani.sees("Anda mewakili unsur apa?")
    await ani.taps("Kembali")
    await ani.sees("Jawaban Anda sejauh ini: Any Lestari")
    await ani.says("Ani Lestari")
    await ani.sees("Anda mewakili unsur apa?")
    await ani.taps("Akademisi")
    await ani.sees("Unsur: Akademisi")
    await ani.sees("instansi atau organisasi apa?")
    await ani.says("Universitas Contoh")
    await ani.sees("Apa jabatan Anda di sana?")
    await ani.says("Dosn")
    await ani.sees("Jabatan: Dosn")
    await ani.taps("Ubah: Jabatan")
    await ani.sees("Apa jabatan Anda di sana?")
    await ani.says("Dosen")
    await ani.sees("Jabatan: Dosen")
    await ani.taps("Kirim")
    ticket = await ani.sees("Pendaftaran Anda diterima")

    [mine] = await registrations(hall, ani)
    assert (mine.name, mine.sector, mine.institution, mine.position) == (
        "Ani Lestari",
        "akademisi",
        "Universitas Contoh",
        "Dosen",
    )
    assert f"Tiket: {mine.ticket}" in ticket.text
    assert "photo" in ticket.data
    assert ticket.labels == ["Ubah data saya", "Batal hadir"]


async def test_in_english_for_who_uses_telegram_in_english(hall: Hall) -> None:
    citra = hall.tg.person("Citra", language_code="en")

    await hall.registers(citra, "Citra", "Academia", "Example University", "Lecturer")

    [hers] = await registrations(hall, citra)
    assert (hers.name, hers.sector) == ("Citra", "akademisi")


async def test_confirming_twice_registers_once(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await to_the_review(hall, ani, "Ani")

    await ani.taps("Kirim")
    ani.repeats_tap()
    ani.repeats_tap()

    await ani.sees("Pendaftaran Anda diterima")
    await ani.sees("Isian ini sudah selesai")
    await ani.sees("Isian ini sudah selesai")
    assert len(await registrations(hall, ani)) == 1


async def test_yesterdays_button_is_answered_and_changes_nothing(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await ani.start(hall.code)
    await ani.taps("Daftar")
    old = await ani.sees("meminta persetujuan Anda")
    await ani.taps("Setuju")
    await ani.sees("langkah 2 dari 5")

    await ani.taps("Tidak setuju", message=old)

    await ani.is_told("Tombol itu dari langkah sebelumnya")
    await ani.sees("langkah 2 dari 5")
    await ani.says("Ani")
    await ani.sees("langkah 3 dari 5")


async def test_a_photo_a_long_name_and_a_script_in_the_place_of_a_name(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await ani.start(hall.code)
    await ani.taps("Daftar")
    await ani.taps("Setuju")
    await ani.sees("langkah 2 dari 5")

    await ani.sends_photo(b"\xff\xd8\xff\xe0 not quite a picture", caption="Ani")
    await ani.sees("Mohon tulis jawaban ini sebagai teks")
    await ani.says("y" * 4096)
    await ani.sees("Panjangnya 4096 karakter, sedangkan di sini paling banyak 100")
    await ani.says("<script>alert(1)</script>")
    await ani.sees("langkah 3 dari 5")
    await ani.taps("Kembali")
    await ani.sees("Jawaban Anda sejauh ini: <script>alert(1)</script>")


async def test_a_command_in_the_middle_of_the_form(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await ani.start(hall.code)
    await ani.taps("Daftar")
    await ani.taps("Setuju")
    await ani.sees("langkah 2 dari 5")
    await ani.says("Ani Lestari")
    await ani.sees("langkah 3 dari 5")

    await ani.says("/agenda")

    await ani.sees("Dialog bersama stakeholder")
    await ani.sees("Isian pendaftaran Anda masih menunggu")
    await ani.taps("Kembali")
    await ani.sees("Jawaban Anda sejauh ini: Ani Lestari")


async def test_the_last_seat_goes_to_one_of_many_and_the_others_move_up_as_it_becomes_free(
    hall: Hall,
) -> None:
    await hall.write(lambda tx: meetings.save_quota(tx, hall.meeting_id, "media", 1))
    people = [hall.tg.person(f"Ani {number}", language_code="id") for number in range(4)]
    for person in people:
        await to_the_review(hall, person, person.person.first_name)

    await asyncio.gather(*(person.taps("Kirim") for person in people))

    await asyncio.gather(*(person.sees("Unsur: Media") for person in people))
    states = {person.id: (await registrations(hall, person))[0].state for person in people}
    assert sorted(states.values()) == ["registered", "waiting", "waiting", "waiting"]
    [seated] = [person for person in people if states[person.id] == "registered"]
    queue = {}
    for person in people:
        if person is not seated:
            told = await person.sees("Anda masuk daftar tunggu")
            queue[int(told.text.split("Anda nomor ")[1].split(" ")[0])] = person
    assert sorted(queue) == [1, 2, 3]

    await seated.says("/tiket")
    await seated.sees("Tiket Anda")
    await seated.taps("Batal hadir")
    await seated.taps("Ya, batal hadir")
    await queue[1].sees("Ada kursi yang tersedia")
    await queue[1].says("/tiket")
    await queue[1].sees("Tiket Anda")

    await hall.write(lambda tx: meetings.save_quota(tx, hall.meeting_id, "media", 3))
    hall.rakor.wake()
    await asyncio.gather(*(queue[place].sees("Ada kursi yang tersedia") for place in (2, 3)))


async def test_withdrawing_and_erasing(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Akademisi", "Universitas Contoh", "Dosen")

    await ani.says("/tiket")
    await ani.sees("Tiket Anda")
    await ani.taps("Batal hadir")
    await ani.sees("Kursi Anda akan tersedia")
    await ani.taps("Ya, batal hadir")
    await ani.sees("Anda batal hadir di")
    await ani.says("/dataku")
    await ani.sees("Nama: Ani Lestari")
    file = await ani.sees("Data Anda sebagai berkas")
    assert "document" in file.data
    await ani.says("/hapusdata")
    await ani.taps("Ya, hapus semuanya")
    await ani.sees("Data Anda sudah dihapus")
    assert await registrations(hall, ani) == []


async def test_a_ticket_tells_the_committee_who_it_is_and_nobody_else(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    citra = hall.tg.person("Citra", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Akademisi", "Universitas Contoh", "Dosen")
    [mine] = await registrations(hall, ani)

    await citra.start(f"t-{mine.ticket}")
    await citra.sees("hanya panitia yang dapat membacanya")
    await hall.budi.start(f"t-{mine.ticket}")
    seen = await hall.budi.sees(f"Tiket {mine.ticket}")
    assert "Nama: Ani Lestari" in seen.text


async def test_a_form_goes_on_after_a_restart(telegram: Telegram, database_url: str, unhurried: None) -> None:
    settings = Settings(
        bot_token=telegram.token, bot_api_url=telegram.url, database_url=database_url, web_port=0
    )
    clock = Clock()
    file = meeting_file.running_at(meeting_file.sample(), "dialog", clock.now())
    ani = telegram.person("Ani", language_code="id")

    async with Rakor(settings, clock) as rakor:
        await rakor.database.write(lambda tx: meeting_store.apply(tx, file, clock.now()))
        await ani.start(file.meeting.code)
        await ani.taps("Daftar")
        await ani.taps("Setuju")
        await ani.sees("langkah 2 dari 5")
        await ani.says("Ani Lestari")
        asked = await ani.sees("langkah 3 dari 5")
    async with Rakor(settings, clock):
        await ani.taps("Akademisi", message=asked)
        await ani.sees("langkah 4 dari 5")
        await ani.says("Universitas Contoh")
        await ani.sees("langkah 5 dari 5")
        await ani.says("Dosen")
        await ani.sees("Nama: Ani Lestari")
