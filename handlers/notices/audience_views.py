"""What an audience is called, and what the pages look like on which one is chosen."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bot.domain.language.texts import clip
from bot.domain.notices.audience import ABSENT, ATTENDED, REGISTERED, STATES, UNANSWERED, Audience, Chances
from bot.i18n import N_, Translator
from bot.storage.groups import Group
from bot.storage.values import base36
from handlers.taps import Button, tap

PAGE = 8
"""Lines of a list on one page."""
LABEL = 36
"""UTF-16 units of a name on a button."""
NAMED = 6
"""How many sectors, institutions or groups a sentence names."""

SECTORS, INSTITUTIONS, STATE, GROUPS, BUT_SECTORS, BUT_INSTITUTIONS = "s", "i", "st", "g", "xs", "xi"
LISTS = (SECTORS, INSTITUTIONS, STATE, GROUPS, BUT_SECTORS, BUT_INSTITUTIONS)
"""The lists that can be ticked, as buttons name them."""

_STATE_NAMES = {
    REGISTERED: N_("registered"),
    UNANSWERED: N_("opened an invitation, not answered yet"),
    ATTENDED: N_("attended"),
    ABSENT: N_("registered but absent"),
}

_HEADINGS = {
    SECTORS: N_("<b>Recipients</b> · groups of participants"),
    INSTITUTIONS: N_("<b>Recipients</b> · institutions"),
    STATE: N_("<b>Recipients</b> · who of them"),
    GROUPS: N_("<b>Recipients</b> · connected Telegram groups"),
    BUT_SECTORS: N_("<b>Recipients</b> · groups of participants to leave out"),
    BUT_INSTITUTIONS: N_("<b>Recipients</b> · institutions to leave out"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What sectors (by code) and groups (by chat) are called in an office and meeting."""

    sectors: Mapping[str, Mapping[str, str]]
    groups: Sequence[Group] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Something that can be ticked."""

    value: str
    label: str
    """Not escaped."""
    is_on: bool

    @property
    def mark(self) -> str:
        """What stands for the value in a button's data."""
        return base36(zlib.crc32(self.value.encode()))


def audience_name(t: Translator, audience: Audience, names: Names) -> str:
    """Whom an audience means, in a few words, not escaped."""
    parts = []
    if audience.sectors == "all":
        parts.append(t.gettext("all participants"))
    else:
        parts += _some(t, [_sector(t, names, code) for code in audience.sectors])
    parts += _some(t, audience.institutions)
    if isinstance(audience.groups, tuple):
        parts += _some(t, [_group(names, chat) for chat in audience.groups])
    elif audience.groups:
        parts.append(t.gettext("the connected groups"))
    if audience.organisers:
        parts.append(t.gettext("the committee"))
    if audience.followers:
        parts.append(t.gettext("those who follow the agenda"))
    text = ", ".join(parts) or t.gettext("nobody yet")
    if audience.means_people and audience.states != (REGISTERED,):
        states = ", ".join(t.gettext(_STATE_NAMES[state]) for state in audience.states)
        text = t.gettext("{audience} (only: {states})").format(audience=text, states=states)
    without = [_sector(t, names, code) for code in audience.but_sectors] + list(audience.but_institutions)
    if without:
        text = t.gettext("{audience}, without {left_out}").format(
            audience=text, left_out=", ".join(_some(t, without))
        )
    return text


def _some(t: Translator, named: Sequence[str]) -> list[str]:
    rest = len(named) - NAMED
    if rest <= 1:
        return list(named)
    return [*named[:NAMED], t.ngettext("{count} other", "{count} others", rest).format(count=rest)]


def _sector(t: Translator, names: Names, code: str) -> str:
    return t.pick(names.sectors.get(code, {})) or code


def _group(names: Names, chat: int) -> str:
    return next((group.title for group in names.groups if group.chat_id == chat), str(chat))


def reached(t: Translator, count: int, silent: int) -> str:
    """How many chats an audience has, and that some of the invited cannot be written to."""
    text = t.ngettext(
        "It reaches <b>{count}</b> person or group now.",
        "It reaches <b>{count}</b> people and groups now.",
        count,
    ).format(count=count)
    if silent:
        text += "\n" + t.ngettext(
            "{count} of the invited has not answered and cannot be reached here, as the invitation was not opened in"
            " Telegram or the bot was left: /invite tells whom to ring.",
            "{count} of the invited have not answered and cannot be reached here, as the invitation was not opened in"
            " Telegram or the bot was left: /invite tells whom to ring.",
            silent,
        ).format(count=silent)
    return text


