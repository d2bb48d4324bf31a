"""What a handler gets and what it can say.

A handler is ``async def on_something(turn)``. It runs inside the transaction that applies its update: what it writes,
the erasure of the stored update and the messages it sends are kept together or not at all. It never calls Telegram;
its messages are rows of the outbox, sent after the commit.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from telegram import Chat, Message, Update, User

from bot.delivery.making import order
from bot.delivery.outbox import Call
from bot.i18n import Translator
from bot.storage.database import Transaction
from bot.storage.people import Person
from handlers.taps import Button

Buttons = Sequence[Sequence[Button]]


@dataclass(slots=True)
class Turn:
    """One update being answered."""

    tx: Transaction
    update: Update
    now: datetime
    person: Person
    t: Translator
    """The language of the person, in a group that of the group."""
    bot_username: str
    site_url: str = ""
    """The address of the bot's pages, without a slash at its end; empty while they are not served."""
    report_url: str = ""
    """Where violations are reported: the official channel, which this bot is not."""
    inline_mode: bool = False
    """Whether people can ask the bot from any chat; only then may a button do so (BotFather, /setinline)."""
    args: Sequence[str] = ()
    """The words after a command, or the parts of a tapped button's data after its kind."""
    stands_for: str = ""
    """The command that an opened link stands for; it is read as if it had been typed."""
    content: Any = None
    """What the journey's intake read from the file that was sent (:mod:`handlers.intake`)."""
    calls: list[Call] = field(default_factory=list)
    """What must reach Telegram; kept in the outbox."""
    answer_text: str = ""
    """What the tapped button's toast says; empty for none."""
    answer_alert: bool = False
    inline_answer: dict[str, Any] | None = None
    """The answer to an inline query, by the Bot API's names (answerInlineQuery)."""

    @property
    def chat(self) -> Chat:
        """The chat of the update. Updates without one never reach a handler that asks."""
        chat = self.update.effective_chat
        assert chat is not None
        return chat

    @property
    def user(self) -> User:
        user = self.update.effective_user
        assert user is not None
        return user

    @property
    def message(self) -> Message | None:
        """The message that was sent or whose button was tapped; None when Telegram no longer shows it to the bot."""
        return self.update.effective_message

    @property
    def secret(self) -> bytes:
        """What only this installation knows, and no database, log or backup holds."""
        return self.update.get_bot().token.encode()

    @property
    def is_private(self) -> bool:
        chat = self.update.effective_chat
        return chat is not None and chat.type == Chat.PRIVATE

    @property
    def text(self) -> str:
        """The text of the message, or the command that its link stands for; empty for anything else."""
        if self.stands_for:
            return self.stands_for
        message = self.update.message
        return (message.text or "") if message is not None else ""

    @property
    def tapped_message_id(self) -> int | None:
        """The message whose button was tapped."""
        query = self.update.callback_query
        return query.message.message_id if query is not None and query.message is not None else None

    @property
    def _thread(self) -> dict[str, int]:
        message = self.message
        if isinstance(message, Message) and message.is_topic_message and message.message_thread_id:
            return {"message_thread_id": message.message_thread_id}
        return {}

    def reply(self, text: str, buttons: Buttons = (), *, keyboard: dict[str, Any] | None = None) -> None:
        """Send HTML to the chat (and topic) that the update came from.

        ``keyboard`` is a Bot API reply markup for the rare case that is not inline buttons.
        """
        self.send(self.chat.id, text, buttons, keyboard=keyboard, extra=self._thread)

    def send(
        self,
        chat_id: int,
        text: str,
        buttons: Buttons = (),
        *,
        keyboard: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        """Send HTML to any chat."""
        payload: dict[str, Any] = {"chat_id": chat_id, "text": text, "parse_mode": "HTML", **(extra or {})}
        payload["link_preview_options"] = {"is_disabled": True}
        markup = inline(buttons) if buttons else keyboard
        if markup is not None:
            payload["reply_markup"] = markup
        self.calls.append(Call("sendMessage", chat_id, payload))

    def edit(self, text: str, buttons: Buttons = ()) -> None:
        """Change the message whose button was tapped; without such a message, send a new one."""
        message_id = self.tapped_message_id
        if message_id is None:
            self.reply(text, buttons)
            return
        payload = {
            "chat_id": self.chat.id,
            "message_id": message_id,
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": inline(buttons),
        }
        self.calls.append(Call("editMessageText", self.chat.id, payload))

    def photo(self, content: bytes, name: str, caption: str, buttons: Buttons = ()) -> None:
        """Send a picture with an HTML caption (1,024 characters: Bot API, sendPhoto)."""
        self._file("sendPhoto", "photo", content, name, caption, buttons)

    def document(self, content: bytes, name: str, caption: str, buttons: Buttons = ()) -> None:
        """Send a file with an HTML caption."""
        self._file("sendDocument", "document", content, name, caption, buttons)

    def _file(
        self, method: str, field_name: str, content: bytes, name: str, caption: str, buttons: Buttons
    ) -> None:
        upload = {"upload": name, "base64": base64.b64encode(content).decode()}
        self._upload(method, field_name, upload, caption, buttons)

    def kept_file(self, kind: str, file_id: str, caption: str) -> None:
        """Send a file that Telegram has (``photo`` or ``document``), with an HTML caption."""
        method = "sendPhoto" if kind == "photo" else "sendDocument"
        payload = {
            "chat_id": self.chat.id,
            kind: file_id,
            "caption": caption,
            "parse_mode": "HTML",
            **self._thread,
        }
        self.calls.append(Call(method, self.chat.id, payload))

    def place(self, point: tuple[float, float], title: str, address: str) -> None:
        """Send a place on the map; ``point`` is latitude and longitude in degrees."""
        payload = {
            "chat_id": self.chat.id,
            "latitude": point[0],
            "longitude": point[1],
            "title": title,
            "address": address or title,
            **self._thread,
        }
        self.calls.append(Call("sendVenue", self.chat.id, payload))

    def made_photo(
        self, maker: str, arguments: dict[str, Any], name: str, caption: str, buttons: Buttons = ()
    ) -> None:
        """Send a picture that one of :data:`bot.reports.makers.MAKERS` makes after the commit.

        ``arguments`` are what its ``gather`` asks for, as JSON can hold them.
        """
        self._made("sendPhoto", "photo", maker, arguments, name, caption, buttons)

    def made_document(
        self, maker: str, arguments: dict[str, Any], name: str, caption: str, buttons: Buttons = ()
    ) -> None:
        """Send a file that one of :data:`bot.reports.makers.MAKERS` makes after the commit."""
        self._made("sendDocument", "document", maker, arguments, name, caption, buttons)

    def _made(
        self,
        method: str,
        field_name: str,
        maker: str,
        arguments: dict[str, Any],
        name: str,
        caption: str,
        buttons: Buttons,
    ) -> None:
        apology = self.t.gettext(
            "🙏 “{name}” could not be made. What you entered is kept; please ask for it again in a while."
        ).format(name=escape(name))
        self._upload(
            method, field_name, order(name, maker, arguments, self.t.locale, apology), caption, buttons
        )

    def _upload(
        self, method: str, field_name: str, upload: dict[str, Any], caption: str, buttons: Buttons
    ) -> None:
        payload: dict[str, Any] = {
            "chat_id": self.chat.id,
            field_name: upload,
            "caption": caption,
            "parse_mode": "HTML",
            **self._thread,
        }
        if buttons:
            payload["reply_markup"] = inline(buttons)
        self.calls.append(Call(method, self.chat.id, payload))

    def answer(self, text: str, *, alert: bool = False) -> None:
        """Show a toast (or a dialog) to who tapped; 200 characters (Bot API, answerCallbackQuery).

        A toast may get lost with the process, so what matters is also said in a message.
        """
        self.answer_text = text
        self.answer_alert = alert


def inline(buttons: Buttons) -> dict[str, Any]:
    """The Bot API's InlineKeyboardMarkup."""
    return {"inline_keyboard": [[button.as_dict() for button in row] for row in buttons if row]}
