"""YAML that people write by hand, with the line of everything in it.

Every value stays the text that was typed: plain YAML would read the time ``08:30`` as the number 510, a date as a date
and the name ``No`` as false. What a text means is for the schema to say. Tags, anchors and aliases, which such a file
never needs, are refused, so no input makes objects or grows when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.i18n import N_, Translator

SIZE_LIMIT = 1 << 20
"""Bytes of a file that people write."""

EXPORT_LIMIT = 64 << 20
"""Bytes of an exported file, which also holds what was collected."""

COLLECTED = "collected"
"""The section of an export that an import leaves alone."""

DEPTH_LIMIT = 12
TOO_DEEP = N_("this is nested too deeply")

Path = tuple[str | int, ...]
"""Where a value is: keys of mappings, and positions in lists from 0."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file."""

    message: str
    """A message id with named fields."""
    line: int | None = None
    """From 1; None when it concerns the file as a whole."""
    where: str = ""
    """The field, as ``agenda[opening].start``; empty when it is not about one."""
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, t: Translator | None = None) -> str:
        """What is wrong, in the language of ``t``, else in English."""
        message = self.message if t is None else t.gettext(self.message)
        return message.format(**self.values)


class BrokenFile(Exception):
    """The file cannot be used; nothing was changed. ``str()`` is one line a problem, in English."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name = name
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)
        super().__init__("\n".join(self.lines()))

    def lines(self, t: Translator | None = None) -> list[str]:
        """``file:line: field: what is wrong``, in the order of the file."""
        lines = []
        for problem in self.problems:
            place = self.name if problem.line is None else f"{self.name}:{problem.line}"
            lines.append(": ".join(part for part in (place, problem.where, problem.text(t)) if part))
        return lines


class Unreadable(Exception):
    """The text is not YAML of the kind that we take."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.text())


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a file: mappings, lists, texts and None, with the line of each."""

    content: Any
    lines: Mapping[Path, int]
    twice: list[tuple[Path, int]]
    """Keys that stand in a mapping once more, with the line of the second; the first counts."""

    def line(self, path: Path) -> int | None:
        """The line of a value, else of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return None


def read(data: bytes) -> Document:
    """The content of a file.

    Raises:
        Unreadable: it is too large, not UTF-8, not YAML, or YAML of a kind that a meeting file never needs.
    """
    if len(data) > SIZE_LIMIT:
        data = _without_collected(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            Problem(N_("the file is not in UTF-8; save it again with that encoding"), line)
        ) from None
    try:
        return _Reader(text).document()
    except yaml.reader.ReaderError as error:
        position = error.position if isinstance(error.position, int) else 0
        message = N_("the character U+{code} cannot stand in this file; remove it")
        code = error.character if isinstance(error.character, int) else ord(str(error.character)[:1] or "\0")
        line = text.count("\n", 0, position) + 1
        raise Unreadable(Problem(message, line, values={"code": f"{code:04X}"})) from None
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_explained(error, text)) from None


def _without_collected(data: bytes) -> bytes:
    """A large export without what was collected, which may be any number of people's submissions."""
    too_large = Problem(N_("the file is larger than {limit} KiB"), values={"limit": SIZE_LIMIT // 1024})
    if len(data) > EXPORT_LIMIT:
        raise Unreadable(too_large)
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise Unreadable(too_large) from None
    if not isinstance(content, dict) or content.pop(COLLECTED, None) is None:
        raise Unreadable(too_large)
    smaller = to_text(content).encode()
    if len(smaller) > SIZE_LIMIT:
        raise Unreadable(too_large)
    return smaller


_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)}


def to_text(content: Mapping[str, Any]) -> str:
    """JSON that is also YAML: the few characters that JSON allows and YAML does not are escaped."""
    return json.dumps(content, ensure_ascii=False, indent=2).translate(_ESCAPED) + "\n"


def _explained(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = 1 if mark is None else mark.line + 1
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    problem = error.problem or ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return Problem(N_("a tab stands at the beginning of the line; indent with spaces"), line)
    if "nesting" in problem:  # libyaml has a limit of its own
        return Problem(TOO_DEEP, line)
    if "mapping values are not allowed" in problem:
        return Problem(
            N_("this is not valid YAML; put a text that holds a colon in quotes, and check the indentation"),
            line,
        )
    if "end of stream" in problem or "document end" in problem:
        return Problem(N_("this is not valid YAML: a quote or a bracket is not closed"), line)
    return Problem(N_("this is not valid YAML: {problem}"), line, values={"problem": problem})


class _Reader:
    """Builds the content from the parser's events."""

    def __init__(self, text: str) -> None:
        loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
        self._lines: dict[Path, int] = {}
        self._twice: list[tuple[Path, int]] = []

    def document(self) -> Document:
        self._next()  # the stream
        event = self._next()
        if not isinstance(event, yaml.DocumentStartEvent):
            raise Unreadable(Problem(N_("the file is empty")))
        content = self._value(self._next(), ())
        self._next()  # the end of the document
        event = self._next()
        if isinstance(event, yaml.DocumentStartEvent):
            raise Unreadable(
                Problem(N_("the file holds more than one document; remove the line with ---"), _line(event))
            )
        return Document(content, self._lines, self._twice)

    def _next(self) -> yaml.Event:
        return next(self._events)

    def _value(self, event: yaml.Event, path: Path) -> Any:
        line = _line(event)
        self._lines.setdefault(path, line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Unreadable(
                Problem(N_("anchors (&) and aliases (*) are not allowed; write it out or quote it"), line)
            )
        if getattr(event, "tag", None) is not None:
            raise Unreadable(Problem(N_("tags (!) are not allowed; remove it or quote it"), line))
        if len(path) > DEPTH_LIMIT:
            raise Unreadable(Problem(TOO_DEEP, line))
        if isinstance(event, yaml.ScalarEvent):
            plain = not event.style  # None, or "" from libyaml
            return None if plain and event.value in ("", "~", "null", "Null", "NULL") else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                items.append(self._value(event, (*path, len(items))))
            return items
        return self._mapping(path)

    def _mapping(self, path: Path) -> dict[str, Any]:
        content: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise Unreadable(Problem(N_("a name is expected before the colon"), line))
            key = str(self._value(event, (*path, event.value)) or event.value)
            if key in content:
                self._twice.append(((*path, key), line))
                self._value(self._next(), (*path, key, "twice"))
            else:
                content[key] = self._value(self._next(), (*path, key))
        return content


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1
