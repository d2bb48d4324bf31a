"""/dukung and /hasil in the chat: stances one at a time, results for the committee, small groups, pictures."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from bot.domain.agreement import stances
from bot.domain.agreement.stances import AGREE
from bot.storage import participants
from bot.storage import stances as stored
from bot.storage.database import Transaction
from bot.storage.values import base36
from simulator.driver import PersonDriver
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import has_sent, participant

TEXTS = ("Perlu posko pengaduan bersama.", "Netralitas ASN sulit diawasi.", "Logistik terlambat.")


async def published(hall: Hall, author: PersonDriver, *texts: str) -> list[int]:
    """The author sent these under their name, and they are published; ids in the order of the texts."""
    await has_sent(hall, author, *texts)

    async def publish(tx: Transaction) -> list[int]:
        ids = []
        for number, text in enumerate(texts, 101):
            row = await tx.one(
                "UPDATE submissions SET state = 'published', number = :number WHERE text = :text RETURNING id",
                number=number,
                text=text,
            )
            assert row is not None
            ids.append(row["id"])
        return ids

    return await hall.write(publish)


async def of_the_hall(hall: Hall, count: int) -> list[int]:
    """The accounts of as many more participants of Ani's sector, who do not write here."""

    async def add(tx: Transaction) -> list[int]:
        ani = (await participants.registered(tx, hall.meeting_id))[0]
        for place in range(count):
            await tx.run(
                "INSERT INTO participants (id, meeting_id, person_id, sector, name, institution, position, ticket,"
                " state, consented_at, registered_at) VALUES (:id, :meeting, :person, :sector, :name, 'Dinas', 'Staf',"
                " :ticket, 'registered', 0, 0)",
                id=5000 + place,
                meeting=hall.meeting_id,
                person=990_000_000 + place,
                sector=ani.sector,
                name=f"Peserta {place}",
                ticket=f"T{place}",
            )
        return [990_000_000 + place for place in range(count)]

    return await hall.write(add)


async def test_stances_one_at_a_time_to_the_results(hall: Hall) -> None:
    ani = await participant(hall)
    dewi = await participant(hall, "Dewi")
    ids = await published(hall, dewi, *TEXTS)

    await ani.says("/dukung")
    await ani.sees("0 dari 3 ditanggapi")
    await ani.taps("👍 Setuju")
    await ani.sees("1 dari 3 ditanggapi")
    await ani.taps("↩️ Ubah yang tadi")
    await ani.sees("Pilihan Anda: Setuju")
    await ani.taps("👎 Tidak setuju")
    await ani.sees("1 dari 3 ditanggapi")
    await ani.taps("⏭ Lewati")
    await ani.sees("2 dari 3 ditanggapi")
    await ani.taps("👍 Setuju")
    await ani.sees("Anda sudah menanggapi semua (3) masukan")
    await ani.taps("Tanggapan saya")
    await ani.sees("Hanya Anda yang melihatnya")
    listed = [row[0]["text"][:1] for row in ani.last.buttons()[:3]]
    assert sorted(listed) == sorted(("👍", "👎", "⏭"))

    others = await of_the_hall(hall, 3)

    async def agree(tx: Transaction) -> None:
        for person in others:
            await stances.take(tx, ids[0], person, AGREE, hall.tg.token.encode())

    await hall.write(agree)
    await ani.says("/hasil")
    await ani.sees("Panitia belum menampilkan hasilnya")
    await hall.budi.says("/dukung")
    await hall.budi.sees("Terbit: 3")
    await hall.budi.taps("Tampilkan kepada peserta")
    await hall.budi.sees("Peserta dapat melihat hasil ini")
    await ani.says("/hasil")
    await ani.sees("Terbit: 3")
    await ani.taps("🤝 Disepakati")
    await ani.sees("dari 4 setuju")
    await hall.budi.taps("🖼 Gambar")
    await hall.budi.sees("Kesepahaman kita")
    (sent,) = [message for message in hall.budi.chat.messages.values() if "photo" in message.data]
    stored_file = hall.tg.world.files.by_id(sent.data["photo"][-1]["file_id"])
    assert stored_file is not None
    picture = Image.open(BytesIO(stored_file.content))
    assert picture.width == 1080
    assert len(picture.getcolors(1 << 20) or ()) > 10


async def test_small_groups_are_merged_and_institutions_speak(hall: Hall) -> None:
    ani = await participant(hall)
    dewi = await participant(hall, "Dewi")
    (submission_id, *_) = await published(hall, dewi, *TEXTS[:1])
    budi = hall.budi

    await budi.says("/hasil")
    await budi.taps("Unsur kecil")
    await budi.sees("sedikitnya 3 orang")
    await budi.taps("minimal 5")
    await budi.sees("sedikitnya 5 orang")
    await budi.taps("ASN")
    await budi.sees("Terdaftar: 2")
    await budi.taps("Instansi berbicara")
    await budi.taps("Ani Lestari")
    await budi.taps("Kembali")
    await budi.sees("Berbicara atas nama instansi: Dinas Kominfo")
    await budi.taps("Tampilkan semua sebagai satu kelompok")
    await budi.sees("Semua bersama: 2")

    await ani.says("/dukung")
    await ani.sees("atas nama Dinas Kominfo")
    await ani.taps("🏛 👍")
    await ani.taps("👎 Tidak setuju")
    await ani.sees("Terima kasih")
    said = await hall.read(lambda tx: stored.of_institutions(tx, hall.meeting_id))
    assert said == [stored.InstitutionStance(submission_id, "Dinas Kominfo", AGREE)]


async def test_a_stranger_and_forged_taps_change_nothing(hall: Hall) -> None:
    dewi = await participant(hall, "Dewi")
    (submission_id, *_) = await published(hall, dewi, *TEXTS[:1])
    citra = hall.tg.person("Citra", language_code="id")
    await citra.start(hall.code)

    await citra.says("/dukung")
    await citra.sees("Silakan mendaftar terlebih dahulu")
    for data in (
        f"stance:{base36(submission_id)}:agree",
        f"stance-as:{base36(submission_id)}:agree",
        f"results:{base36(hall.meeting_id)}:shared:0",
        f"results-picture:{base36(hall.meeting_id)}",
        f"results-groups:{base36(hall.meeting_id)}",
        f"group-all:{base36(hall.meeting_id)}",
    ):
        citra.forges_callback(data)
        dewi.forges_callback(data.replace("agree", "love"))
    await citra.says("/bantuan")
    await citra.sees("/bantuan")
    await dewi.says("/bantuan")
    await dewi.sees("/bantuan")

    assert await hall.read(lambda tx: stored.taken_on(tx, submission_id)) == {}
    assert hall.tg.calls_of("sendPhoto") == []
