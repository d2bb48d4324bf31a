"""The things a world is made of: people, chats, members, messages, stored files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from simulator.wire import JsonDict

Kind = Literal[
    "photo", "document", "video", "audio", "voice", "animation", "video_note", "sticker", "thumbnail"
]
"""Kinds of files; all but thumbnails are also the fields of the messages that show them."""
ChatType = Literal["private", "group", "supergroup"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account.

    ``started`` turns true with the first message to the bot and stays so; ``met`` means that the
    bot knows of them from a group, which decides between the two refusals for writing first.
    ``in_crowd`` marks those whom ``crowd.Crowd`` moves; the page does not list them.
    """

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "id"
    phone: str = ""
    role_label: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    met: bool = False
    in_crowd: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    def user(self) -> JsonDict:
        """The Bot API ``User``."""
        user: JsonDict = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


@dataclass(slots=True)
class Member:
    """A place in a group.

    ``rights`` are the Bot API's names of what an administrator may do, and of what is left to somebody
    restricted; ``until`` is the Unix time at which a restriction or a ban ends, 0 for never.
    """

    user_id: int
    status: Status = "member"
    rights: set[str] = field(default_factory=set)
    is_anonymous: bool = False
    custom_title: str = ""
    until: int = 0

    @property
    def is_inside(self) -> bool:
        return self.status not in ("left", "kicked")

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)


def clean_name(name: str, limit: int) -> str:
    """A title as Telegram keeps it: on one line, at most so many characters: TDLib, misc.cpp, clean_name."""
    return " ".join(name.split())[:limit].strip()


@dataclass(slots=True)
class Topic:
    """A topic of a forum; ``is_hidden`` is for the general one alone, which nobody created."""

    id: int
    name: str
    creator_id: int = 0
    is_closed: bool = False
    is_hidden: bool = False


