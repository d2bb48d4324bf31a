"""What the page reads and does in groups, forums and inline mode, over HTTP."""

from __future__ import annotations

import asyncio

from simulator.driver import PersonDriver, Telegram
from tests.simulator.conftest import RawClient
from tests.simulator.page_client import Page


async def test_people_and_groups_can_be_added(page: Page, tg: Telegram, raw: RawClient) -> None:
    person = await page.post("people", first_name="Dewi", last_name="", language_code="en")
    other = await page.post("people", first_name="Eka", last_name="Putra", language_code="id")
    group = await page.post(
        "group", action="create", person=person["id"], title="Rakor", member_ids=[other["id"]], with_bot=True
    )

    assert (person["name"], other["name"]) == ("Dewi", "Eka Putra")
    assert (group["has_bot"], group["member_ids"]) == (True, [person["id"], other["id"]])
    migrated = await page.post("group", action="migrate", person=person["id"], chat=group["id"])
    assert migrated["type"] == "supergroup"
    await page.post("group", action="remove_bot", person=person["id"], chat=migrated["id"])
    assert (await page.get("state"))["groups"][0]["has_bot"] is False


async def test_service_messages_read_as_sentences(
    page: Page, tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    citra = tg.person("Citra")
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani)
    await group.joins(citra)
    await group.leaves(citra)
    await group.promotes_bot(by=ani)
    sent = await raw.result("sendMessage", chat_id=group.id, text="Agenda")
    await raw.result("pinChatMessage", chat_id=group.id, message_id=sent["message_id"])
    told = [m["service"] or {} for m in await page.get("messages", viewer=ani.id, chat=group.id)]
    lines, english = ([line.get(language) for line in told] for language in ("id", "en"))

    assert lines == [
        "Ani Sari membuat grup “Rakor”",
        "Ani Sari menambahkan Rakor Bot",
        "Citra bergabung dengan grup",
        "Citra keluar dari grup",
        None,
        "Rakor Bot menyematkan pesan",
    ]
    assert english == [
        "Ani Sari created the group “Rakor”",
        "Ani Sari added Rakor Bot",
        "Citra joined the group",
        "Citra left the group",
        None,
        "Rakor Bot pinned a message",
    ]


