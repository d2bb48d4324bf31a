"""Albums, media edits, copies and forwards."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from simulator.driver import PersonDriver, Telegram
from simulator.model import Kind
from tests.simulator.conftest import PNG, WEBP, RawClient
from tests.simulator.refusal_sources import source_of


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
    audio = {"type": "audio", "media": files.add("audio", b"x").id}
    for mixed, kind in (
        ([photo, document], "document"),
        ([audio, photo], "audio"),
        ([document, audio], "audio"),
    ):
        assert await raw.refusal("sendMediaGroup", chat_id=ani.id, media=mixed) == (
            f"Bad Request: {kind} can't be mixed with other media types"
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


async def test_films_and_pictures_share_an_album_and_change_places(raw: RawClient, ani: PersonDriver) -> None:
    files = ani.world.files
    kinds: tuple[Kind, ...] = ("photo", "video", "document", "audio", "animation")
    item: dict[str, dict[str, str]] = {
        kind: {"type": kind, "media": files.add(kind, PNG).id} for kind in kinds
    }
    mixed = await raw.result("sendMediaGroup", chat_id=ani.id, media=[item["photo"], item["video"]])
    songs = await raw.result("sendMediaGroup", chat_id=ani.id, media=[item["audio"]] * 2)

    async def becomes(message: dict[str, Any], kind: str) -> tuple[int, dict[str, Any]]:
        return await raw.answer(
            "editMessageMedia", chat_id=ani.id, message_id=message["message_id"], media=item[kind]
        )

    assert ["photo" in mixed[0], "video" in mixed[1]] == [True, True]
    _, edited = await becomes(mixed[0], "video")
    assert ("photo" in edited["result"], edited["result"]["video"]["file_id"]) == (
        False,
        item["video"]["media"],
    )
    for message, kind, refusal in (
        (mixed[1], "document", "can't change media type in the album"),
        (songs[0], "video", "can't change media type in the album"),
        (mixed[1], "animation", "message content type can't be used in an album"),
    ):
        _, body = await becomes(message, kind)
        assert body["description"] == f"Bad Request: {refusal}"
        assert source_of(body["description"])
    voice = await raw.result("sendVoice", chat_id=ani.id, voice=files.add("voice", b"x").id)
    _, body = await becomes(voice, "photo")
    assert body["description"] == "Bad Request: message media can't be edited"
    single = await raw.result("sendAnimation", chat_id=ani.id, animation=item["animation"]["media"])
    _, edited = await becomes(single, "photo")
    assert edited["result"].keys() & {"animation", "document", "photo"} == {"photo"}


FILES: tuple[tuple[str, Kind, str, str], ...] = (
    ("sendPhoto", "photo", "Photo", "photos"),
    ("sendVideo", "video", "Video", "videos"),
    ("sendAudio", "audio", "Audio", "music"),
    ("sendVoice", "voice", "VoiceNote", "voice"),
    ("sendAnimation", "animation", "Animation", "animations"),
    ("sendVideoNote", "video_note", "VideoNote", "video_notes"),
    ("sendSticker", "sticker", "Sticker", "stickers"),
    ("sendDocument", "document", "Document", "documents"),
)


@pytest.mark.parametrize(("method", "kind", "name", "folder"), FILES)
async def test_a_file_goes_up_comes_back_and_keeps_its_kind(
    raw: RawClient, ani: PersonDriver, method: str, kind: Kind, name: str, folder: str
) -> None:
    content = WEBP if kind == "sticker" else PNG
    form = aiohttp.FormData({"chat_id": str(ani.id), "duration": "7"})
    form.add_field(kind, content, filename="berkas.webp")
    async with raw.session.post(raw.url(method), data=form) as response:
        sent = (await response.json())["result"]
    found = sent[kind][-1] if kind == "photo" else sent[kind]

    again = await raw.result(method, chat_id=ani.id, **{kind: found["file_id"]})
    assert again[kind] == sent[kind]
    assert found.get("duration", 7) == 7
    path = (await raw.result("getFile", file_id=found["file_id"]))["file_path"]
    assert path.startswith(f"{folder}/")
    async with raw.session.get(f"{ani.telegram.url}/file/bot{ani.telegram.token}/{path}") as response:
        assert await response.read() == content
    for other, other_kind, other_name, _ in FILES:
        if other != method:
            assert await raw.refusal(other, chat_id=ani.id, **{other_kind: found["file_id"]}) == (
                f"Bad Request: can't use file of type {name} as {other_name}"
            )
    assert await raw.refusal(method, chat_id=ani.id) == (
        f"Bad Request: there is no {kind.replace('_', ' ')} in the request"
    )


async def test_captions_belong_to_some_kinds(raw: RawClient, ani: PersonDriver) -> None:
    files = ani.world.files
    for method, kind, _, _ in FILES:
        sent = await raw.result(method, chat_id=ani.id, caption="satu", **{kind: files.add(kind, PNG).id})
        place = {"chat_id": ani.id, "message_id": sent["message_id"], "caption": "dua"}
        if kind in ("sticker", "video_note"):
            refusal = await raw.refusal("editMessageCaption", **place)
            assert ("caption" in sent, refusal) == (
                False,
                "Bad Request: there is no caption in the message to edit",
            )
        else:
            assert (await raw.result("editMessageCaption", **place))["caption"] == "dua"


async def test_what_a_sticker_is_made_of(raw: RawClient, ani: PersonDriver) -> None:
    async def send(content: bytes) -> dict[str, Any]:
        form = aiohttp.FormData({"chat_id": str(ani.id), "emoji": "👍"})
        form.add_field("sticker", content, filename="a")
        async with raw.session.post(raw.url("sendSticker"), data=form) as response:
            found: dict[str, Any] = await response.json()
            return found

    moving = [
        [sent["is_animated"], sent["is_video"], sent["width"], sent["emoji"]]
        for sent in [
            (await send(content))["result"]["sticker"]
            for content in (WEBP, b"\x1f\x8b\x08", b"\x1aE\xdf\xa3")
        ]
    ]

    assert moving == [[False, False, 2, "👍"], [True, False, 512, "👍"], [False, True, 512, "👍"]]
    refused = (await send(PNG))["description"]
    assert (refused, source_of(refused)[:8]) == (
        "Bad Request: sticker must be a WEBP, TGS or WEBM file",
        "not seen",
    )


async def test_what_the_bot_may_send_in_a_group(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani)
    group.chat.permissions = frozenset(("can_send_messages", "can_send_videos"))
    files = ani.world.files
    words = ("photos", None, "music", "voice notes", "animations", "video notes", "stickers", "documents")
    for (method, kind, _, _), word in zip(FILES, words, strict=True):
        params = {"chat_id": group.id, kind: files.add(kind, PNG).id}
        if word is None:
            await raw.result(method, **params)
        else:
            assert await raw.refusal(method, **params) == (
                f"Bad Request: not enough rights to send {word} to the chat"
            )
    assert await raw.refusal("sendPoll", chat_id=group.id, question="?", options=["a"]) == (
        "Bad Request: not enough rights to send polls to the chat"
    )
    await raw.result("sendContact", chat_id=group.id, phone_number="1", first_name="a")


async def test_people_send_films_recordings_and_stickers(raw: RawClient, ani: PersonDriver) -> None:
    await ani.sends_video(b"film", "rapat", seconds=7)
    await ani.sends_voice(b"OggS", seconds=3)
    await ani.sends_sticker(WEBP, "👍")

    film, voice, sticker = [update["message"] for update in await raw.updates()]

    assert (film["video"]["duration"], film["caption"]) == (7, "rapat")
    assert (voice["voice"]["duration"], voice["voice"]["mime_type"]) == (3, "audio/ogg")
    assert (sticker["sticker"]["emoji"], sticker["sticker"]["is_animated"]) == ("👍", False)


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
