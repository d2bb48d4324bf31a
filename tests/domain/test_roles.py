"""Roles in an office: who gives them, who takes them, and that a link is used once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import roles
from bot.domain.errors import HasRole, LastOrganiser, LinkUsed, NotAllowed, NotFound, Refusal
from bot.domain.roles import MODERATOR, OBSERVER, ORGANISER
from bot.storage import offices
from bot.storage.database import Database, Transaction
from bot.storage.offices import Office

NOW = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)
ANI, BUDI, CITRA = 1001, 1002, 1003


@pytest.fixture
async def office(database: Database) -> Office:
    """An office with two organisers, Budi and Ani."""

    async def make(tx: Transaction) -> Office:
        made = await offices.save(
            tx, code="o", name="Office", city="", timezone="Asia/Jakarta", locale="id", contact="", now=NOW
        )
        for person in (BUDI, ANI):
            await roles.appoint(tx, made.id, person, ORGANISER, NOW, by=None)
        return made

    return await database.write(make)


async def invited(database: Database, office: Office, role: str, by: int = BUDI) -> str:
    return await database.write(lambda tx: roles.invite(tx, office.id, role, NOW, by=by))


async def claims(database: Database, payload: str, person: int, now: datetime = NOW) -> str:
    _, role = await database.write(lambda tx: roles.claim(tx, payload, person, now))
    return role


async def members(database: Database, office: Office) -> dict[int, str]:
    return dict(await database.read(lambda tx: offices.members_of(tx, office.id)))


async def test_a_link_gives_its_role_to_the_first_and_to_nobody_later(
    database: Database, office: Office
) -> None:
    payload = await invited(database, office, MODERATOR)

    assert await claims(database, payload, CITRA) == MODERATOR
    with pytest.raises(LinkUsed):
        await claims(database, payload, 1004)
    late = await invited(database, office, MODERATOR)
    with pytest.raises(LinkUsed):
        await claims(database, late, 1004, NOW + timedelta(days=7))

    assert await members(database, office) == {ANI: ORGANISER, BUDI: ORGANISER, CITRA: MODERATOR}


async def test_a_link_for_less_than_one_has_stays_good(database: Database, office: Office) -> None:
    payload = await invited(database, office, OBSERVER)

    with pytest.raises(HasRole):
        await claims(database, payload, BUDI)

    assert await claims(database, payload, CITRA) == OBSERVER


async def test_links_are_made_by_organisers_and_for_roles_that_there_are(
    database: Database, office: Office
) -> None:
    with pytest.raises(NotAllowed):
        await invited(database, office, OBSERVER, by=CITRA)
    with pytest.raises(NotFound):
        await invited(database, office, "king")


async def test_of_two_organisers_who_dismiss_each_other_one_stays(database: Database, office: Office) -> None:
    outcomes = await asyncio.gather(
        database.write(lambda tx: roles.dismiss(tx, office.id, ANI, NOW, by=BUDI)),
        database.write(lambda tx: roles.dismiss(tx, office.id, BUDI, NOW, by=ANI)),
        return_exceptions=True,
    )

    assert sorted(isinstance(outcome, Refusal) for outcome in outcomes) == [False, True]
    assert list((await members(database, office)).values()) == [ORGANISER]


async def test_the_last_organiser_stays(database: Database, office: Office) -> None:
    await database.write(lambda tx: roles.dismiss(tx, office.id, ANI, NOW, by=BUDI))

    with pytest.raises(LastOrganiser):
        await database.write(lambda tx: roles.dismiss(tx, office.id, BUDI, NOW, by=BUDI))


async def test_who_is_dismissed_does_not_come_back_by_a_link_made_before(
    database: Database, office: Office
) -> None:
    kept_back = await invited(database, office, ORGANISER, by=ANI)
    await database.write(lambda tx: roles.dismiss(tx, office.id, ANI, NOW, by=BUDI))

    with pytest.raises(LinkUsed):
        await claims(database, kept_back, ANI)

    assert await members(database, office) == {BUDI: ORGANISER}
