"""What a line of the log looks like, and what never stands in it."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot.logs import set_up

TOKEN = "123456789:XXFakeFakeFakeFakeFakeFakeFakeFake0"

logger = logging.getLogger("bot.somewhere")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


pytestmark = pytest.mark.usefixtures("logging_as_before")


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    set_up("INFO", "json", secrets=["hunter2", ""], stream=stream)
    return stream


def only(stream: io.StringIO) -> dict[str, object]:
    (line,) = stream.getvalue().splitlines()
    event = json.loads(line)
    assert isinstance(event, dict)
    return event


def test_json_carries_the_action_and_ids(lines: io.StringIO) -> None:
    logger.info(
        "Sent %d messages", 3, extra={"action": "broadcast.sent", "broadcast": 4503599627370495, "kind": None}
    )

    event = only(lines)
    at = event.pop("at")
    assert isinstance(at, str)
    assert at.endswith("+00:00")
    assert event == {
        "level": "INFO",
        "logger": "bot.somewhere",
        "message": "Sent 3 messages",
        "action": "broadcast.sent",
        "broadcast": 4503599627370495,
        "kind": None,
    }


def test_text_is_one_line_for_people() -> None:
    stream = io.StringIO()
    set_up("INFO", "text", stream=stream)

    logger.warning("Held back", extra={"action": "pace.wait", "chat": -1001234567890})

    _, rest = stream.getvalue().split(" ", 1)
    assert rest == "WARNING bot.somewhere: Held back (action=pace.wait, chat=-1001234567890)\n"


@pytest.mark.parametrize(("stream", "is_json"), [(Terminal(), False), (io.StringIO(), True)])
def test_auto_asks_whether_somebody_watches(stream: io.StringIO, is_json: bool) -> None:
    set_up("INFO", "auto", stream=stream)

    logger.info("Started")

    assert stream.getvalue().startswith("{") is is_json


def test_a_text_from_outside_cannot_look_like_a_second_event() -> None:
    stream = io.StringIO()
    set_up("INFO", "text", stream=stream)

    logger.info("Refused %s", "x\n12:00:00 INFO    bot.app: all is well", extra={"who": "a\rb\x1b[2J"})

    assert (
        stream.getvalue()
        .splitlines()[0]
        .endswith(r"Refused x\n12:00:00 INFO    bot.app: all is well (who=a\rb\x1b[2J)")
    )
    assert stream.getvalue().count("\n") == 1


def test_the_token_is_taken_out_of_text_arguments_extras_and_traceback(lines: io.StringIO) -> None:
    try:
        raise RuntimeError(f"POST https://api.telegram.org/bot{TOKEN}/getMe")
    except RuntimeError:
        logger.exception(
            "No answer from /bot%s/getMe", TOKEN, extra={"url": f"/bot{TOKEN.replace(':', '%3A')}"}
        )

    event = only(lines)
    assert TOKEN.partition(":")[2] not in lines.getvalue()
    assert event["message"] == "No answer from /bot<token>/getMe"
    assert event["url"] == "/bot<token>"
    assert isinstance(event["error"], str)
    assert event["error"].endswith("RuntimeError: POST https://api.telegram.org/bot<token>/getMe")


def test_other_secrets_are_taken_out(lines: io.StringIO) -> None:
    logger.info("postgresql://rakor:hunter2@db", extra={"settings": {"password": "hunter2"}})

    event = only(lines)
    assert event["message"] == "postgresql://rakor:<secret>@db"
    assert event["settings"] == "{'password': '<secret>'}"


@pytest.mark.parametrize(
    "number",
    [
        "+62 812-3456-7890",
        "+6281234567890",
        "6281234567890",
        "081234567890",
        "0812-3456-7890",
        "0812 3456 789",
        "+1 (202) 555-0123",
        "0711 312345",
    ],
)
def test_phone_numbers_are_taken_out(lines: io.StringIO, number: str) -> None:
    logger.info("Contact %s, asked", number, extra={"contact": number})

    event = only(lines)
    assert event["message"] == "Contact <phone>, asked"
    assert event["contact"] == "<phone>"


@pytest.mark.parametrize(
    "text",
    [
        "chat 7123456789",
        "-1001234567890",
        "2026-11-24T09.30",
        "09.30 WIB",
        "4503599627370495",
        "0.123456789",
        "1732456800000",
    ],
)
def test_ids_and_times_stay(lines: io.StringIO, text: str) -> None:
    logger.info("At %s", text)

    assert only(lines)["message"] == f"At {text}"


def test_arguments_that_do_not_fit_lose_no_event(lines: io.StringIO) -> None:
    logger.info("%d people", "three")

    assert only(lines)["message"] == "%d people ('three',)"


def test_libraries_that_log_addresses_stay_quiet_even_when_debugging() -> None:
    stream = io.StringIO()
    set_up("DEBUG", "json", stream=stream)

    logging.getLogger("httpx").info("HTTP Request: POST /bot%s/getMe", TOKEN)
    logging.getLogger("telegram.Bot").debug("Calling sendMessage with %s", {"text": "a private word"})
    logger.debug("ours")

    assert only(stream)["message"] == "ours"


def test_setting_up_again_does_not_double_the_lines() -> None:
    set_up("INFO", "json", stream=io.StringIO())
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)

    logger.info("once")

    assert only(stream)["message"] == "once"
