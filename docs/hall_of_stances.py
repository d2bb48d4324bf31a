"""The stances of a hall, for the picture of the shared ground: people of five sectors, and what they think."""

from __future__ import annotations

from datetime import datetime

from bot.domain.agreement import stances
from bot.domain.agreement.stances import AGREE, DISAGREE, PASS
from bot.storage import participants, submissions
from bot.storage import sessions as stored_sessions
from bot.storage import stances as stored
from bot.storage.database import Transaction

SECTORS = ("tni", "polri", "asn", "parpol", "media")
PEOPLE = 5
"""Of each sector."""

SAID = {
    "Posko pengaduan bersama dibuka di setiap kecamatan selama masa kampanye.": "aaaaa aaaaa aaaap aaaaa aaaad",
    "Jadwal pengamanan kampanye dibagikan paling lambat tiga hari sebelumnya.": "aaaaa aaaap aaaaa aaaad aaaaa",
    "Bimbingan teknis saksi partai dan pengawas TPS disatukan jadwalnya.": "aaaap aaaap aaaap aaaad aaaap",
}
"""Submission to the stances of each sector's people: agree, disagree, pass."""


async def fill(tx: Transaction, meeting_id: int, secret: bytes, now: datetime) -> None:
    """Register the people, publish the submissions in the first one's name, and have everybody take a stance."""
    crowd: list[list[int]] = []
    author = None
    for place, sector in enumerate(SECTORS):
        crowd.append([])
        for number in range(PEOPLE):
            person = 880_000_000 + PEOPLE * place + number
            added = await participants.add(
                tx,
                meeting_id=meeting_id,
                person_id=person,
                sector=sector,
                name=f"Peserta {person}",
                institution="Instansi",
                position="Staf",
                ticket=f"S{person}",
                search="",
                state="registered",
                now=now,
            )
            author = author or added
            crowd[-1].append(person)
    assert author is not None
    session = (await stored_sessions.of_meeting(tx, meeting_id))[0]
    letters = {"a": AGREE, "d": DISAGREE, "p": PASS}
    for number, (text, said) in enumerate(SAID.items(), 301):
        sent = await submissions.add_named(
            tx,
            meeting_id=meeting_id,
            session_id=session.id,
            kind="suggestion",
            text=text,
            attachment=None,
            participant_id=author.id,
            sent_on=now.date(),
            now=now,
        )
        await tx.run(
            "UPDATE submissions SET state = 'published', number = :number WHERE id = :id",
            number=number,
            id=sent.id,
        )
        for people, sector in zip(crowd, said.split(), strict=True):
            for person, letter in zip(people, sector, strict=True):
                await stances.take(tx, sent.id, person, letters[letter], secret)
        if number == 301:
            await stored.save_institution(tx, sent.id, "Kejaksaan Negeri Palembang", AGREE)
