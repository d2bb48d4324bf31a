"""Public holidays, and the days that are nobody's working days beside them.

A year is a file of ``bot/data/holidays``, with the decision that it follows and the pages that it was compared with. A
year without a file has no holidays that the program knows: :func:`is_known` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from bot.domain.rules.rules import BadRules, read_as, read_yaml
from bot.i18n import LOCALES
from bot.paths import resources


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which offices are closed."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    day: date
    name: Mapping[str, str]
    joint_leave: bool = False
    """Whether it is joint leave (*cuti bersama*) rather than a holiday of its own."""


@dataclass(frozen=True, slots=True)
class Year:
    """The holidays of a year, as one decision set them."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    decision: str
    sources: tuple[str, ...]
    checked: date
    days: tuple[Holiday, ...]


def load(path: Path) -> Year:
    """Read and check the file of a year, whose name it bears.

    Raises:
        BadRules: something in it cannot be used.
    """
    year = read_as(Year, [read_yaml(path)], path.name)[0]
    days = [holiday.day for holiday in year.days]
    if len(set(days)) < len(days) or {str(day.year) for day in days} - {path.stem}:
        raise BadRules(f"{path.name}: a day stands twice, or is of another year")
    if any(set(holiday.name) != set(LOCALES) for holiday in year.days) or not year.sources:
        raise BadRules(f"{path.name}: a day lacks its name in a language, or the year its sources")
    return year


@cache
def days() -> Mapping[date, Holiday]:
    """Every holiday that is known; read at the first call."""
    files = sorted((resources("data") / "holidays").glob("*.yaml"))
    return {holiday.day: holiday for file in files for holiday in load(file).days}


def is_known(year: int) -> bool:
    """Whether the holidays of a year are known."""
    return any(day.year == year for day in days())
