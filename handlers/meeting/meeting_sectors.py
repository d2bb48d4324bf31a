"""Which groups take part in a meeting, and how many seats each has."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Number, Text
from bot.domain.language.texts import clip
from bot.domain.meeting import meeting_setup, meetings
from bot.i18n import N_
from bot.storage import meetings as stored
from bot.storage import offices, participants
from bot.storage.meetings import Meeting
from handlers.forms import forms
from handlers.meeting import meeting_views as views
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

PAGE = 8
QUOTA, ADD = "meeting-quota", "meeting-sector"
MOST_SEATS = 100_000


async def screen(turn: Turn, meeting: Meeting, page: int) -> tuple[str, list[list[Button]]]:
    """The groups of the office: a tap lets one take part or not, the button beside it sets its seats."""
    t = turn.t
    quotas = await stored.quotas(turn.tx, meeting.id)
    registered = await participants.count_by_sector(turn.tx, meeting.id)
    known = await offices.sectors(turn.tx, meeting.office_id)
    pages = max(1, -(-len(known) // PAGE))
    page = min(page, pages - 1)
    buttons: list[list[Button]] = []
    for sector in known[page * PAGE : (page + 1) * PAGE]:
        name = clip(t.pick(sector.name), 40)
        takes_part = sector.code in quotas
        row = [tap(f"{'✅' if takes_part else '▫️'} {name}", "sector-switch", meeting.id, sector.code, page)]
        if takes_part:
            quota = quotas[sector.code]
            label = t.gettext("no limit") if quota is None else str(quota)
            row.append(tap(f"🪑 {label}", "sector-quota", meeting.id, sector.code))
        buttons.append(row)
    around = []
    if page:
        around.append(tap("‹", "meeting-sectors", meeting.id, page - 1))
    if page + 1 < pages:
        around.append(tap("›", "meeting-sectors", meeting.id, page + 1))
    lines = [
        t.gettext("👥 <b>Who takes part</b>\n{title}").format(title=views.title(t, meeting)),
        t.gettext("Tap a group to let it take part (✅) or not. 🪑 sets its seats."),
    ]
    if counted := [
        f"{escape(t.pick(sector.name), quote=False)}: {registered[sector.code]}"
        for sector in known
        if registered.get(sector.code)
    ]:
        lines.append(t.gettext("Registered so far:") + "\n" + "\n".join(counted[:30]))
    buttons += [
        around,
        [tap(t.gettext("➕ Another group"), "sector-add", meeting.id)],
        [tap(t.gettext("Done"), "meeting", meeting.id)],
    ]
    return "\n\n".join(lines), buttons


async def on_sectors(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.edit(*await screen(turn, meeting, number(turn.args[1])))


async def on_switch(turn: Turn) -> None:
    """Let a group take part, or no longer."""
    meeting_id, sector = number(turn.args[0]), turn.args[1]
    await meeting_setup.switch_sector(turn.tx, meeting_id, turn.user.id, sector, turn.now)
    meeting = await meeting_setup.changeable(turn.tx, meeting_id, turn.user.id)
    turn.edit(*await screen(turn, meeting, number(turn.args[2])))


async def on_quota(turn: Turn) -> None:
    """Ask for the seats of a group."""
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    names = {sector.code: sector.name for sector in await offices.sectors(turn.tx, meeting.office_id)}
    code = turn.args[1]
    facts = {"meeting": meeting.id, "sector": code, "name": dict(names.get(code, {"id": code}))}
    await forms.begin(turn, QUOTA, facts)


async def _set_quota(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    meeting = await meeting_setup.set_quota(
        turn.tx, facts["meeting"], turn.user.id, facts["sector"], answers["seats"], turn.now
    )
    turn.reply(*await screen(turn, meeting, 0))


async def on_add(turn: Turn) -> None:
    """Ask for the name of a group that the office does not have yet."""
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, ADD, {"meeting": meeting.id})


async def _add(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    await meeting_setup.add_sector(turn.tx, facts["meeting"], turn.user.id, answers["name"], turn.now)
    meeting = await meeting_setup.changeable(turn.tx, facts["meeting"], turn.user.id)
    turn.reply(*await screen(turn, meeting, 0))


forms.register(
    forms.FormJourney(
        form=Form(
            QUOTA,
            1,
            (
                Number(
                    key="seats",
                    prompt=N_("How many people of {name} may register at most?"),
                    hint=N_("Skip it for no limit."),
                    label=N_("Seats"),
                    least=1,
                    most=MOST_SEATS,
                    optional=True,
                ),
            ),
            review=False,
        ),
        words=forms.FormWords(title=N_("seats of a group"), again=N_("/meetings")),
        finish=_set_quota,
    )
)
forms.register(
    forms.FormJourney(
        form=Form(
            ADD,
            1,
            (
                Text(
                    key="name",
                    prompt=N_("What is the group called?"),
                    hint=N_("For example: Tokoh agama. It is then there for later meetings as well."),
                    label=N_("Group"),
                    max_length=80,
                ),
            ),
            review=False,
        ),
        words=forms.FormWords(title=N_("new group"), again=N_("/meetings")),
        finish=_add,
    )
)

JOURNEY = Journey(
    taps=(
        Tap("meeting-sectors", on_sectors),
        Tap("sector-switch", on_switch),
        Tap("sector-quota", on_quota),
        Tap("sector-add", on_add),
    )
)
