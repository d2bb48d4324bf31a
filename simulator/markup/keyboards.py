"""Reply markups: which shapes pass, and what is said about those that do not."""

from __future__ import annotations

import json
import re

from simulator.errors import bad_request
from simulator.markup.html import checked_link
from simulator.wire import JsonDict

DATA_LIMIT = 64
"""Bytes of UTF-8: Bot API, InlineKeyboardButton.callback_data."""
BUTTON_LIMIT = 100
REPLY_BUTTON_LIMIT = 300
SIZE_LIMIT = 10 * 1024
"""Buttons below a message and beside the composer, and bytes of their JSON. The Bot API names no figures;
these were measured: github.com/tginfo/Telegram-Limits, issues 228 and 187."""

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_STYLES = ("style", "icon_custom_emoji_id")


def parse_markup(raw: object) -> JsonDict | None:
    """The markup of a call, checked; None when there is none.

    Raises:
        ApiError: the shape is wrong or a limit is passed, in Telegram's words.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    # A keyboard without buttons is none, and no error: Client.cpp, get_reply_markup.
    for name, read in (("keyboard", _reply), ("inline_keyboard", _inline)):
        found = read(raw) if name in raw else None
        if found is not None:
            return found
    if raw.get("remove_keyboard"):
        return {"remove_keyboard": True, "selective": bool(raw.get("selective", False))}
    if raw.get("force_reply"):
        return raw
    return None


def _rows(raw: object, name: str, whole: str = "") -> list[list[object]]:
    if not isinstance(raw, list):
        raise bad_request(f'field "{name}" must be of type Array')
    for row in raw:
        if not isinstance(row, list):
            raise bad_request(f'field "{name}"{whole} must be an Array of Arrays')
    return raw


def _inline(raw: JsonDict) -> JsonDict | None:
    rows: list[list[JsonDict]] = []
    for row in _rows(raw["inline_keyboard"], "inline_keyboard", " of the InlineKeyboardMarkup"):
        buttons = [_inline_button(button) for button in row]
        if buttons:
            rows.append(buttons)
    count = sum(map(len, rows))
    if count > BUTTON_LIMIT or sum(_size(button) for row in rows for button in row) > SIZE_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _size(button: JsonDict) -> int:
    """About the bytes of its JSON: characters and the marks around them."""
    return sum(
        len(name) + 6 + (len(value) if isinstance(value, str) else 4) for name, value in button.items()
    )


def _inline_button(raw: object) -> JsonDict:
    if not isinstance(raw, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = raw.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [name for name in _ACTIONS if name in raw]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    action, value = actions[0], raw[actions[0]]
    if action == "callback_data":
        if not isinstance(value, str) or not 0 < len(value.encode("utf-8", "surrogatepass")) <= DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        value = _button_url(value)
    elif action == "copy_text" and not (
        isinstance(value, dict) and 0 < len(str(value.get("text", ""))) <= 256
    ):
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    button: JsonDict = {"text": text, action: value}
    button.update({name: raw[name] for name in _STYLES if name in raw})
    return button


def _button_url(value: object) -> str:
    url = str(value)
    if re.match(r"tg://user\?id=\d+$", url):
        return url
    checked = checked_link(url)
    if checked is None:
        scheme = url.partition("://")[0] if "://" in url else ""
        reason = "Unsupported URL protocol" if scheme not in ("", "http", "https") else "Wrong HTTP URL"
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")
    return checked


def _reply(raw: JsonDict) -> JsonDict | None:
    rows: list[list[JsonDict]] = []
    for row in _rows(raw["keyboard"], "keyboard"):
        buttons = [_reply_button(button) for button in row]
        if buttons:
            rows.append(buttons)
    if sum(map(len, rows)) > REPLY_BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return {**raw, "keyboard": rows} if rows else None


def _reply_button(raw: object) -> JsonDict:
    if isinstance(raw, str):
        raw = {"text": raw}
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    if not raw["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    return raw
