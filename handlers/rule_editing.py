"""Cards of the office: organisers write, change and confirm them; everybody reads one as it was sent."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.domain import office_rules, reminders, roles, rule_writing
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.forms import Form
from bot.domain.questions import Answers, Choice, Context, Facts, Invalid, Option, Text
from bot.domain.rule_writing import Draft, History
from bot.domain.rules import Card, rulebook
from bot.domain.typed_times import read_day
from bot.i18n import N_
from bot.storage import offices
from bot.storage import rules as stored
from bot.storage.database import Transaction
from bot.storage.rules import Version
from handlers import forms, reminder_views
from handlers import rule_views as views
from handlers.routing import Journey, Tap
from handlers.rule_setting import Setting, setting_of
from handlers.taps import Button, number, tap
from handlers.turn import Turn

SENT_SHOWN = 5
"""Moments of sending that a page names."""

TITLE_LIMIT, TEXT_LIMIT = 160, 1200


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
    await forms.begin(turn, FORM.name, _facts(turn, office_id, ""))


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
    await forms.begin(turn, FORM.name, _facts(turn, office_id, card_id), _answers(card))


def _facts(turn: Turn, office_id: int, card_id: str) -> Facts:
    groups = ", ".join(sector.id for sector in rulebook().sectors)
    return {
        "office": office_id,
        "card": card_id,
        "about": zlib.crc32(card_id.encode()),
        "groups": groups,
        "today": turn.now.strftime("%d-%m-%Y"),
    }


def _answers(card: Card) -> dict[str, Any]:
    return {
        "title": card.title["id"],
        "english_title": card.title["en"],
        "summary": card.summary["id"],
        "english": card.summary["en"],
        "basis": rule_writing.write_basis(card.legal_basis),
        "sanction": None if card.sanction is None else card.sanction["id"],
        "english_sanction": None if card.sanction is None else card.sanction["en"],
        "sectors": ", ".join(card.sectors),
        "topic": card.topics[0],
        "sources": "\n".join(card.sources),
        "checked": card.checked.strftime("%d-%m-%Y"),
        "validity": card.validity,
        "superseded": card.superseded_by,
    }


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    basis, sources = rule_writing.read_basis(answers["basis"]), rule_writing.read_sources(answers["sources"])
    sectors = rule_writing.read_sectors(answers["sectors"], rulebook().sectors)
    checked = read_day(answers["checked"], turn.now.date())
    assert basis is not None  # all of them were read when they were typed
    assert sources is not None
    assert sectors is not None
    assert checked is not None
    draft = Draft(
        title=_texts(answers["title"], answers["english_title"]),
        summary=_texts(answers["summary"], answers["english"]),
        legal_basis=basis,
        sanction=_texts(answers["sanction"], answers["english_sanction"]) if answers["sanction"] else None,
        sectors=sectors,
        topics=(answers["topic"],),
        sources=sources,
        checked=checked,
        validity=answers["validity"],
        superseded_by=answers["superseded"],
    )
    version = await rule_writing.write(
        turn.tx, facts["office"], turn.user.id, facts["card"] or None, draft, turn.now
    )
    turn.reply(*await _page(turn, History(version, [])))


def _texts(indonesian: str, english: str | None) -> dict[str, str]:
    return {"id": indonesian, "en": english or indonesian}


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
    """Every wording of a card that the office wrote, decided on or sent."""
    setting, office_id = await _office(turn)
    version = await stored.find(turn.tx, number(turn.args[0]))
    if version is None or version.office_id != office_id:
        raise NotFound
    await _show_history(turn, setting, office_id, version.card)


async def on_history_of(turn: Turn) -> None:
    """The same from the card's page."""
    setting, office_id = await _office(turn)
    card = setting.book.by_code(turn.args[0])
    if card is None:
        raise NotFound
    await _show_history(turn, setting, office_id, card.id)


async def _show_history(turn: Turn, setting: Setting, office_id: int, card_id: str) -> None:
    t = turn.t
    found = await rule_writing.history(turn.tx, office_id, card_id)
    lines, rows = [], []
    for place, one in enumerate(found[: reminder_views.PAGE], 1):
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
    turn.reply(f"{heading}\n\n{text}", rows)


def _basis_reads(text: str, _: Context) -> Invalid | None:
    if rule_writing.read_basis(text) is None:
        return Invalid(
            N_(
                "I cannot read that. Please write one legal basis a line, for example: UU 20/2023; Pasal 9 ayat (2)"
            )
        )
    return None


