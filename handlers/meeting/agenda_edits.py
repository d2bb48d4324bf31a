"""The agenda in the committee's hands: items added, changed, removed, and the rest shifted when it runs late."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Text
from bot.domain.language.texts import clip
from bot.domain.language.typed_times import read_hours
from bot.domain.meeting import agenda, agenda_changes, meeting_setup, meetings
from bot.domain.meeting.agenda_changes import Delay
from bot.domain.notices import broadcasts
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import Content
from bot.i18n import LOCALES, N_, Translator, translator
from bot.storage import meetings as stored
from bot.storage import offices
from bot.storage.meetings import OPEN, RUNNING, AgendaItem, Meeting
from handlers.forms import forms
from handlers.meeting import meeting_views as views
from handlers.meeting.meetings import hours_are_understood
from handlers.routing import Journey, Tap
from handlers.taps import BadTap, Button, number, tap
from handlers.turn import Turn

ITEM = "agenda-item"
PAGE = 8
LATE, EARLY = (5, 10, 15, 30), (5, 15)
"""Minutes that a tap moves what follows by."""


async def _screen(turn: Turn, meeting: Meeting, page: int) -> tuple[str, list[list[Button]]]:
    t = turn.t
    items = await stored.agenda(turn.tx, meeting.id)
    pages = max(1, -(-len(items) // PAGE))
    page = min(page, pages - 1)
    buttons = [
        [
            tap(
                clip(f"{t.bare_time(item.starts_at, meeting.timezone)} {t.pick(item.title)}", 55),
                "item",
                meeting.id,
                item.id,
            )
        ]
        for item in items[page * PAGE : (page + 1) * PAGE]
    ]
    around = []
    if page:
        around.append(tap("‹", "agenda-edit", meeting.id, page - 1))
    if page + 1 < pages:
        around.append(tap("›", "agenda-edit", meeting.id, page + 1))
    parts = [
        t.gettext("🗓 <b>Agenda</b>\n{title}\n{when}").format(
            title=views.title(t, meeting),
            when=views.when(t, meeting.starts_at, meeting.ends_at, meeting.timezone),
        ),
        t.gettext("Tap an item to change it, or to shift it and all that follow when it begins late.")
        if items
        else t.gettext("There are no items yet."),
    ]
    outside = agenda.outside(items, meeting)
    if outside:
        parts.append(views.outside_warning(t, outside))
    buttons += [
        around,
        [tap(t.gettext("➕ Another item"), "item-add", meeting.id)],
        [tap(t.gettext("‹ Back"), "meeting", meeting.id)],
    ]
    return "\n\n".join(parts), buttons


async def on_agenda(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.edit(*await _screen(turn, meeting, number(turn.args[1])))


async def on_item(turn: Turn) -> None:
    """One item with all that can be done with it."""
    meeting, item = await _item(turn)
    turn.edit(*_item_card(turn.t, meeting, item))


async def _item(turn: Turn) -> tuple[Meeting, AgendaItem]:
    return await agenda_changes.item_of(turn.tx, number(turn.args[0]), number(turn.args[1]), turn.user.id)


def _item_card(t: Translator, meeting: Meeting, item: AgendaItem) -> tuple[str, list[list[Button]]]:
    who = ", ".join(part for part in (item.speaker, t.pick(item.speaker_position)) if part)
    lines = [f"<b>{escape(t.pick(item.title), quote=False)}</b>", _times(t, meeting, item)]
    if who:
        lines.append(escape(who, quote=False))
    lines += ["", t.gettext("When it begins late, all that follow move along, and who asked for it is told.")]
    seen = int(item.starts_at.timestamp())
    late = [tap(f"+{count}′", "item-delay", meeting.id, item.id, count, seen) for count in LATE]
    early = [tap(f"−{count}′", "item-early", meeting.id, item.id, count, seen) for count in EARLY]
    return "\n".join(lines), [
        late,
        early,
        [
            tap(t.gettext("✏️ Edit"), "item-edit", meeting.id, item.id),
            tap(t.gettext("🗑 Remove"), "item-remove", meeting.id, item.id),
        ],
        [tap(t.gettext("‹ Back"), "agenda-edit", meeting.id, 0)],
    ]


def _times(t: Translator, meeting: Meeting, item: AgendaItem) -> str:
    return views.when(t, item.starts_at, item.ends_at, meeting.timezone)


async def on_late(turn: Turn) -> None:
    await _shift(turn, number(turn.args[2]))


async def on_early(turn: Turn) -> None:
    await _shift(turn, -number(turn.args[2]))


async def _shift(turn: Turn, minutes: int) -> None:
    """Shift an item and what follows, and tell the groups and those who asked."""
    if abs(minutes) not in (*LATE, *EARLY):
        raise BadTap(str(minutes))
    meeting_id, item_id = number(turn.args[0]), number(turn.args[1])
    seen = datetime.fromtimestamp(number(turn.args[3]), UTC)
    try:
        shift = await agenda_changes.delay(
            turn.tx, meeting_id, item_id, turn.user.id, minutes, seen, turn.now
        )
    except AlreadyDecided:
        turn.answer(turn.t.gettext("It was moved meanwhile. This is its time now."), alert=True)
        turn.edit(*_item_card(turn.t, *await _item(turn)))
        return
    told = 0
    if shift.meeting.state in (OPEN, RUNNING):
        told = await _tell(turn, shift)
    t = turn.t
    turn.answer(
        t.ngettext("Moved. {count} chat is told.", "Moved. {count} chats are told.", told).format(count=told)
    )
    text, buttons = _item_card(t, shift.meeting, shift.item)
    outside = agenda.outside(await stored.agenda(turn.tx, meeting_id), shift.meeting)
    if outside:
        text += "\n\n" + views.outside_warning(t, outside)
    turn.edit(text, buttons)


async def _tell(turn: Turn, shift: Delay) -> int:
    """Tell those who asked, and the groups of the meeting; how many chats."""
    audience = Audience(groups=True, followers=True)
    chats = await broadcasts.recipients(turn.tx, shift.meeting, audience, broadcasts.NOTICE)
    if chats:
        await broadcasts.create(
            turn.tx,
            office_id=shift.meeting.office_id,
            meeting_id=shift.meeting.id,
            kind=broadcasts.NOTICE,
            content=Content({locale: late_notice(translator(locale), shift) for locale in LOCALES}),
            audience=audience,
            author_id=turn.user.id,
            now=turn.now,
        )
    return len(chats)


def late_notice(t: Translator, shift: Delay) -> str:
    """What changed, first of all; HTML."""
    zone = shift.meeting.timezone
    minutes = int((shift.item.starts_at - shift.was.starts_at).total_seconds()) // 60
    if minutes > 0:
        head = t.ngettext(
            "⏱ <b>“{item}” begins {count} minute later</b>",
            "⏱ <b>“{item}” begins {count} minutes later</b>",
            minutes,
        )
    else:
        head = t.ngettext(
            "⏱ <b>“{item}” begins {count} minute earlier</b>",
            "⏱ <b>“{item}” begins {count} minutes earlier</b>",
            -minutes,
        )
    lines = [
        head.format(item=escape(clip(t.pick(shift.item.title), 150), quote=False), count=abs(minutes)),
        views.title(t, shift.meeting),
        "",
        t.gettext("Now: <b>{after}</b>\nBefore: <s>{before}</s>").format(
            after=t.time(shift.item.starts_at, zone), before=t.time(shift.was.starts_at, zone)
        ),
    ]
    following = [item for item in shift.shifted if item.id != shift.item.id]
    if following:
        lines += ["", t.gettext("What follows moves along:")]
        lines += [
            f"{t.time(item.starts_at, zone)} {escape(clip(t.pick(item.title), 100), quote=False)}"
            for item in following[:10]
        ]
        if len(following) > 10:
            more = len(following) - 10
            lines.append(t.ngettext("… and {count} more", "… and {count} more", more).format(count=more))
    return "\n".join(lines)


async def on_ask_remove(turn: Turn) -> None:
    meeting, item = await _item(turn)
    t = turn.t
    turn.edit(
        t.gettext("Take “{item}” off the agenda?").format(item=escape(t.pick(item.title), quote=False)),
        [
            [tap(t.gettext("Yes, remove it"), "item-removed", meeting.id, item.id)],
            [tap(t.gettext("No, keep it"), "item", meeting.id, item.id)],
        ],
    )


async def on_remove(turn: Turn) -> None:
    meeting, item = await _item(turn)
    await agenda_changes.remove(turn.tx, meeting.id, item.id, turn.user.id, turn.now)
    turn.edit(*await _screen(turn, meeting, 0))


async def on_add(turn: Turn) -> None:
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, ITEM, {"meeting": meeting.id, "item": 0, "zone": _zone(turn, meeting)})


async def on_edit(turn: Turn) -> None:
    """The form with what the item says now, at its review."""
    meeting, item = await _item(turn)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    t, zone = translator(office.locale), meeting.timezone
    answers = {
        "title": t.pick(item.title),
        "hours": f"{t.bare_time(item.starts_at, zone)}-{t.bare_time(item.ends_at, zone)}",
        "speaker": item.speaker or None,
        "position": t.pick(item.speaker_position) or None,
    }
    facts = {"meeting": meeting.id, "item": item.id, "zone": _zone(turn, meeting)}
    await forms.begin(turn, ITEM, facts, answers)


def _zone(turn: Turn, meeting: Meeting) -> str:
    return turn.t.time(meeting.starts_at, meeting.timezone).split(" ")[-1]


async def _keep(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    meeting = await meeting_setup.changeable(turn.tx, facts["meeting"], turn.user.id)
    office = await offices.find(turn.tx, meeting.office_id)
    hours = read_hours(answers["hours"])
    assert office is not None
    assert hours is not None
    await agenda_changes.keep(
        turn.tx,
        meeting.id,
        turn.user.id,
        turn.now,
        item_id=facts["item"] or None,
        title=answers["title"],
        start=hours[0],
        end=hours[1],
        speaker=answers["speaker"] or "",
        position=answers["position"] or "",
        locale=office.locale,
    )
    turn.edit(turn.t.gettext("✅ Saved."))
    turn.reply(*await _screen(turn, meeting, 0))


forms.register(
    forms.FormJourney(
        form=Form(
            ITEM,
            1,
            (
                Text(key="title", prompt=N_("What is the item called?"), label=N_("Item"), max_length=300),
                Text(
                    key="hours",
                    prompt=N_("From when to when ({zone})?"),
                    hint=N_("For example 08.30-09.00."),
                    label=N_("Hours"),
                    max_length=60,
                    check=hours_are_understood,
                ),
                Text(
                    key="speaker",
                    prompt=N_("Who speaks?"),
                    label=N_("Speaker"),
                    max_length=200,
                    optional=True,
                ),
                Text(
                    key="position",
                    prompt=N_("What is the speaker's position?"),
                    label=N_("Position"),
                    max_length=200,
                    optional=True,
                ),
            ),
        ),
        words=forms.FormWords(title=N_("agenda item"), again=N_("/meetings"), send=N_("Save")),
        finish=_keep,
    )
)

JOURNEY = Journey(
    taps=(
        Tap("agenda-edit", on_agenda),
        Tap("item", on_item),
        Tap("item-add", on_add),
        Tap("item-edit", on_edit),
        Tap("item-delay", on_late),
        Tap("item-early", on_early),
        Tap("item-remove", on_ask_remove),
        Tap("item-removed", on_remove),
    )
)
