"""How a meeting reads to its organisers: the list, the card, and what its states mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.i18n import N_, Translator
from bot.storage.meetings import AgendaItem, Meeting
from bot.storage.offices import Office
from handlers.taps import Button, tap

PAGE = 8
"""How many meetings one page of the list has."""
TITLE_ROOM = 300
"""UTF-16 units of a title in a message."""
LABEL_ROOM = 34
"""UTF-16 units of a title on a button, beside its day."""

STATE_NAMES: Mapping[str, str] = {
    "draft": N_("draft"),
    "open": N_("open for registration"),
    "running": N_("running"),
    "closed": N_("closed"),
    "archived": N_("in the archive"),
}
STATE_SIGNS: Mapping[str, str] = {
    "draft": "✏️",
    "open": "📨",
    "running": "▶️",
    "closed": "🏁",
    "archived": "🗄",
}

_MEANINGS: Mapping[str, str] = {
    "draft": N_("Only the committee sees it. Nobody can register yet."),
    "open": N_(
        "Who has the link can register, and reads agenda and materials. Reminders of the meeting go out by themselves."
    ),
    "running": N_(
        "Dialogue sessions and polls can be opened and people are checked in. Latecomers can still register."
    ),
    "closed": N_(
        "Registration, sessions and polls have ended. Agenda and materials can still be read; the reports are for you."
    ),
    "archived": N_(
        "Only the committee sees it, and nothing of it changes. It can be copied and taken out again."
    ),
}
"""What people can do while a meeting is in a state."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of a meeting tells."""

    meeting: Meeting
    office: Office
    participants: int
    sectors: int
    """How many take part."""
    seats: int | None
    """All quotas together; None when a sector has none."""
    agenda: Sequence[AgendaItem]
    outside: Sequence[AgendaItem]
    """Items that do not lie within the meeting."""
    materials: int
    sessions: int
    is_current: bool
    """Whether the person's chat is about this meeting."""


