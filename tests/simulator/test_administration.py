"""What an administrator bot does in a group: members, titles, topics, pins."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.driver import GroupDriver, PersonDriver, Telegram
from tests.simulator.conftest import RawClient


@pytest.fixture
async def group(tg: Telegram, ani: PersonDriver) -> GroupDriver:
    found = tg.group("Rakor", [ani], supergroup=True)
    await found.adds_bot(by=ani)
    return found


async def test_a_member_bot_may_do_none_of_it(tg: Telegram, raw: RawClient, group: GroupDriver) -> None:
    citra = tg.person("Citra")
    await group.joins(citra)

    async def refused(method: str, **params: Any) -> str:
        return (await raw.refusal(method, chat_id=group.id, **params)).removeprefix("Bad Request: ")

    assert await refused("banChatMember", user_id=citra.id) == (
        "not enough rights to restrict/unrestrict chat member"
    )
    assert await refused("setChatTitle", title="x") == "not enough rights to change chat title"
    assert await refused("setChatDescription", description="x") == "not enough rights to set chat description"
    assert await refused("promoteChatMember", user_id=citra.id) == "not enough rights"
    assert await refused("createForumTopic", name="x") == "the chat is not a forum"


async def test_banning(tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    citra = tg.person("Citra")
    await group.joins(citra)
    await group.promotes_bot(by=ani)

    assert await raw.refusal("banChatMember", chat_id=group.id, user_id=ani.id) == (
        "Bad Request: can't remove chat owner"
    )
    await raw.result("banChatMember", chat_id=group.id, user_id=citra.id)
    assert (await raw.result("getChatMember", chat_id=group.id, user_id=citra.id))["status"] == "kicked"
    await raw.result("unbanChatMember", chat_id=group.id, user_id=citra.id)
    assert (await raw.result("getChatMember", chat_id=group.id, user_id=citra.id))["status"] == "left"


async def test_promoting_gives_what_the_bot_has(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    citra = tg.person("Citra")
    await group.joins(citra)
    await group.promotes_bot(by=ani, rights=["can_promote_members", "can_pin_messages"])

    assert (
        await raw.refusal("promoteChatMember", chat_id=group.id, user_id=citra.id, can_delete_messages=True)
        == "Bad Request: RIGHT_FORBIDDEN"
    )
    await raw.result("promoteChatMember", chat_id=group.id, user_id=citra.id, can_pin_messages=True)
    member = await raw.result("getChatMember", chat_id=group.id, user_id=citra.id)
    assert (member["status"], member["can_pin_messages"], member["can_delete_messages"]) == (
        "administrator",
        True,
        False,
    )


async def test_title_and_description(raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    await group.promotes_bot(by=ani)

    await raw.result("setChatTitle", chat_id=group.id, title="Rakor Palembang")
    await raw.result("setChatDescription", chat_id=group.id, description="Grup kerja")
    chat = await raw.result("getChat", chat_id=group.id)

    assert (chat["title"], chat["description"]) == ("Rakor Palembang", "Grup kerja")
    assert await raw.refusal("setChatTitle", chat_id=group.id, title="Rakor Palembang") == (
        "Bad Request: chat title is not modified"
    )


async def test_pins(raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    await group.promotes_bot(by=ani)
    first = await raw.result("sendMessage", chat_id=group.id, text="satu")
    second = await raw.result("sendMessage", chat_id=group.id, text="dua")
    for message in (first, second):
        await raw.result("pinChatMessage", chat_id=group.id, message_id=message["message_id"])
    assert (await raw.result("getChat", chat_id=group.id))["pinned_message"]["text"] == "dua"

    await raw.result("unpinChatMessage", chat_id=group.id)
    assert (await raw.result("getChat", chat_id=group.id))["pinned_message"]["text"] == "satu"
    await raw.result("unpinAllChatMessages", chat_id=group.id)
    assert "pinned_message" not in await raw.result("getChat", chat_id=group.id)


async def test_topics(tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    group.chat.is_forum = True
    await group.promotes_bot(by=ani)
    topic = await raw.result("createForumTopic", chat_id=group.id, name="Tanya jawab")
    place = {"chat_id": group.id, "message_thread_id": topic["message_thread_id"]}

    sent = await raw.result("sendMessage", **place, text="x")
    assert (sent["is_topic_message"], sent["chat"]["is_forum"]) == (True, True)
    await raw.result("closeForumTopic", **place)
    assert await raw.refusal("sendMessage", **place, text="x") == "Bad Request: TOPIC_CLOSED"
    assert await raw.refusal("closeForumTopic", **place) == "Bad Request: TOPIC_NOT_MODIFIED"
    await raw.result("reopenForumTopic", **place)
    await raw.result("editForumTopic", **place, name="Dialog")
    await raw.result("sendMessage", **place, text="y")
    await raw.result("deleteForumTopic", **place)
    assert await raw.refusal("sendMessage", **place, text="x") == "Bad Request: message thread not found"
    assert [text for text in group.inbox if text] == []
