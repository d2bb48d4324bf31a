"""Parameters that Telegram reads leniently, and what it says of those that it cannot read."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.driver import PersonDriver
from tests.simulator.conftest import RawClient


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendMessage", {"reply_parameters": "{"}, "can't parse reply parameters JSON object"),
        ("sendMessage", {"reply_parameters": 5}, "object expected as reply parameters"),
        ("sendMessage", {"link_preview_options": []}, "object expected as link preview options"),
        ("sendMessage", {"entities": [7]}, "can't parse MessageEntity: expected an Object"),
        ("sendMediaGroup", {"media": {}}, "expected an Array of InputMedia"),
        ("sendMediaGroup", {"media": ["x"]}, "can't parse InputMedia: expected an Object"),
        ("sendPoll", {"options": {}}, "expected an Array of String as options"),
        ("sendPoll", {"options": "["}, "can't parse options JSON object"),
        ("deleteMessages", {"message_ids": "["}, "can't parse message_ids JSON object"),
        ("deleteMessages", {"message_ids": {}}, "expected an Array of message identifiers"),
        ("deleteMessages", {"message_ids": [None]}, "message identifier must be a Number"),
        ("deleteMessages", {"message_ids": ["x"]}, "can't parse message identifier as Number"),
        ("deleteMessages", {"message_ids": [-1]}, "invalid message identifier specified"),
        ("setMyCommands", {"commands": {}}, "expected an Array of BotCommand"),
        ("setMyCommands", {"commands": [1]}, "can't parse BotCommand: expected an Object"),
        (
            "setMyCommands",
            {"commands": [{"command": "a"}]},
            "can't parse BotCommand: Can't find field \"description\"",
        ),
        ("getMyCommands", {"scope": "{"}, "can't parse BotCommandScope JSON object"),
        ("getMyCommands", {"scope": []}, "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ("setChatMenuButton", {"menu_button": 1}, "can't parse menu button: MenuButton must be an Object"),
        ("setChatPermissions", {"permissions": []}, "object expected as permissions"),
        ("sendLocation", {"latitude": "", "longitude": 1}, "latitude is empty"),
        ("sendLocation", {"latitude": 1}, "longitude is empty"),
        ("setChatTitle", {"title": "x"}, "can't change private chat title"),
        ("setChatDescription", {"description": "x"}, "can't change private chat description"),
        ("setChatPermissions", {"permissions": {}}, "can't change private chat permissions"),
        ("createChatInviteLink", {}, "can't invite members to a private chat"),
        ("approveChatJoinRequest", {"user_id": 1}, "the chat can't have join requests"),
        ("banChatMember", {"user_id": 1}, "chat member status can't be changed in private chats"),
        ("restrictChatMember", {"permissions": {}}, "method is available only for supergroups"),
        ("promoteChatMember", {"user_id": 1}, "method is available for supergroup and channel chats only"),
    ],
)
async def test_what_telegram_says_of_it(
    raw: RawClient, ani: PersonDriver, method: str, params: dict[str, Any], reason: str
) -> None:
    asked = {"chat_id": ani.id, "text": "x", "question": "x", **params}

    assert await raw.refusal(method, **asked) == f"Bad Request: {reason}"


async def test_entities_that_are_no_list_are_passed_over(raw: RawClient, ani: PersonDriver) -> None:
    for given in ("[", {"type": "bold"}):
        message = await raw.result("sendMessage", chat_id=ani.id, text="tebal", entities=given)
        assert "entities" not in message


async def test_of_a_number_the_beginning_counts(raw: RawClient, ani: PersonDriver) -> None:
    message = await raw.result("sendLocation", chat_id=ani.id, latitude="-2.5abc", longitude="timur")

    assert message["location"] == {"latitude": -2.5, "longitude": 0.0}
