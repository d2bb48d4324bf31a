"""Albums, media edits, copies and forwards."""

from __future__ import annotations

import json

import aiohttp

from simulator.driver import PersonDriver
from tests.simulator.conftest import PNG, RawClient


async def test_an_album_with_attached_and_known_files(raw: RawClient, ani: PersonDriver) -> None:
    known = ani.world.files.add("photo", PNG).id
    media = [
        {"type": "photo", "media": "attach://satu", "caption": "<b>Sampul</b>", "parse_mode": "HTML"},
        {"type": "photo", "media": known},
    ]
    form = aiohttp.FormData({"chat_id": str(ani.id), "media": json.dumps(media)})
    form.add_field("satu", PNG, filename="satu.png", content_type="image/png")
    async with raw.session.post(raw.url("sendMediaGroup"), data=form) as response:
        first, second = (await response.json())["result"]

    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], first["caption_entities"][0]["type"]) == ("Sampul", "bold")
    assert second["photo"][-1]["file_id"] == known


async def test_album_limits(raw: RawClient, ani: PersonDriver) -> None:
    one = [{"type": "photo", "media": "x"}]

    for media, refusal in (
        (None, 'parameter "media" is required'),
        ([], "there are no messages to send"),
        ([{"type": "photo"}], "can't parse InputMedia: media not found"),
        ([{"type": "photo", "media": "attach://x"}], "can't parse InputMedia: media not found"),
        ([{"type": "sticker", "media": "x"}], 'can\'t parse InputMedia: type "sticker" is unsupported'),
        (
            [{"type": "animation", "media": "x"}],
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
    ):
        assert await raw.refusal("sendMediaGroup", chat_id=ani.id, media=media) == f"Bad Request: {refusal}"
    files = ani.world.files
    photo = {"type": "photo", "media": files.add("photo", PNG).id}
    document = {"type": "document", "media": files.add("document", b"x").id}
    assert await raw.refusal("sendMediaGroup", chat_id=ani.id, media=[photo] * 11) == (
        "Bad Request: too many messages to send as an album"
    )
    assert await raw.refusal("sendMediaGroup", chat_id=ani.id, media=[photo, document]) == (
        "Bad Request: document can't be mixed with other media types"
    )
    assert await raw.refusal("sendMediaGroup", chat_id=ani.id, media=one * 2) == (
        "Bad Request: wrong file identifier/HTTP URL specified"
    )
    assert ani.inbox == []


async def test_a_picture_can_be_replaced(raw: RawClient, ani: PersonDriver) -> None:
    files = ani.world.files
    old, new = files.add("photo", PNG), files.add("photo", PNG + b"\0")
    sent = await raw.result("sendPhoto", chat_id=ani.id, photo=old.id, caption="lama")
    place = {"chat_id": ani.id, "message_id": sent["message_id"]}

    edited = await raw.result(
        "editMessageMedia", **place, media={"type": "photo", "media": new.id, "caption": "baru"}
    )

    assert (edited["photo"][-1]["file_id"], edited["caption"]) == (new.id, "baru")
    again = await raw.refusal(
        "editMessageMedia", **place, media={"type": "photo", "media": new.id, "caption": "baru"}
    )
    assert again.startswith("Bad Request: message is not modified")
    await raw.result("editMessageCaption", **place, caption="lain")
    assert ani.inbox == ["lain"]


async def test_copies_lose_their_origin_and_forwards_keep_it(raw: RawClient, ani: PersonDriver) -> None:
    theirs = await ani.says("usul saya")
    place = {"chat_id": ani.id, "from_chat_id": ani.id, "message_id": theirs.id}

    copied = await raw.result("copyMessage", **place)
    copy = ani.last.data
    forward = await raw.result("forwardMessage", **place)

    assert copied == {"message_id": copy["message_id"]}
    assert (copy["text"], "forward_origin" in copy) == ("usul saya", False)
    assert (forward["text"], forward["forward_origin"]["sender_user"]["id"]) == ("usul saya", ani.id)


async def test_protected_content_is_neither_copied_nor_forwarded(raw: RawClient, ani: PersonDriver) -> None:
    sent = await raw.result("sendMessage", chat_id=ani.id, text="x", protect_content=True)
    place = {"chat_id": ani.id, "from_chat_id": ani.id, "message_id": sent["message_id"]}

    assert await raw.refusal("copyMessage", **place) == "Bad Request: the message can't be copied"
    assert await raw.refusal("forwardMessage", **place) == "Bad Request: the message can't be forwarded"


async def test_several_at_once_pass_over_what_is_gone(raw: RawClient, ani: PersonDriver) -> None:
    first, second = await ani.says("satu"), await ani.says("dua")
    numbers = [first.id, second.id, 9999]

    copied = await raw.result("copyMessages", chat_id=ani.id, from_chat_id=ani.id, message_ids=numbers)

    assert len(copied) == 2
    assert ani.inbox == ["satu", "dua"]
    await raw.result("deleteMessages", chat_id=ani.id, message_ids=[m["message_id"] for m in copied])
    assert ani.inbox == []


async def test_quotes_must_be_in_the_message(raw: RawClient, ani: PersonDriver) -> None:
    theirs = await ani.says("😀 netralitas ASN")

    sent = await raw.result(
        "sendMessage",
        chat_id=ani.id,
        text="Baik",
        reply_parameters={"message_id": theirs.id, "quote": "netralitas"},
    )
    refused = await raw.refusal(
        "sendMessage", chat_id=ani.id, text="x", reply_parameters={"message_id": theirs.id, "quote": "lain"}
    )

    assert sent["quote"] == {"text": "netralitas", "position": 3, "is_manual": True}
    assert refused == "Bad Request: QUOTE_TEXT_INVALID"
