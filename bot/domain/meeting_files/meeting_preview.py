"""What a meeting file would change, in words, before it is applied."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from bot.domain.language.texts import clip
from bot.domain.meeting_files import (
    meeting_changes,
    meeting_export,
    meeting_store,
    meeting_stored,
    meeting_yaml,
)
from bot.domain.meeting_files.meeting_file import (
    AgendaItem,
    MeetingFile,
    Poll,
    Reminder,
    Sector,
    Session,
    Statement,
)
from bot.i18n import N_, Translator
from bot.storage.database import Transaction
from bot.storage.meetings import Material, RegistrationQuestion
from bot.storage.sessions import AFTER, ALLOWED, BEFORE, CHALLENGE, FORCED, INPUT, OFF, QUESTION, SUGGESTION

ROOM = 120
"""UTF-16 units of a value in a line."""

ADDED, CHANGED, REMOVED, KEPT = "➕", "✏️", "➖", "⚠️"

ANONYMITY = {
    ALLOWED: N_("named or anonymous"),
    FORCED: N_("anonymous only"),
    OFF: N_("with name only"),
}
KINDS = {
    CHALLENGE: N_("Challenge"),
    SUGGESTION: N_("Suggestion"),
    INPUT: N_("Input"),
    QUESTION: N_("Question"),
}
MODERATION = {BEFORE: N_("moderators read first"), AFTER: N_("published at once, read afterwards")}

T = TypeVar("T")

Words = tuple[str, Sequence[str]]
"""What a thing is called, and what is said about it, point by point; an empty point says nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: what happens to it, and the words; not escaped."""

    sign: str
    section: str
    """A message id: the heading that it stands under."""
    text: str


def digest(file: MeetingFile | None) -> str:
    """Names the state of a meeting; empty for none."""
    if file is None:
        return ""
    content = meeting_yaml.to_text(meeting_export.as_content(file))
    return hashlib.sha256(content.encode()).hexdigest()


async def rehearse(
    tx: Transaction, file: MeetingFile, now: datetime, t: Translator
) -> tuple[MeetingFile | None, list[Line]]:
    """The meeting as it is, and what applying the file would change. Nothing is kept.

    Raises:
        BrokenFile: it cannot be applied.
    """
    before = await meeting_stored.stored(tx, file.meeting.code)
    await tx.run("SAVEPOINT preview")
    try:
        summary = await meeting_store.apply(tx, file, now)
        after = await meeting_stored.stored(tx, file.meeting.code)
    finally:
        await tx.run("ROLLBACK TO SAVEPOINT preview")
        await tx.run("RELEASE SAVEPOINT preview")
    assert after is not None
    lines = differences(t, before, after)
    for change in summary.changes:
        if text := _STAYS.get(change.outcome):
            told = t.gettext(text).format(name=change.name)
            lines.append(Line(KEPT, meeting_changes.KINDS[change.kind], told))
    return before, lines


def differences(t: Translator, before: MeetingFile | None, after: MeetingFile) -> list[Line]:
    """What is different, section by section."""
    writer = _Writer(t, after.office.timezone)
    if before is None:
        writer.add(ADDED, "meeting", writer.meeting(after))
    else:
        writer.fields("office", _office_fields(before), _office_fields(after))
        writer.fields("meeting", writer.head(before), writer.head(after))
    old = MeetingFile(after.office, after.meeting) if before is None else before
    writer.items("sector", old.sectors, after.sectors, attrgetter("code"), writer.sector)
    writer.items("question", old.questions, after.questions, attrgetter("id"), writer.question)
    writer.items("agenda", old.agenda, after.agenda, _slug, writer.agenda_item)
    writer.items("material", old.materials, after.materials, _slug, writer.material)
    writer.items("session", old.sessions, after.sessions, _slug, writer.session)
    writer.items("poll", old.polls, after.polls, _slug, writer.poll)
    writer.items("statement", old.statements, after.statements, _slug, writer.statement)
    writer.items("reminder", old.reminders, after.reminders, _slug, writer.reminder)
    return writer.lines


_STAYS = {
    meeting_changes.KEPT: N_("“{name}” is no longer in the file but is in use, so it stays"),
    meeting_changes.ASKED: N_(
        "“{name}” is different in the file, but people were asked already, so it stays as it is"
    ),
}
_slug = attrgetter("slug")

_SECTIONS = {**meeting_changes.KINDS, "question": N_("Questions of the registration")}


def _office_fields(file: MeetingFile) -> list[tuple[str, str]]:
    office = file.office
    return [
        (N_("Office"), office.name),
        (N_("City"), office.city),
        (N_("Time zone"), office.timezone),
        (N_("Language"), office.locale),
        (N_("Contact"), office.contact),
        (N_("Letterhead"), office.letterhead),
    ]


class _Writer:
    """Puts things of a meeting into words."""

    def __init__(self, t: Translator, zone: str) -> None:
        self._t = t
        self._zone = zone
        self.lines: list[Line] = []

    def add(self, sign: str, kind: str, text: str) -> None:
        self.lines.append(Line(sign, _SECTIONS[kind], text))

    def fields(self, kind: str, old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> None:
        for (label, was), (_, now) in zip(old, new, strict=True):
            if was != now:
                self.add(CHANGED, kind, self._t.gettext(label) + ": " + self._from_to(was, now))

    def _from_to(self, was: str, now: str) -> str:
        return f"{clip(was, ROOM) or '–'} → {clip(now, ROOM) or '–'}"

    def items(
        self,
        kind: str,
        old: Iterable[T] | None,
        new: Iterable[T] | None,
        name: Callable[[T], str],
        words: Callable[[T], Words],
    ) -> None:
        """Each item is told by its name and, where it is not the same any more, by what is said only now or then."""
        known = {name(item): item for item in old or ()}
        wanted = {name(item): item for item in new or ()}
        for key, item in wanted.items():
            title, about = words(item)
            told = clip("; ".join(filter(None, about)), ROOM)
            if key not in known:
                self.add(ADDED, kind, f"{title} ({told})" if told else title)
            elif known[key] != item:
                self.add(CHANGED, kind, self._changed(words(known[key]), (title, about)))
        for key, item in known.items():
            if key not in wanted:
                self.add(REMOVED, kind, words(item)[0])

    def _changed(self, before: Words, after: Words) -> str:
        (was_title, was), (title, now) = before, after
        parts = [] if was_title == title else [self._from_to(was_title, title)]
        gone = "; ".join(part for part in was if part and part not in now)
        come = "; ".join(part for part in now if part and part not in was)
        if gone or come:
            parts.append(self._from_to(gone, come))
        told = ", ".join(parts) or self._t.gettext("wording")
        return told if was_title != title else f"{title}: {told}"

    def meeting(self, file: MeetingFile) -> str:
        return f"{self._pick(file.meeting.title)}, {self._when(file)}"

    def head(self, file: MeetingFile) -> list[tuple[str, str]]:
        t, meeting = self._t, file.meeting
        point = "" if meeting.map_point is None else "{:.5f}, {:.5f}".format(*meeting.map_point)
        return [
            (N_("Title"), self._both(meeting.title)),
            (N_("Theme"), self._both(meeting.theme)),
            (N_("Time"), self._when(file)),
            (N_("Venue"), meeting.venue),
            (N_("Address"), meeting.address),
            (N_("Point on the map"), point),
            (N_("Contact"), meeting.contact),
            (N_("State"), meeting.state),
            (N_("Approval"), t.gettext("yes") if meeting.approval else t.gettext("no")),
        ]

    def _when(self, file: MeetingFile) -> str:
        t, meeting = self._t, file.meeting
        return f"{t.moment(meeting.starts_at, self._zone)} – {t.time(meeting.ends_at, self._zone)}"

    def sector(self, item: Sector) -> Words:
        quota = self._t.gettext("no limit") if item.quota is None else str(item.quota)
        return self._pick(item.name), (quota,)

    def question(self, item: RegistrationQuestion) -> Words:
        return self._pick(item.label), ()

    def agenda_item(self, item: AgendaItem) -> Words:
        t = self._t
        times = f"{t.bare_time(item.starts_at, self._zone)}–{t.time(item.ends_at, self._zone)}"
        return self._pick(item.title), (times, item.speaker)

    def material(self, item: Material) -> Words:
        about = item.url if item.file is None else item.file.name
        return self._pick(item.title), (about,)

    def session(self, item: Session) -> Words:
        t = self._t
        about = [ANONYMITY[item.anonymity], MODERATION[item.moderation]]
        if item.follows_agenda:
            about.append(N_("follows the agenda"))
        told = [t.gettext(text) for text in about]
        told.append(t.gettext("up to {limit} a person").format(limit=item.limit_per_person))
        told.append(t.gettext("up to {limit} characters").format(limit=item.text_limit))
        for label, names in (
            (N_("agenda: {names}"), (item.agenda_slug,) if item.agenda_slug else ()),
            (N_("kinds: {names}"), [t.gettext(KINDS[kind]).lower() for kind in item.kinds]),
            (N_("only: {names}"), item.sectors),
            (N_("headings: {names}"), item.headings),
        ):
            if names:
                told.append(t.gettext(label).format(names=", ".join(names)))
        return self._pick(item.topic), told

    def poll(self, item: Poll) -> Words:
        right = None if item.right_option is None else item.options[item.right_option]
        options = (f"{option} ✓" if option == right else option for option in item.options)
        return clip(item.question, ROOM), tuple(options)

    def statement(self, item: Statement) -> Words:
        truth = self._t.gettext("true") if item.is_true else self._t.gettext("false")
        return self._pick(item.text), (truth, item.legal_basis)

    def reminder(self, item: Reminder) -> Words:
        return self._pick(item.title), ()

    def _pick(self, texts: Any) -> str:
        return clip(self._t.pick(texts), ROOM)

    def _both(self, texts: Any) -> str:
        return " / ".join(texts.values())
