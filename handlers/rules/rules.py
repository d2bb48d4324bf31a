"""/aturan: the rules of the elections by question, by topic, and for the person's group today."""

from __future__ import annotations

from html import escape

from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.language.texts import clean, clip
from bot.domain.reminders import reminders
from bot.domain.rules import rule_approvals
from bot.domain.rules.rules import EVERYBODY, LINK_PREFIX, PUBLIC, Card, rulebook
from bot.i18n import N_
from bot.storage import offices
from handlers.reminders.reminder_views import ReminderTexts
from handlers.routing import Audience, Command, Journey, Tap
from handlers.rules import rule_views as views
from handlers.rules.rule_setting import Setting, cards_of, reference_to, setting_of
from handlers.rules.rule_sharing import ECHO, answer_group, link_to, nothing_fits
from handlers.taps import Button, number, tap
from handlers.turn import Turn

HITS = 6
"""Cards that a question brings at most."""


async def on_rules(turn: Turn) -> None:
    """/aturan, with or without a question."""
    question = clean(" ".join(turn.args))
    setting = await setting_of(turn)
    if not turn.is_private:
        answer_group(turn, setting, question)
    elif question:
        turn.reply(*_found(turn, setting, question))
    else:
        turn.reply(*await _start(turn, setting))


async def on_start_page(turn: Turn) -> None:
    """Back to the topics, in the place of the tapped message."""
    turn.edit(*await _start(turn, await setting_of(turn)))


async def _start(turn: Turn, setting: Setting) -> tuple[str, list[list[Button]]]:
    t, book = turn.t, setting.book
    text = "\n\n".join(
        (
            t.gettext("📘 <b>Rules of the regional elections</b>"),
            views.today(t, setting.calendar, setting.day),
            t.gettext(
                "Ask in your own words, for example:\n<code>/rules may civil servants like a candidate's post?</code>"
                "\nOr choose a topic. The cards are summaries in plain words, not legal advice."
            ),
        )
    )
    buttons = [
        [tap(t.gettext("📌 What concerns me now"), "rules-now")],
        [tap(t.gettext("🗓 Stages"), "rules-stages")],
    ]
    topics = [
        tap(f"{t.pick(topic.name)} ({len(book.of_topic(topic.id))})", "rules-list", f"t.{topic.id}", 0)
        for topic in book.topics
    ]
    rows = [*buttons, *(topics[place : place + 2] for place in range(0, len(topics), 2))]
    if await _is_organiser(turn, setting):
        rows.append([tap(t.gettext("🗂 Cards of the office"), "rule-own", 0)])
    return text, rows


async def _is_organiser(turn: Turn, setting: Setting) -> bool:
    """Whether the person may write and confirm cards here."""
    if setting.office is None or not turn.is_private:
        return False
    return await offices.role_of(turn.tx, setting.office.id, turn.user.id) == roles.ORGANISER


def _found(turn: Turn, setting: Setting, question: str) -> tuple[str, list[list[Button]]]:
    t = turn.t
    hits = setting.rules.index.search(question, HITS)
    sure = bool(hits) and hits[0].is_sure
    cards = [hit.card for hit in hits]
    asked = escape(clip(question, ECHO), quote=False)
    if sure:
        parts = [t.gettext("🔎 <b>Rules that answer “{question}”</b>").format(question=asked)]
        first = f"1. <b>{views.title(t, cards[0], setting.is_draft)}</b>\n{views.teaser(t, cards[0])}"
        parts.append("\n".join((first, views.listed(t, cards[1:], 2, setting.is_draft))).rstrip())
    else:
        parts = [nothing_fits(turn, setting, asked)]
        if cards:
            nearest = t.gettext("The nearest cards are these; they may be about something else:")
            parts.append(f"{nearest}\n{views.listed(t, cards, 1, setting.is_draft)}")
    reference = reference_to(cards)
    buttons = [[views.opener(t, place, card, reference)] for place, card in enumerate(cards, 1)]
    return "\n\n".join(parts), [*buttons, [tap(t.gettext("‹ Topics"), "rules")]]


