"""People and groups as tests speak of them; ``driver.Telegram`` makes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator import changes, groups, people
from simulator.model import ADMIN_RIGHTS, Chat, Kind, Message, Person
from simulator.transcript import Seen
from simulator.wire import JsonDict

if TYPE_CHECKING:
    from simulator.driver import Telegram

Text = str | re.Pattern[str]
"""What to look for: a part of the text, or a pattern found in it."""


class NotSeen(AssertionError):
    """What a test waited for did not happen in time."""


WINDOW_LENGTH = 100
"""Each entry keeps its message in memory, also after the world has forgotten it."""


class Window:
    """What the bot wrote into one chat, the latest ``WINDOW_LENGTH`` entries, and how far it was read."""

    def __init__(self) -> None:
        self.entries: list[Seen] = []
        self.read = 0

    def note(self, message: Message, *, edited: bool) -> None:
        """Take down what a message says now; votes and reactions, which change no word, are left out."""
        if edited:
            known = next((entry for entry in reversed(self.entries) if entry.id == message.id), None)
            if known is not None and known.data is message.data:
                return
        self.entries.append(Seen.of(message, edited=edited))
        if len(self.entries) > WINDOW_LENGTH:
            del self.entries[0]
            self.read = max(0, self.read - 1)

    def next(self, text: Text) -> Seen | None:
        """The first unread entry with this text; all up to it are read then."""
        for number in range(self.read, len(self.entries)):
            entry = self.entries[number]
            if entry.matches(text):
                self.read = number + 1
                return entry
        return None


class _ChatDriver:
    """What people and groups have in common: a chat in which the bot writes."""

    def __init__(self, telegram: Telegram, chat: Chat) -> None:
        self.telegram = telegram
        self.world = telegram.world
        self.chat = chat
        self._window = telegram.window(chat)

    @property
    def inbox(self) -> list[str]:
        """The texts of the bot's messages as they read now, oldest first."""
        return [
            message.text
            for message in self.chat.messages.values()
            if message.sender_id == self.world.bot_id and not message.service
        ]

    @property
    def last(self) -> Message:
        """The bot's latest message in this chat."""
        found = next(
            (m for m in reversed(self.chat.messages.values()) if m.sender_id == self.world.bot_id), None
        )
        if found is None:
            raise NotSeen(f"the bot wrote nothing here\n\n{self.telegram.transcript}")
        return found

    async def sees(self, text: Text, *, timeout_seconds: float | None = None) -> Seen:
        """Wait for a message or an edit of the bot that holds ``text`` and was not seen yet.

        What came before it counts as seen too.

        Raises:
            NotSeen: it did not come in time.
        """
        found: list[Seen] = []

        def arrived() -> bool:
            entry = self._window.next(text)
            if entry is not None:
                found.append(entry)
            return bool(found)

        shown = text.pattern if isinstance(text, re.Pattern) else text
        await self.telegram.until(
            arrived,
            f"{self._name} sees {shown!r}",
            timeout_seconds=timeout_seconds,
            chat_id=self.chat.id,
        )
        return found[0]

    @property
    def unseen(self) -> list[str]:
        """Texts of what the bot wrote or edited since the last ``sees`` or tap."""
        return [entry.text for entry in self._window.entries[self._window.read :]]

    @property
    def _name(self) -> str:
        return self.chat.title or (self.chat.person.name if self.chat.person else "")

    async def _tap(self, person_id: int, label: str, message: Seen | Message | None) -> None:
        data = ""
        target: Message | None = None

        def found() -> bool:
            nonlocal data, target
            hit = _button(self.chat, self.world.bot_id, label, message)
            if hit is not None:
                target, data = hit
            return hit is not None

        await self.telegram.until(found, f"{self._name} finds a button {label!r}", chat_id=self.chat.id)
        assert target is not None
        self._window.read = len(self._window.entries)
        people.call_back(self.world, person_id, target, data)


