"""What is asked of an organiser who writes a rule card, and what becomes of the answers."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Choice, Context, Facts, Invalid, Option, Text
from bot.domain.language.typed_times import read_day
from bot.domain.rules import rule_writing
from bot.domain.rules.rule_writing import Draft
from bot.domain.rules.rules import Card, rulebook
from bot.i18n import N_
from bot.storage.database import Transaction
from handlers.turn import Turn

TITLE_LIMIT, TEXT_LIMIT = 160, 1200


def facts_of(turn: Turn, office_id: int, card_id: str) -> Facts:
    """What the form of a card (empty: of a new one) is about."""
    groups = ", ".join(sector.id for sector in rulebook().sectors)
    return {
        "office": office_id,
        "card": card_id,
        "about": zlib.crc32(card_id.encode()),
        "groups": groups,
        "today": turn.now.strftime("%d-%m-%Y"),
    }


def answers_of(card: Card) -> dict[str, Any]:
    """The answers that a card stands for, to be changed."""
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


def draft_of(answers: Answers, today: date) -> Draft:
    """The card that the answers make; each of them was read when it was typed."""
    basis, sources = rule_writing.read_basis(answers["basis"]), rule_writing.read_sources(answers["sources"])
    sectors = rule_writing.read_sectors(answers["sectors"], rulebook().sectors)
    checked = read_day(answers["checked"], today)
    assert basis is not None
    assert sources is not None
    assert sectors is not None
    assert checked is not None
    return Draft(
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


def _texts(indonesian: str, english: str | None) -> dict[str, str]:
    return {"id": indonesian, "en": english or indonesian}


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
