"""What the bot holds about a person: a copy for them, and its erasure.

The rights behind it (Law 27/2022 on Personal Data Protection): to get one's data in a form that other programs read
(article 13), and to have it erased (article 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain import roles
from bot.domain.agreement import stances
from bot.storage import actions, offices, personal, personal_erasure
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.personal import Record
from bot.storage.personal_erasure import Erased
from bot.storage.values import from_json, moment


async def everything(tx: Transaction, person_id: int) -> Record:
    """All that is held about a person, apart from the update that asks for it, which is erased once answered."""
    return await personal.record(tx, person_id)


def as_json(record: Record, taken: Sequence[tuple[Meeting, int, str]] = ()) -> dict[str, Any]:
    """The record as a file that other programs read: moments in ISO 8601, UTC.

    ``taken`` are the stances of the person, as :func:`bot.domain.agreement.stances.own` finds them.
    """
    form = record.form and {
        "form": record.form["form"],
        "answers": from_json(record.form["state"]["progress"])["answers"],
        "updated_at": record.form["updated_at"],
    }
    return {
        "format": "rakor-personal-data/1",
        **_with_moments(
            {
                "person": record.person,
                "registrations": record.registrations,
                "submissions": record.submissions,
                "roles": record.roles,
                "open_form": form,
                "messages": record.messages,
                "without_reminders": record.without_reminders,
                "reminder_choices": record.reminder_choices,
                "invitations": record.invitations,
                "opened_links": record.opened_links,
                "followed_agendas": record.followed_agendas,
                "uploads": record.uploads,
                "answers": record.answers,
                "stances": [
                    {"meeting": meeting.code, "number": number, "stance": stance}
                    for meeting, number, stance in taken
                ],
                "notices": record.notices,
                "questions": record.questions,
                "check_ins": record.check_ins,
                "ticks": record.ticks,
                "wrong_codes": record.wrong_codes,
                "speaks": record.speaks,
                "actions": record.actions,
            }
        ),
    }


async def is_last_organiser(tx: Transaction, person_id: int) -> bool:
    """Whether an office would have no organiser without this person."""
    for office, role in await offices.offices_of(tx, person_id):
        others = [member for member, its in await offices.members_of(tx, office.id) if its == roles.ORGANISER]
        if role == roles.ORGANISER and others == [person_id]:
            return True
    return False


async def erase(tx: Transaction, person_id: int, now: datetime, secret: bytes) -> list[Erased]:
    """Forget a person altogether; offices learn how much went, not whose it was.

    Not even an empty registration stays: nothing here needs one, and an attendance list that the office must keep is a
    document of the office's own. Per meeting, how many registrations and submissions lost their person. Stances are
    found with the installation's ``secret`` alone.
    """
    await stances.forget(tx, person_id, secret)
    erased = await personal_erasure.erase(tx, person_id)
    for meeting in erased:
        await actions.record(
            tx,
            office_id=meeting.office_id,
            meeting_id=meeting.meeting_id,
            action="person.erased",
            now=now,
            registrations=meeting.registrations,
            submissions=meeting.submissions,
        )
    return erased


def _with_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: moment(item).isoformat(timespec="seconds")
            if key.endswith("_at") and isinstance(item, int)
            else _with_moments(item)
            for key, item in value.items()
        }
    return [_with_moments(item) for item in value] if isinstance(value, list) else value
