"""What the committee decides about one participant: let in, refuse, take out."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Text
from bot.domain.language.texts import clip
from bot.domain.meeting import meetings
from bot.domain.people import admission
from bot.i18n import N_
from bot.storage import participants
from bot.storage.meetings import Meeting
from bot.storage.participants import PENDING, WAITING, Participant
from handlers.forms import forms
from handlers.people import committee_news
from handlers.people import participant_views as views
from handlers.routing import Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn


async def on_person(turn: Turn) -> None:
    found, meeting = await admission.for_committee(turn.tx, number(turn.args[0]), turn.user.id, *views.STAFF)
    turn.reply(*await views.card(turn, found, meeting))


async def on_approve(turn: Turn) -> None:
    """One tap: from the queue, which is shown on, or from a person."""
    approved, meeting = await admission.approve(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    await _tell(turn, approved, meeting)
    t = turn.t
    turn.answer(
        t.gettext("Approved, on the waiting list: the seats are taken.")
        if approved.state == WAITING
        else t.gettext("Approved: {name}").format(name=clip(approved.name, 100))
    )
    if len(turn.args) > 1:
        await _show_queue(turn, meeting, number(turn.args[1]))
    else:
        turn.edit(*await views.card(turn, approved, meeting))


async def on_approve_page(turn: Turn) -> None:
    """Everybody whom a page of the queue shows, if it still shows the same people."""
    meeting_id, page = number(turn.args[0]), number(turn.args[1])
    meeting = await meetings.for_staff(turn.tx, meeting_id, turn.user.id, roles.ORGANISER)
    _, shown = await participants.page(
        turn.tx, meeting.id, PENDING, sector=None, skip=page * views.PAGE, limit=views.PAGE
    )
    t = turn.t
    if views.mark_of(shown) != turn.args[2]:
        turn.answer(t.gettext("The queue has changed meanwhile. Please look once more."), alert=True)
    else:
        approved = await admission.approve_all(
            turn.tx, meeting.id, [item.id for item in shown], turn.user.id, turn.now
        )
        for one in approved:
            await _tell(turn, one, meeting)
        turn.answer(
            t.ngettext("{count} person approved.", "{count} people approved.", len(approved)).format(
                count=len(approved)
            )
        )
    await _show_queue(turn, meeting, page)


async def _show_queue(turn: Turn, meeting: Meeting, page: int) -> None:
    left = await admission.pending(turn.tx, meeting.id)
    page = min(page, max(0, (left - 1) // views.PAGE))
    kind, parts = "peserta-list", (PENDING, views.ANY)
    turn.edit(*await views.listing(turn, meeting, PENDING, views.ANY, page, kind, parts))


async def _tell(turn: Turn, decided: Participant, meeting: Meeting) -> None:
    call = await committee_news.decision_call(turn.tx, decided, meeting)
    if call is not None:
        turn.calls.append(call)


async def on_refuse(turn: Turn) -> None:
    """Ask for the reason, which the person will read."""
    found, _ = await admission.for_committee(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    if "refuse" not in admission.choices_about(found):
        raise AlreadyDecided
    await forms.begin(turn, REFUSE.name, {"participant": found.id, "name": found.name})


REFUSE = Form(
    "registration-refusal",
    1,
    (
        Text(
            key="reason",
            prompt=N_("Why is the registration of <b>{name}</b> not accepted? The person reads this."),
            label=N_("Reason"),
            min_length=3,
            max_length=300,
        ),
    ),
    review=False,
)


async def _finish_refuse(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    refused, meeting = await admission.refuse(
        turn.tx, facts["participant"], turn.user.id, answers["reason"], turn.now
    )
    await _tell(turn, refused, meeting)
    text, buttons = await views.card(turn, refused, meeting)
    left = await admission.pending(turn.tx, meeting.id)
    if left:
        queue = f"{turn.t.gettext(views.STATES[PENDING])} ({left})"
        buttons = [*buttons, [tap(queue, "peserta-list", meeting.id, PENDING, views.ANY, 0)]]
    turn.reply(text, buttons)


forms.register(
    forms.FormJourney(
        form=REFUSE,
        words=forms.FormWords(title=N_("refusal"), again=N_("/participants")),
        finish=_finish_refuse,
    )
)


async def on_withdraw(turn: Turn) -> None:
    found, _ = await admission.for_committee(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    t = turn.t
    turn.edit(
        t.gettext("Take <b>{name}</b> out? The seat becomes free for whoever waits.").format(
            name=escape(found.name)
        ),
        [
            [tap(t.gettext("Yes, does not come"), "peserta-out-do", found.id)],
            [tap(t.gettext("‹ Back"), "peserta-who", found.id)],
        ],
    )


async def on_withdraw_do(turn: Turn) -> None:
    found, meeting = await admission.withdraw_by_hand(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    turn.answer(turn.t.gettext("The seat is free."))
    now = await participants.find(turn.tx, found.id)
    assert now is not None
    turn.edit(*await views.card(turn, now, meeting))


JOURNEY = Journey(
    taps=(
        Tap("peserta-who", on_person),
        Tap("peserta-ok", on_approve),
        Tap("peserta-all", on_approve_page),
        Tap("peserta-refuse", on_refuse),
        Tap("peserta-out", on_withdraw),
        Tap("peserta-out-do", on_withdraw_do),
    )
)
