"""Telegram's command menu for each role."""

from __future__ import annotations

import pytest

from bot.domain import roles
from bot.i18n import translator
from bot.storage import offices, people
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from handlers.menu import entries, members_menus
from handlers.routing import STAFF, Audience
from tests.handlers.conftest import NOW, Chatter

ENGLISH = translator("en")


@pytest.mark.parametrize("role", roles.ROLES)
async def test_the_menu_shows_the_commands_of_a_role_and_no_other(
    database: Database, meeting: Meeting, citra: Chatter, role: str
) -> None:
    await database.write(lambda tx: offices.grant(tx, meeting.office_id, citra.id, role, NOW))
    shown = [line["command"] for line in entries(ENGLISH, Audience(role))]

    answered = []
    for line in entries(ENGLISH, *STAFF):
        await citra.says(f"/{line['command']}")
        if not citra.said.startswith("Only the committee"):
            answered.append(line["command"])

    assert answered == shown


async def test_who_has_roles_in_two_offices_has_the_commands_of_both(
    database: Database, meeting: Meeting, citra: Chatter
) -> None:
    async def appoint(tx: Transaction) -> None:
        other = await offices.save(
            tx, code="kpu-palembang", name="KPU", city="Palembang", timezone="Asia/Jakarta", locale="id", contact="",
            now=NOW,
        )  # fmt: skip
        await people.see(tx, citra.id, "en", NOW.date(), private=True)
        await offices.grant(tx, meeting.office_id, citra.id, roles.OBSERVER, NOW)
        await offices.grant(tx, other.id, citra.id, roles.MODERATOR, NOW)

    await database.write(appoint)

    [menu] = await database.read(members_menus)

    assert menu["scope"] == {"type": "chat", "chat_id": citra.id}
    everybodys = (Audience.EVERYONE, Audience.OBSERVER, Audience.MODERATOR)
    assert menu["commands"] == entries(ENGLISH, *everybodys)
