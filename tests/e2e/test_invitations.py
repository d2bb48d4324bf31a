"""Inviting, answering, representing and approving through the real bot, over HTTP."""

from __future__ import annotations

import io
import re
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from bot.storage import invitees, meetings, participants
from bot.storage.database import Transaction
from bot.storage.meetings import RegistrationQuestion
from bot.storage.participants import Participant
from simulator.actors import PersonDriver
from tests.e2e.conftest import Hall
from tests.e2e.test_rights import buttons_of, settled, what_is_kept

LIST = """Nama;Instansi;Unsur;Jabatan;Telepon
Kolonel Inf. Arief Wibowo;Kodim 0418/Palembang;TNI;Dandim;0812 3456 7890
Drs. H. Surya Dharma, M.Si.;Dinas Pendidikan;ASN/Pemda;Kepala Dinas;
Maya Sari;Harian Contoh;Media;;0813 1111 2222
"""


def links_in(text: str) -> list[str]:
    """The start payloads of the links in a text."""
    return re.findall(r"start=([A-Za-z0-9_-]+)", text)


async def invited(hall: Hall, content: str = LIST) -> dict[str, str]:
    """Send a list and take it; the personal payload by name."""
    budi = hall.budi
    await budi.sends_document("undangan.csv", content.encode())
    await budi.sees("Belum ada yang disimpan sebelum Anda mengetuk")
    await budi.taps("Simpan semua")
    await budi.sees("Daftar telah disimpan")
    payloads = {}
    for person in await hall.read(lambda tx: invitees.all_of(tx, hall.meeting_id)):
        await budi.says(f"/undang {person.name}")
        await budi.sees("Siapa yang dimaksud?")
        await budi.taps(person.name)
        await budi.sees("Diundang:")
        await budi.taps("Teks WhatsApp")
        text = await budi.sees(f"Yth. Bapak/Ibu {person.name}")
        [payload] = set(links_in(text.text))
        payloads[person.name] = payload
    return payloads


async def states(hall: Hall) -> dict[str, str]:
    return {
        item.name: item.state for item in await hall.read(lambda tx: invitees.all_of(tx, hall.meeting_id))
    }


async def registration_of(hall: Hall, person: PersonDriver) -> Participant:
    [mine] = await hall.read(lambda tx: participants.all_of_person(tx, person.id))
    return mine


async def test_a_list_becomes_links_and_links_become_answers(hall: Hall) -> None:
    payloads = await invited(hall)
    arief, surya, maya = "Kolonel Inf. Arief Wibowo", "Drs. H. Surya Dharma, M.Si.", "Maya Sari"
    assert set(payloads) == {arief, surya, maya}
    ani, citra, dewi = (hall.tg.person(name, language_code="id") for name in ("Ani", "Citra", "Dewi"))

    # One tap after the link: everything is known.
    await ani.start(payloads[arief])
    card = await ani.sees("Undangan ini untuk")
    assert "Nama: Kolonel Inf. Arief Wibowo" in card.text
    assert card.labels == [
        "✅ Setuju dan hadir",
        "🙏 Berhalangan",
        "🤝 Diwakili",
        "✏️ Data saya berbeda",
        "Ini bukan saya",
    ]
    await ani.taps("Setuju dan hadir")
    await ani.sees("Pendaftaran Anda diterima")
    mine = await registration_of(hall, ani)
    assert (mine.name, mine.sector, mine.institution, mine.position, mine.state) == (
        arief,
        "tni",
        "Kodim 0418/Palembang",
        "Dandim",
        "registered",
    )

    # Somebody else with the same link.
    await citra.start(payloads[arief])
    await citra.sees("Undangan ini sudah terpakai")

    # The position is not on the list: it alone is asked.
    await dewi.start(payloads[maya])
    await dewi.sees("Undangan ini untuk")
    await dewi.taps("Setuju dan hadir")
    await dewi.sees("Apa jabatan Anda di sana?")
    await dewi.says("Pemimpin redaksi")
    await dewi.taps("Kirim")
    await dewi.sees("Pendaftaran Anda diterima")

    # No, with a reason.
    await citra.start(payloads[surya])
    await citra.taps("Berhalangan")
    await citra.sees("alasannya?")
    await citra.says("Dinas luar kota")
    await citra.sees("Terima kasih telah memberi tahu")
    assert await states(hall) == {arief: "registered", surya: "declined", maya: "registered"}

    # Ani's seat goes to a representative, with the letter.
    eko = hall.tg.person("Eko", language_code="id")
    await ani.says("/tiket")
    await ani.sees("Tiket Anda")
    await ani.taps("Diwakili")
    passed_on = await ani.sees("Anda diwakili")
    [stead] = set(links_in(passed_on.text))
    await eko.start(stead)
    await eko.sees("Anda mewakili Kolonel Inf. Arief Wibowo")
    await eko.taps("Setuju")
    await eko.sees("Siapa nama lengkap Anda?")
    await eko.says("Mayor Eko Prasetyo")
    await eko.sees("Apa jabatan Anda di sana?")
    await eko.says("Pasi Intel")
    await eko.sees("nomor surat tugas")
    await eko.says("ST/12/VIII/2024")
    await eko.taps("Kirim")
    ticket = await eko.sees("Pendaftaran Anda diterima")
    assert "Mewakili: Kolonel Inf. Arief Wibowo\nSurat tugas: ST/12/VIII/2024" in ticket.text
    await ani.sees("Mayor Eko Prasetyo telah mendaftar untuk mewakili Anda")
    assert (await states(hall))[arief] == "represented"
    await citra.start(stead)
    await citra.sees("Undangan ini sudah terpakai")

    # Twice, forged, and by telephone.
    await eko.start(stead)
    await eko.sees("🎟 Anda terdaftar")
    await citra.start("i-" + "A" * 32)
    await citra.sees("Ini bukan undangan dari bot ini")
    await hall.budi.says("/undang")
    overview = await hall.budi.sees("Dalam daftar: 3")
    assert "🤝 diwakili: 1" in overview.text


