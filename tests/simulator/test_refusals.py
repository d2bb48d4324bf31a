"""What Telegram refuses, in its words; ``refusal_sources`` says of each where it is documented or was seen.

Limits: core.telegram.org/bots/api at the method named. A reply keyboard without buttons is no error of Telegram's: the
message goes out without one (tdlib/telegram-bot-api, Client.cpp, get_reply_markup).
"""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest

from simulator import groups
from simulator.driver import PersonDriver, Telegram
from tests.simulator.conftest import PNG, RawClient


def _button(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Ya", **button}]]}


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n "}, "Bad Request: message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: message text is empty"),
        ({"text": "x" * 4097}, "Bad Request: message is too long"),
        ({"text": "😀" * 2049}, "Bad Request: message is too long"),
        ({"text": "x", "parse_mode": "XML"}, "Bad Request: unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
        ({"text": "x", "chat_id": 12345}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": "abc"}, "Bad Request: chat not found"),
        (
            {"text": "x", "reply_parameters": {"message_id": 999}},
            "Bad Request: message to be replied not found",
        ),
        ({"text": "x", "message_thread_id": 5}, "Bad Request: message thread not found"),
        ({"text": "x", "reply_markup": _button(callback_data="é" * 33)}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": _button(callback_data="")}, "Bad Request: BUTTON_DATA_INVALID"),
        (
            {"text": "x", "reply_markup": _button()},
            (
                "Bad Request: can't parse inline keyboard button: "
                "Text buttons are unallowed in the inline keyboard"
            ),
        ),
        (
            {"text": "x", "reply_markup": _button(url="ftp://x.id")},
            "Bad Request: inline keyboard button URL 'ftp://x.id' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "x", "reply_markup": _button(url="http://x y")},
            "Bad Request: inline keyboard button URL 'http://x y' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101}},
            "Bad Request: reply markup is too long",
        ),
        (
            {"text": "x", "reply_markup": {"keyboard": [["a"]] * 301}},
            "Bad Request: reply markup is too long",
        ),
        (
            {"text": "x", "reply_markup": {"keyboard": "a"}},
            'Bad Request: field "keyboard" must be of type Array',
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": ["a"]}},
            'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"text": "x", "reply_markup": {"keyboard": [[{"text": " "}]]}},
            "Bad Request: keyboard button text must be non-empty",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "x" * 200, "callback_data": "a"}]] * 50},
            },
            "Bad Request: reply markup is too long",
        ),
        ({"text": "x", "reply_markup": "{"}, "Bad Request: can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": "[]"}, "Bad Request: object expected as reply markup"),
    ],
)
async def test_a_message_is_refused(
    raw: RawClient, ani: PersonDriver, params: dict[str, Any], text: str
) -> None:
    assert await raw.refusal("sendMessage", **{"chat_id": ani.id, **params}) == text
    assert ani.inbox == []


@pytest.mark.parametrize(
    "params",
    [
        {"text": "x" * 4096},
        {"text": "😀" * 2048},
        {"text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"},
        {"text": "x", "reply_markup": _button(callback_data="é" * 32)},
        {"text": "x", "reply_markup": {"inline_keyboard": []}},
        {"text": "x", "reply_markup": {"keyboard": [[]]}},
        {"text": "x", "reply_markup": {"keyboard": [["a"]] * 300}},
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 100}},
        {"text": "x", "reply_parameters": {"message_id": 999, "allow_sending_without_reply": True}},
    ],
)
async def test_a_message_at_the_limit_passes(
    raw: RawClient, ani: PersonDriver, params: dict[str, Any]
) -> None:
    assert (await raw.result("sendMessage", chat_id=ani.id, **params))["message_id"] == ani.last.id


async def test_a_caption_is_counted_after_parsing(raw: RawClient, ani: PersonDriver) -> None:
    photo = ani.world.files.add("photo", PNG).id

    text = await raw.refusal("sendPhoto", chat_id=ani.id, photo=photo, caption="x" * 1025)
    await raw.result(
        "sendPhoto", chat_id=ani.id, photo=photo, caption=f"<b>{'x' * 1024}</b>", parse_mode="HTML"
    )

    assert text == "Bad Request: message caption is too long"
    assert ani.inbox == ["x" * 1024]