async def open_link(turn: Turn, payload: str) -> None:
    """A card from a link; without one (any more), the topics."""
    setting = await setting_of(turn)
    card = setting.book.by_code(payload.removeprefix(LINK_PREFIX))
    if card is None:
        turn.reply(*await _start(turn, setting))
    else:
        turn.reply(*await _page(turn, setting, card, f"t.{card.topics[0]}"))


async def on_list(turn: Turn) -> None:
    """A page of a list."""
    reference, page = turn.args[0], number(turn.args[1])
    setting = await setting_of(turn)
    t = turn.t
    cards = cards_of(reference, setting)
    page = min(page, max(0, (len(cards) - 1) // views.PAGE))
    shown = cards[page * views.PAGE : (page + 1) * views.PAGE]
    first = page * views.PAGE + 1
    parts = [await _heading(turn, setting, reference)]
    if reference.startswith(("n.", "s.")) and setting.calendar.is_over(setting.day):
        parts.append(views.history(t, setting.calendar))
    parts.append(views.listed(t, shown, first, setting.is_draft) if shown else t.gettext("There is no card."))
    buttons = [[views.opener(t, place, card, reference)] for place, card in enumerate(shown, first)]
    turning = []
    if page:
        turning.append(tap("‹", "rules-list", reference, page - 1))
    if (page + 1) * views.PAGE < len(cards):
        turning.append(tap("›", "rules-list", reference, page + 1))
    if reference.startswith("n."):
        every = tap(t.gettext("All cards for this group"), "rules-list", f"s.{reference[2:]}", 0)
        buttons.append([every])
    turn.edit("\n\n".join(parts), [*buttons, turning, [tap(t.gettext("‹ Topics"), "rules")]])


async def _heading(turn: Turn, setting: Setting, reference: str) -> str:
    t, book = turn.t, setting.book
    kind, _, name = reference.partition(".")
    topic = book.topic(name) if kind == "t" else None
    if topic is not None:
        return t.gettext("<b>Rules about: {topic}</b>").format(topic=escape(t.pick(topic.name)))
    if kind == "q":
        return t.gettext("🔎 <b>What your question found</b>")
    sector = escape(await _sector_name(turn, setting, name))
    if kind == "n":
        return t.gettext("📌 <b>What concerns {sector} now, {day}</b>").format(
            sector=sector, day=t.day(setting.day, "UTC")
        )
    return t.gettext("<b>Rules for: {sector}</b>").format(sector=sector)


async def _sector_name(turn: Turn, setting: Setting, code: str) -> str:
    """The name that the office gives to a sector, else that of the cards."""
    own = [] if setting.office is None else await offices.sectors(turn.tx, setting.office.id)
    for sector in own:
        if sector.code == code:
            return turn.t.pick(sector.name)
    known = rulebook().sector(code) or rulebook().sector(PUBLIC)
    return turn.t.pick(known.name) if known is not None else ""


async def on_now(turn: Turn) -> None:
    """What concerns the person's group now; who is not registered says which group is meant."""
    setting = await setting_of(turn)
    sector = turn.args[0] if turn.args else setting.sector
    if sector is None:
        turn.edit(*_sectors(turn))
        return
    # The code of an office's own sector may be too long for a button; no card knows it, so it is the public's.
    sector = sector if rulebook().sector(sector) is not None or len(sector) <= 30 else PUBLIC
    timely = cards_of(f"n.{sector}", setting)
    turn.args = (f"n.{sector}" if timely else f"s.{sector}", "0")
    await on_list(turn)


def _sectors(turn: Turn) -> tuple[str, list[list[Button]]]:
    t = turn.t
    groups = [
        [tap(t.pick(sector.name), "rules-now", sector.id)]
        for sector in rulebook().sectors
        if sector.id != EVERYBODY
    ]
    return t.gettext("Which group do you belong to?"), [*groups, [tap(t.gettext("‹ Topics"), "rules")]]


async def on_card(turn: Turn) -> None:
    """One card, with the way to its neighbours in the list that it was opened from."""
    setting = await setting_of(turn)
    turn.edit(*await _page(turn, setting, _card(setting, turn.args[0]), turn.args[1]))


def _card(setting: Setting, code: str) -> Card:
    card = setting.book.by_code(code)
    if card is None:
        raise NotFound
    return card


async def _page(turn: Turn, setting: Setting, card: Card, reference: str) -> tuple[str, list[list[Button]]]:
    t = turn.t
    cards = cards_of(reference, setting)
    text = views.card(
        t,
        card,
        setting.book,
        setting.calendar,
        setting.day,
        setting.rules.approvals.get(card.id),
        setting.zone,
    )
    turning = []
    if card in cards and len(cards) > 1:
        place = cards.index(card)
        turning = [
            tap("‹", "rule", cards[place - 1].code, reference),
            tap(f"{place + 1}/{len(cards)}", "rules-list", reference, place // views.PAGE),
            tap("›", "rule", cards[(place + 1) % len(cards)].code, reference),
        ]
    share = (
        Button(t.gettext("↗️ Share"), query=t.pick(card.title))
        if turn.inline_mode
        else Button(t.gettext("🔗 Copy the link"), copied=link_to(turn, card))
    )
    buttons = [turning, [share, tap(t.gettext("‹ List"), "rules-list", reference, 0)]]
    if await _is_organiser(turn, setting):
        deciding = _deciding(turn, setting, card, reference)
        buttons.append([] if deciding is None else [deciding])
        buttons.append(
            [
                tap(t.gettext("✏️ Change"), "rule-edit", card.code),
                tap(t.gettext("🕓 All wordings"), "rule-history-of", card.code),
            ]
        )
        if setting.is_draft(card):
            doubts = views.for_organisers(t, card, setting.book.doubts_about(card))
            text = "\n\n".join(filter(None, (text, doubts)))
    return text, buttons


def _deciding(turn: Turn, setting: Setting, card: Card, reference: str) -> Button | None:
    """The button with which an organiser confirms a draft of the program or takes that back; None where none is."""
    if not card.reasons or card.id in setting.rules.own:
        return None
    if setting.is_draft(card):
        return tap(
            turn.t.gettext("✅ Confirm this card for the office"), "rule-approve", card.code, reference
        )
    return tap(turn.t.gettext("Take the confirmation back"), "rule-withdraw", card.code, reference)


async def on_approve(turn: Turn) -> None:
    """An organiser confirms a draft for the office."""
    setting = await setting_of(turn)
    card = _card(setting, turn.args[0])
    if setting.office is None:
        raise NotFound
    await rule_approvals.approve(turn.tx, setting.office.id, card, turn.user.id, turn.now)
    await reminders.card_confirmed(turn.tx, setting.office.id, card.id, turn.now, ReminderTexts())
    turn.answer(turn.t.gettext("Confirmed for your office."))
    turn.edit(*await _page(turn, await setting_of(turn), card, turn.args[1]))


async def on_withdraw(turn: Turn) -> None:
    """An organiser makes it a draft again."""
    setting = await setting_of(turn)
    card = _card(setting, turn.args[0])
    if setting.office is None:
        raise NotFound
    await rule_approvals.withdraw(turn.tx, setting.office.id, card, turn.user.id, turn.now)
    turn.answer(turn.t.gettext("The card is a draft again."))
    turn.edit(*await _page(turn, await setting_of(turn), card, turn.args[1]))


JOURNEY = Journey(
    commands=(
        Command(
            ("aturan", "rules"),
            on_rules,
            N_("rules of the elections"),
            frozenset({Audience.EVERYONE, Audience.GROUP}),
            in_groups=True,
        ),
    ),
    taps=(
        Tap("rules", on_start_page),
        Tap("rules-list", on_list),
        Tap("rules-now", on_now),
        Tap("rule", on_card),
        Tap("rule-approve", on_approve),
        Tap("rule-withdraw", on_withdraw),
    ),
)
