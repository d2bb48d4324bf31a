"""Meetings, the quotas of their sectors, their agenda and their materials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.storage.database import Row, Transaction
from bot.storage.values import from_json, millis, moment, new_id, to_json

DRAFT, OPEN, RUNNING, CLOSED, ARCHIVED = "draft", "open", "running", "closed", "archived"
STATES = (DRAFT, OPEN, RUNNING, CLOSED, ARCHIVED)

REHEARSAL_MARKS: Mapping[str, str] = {"id": "🎭 GLADI · ", "en": "🎭 REHEARSAL · "}
"""Stand before the title of a meeting, by locale, wherever it is read while the meeting is rehearsed.

They are put there here and taken off when it is written, so that no message of whatever journey is without them.
"""

TEXT, CHOICE, NUMBER, YES_NO = "text", "choice", "number", "yesno"
QUESTION_KINDS = (TEXT, CHOICE, NUMBER, YES_NO)


@dataclass(frozen=True, slots=True)
class RegistrationQuestion:
    """What an office asks at registration beyond name, sector, institution and position. Texts are by locale."""

    id: str
    """Short and stable: answers are kept under it."""
    kind: str
    """One of :data:`QUESTION_KINDS`."""
    label: Mapping[str, str]
    options: tuple[Mapping[str, str], ...] = ()
    """What can be chosen, in order; for ``choice`` alone. The position is what is answered."""
    required: bool = True

    def as_data(self) -> dict[str, Any]:
        """As it stands in the database and in a meeting file."""
        return {
            "id": self.id,
            "kind": self.kind,
            "label": dict(self.label),
            "options": [dict(option) for option in self.options],
            "required": self.required,
        }


@dataclass(frozen=True, slots=True)
class Meeting:
    """One coordination meeting. Texts are by locale; moments are aware, in UTC."""

    id: int
    office_id: int
    code: str
    """What deep links and the command line call it; unique in the installation."""
    title: Mapping[str, str]
    theme: Mapping[str, str]
    venue: str
    address: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    state: str
    contact: str
    map_point: tuple[float, float] | None = None
    """Latitude and longitude of the venue in degrees."""
    registration_questions: tuple[RegistrationQuestion, ...] = ()
    approval: bool = False
    """Whether a registration waits until the committee approves it."""
    rehearsal: bool = False
    """Whether this is a rehearsal: what people do now is wiped before the real meeting."""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What happens from ``starts_at`` to before ``ends_at``."""

    id: int
    slug: str
    """The name that stays when the item is imported again."""
    starts_at: datetime
    ends_at: datetime
    title: Mapping[str, str]
    speaker: str
    speaker_position: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that Telegram keeps and this bot can send again."""

    kind: str
    """``photo`` or ``document``."""
    file_id: str
    name: str
    """As it was sent; empty for photos."""
    size: int | None
    """In bytes; None when Telegram did not tell."""


@dataclass(frozen=True, slots=True)
class Material:
    """Something to read before or during the meeting: a link, or a file."""

    slug: str
    agenda_slug: str | None
    """The agenda item that it belongs to; None for the whole meeting."""
    title: Mapping[str, str]
    url: str
    """Empty for a file."""
    file: KeptFile | None = None


def _meeting(row: Row) -> Meeting:
    return Meeting(
        id=row["id"],
        office_id=row["office_id"],
        code=row["code"],
        title=_marked(from_json(row["title"])) if row["rehearsal"] else from_json(row["title"]),
        theme=from_json(row["theme"]),
        venue=row["venue"],
        address=row["address"],
        starts_at=moment(row["starts_at"]),
        ends_at=moment(row["ends_at"]),
        timezone=row["timezone"],
        state=row["state"],
        contact=row["contact"],
        map_point=None if row["map_point"] is None else tuple(from_json(row["map_point"])),
        registration_questions=tuple(
            registration_question(data) for data in from_json(row["registration_questions"])
        ),
        approval=bool(row["approval"]),
        rehearsal=bool(row["rehearsal"]),
    )


def _marked(title: Mapping[str, str]) -> dict[str, str]:
    return {locale: f"{REHEARSAL_MARKS.get(locale, '🎭 ')}{text}" for locale, text in title.items()}


def unmarked(title: Mapping[str, str]) -> dict[str, str]:
    """The title of a meeting without the marks of a rehearsal."""
    return {locale: text.removeprefix(REHEARSAL_MARKS.get(locale, "🎭 ")) for locale, text in title.items()}


def registration_question(data: Mapping[str, Any]) -> RegistrationQuestion:
    """The question of :meth:`RegistrationQuestion.as_data`."""
    return RegistrationQuestion(
        data["id"], data["kind"], data["label"], tuple(data["options"]), data["required"]
    )


async def find(tx: Transaction, meeting_id: int) -> Meeting | None:
    row = await tx.one("SELECT * FROM meetings WHERE id = :id", id=meeting_id)
    return None if row is None else _meeting(row)


async def find_by_code(tx: Transaction, code: str) -> Meeting | None:
    row = await tx.one("SELECT * FROM meetings WHERE code = :code", code=code)
    return None if row is None else _meeting(row)


async def changed_at(tx: Transaction, meeting_id: int) -> datetime:
    """When a meeting was last changed."""
    return moment(await tx.value("SELECT updated_at FROM meetings WHERE id = :id", id=meeting_id))


async def followed_by(tx: Transaction, person_id: int) -> Meeting | None:
    """The meeting that a person's private chat was about last; None for none."""
    row = await tx.one(
        "SELECT meetings.* FROM people JOIN meetings ON meetings.id = people.meeting_id WHERE people.id = :person",
        person=person_id,
    )
    return None if row is None else _meeting(row)