async def test_who_cannot_be_written_to(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    stranger = tg.person("Citra")
    assert await raw.refusal("sendMessage", chat_id=stranger.id, text="x") == "Bad Request: chat not found"

    met = tg.person("Budi")
    group = tg.group("Rakor", [ani, met])
    await group.adds_bot(by=ani)
    await group.says(met, "/agenda")
    text = await raw.refusal("sendMessage", chat_id=met.id, text="x")
    assert text == "Forbidden: bot can't initiate conversation with a user"

    ani.blocks_bot()
    text = await raw.refusal("sendMessage", chat_id=ani.id, text="x")
    assert text == "Forbidden: bot was blocked by the user"
    ani.unblocks_bot()
    ani.deletes_account()
    assert await raw.refusal("sendMessage", chat_id=ani.id, text="x") == "Forbidden: user is deactivated"


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_that_the_bot_was_put_out_of(
    tg: Telegram, raw: RawClient, ani: PersonDriver, kind: str
) -> None:
    group = tg.group("Rakor", [ani], supergroup=kind == "supergroup")
    assert await raw.refusal("sendMessage", chat_id=group.id, text="x") == "Bad Request: chat not found"

    await group.adds_bot(by=ani)
    await group.removes_bot(by=ani)
    text = await raw.refusal("sendMessage", chat_id=group.id, text="x")
    assert text == f"Forbidden: bot was kicked from the {kind} chat"

    await group.adds_bot(by=ani)
    await raw.result("leaveChat", chat_id=group.id)
    text = await raw.refusal("sendMessage", chat_id=group.id, text="x")
    assert text == f"Forbidden: bot is not a member of the {kind} chat"


async def test_rights_in_a_group(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani)
    sent = await raw.result("sendMessage", chat_id=group.id, text="x")
    theirs = await group.says(ani, "/agenda")

    assert await raw.refusal("pinChatMessage", chat_id=group.id, message_id=sent["message_id"]) == (
        "Bad Request: not enough rights to manage pinned messages in the chat"
    )
    assert await raw.refusal("deleteMessage", chat_id=group.id, message_id=theirs.id) == (
        "Bad Request: message can't be deleted"
    )
    group.closes_to_members()
    assert await raw.refusal("sendMessage", chat_id=group.id, text="x") == (
        "Bad Request: not enough rights to send text messages to the chat"
    )
    await group.promotes_bot(by=ani)
    await raw.result("sendMessage", chat_id=group.id, text="sekarang bisa")
    await raw.result("pinChatMessage", chat_id=group.id, message_id=sent["message_id"])
    await raw.result("deleteMessage", chat_id=group.id, message_id=theirs.id)


async def test_a_group_that_moved_tells_where_to(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani)
    old = group.id
    await group.migrates(by=ani)

    status, body = await raw.answer("sendMessage", chat_id=old, text="x")

    assert (status, body) == (
        400,
        {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": group.id},
        },
    )


async def test_a_closed_topic(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani], supergroup=True)
    await group.adds_bot(by=ani)
    topic = groups.add_topic(tg.world, group.id, "Tanya jawab", ani.id)
    sent = await raw.result("sendMessage", chat_id=group.id, text="x", message_thread_id=topic.id)
    group.chat.topics[topic.id].is_closed = True

    text = await raw.refusal("sendMessage", chat_id=group.id, text="x", message_thread_id=topic.id)

    assert sent["message_thread_id"] == topic.id
    assert text == "Bad Request: TOPIC_CLOSED"


