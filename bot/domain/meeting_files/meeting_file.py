"""A meeting as a file: all that organisers could enter by hand, as values with absolute times.

``docs/meeting-file.md`` shows the form. :func:`read` gives every mistake of a file at once, with its line and field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.meeting_files import meeting_yaml
from bot.domain.meeting_files.meeting_yaml import BrokenFile, Unreadable
from bot.domain.notices.audience import Audience
from bot.storage.meetings import RUNNING, Material, RegistrationQuestion
from bot.storage.reminders import LegalBasis
from bot.storage.sessions import BEFORE

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Office:
    code: str
    name: str
    city: str
    timezone: str
    locale: str
    contact: str
    letterhead: str = ""


@dataclass(frozen=True, slots=True)
class Sector:
    code: str
    name: Texts
    quota: int | None


@dataclass(frozen=True, slots=True)
class Meeting:
    code: str
    title: Texts
    theme: Texts
    venue: str
    address: str
    starts_at: datetime
    ends_at: datetime
    state: str
    contact: str
    map_point: tuple[float, float] | None = None
    approval: bool = False


@dataclass(frozen=True, slots=True)
class AgendaItem:
    slug: str
    starts_at: datetime
    ends_at: datetime
    title: Texts
    speaker: str
    speaker_position: Texts


@dataclass(frozen=True, slots=True)
class Session:
    slug: str
    agenda_slug: str | None
    topic: Texts
    prompt: Texts
    kinds: tuple[str, ...]
    anonymity: str
    limit_per_person: int
    text_limit: int
    headings: tuple[str, ...] = ()
    """What submissions are sorted under."""
    sectors: tuple[str, ...] = ()
    """Who may submit, by code; empty for all."""
    moderation: str = BEFORE
    follows_agenda: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    slug: str
    kind: str
    question: str
    options: tuple[str, ...]
    right_option: int | None = None
    """The place of a quiz's right option, from 0 on."""
    explanation: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the understanding check."""

    slug: str
    text: Texts
    is_true: bool
    legal_basis: str
    rule_id: str | None = None
    """The rule card that says so."""


@dataclass(frozen=True, slots=True)
class Reminder:
    slug: str
    title: Texts
    text: Texts
    legal_basis: tuple[LegalBasis, ...]
    sources: tuple[str, ...]
    checked_on: date | None
    audience: Audience
    schedule: Mapping[str, Any]
    """As :mod:`bot.domain.reminders.schedule` reads it."""
    grace_minutes: int
    rule_id: str | None = None
    """The rule card that it sends; then it has no text of its own."""
    topic: str = ""
    """The kind that people can stop; ``meeting`` for what they cannot."""


@dataclass(frozen=True, slots=True)
class MeetingFile:
    """What a file says. A section that it leaves out is None: an import leaves it as it is."""

    office: Office
    meeting: Meeting
    sectors: tuple[Sector, ...] | None = None
    questions: tuple[RegistrationQuestion, ...] | None = None
    agenda: tuple[AgendaItem, ...] | None = None
    materials: tuple[Material, ...] | None = None
    sessions: tuple[Session, ...] | None = None
    polls: tuple[Poll, ...] | None = None
    statements: tuple[Statement, ...] | None = None
    """Of the understanding check, in the order in which people judge them."""
    reminders: tuple[Reminder, ...] | None = None
    name: str = field(default="", compare=False)
    """What problems call the file."""


_Timed = TypeVar("_Timed", Meeting, AgendaItem)


def load(path: Path) -> MeetingFile:
    """Read a file from the disk.

    Raises:
        BrokenFile: it is not a meeting file, or has mistakes; all of them.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        # One byte more than is allowed tells that there is more.
        data = file.read(meeting_yaml.EXPORT_LIMIT + 1)
    return read(data, path.name)


def sample() -> MeetingFile:
    """The meeting that the program is delivered with."""
    return load(Path(__file__).parents[2] / "data" / "samples" / "palembang.yaml")


def read(data: bytes, name: str) -> MeetingFile:
    """Read the content of a file; ``name`` is what problems call it.

    Raises:
        BrokenFile: it is not a meeting file, or has mistakes; all of them.
    """
    # Only whoever reads a file waits for pydantic.
    from bot.domain.meeting_files.meeting_reader import assemble

    try:
        document = meeting_yaml.read(data)
    except Unreadable as error:
        raise BrokenFile(name, [error.problem]) from None
    return assemble(document, name)


def shifted(file: MeetingFile, by: timedelta) -> MeetingFile:
    """The same meeting with all its times later by ``by``.

    Reminders that count from the meeting move with it; those on a day of their own, which the law set, stay.
    """

    def moved(thing: _Timed) -> _Timed:
        return replace(thing, starts_at=thing.starts_at + by, ends_at=thing.ends_at + by)

    agenda = None if file.agenda is None else tuple(moved(item) for item in file.agenda)
    return replace(file, meeting=moved(file.meeting), agenda=agenda)


def running_at(file: MeetingFile, slug: str, now: datetime) -> MeetingFile:
    """The same meeting, running, moved so that at ``now`` an agenda item has been on for five to ten minutes.

    Times stay on a five-minute mark.

    Raises:
        ValueError: the file has no such item.
    """
    for item in file.agenda or ():
        if item.slug == slug:
            mark = timedelta(minutes=5)
            begun = (now - datetime.min.replace(tzinfo=UTC)) % mark + mark
            moved = shifted(file, now - begun - item.starts_at)
            return replace(moved, meeting=replace(moved.meeting, state=RUNNING))
    raise ValueError(f"no agenda item {slug!r}")