async def of_office(tx: Transaction, office_id: int) -> list[Meeting]:
    """The meetings of an office, the latest first."""
    rows = await tx.all(
        "SELECT * FROM meetings WHERE office_id = :office ORDER BY starts_at DESC, id", office=office_id
    )
    return [_meeting(row) for row in rows]


async def joinable(tx: Transaction) -> list[Meeting]:
    """Meetings of every office that are open or running, the next to start first."""
    rows = await tx.all(
        "SELECT * FROM meetings WHERE state IN ('open', 'running') ORDER BY starts_at, id",
    )
    return [_meeting(row) for row in rows]


async def save(
    tx: Transaction,
    *,
    office_id: int,
    code: str,
    title: Mapping[str, str],
    theme: Mapping[str, str],
    venue: str,
    address: str,
    starts_at: datetime,
    ends_at: datetime,
    timezone: str,
    state: str,
    contact: str,
    now: datetime,
    map_point: tuple[float, float] | None = None,
    registration_questions: Sequence[RegistrationQuestion] = (),
    approval: bool = False,
) -> Meeting:
    """Make the meeting with this code, or change it to these values; its office never changes."""
    row = await tx.one(
        "INSERT INTO meetings (id, office_id, code, title, theme, venue, address, starts_at, ends_at, timezone, state,"
        " contact, updated_at, map_point, registration_questions, approval)"
        " VALUES (:id, :office, :code, :title, :theme, :venue, :address, :starts, :ends,"
        " :timezone, :state, :contact, :now, :point, :questions, :approval)"
        " ON CONFLICT (code) DO UPDATE SET title = excluded.title,"
        " theme = excluded.theme, venue = excluded.venue, address = excluded.address, starts_at = excluded.starts_at,"
        " ends_at = excluded.ends_at, timezone = excluded.timezone, state = excluded.state,"
        " contact = excluded.contact, updated_at = excluded.updated_at, map_point = excluded.map_point,"
        " registration_questions = excluded.registration_questions, approval = excluded.approval RETURNING *",
        id=new_id(),
        office=office_id,
        code=code,
        title=to_json(unmarked(title)),
        theme=to_json(dict(theme)),
        venue=venue,
        address=address,
        starts=millis(starts_at),
        ends=millis(ends_at),
        timezone=timezone,
        state=state,
        contact=contact,
        now=millis(now),
        point=None if map_point is None else to_json(list(map_point)),
        questions=to_json([question.as_data() for question in registration_questions]),
        approval=int(approval),
    )
    assert row is not None
    return _meeting(row)


