"""Whom a broadcast or a reminder reaches.

An audience is a JSON object; what is left out is not meant::

    {"sectors": "all", "groups": true}          all participants and the bound groups
    {"sectors": ["asn", "parpol"]}              participants of these sectors
    {"institutions": ["KPU Kota Palembang"]}    participants of these institutions, beside those of the sectors
    {"states": ["absent"], "sectors": "all"}    of these only who is registered and was not checked in
    {"groups": [-1001234]}                      single groups (with the topic that each was bound for)
    {"organisers": true}                        the organisers of the office
    {"followers": true}                         those who asked to be told of changes to the agenda
    {"sectors": "all", "except": {"sectors": ["media"], "institutions": ["Dinas Pendidikan"]}}
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.language.texts import clean
from bot.domain.people import unanswered
from bot.domain.roles import ORGANISER
from bot.i18n import LOCALES
from bot.storage import agenda_followers, audiences, groups, offices
from bot.storage.audiences import Reachable
from bot.storage.broadcasts import Recipient
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting

REGISTERED, UNANSWERED, ATTENDED, ABSENT = "registered", "unanswered", "attended", "absent"
STATES = (REGISTERED, UNANSWERED, ATTENDED, ABSENT)
"""Registered; has not answered (:mod:`bot.domain.people.unanswered`); was checked in; registered, not checked in."""

_NAMES = {"sectors", "states", "institutions", "groups", "organisers", "followers", "except"}


class BadAudience(ValueError):
    """An audience that cannot be read; the text says what is wrong with it, in English, for the author of a file."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Participants by sector, institution and state, groups bound to the meeting, the organisers of the office."""

    sectors: tuple[str, ...] | Literal["all"] = ()
    groups: bool | tuple[int, ...] = False
    """All that are bound to the meeting, or some by their chats' ids."""
    organisers: bool = False
    institutions: tuple[str, ...] = ()
    states: tuple[str, ...] = (REGISTERED,)
    but_sectors: tuple[str, ...] = ()
    but_institutions: tuple[str, ...] = ()
    followers: bool = False
    """Those who asked to be told of changes to the agenda."""

    @property
    def means_people(self) -> bool:
        """Whether participants or invited are meant."""
        return bool(self.sectors or self.institutions)

    @property
    def is_nobody(self) -> bool:
        return not (self.means_people or self.groups or self.organisers or self.followers)

    def concerns(self, sector: str, institution: str = "") -> bool:
        """Whether participants of a sector and institution are meant, if their state is."""
        named = _key(institution)
        if sector in self.but_sectors or named in map(_key, self.but_institutions):
            return False
        return (
            self.sectors == "all"
            or sector in self.sectors
            or bool(named and named in map(_key, self.institutions))
        )

    def includes_group(self, chat_id: int) -> bool:
        """Whether a group bound to the meeting is meant."""
        return chat_id in self.groups if isinstance(self.groups, tuple) else self.groups

    def as_data(self) -> dict[str, Any]:
        """The JSON object that :func:`parse` reads."""
        data: dict[str, Any] = {}
        if self.sectors:
            data["sectors"] = self.sectors if self.sectors == "all" else list(self.sectors)
        if self.institutions:
            data["institutions"] = list(self.institutions)
        if self.means_people and self.states != (REGISTERED,):
            data["states"] = list(self.states)
        if self.groups:
            data["groups"] = list(self.groups) if isinstance(self.groups, tuple) else True
        if self.organisers:
            data["organisers"] = True
        if self.followers:
            data["followers"] = True
        but = {"sectors": list(self.but_sectors), "institutions": list(self.but_institutions)}
        if any(but.values()):
            data["except"] = {name: values for name, values in but.items() if values}
        return data


EVERYONE = Audience(sectors="all")


def parse(data: Mapping[str, Any]) -> Audience:
    """Read an audience.

    Raises:
        BadAudience: it is none, or means nobody.
    """
    audience = read_unfinished(data)
    if audience.is_nobody:
        raise BadAudience("an audience must name sectors, institutions, groups or organisers")
    return audience


def read_unfinished(data: Mapping[str, Any]) -> Audience:
    """Read an audience that may mean nobody yet.

    Raises:
        BadAudience: it is none.
    """
    _only(data, _NAMES, "an audience")
    sectors = data.get("sectors", ())
    if sectors != "all":
        sectors = _words(sectors, "'sectors' must be 'all' or a list of sector codes")
    states = _words(data.get("states", [REGISTERED]), "'states' must be a list")
    if not states or not set(states) <= set(STATES):
        raise BadAudience(f"'states' must be some of {', '.join(STATES)}")
    if not isinstance(data.get("organisers", False), bool):
        raise BadAudience("'organisers' must be true or false")
    but = data.get("except", {})
    if not isinstance(but, Mapping):
        raise BadAudience("'except' must name sectors or institutions")
    _only(but, {"sectors", "institutions"}, "'except'")
    return Audience(
        sectors=sectors,
        groups=_groups(data.get("groups", False)),
        organisers=data.get("organisers", False),
        followers=data.get("followers", False) is True,
        institutions=_words(data.get("institutions", ()), "'institutions' must be a list of names"),
        states=tuple(state for state in STATES if state in states),
        but_sectors=_words(but.get("sectors", ()), "'except' must name sectors in a list"),
        but_institutions=_words(but.get("institutions", ()), "'except' must name institutions in a list"),
    )


