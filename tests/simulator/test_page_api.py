"""What the chat page reads and does, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from simulator.driver import PersonDriver, Telegram
from tests.simulator.conftest import PNG, RawClient
from tests.simulator.page_client import Page, events


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


async def test_an_emptied_chat_is_started_again(page: Page, ani: PersonDriver) -> None:
    [message] = await page.get("messages", viewer=ani.id, chat=ani.id)
    await page.post("delete", person=ani.id, chat=ani.id, message_id=message["id"])

    [chat] = await page.get("chats", viewer=ani.id)
    assert chat["can_start"] is True


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
    stream = asyncio.create_task(events(page, 6, listening=listening))
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

    missed = await events(page, 1, {"Last-Event-ID": str(last)})
    too_long_ago = await events(page, 1, {"Last-Event-ID": "99999"})

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