def state_line(t: Translator, state: str) -> str:
    """The state, and what people can do in it; HTML."""
    return t.gettext("{sign} <b>{state}</b>: {meaning}").format(
        sign=STATE_SIGNS[state],
        state=capital(t.gettext(STATE_NAMES[state])),
        meaning=t.gettext(_MEANINGS[state]),
    )


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def when(t: Translator, starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """From when to when, with the zone: on one line where it is one day."""
    clocks = ZoneInfo(zone)
    if starts_at.astimezone(clocks).date() == ends_at.astimezone(clocks).date():
        return t.gettext("{day}, {start}–{end}").format(
            day=t.day(starts_at, zone), start=t.bare_time(starts_at, zone), end=t.time(ends_at, zone)
        )
    return f"{t.moment(starts_at, zone)} –\n{t.moment(ends_at, zone)}"


def where(meeting: Meeting) -> str:
    """Venue and address; HTML, empty while neither is known."""
    return escape(", ".join(part for part in (meeting.venue, meeting.address) if part), quote=False)


def title(t: Translator, meeting: Meeting) -> str:
    """HTML; that of a rehearsal says that it is one (:data:`bot.storage.meetings.REHEARSAL_MARKS`)."""
    return escape(clip(t.pick(meeting.title), TITLE_ROOM), quote=False)


def card(t: Translator, shown: Card) -> str:
    """The meeting at a glance; HTML."""
    meeting = shown.meeting
    lines = [f"🗓 <b>{title(t, meeting)}</b>"]
    if theme := t.pick(meeting.theme):
        lines.append(f"<i>{escape(clip(theme, TITLE_ROOM), quote=False)}</i>")
    facts = [when(t, meeting.starts_at, meeting.ends_at, meeting.timezone)]
    facts.append(where(meeting) or t.gettext("Venue: not set yet"))
    if meeting.map_point is not None:
        facts.append(t.gettext("📍 With a point on the map"))
    if meeting.contact:
        facts.append(t.gettext("Contact: {contact}").format(contact=escape(meeting.contact, quote=False)))
    facts.append(escape(shown.office.name, quote=False))
    inside = [
        t.ngettext("{count} participant", "{count} participants", shown.participants).format(
            count=shown.participants
        ),
        t.ngettext("{count} group takes part", "{count} groups take part", shown.sectors).format(
            count=shown.sectors
        )
        + ("" if shown.seats is None else " · " + _seats(t, shown.seats)),
        t.ngettext("{count} agenda item", "{count} agenda items", len(shown.agenda)).format(
            count=len(shown.agenda)
        ),
        t.ngettext("{count} material", "{count} materials", shown.materials).format(count=shown.materials),
        t.ngettext("{count} dialogue session", "{count} dialogue sessions", shown.sessions).format(
            count=shown.sessions
        ),
        _registration(t, meeting),
    ]
    parts = ["\n".join(lines), "\n".join(facts), state_line(t, meeting.state)]
    if meeting.rehearsal:
        parts.append(
            t.gettext(
                "🎭 <b>This is a rehearsal.</b> What people do now is wiped when you end it. End it before {when}, then"
                " open the meeting."
            ).format(when=t.moment(meeting.starts_at, meeting.timezone))
        )
    parts.append("\n".join(f"• {line}" for line in inside))
    if shown.outside:
        parts.append(outside_warning(t, shown.outside))
    if shown.is_current:
        parts.append(t.gettext("👉 Your tools are about this meeting."))
    return "\n\n".join(parts)


def _seats(t: Translator, seats: int) -> str:
    return t.ngettext("{count} seat", "{count} seats", seats).format(count=seats)


def _registration(t: Translator, meeting: Meeting) -> str:
    count = len(meeting.registration_questions)
    questions = t.ngettext("{count} question of your own", "{count} questions of your own", count).format(
        count=count
    )
    approval = t.gettext("you approve registrations") if meeting.approval else t.gettext("registered at once")
    return f"{questions} · {approval}"


def outside_warning(t: Translator, items: Sequence[AgendaItem]) -> str:
    """That agenda items do not fit into the meeting, with their names; HTML."""
    names = ", ".join(f"“{escape(clip(t.pick(item.title), 60), quote=False)}”" for item in items[:3])
    if len(items) > 3:
        names += ", …"
    return t.ngettext(
        "⚠️ {count} agenda item is outside the meeting's times: {names}. Change the item or the meeting's end.",
        "⚠️ {count} agenda items are outside the meeting's times: {names}. Change them or the meeting's end.",
        len(items),
    ).format(count=len(items), names=names)


def card_buttons(t: Translator, shown: Card) -> list[list[Button]]:
    """What can be done with the meeting, the likeliest first."""
    meeting = shown.meeting
    moves = [
        [tap(f"{STATE_SIGNS[state]} {t.gettext(label)}", "state-ask", meeting.id, state)]
        for state, label in meetings.moves(meeting.state)
    ]
    copy = tap(t.gettext("📋 Copy"), "meeting-copy", meeting.id)
    files = tap(t.gettext("📤 Files"), "meeting-files", meeting.id)
    back = [tap(t.gettext("‹ All meetings"), "meetings", 0)]
    if meeting.state == "archived":
        return [*moves, [copy, files], back]
    registration = [tap(t.gettext("❓ Registration"), "meeting-questions", meeting.id)]
    if meeting.rehearsal:
        moves.insert(0, [tap(t.gettext("🎭 End rehearsal"), "rehearsal-end", meeting.id)])
    else:
        registration.append(tap(t.gettext("🎭 Rehearse"), "rehearsal", meeting.id))
    return [
        *moves,
        [
            tap(t.gettext("✏️ Edit"), "meeting-edit", meeting.id),
            tap(t.gettext("👥 Groups & seats"), "meeting-sectors", meeting.id, 0),
        ],
        [
            tap(t.gettext("🗓 Agenda"), "agenda-edit", meeting.id, 0),
            tap(t.gettext("📄 Materials"), "material-edit", meeting.id, 0),
        ],
        registration,
        [copy, files],
        back,
    ]


def listing(
    t: Translator, known: Sequence[Meeting], page: int, current: int | None, offices: Sequence[Office]
) -> tuple[str, list[list[Button]]]:
    """A page of the meetings of a person's offices, with a button for each."""
    head = t.gettext("🗓 <b>Meetings</b>")
    make = [
        [
            tap(
                t.gettext("➕ New meeting")
                if len(offices) == 1
                else t.gettext("➕ New meeting of {office}").format(office=clip(office.name, LABEL_ROOM)),
                "meeting-new",
                office.id,
            )
        ]
        for office in offices[:3]
    ]
    if not known:
        return f"{head}\n\n" + t.gettext(
            "Your office has no meeting yet. Create one step by step, or send me a meeting file: an Excel or YAML file"
            " as /meetings gives it out."
        ), [*make, [tap(t.gettext("📤 Empty Excel form"), "meeting-form")]]
    pages = (len(known) - 1) // PAGE + 1
    page = min(page, pages - 1)
    several = len({meeting.office_id for meeting in known}) > 1
    names = {office.id: office.name for office in offices}
    lines = []
    buttons = []
    for place, meeting in enumerate(known[page * PAGE : (page + 1) * PAGE], page * PAGE + 1):
        mark = "👉 " if meeting.id == current else ""
        line = (
            f"{place}. {mark}<b>{title(t, meeting)}</b>\n    {t.moment(meeting.starts_at, meeting.timezone)}"
        )
        line += f" · {t.gettext(STATE_NAMES[meeting.state])}"
        if several:
            line += f"\n    {escape(names.get(meeting.office_id, ''), quote=False)}"
        lines.append(line)
        label = f"{STATE_SIGNS[meeting.state]} {place}. {clip(t.pick(meeting.title), LABEL_ROOM)}"
        buttons.append([tap(label, "meeting", meeting.id)])
    around = []
    if page:
        around.append(tap("‹", "meetings", page - 1))
    if page + 1 < pages:
        around.append(tap("›", "meetings", page + 1))
    closing = t.gettext("Tap one to work on it. 👉 marks the one that your tools are about now.")
    return "\n\n".join([head, "\n".join(lines), closing]), [*buttons, around, *make]
