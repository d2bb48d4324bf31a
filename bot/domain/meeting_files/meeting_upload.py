"""A meeting file that an organiser sends to the bot: previewed, then applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import roles
from bot.domain.errors import ChangedMeanwhile, NotAllowed, NotFound
from bot.domain.meeting import meeting_setup
from bot.domain.meeting.meeting_setup import Changed
from bot.domain.meeting_files import (
    meeting_export,
    meeting_file,
    meeting_preview,
    meeting_sheets,
    meeting_store,
    meeting_stored,
    meeting_yaml,
)
from bot.domain.meeting_files.meeting_file import MeetingFile
from bot.domain.meeting_files.meeting_preview import Line
from bot.i18n import Translator
from bot.sheets import Sheet
from bot.storage import meetings, offices, uploads
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Office


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file that was sent would do."""

    upload_id: int | None
    """What to apply; None when it would change nothing."""
    file: MeetingFile
    is_new: bool
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Applied:
    meeting: Meeting
    changed: Changed | None
    """The meeting before and after; None for a new one."""


async def preview(
    tx: Transaction,
    content: MeetingFile | list[Sheet],
    name: str,
    person_id: int,
    now: datetime,
    t: Translator,
) -> Preview:
    """Read a file as one of the person's offices and keep it until they tap.

    Raises:
        BrokenFile: it has mistakes; all of them.
        NotAllowed: it is about an office where the person is no organiser.
    """
    file = (
        content if isinstance(content, MeetingFile) else await _from_sheets(tx, content, name, person_id, now)
    )
    office = await offices.find_by_code(tx, file.office.code)
    if office is None:  # the command line makes offices, people in a chat do not
        raise NotAllowed
    await roles.require(tx, office.id, person_id, roles.ORGANISER)
    before, lines = await meeting_preview.rehearse(tx, file, now, t)
    if all(line.sign == meeting_preview.KEPT for line in lines):
        return Preview(None, file, before is None, lines)
    upload_id = await uploads.keep(
        tx,
        person_id,
        office.id,
        name=name,
        content=meeting_yaml.to_text(meeting_export.as_content(file)),
        digest=meeting_preview.digest(before),
        now=now,
    )
    return Preview(upload_id, file, before is None, lines)


async def _from_sheets(
    tx: Transaction, sheets: list[Sheet], name: str, person_id: int, now: datetime
) -> MeetingFile:
    """The meeting of an Excel file: the one that its code names, else a new one of the office worked for last."""
    code = meeting_sheets.code_of(sheets)
    known = await meetings.find_by_code(tx, code) if code else None
    office = await _office(tx, person_id, known)
    current = None if known is None else await meeting_stored.stored(tx, known.code)
    if not code:
        day = now.astimezone(ZoneInfo(office.timezone)).date()
        code = await meeting_setup.free_code(tx, f"rakor-{day:%Y%m%d}")
    return meeting_sheets.read(sheets, meeting_stored.office_of(office), current, code, name)


async def _office(tx: Transaction, person_id: int, meeting: Meeting | None) -> Office:
    if meeting is not None:
        return await meeting_setup.office_of(tx, meeting.office_id, person_id)
    own = [office for office, role in await offices.offices_of(tx, person_id) if role == roles.ORGANISER]
    if not own:
        raise NotAllowed
    followed = await meetings.followed_by(tx, person_id)
    return next((office for office in own if followed and office.id == followed.office_id), own[0])


async def apply(tx: Transaction, upload_id: int, person_id: int, now: datetime) -> Applied:
    """Make a previewed file true.

    Raises:
        NotFound: it was applied or thrown away, or is another person's.
        NotAllowed: the person is no organiser of the office (any more).
        ChangedMeanwhile: somebody changed the meeting after the preview.
        BrokenFile: it can no longer be applied.
    """
    upload = await uploads.find(tx, upload_id, person_id)
    if upload is None:
        raise NotFound
    await roles.require(tx, upload.office_id, person_id, roles.ORGANISER)
    file = meeting_file.read(upload.content.encode(), upload.name)
    await tx.lock(f"meeting file {file.meeting.code}")
    if meeting_preview.digest(await meeting_stored.stored(tx, file.meeting.code)) != upload.digest:
        raise ChangedMeanwhile
    before = await meetings.find_by_code(tx, file.meeting.code)
    summary = await meeting_store.apply(tx, file, now, person_id=person_id)
    await uploads.forget(tx, person_id)
    after = await meetings.find(tx, summary.meeting_id)
    assert after is not None
    return Applied(after, None if before is None else Changed(before, after))