async def touch(tx: Transaction, meeting_id: int, now: datetime) -> None:
    """Note that something of a meeting changed which stands in another table."""
    await tx.run("UPDATE meetings SET updated_at = :now WHERE id = :id", id=meeting_id, now=millis(now))


async def put(tx: Transaction, meeting: Meeting, now: datetime) -> Meeting:
    """Keep a meeting that is there with the values of ``meeting``; its rehearsal stays as it is."""
    return await save(
        tx,
        office_id=meeting.office_id,
        code=meeting.code,
        title=meeting.title,
        theme=meeting.theme,
        venue=meeting.venue,
        address=meeting.address,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        timezone=meeting.timezone,
        state=meeting.state,
        contact=meeting.contact,
        map_point=meeting.map_point,
        registration_questions=meeting.registration_questions,
        approval=meeting.approval,
        now=now,
    )


async def set_rehearsal(tx: Transaction, meeting_id: int, since: datetime | None) -> bool:
    """Begin a meeting's rehearsal at ``since``, or (None) end it; False when it was so already."""
    changed = await tx.run(
        "UPDATE meetings SET rehearsal = CAST(:since AS BIGINT)"
        " WHERE id = :id AND (rehearsal = 0) = (CAST(:since AS BIGINT) > 0)",
        id=meeting_id,
        since=0 if since is None else millis(since),
    )
    return changed > 0


async def rehearsed_since(tx: Transaction, meeting_id: int) -> datetime | None:
    """When the rehearsal of a meeting began; None when it is not rehearsed."""
    since = await tx.value("SELECT rehearsal FROM meetings WHERE id = :id", id=meeting_id)
    return moment(since) if since else None


async def set_state(
    tx: Transaction, meeting_id: int, state: str, now: datetime, *, expected: str
) -> Meeting | None:
    """Bring a meeting from the state ``expected`` into another; None when it is no longer in that state."""
    row = await tx.one(
        "UPDATE meetings SET state = :state, updated_at = :now WHERE id = :id AND state = :expected RETURNING *",
        id=meeting_id,
        state=state,
        expected=expected,
        now=millis(now),
    )
    return None if row is None else _meeting(row)


async def set_registration(
    tx: Transaction,
    meeting_id: int,
    questions: Sequence[RegistrationQuestion],
    *,
    approval: bool,
    now: datetime,
) -> None:
    """Set what is asked at registration beyond the usual, and whether the committee approves it."""
    await tx.run(
        "UPDATE meetings SET registration_questions = :questions, approval = :approval, updated_at = :now"
        " WHERE id = :id",
        id=meeting_id,
        questions=to_json([question.as_data() for question in questions]),
        approval=int(approval),
        now=millis(now),
    )


async def save_quota(tx: Transaction, meeting_id: int, sector: str, quota: int | None) -> None:
    """Let a sector take part, with at most ``quota`` participants; None for no limit."""
    await tx.run(
        "INSERT INTO meeting_sectors (meeting_id, sector, quota) VALUES (:meeting, :sector, :quota)"
        " ON CONFLICT (meeting_id, sector) DO UPDATE SET quota = excluded.quota",
        meeting=meeting_id,
        sector=sector,
        quota=quota,
    )


async def remove_quota(tx: Transaction, meeting_id: int, sector: str) -> None:
    """Take a sector out of a meeting."""
    await tx.run(
        "DELETE FROM meeting_sectors WHERE meeting_id = :meeting AND sector = :sector",
        meeting=meeting_id,
        sector=sector,
    )


