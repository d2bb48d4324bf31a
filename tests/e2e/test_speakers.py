"""Speakers of the agenda answer by their own link, without a role in the office."""

from __future__ import annotations

import re
from typing import Any

from bot.domain.dialogue import answers, moderation
from bot.storage import meetings, offices, submissions
from bot.storage.database import Transaction
from bot.storage.submissions import Submission
from bot.storage.values import base36
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import has_sent, participant
from tests.e2e.test_rights import BY_THE_CLOCK, buttons_of, settled, what_is_kept

ASKED, KEPT_BACK = "Kapan patroli masa tenang dimulai?", "Ini belum diterbitkan"


async def published(hall: Hall, text: str) -> Submission:
    async def publish(tx: Transaction) -> Submission:
        key = await tx.value("SELECT id FROM submissions WHERE text = :text", text=text)
        secret = hall.tg.token.encode()
        return (await moderation.publish(tx, key, hall.budi.id, secret, hall.clock.now())).submission

    return await hall.write(publish)


async def speaker(hall: Hall) -> str:
    """The first whom the agenda names."""
    agenda = await hall.read(lambda tx: meetings.agenda(tx, hall.meeting_id))
    return next(item.speaker for item in agenda if item.speaker)


async def link(hall: Hall) -> str:
    """The start payload that Budi gets for the first speaker."""
    await hall.budi.says("/narasumber")
    await hall.budi.taps("1", message=await hall.budi.sees("belum ada tautan"))
    await hall.budi.taps("Buat tautan")
    made = await hall.budi.sees("?start=speaker-")
    found = re.search(r"start=(speaker-\S+)", made.text)
    assert found is not None
    return found[1]


async def kept(hall: Hall) -> dict[str, list[dict[str, Any]]]:
    """All rows but those that the program writes by itself while the test runs."""
    return {table: rows for table, rows in (await what_is_kept(hall)).items() if table not in BY_THE_CLOCK}


async def test_a_speaker_is_asked_answers_and_the_author_is_told(hall: Hall) -> None:
    ani, budi = await participant(hall), hall.budi
    name = await speaker(hall)
    await has_sent(hall, ani, ASKED, KEPT_BACK)
    asked = await published(hall, ASKED)
    dewi = hall.tg.person("Dewi", language_code="id")
    await dewi.start(await link(hall))
    await dewi.sees("Saat ini tidak ada yang menunggu jawaban Anda")

    await budi.says(f"/moderasi {asked.number}")
    await budi.taps("⋯ Lainnya", message=await budi.sees(ASKED))
    await budi.taps("🎤 Penjawab")
    await budi.taps("1")
    told = await dewi.sees("Panitia meminta Anda menjawab")
    assert ASKED in told.text
    await dewi.taps("💬 Jawab", message=told)
    await dewi.says("Mulai 24 November pukul 20.00 WIB.")
    await dewi.taps("Kirim")
    await dewi.sees("penulisnya sudah diberi tahu")
    heard = await ani.sees("telah dijawab")
    assert name in heard.text
    assert "Mulai 24 November pukul 20.00 WIB." in heard.text

    await dewi.says("/narasumber")
    mine = await dewi.sees("Untuk Anda jawab")
    assert KEPT_BACK not in mine.text
    await dewi.taps(str(asked.number), message=mine)
    await dewi.taps("Batal jawab")
    await dewi.taps("Di ruangan")
    await ani.sees("Telah dijawab di ruang rapat")

    await budi.says("/narasumber")
    await budi.taps("1", message=await budi.sees("tautan sudah dibuka"))
    await budi.taps("🚫 Akhiri akses")
    await budi.taps("Akhiri akses", message=await budi.sees("Akhiri akses akun"))
    await budi.sees("belum ada tautan")
    await dewi.says("/narasumber")
    await dewi.sees("Hanya panitia")


async def test_a_speaker_can_do_nothing_but_answer_what_is_theirs(hall: Hall) -> None:
    ani = await participant(hall)
    await has_sent(hall, ani, ASKED, KEPT_BACK)
    asked = await published(hall, ASKED)
    name = await speaker(hall)
    payload = await link(hall)
    dewi, eko = (hall.tg.person(who, language_code="id") for who in ("Dewi", "Eko"))
    await dewi.start(payload)
    await dewi.sees("Untuk Anda jawab")
    await eko.start(payload)
    await eko.sees("sudah terpakai atau kedaluwarsa")
    await hall.write(lambda tx: answers.assign(tx, asked.id, hall.budi.id, name, hall.clock.now()))
    await dewi.says("/narasumber")
    await dewi.taps(str(asked.number), message=await dewi.sees(ASKED))
    await settled(hall)
    offered = buttons_of(dewi)
    assert len(offered) == 3
    waiting = await hall.read(
        lambda tx: tx.value("SELECT id FROM submissions WHERE text = :text", text=KEPT_BACK)
    )
    moderators = ("publish", "refuse-for", "hold", "moderate", "moderate-for", "answer-hall", "answer-back")
    forged = [f"{kind}:{base36(waiting)}:w:w" for kind in moderators]
    forged += [f"{kind}:{base36(asked.id)}:1:p" for kind in moderators if not kind.startswith("answer-")]
    forged += [f"speaker-{kind}:{base36(waiting)}:0" for kind in ("one", "hall", "words", "back", "mine")]
    forged += [f"{kind}:{base36(hall.meeting_id)}:0" for kind in ("speakers", "speaker", "speaker-link")]
    before = await kept(hall)

    for data in sorted(offered):
        eko.forges_callback(data)
    for data in forged:
        dewi.forges_callback(data)
    await settled(hall)

    assert await kept(hall) == before
    assert not any(KEPT_BACK in text for person in (dewi, eko) for text in person.inbox)
    assert not any(ASKED in text for text in eko.inbox)
    assert await hall.read(lambda tx: offices.role_of(tx, hall.office_id, dewi.id)) is None
    assert (await hall.read(lambda tx: submissions.count(tx, hall.meeting_id, submissions.PUBLISHED))) == 1
