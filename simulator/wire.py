"""JSON as it goes over the wire."""

from __future__ import annotations

import json
from typing import Any

JsonDict = dict[str, Any]
"""A JSON object as the Bot API writes it; its fields are described at core.telegram.org/bots/api."""

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def dump(value: object) -> bytes:
    """Compact JSON with everything outside ASCII escaped, as Telegram writes it."""
    return _encode(value).encode("ascii")