def _button(chat: Chat, bot_id: int, label: str, within: Seen | Message | None) -> tuple[Message, str] | None:
    """The newest message with such a button and its data; the exact label wins over a part of it."""
    if isinstance(within, Seen):
        candidates = [(within.message, within.rows)]
    elif within is not None:
        candidates = [(within, within.buttons())]
    else:
        candidates = [(m, m.buttons()) for m in reversed(chat.messages.values()) if m.sender_id == bot_id]
    for matches in (label.__eq__, lambda text: label in text):
        for message, rows in candidates:
            for row in rows:
                for button in row:
                    if "callback_data" in button and matches(button["text"]):
                        return message, button["callback_data"]
    return None


class PersonDriver(_ChatDriver):
    """Somebody, in their private chat with the bot."""

    def __init__(self, telegram: Telegram, person: Person) -> None:
        super().__init__(telegram, telegram.world.chats[person.id])
        self.person = person
        self.id = person.id
        self._last_tap: tuple[Message, str] | None = None

    async def start(self, payload: str = "") -> Message:
        return people.start(self.world, self.id, payload)

    async def says(self, text: str, *, reply_to: Seen | Message | None = None) -> Message:
        return people.say(self.world, self.id, self.chat.id, text, reply_to=reply_to.id if reply_to else None)

    async def edits(self, message: Message, text: str) -> Message:
        """Change a message that this person wrote."""
        return changes.edit(self.world, self.id, message.chat.id, message.id, text)

    async def taps(self, label: str, *, message: Seen | Message | None = None) -> None:
        """Tap an inline button, of the newest message that has one or of this message.

        A ``Seen`` keeps its buttons: tapping them later is what a client does with an old screen.

        Raises:
            NotSeen: no such button appeared in time.
        """
        await self._tap(self.id, label, message)

    def forges_callback(self, data: str, message_id: int | None = None) -> None:
        """Send a callback query with any data, for a message that may not exist."""
        if message_id is None:
            found = next(
                (m for m in reversed(self.chat.messages.values()) if m.sender_id == self.world.bot_id),
                None,
            )
        else:
            found = self.chat.messages.get(message_id)
        if found is None:
            found = Message(message_id or 1, self.chat, self.world.bot_id, 0, {}, deleted=True)
        people.call_back(self.world, self.id, found, data)

    def repeats_tap(self) -> None:
        """The latest tap again under a new update id, as clients do after a reconnect."""
        found = self.world.updates.latest("callback_query", self.id)
        message = self.chat.messages.get(found["message"]["message_id"])
        if message is None:
            message = Message(
                found["message"]["message_id"], self.chat, self.world.bot_id, 0, {}, deleted=True
            )
        people.call_back(self.world, self.id, message, found["data"])

    async def presses(self, label: str) -> Message:
        """Press a button of the reply keyboard as soon as it is there."""

        def shown() -> bool:
            return any(label == text for row in self.keyboard for text in row)

        await self.telegram.until(shown, f"{self._name} has a key {label!r}", chat_id=self.chat.id)
        self._window.read = len(self._window.entries)
        return people.press(self.world, self.id, self.chat.id, label)

    async def shares_contact(self, contact: JsonDict | None = None) -> Message:
        return people.share_contact(self.world, self.id, self.chat.id, contact)

    async def shares_location(self, latitude: float, longitude: float) -> Message:
        return people.share_location(self.world, self.id, self.chat.id, latitude, longitude)

    async def sends_photo(self, content: bytes, caption: str = "") -> Message:
        return people.send_file(self.world, self.id, self.chat.id, "photo", content, caption=caption)

    async def sends_document(
        self, name: str, content: bytes, *, mime: str = "", caption: str = ""
    ) -> Message:
        return people.send_file(
            self.world,
            self.id,
            self.chat.id,
            "document",
            content,
            name=name,
            mime=mime,
            caption=caption,
        )

    async def sends_video(self, content: bytes, caption: str = "", *, seconds: int = 1) -> Message:
        return self._sends_file("video", content, "video.mp4", seconds, caption)

    async def sends_voice(self, content: bytes, *, seconds: int = 1) -> Message:
        """A recording, Ogg with Opus as clients make it."""
        return self._sends_file("voice", content, "", seconds)

    async def sends_sticker(self, content: bytes, emoji: str = "🙂") -> Message:
        return people.send_file(self.world, self.id, self.chat.id, "sticker", content, about={"emoji": emoji})

    def _sends_file(self, kind: Kind, content: bytes, name: str, seconds: int, caption: str = "") -> Message:
        about = {"duration": seconds}
        return people.send_file(
            self.world, self.id, self.chat.id, kind, content, name=name, caption=caption, about=about
        )

    async def sends(self, content: JsonDict) -> Message:
        """Send any other kind of message by its Bot API fields, such as ``{"dice": {…}}``."""
        return people.send_content(self.world, self.id, self.chat.id, content)

    async def votes(self, message: Seen | Message, *options: int) -> None:
        changes.vote(self.world, self.id, self.chat.id, message.id, list(options))

    def blocks_bot(self) -> None:
        people.block(self.world, self.id, blocked=True)

    def unblocks_bot(self) -> None:
        people.block(self.world, self.id, blocked=False)

    def deletes_account(self) -> None:
        self.person.deactivated = True

    async def is_told(self, text: Text) -> str:
        """Wait for an answer to a tap (the toast or the alert) that holds ``text``, and return it."""
        found: list[str] = []

        def told() -> bool:
            found[:] = [a for a in self.answers if _holds(a, text)]
            return bool(found)

        shown = text.pattern if isinstance(text, re.Pattern) else text
        await self.telegram.until(told, f"{self._name} is told {shown!r}", chat_id=self.chat.id)
        return found[-1]

    @property
    def answers(self) -> list[str]:
        """Texts of the answers to this person's taps, oldest first; empty for a silent answer."""
        return [event.text or "" for event in self.telegram.answers if event.viewer == self.id]

    @property
    def keyboard(self) -> list[list[str]]:
        """The labels of the reply keyboard, empty when there is none."""
        rows = self.chat.keyboards.get(self.id, {}).get("keyboard", [])
        return [[button["text"] for button in row] for row in rows]

    @property
    def commands(self) -> list[str]:
        """The commands in this person's menu of the private chat."""
        menu = self.world.menus.shown(self.chat, self.id, self.person.language_code or "")
        return [entry["command"] for entry in menu]

    @property
    def _name(self) -> str:
        return self.person.name


