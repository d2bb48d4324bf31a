"""One call of a Bot API method: its parameters, read by type."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.bodies import Upload
from simulator.errors import bad_request
from simulator.wire import JsonDict

_TRUE = frozenset(("true", "1", "yes", "t", "y"))


@dataclass(slots=True, eq=False)
class Call:
    """A call as it came and, once answered, how it went.

    ``params`` are strings or JSON values, whatever the client sent. ``status`` is the HTTP status,
    0 while the call is under way or when a fault left it without an answer; ``ms`` counts from the
    last byte of the request to the answer, simulated latency included. ``result`` is the answer's;
    of getUpdates it holds the updates' numbers only.
    """

    method: str
    params: dict[str, Any]
    at: datetime
    files: dict[str, Upload] = field(default_factory=dict)
    status: int = 0
    ms: float = 0.0
    description: str = ""
    result: Any = None

    def inner(self, found: JsonDict) -> Call:
        """An object inside this call, to be read by type as the call itself."""
        return Call(self.method, found, self.at)

    def has(self, name: str) -> bool:
        return self.params.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """A string parameter, empty when it is not there."""
        value = self.params.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.params.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def number(self, name: str) -> float:
        try:
            return float(self.params[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"{name} is not a number" if self.has(name) else f"{name} is empty") from None

    def flag(self, name: str) -> bool:
        value = self.params.get(name)
        return value is True or (isinstance(value, str) and value.lower() in _TRUE) or value == 1

    def json(self, name: str) -> Any:
        """A parameter that is JSON, given as text or as JSON itself; None when it is not there."""
        value = self.params.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def object(self, name: str) -> JsonDict | None:
        value = self.json(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"can't parse {name}: expected an Object")
        return value

    def objects(self, name: str) -> list[JsonDict] | None:
        found = self.array(name)
        if found is not None and not all(isinstance(entry, dict) for entry in found):
            raise bad_request(f"can't parse {name}: expected an Object")
        return found

    def integers(self, name: str) -> list[int]:
        """A list of whole numbers, empty when it is not there."""
        try:
            return [int(entry) for entry in self.array(name) or []]
        except (TypeError, ValueError):
            raise bad_request(f"can't parse {name}: expected a Number") from None

    def array(self, name: str) -> list[Any] | None:
        value = self.json(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name}: expected an Array")
        return value
