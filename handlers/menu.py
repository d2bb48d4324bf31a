"""Telegram's command menu, in each person's language and role."""

from __future__ import annotations

from html import escape
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


def listed(lines: list[dict[str, str]]) -> str:
    """The menu's lines as a message shows them: commands to tap, with what they do; HTML."""
    return "\n".join(f"/{line['command']} · {escape(line['description'])}" for line in lines)


def menu_call(person_id: int, t: Translator, *roles: str) -> Call:
    """The call that gives one person's private chat the menu of their language and roles, in whatever offices."""
    audiences = (Audience.EVERYONE, *map(Audience, roles))
    payload = {"commands": entries(t, *audiences), "scope": {"type": "chat", "chat_id": person_id}}
    return Call("setMyCommands", person_id, payload)


async def own_menu(tx: Transaction, person_id: int, t: Translator) -> Call:
    """The call that gives one person's private chat the menu of the roles that they have now."""
    return menu_call(person_id, t, *await roles_of(tx, person_id))


async def roles_of(tx: Transaction, person_id: int) -> list[str]:
    """A person's roles in all offices, each once."""
    return sorted({role for _, role in await offices.offices_of(tx, person_id)})


async def members_menus(tx: Transaction) -> list[dict[str, Any]]:
    """The parameters of the setMyCommands calls for everybody who has a role in an office."""
    members = {
        person_id
        for office in await offices.all_offices(tx)
        for person_id, _ in await offices.members_of(tx, office.id)
    }
    calls = []
    for person_id in sorted(members):
        person = await people.find(tx, person_id)
        if person is not None:
            calls.append(dict((await own_menu(tx, person_id, translator(person.locale))).payload))
    return calls


def descriptions() -> list[tuple[str, dict[str, Any]]]:
    """Method and parameters of the calls that say, before the first message and in the profile, what the bot is for.

    At most 512 and 120 characters (Bot API, setMyDescription and setMyShortDescription).
    """
    calls: list[tuple[str, dict[str, Any]]] = []
    for locale in LOCALES:
        t = translator(locale)
        language = {} if locale == LOCALES[0] else {"language_code": locale}
        description = t.gettext(
            "I accompany the coordination meetings of this office: registration and ticket, agenda, your feedback in"
            " the dialogue, and reminders of the election rules.\n\nTap the button below to begin."
        )
        short = t.gettext("Registration, agenda, feedback and reminders for the coordination meeting.")
        calls.append(("setMyDescription", {"description": description, **language}))
        calls.append(("setMyShortDescription", {"short_description": short, **language}))
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
