"""Small groups: an organiser merges sectors openly, or lets an institution speak through a delegate."""

from __future__ import annotations

from html import escape

from bot.domain.agreement import ground, sector_groups
from bot.domain.agreement.agreement import Group
from bot.domain.agreement.sector_groups import SIZES, Overview
from bot.domain.errors import NotFound
from bot.domain.language.texts import clip
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

LABEL = 40
"""UTF-16 units of a name on a button."""
ROWS = 30
"""How many sectors or people a keyboard offers: a message has at most 100 buttons (Bot API)."""


async def on_groups(turn: Turn) -> None:
    """The groups, how many people each has, and what can be done about small ones."""
    found = await sector_groups.overview(turn.tx, number(turn.args[0]), turn.user.id, turn.secret)
    _show(turn, found)


def _show(turn: Turn, found: Overview) -> None:
    t = turn.t
    settings, meeting = found.agreement.settings, found.agreement.meeting
    small = {group.leader for group in found.small}
    lines = [
        ("⚠️ " if group.leader in small else "• ")
        + escape(clip(ground.group_name(t, group), 100))
        + f": {found.registered[group.leader]}"
        for group in found.agreement.groups
    ]
    text = t.gettext(
        "<b>Small groups</b>\n\nWhat people think is shown by sector, and only where at least {smallest} of a sector"
        " answered. Registered now:\n\n{groups}\n\nFor small ones (⚠️) there are two ways. Merge sectors: they are shown"
        " as one, by all their names. Or let the institution speak: its delegate gives an open stance in its name."
        " Please decide before people answer; what is shown already stays as it is."
    ).format(smallest=settings.smallest, groups="\n".join(lines))
    if found.delegates:
        text += "\n\n" + t.gettext("Speaking for their institution: {institutions}").format(
            institutions=escape(clip(", ".join(item.institution for item in found.delegates), 600))
        )
    rows: list[list[Button]] = [
        [tap(clip(ground.group_name(t, group), LABEL), "group", meeting.id, group.leader)]
        for group in (*found.small, *(group for group in found.agreement.groups if group.leader not in small))
    ][:ROWS]
    if len(found.agreement.groups) > 1:
        rows.append([tap(t.gettext("Show everybody as one group"), "group-all", meeting.id)])
    rows.append(
        [
            tap(
                ("✓ " if size == settings.smallest else "")
                + t.gettext("at least {count}").format(count=size),
                "group-size",
                meeting.id,
                size,
            )
            for size in SIZES
        ]
    )
    rows.append([tap(t.gettext("Back to the overview"), "results-all", meeting.id)])
    turn.edit(text, rows)


async def on_group(turn: Turn) -> None:
    """One group: with which to merge it, or who speaks for an institution of it."""
    found = await sector_groups.overview(turn.tx, number(turn.args[0]), turn.user.id, turn.secret)
    t, meeting = turn.t, found.agreement.meeting
    group = _group(found, turn.args[1])
    others = [item for item in found.agreement.groups if item.leader != group.leader]
    rows: list[list[Button]] = [
        [
            tap(
                t.gettext("Merge with {name}").format(name=clip(ground.group_name(t, item), LABEL)),
                "gm",
                meeting.id,
                group.leader,
                item.leader,
            )
        ]
        for item in others[:ROWS]
    ]
    if len(group.sectors) > 1:
        rows.append([tap(t.gettext("Take apart again"), "group-split", meeting.id, group.leader)])
    rows += [
        [
            tap(
                t.gettext("Let an institution speak: {name}").format(name=clip(t.pick(name), LABEL)),
                "group-people",
                meeting.id,
                code,
            )
        ]
        for code, name in zip(group.sectors, group.names, strict=True)
    ]
    rows.append([tap(t.gettext("Back"), "groups", meeting.id)])
    turn.edit(
        t.gettext("<b>{name}</b>\nRegistered: {count}").format(
            name=escape(clip(ground.group_name(t, group), 200)), count=found.registered[group.leader]
        ),
        rows,
    )


def _group(found: Overview, leader: str) -> Group:
    for group in found.agreement.groups:
        if group.leader == leader:
            return group
    raise NotFound


async def on_merge(turn: Turn) -> None:
    meeting_id, one, other = number(turn.args[0]), turn.args[1], turn.args[2]
    found = await sector_groups.merge(turn.tx, meeting_id, turn.user.id, one, other, turn.secret, turn.now)
    turn.answer(turn.t.gettext("From now on they are shown as one."))
    _show(turn, found)


async def on_merge_all(turn: Turn) -> None:
    found = await sector_groups.merge_all(turn.tx, number(turn.args[0]), turn.user.id, turn.secret, turn.now)
    turn.answer(turn.t.gettext("From now on they are shown as one."))
    _show(turn, found)


async def on_split(turn: Turn) -> None:
    found = await sector_groups.split(
        turn.tx, number(turn.args[0]), turn.user.id, turn.args[1], turn.secret, turn.now
    )
    _show(turn, found)


async def on_size(turn: Turn) -> None:
    found = await sector_groups.set_smallest(
        turn.tx, number(turn.args[0]), turn.user.id, number(turn.args[1]), turn.secret, turn.now
    )
    _show(turn, found)


async def on_people(turn: Turn) -> None:
    """Those registered in a sector, to let one of them speak for their institution."""
    await _people(turn, number(turn.args[0]), turn.args[1])


async def on_appoint(turn: Turn) -> None:
    meeting, participant, speaks = await sector_groups.appoint(
        turn.tx, number(turn.args[0]), turn.user.id, turn.now
    )
    t = turn.t
    turn.answer(
        (
            t.gettext("{name} now speaks for {institution}, with /support.")
            if speaks
            else t.gettext("{name} no longer speaks for {institution}.")
        ).format(name=clip(participant.name, 60), institution=clip(participant.institution, 80))
    )
    await _people(turn, meeting.id, participant.sector)


async def _people(turn: Turn, meeting_id: int, sector: str) -> None:
    found = await sector_groups.overview(turn.tx, meeting_id, turn.user.id, turn.secret)
    speaking = {item.participant_id for item in found.delegates}
    people = await sector_groups.members(turn.tx, meeting_id, turn.user.id, sector)
    rows = [
        [
            tap(
                ("✓ " if item.id in speaking else "") + clip(f"{item.name}, {item.institution}", 2 * LABEL),
                "group-voice",
                item.id,
            )
        ]
        for item in people[:ROWS]
    ]
    rows.append([tap(turn.t.gettext("Back"), "groups", meeting_id)])
    turn.edit(
        turn.t.gettext(
            "🏛 <b>Who speaks for their institution?</b>\n\nWhat they say in its name is shown to everybody with the"
            " institution's name, apart from what people think. Ask them first."
        )
        if people
        else turn.t.gettext("Nobody is registered here yet."),
        rows,
    )


JOURNEY = Journey(
    taps=(
        Tap("groups", on_groups),
        Tap("group", on_group),
        Tap("group-all", on_merge_all),
        Tap("gm", on_merge),
        Tap("group-split", on_split),
        Tap("group-size", on_size),
        Tap("group-people", on_people),
        Tap("group-voice", on_appoint),
    )
)