async def test_a_deletion_shows_and_the_bot_is_not_told(
    page: Page, tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    sent = await raw.result("sendMessage", chat_id=ani.id, text="Agenda")
    said = await page.post("send", person=ani.id, chat=ani.id, text="salah ketik")
    waiting = len(tg.world.updates)

    await page.post("delete", person=ani.id, chat=ani.id, message_id=said["message_id"])
    [chat] = await page.get("chats", viewer=ani.id)
    assert (chat["last"]["text"], chat["unread"]) == ("Agenda", 1)
    await page.post("delete", person=ani.id, chat=ani.id, message_id=sent["message_id"])

    [chat] = await page.get("chats", viewer=ani.id)
    assert (chat["last"]["text"], chat["unread"], len(tg.world.updates)) == ("/start", 0, waiting)
    assert await page.refusal("delete", person=ani.id, chat=ani.id, message_id=said["message_id"]) == (
        400,
        "This message is gone.",
    )


async def test_in_a_group_only_administrators_delete_what_others_wrote(
    page: Page, tg: Telegram, ani: PersonDriver
) -> None:
    budi = tg.person("Budi")
    group = tg.group("Rakor", [ani, budi])
    first, second = await group.says(budi, "satu"), await group.says(ani, "dua")

    assert await page.refusal("delete", person=budi.id, chat=group.id, message_id=second.id) == (
        400,
        "Only one's own message can be deleted.",
    )
    await page.post("delete", person=ani.id, chat=group.id, message_id=first.id)

    assert [message.text for message in group.chat.messages.values()] == ["", "dua"]
    assert group.chat.unread == {budi.id: 2}


async def test_a_forum_has_topics_each_with_its_own_messages(
    page: Page, tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    budi = tg.person("Budi")
    group = tg.group("Rakor", [ani, budi])
    await group.adds_bot(by=ani)
    forum = await page.post("group", action="make_forum", person=ani.id, chat=group.id)
    place = {"person": ani.id, "chat": forum["id"]}
    assert (forum["type"], forum["is_forum"], forum["topics"]) == ("supergroup", True, [])
    after = await page.post("group", action="add_topic", **place, name="Notulen")
    [topic] = after["topics"]
    assert (topic["name"], topic["is_closed"]) == ("Notulen", False)
    await raw.updates(offset=-1)

    await page.post("send", **place, text="/agenda", thread_id=topic["id"])
    await page.post("send", **place, text="umum")
    await raw.result("sendMessage", chat_id=forum["id"], message_thread_id=topic["id"], text="Susunan acara")

    [update] = (await raw.updates())[1:]
    assert update["message"]["message_thread_id"] == topic["id"]
    shown = {"viewer": budi.id, "chat": forum["id"]}
    texts = [m["text"] for m in await page.get("messages", **shown, topic=topic["id"])]
    assert texts == ["", "/agenda", "Susunan acara"]
    *_, general = await page.get("messages", **shown, topic=0)
    assert (general["text"], general["topic_id"]) == ("umum", 0)
    unread = await _unread_topics(page, budi.id)
    assert (unread["Notulen"], unread[""] > 0) == (3, True)
    await page.post("read", person=budi.id, chat=forum["id"], topic_id=topic["id"])
    assert await _unread_topics(page, budi.id) == {**unread, "Notulen": 0}

    assert await page.refusal(
        "group", action="close_topic", person=budi.id, chat=forum["id"], thread_id=topic["id"]
    ) == (400, "Only administrators manage topics.")
    await page.post("group", action="close_topic", **place, thread_id=topic["id"])
    assert await page.refusal(
        "send", person=budi.id, chat=forum["id"], text="masih?", thread_id=topic["id"]
    ) == (400, "This topic is closed.")
    await page.post("group", action="close_topic", **place, thread_id=topic["id"], closed=False)
    told = [m["service"] or {} for m in await page.get("messages", **shown, topic=topic["id"])]
    lines = [line.get("id") for line in told]
    assert lines == [
        "Ani Sari membuka topik “Notulen”",
        None,
        None,
        "Ani Sari menutup topik ini",
        "Ani Sari membuka kembali topik ini",
    ]


async def _unread_topics(page: Page, viewer: int) -> dict[str, int]:
    chats = await page.get("chats", viewer=viewer)
    return {topic["name"]: topic["unread"] for topic in chats[-1]["topics"]}


async def test_inline_results_are_waited_for_and_sent(
    page: Page, tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    tg.world.inline = True
    group = tg.group("Rakor", [ani])
    asking = asyncio.create_task(page.post("inline", person=ani.id, chat=group.id, query="netral"))
    [update] = await raw.updates(timeout=5)
    query = update["inline_query"]
    assert (query["query"], query["chat_type"]) == ("netral", "group")
    article = {
        "type": "article",
        "id": "asn",
        "title": "ASN netral",
        "description": "Dasar hukum",
        "input_message_content": {"message_text": "<b>ASN</b>", "parse_mode": "HTML"},
    }
    button = {"text": "Topik lain", "start_parameter": "aturan"}
    await raw.result("answerInlineQuery", inline_query_id=query["id"], results=[article], button=button)

    found = await asking
    assert found == {
        "id": query["id"],
        "answered": True,
        "button": button,
        "results": [{"id": "asn", "title": "ASN netral", "description": "Dasar hukum"}],
    }
    choice = {"query_id": found["id"], "result_id": "asn", "chat": group.id}
    assert await page.refusal("inline/send", person=tg.person("Citra").id, **choice) == (
        400,
        "There is no such result.",
    )
    await page.post("inline/send", person=ani.id, **choice)

    message = (await page.get("messages", viewer=ani.id, chat=group.id))[-1]
    assert (message["html"], message["via_bot"]) == ("<b>ASN</b>", True)
