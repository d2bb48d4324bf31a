"""What it means when a call to Telegram fails, as data.

Telegram answers in English prose that changes little; the Bot API documents only the codes and the two parameters
(https://core.telegram.org/bots/api#making-requests, https://core.telegram.org/bots/api#responseparameters). The texts
matched here are those of the server's own source, https://github.com/tdlib/telegram-bot-api (Client.cpp), and of
Telegram's RPC errors, https://core.telegram.org/api/errors. They are compared in lower case, because
python-telegram-bot cuts "Bad Request: " off and changes the case of the rest.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)


class NotSent(NetworkError):
    """The call certainly did not reach Telegram: calling again cannot repeat it."""

    __slots__ = ()


class NotSentInTime(NotSent, TimedOut):
    """Time ran out before the call had left: no free connection, no connection, or a stalled upload."""

    __slots__ = ()


class ServerFailed(NetworkError):
    """Telegram, or a proxy before it, answered with a 5xx code."""

    __slots__ = ()


class Kind(enum.Enum):
    """What to do about a failed call."""

    PERMANENT = "permanent"
    """Nobody reads in this chat (blocked, deactivated, kicked, never started, muted): mark it and stop."""
    MOVED = "moved"
    """The group became a supergroup: send to ``new_chat_id`` from now on."""
    WAIT = "wait"
    """Too many calls: call again after ``retry_after_seconds``, not earlier."""
    UNSENT = "unsent"
    """The call did not leave, or not whole: call again soon, nothing can arrive twice."""
    UNKNOWN = "unknown"
    """The call left and no answer came: it may have had its effect. To repeat or not is the caller's choice."""
    STALE = "stale"
    """What the call is about is gone or is so already: there is nothing left to do."""
    REFUSED = "refused"
    """Telegram does not take this call, however often it is made: our own mistake, to be logged."""
    UNAUTHORIZED = "unauthorized"
    """The token is wrong or was revoked: no call can succeed."""
    CONFLICT = "conflict"
    """Another copy of the bot receives the updates."""
    SERVER = "server"
    """Telegram is out of order: call again later. Usually it had no effect, but a 502 or 504 says nothing sure."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed call: its kind, what Telegram asked for, and its words.

    ``retry_after_seconds`` is set for WAIT only, ``new_chat_id`` for MOVED only. ``text`` is one short line for logs
    and reports; it never holds the token.
    """

    kind: Kind
    text: str
    retry_after_seconds: float | None = None
    new_chat_id: int | None = None


_TOKEN = re.compile(r"\d{5,}(?::|%3A)[\w-]{20,}", re.IGNORECASE)
_TEXT_LENGTH = 200

# Bad Requests after which nobody in the chat can be reached. Those with capitals at Telegram's side are RPC errors that
# its server passes through.
_UNREACHABLE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user_is_blocked",
    "user_deactivated",
    "input_user_deactivated",
    "channel_private",
    "group chat was upgraded to a supergroup chat",
    "chat_write_forbidden",
    "chat_send_",
    "have no rights to send a message",
    "not enough rights to send",
    "need administrator rights in the channel chat",
    "chat_restricted",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
)

_STALE = (
    "message is not modified",
    "message_not_modified",
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "message to pin not found",
    "message_id_invalid",
    "query is too old",
    "query_id_invalid",
    "poll has already been closed",
    "message with poll to stop not found",
)

_SERVER_WORDS = (
    "internal server error",
    "bad gateway",
    "service unavailable",
    "gateway timeout",
    "gateway time-out",
)

# How other transports than our own say that nothing was sent; httpx is python-telegram-bot's default.
_UNSENT_CAUSES = frozenset(
    {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"}
)


def without_token(text: str) -> str:
    """The text with every bot token in it (also inside a URL) replaced."""
    return _TOKEN.sub("<token>", text)


def seconds_to_wait(error: RetryAfter) -> float:
    """How long Telegram asks to wait; python-telegram-bot gives seconds, or a timedelta when PTB_TIMEDELTA is set."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def classify(error: Exception) -> Failure:
    """Say what kind of failure an error of :class:`telegram.Bot` or of the transport is."""
    text = without_token(" ".join(str(error).split()))[:_TEXT_LENGTH] or type(error).__name__
    if isinstance(error, RetryAfter):
        return Failure(Kind.WAIT, text, retry_after_seconds=seconds_to_wait(error))
    if isinstance(error, ChatMigrated):
        return Failure(Kind.MOVED, text, new_chat_id=error.new_chat_id)
    return Failure(_kind(error, text.lower()), text)


def _kind(error: Exception, text: str) -> Kind:
    if isinstance(error, BadRequest):
        return _bad_request(text)
    if isinstance(error, NetworkError):
        return _network(error, text)
    for cls, kind in _BY_CLASS:
        if isinstance(error, cls):
            return kind
    # Anything else broke in our own code, before the transport.
    return Kind.REFUSED


_BY_CLASS: tuple[tuple[type[Exception], Kind], ...] = (
    (Forbidden, Kind.PERMANENT),
    (InvalidToken, Kind.UNAUTHORIZED),
    (Conflict, Kind.CONFLICT),
    (EndPointNotFound, Kind.REFUSED),
    # "Invalid server response": an answer came, and nobody can read it.
    (TelegramError, Kind.UNKNOWN),
    (TimeoutError, Kind.UNKNOWN),
    (OSError, Kind.UNKNOWN),
)


def _bad_request(text: str) -> Kind:
    if any(words in text for words in _STALE):
        return Kind.STALE
    if any(words in text for words in _UNREACHABLE):
        return Kind.PERMANENT
    return Kind.REFUSED


def _network(error: NetworkError, text: str) -> Kind:
    if isinstance(error, NotSent) or type(error.__cause__).__name__ in _UNSENT_CAUSES:
        return Kind.UNSENT
    if isinstance(error, TimedOut):
        return Kind.UNKNOWN
    if isinstance(error, ServerFailed) or re.search(r"\(5\d\d\)", text) or text.startswith(_SERVER_WORDS):
        return Kind.SERVER
    # An answer with a 4xx code that python-telegram-bot has no class for, such as 413 for too large a file.
    if re.search(r"\(4\d\d\)", text) or text.startswith("request entity too large"):
        return Kind.REFUSED
    return Kind.UNKNOWN