def overview(t: Translator, audience: Audience, names: Names, count: int, silent: int) -> str:
    """The first page; HTML."""
    return "\n\n".join(
        (
            t.gettext("👥 <b>Recipients</b>"),
            t.gettext("Chosen: <b>{audience}</b>").format(
                audience=escape(audience_name(t, audience, names), quote=False)
            ),
            reached(t, count, silent),
            t.gettext("Tick whom you mean; you can combine everything."),
        )
    )


def overview_buttons(
    t: Translator, choice_id: int, audience: Audience, *, count: int, has_groups: bool
) -> list[list[Button]]:
    def opening(label: str, which: str) -> Button:
        return tap(label, "audience-list", choice_id, which, 0)

    rows = [
        [tap(_ticked(t.gettext("All participants"), audience.sectors == "all"), "audience-all", choice_id)],
        [
            opening(t.gettext("By group ›"), SECTORS),
            opening(t.gettext("Institutions ›"), INSTITUTIONS),
        ],
        [opening(t.gettext("Registered, attended, absent … ›"), STATE)],
    ]
    committee = tap(_ticked(t.gettext("The committee"), audience.organisers), "audience-committee", choice_id)
    rows.append([opening(t.gettext("Telegram groups ›"), GROUPS), committee] if has_groups else [committee])
    if audience.means_people:
        rows.append(
            [
                opening(t.gettext("Leave out: group ›"), BUT_SECTORS),
                opening(t.gettext("Leave out: institution ›"), BUT_INSTITUTIONS),
            ]
        )
    last = [tap(t.gettext("Cancel"), "audience-cancel", choice_id)]
    if not audience.is_nobody:
        last.insert(0, tap(t.gettext("✅ Go on ({count})").format(count=count), "audience-done", choice_id))
    return [*rows, last]


def lines_of(t: Translator, which: str, audience: Audience, chances: Chances, names: Names) -> list[Line]:
    """What can be ticked in a list, with the number of people; what is ticked is there even when it has none."""
    if which in (SECTORS, BUT_SECTORS):
        if which == SECTORS:
            chosen: Sequence[str] = () if audience.sectors == "all" else audience.sectors
        else:
            chosen = audience.but_sectors
        codes = [code for code in names.sectors if chances.sectors.get(code) or code in chosen]
        return [
            Line(code, f"{_sector(t, names, code)} ({chances.sectors.get(code, 0)})", code in chosen)
            for code in codes
        ]
    if which in (INSTITUTIONS, BUT_INSTITUTIONS):
        chosen = audience.institutions if which == INSTITUTIONS else audience.but_institutions
        named = dict.fromkeys((*chances.institutions, *chosen))
        return [Line(name, f"{name} ({chances.institutions.get(name, 0)})", name in chosen) for name in named]
    if which == STATE:
        return [
            Line(
                state, f"{t.gettext(_STATE_NAMES[state])} ({chances.states[state]})", state in audience.states
            )
            for state in STATES
        ]
    return [
        Line(
            str(group.chat_id),
            group.title,
            audience.includes_group(group.chat_id),
        )
        for group in names.groups
    ]


def listing(t: Translator, which: str, audience: Audience, names: Names, count: int, silent: int) -> str:
    """A page with a list; HTML."""
    chosen = t.gettext("Chosen: <b>{audience}</b>").format(
        audience=escape(audience_name(t, audience, names), quote=False)
    )
    return "\n\n".join((t.gettext(_HEADINGS[which]), chosen, reached(t, count, silent)))


def listing_buttons(
    t: Translator, choice_id: int, which: str, lines: Sequence[Line], page: int
) -> list[list[Button]]:
    rows = [
        [
            tap(
                _ticked(clip(line.label, LABEL), line.is_on),
                "audience-tick",
                choice_id,
                which,
                line.mark,
                page,
            )
        ]
        for line in lines[page * PAGE : (page + 1) * PAGE]
    ]
    turning = []
    if page:
        turning.append(tap("‹", "audience-list", choice_id, which, page - 1))
    if (page + 1) * PAGE < len(lines):
        turning.append(tap("›", "audience-list", choice_id, which, page + 1))
    return [*rows, turning, [tap(t.gettext("‹ Recipients"), "audience", choice_id)]]


def _ticked(label: str, is_on: bool) -> str:
    return f"☑️ {label}" if is_on else f"▫️ {label}"
