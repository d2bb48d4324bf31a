"""The state of an embedded Telegram: who there is, which chats, what was written.

What people do is in ``people`` and ``groups``, what the bot does in ``methods``; both change the
world through the few operations here, so that every change reaches the bot's queue and the screens.
"""

from __future__ import annotations

import itertools
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.commands import CommandMenus
from simulator.errors import bad_request
from simulator.faults import Faults
from simulator.files import FileStore
from simulator.model import CallbackQuery, Chat, Event, InlineQuery, Member, Message, Person, Poll
from simulator.polls import Polls
from simulator.updates import UpdateQueue
from simulator.webhook import Webhook
from simulator.wire import JsonDict

DEFAULT_TOKEN = "7100000000:SIMULATED-this-token-opens-nothing-000"
FIRST_PERSON_ID = 710_000_001
FIRST_GROUP_ID = -4_000_000_001
FIRST_SUPERGROUP_ID = -1_002_000_000_001
CALLBACK_LIFETIME_SECONDS = 150
"""How long a tap can be answered; Telegram documents no figure, this is what is seen in practice."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class World:
    """One bot and everybody around it.

    Args:
        token: what the bot must show.
        now: the time; moments in messages come from it.
        on_clock_moved: told the new total offset after ``move_clock``. A program that should follow
            the clock uses ``world.now`` as its own.
        on_reset: called after everything was emptied, to fill the world again. Without it a reset
            keeps the people and groups and forgets what was written.
        message_limit: messages kept in all; the oldest are forgotten.
        inline: whether the bot is in inline mode.
        privacy: whether the bot sees only what concerns it in groups (Telegram's privacy mode).
    """

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        bot_name: str = "Rakor Bot",
        bot_username: str = "rakor_sim_bot",
        now: Callable[[], datetime] = utc_now,
        on_clock_moved: Callable[[timedelta], None] | None = None,
        on_reset: Callable[[], Awaitable[None] | None] | None = None,
        message_limit: int = 20_000,
        chat_limit: int = 2_000,
        privacy: bool = True,
        inline: bool = False,
        locale: str = "id",
        seed: int = 0,
    ) -> None:
        self.token = token
        self.bot_id = int(token.partition(":")[0])
        self.bot_name = bot_name
        self.bot_username = bot_username
        self.bot_texts: dict[tuple[str, str], str] = {}
        self.privacy = privacy
        self.inline = inline
        self.locale = locale
        self.suggested: tuple[int, str] | None = None
        self.on_clock_moved = on_clock_moved
        self.on_reset = on_reset
        self._base_now = now
        self._offset = timedelta()
        self._message_limit = message_limit
        self._chat_limit = chat_limit
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.polls = Polls(lambda: self.now().timestamp(), self._poll_closed)
        self.callbacks: dict[str, CallbackQuery] = {}
        self.inline_queries: dict[str, InlineQuery] = {}
        self.menu_buttons: dict[int, JsonDict] = {}
        self.default_rights: dict[bool, set[str]] = {}
        self.launched_at = int(now().timestamp())
        self.logged_out_until = 0
        self.files = FileStore()
        self.menus = CommandMenus()
        self.faults = Faults(seed=seed)
        self.updates = UpdateQueue(lambda: self.now().timestamp())
        self.updates.duplicates = self.faults.duplicates
        self.updates.repeats = self.faults.repeats
        self.webhook = Webhook(self.updates, self.faults, lambda: self.now().timestamp())
        self.before_reset: list[Callable[[], Awaitable[None]]] = []
        self._listeners: list[Callable[[Event], None]] = []
        self._order: deque[Message] = deque()
        self._message_ids = itertools.count(1)
        self._callback_ids = itertools.count(1)
        self._person_ids: Iterator[int] = itertools.count(FIRST_PERSON_ID)
        self._group_ids: Iterator[int] = itertools.count(FIRST_GROUP_ID, -1)
        self._supergroup_ids: Iterator[int] = itertools.count(FIRST_SUPERGROUP_ID, -1)
        self._callback_salt = secrets.randbelow(10**9) + 10**9

    def now(self) -> datetime:
        """The world's time, aware, with what ``move_clock`` added."""
        return self._base_now() + self._offset

    def timestamp(self) -> int:
        return int(self.now().timestamp())

    @property
    def clock_offset(self) -> timedelta:
        return self._offset

    def move_clock(self, offset: timedelta) -> None:
        """Set how far the world's time is from the real one."""
        self._offset = offset
        self.polls.close_due()
        if self.on_clock_moved is not None:
            self.on_clock_moved(offset)

    def _poll_closed(self, poll: Poll) -> None:
        self.updates.put("poll", poll.data, lane=0)
        self.changed(poll.message)

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``listener`` with each event; the returned function ends that."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def emit(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    def bot_user(self) -> JsonDict:
        """The bot as ``User`` in messages (getMe tells more)."""
        return {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": self.bot_name,
            "username": self.bot_username,
        }

    def user(self, user_id: int) -> JsonDict:
        return self.bot_user() if user_id == self.bot_id else self.people[user_id].user()

    def name_of(self, user_id: int) -> str:
        return self.bot_name if user_id == self.bot_id else self.people[user_id].name

    def add_person(
        self,
        first_name: str,
        last_name: str | None = None,
        *,
        username: str | None = None,
        language_code: str | None = "id",
        role_label: str = "",
        phone: str = "",
        person_id: int | None = None,
        in_crowd: bool = False,
    ) -> Person:
        number = next(self._person_ids) if person_id is None else person_id
        person = Person(
            id=number,
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            role_label=role_label,
            phone=phone or f"+62812{number % 100_000_000:08d}",
            in_crowd=in_crowd,
        )
        self.people[number] = person
        self.chats[number] = Chat(id=number, type="private", person=person, members={number: Member(number)})
        if not in_crowd:
            self.emit(Event("people"))
        return person

    def new_group(self, title: str, *, supergroup: bool = False) -> Chat:
        """An empty group; ``groups.create`` puts people into it."""
        number = next(self._supergroup_ids if supergroup else self._group_ids)
        chat = Chat(id=number, type="supergroup" if supergroup else "group", title=title)
        self.chats[number] = chat
        return chat

    def groups(self) -> list[Chat]:
        """Groups that are in use; those that became supergroups are left out."""
        return [chat for chat in self.chats.values() if not chat.is_private and chat.migrated_to is None]

    def chat_for(self, raw: object) -> Chat:
        """The chat that a call names by id or by ``@username``.

        Raises:
            ApiError: there is none.
        """
        if raw is None or raw == "":
            raise bad_request("chat_id is empty")
        chat: Chat | None = None
        text = str(raw)
        if text.startswith("@"):
            name = text[1:].lower()
            chat = next((c for c in self.chats.values() if c.username and c.username.lower() == name), None)
        elif text.lstrip("-").isdigit():
            chat = self.chats.get(int(text))
        if chat is None or (chat.person is not None and not (chat.person.started or chat.person.met)):
            raise bad_request("chat not found")
        if chat.person is None and self.bot_id not in chat.members:
            raise bad_request("chat not found")
        return chat

    def bot_member(self, chat: Chat) -> Member:
        """The bot's place in a group; status ``left`` when it was never there."""
        return chat.members.get(self.bot_id) or Member(self.bot_id, "left")

    def new_message(self, chat: Chat, sender_id: int, content: JsonDict, *, service: bool = False) -> Message:
        """Write a message into a chat, show it on the screens and return it.

        ``content`` holds the Bot API's fields beyond ``message_id``, ``from``, ``chat``, ``date``.
        """
        if chat.type == "supergroup":
            chat.last_message_id += 1
            message_id = chat.last_message_id
        else:
            message_id = next(self._message_ids)
        date = self.timestamp()
        data: JsonDict = {
            "message_id": message_id,
            "from": self.user(sender_id),
            "chat": chat.json(),
            "date": date,
        }
        data.update(content)
        message = Message(message_id, chat, sender_id, date, data, service)
        self._keep(message)
        unread = chat.unread
        for member in chat.members.values():
            if member.user_id != sender_id and member.user_id != self.bot_id and member.is_inside:
                unread[member.user_id] = unread.get(member.user_id, 0) + 1
                if chat.is_forum:
                    place = member.user_id, message.topic_id
                    chat.unread_topics[place] = chat.unread_topics.get(place, 0) + 1
        if self._listeners:
            self.emit(Event("message", chat.id, message=message))
        return message

    def _keep(self, message: Message) -> None:
        messages = message.chat.messages
        messages[message.id] = message
        if len(messages) > self._chat_limit:
            del messages[next(iter(messages))]
        self._order.append(message)
        if len(self._order) > self._message_limit:
            oldest = self._order.popleft()
            if oldest.chat.messages.get(oldest.id) is oldest:
                del oldest.chat.messages[oldest.id]

    def message_count(self) -> int:
        return sum(len(chat.messages) for chat in self.chats.values())

    def changed(self, message: Message) -> None:
        """Tell the screens that a message reads differently now."""
        self.emit(Event("edit", message.chat.id, message=message, message_id=message.id))

    def delete(self, message: Message) -> None:
        message.deleted = True
        _forget_unread(message)
        message.chat.messages.pop(message.id, None)
        if message.id in message.chat.pinned:
            message.chat.pinned.remove(message.id)
        self.emit(Event("delete", message.chat.id, message=message, message_id=message.id))

    def reply_json(self, replied: Message) -> JsonDict:
        """A message as it appears inside its answer: without its own ``reply_to_message``."""
        return {name: value for name, value in replied.data.items() if name != "reply_to_message"}

    def new_callback(self, person_id: int, chat_id: int, message_id: int) -> CallbackQuery:
        number = self.new_query_id()
        query = CallbackQuery(number, person_id, chat_id, message_id, self.now().timestamp())
        self.callbacks[number] = query
        if len(self.callbacks) > 50_000:
            del self.callbacks[next(iter(self.callbacks))]
        return query

    def new_query_id(self) -> str:
        return f"{self._callback_salt}{next(self._callback_ids):010d}"

    def take_callback(self, query_id: str) -> CallbackQuery | None:
        """The tap to answer, once; None when it was answered, is too old or never was."""
        query = self.callbacks.pop(query_id, None)
        if query is None or self.now().timestamp() - query.asked_at > CALLBACK_LIFETIME_SECONDS:
            return None
        return query

    async def reset(self) -> None:
        """Forget what was written, set the clock right, then let ``on_reset`` fill the world again.

        Ids of messages and updates go on, so that a bot that remembers the last ones is not misled.
        """
        if self._offset:
            self.move_clock(timedelta())
        for listener in self.before_reset:
            await listener()
        self.updates.drop_all()
        self.callbacks.clear()
        self.inline_queries.clear()
        self.polls.clear()
        self.files.clear()
        self._order.clear()
        self.menus.forget_chats()
        self.logged_out_until = 0
        if self.on_reset is not None:
            self.people.clear()
            self.chats.clear()
            self.suggested = None
            self._person_ids = itertools.count(FIRST_PERSON_ID)
            self._group_ids = itertools.count(FIRST_GROUP_ID, -1)
            self._supergroup_ids = itertools.count(FIRST_SUPERGROUP_ID, -1)
            filled = self.on_reset()
            if filled is not None:
                await filled
        else:
            for person in self.people.values():
                person.started = person.blocked = False
            for chat in self.chats.values():
                chat.messages.clear()
                chat.keyboards.clear()
                chat.unread.clear()
                chat.unread_topics.clear()
                chat.pinned.clear()
        self.emit(Event("reset"))


def _forget_unread(message: Message) -> None:
    """Take a message that goes out of the counts of those who have not read it."""
    chat = message.chat
    newer = [
        other.sender_id
        for other in chat.messages.values()
        if other.id >= message.id and other.topic_id == message.topic_id
    ]
    for viewer in list(chat.unread):
        place = viewer, message.topic_id
        count = chat.unread_topics.get(place, 0) if chat.is_forum else chat.unread[viewer]
        if message.sender_id != viewer and sum(sender != viewer for sender in newer) <= count:
            _count_down(chat.unread, viewer)
            _count_down(chat.unread_topics, place)


def _count_down(counts: dict[Any, int], key: object) -> None:
    if counts.get(key, 0) > 1:
        counts[key] -= 1
    else:
        counts.pop(key, None)