@pytest.mark.parametrize(
    ("method", "params", "text"),
    [
        ("sendPhoto", {}, "Bad Request: there is no photo in the request"),
        ("sendPhoto", {"photo": "AgAxyz"}, "Bad Request: wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"document": "PHOTO"}, "Bad Request: can't use file of type Photo as Document"),
        ("getFile", {"file_id": "xyz"}, "Bad Request: wrong file_id or the file is temporarily unavailable"),
        ("getFile", {}, "Bad Request: file_id not specified"),
        ("getFile", {"file_id": "BIG"}, "Bad Request: file is too big"),
        ("sendChatAction", {"action": "dancing"}, "Bad Request: wrong parameter action in request"),
        ("sendPoll", {"question": "", "options": ["a"]}, "Bad Request: text must be non-empty"),
        (
            "sendPoll",
            {"question": "x" * 301, "options": ["a"]},
            "Bad Request: poll question length must not exceed 300",
        ),
        ("sendPoll", {"question": "?"}, "Bad Request: poll must have at least one answer option"),
        (
            "sendPoll",
            {"question": "?", "options": ["a"] * 13},
            "Bad Request: poll can't have more than 12 options",
        ),
        (
            "sendPoll",
            {"question": "?", "options": ["a", " "]},
            "Bad Request: text must be non-empty",
        ),
        (
            "sendPoll",
            {"question": "?", "options": ["a", "x" * 101]},
            "Bad Request: poll options length must not exceed 100",
        ),
        (
            "copyMessage",
            {"from_chat_id": "ANI", "message_id": 9999},
            "Bad Request: message to copy not found",
        ),
        (
            "forwardMessage",
            {"from_chat_id": "ANI", "message_id": 9999},
            "Bad Request: message to forward not found",
        ),
        ("getChatAdministrators", {}, "Bad Request: there are no administrators in the private chat"),
        (
            "setMyCommands",
            {"commands": [{"command": "Mulai!", "description": "x"}]},
            "Bad Request: BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "mulai", "description": ""}]},
            "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": "x"}] * 101},
            "Bad Request: BOT_COMMANDS_TOO_MUCH",
        ),
        (
            "setWebhook",
            {"url": "http://example.org/"},
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "setWebhook",
            {"url": "https://example.org:99/"},
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            "sendLocation",
            {"latitude": 91, "longitude": 0},
            "Bad Request: invalid location specified",
        ),
    ],
)
async def test_other_calls_are_refused(
    raw: RawClient, ani: PersonDriver, method: str, params: dict[str, Any], text: str
) -> None:
    files = ani.world.files
    named = {
        "ANI": ani.id,
        "PHOTO": files.add("photo", PNG).id,
        "BIG": files.add("document", bytes(20 * 1024 * 1024 + 1)).id,
    }
    found = {
        name: named.get(value, value) if isinstance(value, str) else value for name, value in params.items()
    }

    assert await raw.refusal(method, **{"chat_id": ani.id, **found}) == text


async def test_what_is_no_photo(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    async def upload(content: bytes, method: str = "sendPhoto", field: str = "photo") -> str:
        form = aiohttp.FormData()
        form.add_field("chat_id", str(ani.id))
        form.add_field(field, io.BytesIO(content), filename="a.jpg")
        async with raw.session.post(raw.url(method), data=form) as response:
            return str((await response.json())["description"])

    long = PNG[:16] + (1).to_bytes(4, "big") + (30).to_bytes(4, "big") + PNG[24:]

    assert await upload(b"bukan gambar") == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await upload(long) == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    assert await upload(b"") == "Bad Request: file must be non-empty"
    assert await upload(PNG + bytes(10 * 1024 * 1024)) == "Bad Request: file is too big"
    assert await upload(bytes(51 * 1024 * 1024), "sendDocument", "document") == "Request Entity Too Large"


async def test_tokens_and_methods(tg: Telegram, raw: RawClient) -> None:
    assert await raw.answer("doMagic") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )
    async with raw.session.get(f"{tg.url}/bot123:wrong/getMe") as response:
        assert (response.status, await response.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
    async with raw.session.get(f"{tg.url}/botnonsense/getMe") as response:
        assert response.status == 404
    async with raw.session.get(f"{tg.url}/file/bot{tg.token}/documents/none.pdf") as response:
        assert response.status == 404


async def test_method_names_in_any_case(raw: RawClient) -> None:
    assert (await raw.result("GETME"))["is_bot"] is True


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("multipart/form-data; boundary=x", b"nothing like it"),
        ("multipart/form-data", b"--x\r\n"),
        ("application/x-www-form-urlencoded", b"chat_id=%ff"),
    ],
)
async def test_a_broken_body_is_a_bad_request(raw: RawClient, content_type: str, body: bytes) -> None:
    async with raw.session.post(
        raw.url("sendMessage"), data=body, headers={"Content-Type": content_type}
    ) as response:
        assert (response.status, (await response.json())["error_code"]) == (400, 400)
