"""Random but well-formed updates of every kind, built from the types of the Bot API.

aiogram's models say which fields there are and of what type; that they are not ours is the point: the simulator and
the bot read what an independent description of the API allows.
"""

from __future__ import annotations

import datetime
import random
import types
import typing
from collections.abc import Iterable, Sequence
from typing import Any, Literal, Union

import aiogram.types
from aiogram.types.base import TelegramObject

JsonDict = dict[str, Any]

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "purchased_paid_media",
    "guest_message",
    "managed_bot",
)
"""Those that python-telegram-bot 22.8 knows."""

TEXTS = (
    "Halo",
    "/start",
    "/start rakor",
    "/agenda",
    "/masukan@rakor_sim_bot",
    "Bawaslu & KPU <b>",
    "😀👍🏽",
    "مرحبا",
    "\u202eterbalik",
    "x" * 300,
    "0",
    "' OR 1=1 --",
    "{nama} %s {0}",
    "a_b*c`d[",
)
_ENTITY_TYPES = ("bold", "italic", "bot_command", "url", "code", "mention", "hashtag")
_STRINGS: dict[tuple[str, str], Sequence[str]] = {
    ("Chat", "type"): ("private", "group", "supergroup", "channel"),
    ("Poll", "type"): ("regular", "quiz"),
    ("MessageEntity", "type"): _ENTITY_TYPES,
    ("Sticker", "type"): ("regular", "mask", "custom_emoji"),
    ("MaskPosition", "point"): ("forehead", "eyes", "mouth", "chin"),
    ("EncryptedPassportElement", "type"): ("phone_number", "email"),
    ("InlineQuery", "chat_type"): ("sender", "private", "group", "supergroup", "channel"),
    ("TransactionPartnerUser", "transaction_type"): ("invoice_payment",),
    ("UniqueGiftInfo", "origin"): ("upgrade", "transfer"),
    ("UniqueGiftModel", "rarity"): ("uncommon",),
}
WRITTEN = (
    "text",
    "animation",
    "audio",
    "document",
    "photo",
    "sticker",
    "story",
    "video",
    "video_note",
    "voice",
    "checklist",
    "contact",
    "dice",
    "game",
    "poll",
    "venue",
    "location",
    "paid_media",
)
"""The kinds of message that a person sends on purpose, and so expects an answer to."""

CONTENT = (
    *WRITTEN,
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "invoice",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "gift",
    "unique_gift",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "direct_message_price_changed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway",
    "giveaway_winners",
    "giveaway_completed",
    "paid_message_price_changed",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "web_app_data",
)
"""The kinds of message; each has exactly one of them."""


