"""One call of a Bot API method: its parameters, read by type."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from simulator.bodies import Upload
from simulator.errors import bad_request
from simulator.methods.shapes import LISTS, OBJECTS, Shape
from simulator.wire import JsonDict

T = TypeVar("T")
MESSAGE_ID_COUNT = 100
"""Messages in one call: Bot API, deleteMessages."""
_LEADING_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
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
        """What a number begins with, 0 when it is none: Client.cpp, get_location (``td::to_double``)."""
        found = _LEADING_NUMBER.match(self.text(name))
        return float(found[1]) if found else 0.0

    def flag(self, name: str) -> bool:
        value = self.params.get(name)
        return value is True or (isinstance(value, str) and value.lower() in _TRUE) or value == 1

    def object(self, name: str) -> JsonDict | None:
        """A JSON object, None when it is not there."""
        return self._json(name, OBJECTS[name], dict)

    def array(self, name: str) -> list[Any] | None:
        """A JSON list, None when it is not there."""
        return self._json(name, LISTS[name], list)

    def objects(self, name: str) -> list[JsonDict] | None:
        found = self.array(name)
        if found is not None and not all(isinstance(entry, dict) for entry in found):
            raise bad_request(LISTS[name].entry)
        return found

    def entities(self, name: str) -> list[JsonDict]:
        """The entities of a text."""
        found = self.lenient(name) or []
        if not all(isinstance(entry, dict) for entry in found):
            raise bad_request("can't parse MessageEntity: expected an Object")
        return found

    def lenient(self, name: str) -> list[Any] | None:
        """A list that the Bot API server passes over (None) when it is none: entities, kinds of updates."""
        value = self.params.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                return None
        return value if isinstance(value, list) else None

    def message_ids(self) -> list[int]:
        found = self.array("message_ids")
        if found is None:
            raise bad_request("message identifiers are not specified")
        if len(found) > MESSAGE_ID_COUNT:
            raise bad_request("too many message identifiers specified")
        return [_message_id(entry) for entry in found]

    def _json(self, name: str, shape: Shape, kind: type[T]) -> T | None:
        value = self.params.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {shape.name} JSON object") from None
        if not isinstance(value, kind):
            raise bad_request(shape.whole)
        return value


def _message_id(entry: object) -> int:
    if isinstance(entry, bool) or not isinstance(entry, int | float | str):
        raise bad_request("message identifier must be a Number")
    try:
        number = int(str(entry))
    except ValueError:
        raise bad_request("can't parse message identifier as Number") from None
    if number <= 0:
        raise bad_request("invalid message identifier specified")
    return number