async def test_a_link_for_a_group_with_quota_and_what_comes_with_it(hall: Hall) -> None:
    budi = hall.budi
    await budi.says("/undang")
    await budi.sees("Dalam daftar: 0")
    await budi.taps("Tautan baru")
    await budi.sees("Tautan ini untuk siapa?")
    await budi.taps("Satu unsur")
    await budi.sees("Unsur apa?")
    await budi.taps("Media")
    await budi.sees("Paling banyak berapa orang")
    await budi.says("satu")
    await budi.sees("bilangan bulat")
    await budi.says("1")
    await budi.sees("Berapa lama")
    await budi.taps("Satu minggu")
    made = await budi.sees("Tautan untuk Media")
    assert "0 dari 1 terdaftar" in made.text
    [payload] = links_in(made.text)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)

    ani, citra = (hall.tg.person(name, language_code="id") for name in ("Ani", "Citra"))
    await citra.start(payload)
    await citra.sees("meminta persetujuan")
    await ani.start(payload)
    await ani.taps("Setuju")
    await ani.sees("langkah 2 dari 5")
    await ani.says("Ani Lestari")
    await ani.sees("instansi atau organisasi apa?")  # the group is known
    await ani.says("Harian Contoh")
    await ani.sees("Apa jabatan")
    await ani.says("Wartawan")
    await ani.taps("Kirim")
    await ani.sees("Pendaftaran Anda diterima")
    await citra.start(payload)
    await citra.sees("Undangan ini sudah terpakai")

    await budi.taps("Teks WhatsApp")
    sent = await budi.sees("Untuk dikirim lewat WhatsApp")
    urls = [button["url"] for row in sent.rows for button in row]
    texts = [parse_qs(urlsplit(url).query)["text"][0] for url in urls]
    assert [urlsplit(url).hostname for url in urls] == ["wa.me", "wa.me"]
    assert all(payload in text for text in texts)
    assert texts[1].startswith("Dear Sir or Madam,")
    await budi.taps("Lembar PDF", message=made)
    letter = await budi.sees("Lembar dengan kode QR")
    assert "document" in letter.data
    await budi.taps("Kode QR", message=made)
    await budi.sees("Kode QR tautan untuk Media")
    await budi.taps("‹ Tautan", message=made)
    await budi.sees("1 dari 1 terdaftar")
    await budi.taps("untuk Media")
    await budi.sees("Dibuka oleh 2 akun")
    await budi.taps("Yang datang lewat ini (1)")
    await budi.sees("1. Ani Lestari, Harian Contoh")
    await budi.taps("‹ Tautannya")
    await budi.taps("Cabut")
    await budi.sees("Cabut tautan ini?")
    await budi.taps("Ya, cabut")
    await budi.sees("Dicabut:")
    await citra.start(payload)
    await citra.sees("Kantor telah mencabut undangan ini")


