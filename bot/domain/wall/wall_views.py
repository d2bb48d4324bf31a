"""The boards that an organiser can put on the wall: one entry here, and the page and the buttons have it.

A view looks into the database only while it is the one chosen, and is put into words once a language. What it returns
must compare equal as long as nothing changed, and must hold nothing that not everybody may see.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.wall.boards import Board
from bot.i18n import Translator
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting


@dataclass(frozen=True, slots=True)
class View:
    """A board for the wall."""

    name: str
    """As it is stored and stands in button data: small letters."""
    label: str
    """A message id: a few words for the organiser's button."""
    look: Callable[[Transaction, Meeting, bytes], Awaitable[Any]]
    """What is shown now; the bytes are the installation's secret, for stances."""
    words: Callable[[Translator, Meeting, Any], Board]
    """What ``look`` returned, in words."""


def views() -> dict[str, View]:
    """Every view by its name, in the order of the buttons."""
    # Imported here: the modules that declare views import this one.
    from bot.domain.agreement import ground
    from bot.domain.attendance import hall_code_board, presence
    from bot.domain.polls import poll_board, understanding_board

    every = (
        ground.GROUND,
        ground.SUPPORTED,
        ground.DIVIDING,
        poll_board.VIEW,
        understanding_board.VIEW,
        presence.VIEW,
        hall_code_board.VIEW,
    )
    return {view.name: view for view in every}
