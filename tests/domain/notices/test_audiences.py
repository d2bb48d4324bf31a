"""Whom an audience means: sectors, institutions, states and exceptions, with what people stopped."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.notices import audience as audiences
from bot.domain.notices.audience import ABSENT, ATTENDED, UNANSWERED, Audience, parse
from bot.storage import reminder_wishes as wishes
from bot.storage.database import Database, Transaction
from handlers.notices import audience_views as views
from handlers.notices.audience import ticked
from tests.small_rakor import ANI, BUDI, CITRA, DODI, GROUP, Rakor, small_rakor


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    return await small_rakor(database)


async def meant(rakor: Rakor, audience: Audience, **options: Any) -> list[int]:
    found = await rakor.write(lambda tx: audiences.resolve(tx, rakor.meeting, audience, **options))
    return [one.chat_id for one in found]


@pytest.mark.parametrize(
    "data",
    [
        {"sectors": "all", "states": ["attended", "absent"]},
        {"institutions": ["KPU Kota Palembang"], "groups": [-2001]},
        {"sectors": ["asn"], "except": {"sectors": ["tni"], "institutions": ["Dinas"]}},
        {"organisers": True},
    ],
)
def test_an_audience_reads_back(data: dict[str, Any]) -> None:
    assert parse(parse(data).as_data()) == parse(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"states": ["attended"]},
        {"sectors": "all", "states": ["asleep"]},
        {"sectors": "all", "states": []},
        {"sectors": "all", "groups": ["x"]},
        {"sectors": "all", "except": {"people": [1]}},
        {"sectors": "all", "except": ["asn"]},
        {"institutions": "KPU"},
    ],
)
def test_what_is_no_audience_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(audiences.BadAudience):
        parse(data)


async def test_who_attended_and_who_did_not(rakor: Rakor) -> None:
    async def check_in(tx: Transaction) -> None:
        await tx.run(
            "INSERT INTO attendance (participant_id, meeting_id, way, checked_in_at)"
            " SELECT id, meeting_id, 'desk', 0 FROM participants WHERE person_id = :person",
            person=ANI,
        )

    await rakor.write(check_in)

    assert await meant(rakor, Audience("all", states=(ATTENDED,))) == [ANI]
    assert await meant(rakor, Audience("all", states=(ABSENT,))) == [DODI]
    assert await meant(rakor, Audience("all", states=(ATTENDED, ABSENT))) == [ANI, DODI]


async def test_the_invited_who_opened_their_invitation_and_did_not_answer(rakor: Rakor) -> None:
    async def invite(tx: Transaction) -> None:
        for number, person in enumerate((CITRA, ANI, None)):
            await tx.run(
                "INSERT INTO invitees (id, meeting_id, sector, name, institution, position, phone, rank, staff_number,"
                " search, state, reason, person_id, invited_at) VALUES (:id, :meeting, 'asn', 'N', 'Dinas', '', '', '',"
                " '', '', 'invited', '', CAST(:person AS BIGINT), 0)",
                id=number + 1,
                meeting=rakor.meeting.id,
                person=person,
            )
        await tx.run(
            "INSERT INTO people (id, telegram_locale, reach, seen_on) VALUES (:id, 'id', 'reachable', '2024-08-01')"
            " ON CONFLICT (id) DO NOTHING",
            id=CITRA,
        )

    await rakor.write(invite)

    assert await meant(rakor, Audience("all", states=(UNANSWERED,))) == [CITRA]
    found = await rakor.write(lambda tx: audiences.chances(tx, rakor.meeting))
    assert (found.states[UNANSWERED], found.silent) == (1, 1)


async def test_single_institutions_and_exceptions(rakor: Rakor) -> None:
    async def institutions(tx: Transaction) -> None:
        for person, name in ((ANI, "Dinas  Pendidikan"), (DODI, "Polres")):
            await tx.run(
                "UPDATE participants SET institution = :name WHERE person_id = :person",
                name=name,
                person=person,
            )

    await rakor.write(institutions)

    assert await meant(rakor, Audience(institutions=("dinas pendidikan",))) == [ANI]
    assert await meant(rakor, Audience("all", but_institutions=("POLRES",))) == [ANI]
    assert await meant(rakor, Audience("all", but_sectors=("asn",), organisers=True)) == [DODI, BUDI]
    assert await meant(rakor, Audience(groups=(GROUP,))) == [GROUP]
    assert await meant(rakor, Audience(groups=(-1,))) == []


async def test_a_stopped_topic_leaves_out_its_reminders_alone(rakor: Rakor) -> None:
    await rakor.write(lambda tx: wishes.stop_topic(tx, rakor.meeting.office_id, ANI, "kampanye"))
    everybody = Audience("all")

    assert await meant(rakor, everybody, regulation=True, topic="kampanye") == [DODI]
    assert await meant(rakor, everybody, regulation=True, topic="netralitas") == [ANI, DODI]
    assert await meant(rakor, everybody, regulation=False, topic="kampanye") == [ANI, DODI]


def test_ticking_keeps_the_states_apart() -> None:
    everybody = Audience("all")

    attended = ticked(everybody, views.STATE, ATTENDED, ["registered"])
    assert attended.states == (ATTENDED,)
    assert ticked(attended, views.STATE, ABSENT, [ATTENDED]).states == (ATTENDED, ABSENT)
    assert ticked(attended, views.STATE, "registered", [ATTENDED]).states == ("registered",)
    assert ticked(everybody, views.INSTITUTIONS, "KPU", []) == Audience(institutions=("KPU",))
    assert ticked(everybody, views.SECTORS, "asn", []) == Audience(("asn",))
