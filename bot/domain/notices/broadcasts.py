"""Broadcasts: one message to many chats, each in its own language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NeedsApproval, NotFound
from bot.domain.notices import approvals
from bot.domain.notices import audience as audiences
from bot.domain.notices.audience import Audience
from bot.domain.notices.quizzes import Quiz, read_quiz
from bot.i18n import LOCALES, translator
from bot.storage import actions, broadcasts, deliveries, meetings
from bot.storage.approvals import Approval
from bot.storage.broadcasts import Broadcast, Recipient
from bot.storage.database import Transaction
from bot.storage.meetings import REHEARSAL_MARKS as MARKS
from bot.storage.meetings import Meeting

ANNOUNCEMENT = "announcement"
"""What organisers wrote with /siaran."""
REMINDER = "reminder"
"""A regulation reminder: people can stop this kind."""
SESSION = "session"
"""A dialogue session opened or closed."""
NUDGE = "nudge"
"""Reminds those who have not noted a notice that they should."""
NOTICE = "notice"
"""What the program tells organisers by itself."""

NOTED = "noted"
"""The kind of the button with which a reader notes that a notice was understood (:mod:`handlers.notices.noting`)."""

SERVICE = "meeting"
"""The topic of reminders about a meeting that somebody takes part in; nobody can stop them."""

KINDS = (ANNOUNCEMENT, REMINDER, SESSION, NUDGE, NOTICE)
"""A call whose outcome is unknown is made again for each of them: to get one twice is better than never."""

CAPTION = 1024
"""UTF-16 units of the words under a picture or document (Bot API, sendPhoto)."""

ButtonRows = Sequence[Sequence[Mapping[str, Any]]]
"""Rows of the Bot API's InlineKeyboardButton."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a broadcast says: Telegram's HTML by locale, and buttons by locale. Values in it are escaped already.

    In groups, buttons that send something back are left out: they lead to what is personal.
    """

    text: Mapping[str, str]
    buttons: Mapping[str, ButtonRows] = field(default_factory=dict)
    source: str = ""
    """What its author typed, so that they can change it; empty for what the program wrote."""
    receipt: Mapping[str, str] = field(default_factory=dict)
    """By locale, the label of the button with which readers note that they have understood; empty for none."""
    quiz: Quiz | None = None
    """What is asked of who noted it."""
    media: Mapping[str, str] = field(default_factory=dict)
    """``{"kind": "photo" or "document", "file_id": …}``: a file that Telegram has. The text is its caption then, of
    at most :data:`CAPTION` UTF-16 units as people see it."""

    def as_data(self) -> dict[str, Any]:
        """The JSON object that is stored."""
        data: dict[str, Any] = {"text": dict(self.text)}
        if self.buttons:
            data["buttons"] = {locale: [list(row) for row in rows] for locale, rows in self.buttons.items()}
        for name in ("source", "receipt", "media"):
            if value := getattr(self, name):
                data[name] = value if isinstance(value, str) else dict(value)
        if self.quiz is not None:
            data["quiz"] = self.quiz.as_data()
        return data

    def digest(self) -> str:
        """Names the wording: the same 12 digits wherever the same words, in every language, went out."""
        words = json.dumps(dict(self.text), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()[:12]


def receipt_labels() -> dict[str, str]:
    """By locale, the label of the button with which readers note that they have understood."""
    return {locale: translator(locale).gettext("✅ Read and understood") for locale in LOCALES}


def read_content(data: Mapping[str, Any]) -> Content:
    """The content that :meth:`Content.as_data` made."""
    quiz = data.get("quiz")
    return Content(
        data["text"],
        data.get("buttons", {}),
        data.get("source", ""),
        data.get("receipt", {}),
        None if quiz is None else read_quiz(quiz),
        data.get("media", {}),
    )


def marked(meeting: Meeting, content: Content) -> Content:
    """What is sent while a meeting is rehearsed says so first of all, and once."""
    if not meeting.rehearsal:
        return content
    signs = {locale: f"<b>{MARKS[locale].strip(' ·')}</b>\n\n" for locale in content.text}
    return replace(
        content,
        text={
            locale: text if text.startswith(signs[locale]) else signs[locale] + text
            for locale, text in content.text.items()
        },
    )


async def create(
    tx: Transaction,
    *,
    office_id: int,
    meeting_id: int,
    kind: str,
    content: Content,
    audience: Audience,
    author_id: int | None,
    now: datetime,
    topic: str = "",
) -> Broadcast:
    """Make a broadcast and one delivery for each chat of its audience; they go out as soon as this is committed.

    ``topic`` is that of a reminder: who stopped it is left out, and ``meeting`` reaches everybody.

    Raises:
        NotFound: there is no such meeting.
    """
    meeting = await _meeting(tx, meeting_id)
    if kind == REMINDER and (topic != SERVICE or content.quiz is not None) and not content.receipt:
        content = replace(content, receipt=receipt_labels())
    broadcast = await broadcasts.add(
        tx,
        office_id=office_id,
        meeting_id=meeting_id,
        kind=kind,
        content=marked(meeting, content).as_data(),
        audience=audience.as_data(),
        author_id=author_id,
        state=broadcasts.STARTED,
        now=now,
    )
    await deliveries.add(tx, broadcast.id, await recipients(tx, meeting, audience, kind, topic))
    return broadcast


async def recipients(
    tx: Transaction, meeting: Meeting, audience: Audience, kind: str, topic: str = ""
) -> list[Recipient]:
    """The chats that a broadcast of this kind (and, of a reminder, this topic) would reach now."""
    regulation = kind == REMINDER and topic != SERVICE
    return await audiences.resolve(tx, meeting, audience, regulation=regulation, topic=topic)


async def draft(
    tx: Transaction, *, meeting: Meeting, content: Content, audience: Audience, author_id: int, now: datetime
) -> tuple[Broadcast, list[Recipient]]:
    """Keep an organiser's announcement until they confirm it, and whom it would reach now.

    Raises:
        NotAllowed: the author is no organiser of the office.
    """
    await roles.require(tx, meeting.office_id, author_id, roles.ORGANISER)
    broadcast = await broadcasts.add(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        kind=ANNOUNCEMENT,
        content=marked(meeting, content).as_data(),
        audience=audience.as_data(),
        author_id=author_id,
        state=broadcasts.DRAFT,
        now=now,
    )
    return broadcast, await recipients(tx, meeting, audience, ANNOUNCEMENT)


async def redraft(
    tx: Transaction,
    broadcast_id: int,
    person_id: int,
    *,
    content: Content | None = None,
    audience: Audience | None = None,
) -> tuple[Broadcast, list[Recipient]]:
    """Change what a draft says or to whom, where given; the draft, and whom it would reach now.

    Raises:
        NotFound: there is no such draft of this person.
        NotAllowed: the person is no organiser of the office (any more).
        AlreadyDecided: it was sent or cancelled before.
    """
    broadcast = await _own(tx, broadcast_id, person_id)
    if broadcast.state != broadcasts.DRAFT:
        raise AlreadyDecided
    meeting = await _meeting(tx, broadcast.meeting_id)
    await broadcasts.set_draft(
        tx,
        broadcast_id,
        content=broadcast.content if content is None else marked(meeting, content).as_data(),
        audience=broadcast.audience if audience is None else audience.as_data(),
    )
    changed = await broadcasts.find(tx, broadcast_id)
    assert changed is not None
    return changed, await _chats(tx, changed)


async def confirm(tx: Transaction, broadcast_id: int, person_id: int, now: datetime) -> tuple[Broadcast, int]:
    """Send a draft to its audience as it is now; the broadcast and the number of chats.

    Raises:
        NotFound: there is no such draft of this person.
        NotAllowed: the person is no organiser of the office (any more).
        NeedsApproval: it goes to more people than one organiser decides on alone; see :func:`ask_approval`.
        AlreadyDecided: it was sent or cancelled before, for example by a first tap on the same button.
    """
    broadcast = await _own(tx, broadcast_id, person_id)
    if broadcast.state != broadcasts.DRAFT:
        raise AlreadyDecided
    if await approvals.is_needed(tx, broadcast.office_id, len(await _chats(tx, broadcast))):
        raise NeedsApproval
    return broadcast, await _start(tx, broadcast, person_id, now)


async def ask_approval(
    tx: Transaction, broadcast_id: int, person_id: int, now: datetime
) -> tuple[Broadcast, Approval, bool]:
    """Ask for a second organiser's word on a draft; the request, and whether it is new.

    Raises:
        NotFound: there is no such draft of this person.
        NotAllowed: the person is no organiser of the office (any more).
    """
    broadcast = await _own(tx, broadcast_id, person_id)
    request, is_new = await approvals.ask(
        tx,
        office_id=broadcast.office_id,
        meeting_id=broadcast.meeting_id,
        kind=approvals.BROADCAST,
        subjects=[broadcast.id],
        people=len(await _chats(tx, broadcast)),
        asked_by=person_id,
        now=now,
    )
    return broadcast, request, is_new


async def looked_at(tx: Transaction, request: Approval) -> str:
    """The fingerprint of what the drafts of a request say, and to whom."""
    found = [await broadcasts.find(tx, broadcast_id) for broadcast_id in request.subjects]
    return approvals.fingerprint([[one.content, one.audience] for one in found if one is not None])


async def start_approved(
    tx: Transaction, request: Approval, person_id: int, now: datetime
) -> list[tuple[Broadcast, int]]:
    """Send the drafts that a second organiser (``person_id``) just approved; each with its number of chats."""
    started = []
    for broadcast_id in request.subjects:
        broadcast = await broadcasts.find(tx, broadcast_id)
        if broadcast is not None and broadcast.state == broadcasts.DRAFT:
            started.append((broadcast, await _start(tx, broadcast, person_id, now)))
    return started


async def _start(tx: Transaction, broadcast: Broadcast, person_id: int, now: datetime) -> int:
    if not await broadcasts.leave_draft(tx, broadcast.id, broadcasts.STARTED):
        raise AlreadyDecided
    chats = await _chats(tx, broadcast)
    await deliveries.add(tx, broadcast.id, chats)
    await actions.record(
        tx,
        office_id=broadcast.office_id,
        meeting_id=broadcast.meeting_id,
        person_id=person_id,
        action="broadcast.sent",
        now=now,
        broadcast=broadcast.id,
        audience=dict(broadcast.audience),
        chats=len(chats),
    )
    return len(chats)


async def _chats(tx: Transaction, broadcast: Broadcast) -> list[Recipient]:
    audience = audiences.parse(broadcast.audience)
    return await recipients(tx, await _meeting(tx, broadcast.meeting_id), audience, broadcast.kind)


async def cancel(tx: Transaction, broadcast_id: int, person_id: int) -> Broadcast:
    """Throw a draft away.

    Raises:
        NotFound: there is no such draft of this person.
        NotAllowed: the person is no organiser of the office (any more).
        AlreadyDecided: it was sent or cancelled before.
    """
    broadcast = await _own(tx, broadcast_id, person_id)
    if not await broadcasts.leave_draft(tx, broadcast_id, broadcasts.CANCELLED):
        raise AlreadyDecided
    return broadcast


async def _own(tx: Transaction, broadcast_id: int, person_id: int) -> Broadcast:
    broadcast = await broadcasts.find(tx, broadcast_id)
    if broadcast is None or broadcast.author_id != person_id:
        raise NotFound
    await roles.require(tx, broadcast.office_id, person_id, roles.ORGANISER)
    return broadcast


async def _meeting(tx: Transaction, meeting_id: int) -> Meeting:
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise NotFound
    return meeting