async def test_approval_with_own_questions_in_the_form_the_lists_and_the_persons_data(hall: Hall) -> None:
    questions = (
        RegistrationQuestion(
            "menu", meetings.CHOICE, {"id": "Menu makan?"}, ({"id": "Biasa"}, {"id": "Vegetarian"})
        ),
        RegistrationQuestion("kursi", meetings.NUMBER, {"id": "Berapa {kendaraan} <dinas>?"}, required=False),
    )

    async def set_up(tx: Transaction) -> None:
        await meetings.set_registration(tx, hall.meeting_id, questions, approval=True, now=hall.clock.now())

    await hall.write(set_up)
    ani, dewi, budi = (
        hall.tg.person("Ani", language_code="id"),
        hall.tg.person("Dewi", language_code="id"),
        hall.budi,
    )
    await budi.says("/panitia")  # a bot cannot write first, to organisers neither
    await budi.sees("Peran Anda")
    for person, name in ((ani, "Ani Lestari"), (dewi, "Dewi Kartika")):
        await person.start(hall.code)
        await person.taps("Daftar")
        await person.taps("Setuju")
        await person.sees("langkah 2 dari 7")
        await person.says(name)
        await person.taps("Media")
        await person.sees("instansi atau organisasi apa?")
        await person.says("Harian Contoh")
        await person.sees("Apa jabatan")
        await person.says("Wartawan")
        await person.sees("Menu makan?")
        await person.taps("Vegetarian")
        await person.sees("Berapa {kendaraan} <dinas>?")
        if person is ani:
            await person.says("dua")
            await person.sees("bilangan bulat")
            await person.says("2")
        else:
            await person.taps("Lewati")
        await person.sees("Menu makan: Vegetarian")
        await person.taps("Kirim")
        await person.sees("Panitia sedang memeriksa pendaftaran Anda")

    await budi.sees("menunggu persetujuan Anda")
    await budi.taps("Tampilkan antrean")
    queue = await budi.sees("Menunggu persetujuan (2)")
    assert queue.labels[:4] == ["✅ Ani Lestari", "1", "✅ Dewi Kartika", "2"]
    await budi.taps("✅ Ani Lestari")
    await ani.sees("Pendaftaran Anda disetujui")
    await budi.sees("Menunggu persetujuan (1)")
    await budi.taps("1")
    shown = await budi.sees("Menu makan: Vegetarian")
    assert "Dewi Kartika" in shown.text
    await budi.taps("Tolak")
    await budi.sees("tidak diterima?")
    await budi.says("Unsur media sudah diwakili")
    await budi.sees("Ditolak")
    refusal = await dewi.sees("Panitia belum dapat menerima")
    assert "Alasan: Unsur media sudah diwakili" in refusal.text
    await dewi.says("/daftar")
    await dewi.sees("Alasan: Unsur media sudah diwakili")

    await ani.says("/dataku")
    await ani.sees("Menu makan: Vegetarian")
    await budi.says("/peserta lestari")
    await budi.sees("Siapa yang dimaksud?")
    await budi.taps("Ani Lestari")
    await budi.sees("Berapa {kendaraan} <dinas>: 2")
    await budi.says("/peserta")
    await budi.taps("Semua, XLSX")
    file = await budi.sees("Semua pendaftar")
    assert await answers_in(hall, file.data["document"]["file_id"]) == [
        ("Ani Lestari", "terdaftar", "Vegetarian", "2"),
        ("Dewi Kartika", "ditolak panitia: Unsur media sudah diwakili", "Vegetarian", ""),
    ]


async def answers_in(hall: Hall, file_id: str) -> list[tuple[str, ...]]:
    file = hall.tg.world.files.by_id(file_id)
    assert file is not None
    page = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
    rows = [[str(cell.value or "") for cell in row] for row in page.rows]
    return [(row[1], row[5], row[10], row[11]) for row in rows if row[0].isdigit()]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"MZ\x90\x00 a program", "Ini bukan tabel"),
        (b"Tanggal;Acara\n1;Pembukaan\n", "tidak menemukan baris dengan nama kolom"),
    ],
)
async def test_what_is_no_list_changes_nothing(hall: Hall, content: bytes, says: str) -> None:
    await hall.budi.sends_document("undangan.xlsx", content)

    await hall.budi.sees(says)
    assert await states(hall) == {}


