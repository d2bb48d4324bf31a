"""What an administrator bot does in a group: members, titles, topics, pins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simulator import groups, links
from simulator.driver import GroupDriver, PersonDriver, Telegram
from simulator.errors import ActError
from simulator.members import MEMBER_RIGHTS
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


async def test_names_that_are_too_long_are_cut(raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    await group.promotes_bot(by=ani)

    await raw.result("setChatTitle", chat_id=group.id, title=f" Rakor\n{'x' * 130}")
    await raw.result("setChatDescription", chat_id=group.id, description="y" * 300)
    chat = await raw.result("getChat", chat_id=group.id)
    link = await raw.result("createChatInviteLink", chat_id=group.id, name="z" * 33)

    assert chat["title"] == f"Rakor {'x' * 122}"
    assert (chat["description"], link["name"]) == ("y" * 255, "z" * 32)
    assert await raw.refusal("setChatTitle", chat_id=group.id, title=" ") == (
        "Bad Request: title must be non-empty"
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
    assert await raw.refusal("closeForumTopic", **place) == "Bad Request: TOPIC_NOT_MODIFIED"
    await raw.result("reopenForumTopic", **place)
    await raw.result("editForumTopic", **place, name="Dialog")
    await raw.result("sendMessage", **place, text="y")
    await raw.result("deleteForumTopic", **place)
    assert await raw.refusal("sendMessage", **place, text="x") == "Bad Request: message thread not found"
    assert [text for text in group.inbox if text] == []


async def test_links_let_people_in(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    place = {"chat_id": group.id}
    assert await raw.refusal("createChatInviteLink", **place) == (
        "Bad Request: not enough rights to manage chat invite link"
    )
    await group.promotes_bot(by=ani)
    link = await raw.result("createChatInviteLink", **place, name="Peserta", member_limit=1)
    await raw.updates(allowed_updates=["chat_member"])
    citra, dewi = tg.person("Citra"), tg.person("Dewi")

    links.follow(tg.world, citra.id, link["invite_link"])

    change = (await raw.updates())[-1]["chat_member"]
    assert (change["new_chat_member"]["user"]["id"], change["invite_link"]["name"]) == (citra.id, "Peserta")
    with pytest.raises(ActError):
        links.follow(tg.world, dewi.id, link["invite_link"])
    edited = await raw.result("editChatInviteLink", **place, invite_link=link["invite_link"], member_limit=2)
    assert (edited["member_limit"], "name" in edited) == (2, False)
    revoked = await raw.result("revokeChatInviteLink", **place, invite_link=link["invite_link"])
    assert revoked["is_revoked"] is True
    with pytest.raises(ActError):
        links.follow(tg.world, dewi.id, link["invite_link"])
    assert await raw.refusal("revokeChatInviteLink", **place, invite_link="https://t.me/+x") == (
        "Bad Request: INVITE_HASH_EXPIRED"
    )


async def test_a_new_primary_link_ends_the_old_one(
    raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    await group.promotes_bot(by=ani)
    first = await raw.result("exportChatInviteLink", chat_id=group.id)
    second = await raw.result("exportChatInviteLink", chat_id=group.id)

    assert (await raw.result("getChat", chat_id=group.id))["invite_link"] == second != first
    with pytest.raises(ActError):
        links.follow(group.world, ani.id, first)
    assert await raw.refusal("editChatInviteLink", chat_id=group.id, invite_link=second) == (
        "Bad Request: CHAT_INVITE_PERMANENT"
    )


async def test_links_that_are_refused(raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    await group.promotes_bot(by=ani)

    async def refused(**params: Any) -> str:
        return await raw.refusal("createChatInviteLink", chat_id=group.id, **params)

    assert await refused(expire_date=1) == "Bad Request: EXPIRE_DATE_INVALID"
    assert await refused(member_limit=1, creates_join_request=True) == (
        "Bad Request: member limit can't be specified for links requiring administrator approval"
    )


async def test_requests_to_be_let_in(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    await group.promotes_bot(by=ani)
    citra, dewi = tg.person("Citra"), tg.person("Dewi")
    link = await raw.result("createChatInviteLink", chat_id=group.id, creates_join_request=True)
    for person in (citra, dewi):
        links.follow(tg.world, person.id, link["invite_link"])

    asked = [update["chat_join_request"] for update in await raw.updates() if "chat_join_request" in update]
    assert [(request["from"]["id"], request["user_chat_id"]) for request in asked] == [
        (citra.id, citra.id),
        (dewi.id, dewi.id),
    ]
    assert await raw.result("approveChatJoinRequest", chat_id=group.id, user_id=citra.id) is True
    assert await raw.result("declineChatJoinRequest", chat_id=group.id, user_id=dewi.id) is True
    statuses = [
        (await raw.result("getChatMember", chat_id=group.id, user_id=person.id))["status"]
        for person in (citra, dewi)
    ]
    assert statuses == ["member", "left"]
    assert await raw.refusal("approveChatJoinRequest", chat_id=group.id, user_id=citra.id) == (
        "Bad Request: USER_ALREADY_PARTICIPANT"
    )
    assert await raw.refusal("approveChatJoinRequest", chat_id=group.id, user_id=dewi.id) == (
        "Bad Request: HIDE_REQUESTER_MISSING"
    )


async def test_restricting(tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    citra = tg.person("Citra")
    await group.joins(citra)
    await group.promotes_bot(by=ani)
    member = {"chat_id": group.id, "user_id": citra.id}

    await raw.result("restrictChatMember", **member, permissions={}, until_date=2**31 - 1)

    with pytest.raises(ActError):
        await group.says(citra, "halo")
    found = await raw.result("getChatMember", **member)
    assert (found["status"], found["can_send_messages"], found["until_date"]) == ("restricted", False, 0)
    await raw.result("restrictChatMember", **member, permissions={"can_send_polls": True})
    await group.says(citra, "halo")
    await raw.result("restrictChatMember", **member, permissions=dict.fromkeys(MEMBER_RIGHTS, True))
    assert (await raw.result("getChatMember", **member))["status"] == "member"
    assert await raw.refusal("restrictChatMember", chat_id=group.id, user_id=ani.id, permissions={}) == (
        "Bad Request: can't remove chat owner"
    )


async def test_what_members_may_do(raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    budi = group.telegram.person("Budi")
    await group.joins(budi)
    await group.promotes_bot(by=ani)

    await raw.result("setChatPermissions", chat_id=group.id, permissions={"can_invite_users": True})

    with pytest.raises(ActError):
        await group.says(budi, "halo")
    found = (await raw.result("getChat", chat_id=group.id))["permissions"]
    assert [right for right, allowed in found.items() if allowed] == ["can_invite_users"]
    assert await raw.refusal(
        "setChatPermissions", chat_id=group.id, permissions={"can_invite_users": True}
    ) == ("Bad Request: CHAT_NOT_MODIFIED")


async def test_titles_of_administrators(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    budi = tg.person("Budi")
    await group.joins(budi)
    await group.promotes_bot(by=ani)
    member = {"chat_id": group.id, "user_id": budi.id}
    assert await raw.refusal("setChatAdministratorCustomTitle", **member, custom_title="Ketua") == (
        "Bad Request: user is not an administrator"
    )
    await group.promotes(budi, by=ani, anonymous=True)
    await raw.result("setChatAdministratorCustomTitle", **member, custom_title="Ketua")
    tg.world.updates.drop_all()

    await group.says(budi, "pengumuman")

    [update] = await raw.updates()
    assert update["message"]["author_signature"] == "Ketua"
    assert await raw.refusal("setChatAdministratorCustomTitle", **member, custom_title="x" * 17) == (
        "Bad Request: ADMIN_RANK_INVALID"
    )


async def test_who_writes_into_a_closed_topic(raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    """Whoever manages topics or opened this one: td_api.tl, forumTopicInfo.is_closed."""
    groups.make_forum(group.world, group.id, ani.id)
    budi = group.telegram.person("Budi")
    await group.joins(budi)
    theirs = groups.add_topic(group.world, group.id, "Milik Budi", budi.id).id
    await group.promotes_bot(by=ani)
    own = (await raw.result("createForumTopic", chat_id=group.id, name="Milik bot"))["message_thread_id"]
    for thread in (theirs, own):
        await raw.result("closeForumTopic", chat_id=group.id, message_thread_id=thread)
    await raw.result("closeGeneralForumTopic", chat_id=group.id)

    async def may_write() -> list[bool]:
        answers = [
            await raw.answer("sendMessage", chat_id=group.id, text="x", **place)
            for place in ({}, {"message_thread_id": theirs}, {"message_thread_id": own})
        ]
        assert {body["description"] for _, body in answers if not body["ok"]} <= {"Bad Request: TOPIC_CLOSED"}
        return [body["ok"] for _, body in answers]

    assert await may_write() == [True, True, True]
    await group.promotes_bot(by=ani, rights=["can_pin_messages"])
    assert await may_write() == [False, False, True]
    await group.says(budi, "saya yang membukanya", thread_id=theirs)
    with pytest.raises(ActError):
        await group.says(budi, "x", thread_id=own)


async def test_the_general_topic(raw: RawClient, ani: PersonDriver, group: GroupDriver) -> None:
    groups.make_forum(group.world, group.id, ani.id)
    await group.promotes_bot(by=ani)
    place = {"chat_id": group.id}
    # Messages go there without a number: github.com/python-telegram-bot/python-telegram-bot/issues/4739.
    assert await raw.refusal("sendMessage", **place, text="x", message_thread_id=1) == (
        "Bad Request: message thread not found"
    )

    await raw.result("closeGeneralForumTopic", **place)
    await raw.result("reopenGeneralForumTopic", **place)
    await raw.result("sendMessage", **place, text="x")
    await raw.result("hideGeneralForumTopic", **place)
    assert group.chat.general.is_closed
    await raw.result("unhideGeneralForumTopic", **place)
    await raw.result("editGeneralForumTopic", **place, name="Umum")
    assert (
        await raw.refusal("editGeneralForumTopic", **place, name="Umum") == "Bad Request: TOPIC_NOT_MODIFIED"
    )


async def test_who_logs_out_is_out_for_ten_minutes(tg: Telegram, raw: RawClient) -> None:
    assert await raw.refusal("close") == "Too Many Requests: retry after 600"
    await raw.result("logOut")

    assert await raw.refusal("getMe") == "Bad Request: Logged out"
    assert await raw.refusal("getUpdates") == "Bad Request: Logged out"
    tg.moves_clock(timedelta(minutes=10))
    assert await raw.result("getMe")
    assert await raw.result("close") is True