def _holds(whole: str, text: Text) -> bool:
    return bool(text.search(whole)) if isinstance(text, re.Pattern) else text in whole


class GroupDriver(_ChatDriver):
    """A group; its methods name who acts."""

    @property
    def id(self) -> int:
        return self.chat.id

    async def adds_bot(self, by: PersonDriver, *, payload: str = "") -> None:
        groups.add_bot(self.world, self.id, by.id, payload=payload)

    async def removes_bot(self, by: PersonDriver) -> None:
        groups.remove_bot(self.world, self.id, by.id)

    async def promotes_bot(self, by: PersonDriver, rights: Iterable[str] = ADMIN_RIGHTS) -> None:
        groups.promote_bot(self.world, self.id, by.id, rights)

    async def promotes(self, person: PersonDriver, by: PersonDriver, *, anonymous: bool = False) -> None:
        groups.promote(self.world, self.id, person.id, by.id, anonymous=anonymous)

    async def joins(self, person: PersonDriver) -> None:
        groups.join(self.world, self.id, person.id)

    async def leaves(self, person: PersonDriver) -> None:
        groups.leave(self.world, self.id, person.id)

    async def migrates(self, by: PersonDriver) -> None:
        """Become a supergroup; this driver goes on with the new chat."""
        self.chat = groups.migrate(self.world, self.id, by.id)
        self._window = self.telegram.window(self.chat)

    def closes_to_members(self) -> None:
        """Only administrators may write from now on."""
        self.chat.may_send, self.chat.permissions = False, None

    async def says(
        self,
        person: PersonDriver,
        text: str,
        *,
        reply_to: Seen | Message | None = None,
        thread_id: int | None = None,
    ) -> Message:
        return people.say(
            self.world,
            person.id,
            self.id,
            text,
            reply_to=reply_to.id if reply_to else None,
            thread_id=thread_id,
        )

    async def taps(self, person: PersonDriver, label: str, *, message: Seen | Message | None = None) -> None:
        await self._tap(person.id, label, message)