async def test_rows_are_reported_doubtful_ones_decided_and_those_who_opened_reminded(hall: Hall) -> None:
    payloads = await invited(hall)
    budi, ani = hall.budi, hall.tg.person("Ani", language_code="id")
    changed = LIST + "Maya Sarri;Harian Contoh;Media;Redaktur;\nTanpa Unsur;Dinas;;;\n"
    await budi.sends_document("undangan.csv", changed.encode())
    report = await budi.sees("tidak dapat diterima: 1")
    assert "Baris 6 · Tanpa Unsur: unsur belum diisi" in report.text
    assert "Simpan semua" not in " ".join(report.labels)
    await budi.taps("Laporan tiap baris")
    await budi.sees("Hasil tiap baris berkas")

    await budi.sends_document("undangan.csv", changed.replace("Tanpa Unsur;Dinas;;;\n", "").encode())
    await budi.sees("meragukan: 1")
    await budi.taps("Periksa yang meragukan")
    await budi.sees("nama mirip Maya Sari, Harian Contoh")
    await budi.taps("5: baru")
    await budi.sees("Baris yang meragukan (1)")
    await budi.taps("Kembali ke berkas")
    await budi.taps("Simpan semua")
    await budi.sees("Daftar telah disimpan\n\nBaru: 0\nData berubah: 1")
    assert "Maya Sarri" in await states(hall)

    await ani.start(payloads["Maya Sari"])
    await ani.sees("Undangan ini untuk")
    await budi.says("/undang")
    await budi.sees("dibuka, belum menjawab: 1")
    await budi.taps("Ingatkan (1)")
    await budi.sees("2 orang dalam daftar juga belum menjawab")
    await budi.taps("Ya, ingatkan")
    await ani.sees("Kami menantikan jawaban Anda")
    await ani.taps("Tampilkan undangan saya")
    await ani.sees("Undangan ini untuk")

    await budi.says("/undang")
    await budi.taps("Perlu dihubungi")
    calls = await budi.sees("Diundang, belum menjawab: 3")
    assert "Kolonel Inf. Arief Wibowo, Dandim: +6281234567890" in calls.text
    await budi.taps("Surya")
    await budi.sees("Drs. H. Surya Dharma")
    await budi.taps("Menyatakan hadir")
    await budi.sees("Mohon tanyakan dahulu")
    await budi.taps("Ya, setuju dan hadir")
    await budi.sees("Kursi: terisi")
    assert (await states(hall))["Drs. H. Surya Dharma, M.Si."] == "registered"


async def test_no_button_of_an_organiser_works_in_other_hands_and_none_of_an_invited_person(
    hall: Hall,
) -> None:
    budi, citra, ani = hall.budi, hall.tg.person("Citra"), hall.tg.person("Ani", language_code="id")
    await hall.registers(ani, "Ani Lestari", "Media", "Harian Lain", "Wartawan")
    payloads = await invited(hall)
    arief = "Kolonel Inf. Arief Wibowo"
    forged = set()
    await budi.says("/undang")
    await budi.sees("Dalam daftar: 3")
    for label, seen in (
        ("Perlu dihubungi", "Diundang, belum menjawab"),
        (arief, "Dandim"),
        ("Hapus", "dari daftar?"),
        ("‹ Kembali", "Dandim"),
        ("Menyatakan hadir", "Mohon tanyakan dahulu"),
    ):
        forged |= buttons_of(budi)
        await budi.taps(label)
        await budi.sees(seen)
    await budi.says("/peserta")
    await budi.taps("Media (1)")
    await budi.sees("1. Ani Lestari")
    await budi.taps("1")
    await budi.sees("👤 Terdaftar")
    await budi.taps("Tidak hadir")
    await budi.sees("Batalkan kehadiran")
    eko = hall.tg.person("Eko", language_code="id")
    await eko.start(payloads[arief])
    await eko.sees("Undangan ini untuk")
    forged |= buttons_of(budi) | buttons_of(eko)
    assert {data.split(":")[0] for data in forged} >= {
        "undang-del-do",
        "undang-yes-do",
        "peserta-out-do",
        "rsvp-yes",
    }
    before = await what_is_kept(hall)

    await citra.start(hall.code)
    for data in sorted(forged):
        citra.forges_callback(data)
        ani.forges_callback(data)
    await settled(hall)

    assert await what_is_kept(hall) == before
    assert not any(arief in text or "+62812" in text for text in (*citra.inbox, *ani.inbox))
