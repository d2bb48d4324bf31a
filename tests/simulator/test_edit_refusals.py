"""Edits, deletions and answers to taps that Telegram refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from simulator.driver import PersonDriver, Telegram
from tests.simulator.conftest import PNG, RawClient

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def _button(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Ya", **button}]]}


async def test_edits(raw: RawClient, ani: PersonDriver) -> None:
    markup = _button(callback_data="x")
    theirs = await ani.says("punya Ani")
    sent = await raw.result("sendMessage", chat_id=ani.id, text="satu", reply_markup=markup)
    photo = await raw.result("sendPhoto", chat_id=ani.id, photo=ani.world.files.add("photo", PNG).id)
    mine = {"chat_id": ani.id, "message_id": sent["message_id"]}

    async def refused(method: str, **params: Any) -> str:
        return await raw.refusal(method, **{**mine, **params})

    assert await refused("editMessageText", text="satu", reply_markup=markup) == NOT_MODIFIED
    assert await refused("editMessageReplyMarkup", reply_markup=markup) == NOT_MODIFIED
    assert await refused("editMessageText", text="x", message_id=9999) == (
        "Bad Request: message to edit not found"
    )
    assert await refused("editMessageText", text="x", message_id="") == (
        "Bad Request: message to edit not found"
    )
    assert await refused("editMessageText", text="x", chat_id="", message_id="") == (
        "Bad Request: message identifier is not specified"
    )
    assert await refused("editMessageText", text="x", message_id=theirs.id) == (
        "Bad Request: message can't be edited"
    )
    assert await refused("editMessageText", text="x", message_id=photo["message_id"]) == (
        "Bad Request: there is no text in the message to edit"
    )
    assert await refused("editMessageCaption", caption="x") == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert await refused("editMessageText", text="") == "Bad Request: message text is empty"
    edited = await raw.result("editMessageText", **mine, text="satu")
    assert "reply_markup" not in edited


async def test_deletions(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    sent = await raw.result("sendMessage", chat_id=ani.id, text="lama")

    assert await raw.refusal("deleteMessage", chat_id=ani.id, message_id=9999) == (
        "Bad Request: message to delete not found"
    )
    tg.moves_clock(timedelta(hours=49))
    assert await raw.refusal("deleteMessage", chat_id=ani.id, message_id=sent["message_id"]) == (
        "Bad Request: message can't be deleted for everyone"
    )
    tg.moves_clock(timedelta(hours=-49))
    assert await raw.result("deleteMessage", chat_id=ani.id, message_id=sent["message_id"]) is True
    assert ani.inbox == []


async def test_a_tap_is_answered_once_and_in_time(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    await raw.result("sendMessage", chat_id=ani.id, text="x", reply_markup=_button(callback_data="x"))
    await ani.taps("Ya")
    [update] = await raw.updates()
    query_id = update["callback_query"]["id"]

    assert await raw.refusal("answerCallbackQuery", callback_query_id=query_id, text="x" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await raw.result("answerCallbackQuery", callback_query_id=query_id) is True
    assert await raw.refusal("answerCallbackQuery", callback_query_id=query_id) == TOO_OLD
    assert await raw.refusal("answerCallbackQuery", callback_query_id="123") == TOO_OLD

    await ani.taps("Ya")
    [update] = await raw.updates(offset=update["update_id"] + 1)
    tg.moves_clock(timedelta(minutes=5))
    late = await raw.refusal("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert late == TOO_OLD
    assert ani.answers == [""]


async def test_forwards_and_what_came_with_a_keyboard_are_not_edited(
    raw: RawClient, ani: PersonDriver
) -> None:
    here = {"chat_id": ani.id}
    sent = await raw.result("sendMessage", **here, text="satu")
    forward = await raw.result("forwardMessage", **here, from_chat_id=ani.id, message_id=sent["message_id"])
    question, poll = [
        await raw.result(method, **here, **content, reply_markup={"keyboard": [["Ya"]]})
        for method, content in (
            ("sendMessage", {"text": "Setuju?"}),
            ("sendPoll", {"question": "?", "options": ["a", "b"]}),
        )
    ]

    for message in (forward, question):
        asked = {**here, "message_id": message["message_id"], "text": "dua"}
        assert await raw.refusal("editMessageText", **asked) == "Bad Request: message can't be edited"
    assert await raw.refusal("stopPoll", **here, message_id=poll["message_id"]) == (
        "Bad Request: poll can't be stopped"
    )
