"""One event, one line: for people on a terminal, JSON elsewhere; never a token or a phone number.

A module logs through ``logging.getLogger(__name__)`` with a short text, and what a machine looks for in ``extra``: a
stable ``action`` and ids. Names, answers and texts of people do not belong in a log.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

TOKEN = "<token>"
PHONE = "<phone>"
SECRET = "<secret>"

_TOKEN = re.compile(r"\d{5,16}(?::|%3A)[A-Za-z0-9_-]{30,}", re.ASCII)
_PHONE = re.compile(
    r"""
    (?<![\w.+-])
    (?: \+\d [\d\s().-]{6,18} \d         # +62 812-3456-7890
      | 628 \d{8,11}                     # as Telegram writes a contact's number; longer than any person's id
      | 0\d{2,3} [\s.-]? \d{3,4} [\s.-]? \d{3,5}   # 0812-3456-7890, 0711 312345
    )
    (?![\w])
    """,
    re.VERBOSE | re.ASCII,
)
_CONTROL = {code: rf"\x{code:02x}" for code in (*range(32), 127)} | {9: "\t", 10: r"\n", 13: r"\r"}

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}

QUIET = {
    # The level at which each stops telling tokens in addresses, or people's words in parameters.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp.access": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "telegram": logging.WARNING,
    "aiosqlite": logging.INFO,
    "asyncio": logging.INFO,
    # It would report each time that it wakes us.
    "apscheduler": logging.WARNING,
    # They would tell each step in which a font is embedded.
    "fontTools": logging.WARNING,
    "fpdf": logging.WARNING,
}


class Redaction(logging.Filter):
    """Takes tokens, phone numbers and the given secrets out of a record: text, arguments, extras, traceback."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)
        self._traceback = logging.Formatter()

    def redact(self, text: str) -> str:
        text = _TOKEN.sub(TOKEN, text)
        for secret in self._secrets:
            text = text.replace(secret, SECRET)
        return _PHONE.sub(PHONE, text)

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            record.msg = self.redact(record.getMessage())
        except (
            TypeError,
            ValueError,
            KeyError,
        ):  # placeholders and arguments do not match: keep what can be kept
            record.msg = self.redact(f"{record.msg} {record.args!r}")
        record.args = None
        for name, value in record.__dict__.items():
            if name not in _STANDARD and not isinstance(value, int | float | None):
                record.__dict__[name] = self.redact(value if isinstance(value, str) else repr(value))
        if record.exc_info and not record.exc_text:
            record.exc_text = self._traceback.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)
        return True


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in record.__dict__.items() if name not in _STANDARD}


class TextFormatter(logging.Formatter):
    """``15:04:05 INFO    bot.app: Started (action=start, mode=polling)``, local time."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802, logging's name
        # A line break in a text from outside must not look like the next event.
        record.message = record.message.translate(_CONTROL)
        extras = ", ".join(f"{name}={value}" for name, value in _extras(record).items())
        line = super().formatMessage(record)
        return f"{line} ({extras.translate(_CONTROL)})" if extras else line


class JsonFormatter(logging.Formatter):
    """One JSON object a line: ``at`` (UTC), ``level``, ``logger``, ``message``, the extras, ``error`` (a traceback)."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        } | _extras(record)
        if record.exc_info or record.exc_text:
            event["error"] = record.exc_text or self.formatException(record.exc_info or (None, None, None))
        return json.dumps(event, ensure_ascii=False, default=str)


def set_up(
    level: str = "INFO",
    style: Literal["auto", "text", "json"] = "auto",
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send all logging of the process to ``stream``, or to the standard error; calling it again replaces the former.

    Args:
        level: of our own modules; talkative libraries are kept quieter.
        style: ``auto`` is text on a terminal and JSON elsewhere.
        secrets: values to black out wherever they turn up; bot tokens and phone numbers always are.
    """
    stream = stream or sys.stderr
    text = style == "text" or (style == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextFormatter() if text else JsonFormatter())
    handler.addFilter(Redaction(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, quietest in QUIET.items():
        logging.getLogger(name).setLevel(max(quietest, root.level))
    logging.captureWarnings(True)
