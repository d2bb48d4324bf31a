"""Whom an audience means, and drafts of announcements: sent once, by their author, while they are organisers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotAllowed, NotFound
from bot.domain.notices import broadcasts, delivery_control
from bot.domain.notices.audience import Audience, BadAudience, parse, resolve
from bot.domain.notices.broadcasts import Content, read_content
from bot.storage import deliveries, groups, meetings, offices, participants, people, reminder_wishes
from bot.storage.broadcasts import Broadcast, Recipient
from bot.storage.database import Database, Transaction
from tests.small_rakor import ANI, BUDI, CITRA, DODI, GROUP, NOW, Rakor, small_rakor

TO_ANI = Recipient(ANI, "en")
TO_DODI = Recipient(DODI, "id")
TO_BUDI = Recipient(BUDI, "id")
TO_GROUP = Recipient(GROUP, "id", 7)


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    return await small_rakor(database)


@pytest.mark.parametrize(
    ("data", "recipients"),
    [
        ({"sectors": "all"}, [TO_ANI, TO_DODI]),
        ({"sectors": ["asn"]}, [TO_ANI]),
        ({"sectors": ["polri", "media"]}, [TO_DODI]),
        ({"sectors": ["media"]}, []),
        ({"groups": True}, [TO_GROUP]),
        ({"organisers": True}, [TO_BUDI]),
        ({"sectors": "all", "groups": True, "organisers": True}, [TO_ANI, TO_DODI, TO_BUDI, TO_GROUP]),
    ],
)
async def test_whom_an_audience_means(
    rakor: Rakor, data: dict[str, Any], recipients: list[Recipient]
) -> None:
    audience = parse(data)

    assert audience.as_data() == data
    found = await rakor.write(lambda tx: resolve(tx, rakor.meeting, audience))
    assert sorted(found, key=str) == sorted(recipients, key=str)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"sectors": []},
        {"sectors": "asn"},
        {"sectors": [7]},
        {"groups": 1},
        {"groups": False},
        {"everybody": True},
    ],
)
def test_what_is_no_audience_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(BadAudience):
        parse(data)


async def test_who_left_blocked_or_stopped_is_left_out_and_nobody_gets_it_twice(rakor: Rakor) -> None:
    everybody = Audience(sectors="all", groups=True, organisers=True)

    async def change(tx: Transaction) -> list[Recipient]:
        await offices.grant(tx, rakor.meeting.office_id, ANI, roles.ORGANISER, NOW)
        await people.mark(tx, BUDI, people.BLOCKED)
        dodi = await participants.of_person(tx, rakor.meeting.id, DODI)
        assert dodi is not None
        await participants.set_state(tx, dodi.id, participants.WITHDRAWN, expected=(participants.REGISTERED,))
        await groups.choose_locale(tx, GROUP, "en")
        return await resolve(tx, rakor.meeting, everybody)

    assert await rakor.write(change) == [TO_ANI, Recipient(GROUP, "en", 7)]

    async def stop(tx: Transaction) -> tuple[list[Recipient], list[Recipient]]:
        await reminder_wishes.opt_out(tx, rakor.meeting.office_id, ANI)
        asn = Audience(sectors=("asn",))
        return (
            await resolve(tx, rakor.meeting, asn),
            await resolve(tx, rakor.meeting, asn, regulation=True),
        )

    assert await rakor.write(stop) == ([TO_ANI], [])


async def drafted(rakor: Rakor, author_id: int = BUDI) -> Broadcast:
    broadcast, recipients = await rakor.write(
        lambda tx: broadcasts.draft(
            tx,
            meeting=rakor.meeting,
            content=Content({"id": "Halo"}, source="Halo"),
            audience=Audience(sectors="all"),
            author_id=author_id,
            now=NOW,
        )
    )
    assert recipients == [TO_ANI, TO_DODI]
    return broadcast


async def test_a_draft_goes_out_when_it_is_confirmed(rakor: Rakor) -> None:
    draft = await drafted(rakor)
    assert await rakor.deliveries() == {}

    _, count = await rakor.write(lambda tx: broadcasts.confirm(tx, draft.id, BUDI, NOW))

    assert count == 2
    assert await rakor.deliveries() == {ANI: "pending", DODI: "pending"}
    (logged,) = await rakor.rows("SELECT action, person_id, detail FROM actions")
    assert (logged["action"], logged["person_id"]) == ("broadcast.sent", BUDI)


async def test_two_taps_at_the_same_moment_send_it_once(rakor: Rakor) -> None:
    draft = await drafted(rakor)

    outcomes = await asyncio.gather(
        *(rakor.write(lambda tx: broadcasts.confirm(tx, draft.id, BUDI, NOW)) for _ in range(5)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, AlreadyDecided) for outcome in outcomes) == 4
    assert len(await rakor.rows("SELECT id FROM actions")) == 1


async def test_a_cancelled_draft_cannot_be_sent_nor_a_sent_one_cancelled(rakor: Rakor) -> None:
    cancelled, sent = await drafted(rakor), await drafted(rakor)
    await rakor.write(lambda tx: broadcasts.cancel(tx, cancelled.id, BUDI))
    await rakor.write(lambda tx: broadcasts.confirm(tx, sent.id, BUDI, NOW))

    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: broadcasts.confirm(tx, cancelled.id, BUDI, NOW))
    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: broadcasts.cancel(tx, sent.id, BUDI))


async def test_only_its_author_sends_it_and_only_while_they_are_an_organiser(rakor: Rakor) -> None:
    for person_id in (ANI, CITRA):
        with pytest.raises(NotAllowed):
            await drafted(rakor, person_id)
    draft = await drafted(rakor)

    async def appoint(tx: Transaction) -> None:
        await offices.grant(tx, rakor.meeting.office_id, ANI, roles.ORGANISER, NOW)

    await rakor.write(appoint)
    with pytest.raises(NotFound):
        await rakor.write(lambda tx: broadcasts.confirm(tx, draft.id, ANI, NOW))

    async def demote(tx: Transaction) -> None:
        await offices.grant(tx, rakor.meeting.office_id, BUDI, roles.OBSERVER, NOW)

    await rakor.write(demote)
    for act in (
        lambda tx: broadcasts.confirm(tx, draft.id, BUDI, NOW),
        lambda tx: broadcasts.cancel(tx, draft.id, BUDI),
    ):
        with pytest.raises(NotAllowed):
            await rakor.write(act)
    with pytest.raises(NotFound):
        await rakor.write(lambda tx: broadcasts.confirm(tx, 1, BUDI, NOW))
    assert await rakor.deliveries() == {}


async def test_the_audience_is_that_of_the_moment_of_sending(rakor: Rakor) -> None:
    draft = await drafted(rakor)
    (newcomer,) = await rakor.takes_in(1)

    await rakor.write(lambda tx: broadcasts.confirm(tx, draft.id, BUDI, NOW))

    assert await rakor.deliveries() == {ANI: "pending", DODI: "pending", newcomer: "pending"}


async def test_a_million_deliveries_are_looked_through_by_an_index(rakor: Rakor) -> None:
    """Fifty thousand here; the plan is what a million rest on."""
    broadcast = await rakor.announces()

    async def multiply(tx: Transaction) -> list[str]:
        await deliveries.add(tx, broadcast.id, (Recipient(number, "id") for number in range(1, 50_000)))
        await tx.run("UPDATE deliveries SET state = 'sent' WHERE chat_id > 20")
        if rakor.database.engine == "postgresql":
            await tx.run("ANALYZE deliveries")
            explain, column = "EXPLAIN ", "QUERY PLAN"
        else:
            explain, column = "EXPLAIN QUERY PLAN ", "detail"
        rows = await tx.all(f"{explain} SELECT MIN(next_at) FROM deliveries WHERE state = 'pending'")
        return [str(row[column]) for row in rows]

    plan = "\n".join(await rakor.write(multiply))
    assert "deliveries_due" in plan

    loop = asyncio.get_running_loop()
    started = loop.time()
    for _ in range(20):
        await rakor.database.read(deliveries.soonest)
    assert loop.time() - started < 20 * 0.020


async def test_in_a_rehearsal_every_text_of_a_notice_bears_the_mark_once(rakor: Rakor) -> None:
    await rakor.write(lambda tx: meetings.set_rehearsal(tx, rakor.meeting.id, NOW))
    meeting = await rakor.write(lambda tx: meetings.find(tx, rakor.meeting.id))
    assert meeting is not None
    content = Content({"id": "Apel", "en": "Parade"})
    draft, _ = await rakor.write(
        lambda tx: broadcasts.draft(
            tx, meeting=meeting, content=content, audience=Audience("all"), author_id=BUDI, now=NOW
        )
    )
    first = read_content(draft.content)
    noted = replace(first, receipt=broadcasts.receipt_labels())

    again, _ = await rakor.write(lambda tx: broadcasts.redraft(tx, draft.id, BUDI, content=noted))
    await rakor.write(lambda tx: broadcasts.confirm(tx, draft.id, BUDI, NOW))
    changed = await rakor.write(
        lambda tx: delivery_control.propose(tx, draft.id, BUDI, Content({"id": "Upacara", "en": "Rite"}), NOW)
    )

    assert first.text == {"id": "<b>🎭 GLADI</b>\n\nApel", "en": "<b>🎭 REHEARSAL</b>\n\nParade"}
    assert read_content(again.content).text == first.text
    assert changed.content.text == {"id": "<b>🎭 GLADI</b>\n\nUpacara", "en": "<b>🎭 REHEARSAL</b>\n\nRite"}