@dataclass(slots=True)
class InviteLink:
    """A way into a group; ``joined`` and ``asking`` are the people who took it and who wait for an answer.

    ``expire_date`` is a Unix time and ``member_limit`` a number of people; 0 means none.
    """

    url: str
    creator_id: int
    name: str = ""
    expire_date: int = 0
    member_limit: int = 0
    creates_join_request: bool = False
    is_primary: bool = False
    is_revoked: bool = False
    joined: set[int] = field(default_factory=set)
    asking: set[int] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat (its id is the person's) or a group.

    ``messages`` is ordered from old to new and bounded; ``keyboards`` and ``unread`` are by viewer,
    ``unread_topics`` by viewer and topic (a forum's own count, which ``unread`` contains).
    ``permissions`` are what members may do, by the Bot API's names; None for all that ``may_send`` leaves them.
    """

    id: int
    type: ChatType
    person: Person | None = None
    title: str = ""
    username: str | None = None
    description: str = ""
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    keyboards: dict[int, JsonDict] = field(default_factory=dict)
    unread: dict[int, int] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    may_send: bool = True
    permissions: frozenset[str] | None = None
    photo: StoredFile | None = None
    invite_links: dict[str, InviteLink] = field(default_factory=dict)
    general: Topic = field(default_factory=lambda: Topic(1, "General"))
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    unread_topics: dict[tuple[int, int], int] = field(default_factory=dict)
    last_message_id: int = 0

    @property
    def is_private(self) -> bool:
        return self.person is not None

    def json(self) -> JsonDict:
        """The Bot API ``Chat``."""
        person = self.person
        if person is not None:
            chat: JsonDict = {"id": self.id, "first_name": person.first_name, "type": "private"}
            if person.last_name:
                chat["last_name"] = person.last_name
            if person.username:
                chat["username"] = person.username
            return chat
        chat = {"id": self.id, "title": self.title, "type": self.type}
        if self.username:
            chat["username"] = self.username
        if self.is_forum:
            chat["is_forum"] = True
        return chat

    def lets_write(self, user_id: int, right: str = "can_send_messages") -> bool:
        """Whether a member may send: always as an administrator, else by the group's and their own rights."""
        member = self.members.get(user_id)
        if member is None or not member.is_inside:
            return False
        if member.is_admin:
            return True
        granted = self.may_send if self.permissions is None else right in self.permissions
        return granted and (member.status != "restricted" or right in member.rights)

    def lets_write_in(self, topic: Topic, user_id: int) -> bool:
        """Whether a member may write in this topic; when it is closed, only who manages topics or opened it may.

        Source: tdlib/td, td/generate/scheme/td_api.tl, forumTopicInfo.is_closed.
        """
        member = self.members.get(user_id)
        is_in_charge = member is not None and member.may("can_manage_topics")
        return not topic.is_closed or is_in_charge or topic.creator_id == user_id

    def inside(self) -> list[Member]:
        """Members who are in the chat now, the bot among them."""
        return [member for member in self.members.values() if member.is_inside]


@dataclass(slots=True, eq=False)
class Message:
    """A message; ``data`` is the Bot API ``Message`` that a bot gets of it.

    ``reaction`` is the bot's emoji, ``reactions`` are those of people. ``had_keyboard`` tells that it was sent with
    a reply keyboard, with the removal of one, or with a forced reply.
    """

    id: int
    chat: Chat = field(repr=False)
    sender_id: int
    date: int
    data: JsonDict
    service: bool = False
    deleted: bool = False
    had_keyboard: bool = False
    reaction: str | None = None
    reactions: dict[int, str] = field(default_factory=dict)

    @property
    def topic_id(self) -> int:
        """The forum topic that it belongs to; 0 is the general one, and every message outside of forums."""
        return int(self.data.get("message_thread_id", 0)) if self.data.get("is_topic_message") else 0

    @property
    def text(self) -> str:
        """The text or the caption, empty when there is neither."""
        found = self.data.get("text")
        return str(found if found is not None else self.data.get("caption", ""))

    def buttons(self) -> list[list[JsonDict]]:
        markup = self.data.get("reply_markup")
        if not markup:
            return []
        rows: list[list[JsonDict]] = markup["inline_keyboard"]
        return rows


def live_until(message: Message) -> int:
    """The Unix time at which its location stops to be live; 0 when it never was."""
    period: int = message.data.get("location", {}).get("live_period", 0)
    return message.date + period if period else 0


def standing(location: JsonDict) -> JsonDict:
    """A Bot API ``Location`` that moves no more."""
    moving = ("live_period", "heading", "proximity_alert_radius")
    return {name: value for name, value in location.items() if name not in moving}


@dataclass(slots=True, eq=False)
class StoredFile:
    """A file that Telegram keeps; ``path`` is what getFile answers, below the bot's file address.

    ``width`` and ``height`` are read from a picture, 0 for all else; ``about`` is what the sender told.
    """

    id: str
    unique_id: str
    kind: Kind
    content: bytes
    name: str
    mime: str
    path: str
    width: int = 0
    height: int = 0
    about: JsonDict = field(default_factory=dict)
    thumbnail: StoredFile | None = None


@dataclass(slots=True)
class Poll:
    """A poll with everybody's votes: by person, the numbers of the chosen options."""

    data: JsonDict
    message: Message
    votes: dict[int, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class CallbackQuery:
    """A tap that waits for its answer; ``at`` is the loop's time, ``asked_at`` the world's."""

    id: str
    person_id: int
    chat_id: int
    message_id: int
    asked_at: float


@dataclass(slots=True)
class InlineQuery:
    """A query from a chat's input line; ``results`` are None until the bot has answered.

    ``button`` is the Bot API's InlineQueryResultsButton above them.
    """

    id: str
    person_id: int
    query: str
    asked_at: float
    results: list[JsonDict] | None = None
    button: JsonDict | None = None


@dataclass(slots=True, frozen=True)
class Event:
    """Something that a screen would show; the page and the driver listen to these."""

    type: str
    chat_id: int | None = None
    viewer: int | None = None
    message: Message | None = None
    message_id: int | None = None
    text: str | None = None
    alert: bool = False
