"""Which handler answers which command, button and form: declared by the journeys, gathered here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain import roles
from handlers.turn import Turn

if TYPE_CHECKING:
    from handlers.intake import Intake

Handler = Callable[[Turn], Awaitable[None]]


class Audience(StrEnum):
    """Who sees a command in Telegram's menu. It is a menu, not a permission: handlers check roles themselves."""

    EVERYONE = "everyone"
    ORGANISER = roles.ORGANISER
    MODERATOR = roles.MODERATOR
    OBSERVER = roles.OBSERVER
    GROUP = "group"
    HIDDEN = "hidden"


ORGANISERS = frozenset({Audience.ORGANISER})
MODERATORS = frozenset({Audience.ORGANISER, Audience.MODERATOR})
STAFF = frozenset({Audience.ORGANISER, Audience.MODERATOR, Audience.OBSERVER})


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: the Indonesian name first, then English aliases."""

    names: tuple[str, ...]
    handler: Handler
    description: str
    """A message id: a few words for Telegram's menu."""
    menus: frozenset[Audience] = frozenset({Audience.EVERYONE})
    in_groups: bool = False
    """Whether it is answered in a group; otherwise people are led to the private chat."""


@dataclass(frozen=True, slots=True)
class Tap:
    """Buttons whose data begins with ``kind``."""

    kind: str
    handler: Handler


@dataclass(frozen=True, slots=True)
class Journey:
    """The routes of one handler module, which exposes it as ``JOURNEY``."""

    commands: tuple[Command, ...] = ()
    taps: tuple[Tap, ...] = ()
    intakes: tuple[Intake, ...] = ()
    """Files sent in private whose content the journey reads."""
