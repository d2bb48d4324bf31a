"""The JSON bodies of the page's requests, read by type."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from simulator.wire import JsonDict


class Fields:
    """A JSON body, read by type; what is missing or of the wrong type is a 400."""

    def __init__(self, found: JsonDict) -> None:
        self.found = found

    def __contains__(self, name: str) -> bool:
        return self.found.get(name) is not None

    def integer(self, name: str) -> int:
        value = self.found.get(name)
        try:
            if value is None or isinstance(value, bool):
                raise ValueError
            return int(value)
        except (TypeError, ValueError):
            raise HTTPException(400, f"{name}: expected a whole number") from None

    def optional_integer(self, name: str) -> int | None:
        return self.integer(name) if name in self else None

    def number(self, name: str) -> float:
        try:
            return float(self.found[name])
        except (KeyError, TypeError, ValueError):
            raise HTTPException(400, f"{name}: expected a number") from None

    def text(self, name: str, default: str | None = None) -> str:
        value = self.found.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise HTTPException(400, f"{name}: expected a text")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.found.get(name, default)
        if not isinstance(value, bool):
            raise HTTPException(400, f"{name}: expected true or false")
        return value

    def integers(self, name: str) -> list[int]:
        value = self.found.get(name, [])
        if not isinstance(value, list) or not all(isinstance(entry, int) for entry in value):
            raise HTTPException(400, f"{name}: expected a list of whole numbers")
        return value


async def read_fields(request: Request) -> Fields:
    """The JSON object of a request.

    Other content types are refused: a page of another host cannot send JSON without asking first.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "expected application/json")
    try:
        found = await request.json()
    except ValueError:
        raise HTTPException(400, "this is not JSON") from None
    if not isinstance(found, dict):
        raise HTTPException(400, "expected a JSON object")
    return Fields(found)
