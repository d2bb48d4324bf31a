"""Cards of the office: organisers write, change and confirm them; everybody reads one as it was sent."""

from __future__ import annotations

from typing import Any

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.forms.questions import Facts
from bot.domain.reminders import reminders
from bot.domain.rules import office_rules, rule_writing
from bot.domain.rules.rule_writing import History
from bot.i18n import N_
from bot.storage import offices
from bot.storage import rules as stored
from bot.storage.rules import Version
from handlers.forms import forms
from handlers.reminders import reminder_views
from handlers.routing import Journey, Tap
from handlers.rules import rule_form
from handlers.rules import rule_views as views
from handlers.rules.rule_setting import Setting, setting_of
from handlers.taps import Button, number, tap
from handlers.turn import Turn

SENT_SHOWN = 5
"""Moments of sending that a page names."""


async def _office(turn: Turn) -> tuple[Setting, int]:
    """The office whose cards the person may write.

    Raises:
        NotFound: there is none.
        NotAllowed: the person is no organiser there.
    """
    setting = await setting_of(turn)
    if setting.office is None:
        raise NotFound
    await roles.require(turn.tx, setting.office.id, turn.user.id, roles.ORGANISER)
    return setting, setting.office.id


async def on_own(turn: Turn) -> None:
    """The cards that the office wrote or changed, those that wait first."""
    setting, office_id = await _office(turn)
    t = turn.t
    versions = await rule_writing.own_cards(turn.tx, office_id)
    page, shown = reminder_views.page_of(versions, number(turn.args[0]) if turn.args else 0)
    parts = [t.gettext("🗂 <b>Cards of your office</b>")]
    rows: list[list[Button]] = []
    lines = []
    for place, version in enumerate(shown, page * reminder_views.PAGE + 1):
        card = office_rules.card_of(version)
        title = version.card if card is None else t.pick(card.title)
        state = (
            t.gettext("waits to be confirmed")
            if version.approved_at is None
            else t.gettext("confirmed on {day}").format(day=t.day(version.approved_at, setting.zone))
        )
        lines.append(f"{place}. <b>{views.text(title)}</b>\n{state}")
        label = f"{place}. {title if card is None else views.clipped(t, card)}"
        rows.append([tap(label, "rule-version", version.id)])
    parts.append(
        "\n".join(lines)
        or t.gettext("There is none yet. You can write one, or change one of the program's on its page.")
    )
    rows.append(reminder_views.turning(page, len(versions), "rule-own"))
    rows.append([tap(t.gettext("➕ New card"), "rule-new")])
    turn.edit("\n\n".join(parts), [*rows, [tap(t.gettext("‹ Topics"), "rules")]])


async def on_new(turn: Turn) -> None:
    """Write a card of the office's own."""
    _, office_id = await _office(turn)
    await forms.begin(turn, rule_form.FORM.name, rule_form.facts_of(turn, office_id, ""))


async def on_edit(turn: Turn) -> None:
    """Change a card among the rules."""
    setting, office_id = await _office(turn)
    card = setting.book.by_code(turn.args[0])
    if card is None:
        raise NotFound
    await _edit(turn, office_id, card.id)


async def on_rewrite(turn: Turn) -> None:
    """Change a card from one of its wordings."""
    _, office_id = await _office(turn)
    version = await stored.find(turn.tx, number(turn.args[0]))
    if version is None or version.office_id != office_id:
        raise NotFound
    await _edit(turn, office_id, version.card)


async def _edit(turn: Turn, office_id: int, card_id: str) -> None:
    card = await rule_writing.latest(turn.tx, office_id, card_id)
    await forms.begin(
        turn, rule_form.FORM.name, rule_form.facts_of(turn, office_id, card_id), rule_form.answers_of(card)
    )


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    draft = rule_form.draft_of(answers, turn.now.date())
    version = await rule_writing.write(
        turn.tx, facts["office"], turn.user.id, facts["card"] or None, draft, turn.now
    )
    turn.reply(*await _page(turn, History(version, [])))


async def on_version(turn: Turn) -> None:
    """One wording as it was kept: an organiser's draft, or a card as it was sent.

    It comes in a message of its own: the tapped one may be a reminder, which stays to be read.
    """
    found = await rule_writing.readable(turn.tx, number(turn.args[0]), turn.user.id)
    turn.reply(*await _page(turn, found))


async def _page(turn: Turn, found: History) -> tuple[str, list[list[Button]]]:
    t, version = turn.t, found.version
    card = office_rules.card_of(version)
    if card is None:
        raise NotFound
    setting = await setting_of(turn)
    rules = await office_rules.of_office(turn.tx, version.office_id)
    office = await offices.find(turn.tx, version.office_id)
    zone = setting.zone if office is None else office.timezone
    present = rules.book.card(card.id)
    text = views.card(t, card, rules.book, setting.calendar, setting.day, version.approved_at, zone)
    notes = [_note(turn, found, zone)]
    rows: list[list[Button]] = []
    if present is not None and present.digest != card.digest:
        if found.sent or version.approved_at is not None:
            notes.append(t.gettext("ℹ️ The office has another wording of this card now."))
        rows.append([tap(t.gettext("The present card"), "rule", present.code, f"t.{present.topics[0]}")])
    if await offices.role_of(turn.tx, version.office_id, turn.user.id) == roles.ORGANISER:
        rows += _organiser_buttons(turn, version)
    return "\n\n".join((*filter(None, notes), text)), rows


