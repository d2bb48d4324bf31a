"""Whom a broadcast or a reminder reaches.

An audience is a JSON object; what is left out is not meant::

    {"sectors": "all", "groups": true}          all participants and the bound groups
    {"sectors": ["asn", "parpol"]}              participants of these sectors
    {"organisers": true}                        the organisers of the office
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.roles import ORGANISER
from bot.i18n import LOCALES
from bot.storage import broadcasts, groups, offices
from bot.storage.broadcasts import Recipient
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting


class BadAudience(ValueError):
    """An audience that cannot be read; the text says what is wrong with it, in English, for the author of a file."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Participants of some sectors or of all, the groups bound to the meeting, the organisers of the office."""

    sectors: tuple[str, ...] | Literal["all"] = ()
    groups: bool = False
    organisers: bool = False

    def concerns(self, sector: str) -> bool:
        """Whether participants of a sector are meant."""
        return self.sectors == "all" or sector in self.sectors

    def as_data(self) -> dict[str, Any]:
        """The JSON object that :func:`parse` reads."""
        data: dict[str, Any] = {}
        if self.sectors:
            data["sectors"] = self.sectors if self.sectors == "all" else list(self.sectors)
        if self.groups:
            data["groups"] = True
        if self.organisers:
            data["organisers"] = True
        return data


EVERYONE = Audience(sectors="all")


def parse(data: Mapping[str, Any]) -> Audience:
    """Read an audience.

    Raises:
        BadAudience: it is none, or means nobody.
    """
    unknown = set(data) - {"sectors", "groups", "organisers"}
    if unknown:
        raise BadAudience(f"an audience has no {', '.join(sorted(map(repr, unknown)))}")
    sectors = data.get("sectors", ())
    if sectors != "all":
        if isinstance(sectors, str) or not all(isinstance(code, str) for code in sectors):
            raise BadAudience("'sectors' must be 'all' or a list of sector codes")
        sectors = tuple(sectors)
    for name in ("groups", "organisers"):
        if not isinstance(data.get(name, False), bool):
            raise BadAudience(f"'{name}' must be true or false")
    audience = Audience(sectors, data.get("groups", False), data.get("organisers", False))
    if audience == Audience():
        raise BadAudience("an audience must name sectors, groups or organisers")
    return audience


async def resolve(
    tx: Transaction, meeting: Meeting, audience: Audience, *, regulation: bool = False
) -> list[Recipient]:
    """The chats of an audience, each once, in the language of who reads there.

    Left out are people and groups that cannot be written to and, for ``regulation`` reminders, those who stopped them.
    """
    recipients: list[Recipient] = []
    if audience.sectors:
        recipients += await broadcasts.reachable_participants(
            tx,
            meeting.id,
            None if audience.sectors == "all" else audience.sectors,
            unless_stopped=meeting.office_id if regulation else None,
        )
    if audience.organisers:
        recipients += await broadcasts.reachable_members(tx, meeting.office_id, ORGANISER)
    if audience.groups:
        office = await offices.find(tx, meeting.office_id)
        fallback = office.locale if office is not None else LOCALES[0]
        recipients += [
            Recipient(group.chat_id, group.locale or fallback, group.thread_id)
            for group in await groups.bound_to(tx, meeting.id)
        ]
    return list({to.chat_id: to for to in recipients}.values())