class RandomUpdates:
    """Updates about these people, the same for the same seed.

    ``users`` are Bot API users; a private chat is always with one of them.
    """

    def __init__(self, users: Iterable[JsonDict], groups: Iterable[JsonDict], seed: int) -> None:
        self._users = list(users)
        self._groups = list(groups)
        self._random = random.Random(seed)
        self._numbers = iter(range(1_000_000, 10**9))

    def next(self, kind: str) -> JsonDict:
        """The content of an update of this kind."""
        if kind in ("message", "edited_message"):
            return self.message(private=self._random.random() < 0.7)
        if kind == "callback_query":
            return self.callback_query()
        return self._of(_plain(aiogram.types.Update.model_fields[kind].annotation), 0)

    def message(self, *, private: bool, content: str | None = None) -> JsonDict:
        """A message with one kind of content, from somebody in a private chat or in a group."""
        user = self._random.choice(self._users)
        found: JsonDict = {
            "message_id": next(self._numbers),
            "from": user,
            "chat": _private_chat(user) if private else self._random.choice(self._groups),
            "date": 1_700_000_000 + self._random.randrange(10**8),
        }
        name = content or self._random.choice(CONTENT)
        found[name] = self._value("Message", name, aiogram.types.Message.model_fields[name].annotation, 1)
        if found[name] is False:
            found[name] = True
        if name == "text":
            self._add_entities(found)
        if (
            name in ("photo", "video", "document", "audio", "voice", "animation")
            and self._random.random() < 0.5
        ):
            found["caption"] = self._random.choice(TEXTS)
        if name == "venue":
            found["location"] = found["venue"]["location"]
        if self._random.random() < 0.15:
            found["forward_origin"] = self._of(aiogram.types.MessageOriginHiddenUser, 2)
        if name in ("photo", "video", "document", "audio") and self._random.random() < 0.3:
            found["media_group_id"] = str(next(self._numbers))
        return found

    def _add_entities(self, message: JsonDict) -> None:
        text = message["text"]
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        elif self._random.random() < 0.3:
            length = len(text.encode("utf-16-le")) // 2
            message["entities"] = [
                {"type": self._random.choice(_ENTITY_TYPES), "offset": 0, "length": length}
            ]

    def callback_query(self) -> JsonDict:
        user = self._random.choice(self._users)
        found: JsonDict = {"id": str(next(self._numbers)), "from": user, "chat_instance": "1"}
        way = self._random.randrange(4)
        if way == 0:
            found["inline_message_id"] = "abc"
        elif way == 1:
            found["message"] = {"chat": _private_chat(user), "message_id": 5, "date": 0}
        else:
            found["message"] = self.message(private=True, content="text")
        if self._random.random() < 0.9:
            found["data"] = self._random.choice((*TEXTS[:-2], "a:1", "b:x:y", "p" * 64, ":", "1"))
        else:
            found["game_short_name"] = "permainan"
        return found

    def _of(self, model: type[TelegramObject], depth: int) -> JsonDict:
        if model is aiogram.types.User:
            user: JsonDict = self._random.choice(self._users)
            return user
        if model is aiogram.types.Message:
            return self.message(private=True, content="text")
        if model is aiogram.types.Chat:
            return self._chat()
        found: JsonDict = {}
        for name, field in model.model_fields.items():
            if not field.is_required() and (depth > 3 or self._random.random() < 0.6):
                if isinstance(field.default, str | int):
                    found[field.alias or name] = field.default
                continue
            value = self._value(model.__name__, name, field.annotation, depth + 1)
            if value is not None:
                found[field.alias or name] = value
        return found

    def _chat(self) -> JsonDict:
        if self._random.random() < 0.5:
            return _private_chat(self._random.choice(self._users))
        chat: JsonDict = self._random.choice(self._groups)
        return chat

    def _value(self, owner: str, name: str, hint: Any, depth: int) -> Any:
        hint = _plain(hint)
        origin = typing.get_origin(hint)
        if origin is Literal:
            return self._random.choice(typing.get_args(hint))
        if origin in (Union, types.UnionType):
            return self._value(owner, name, self._random.choice(typing.get_args(hint)), depth)
        if origin is list:
            inner = typing.get_args(hint)[0]
            return [self._value(owner, name, inner, depth + 1) for _ in range(self._random.choice((1, 1, 2)))]
        return self._simple(owner, name, hint, depth)

    def _simple(self, owner: str, name: str, hint: Any, depth: int) -> Any:
        if (owner, name) in _STRINGS:
            return self._random.choice(_STRINGS[owner, name])
        if hint is bool:
            return self._random.random() < 0.5
        if hint is int:
            return self._random.choice((0, 1, 2, 1000))
        if hint is float:
            return self._random.choice((0.0, -2.976, 104.775))
        if hint is str:
            return self._random.choice(TEXTS)
        if hint in (datetime.datetime, datetime.timedelta):
            return 1_700_000_000
        if isinstance(hint, type) and issubclass(hint, TelegramObject):
            return self._of(hint, depth)
        raise AssertionError(f"no idea how to make {owner}.{name}: {hint!r}")


def _plain(hint: Any) -> Any:
    """The type itself, without None and without pydantic's additions."""
    if typing.get_origin(hint) is typing.Annotated:
        return _plain(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (Union, types.UnionType):
        rest = [_plain(part) for part in typing.get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007 - built at run time
    return hint


def _private_chat(user: JsonDict) -> JsonDict:
    names: JsonDict = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
    return {"id": user["id"], "type": "private", **names}
