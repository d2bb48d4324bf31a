"""Ready statements for the understanding check, each true or false by a rule card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from bot.domain.rules.rules import BadRules, folder, read_as, read_yaml, rulebook
from bot.i18n import LOCALES


@dataclass(frozen=True, slots=True)
class Ready:
    """One statement; its legal basis is the card's."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    slug: str
    text: Mapping[str, str]
    is_true: bool
    card: str


@cache
def ready() -> tuple[Ready, ...]:
    """The statements of ``bot/data/rules/statements.yaml``, in their order.

    Raises:
        BadRules: one lacks a language, repeats a name, or stands on a card that does not exist or is a draft.
    """
    path = folder() / "statements.yaml"
    found = read_as(Ready, read_yaml(path), path.name)
    seen = set()
    for item in found:
        card = rulebook().card(item.card)
        if card is None or card.reasons or item.slug in seen or set(item.text) != set(LOCALES):
            raise BadRules(f"{path.name}: {item.slug}: its card, its name or its languages are not in order")
        seen.add(item.slug)
    return tuple(found)
