"""From the ticket to the list, in the chats of the desk and of a participant."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from bot.domain.attendance import roll
from bot.storage import meetings, participants
from bot.storage.database import Transaction
from tests.e2e.conftest import Hall


async def present(hall: Hall) -> list[str]:
    async def work(tx: Transaction) -> list[str]:
        meeting = await meetings.find(tx, hall.meeting_id)
        assert meeting is not None
        return [
            line.participant.name for line in await roll.entries(tx, meeting) if line.arrived_at is not None
        ]

    return await hall.read(work)


async def test_the_desk_checks_in_undoes_and_takes_in_a_guest(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Media", "Harian Contoh", "Wartawan")
    [entry] = await hall.read(lambda tx: participants.registered(tx, hall.meeting_id))
    budi = hall.budi

    await budi.start(f"t-{entry.ticket}")
    await budi.taps("Catat hadir")
    await budi.sees("Hadir sejak")
    await ani.sees("Kehadiran Anda")
    assert await present(hall) == ["Ani Lestari"]

    await budi.taps("Batalkan")
    await ani.sees("dibatalkan")
    assert await present(hall) == []

    await budi.says("/hadir lestari")
    await budi.taps("Ani Lestari")
    await budi.sees("Belum hadir")
    await budi.taps("Catat hadir")
    await budi.sees("Hadir sejak")

    await budi.says("/hadir")
    await budi.taps("Tamu belum terdaftar")
    await budi.sees("nama lengkapnya")
    await budi.says("Gita Utami")
    await budi.taps("TNI")
    await budi.sees("langkah 3 dari 4")
    await budi.says("Kodim 0418")
    await budi.sees("langkah 4 dari 4")
    await budi.says("Danramil")
    await budi.sees("yang bersangkutan setuju")
    await budi.taps("Catat hadir")
    await budi.sees("Gita Utami: hadir")
    assert sorted(await present(hall)) == ["Ani Lestari", "Gita Utami"]

    await budi.says("/hadir")
    await budi.taps("📄 Daftar hadir")
    await budi.taps("Daftar XLSX")
    await budi.sees("2 dari 2 hadir")


async def test_the_list_is_printed_signed_ticked_and_compared(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Media", "Harian Contoh", "Wartawan")
    eko = hall.tg.person("Eko", language_code="id")
    await hall.registers(eko, "Eko Wahyudi", "Media", "Radio Contoh", "Redaktur")
    [first, _] = await hall.read(lambda tx: participants.registered(tx, hall.meeting_id))
    budi = hall.budi

    await budi.says(f"/hadir {first.ticket}")
    await budi.says("/hadir")
    await budi.taps("📄 Daftar hadir")
    await budi.taps("Untuk ditandatangani")
    paper = await budi.sees("Daftar hadir untuk ditandatangani, 2 baris")
    text = text_of(hall, paper.data["document"]["file_id"])
    assert "1. ............ 2 Eko Wahyudi Redaktur Radio Contoh 2. ............" in text

    dewi = hall.tg.person("Dewi", language_code="id")
    await hall.registers(dewi, "Agus Salim", "Media", "Harian Lain", "Wartawan")
    await budi.taps("Tandai yang sudah ttd.")
    await budi.sees("Ditandai: 0 dari 3")
    await budi.taps("Nomor: sudah ttd.")
    await budi.sees("dari 1 sampai 3")
    await budi.says("dua")
    await budi.sees("misalnya: 1-20 23 25")
    await budi.says("2-3, 12")
    await budi.sees("Nomor ini tidak ada di daftar: 12")
    await budi.taps("3. Agus Salim")
    await budi.sees("Ditandai: 1 dari 3")
    await budi.taps("Selisih kertas")
    await budi.sees("2. Eko Wahyudi · Radio Contoh")
    await budi.taps("2")
    await budi.taps("Catat hadir")
    await eko.sees("Kehadiran Anda")
    assert sorted(await present(hall)) == ["Ani Lestari", "Eko Wahyudi"]

    await budi.says("/hadir")
    await budi.taps("📄 Daftar hadir")
    await budi.taps("Dengan waktu hadir")
    paper = await budi.sees("2 dari 3 hadir")
    text = text_of(hall, paper.data["document"]["file_id"])
    assert "3 Agus Salim Wartawan Harian Lain tidak hadir –" in text
    assert "Hadir: 2 dari 3 peserta terdaftar." in text


async def test_participants_check_themselves_in_with_the_code_of_the_hall(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Media", "Harian Contoh", "Wartawan")
    citra = hall.tg.person("Citra", language_code="id")
    budi = hall.budi

    await ani.says("/hadir")
    await ani.sees("Kehadiran dicatat oleh panitia")

    await budi.says("/hadir")
    await budi.taps("Kode hadir")
    await budi.sees("Tidak aktif")
    await budi.taps("Sekarang, 30 menit")
    page = await budi.sees("Tercatat dengan kode ini: 0")
    code = page.text.partition("Kode: ")[2][:4]
    await budi.taps("Poster")
    poster = await budi.sees("untuk ditempel di pintu masuk")
    assert f"tulis {code} kepada" in text_of(hall, poster.data["document"]["file_id"])

    await ani.says("/hadir")
    await ani.sees("empat huruf atau angka")
    await ani.says("2222" if code != "2222" else "3333")
    await ani.sees("dapat mencoba 4 kali lagi")
    await ani.says(code.lower())
    await ani.sees("Selamat datang!")
    await ani.start(f"h-{code}")
    await ani.sees("sudah tercatat hadir")
    await citra.start(f"h-{code}")
    await citra.sees("belum terdaftar")
    assert await present(hall) == ["Ani Lestari"]

    hall.moves_clock(timedelta(minutes=31))
    eko = hall.tg.person("Eko", language_code="id")
    await hall.registers(eko, "Eko Wahyudi", "Media", "Radio Contoh", "Redaktur")
    await eko.says(code)
    await eko.sees("sudah lewat")
    await budi.says("/hadir Lestari")
    await budi.taps("Ani Lestari")
    await budi.sees("dengan kode hadir")
    await budi.taps("Batalkan")
    await ani.sees("dibatalkan")
    assert await present(hall) == []


def text_of(hall: Hall, file_id: str) -> str:
    """What a PDF says that was sent to a chat."""
    file = hall.tg.world.files.by_id(file_id)
    assert file is not None
    pages = PdfReader(BytesIO(file.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
