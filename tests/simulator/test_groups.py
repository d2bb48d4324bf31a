"""Groups: what the bot gets of them, and what it is told."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.driver import GroupDriver, PersonDriver, Telegram
from simulator.errors import ActError
from simulator.people import ANONYMOUS_ADMIN
from tests.simulator.conftest import RawClient


@pytest.fixture
async def group(tg: Telegram, ani: PersonDriver) -> GroupDriver:
    found = tg.group("Rakor Palembang", [ani, tg.person("Budi")])
    await found.adds_bot(by=ani)
    tg.world.updates.drop_all()
    return found


async def _texts(raw: RawClient) -> list[str]:
    return [update["message"]["text"] for update in await raw.updates()]


async def test_privacy_mode_shows_only_what_concerns_the_bot(
    raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    await raw.result("sendMessage", chat_id=group.id, text="Selamat pagi")
    theirs = await group.says(ani, "obrolan")
    command = await group.says(ani, "/agenda")
    await group.says(ani, "/agenda@rakor_sim_bot")
    await group.says(ani, "/agenda@lain_bot")
    await group.says(ani, "halo @rakor_sim_bot apa kabar")
    await group.says(ani, "balasan untuk bot", reply_to=group.last)
    await group.says(ani, "balasan untuk orang", reply_to=theirs)
    await group.says(ani, "balasan untuk perintah", reply_to=command)
    await group.says(ani, "lihat /agenda di tengah")

    assert await _texts(raw) == [
        "/agenda",
        "/agenda@rakor_sim_bot",
        "halo @rakor_sim_bot apa kabar",
        "balasan untuk bot",
        "balasan untuk perintah",
    ]


async def test_an_administrator_bot_sees_everything(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    await group.promotes_bot(by=ani)
    tg.world.updates.drop_all()

    await group.says(ani, "obrolan")

    assert await _texts(raw) == ["obrolan"]


async def test_without_privacy_mode_a_member_bot_sees_everything(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    tg.world.privacy = False

    await group.says(ani, "obrolan")

    assert await _texts(raw) == ["obrolan"]
    assert (await raw.result("getMe"))["can_read_all_group_messages"] is True


async def test_a_bot_outside_sees_nothing(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    await group.removes_bot(by=ani)
    tg.world.updates.drop_all()

    await group.says(ani, "/agenda")

    assert await raw.updates() == []


async def test_joining_and_being_thrown_out(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani, payload="rakor-1")
    await group.removes_bot(by=ani)

    added, service, started, left, removed = await raw.updates()

    def status(update: dict[str, Any]) -> tuple[str, str]:
        change = update["my_chat_member"]
        return change["old_chat_member"]["status"], change["new_chat_member"]["status"]

    assert status(added) == ("left", "member")
    assert [user["id"] for user in service["message"]["new_chat_members"]] == [tg.world.bot_id]
    assert started["message"]["text"] == "/start@rakor_sim_bot rakor-1"
    assert left["message"]["left_chat_member"]["id"] == tg.world.bot_id
    assert status(removed) == ("member", "kicked")


async def test_migration_tells_both_ids_and_goes_on(
    raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    old = group.id
    await group.migrates(by=ani)
    await group.says(ani, "/agenda")

    leaving, arriving, command = (update["message"] for update in await raw.updates())

    assert (leaving["chat"]["id"], leaving["migrate_to_chat_id"]) == (old, group.id)
    assert (arriving["chat"]["id"], arriving["migrate_from_chat_id"]) == (group.id, old)
    assert (command["chat"]["id"], command["chat"]["type"]) == (group.id, "supergroup")
    with pytest.raises(ActError):
        await group.migrates(by=ani)


async def test_an_anonymous_administrator_writes_as_the_group(
    raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    await group.promotes(ani, by=ani, anonymous=True)
    await group.says(ani, "/agenda")

    [update] = await raw.updates()

    assert update["message"]["from"] == ANONYMOUS_ADMIN
    assert update["message"]["sender_chat"] == {"id": group.id, "title": "Rakor Palembang", "type": "group"}


async def test_an_anonymous_administrator_taps_as_themselves(
    raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    await group.promotes(ani, by=ani, anonymous=True)
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
    await raw.result("sendMessage", chat_id=group.id, text="Setuju?", reply_markup=markup)
    await group.taps(ani, "Ya")

    [update] = await raw.updates()

    assert update["callback_query"]["from"]["id"] == ani.id


async def test_members_come_and_go_with_service_messages(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    citra = tg.person("Citra")
    await group.joins(citra)
    await group.leaves(citra)

    joined, left = (update["message"] for update in await raw.updates())

    assert [user["id"] for user in joined["new_chat_members"]] == [citra.id]
    assert left["left_chat_member"]["id"] == citra.id
    assert (await raw.result("getChatMember", chat_id=group.id, user_id=citra.id))["status"] == "left"
    assert await raw.result("getChatMemberCount", chat_id=group.id) == 3


async def test_a_supergroup_numbers_its_own_messages(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani], supergroup=True)
    await group.adds_bot(by=ani)

    message = await raw.result("sendMessage", chat_id=group.id, text="x")

    assert message["message_id"] == 3
    assert str(group.id).startswith("-100")


async def test_reply_keyboards_for_one_person(
    tg: Telegram, raw: RawClient, ani: PersonDriver, group: GroupDriver
) -> None:
    asked = await group.says(ani, "/daftar")
    keyboard = {"keyboard": [[{"text": "Ya"}]], "selective": True}
    await raw.result(
        "sendMessage",
        chat_id=group.id,
        text="?",
        reply_parameters={"message_id": asked.id},
        reply_markup=keyboard,
    )

    assert list(group.chat.keyboards) == [ani.id]
