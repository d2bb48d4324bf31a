"""Telegram's command menu, in each person's language and role."""

from __future__ import annotations

from typing import Any

from bot.delivery.outbox import Call
from bot.i18n import LOCALES, Translator, translator
from bot.storage import offices, people
from bot.storage.database import Transaction
from handlers.routing import Audience


def entries(t: Translator, *audiences: Audience) -> list[dict[str, str]]:
    """The menu's lines for these audiences, in the order in which the journeys stand.

    In English the English alias stands for a command that has one.
    """
    # The journeys import the menu for the moments at which a person's menu changes.
    from handlers.journeys import JOURNEYS

    lines = []
    for journey in JOURNEYS:
        for command in journey.commands:
            if command.menus.isdisjoint(audiences):
                continue
            name = command.names[0] if t.locale == "id" else command.names[min(1, len(command.names) - 1)]
            description = t.gettext(command.description)
            lines.append({"command": name, "description": description[:1].upper() + description[1:]})
    return lines


def menu_call(person_id: int, t: Translator, *, organiser: bool) -> Call:
    """The call that gives one person's private chat the menu of their language and role."""
    audiences = (Audience.EVERYONE, Audience.ORGANISER) if organiser else (Audience.EVERYONE,)
    payload = {"commands": entries(t, *audiences), "scope": {"type": "chat", "chat_id": person_id}}
    return Call("setMyCommands", person_id, payload)


async def members_menus(tx: Transaction) -> list[dict[str, Any]]:
    """The parameters of the setMyCommands calls for everybody who has a role in an office."""
    calls = []
    for office in await offices.all_offices(tx):
        for person_id, _ in await offices.members_of(tx, office.id):
            person = await people.find(tx, person_id)
            if person is not None:
                calls.append(dict(menu_call(person_id, translator(person.locale), organiser=True).payload))
    return calls


def general_menus() -> list[dict[str, Any]]:
    """The parameters of the setMyCommands calls for everybody: Indonesian, and English for those who use English."""
    calls: list[dict[str, Any]] = []
    for scope, audience in (("all_private_chats", Audience.EVERYONE), ("all_group_chats", Audience.GROUP)):
        for locale in LOCALES:
            call: dict[str, Any] = {
                "commands": entries(translator(locale), audience),
                "scope": {"type": scope},
            }
            if locale != LOCALES[0]:
                call["language_code"] = locale
            calls.append(call)
    return calls
