"""The Bot API call that a delivery is, in the language of who reads there."""

from __future__ import annotations

from typing import Any

from bot.domain.notices.broadcasts import NOTED, Content, read_content
from bot.i18n import LOCALES
from bot.storage.deliveries import DELETE, EDIT, Claimed
from bot.storage.values import base36

_SENDING = {"photo": "sendPhoto", "document": "sendDocument"}


def call_for(item: Claimed) -> tuple[str, dict[str, Any]]:
    """Method and parameters."""
    if item.task == DELETE:
        return "deleteMessage", {"chat_id": item.chat_id, "message_id": item.message_id}
    content = read_content(item.content)
    locale = next((name for name in (item.locale, *LOCALES) if content.text.get(name)), item.locale)
    text = content.text.get(locale) or next(iter(content.text.values()), "")
    payload: dict[str, Any] = {"chat_id": item.chat_id, "parse_mode": "HTML"}
    rows = keyboard(content, locale, item.broadcast_id, in_group=item.chat_id < 0)
    if rows or item.task == EDIT:
        payload["reply_markup"] = {"inline_keyboard": rows}
    if content.media:
        payload["caption"] = text
        method = "editMessageCaption"
    else:
        payload |= {"text": text, "link_preview_options": {"is_disabled": True}}
        method = "editMessageText"
    if item.task == EDIT:
        return method, {**payload, "message_id": item.message_id}
    if content.media:
        payload[content.media["kind"]] = content.media["file_id"]
    if item.thread_id is not None:
        payload["message_thread_id"] = item.thread_id
    return _SENDING[content.media["kind"]] if content.media else "sendMessage", payload


def keyboard(
    content: Content, locale: str, broadcast_id: int, *, in_group: bool, noted: str | None = None
) -> list[list[dict[str, Any]]]:
    """The rows of buttons under a notice; ``noted`` is the label of the receipt's button once it was tapped."""
    rows = [[dict(button) for button in row] for row in content.buttons.get(locale, ())]
    if in_group:
        return [row for row in rows if all("url" in button for button in row)]
    label = noted or content.receipt.get(locale) or next(iter(content.receipt.values()), None)
    if label is None or not content.receipt:
        return rows
    return [[{"text": label, "callback_data": f"{NOTED}:{base36(broadcast_id)}"}], *rows]
