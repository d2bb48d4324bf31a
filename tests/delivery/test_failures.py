from __future__ import annotations

import pytest
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

from bot.delivery.failures import (
    Failure,
    Kind,
    NotSent,
    NotSentInTime,
    ServerFailed,
    classify,
    without_token,
)

TOKEN = "7654321:AAH-abcdefghijklmnopqrstuvwxyz_012345"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Kind.PERMANENT),
        (Forbidden("Forbidden: user is deactivated"), Kind.PERMANENT),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Kind.PERMANENT),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Kind.PERMANENT),
        (BadRequest("Bad Request: chat not found"), Kind.PERMANENT),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Kind.PERMANENT),
        (BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"), Kind.PERMANENT),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), Kind.PERMANENT),
        (BadRequest("Bad Request: message thread not found"), Kind.PERMANENT),
        (
            BadRequest(
                "Bad Request: message is not modified: specified new message content and reply markup are exactly"
                " the same as a current content and reply markup of the message"
            ),
            Kind.STALE,
        ),
        (BadRequest("Bad Request: message to edit not found"), Kind.STALE),
        (BadRequest("Bad Request: message can't be deleted for everyone"), Kind.STALE),
        (
            BadRequest("Bad Request: query is too old and response timeout expired or query ID is invalid"),
            Kind.STALE,
        ),
        (BadRequest("Bad Request: can't parse entities: unsupported start tag"), Kind.REFUSED),
        (BadRequest("Bad Request: message is too long"), Kind.REFUSED),
        (NetworkError("Request Entity Too Large"), Kind.REFUSED),
        (EndPointNotFound("Endpoint 'sendMesage' not found in Bot API"), Kind.REFUSED),
        (TypeError("Object of type set is not JSON serializable"), Kind.REFUSED),
        (InvalidToken("Unauthorized"), Kind.UNAUTHORIZED),
        (
            Conflict("Conflict: terminated by other getUpdates request; only one bot instance is running"),
            Kind.CONFLICT,
        ),
        (NotSent("Cannot connect"), Kind.UNSENT),
        (NotSentInTime("Pool timeout"), Kind.UNSENT),
        (TimedOut(), Kind.UNKNOWN),
        (NetworkError("ServerDisconnectedError: Server disconnected"), Kind.UNKNOWN),
        (TelegramError("Invalid server response"), Kind.UNKNOWN),
        (ConnectionResetError("Connection reset by peer"), Kind.UNKNOWN),
        (ServerFailed("Bad Gateway (502)"), Kind.SERVER),
        (NetworkError("Bad Gateway (502). Parsing the server response b'<html>' failed"), Kind.SERVER),
        (NetworkError("Internal Server Error: restart"), Kind.SERVER),
    ],
)
def test_each_failure_has_its_kind(error: Exception, kind: Kind) -> None:
    failure = classify(error)

    assert (failure.kind, failure.retry_after_seconds, failure.new_chat_id) == (kind, None, None)


@pytest.mark.parametrize("as_timedelta", ["true", "false"])
@pytest.mark.filterwarnings("ignore:.*timedelta")
def test_a_wait_tells_its_seconds(as_timedelta: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)

    failure = classify(RetryAfter(35))

    assert (failure.kind, failure.retry_after_seconds) == (Kind.WAIT, 35.0)


def test_a_moved_group_tells_where_to() -> None:
    assert classify(ChatMigrated(-100777)) == Failure(
        Kind.MOVED, "Group migrated to supergroup. New chat id: -100777", new_chat_id=-100777
    )


def test_what_another_transport_could_not_send_was_not_sent() -> None:
    class ConnectError(Exception):
        """Named as httpx names it."""

    error = NetworkError("httpx.ConnectError: All connection attempts failed")
    error.__cause__ = ConnectError()

    assert classify(error).kind is Kind.UNSENT


def test_the_text_is_one_short_line_without_the_token() -> None:
    error = NetworkError(f"no route to https://api.telegram.org/bot{TOKEN}/sendMessage\n" + 50 * "and so on ")

    text = classify(error).text

    assert len(text) == 200
    assert text.startswith("no route to https://api.telegram.org/bot<token>/sendMessage and so on and")


@pytest.mark.parametrize(
    "written", [TOKEN, TOKEN.replace(":", "%3A"), f"https://host/file/bot{TOKEN}/photo.jpg"]
)
def test_a_token_is_taken_out_of_any_text(written: str) -> None:
    assert "AAH-" in written
    assert "AAH-" not in without_token(f"before {written} after")
