"""Putting people on the list of the invited: a whole file, all or nothing, or one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain import roles
from bot.domain.errors import ChangedMeanwhile
from bot.domain.meeting import meetings
from bot.domain.people import invitations, names
from bot.domain.people.invitee_judging import Outcome, Report, judge, merged_entry, name_key, tally
from bot.domain.people.invitee_rows import Line
from bot.storage import actions, invitees, participants
from bot.storage import invitations as stored_links
from bot.storage.database import Transaction
from bot.storage.invitees import Entry
from bot.storage.meetings import Meeting


async def take(
    tx: Transaction,
    meeting_id: int,
    by: int,
    lines: Sequence[Line],
    merged: Iterable[int],
    expected: Mapping[str, int],
    now: datetime,
) -> Report:
    """Put the rows on the list, as an organiser, each new person with a link of their own; what was done.

    ``expected`` says how many rows have which outcome in the preview that somebody agreed to.

    Raises:
        NotFound, NotAllowed.
        ChangedMeanwhile: the rows would do something else by now; nothing was changed.
    """
    meeting = await meetings.for_staff(tx, meeting_id, by, roles.ORGANISER)
    await tx.lock(f"invited {meeting.id}")
    report = await judge(tx, meeting, lines, merged)
    if not report.can_be_taken or tally(report) != dict(expected):
        raise ChangedMeanwhile
    new, changed = [], []
    for row in report.rows:
        assert row.entry is not None
        if row.known is not None and (row.merges or row.outcome is Outcome.CHANGED):
            entry = merged_entry(row.known.entry, row.entry)
            changed.append((row.known.id, entry, names.searchable(entry.name)))
        elif row.outcome in (Outcome.NEW, Outcome.DOUBTFUL):
            new.append((row.entry, names.searchable(row.entry.name)))
    await invitees.change(tx, changed)
    await put_on_list(tx, meeting, new, now)
    await actions.record(
        tx,
        office_id=meeting.office_id,
        meeting_id=meeting.id,
        person_id=by,
        action="invitees.imported",
        now=now,
        new=len(new),
        changed=len(changed),
    )
    return report


async def put_on_list(
    tx: Transaction, meeting: Meeting, entries: Sequence[tuple[Entry, str]], now: datetime
) -> list[int]:
    """Add people with links of their own; who registered already, by name and institution, counts as such."""
    ids = await invitees.add(tx, meeting.id, entries, now)
    await invitations.office_key(tx, meeting.office_id)
    await stored_links.add_personal(tx, meeting.id, ids, now)
    here = {
        (name_key(person.name), names.folded(person.institution)): person
        for person in await participants.everybody(tx, meeting.id)
        if person.is_active and person.invitee_id is None
    }
    for invitee_id, (entry, _) in zip(ids, entries, strict=True):
        person = here.pop((name_key(entry.name), names.folded(entry.institution)), None)
        if person is not None:
            await participants.attach(tx, person.id, invitee_id)
            await invitees.set_state(
                tx, invitee_id, invitees.REGISTERED, person.registered_at, person_id=person.person_id
            )
    return ids