def _note(turn: Turn, found: History, zone: str) -> str:
    """When the wording was sent, or that it waits; HTML."""
    t = turn.t
    if found.sent:
        moments = "; ".join(t.moment(moment, zone) for moment in found.sent[-SENT_SHOWN:])
        return t.gettext("🕓 <b>As it was sent on</b> {moments}").format(moments=moments)
    if found.version.edited and found.version.approved_at is None:
        return t.gettext(
            "📝 <b>A wording of your office that waits to be confirmed.</b> Until then the former one is shown."
        )
    return ""


def _organiser_buttons(turn: Turn, version: Version) -> list[list[Button]]:
    t = turn.t
    rows = []
    if version.edited and version.approved_at is None:
        rows.append([tap(t.gettext("✅ Confirm this wording"), "rule-confirm", version.id)])
    elif version.edited:
        rows.append([tap(t.gettext("Take the confirmation back"), "rule-unconfirm", version.id)])
    rows.append(
        [
            tap(t.gettext("✏️ Change"), "rule-rewrite", version.id),
            tap(t.gettext("🕓 All wordings"), "rule-history", version.id),
        ]
    )
    rows.append([tap(t.gettext("🗂 Cards of the office"), "rule-own", 0)])
    return rows


async def on_confirm(turn: Turn) -> None:
    """Let a wording count; reminders that waited for it go out."""
    try:
        version = await rule_writing.confirm(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("This was decided already."))
        return
    await reminders.card_confirmed(
        turn.tx, version.office_id, version.card, turn.now, reminder_views.ReminderTexts()
    )
    turn.answer(turn.t.gettext("Confirmed for your office."))
    turn.edit(*await _page(turn, await rule_writing.readable(turn.tx, version.id, turn.user.id)))


async def on_unconfirm(turn: Turn) -> None:
    """Let the former wording count again."""
    try:
        version = await rule_writing.withdraw(turn.tx, number(turn.args[0]), turn.user.id, turn.now)
    except AlreadyDecided:
        turn.answer(turn.t.gettext("This was decided already."))
        return
    turn.answer(turn.t.gettext("The former wording counts again."))
    turn.edit(*await _page(turn, await rule_writing.readable(turn.tx, version.id, turn.user.id)))


async def on_history(turn: Turn) -> None:
    """Every wording of a card that the office wrote, decided on or sent: from one of them."""
    setting, office_id = await _office(turn)
    version = await stored.find(turn.tx, number(turn.args[0]))
    if version is None or version.office_id != office_id:
        raise NotFound
    await _show_history(turn, setting, office_id, version.card, "rule-history")


async def on_history_of(turn: Turn) -> None:
    """The same from the card's page."""
    setting, office_id = await _office(turn)
    card = setting.book.by_code(turn.args[0])
    if card is None:
        raise NotFound
    await _show_history(turn, setting, office_id, card.id, "rule-history-of")


async def _show_history(turn: Turn, setting: Setting, office_id: int, card_id: str, kind: str) -> None:
    """A page of them, in a message of its own; further pages (``kind`` with a page) in the place of the first."""
    t = turn.t
    found = await rule_writing.history(turn.tx, office_id, card_id)
    is_turned = len(turn.args) > 1
    page, shown = reminder_views.page_of(found, number(turn.args[1]) if is_turned else 0)
    lines: list[str] = []
    rows: list[list[Button]] = []
    for place, one in enumerate(shown, page * reminder_views.PAGE + 1):
        made = t.moment(one.version.made_at, setting.zone)
        whose = t.gettext("by your office") if one.version.edited else t.gettext("of the program")
        state = t.gettext("confirmed") if one.version.approved_at is not None else t.gettext("not confirmed")
        sent = (
            ", "
            + t.ngettext("sent {count} time", "sent {count} times", len(one.sent)).format(count=len(one.sent))
            if one.sent
            else ""
        )
        lines.append(f"{place}. {made}: {whose}, {state}{sent}")
        rows.append([tap(f"{place}. {made}", "rule-version", one.version.id)])
    text = "\n".join(lines) or t.gettext(
        "Your office has not decided on this card, changed it, or sent it yet."
    )
    heading = t.gettext("🕓 <b>Wordings of this card, the newest first</b>")
    rows.append(reminder_views.turning(page, len(found), kind, turn.args[0]))
    (turn.edit if is_turned else turn.reply)(f"{heading}\n\n{text}", rows)


forms.register(
    forms.FormJourney(
        form=rule_form.FORM,
        words=forms.FormWords(
            title=N_("rule card"), again=N_("/rules"), send=N_("Keep"), check=N_("Please check once more.")
        ),
        finish=_finish,
    )
)

JOURNEY = Journey(
    taps=(
        Tap("rule-own", on_own),
        Tap("rule-new", on_new),
        Tap("rule-edit", on_edit),
        Tap("rule-rewrite", on_rewrite),
        Tap("rule-version", on_version),
        Tap("rule-confirm", on_confirm),
        Tap("rule-unconfirm", on_unconfirm),
        Tap("rule-history", on_history),
        Tap("rule-history-of", on_history_of),
    ),
)
