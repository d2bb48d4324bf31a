"""What the desk sees: one person, the answer to codes, and who is here."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from bot.domain.attendance import Arrival, Count, Outcome, Roll
from bot.domain.texts import clip
from bot.i18n import N_, Localised, Translator
from bot.storage.meetings import Meeting
from bot.storage.values import millis
from handlers.taps import Button, tap

PAGE = 15
"""Institutions in one message."""

_ANSWERS = {
    Outcome.CHECKED_IN: N_("✅ {code} {name}: checked in"),
    Outcome.ALREADY: N_("☑️ {code} {name}: was here already at {time}"),
    Outcome.UNKNOWN: N_("❓ {code}: unknown"),
    Outcome.WITHDRAWN: N_("🚫 {code} {name}: has withdrawn"),
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


def undo_button(t: Translator, arrival: Arrival) -> Button:
    """Takes back the check-in of this arrival, which has one."""
    assert arrival.check_in is not None
    return tap(t.gettext("Undo"), "hadir-undo", arrival.check_in.participant_id, millis(arrival.check_in.at))


def overview(t: Translator, meeting: Meeting, roll: Roll, sectors: Mapping[str, Localised], now: str) -> str:
    """The numbers of the hall; ``now`` is the time that they are of."""
    lines = [
        t.gettext("📋 <b>Attendance</b>\n{title}").format(title=escape(clip(t.pick(meeting.title), 150))),
        "",
        t.gettext("<b>{present}</b> of {registered} are here, {time}").format(
            present=roll.present, registered=roll.registered, time=now
        ),
        "",
    ]
    lines += [
        f"{_named(t, sectors, count)}: <b>{count.present}</b> / {count.registered}"
        for count in roll.sectors[:40]
    ]
    lines += [
        "",
        t.gettext(
            "Check in: scan a ticket, or type the codes: /hadir CODE CODE. To look somebody up: /hadir and the name."
        ),
    ]
    return "\n".join(lines)


def _named(t: Translator, sectors: Mapping[str, Localised], count: Count) -> str:
    return escape(clip(t.pick(sectors.get(count.name, {})) or count.name, 60))


def overview_buttons(
    t: Translator, meeting: Meeting, roll: Roll, *, is_organiser: bool
) -> list[list[Button]]:
    here, missing = split(roll)
    buttons = [
        [
            tap(t.gettext("Missing: {count}").format(count=len(missing)), "hadir-inst", meeting.id, "m", 0),
            tap(t.gettext("Here: {count}").format(count=len(here)), "hadir-inst", meeting.id, "h", 0),
        ],
        [
            tap(t.gettext("List as XLSX"), "hadir-list", meeting.id),
            tap(t.gettext("Refresh"), "hadir", meeting.id),
        ],
    ]
    if is_organiser:
        buttons.append([tap(t.gettext("Somebody without registration"), "hadir-new", meeting.id)])
    return buttons


def split(roll: Roll) -> tuple[list[Count], list[Count]]:
    """The institutions of which somebody is here, and those of which nobody is."""
    return (
        [count for count in roll.institutions if count.present],
        [count for count in roll.institutions if not count.present],
    )


def institutions(
    t: Translator, meeting: Meeting, roll: Roll, which: str, page: int
) -> tuple[str, list[list[Button]]]:
    """One page of the institutions that are here (``h``) or missing (``m``)."""
    here, missing = split(roll)
    found, heading = (
        (here, t.gettext("<b>Institutions that are here ({count})</b>"))
        if which == "h"
        else (missing, t.gettext("<b>Institutions of which nobody is here yet ({count})</b>"))
    )
    shown = found[page * PAGE : (page + 1) * PAGE]
    lines = [f"• {escape(clip(count.name, 120))}: {count.present} / {count.registered}" for count in shown]
    around = []
    if page:
        around.append(tap("‹", "hadir-inst", meeting.id, which, page - 1))
    if (page + 1) * PAGE < len(found):
        around.append(tap("›", "hadir-inst", meeting.id, which, page + 1))
    text = "\n".join([heading.format(count=len(found)), "", *(lines or ["–"])])
    return text, [around, [tap(t.gettext("‹ Attendance"), "hadir", meeting.id)]]
