"""The Bot API's methods, by their lower-case names (Telegram does not mind the case)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.methods import (
    bot,
    chats,
    edits,
    files,
    forum,
    groups,
    inline,
    links,
    media,
    members,
    messages,
    places,
    polls,
    session,
    updates,
)
from simulator.methods.call import Call
from simulator.world import World

Handler = Callable[[World, Call], Any]
"""Does the work at once and returns the ``result``; a refusal is raised as ``ApiError``."""

_BY_NAME: dict[str, Handler] = {
    name: handler
    for module in (
        bot,
        chats,
        edits,
        files,
        forum,
        groups,
        inline,
        links,
        media,
        members,
        messages,
        places,
        polls,
        session,
        updates,
    )
    for name, handler in module.METHODS.items()
}
METHODS = {name.lower(): handler for name, handler in _BY_NAME.items()}
"""All methods but getUpdates, which waits and therefore belongs to the server."""
NAMES = {name.lower(): name for name in (*_BY_NAME, "getUpdates")}
"""How the Bot API writes them."""
