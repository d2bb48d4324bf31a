"""How values of the program stand in columns that both engines share."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import Any

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody mistakes for one another when read aloud or from paper."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def millis(moment: datetime) -> int:
    """UTC milliseconds since 1970 of an aware moment."""
    return round(moment.timestamp() * 1000)


def moment(value: int) -> datetime:
    """The aware UTC moment of a ``_at`` column."""
    return datetime.fromtimestamp(value / 1000, UTC)


def to_json(value: Any) -> str:
    """Compact JSON with people's letters kept readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Any:
    return json.loads(text)


def new_id() -> int:
    """A random id of 53 bits (exact in JSON and JavaScript); it tells nothing about order or time."""
    return secrets.randbits(53) or 1


def new_code(length: int) -> str:
    """A random code for people to read and type, about 4.9 bits a character."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def base36(number: int) -> str:
    """``number`` (not negative) in digits and small letters."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
        if not number:
            return digits
