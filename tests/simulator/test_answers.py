"""The answer of every method parses in both libraries, and neither loses or misses anything of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiogram.methods
import pydantic
import pytest
import telegram

from simulator import groups, inline, links
from simulator.bodies import Upload
from simulator.botapi import BotApi
from simulator.driver import GroupDriver, PersonDriver, Telegram
from simulator.methods import METHODS
from simulator.methods.call import Call
from tests.simulator.conftest import PNG, WEBP
from tests.simulator.parsing import lost, unknown

Params = dict[str, Any]


@dataclass
class Scene:
    """A world in which every method can succeed: the bot administers a forum and knows Ani."""

    tg: Telegram
    ani: PersonDriver
    budi: PersonDriver
    forum: GroupDriver
    api: BotApi

    def done(self, method: str, **params: Any) -> Any:
        files = {name: value for name, value in params.items() if isinstance(value, Upload)}
        given = {name: value for name, value in params.items() if name not in files}
        return self.api.run(Call(method.lower(), given, self.tg.world.now(), files))

    @property
    def sent(self) -> Params:
        """A message of the bot in the private chat, as parameters."""
        return {
            "chat_id": self.ani.id,
            "message_id": self.done("sendMessage", **self.here, text="x")["message_id"],
        }

    @property
    def live(self) -> Params:
        place = {"latitude": -2.97, "longitude": 104.77, "live_period": 600}
        return {**self.here, "message_id": self.done("sendLocation", **self.here, **place)["message_id"]}

    @property
    def here(self) -> Params:
        return {"chat_id": self.ani.id}

    @property
    def group(self) -> Params:
        return {"chat_id": self.forum.id}

    @property
    def member(self) -> Params:
        return {**self.group, "user_id": self.budi.id}

    @property
    def topic(self) -> Params:
        thread = self.done("createForumTopic", **self.group, name="Tanya")
        return {**self.group, "message_thread_id": thread["message_thread_id"]}

    @property
    def photo(self) -> str:
        return self.tg.world.files.add("photo", PNG, "a.png").id

    def film(self, **told: Any) -> Params:
        """An upload with its thumbnail, and what is told of it."""
        return {
            **self.here,
            "thumbnail": Upload("t.png", "image/png", PNG),
            "caption": "<b>x</b>",
            "parse_mode": "HTML",
            "duration": 7,
            **told,
        }

    @property
    def link(self) -> Params:
        return {
            **self.group,
            "invite_link": self.done("createChatInviteLink", **self.group, name="x")["invite_link"],
        }

    @property
    def request(self) -> Params:
        asked = self.done("createChatInviteLink", **self.group, creates_join_request=True)
        citra = self.tg.person("Citra")
        links.follow(self.tg.world, citra.id, asked["invite_link"])
        return {**self.group, "user_id": citra.id}

    @property
    def admin(self) -> Params:
        self.done("promoteChatMember", **self.member, can_pin_messages=True)
        return {**self.member, "custom_title": "Ketua"}

    @property
    def pinned(self) -> Params:
        self.done("pinChatMessage", **(sent := self.sent))
        return sent

    @property
    def poll(self) -> Params:
        found = self.done("sendPoll", **self.here, question="?", options=["a", "b"])
        return {**self.here, "message_id": found["message_id"]}

    @property
    def tapped(self) -> Params:
        return {"callback_query_id": self.tg.world.new_callback(self.ani.id, self.ani.id, 1).id}

    @property
    def later(self) -> Params:
        """No parameters, ten minutes after the launch."""
        self.tg.moves_clock(timedelta(minutes=10))
        return {}

    @property
    def queried(self) -> Params:
        self.tg.world.inline = True
        return {"inline_query_id": inline.ask(self.tg.world, self.ani.id, "x").id, "results": []}


_RICH = {
    "text": '<b>Halo</b> <a href="tg://user?id=710000001">Ani</a> https://bawaslu.go.id /agenda',
    "parse_mode": "HTML",
    "reply_markup": {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]},
    "link_preview_options": {"is_disabled": True},
    "protect_content": True,
}
_CLOSED = "closeGeneralForumTopic"
_HIDDEN = "hideGeneralForumTopic"

_RECIPES: dict[str, Callable[[Scene], Params]] = {
    "answerCallbackQuery": lambda s: s.tapped,
    "answerInlineQuery": lambda s: s.queried,
    "approveChatJoinRequest": lambda s: s.request,
    "banChatMember": lambda s: s.member,
    "close": lambda s: s.later,
    "closeForumTopic": lambda s: s.topic,
    "closeGeneralForumTopic": lambda s: s.group,
    "copyMessage": lambda s: {**s.group, "from_chat_id": s.ani.id, "message_id": s.sent["message_id"]},
    "copyMessages": lambda s: {**s.group, "from_chat_id": s.ani.id, "message_ids": [s.sent["message_id"]]},
    "createChatInviteLink": lambda s: {
        **s.group,
        "name": "Rakor",
        "member_limit": 5,
        "expire_date": 2**31 - 1,
    },
    "createForumTopic": lambda s: {**s.group, "name": "Tanya"},
    "declineChatJoinRequest": lambda s: s.request,
    "deleteChatPhoto": lambda s: (
        s.done("setChatPhoto", **s.group, photo=Upload("a.png", "", PNG)) and s.group
    ),
    "deleteForumTopic": lambda s: s.topic,
    "deleteMessage": lambda s: s.sent,
    "deleteMessages": lambda s: {**s.here, "message_ids": [s.sent["message_id"]]},
    "deleteMyCommands": lambda s: {},
    "deleteWebhook": lambda s: {},
    "editChatInviteLink": lambda s: {**s.link, "creates_join_request": True},
    "editForumTopic": lambda s: {**s.topic, "name": "Dialog"},
    "editGeneralForumTopic": lambda s: {**s.group, "name": "Umum"},
    "editMessageCaption": lambda s: {
        **s.here,
        "message_id": s.done("sendPhoto", **s.here, photo=s.photo)["message_id"],
        "caption": "<i>x</i>",
        "parse_mode": "HTML",
    },
    "editMessageLiveLocation": lambda s: {**s.live, "latitude": -2.5, "longitude": 104.5},
    "editMessageMedia": lambda s: {**s.sent, "media": {"type": "photo", "media": s.photo, "caption": "x"}},
    "editMessageReplyMarkup": lambda s: {**s.sent, "reply_markup": _RICH["reply_markup"]},
    "editMessageText": lambda s: {**s.sent, **_RICH},
    "exportChatInviteLink": lambda s: s.group,
    "forwardMessage": lambda s: {**s.group, "from_chat_id": s.ani.id, "message_id": s.sent["message_id"]},
    "forwardMessages": lambda s: {**s.group, "from_chat_id": s.ani.id, "message_ids": [s.sent["message_id"]]},
    "getChat": lambda s: (
        s.done("exportChatInviteLink", **s.group)
        and s.done("setChatPhoto", **s.group, photo=Upload("a.png", "", PNG))
        and s.group
    ),
    "getChatAdministrators": lambda s: s.admin and s.group,
    "getChatMember": lambda s: s.done("setChatAdministratorCustomTitle", **s.admin) and s.member,
    "getChatMemberCount": lambda s: s.group,
    "getChatMenuButton": lambda s: s.here,
    "getFile": lambda s: {"file_id": s.photo},
    "getForumTopicIconStickers": lambda s: {},
    "getMe": lambda s: {},
    "getMyCommands": lambda s: (
        s.done("setMyCommands", commands=[{"command": "a", "description": "b"}]) and {}
    ),
    "getMyDefaultAdministratorRights": lambda s: {},
    "getMyDescription": lambda s: {},
    "getMyName": lambda s: {},
    "getMyShortDescription": lambda s: {},
    "getUserProfilePhotos": lambda s: {"user_id": s.ani.id},
    "getWebhookInfo": lambda s: {},
    "hideGeneralForumTopic": lambda s: s.group,
    "leaveChat": lambda s: s.group,
    "logOut": lambda s: {},
    "pinChatMessage": lambda s: s.sent,
    "promoteChatMember": lambda s: {**s.member, "can_pin_messages": True},
    "reopenForumTopic": lambda s: s.done("closeForumTopic", **(topic := s.topic)) and topic,
    "reopenGeneralForumTopic": lambda s: s.done(_CLOSED, **s.group) and s.group,
    "restrictChatMember": lambda s: {**s.member, "permissions": {"can_send_messages": False}},
    "revokeChatInviteLink": lambda s: s.link,
    "sendAnimation": lambda s: s.film(animation=Upload("a.gif", "", b"GIF89a"), width=9, has_spoiler=True),
    "sendAudio": lambda s: s.film(audio=Upload("a.mp3", "", b"ID3"), performer="Paduan suara", title="Mars"),
    "sendChatAction": lambda s: {**s.here, "action": "typing"},
    "sendContact": lambda s: {
        **s.here,
        "phone_number": "+62711",
        "first_name": "Bawaslu",
        "last_name": "Kota",
    },
    "sendDocument": lambda s: {
        **s.here,
        "document": Upload("a.pdf", "", b"x"),
        "caption": "b",
        "protect_content": True,
    },
    "sendLocation": lambda s: {**s.here, "latitude": -2.9, "longitude": 104.7, "horizontal_accuracy": 5},
    "sendMediaGroup": lambda s: {**s.here, "media": [{"type": "photo", "media": s.photo}] * 2},
    "sendMessage": lambda s: {**s.topic, **_RICH},
    "sendPhoto": lambda s: {**s.here, "photo": s.photo, "caption": "x", "show_caption_above_media": True},
    "sendPoll": lambda s: {
        **s.here,
        "question": "?",
        "options": [{"text": "a"}, {"text": "b"}],
        "type": "quiz",
        "correct_option_ids": [1],
        "explanation": "<b>x</b>",
        "explanation_parse_mode": "HTML",
        "open_period": 60,
    },
    "sendSticker": lambda s: {**s.here, "sticker": Upload("a.webp", "", WEBP), "emoji": "👍"},
    "sendVenue": lambda s: {
        **s.here,
        "latitude": -2.9,
        "longitude": 104.7,
        "title": "Kantor",
        "address": "Jl. X",
    },
    "sendVideo": lambda s: s.film(video=Upload("a.mp4", "", b"x"), width=640, height=360, has_spoiler=True),
    "sendVideoNote": lambda s: {
        **s.here,
        "video_note": Upload("a.mp4", "", b"x"),
        "thumbnail": Upload("t.png", "", PNG),
        "length": 240,
        "duration": 3,
    },
    "sendVoice": lambda s: s.film(voice=Upload("a.ogg", "", b"OggS")),
    "setChatAdministratorCustomTitle": lambda s: s.admin,
    "setChatDescription": lambda s: {**s.group, "description": "x"},
    "setChatMenuButton": lambda s: {**s.here, "menu_button": {"type": "commands"}},
    "setChatPermissions": lambda s: {**s.group, "permissions": {"can_send_polls": True}},
    "setChatPhoto": lambda s: {**s.group, "photo": Upload("a.png", "image/png", PNG)},
    "setChatTitle": lambda s: {**s.group, "title": "Rakor Baru"},
    "setMessageReaction": lambda s: {**s.sent, "reaction": [{"type": "emoji", "emoji": "👍"}]},
    "setMyCommands": lambda s: {"commands": [{"command": "a", "description": "b"}]},
    "setMyDefaultAdministratorRights": lambda s: {"rights": {"can_pin_messages": True}},
    "setMyDescription": lambda s: {"description": "x"},
    "setMyName": lambda s: {"name": "x"},
    "setMyShortDescription": lambda s: {"short_description": "x"},
    "setWebhook": lambda s: {"url": "http://127.0.0.1:1/hook"},
    "stopMessageLiveLocation": lambda s: s.live,
    "stopPoll": lambda s: s.poll,
    "unbanChatMember": lambda s: s.member,
    "unhideGeneralForumTopic": lambda s: s.done(_HIDDEN, **s.group) and s.group,
    "unpinAllChatMessages": lambda s: s.pinned and s.here,
    "unpinAllForumTopicMessages": lambda s: s.topic,
    "unpinAllGeneralForumTopicMessages": lambda s: s.group,
    "unpinChatMessage": lambda s: s.pinned,
}


def test_every_method_is_tried() -> None:
    assert {name.lower() for name in _RECIPES} == set(METHODS)


@pytest.fixture
async def scene(tg: Telegram, ani: PersonDriver) -> Scene:
    budi = tg.person("Budi")
    forum = tg.group("Rakor", [ani, budi], supergroup=True)
    await forum.adds_bot(by=ani)
    await forum.promotes_bot(by=ani)
    groups.make_forum(tg.world, forum.id, ani.id)
    return Scene(tg, ani, budi, forum, tg.simulator.api)


def _reader(name: str) -> Any:
    """The class of python-telegram-bot for what aiogram's model of this name describes."""
    for prefix, base in (("ChatMember", "ChatMember"), ("MenuButton", "MenuButton")):
        if name.startswith(prefix):
            return getattr(telegram, base)
    return getattr(telegram, name)


def _check(model: Any, result: Any) -> None:
    """Compare what came with what either library made of it."""
    if isinstance(model, list):
        assert len(model) == len(result)
        for one, part in zip(model, result, strict=True):
            _check(one, part)
    elif isinstance(model, pydantic.BaseModel):
        assert unknown(model) == []
        parsed = _reader(type(model).__name__).de_json(result)
        assert lost(result, parsed.to_dict()) == []
    else:
        assert model == result


@pytest.mark.parametrize("name", sorted(_RECIPES))
async def test_the_answer_parses_in_both(scene: Scene, name: str) -> None:
    result = scene.done(name, **_RECIPES[name](scene))

    method = getattr(aiogram.methods, name[0].upper() + name[1:])
    _check(pydantic.TypeAdapter(method.__returning__).validate_python(result), result)
