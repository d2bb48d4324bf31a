"""What makes a file that somebody asked for: a list, a letter, a chart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.i18n import Translator
from bot.storage.database import Transaction

Arguments = Mapping[str, Any]
"""What the file is about, as JSON can hold it: it waits in the outbox."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes one sort of file, in two steps: what the database knows, then the bytes.

    ``gather`` runs in a read transaction after the commit of the update that asked, so it sees what that update wrote.
    It returns None when what the file is about is no longer there. ``make`` runs in a thread of its own and must touch
    nothing but its parameters.
    """

    name: str
    gather: Callable[[Transaction, Arguments], Awaitable[Any]]
    make: Callable[[Translator, Any], bytes]