def _only(data: Mapping[str, Any], known: Collection[str], what: str) -> None:
    unknown = set(data) - set(known)
    if unknown:
        raise BadAudience(f"{what} has no {', '.join(sorted(map(repr, unknown)))}")


def _words(value: Any, complaint: str) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise BadAudience(complaint)
    if not all(isinstance(word, str) and word for word in value):
        raise BadAudience(complaint)
    return tuple(value)


def _groups(value: Any) -> bool | tuple[int, ...]:
    if isinstance(value, bool):
        return value
    if isinstance(value, Sequence) and all(type(chat) is int for chat in value):
        return tuple(value)
    raise BadAudience("'groups' must be true, false or a list of chat ids")


async def resolve(
    tx: Transaction, meeting: Meeting, audience: Audience, *, regulation: bool = False, topic: str = ""
) -> list[Recipient]:
    """The chats of an audience, each once, in the language of who reads there.

    Left out are people and groups that cannot be written to and, for ``regulation`` reminders, those who stopped them
    or the ``topic``.
    """
    recipients: list[Recipient] = []
    if audience.means_people:
        found = await _people(tx, meeting, audience.states, regulation=regulation, topic=topic)
        recipients += [one.recipient for one in found if audience.concerns(one.sector, one.institution)]
    if audience.followers:
        recipients += await agenda_followers.recipients(tx, meeting.id)
    if audience.organisers:
        recipients += await audiences.members(tx, meeting.office_id, ORGANISER)
    if audience.groups:
        office = await offices.find(tx, meeting.office_id)
        fallback = office.locale if office is not None else LOCALES[0]
        recipients += [
            Recipient(group.chat_id, group.locale or fallback, group.thread_id)
            for group in await groups.bound_to(tx, meeting.id)
            if audience.includes_group(group.chat_id)
        ]
    return list({to.chat_id: to for to in recipients}.values())


async def _people(
    tx: Transaction, meeting: Meeting, states: Collection[str], *, regulation: bool, topic: str
) -> list[Reachable]:
    stopping = meeting.office_id if regulation else None
    found = []
    if set(states) & {REGISTERED, ATTENDED, ABSENT}:
        everybody = await audiences.participants(tx, meeting.id, stopping=stopping, topic=topic)
        found += [
            one
            for one in everybody
            if REGISTERED in states or (ATTENDED if one.attended else ABSENT) in states
        ]
    if UNANSWERED in states:
        found += await unanswered.reachable(tx, meeting.id, stopping=stopping, topic=topic)
    return found


@dataclass(frozen=True, slots=True)
class Chances:
    """What an audience of a meeting can be made of: names with the number of people, as far as the bot reaches them."""

    sectors: Mapping[str, int]
    institutions: Mapping[str, int]
    """By the name that most of its people gave it."""
    states: Mapping[str, int]
    silent: int
    """Invited people who have not answered and whom the bot cannot write to."""


async def chances(tx: Transaction, meeting: Meeting) -> Chances:
    """Count what can be chosen for a meeting now."""
    registered = await audiences.participants(tx, meeting.id)
    waiting = await unanswered.reachable(tx, meeting.id)
    attended = sum(one.attended for one in registered)
    states = {
        REGISTERED: len(registered),
        UNANSWERED: len(waiting),
        ATTENDED: attended,
        ABSENT: len(registered) - attended,
    }
    sectors: dict[str, int] = {}
    spellings: dict[str, dict[str, int]] = {}
    for one in (*registered, *waiting):
        if one.sector:
            sectors[one.sector] = sectors.get(one.sector, 0) + 1
        name = clean(one.institution)
        if name:
            spelling = spellings.setdefault(_key(name), {})
            spelling[name] = spelling.get(name, 0) + 1
    institutions = {
        max(spelling, key=spelling.__getitem__): sum(spelling.values()) for spelling in spellings.values()
    }
    silent = await unanswered.count_unreached(tx, meeting.id)
    return Chances(
        sectors, dict(sorted(institutions.items(), key=lambda pair: _key(pair[0]))), states, silent
    )


def _key(institution: str) -> str:
    """What makes two spellings of an institution the same: neither case nor spacing."""
    return clean(institution).casefold()