def _sources_read(text: str, _: Context) -> Invalid | None:
    if rule_writing.read_sources(text) is None:
        return Invalid(N_("Please write the addresses of pages, one a line, each beginning with https://"))
    return None


def _sectors_read(text: str, _: Context) -> Invalid | None:
    if rule_writing.read_sectors(text, rulebook().sectors) is None:
        return Invalid(
            N_("I do not know one of these groups. Please use the words of the list, parted by commas.")
        )
    return None


def _today(facts: Facts) -> date:
    return datetime.strptime(facts["today"], "%d-%m-%Y").date()  # noqa: DTZ007 - a day


def _day_reads(text: str, context: Context) -> Invalid | None:
    return (
        Invalid(N_("I cannot read that day. Please write it like 27-11-2026."))
        if read_day(text, _today(context.facts)) is None
        else None
    )


async def _topics(_tx: Transaction, _answers: Answers, _facts: Facts) -> Sequence[Option]:
    return [Option(topic.id, dict(topic.name)) for topic in rulebook().topics]


def _is_replaced(answers: Answers, _: Facts) -> bool:
    return answers.get("validity") != "in-force"


def _has_sanction(answers: Answers, _: Facts) -> bool:
    return bool(answers.get("sanction"))


FORM = Form(
    "rule-card",
    1,
    (
        Text(
            key="title",
            prompt=N_("What does the rule say, in one line?"),
            label=N_("Title"),
            max_length=TITLE_LIMIT,
        ),
        Text(
            key="english_title",
            prompt=N_("And in English?"),
            label=N_("Title in English"),
            max_length=TITLE_LIMIT,
            optional=True,
        ),
        Text(
            key="summary",
            prompt=N_("The rule in plain words"),
            hint=N_("What is allowed, what is not, for whom; as you would say it to a colleague."),
            label=N_("Plain words"),
            max_length=TEXT_LIMIT,
            multiline=True,
        ),
        Text(
            key="english",
            prompt=N_("The same in English"),
            hint=N_("For those who read English; without it they get the Indonesian text."),
            label=N_("In English"),
            max_length=TEXT_LIMIT,
            multiline=True,
            optional=True,
        ),
        Text(
            key="basis",
            prompt=N_("The legal basis, one a line"),
            hint=N_("Instrument; article; what about. For example: UU 20/2023; Pasal 9 ayat (2); netralitas"),
            label=N_("Legal basis"),
            max_length=1500,
            multiline=True,
            check=_basis_reads,
        ),
        Text(
            key="sanction",
            prompt=N_("The sanction, if there is one"),
            label=N_("Sanction"),
            max_length=600,
            multiline=True,
            optional=True,
        ),
        Text(
            key="english_sanction",
            prompt=N_("The sanction in English"),
            label=N_("Sanction in English"),
            max_length=600,
            multiline=True,
            optional=True,
            only_if=_has_sanction,
        ),
        Text(
            key="sectors",
            prompt=N_("Whom does it concern?"),
            hint=N_("Parted by commas, of: {groups}"),
            label=N_("For whom"),
            max_length=300,
            check=_sectors_read,
        ),
        Choice(key="topic", prompt=N_("Its topic"), label=N_("Topic"), options=_topics),
        Text(
            key="sources",
            prompt=N_("Where can it be read? Addresses of pages, one a line"),
            label=N_("Sources"),
            max_length=1500,
            multiline=True,
            check=_sources_read,
        ),
        Text(
            key="checked",
            prompt=N_("When was it compared with these sources?"),
            hint=N_("A day, for example {today}"),
            label=N_("Compared on"),
            max_length=20,
            check=_day_reads,
        ),
        Choice(
            key="validity",
            prompt=N_("Is it in force?"),
            label=N_("Validity"),
            options=(
                Option("in-force", N_("In force")),
                Option("amended", N_("In force as amended")),
                Option("revoked", N_("No longer in force")),
            ),
        ),
        Text(
            key="superseded",
            prompt=N_("By which rule was it amended or replaced?"),
            label=N_("See"),
            max_length=200,
            only_if=_is_replaced,
        ),
    ),
)

forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(
            title=N_("rule card"), again="/aturan", send=N_("Keep"), check=N_("Please check once more.")
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
