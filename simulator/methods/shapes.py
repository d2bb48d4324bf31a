"""What the Bot API server says of parameters that are no JSON, or JSON of another shape.

Source: tdlib/telegram-bot-api, telegram-bot-api/Client.cpp, the ``get_…`` function of each.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """The words for one parameter.

    ``name`` stands in "can't parse … JSON object", ``whole`` is the refusal of what is no object (or no list), and
    ``entry`` that of a list's entry that is no object.
    """

    name: str
    whole: str
    entry: str = ""


OBJECTS = {
    "button": Shape(
        "inline query results button",
        "can't parse inline query results button: InlineQueryResultsButton must be an Object",
    ),
    "link_preview_options": Shape("link preview options", "object expected as link preview options"),
    "media": Shape("input media", "can't parse InputMedia: expected an Object"),
    "menu_button": Shape("menu button", "can't parse menu button: MenuButton must be an Object"),
    "permissions": Shape("permissions", "object expected as permissions"),
    "reply_parameters": Shape("reply parameters", "object expected as reply parameters"),
    "rights": Shape(
        "ChatAdministratorRights",
        "can't parse ChatAdministratorRights: ChatAdministratorRights must be an Object",
    ),
    "scope": Shape("BotCommandScope", "can't parse BotCommandScope: BotCommandScope must be an Object"),
}
LISTS = {
    "commands": Shape(
        "commands", "expected an Array of BotCommand", "can't parse BotCommand: expected an Object"
    ),
    "correct_option_ids": Shape("correct_option_ids", "expected an Array of correct option identifiers"),
    "media": Shape("media", "expected an Array of InputMedia", "can't parse InputMedia: expected an Object"),
    "message_ids": Shape("message_ids", "expected an Array of message identifiers"),
    "options": Shape("options", "expected an Array of String as options"),
    "reaction": Shape(
        "reaction types", "expected an Array of ReactionType", "can't parse ReactionType: expected an Object"
    ),
    "results": Shape(
        "inline query results",
        "expected an Array of inline query results",
        "can't parse inline query result: Inline query result must be an object",
    ),
}
