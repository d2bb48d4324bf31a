"""What the chat page reads and does, over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from simulator.driver import PersonDriver, Telegram
from simulator.world import World
from tests.simulator.conftest import PNG, RawClient


class Page:
    def __init__(self, tg: Telegram, session: aiohttp.ClientSession) -> None:
        self.tg = tg
        self.session = session

    async def get(self, path: str, **query: Any) -> Any:
        async with self.session.get(f"{self.tg.url}/sim/{path}", params=query) as response:
            body = await response.json()
            assert response.status == 200, body
            return body

    async def post(self, path: str, **fields: Any) -> Any:
        async with self.session.post(f"{self.tg.url}/sim/{path}", json=fields) as response:
            body = await response.json()
            assert response.status == 200, body
            return body

    async def refusal(self, path: str, **fields: Any) -> tuple[int, str]:
        async with self.session.post(f"{self.tg.url}/sim/{path}", json=fields) as response:
            return response.status, (await response.json())["error"]


@pytest.fixture
async def page(tg: Telegram) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(tg, session)


async def _events(
    page: Page,
    count: int,
    headers: dict[str, str] | None = None,
    listening: asyncio.Event | None = None,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with page.session.get(f"{page.tg.url}/sim/events", headers=headers) as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if listening is not None:
                listening.set()
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:]))
            if len(found) == count:
                break
    return found


async def test_state(page: Page, tg: Telegram, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani])
    tg.world.suggested = (ani.id, "rakor-1")

    state = await page.get("state")

    assert state == {
        "bot": {
            "id": tg.world.bot_id,
            "name": "Rakor Bot",
            "username": "rakor_sim_bot",
            "inline": False,
            "descriptions": {},
        },
        "people": [
            {
                "id": ani.id,
                "name": "Ani Sari",
                "first_name": "Ani",
                "last_name": "Sari",
                "username": "ani_sari",
                "language_code": "id",
                "role_label": "",
                "phone": ani.person.phone,
                "blocked": False,
            }
        ],
        "groups": [
            {
                "id": group.id,
                "title": "Rakor",
                "type": "group",
                "member_ids": [ani.id],
                "admin_ids": [ani.id],
                "has_bot": False,
                "bot_is_admin": False,
                "is_forum": False,
                "topics": [],
            }
        ],
        "suggested": {"person_id": ani.id, "start_payload": "rakor-1"},
        "locale": "id",
        "title": "Rakor Bot",
    }


async def test_a_chat_from_start_to_read(page: Page, tg: Telegram, raw: RawClient) -> None:
    citra = tg.person("Citra")
    [chat] = await page.get("chats", viewer=citra.id)
    assert (chat["id"], chat["can_start"], chat["last"], chat["unread"]) == (citra.id, True, None, 0)

    await page.post("start", person=citra.id, payload="rakor-1")
    await raw.result(
        "sendMessage",
        chat_id=citra.id,
        text="<b>Selamat</b> &lt;datang&gt;",
        parse_mode="HTML",
        reply_markup={
            "inline_keyboard": [
                [{"text": "Daftar", "callback_data": "d"}, {"text": "Situs", "url": "https://a.id/x"}]
            ]
        },
    )

    [chat] = await page.get("chats", viewer=citra.id)
    assert (chat["can_start"], chat["unread"]) == (False, 1)
    assert chat["last"]["text"] == "Selamat <datang>"
    assert chat["last"]["out"] is False
    started, welcome = await page.get("messages", viewer=citra.id, chat=citra.id)
    assert (started["text"], started["out"]) == ("/start rakor-1", True)
    assert welcome["html"] == "<b>Selamat</b> &lt;datang&gt;"
    assert welcome["buttons"] == [
        [{"text": "Daftar", "data": "d"}, {"text": "Situs", "url": "https://a.id/x"}]
    ]
    assert (welcome["out"], welcome["from"]["is_bot"], welcome["service"]) == (False, True, None)

    await page.post("tap", person=citra.id, chat=citra.id, message_id=welcome["id"], row=0, col=0)
    assert await page.post("tap", person=citra.id, chat=citra.id, message_id=welcome["id"], row=0, col=1) == {
        "url": "https://a.id/x"
    }
    await page.post("read", person=citra.id, chat=citra.id)
    [chat] = await page.get("chats", viewer=citra.id)
    assert chat["unread"] == 0
    updates = await raw.updates()
    assert [kind for update in updates for kind in update if kind != "update_id"] == [
        "message",
        "callback_query",
    ]


async def test_older_messages_page_by_page(page: Page, ani: PersonDriver) -> None:
    for number in range(5):
        await ani.says(str(number))

    latest = await page.get("messages", viewer=ani.id, chat=ani.id, limit=2)
    older = await page.get("messages", viewer=ani.id, chat=ani.id, limit=2, before=latest[0]["id"])

    assert [message["text"] for message in latest] == ["3", "4"]
    assert [message["text"] for message in older] == ["1", "2"]


async def test_events_come_as_they_happen(
    page: Page, tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    listening = asyncio.Event()
    stream = asyncio.create_task(_events(page, 6, listening=listening))
    await listening.wait()

    await page.post("send", person=ani.id, chat=ani.id, text="halo")
    await raw.result("sendChatAction", chat_id=ani.id, action="typing")
    sent = await raw.result(
        "sendMessage",
        chat_id=ani.id,
        text="?",
        reply_markup={"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]},
    )
    await ani.taps("Ya")
    updates = await raw.updates()
    await raw.result(
        "answerCallbackQuery",
        callback_query_id=updates[-1]["callback_query"]["id"],
        text="Baik",
        show_alert=True,
    )
    await raw.result("editMessageText", chat_id=ani.id, message_id=sent["message_id"], text="Sudah")
    await raw.result("deleteMessage", chat_id=ani.id, message_id=sent["message_id"])

    said, action, asked, answer, edit, delete = await stream
    assert (said["type"], said["chat_id"], said["message"]["text"]) == ("message", ani.id, "halo")
    assert "out" not in said["message"]
    assert action == {"type": "action", "chat_id": ani.id, "text": "typing"}
    assert asked["message"]["buttons"] == [[{"text": "Ya", "data": "y"}]]
    assert answer == {
        "type": "answer",
        "chat_id": ani.id,
        "viewer": ani.id,
        "message_id": sent["message_id"],
        "text": "Baik",
        "alert": True,
    }
    assert (edit["type"], edit["message"]["text"], edit["message"]["buttons"]) == ("edit", "Sudah", [])
    assert delete == {"type": "delete", "chat_id": ani.id, "message_id": sent["message_id"]}


async def test_a_page_that_comes_back_gets_what_it_missed(page: Page, ani: PersonDriver) -> None:
    await ani.says("satu")
    last = page.tg.simulator.feed.last_id
    await ani.says("dua")

    missed = await _events(page, 1, {"Last-Event-ID": str(last)})
    too_long_ago = await _events(page, 1, {"Last-Event-ID": "99999"})

    assert [event["message"]["text"] for event in missed] == ["dua"]
    assert too_long_ago == [{"type": "reset"}]


async def test_files_of_people(page: Page, raw: RawClient, ani: PersonDriver) -> None:
    async def upload(kind: str, name: str, content: bytes) -> None:
        form = aiohttp.FormData({"person": str(ani.id), "chat": str(ani.id), "kind": kind, "caption": "ini"})
        form.add_field("file", content, filename=name)
        async with page.session.post(f"{page.tg.url}/sim/upload", data=form) as response:
            assert response.status == 200, await response.text()

    await upload("photo", "foto.png", PNG)
    await upload("document", "skrip.html", b"<script>alert(1)</script>")

    photo, document = (await page.get("messages", viewer=ani.id, chat=ani.id))[-2:]
    assert (photo["photo"]["width"], photo["photo"]["height"], photo["caption"]) == (2, 1, "ini")
    assert (document["document"]["name"], document["document"]["size"]) == ("skrip.html", 25)
    async with page.session.get(page.tg.url + photo["photo"]["url"]) as response:
        assert (response.content_type, await response.read()) == ("image/png", PNG)
    async with page.session.get(page.tg.url + document["document"]["url"]) as response:
        # What people upload must not run in the page's own origin.
        assert response.content_type == "application/octet-stream"
        assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''skrip.html"
        assert response.headers["x-content-type-options"] == "nosniff"


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


async def test_blocking(page: Page, raw: RawClient, ani: PersonDriver) -> None:
    await page.post("block", person=ani.id, blocked=True)
    [chat] = await page.get("chats", viewer=ani.id)
    assert chat["blocked"] is True
    assert await page.refusal("send", person=ani.id, chat=ani.id, text="x") == (
        400,
        "You have blocked this bot.",
    )

    await page.post("start", person=ani.id)
    [chat] = await page.get("chats", viewer=ani.id)
    assert chat["blocked"] is False


@pytest.mark.parametrize(
    ("path", "fields", "status", "error"),
    [
        ("send", {"person": "x", "chat": 1, "text": "a"}, 400, "person: expected a whole number"),
        ("send", {"person": 5, "chat": 1, "text": "a"}, 400, "There is no such person."),
        (
            "start",
            {"person": 5, "payload": "ä"},
            400,
            "A start payload has up to 64 characters of A-Z, a-z, 0-9, _ and -.",
        ),
        (
            "start",
            {"person": 5, "payload": "x" * 65},
            400,
            "A start payload has up to 64 characters of A-Z, a-z, 0-9, _ and -.",
        ),
        ("group", {"action": "fly", "person": 1, "chat": 1}, 400, "action: not known"),
        ("faults", {"colour": 1}, 400, "no such fault: colour"),
        ("clock", {"offset_seconds": 1e12}, 400, "offset_seconds: at most ten years"),
        ("nothing", {}, 404, "Not Found"),
    ],
)
async def test_refusals(page: Page, path: str, fields: dict[str, Any], status: int, error: str) -> None:
    assert await page.refusal(path, **fields) == (status, error)


async def test_only_json_is_taken(page: Page) -> None:
    async with page.session.post(f"{page.tg.url}/sim/reset", data={"a": "b"}) as response:
        assert response.status == 415


async def test_the_clock_moves_the_world(page: Page, tg: Telegram, ani: PersonDriver) -> None:
    told: list[timedelta] = []
    tg.world.on_clock_moved = told.append

    answer = await page.post("clock", offset_seconds=86400)
    message = await ani.says("besok")

    assert answer["offset_seconds"] == 86400
    assert told == [timedelta(days=1)]
    ahead = message.date - datetime.now(UTC).timestamp()
    assert 86390 < ahead <= 86400
    assert (await page.get("clock"))["offset_seconds"] == 86400


async def test_the_log_of_calls(page: Page, raw: RawClient, ani: PersonDriver) -> None:
    await raw.result("sendMessage", chat_id=ani.id, text="x")
    await raw.refusal("sendMessage", chat_id=ani.id, text="")

    first, second = await page.get("log")

    assert (first["number"], first["method"], first["status"], first["params"]["text"]) == (
        1,
        "sendmessage",
        200,
        "x",
    )
    assert (second["status"], second["description"]) == (400, "Bad Request: message text is empty")
    assert [entry["number"] for entry in await page.get("log", after=1)] == [2]


async def test_the_trace_of_a_message(page: Page, raw: RawClient, ani: PersonDriver) -> None:
    markup = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await raw.result("sendMessage", chat_id=ani.id, text="?", reply_markup=markup)
    await raw.result("sendMessage", chat_id=ani.id, text="lain")
    await ani.says("lain")
    await ani.taps("Ya")
    await raw.result("editMessageText", chat_id=ani.id, message_id=sent["message_id"], text="Sudah")

    trace = await page.get("trace", chat=ani.id, message_id=sent["message_id"])

    assert [update["callback_query"]["data"] for update in trace["updates"]] == ["y"]
    assert [call["method"] for call in trace["calls"]] == ["sendmessage", "editmessagetext"]


async def test_faults_are_switched(page: Page, tg: Telegram) -> None:
    answer = await page.post("faults", latency_ms=80, limit_chat=True, methods=["sendMessage"])

    assert (answer["latency_ms"], answer["limit_chat"], answer["methods"]) == (80, True, ["sendmessage"])
    assert await page.get("faults") == answer
    assert tg.faults.latency_ms == 80


async def test_reset_lets_the_owner_fill_the_world_again() -> None:
    def fill(world: World) -> None:
        world.add_person("Siti")

    async with Telegram() as tg, aiohttp.ClientSession() as session:
        page = Page(tg, session)
        fill(tg.world)
        tg.world.on_reset = lambda: fill(tg.world)
        before = await page.get("state")
        await page.post("send", person=before["people"][0]["id"], chat=before["people"][0]["id"], text="x")
        await page.post("people", first_name="Tamu", language_code="id")

        await page.post("reset")

        assert await page.get("state") == before
        assert len(tg.world.updates) == 0
        [chat] = await page.get("chats", viewer=before["people"][0]["id"])
        assert (chat["can_start"], chat["last"]) == (True, None)


async def test_security_headers(page: Page) -> None:
    async with page.session.get(f"{page.tg.url}/sim/state") as response:
        assert response.headers["content-security-policy"] == (
            "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'self'"
        )


async def test_everything_else_that_people_do(page: Page, raw: RawClient, ani: PersonDriver) -> None:
    place = {"person": ani.id, "chat": ani.id}
    keyboard = {"keyboard": [[{"text": "Lewati"}]]}
    asked = await raw.result("sendMessage", chat_id=ani.id, text="Nomor?", reply_markup=keyboard)
    said = await page.post("send", **place, text="halo", reply_to=asked["message_id"])
    await page.post("edit", **place, message_id=said["message_id"], text="halo juga")
    await page.post("press", **place, text="Lewati")
    await page.post("contact", **place)
    await page.post("location", **place, latitude=-2.97, longitude=104.77)
    await page.post("react", **place, message_id=asked["message_id"], emoji="👍")
    await raw.result("sendPoll", chat_id=ani.id, question="Paham?", options=["Ya", "Belum"])
    await page.post("vote", **place, message_id=ani.last.id, options=[1])

    question, answer, pressed, contact, location, poll = (
        await page.get("messages", viewer=ani.id, chat=ani.id)
    )[1:]

    assert question["reactions"] == [{"emoji": "👍", "by": [ani.id]}]
    assert (answer["text"], answer["edit_date"] is not None) == ("halo juga", True)
    assert answer["reply_to"] == {"id": asked["message_id"], "from_name": "Rakor Bot", "text": "Nomor?"}
    assert pressed["text"] == "Lewati"
    assert contact["contact"]["phone_number"] == ani.person.phone
    assert location["location"] == {"latitude": -2.97, "longitude": 104.77}
    assert (poll["poll"]["chosen"], poll["poll"]["options"][1]["voter_count"]) == ([1], 1)
    [chat] = await page.get("chats", viewer=ani.id)
    assert chat["last"]["text"] == "Paham?"


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


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("chats", {"viewer": "x"}, 404),
        ("messages", {"viewer": "ANI", "chat": "x"}, 400),
        ("messages", {"viewer": "ANI", "chat": "5"}, 404),
        ("files/none", {}, 404),
        ("trace", {"chat": "1"}, 400),
    ],
)
async def test_what_is_not_there(
    page: Page, ani: PersonDriver, path: str, query: dict[str, str], status: int
) -> None:
    params = {name: str(ani.id) if value == "ANI" else value for name, value in query.items()}
    async with page.session.get(f"{page.tg.url}/sim/{path}", params=params) as response:
        assert response.status == status
        assert set(await response.json()) == {"error"}


async def test_the_waiting_updates_can_be_seen(page: Page, ani: PersonDriver) -> None:
    await ani.says("halo")

    [update] = await page.get("updates")

    assert update["message"]["text"] == "halo"


async def test_uploads_of_other_pages_are_refused(page: Page) -> None:
    async with page.session.post(
        f"{page.tg.url}/sim/upload", data={"a": "b"}, headers={"Sec-Fetch-Site": "cross-site"}
    ) as response:
        assert response.status == 403


async def test_the_page_itself_loads_nothing_from_elsewhere(page: Page) -> None:
    async with page.session.get(f"{page.tg.url}/") as response:
        text = await response.text()
        assert (response.status, response.content_type) == (200, "text/html")
    assert "://" not in text.replace("http://www.w3.org/", "")


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