async def quotas(tx: Transaction, meeting_id: int) -> dict[str, int | None]:
    """Sector code to quota, for the sectors that take part; None for no limit."""
    rows = await tx.all(
        "SELECT sector, quota FROM meeting_sectors WHERE meeting_id = :meeting", meeting=meeting_id
    )
    return {row["sector"]: row["quota"] for row in rows}


async def agenda(tx: Transaction, meeting_id: int) -> list[AgendaItem]:
    """The agenda items of a meeting in the order of their start."""
    rows = await tx.all(
        "SELECT * FROM agenda_items WHERE meeting_id = :meeting ORDER BY starts_at, ends_at, slug",
        meeting=meeting_id,
    )
    return [
        AgendaItem(
            id=row["id"],
            slug=row["slug"],
            starts_at=moment(row["starts_at"]),
            ends_at=moment(row["ends_at"]),
            title=from_json(row["title"]),
            speaker=row["speaker"],
            speaker_position=from_json(row["speaker_position"]),
        )
        for row in rows
    ]


async def save_agenda_item(
    tx: Transaction,
    meeting_id: int,
    *,
    slug: str,
    starts_at: datetime,
    ends_at: datetime,
    title: Mapping[str, str],
    speaker: str,
    speaker_position: Mapping[str, str],
) -> None:
    """Make the item with this slug, or change it to these values."""
    await tx.run(
        "INSERT INTO agenda_items (id, meeting_id, slug, starts_at, ends_at, title, speaker, speaker_position)"
        " VALUES (:id, :meeting, :slug, :starts, :ends, :title, :speaker, :position)"
        " ON CONFLICT (meeting_id, slug) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at,"
        " title = excluded.title, speaker = excluded.speaker, speaker_position = excluded.speaker_position",
        id=new_id(),
        meeting=meeting_id,
        slug=slug,
        starts=millis(starts_at),
        ends=millis(ends_at),
        title=to_json(dict(title)),
        speaker=speaker,
        position=to_json(dict(speaker_position)),
    )


async def keep_agenda_items(tx: Transaction, meeting_id: int, slugs: set[str]) -> None:
    """Remove the items of a meeting that are not among ``slugs``."""
    for item in await agenda(tx, meeting_id):
        if item.slug not in slugs:
            await tx.run("DELETE FROM agenda_items WHERE id = :id", id=item.id)


async def materials(tx: Transaction, meeting_id: int) -> list[Material]:
    """The materials of a meeting in the organisers' order."""
    rows = await tx.all(
        "SELECT * FROM materials WHERE meeting_id = :meeting ORDER BY position, slug", meeting=meeting_id
    )
    return [_material(row) for row in rows]


def _material(row: Row) -> Material:
    file = None
    if row["file_id"] is not None:
        file = KeptFile(row["file_kind"], row["file_id"], row["file_name"], row["file_size"])
    return Material(row["slug"], row["agenda_slug"], from_json(row["title"]), row["url"], file)


async def save_materials(tx: Transaction, meeting_id: int, items: list[Material]) -> None:
    """Make these the materials of a meeting, in this order."""
    await tx.run("DELETE FROM materials WHERE meeting_id = :meeting", meeting=meeting_id)
    for position, item in enumerate(items):
        await tx.run(
            "INSERT INTO materials (id, meeting_id, slug, agenda_slug, title, url, position, file_kind, file_id,"
            " file_name, file_size) VALUES (:id, :meeting, :slug, :agenda, :title, :url, :position, :kind, :file,"
            " :name, :size)",
            id=new_id(),
            meeting=meeting_id,
            slug=item.slug,
            agenda=item.agenda_slug,
            title=to_json(dict(item.title)),
            url=item.url,
            position=position,
            kind=None if item.file is None else item.file.kind,
            file=None if item.file is None else item.file.file_id,
            name=None if item.file is None else item.file.name,
            size=None if item.file is None else item.file.size,
        )
