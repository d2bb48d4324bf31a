"""What was said, as tests read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from simulator.file_json import FILE_FIELDS
from simulator.model import Event, Message
from simulator.views import summary
from simulator.wire import JsonDict
from simulator.world import World

LINES = 60
_KINDS = (*FILE_FIELDS, "contact", "location", "poll")


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A message of the bot as it looked when it came or was edited; later edits do not change it."""

    id: int
    text: str
    rows: list[list[JsonDict]] = field(repr=False)
    edited: bool
    data: JsonDict = field(repr=False)
    message: Message = field(repr=False)

    @classmethod
    def of(cls, message: Message, *, edited: bool) -> Self:
        return cls(message.id, message.text, message.buttons(), edited, message.data, message)

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the inline keyboard, row by row."""
        return [[button["text"] for button in row] for row in self.rows]

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label in row]

    def matches(self, text: str | re.Pattern[str]) -> bool:
        return bool(text.search(self.text)) if isinstance(text, re.Pattern) else text in self.text


def transcript(world: World, answers: Sequence[Event]) -> str:
    """The conversations one after the other, the latest lines of each, with buttons and toasts."""
    parts = []
    for chat in world.chats.values():
        if not chat.messages:
            continue
        lines = [_line(world, message) for message in chat.messages.values()]
        toasts = [_toast(world, answer) for answer in answers if answer.chat_id == chat.id and answer.text]
        title = chat.title or world.name_of(chat.id)
        parts.append("\n".join([f"--- {title} ---", *lines[-LINES:], *toasts[-5:]]))
    return "\n\n".join(parts) or "(nothing was written)"


def _toast(world: World, answer: Event) -> str:
    person = world.people.get(answer.viewer or 0)
    return f"    (toast to {person.name if person else answer.viewer}: {answer.text!r})"


def _kind(message: Message) -> str:
    if message.service:
        return "(service) "
    return next((f"({name}) " for name in _KINDS if name in message.data), "")


def _line(world: World, message: Message) -> str:
    text = f"{_kind(message)}{message.text or summary(message)}"
    edited = " (edited)" if "edit_date" in message.data else ""
    keys = " ".join(f"[{button['text']}]" for row in message.buttons() for button in row)
    line = f"{world.name_of(message.sender_id)}{edited}: {text}"
    return f"{line}\n    {keys}" if keys else line
