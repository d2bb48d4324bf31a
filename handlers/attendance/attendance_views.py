"""What the desk sees: one person, the answer to codes, and who is here."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from bot.domain.attendance.attendance import Arrival, Outcome
from bot.domain.attendance.roll import Count, Tally
from bot.domain.language.texts import clip
from bot.i18n import N_, Localised, Translator
from bot.storage.attendance import CheckIn
from bot.storage.meetings import Meeting
from bot.storage.participants import REGISTERED, Participant
from bot.storage.values import millis
from handlers.taps import Button, tap

PAGE = 15
"""Institutions in one message."""

WELCOME = N_("✅ You are checked in at <b>{title}</b>. Welcome! /agenda shows what comes next.")

HERE, MISSING, SILENT = "h", "m", "s"
INSTITUTIONS = (HERE, MISSING, SILENT)
"""Lists of institutions, as buttons name them: here, registered and missing, invited and not registered."""

_ANSWERS = {
    Outcome.CHECKED_IN: N_("✅ {code} {name}: checked in"),
    Outcome.ALREADY: N_("☑️ {code} {name}: was here already at {time}"),
    Outcome.UNKNOWN: N_("❓ {code}: unknown"),
    Outcome.WITHDRAWN: N_("🚫 {code} {name}: has withdrawn"),
    Outcome.NOT_ADMITTED: N_("⏳ {code} {name}: has no seat yet; /participants and the name shows why"),
    Outcome.ELSEWHERE: N_("↪️ {code} {name}: registered for another meeting ({title})"),
}


def answer(t: Translator, arrival: Arrival) -> str:
    """One line of HTML about one ticket."""
    name = title = time = ""
    if arrival.participant is not None:
        name = escape(clip(arrival.participant.name, 50))
    if arrival.meeting is not None:
        title = escape(clip(t.pick(arrival.meeting.title), 40))
        if arrival.check_in is not None:
            time = t.time(arrival.check_in.at, arrival.meeting.timezone)
    return t.gettext(_ANSWERS[arrival.outcome]).format(
        code=escape(clip(arrival.code, 20)), name=name, time=time, title=title
    )


def mark(person: Participant, made: CheckIn | None) -> str:
    """What stands before somebody's name on a button: whether they are here, or have no seat."""
    if person.state != REGISTERED:
        return "⏳ "
    return "" if made is None else "☑️ "


def undo_button(t: Translator, arrival: Arrival) -> Button:
    """Takes back the check-in of this arrival, which has one."""
    assert arrival.check_in is not None
    return tap(t.gettext("Undo"), "hadir-undo", arrival.check_in.participant_id, millis(arrival.check_in.at))


def overview(
    t: Translator, meeting: Meeting, tally: Tally, sectors: Mapping[str, Localised], now: str
) -> str:
    """The numbers of the hall; ``now`` is the time that they are of."""
    lines = [
        t.gettext("📋 <b>Attendance</b>\n{title}").format(title=escape(clip(t.pick(meeting.title), 150))),
        "",
        t.gettext("<b>{present}</b> of {registered} are here, {time}").format(
            present=tally.present, registered=tally.registered, time=now
        ),
    ]
    if tally.invited:
        lines.append(t.gettext("Invited: {count}").format(count=tally.invited))
    lines.append("")
    lines += [_sector_line(t, tally, sectors, count) for count in tally.sectors[:40]]
    lines += [
        "",
        t.gettext(
            "Check in: scan a ticket, or type the codes: /attendance CODE CODE. To look somebody up: /attendance and"
            " the name."
        ),
    ]
    return "\n".join(lines)


def _sector_line(t: Translator, tally: Tally, sectors: Mapping[str, Localised], count: Count) -> str:
    name = escape(clip(t.pick(sectors.get(count.name, {})) or count.name, 60))
    line = f"{name}: <b>{count.present}</b> / {count.registered}"
    if not tally.invited:
        return line
    return line + " · " + t.gettext("invited {count}").format(count=count.invited)


def overview_buttons(
    t: Translator, meeting: Meeting, tally: Tally, *, is_organiser: bool
) -> list[list[Button]]:
    missing, here = len(tally.missing), len(tally.here)
    buttons = [
        [
            tap(t.gettext("Missing: {count}").format(count=missing), "hadir-inst", meeting.id, MISSING, 0),
            tap(t.gettext("Here: {count}").format(count=here), "hadir-inst", meeting.id, HERE, 0),
        ],
    ]
    if tally.invited:
        label = t.gettext("Invited, not registered: {count}").format(count=len(tally.silent))
        buttons.append([tap(label, "hadir-inst", meeting.id, SILENT, 0)])
    buttons.append(
        [
            tap(t.gettext("📄 Attendance list"), "hadir-lists", meeting.id),
            tap(t.gettext("Refresh"), "hadir", meeting.id),
        ]
    )
    if is_organiser:
        buttons.append([tap(t.gettext("Somebody without registration"), "hadir-new", meeting.id)])
        buttons.append([tap(t.gettext("🔑 Check-in by a code"), "hall-code", meeting.id)])
    return buttons


def institutions(
    t: Translator, meeting: Meeting, tally: Tally, which: str, page: int
) -> tuple[str, list[list[Button]]]:
    """One page of the institutions that are here, missing, or not registered: one of :data:`INSTITUTIONS`."""
    found, heading = {
        HERE: (tally.here, N_("<b>Institutions that are here ({count})</b>")),
        MISSING: (tally.missing, N_("<b>Institutions of which nobody is here yet ({count})</b>")),
        SILENT: (tally.silent, N_("<b>Invited institutions of which nobody is registered ({count})</b>")),
    }[which]
    shown = found[page * PAGE : (page + 1) * PAGE]
    lines = [f"• {escape(clip(count.name, 120))}: {_figures(t, count, which)}" for count in shown]
    text = "\n".join([t.gettext(heading).format(count=len(found)), "", *(lines or ["–"])])
    around = turning(page, len(found), PAGE, "hadir-inst", meeting.id, which)
    return text, [around, [tap(t.gettext("‹ Attendance"), "hadir", meeting.id)]]


def _figures(t: Translator, count: Count, which: str) -> str:
    if which != SILENT:
        return f"{count.present} / {count.registered}"
    if count.declined:
        sentence = t.gettext("{invited} invited, {declined} cannot come")
        return sentence.format(invited=count.invited, declined=count.declined)
    return t.gettext("{invited} invited").format(invited=count.invited)


def turning(page: int, total: int, size: int, kind: str, *parts: str | int) -> list[Button]:
    """The buttons to the page before and the one after, where there are any; the page is the last part of the data."""
    around = []
    if page:
        around.append(tap("‹", kind, *parts, page - 1))
    if (page + 1) * size < total:
        around.append(tap("›", kind, *parts, page + 1))
    return around
