"""Extract, update and check the catalogues: ``python -m bot.catalogues update`` and ``… check``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.i18n import LOCALES
from bot.paths import resources

SOURCES = ("bot", "handlers")
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "N_": None}
PLURAL_FORMS = {"id": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
"""Babel believes that Indonesian has two forms; it has one."""
_MADE = datetime(
    2026, 11, 24, tzinfo=UTC
)  # a fixed date, so that a catalogue changes only where its sentences do
_FIELD = re.compile(r"{[^{}]*}")
_TAG = re.compile(r"</?[a-z][^<>]*>")


def extract(root: Path) -> Catalog:
    """Every sentence of the program, with the files that say it and the notes for translators."""
    template = Catalog(project="rakor-bot", charset="utf-8", fuzzy=False)
    for source in SOURCES:
        for name, _line, message, comments, context in extract_from_dir(
            root / source, [("**.py", "python")], keywords=KEYWORDS, comment_tags=["Translators:"]
        ):
            template.add(
                message,
                None,
                [(f"{source}/{name}", 0)],
                auto_comments=comments,
                context=context,
            )
    return template


def path_of(locale: str) -> Path:
    return resources("locales") / locale / "LC_MESSAGES" / "rakor.po"


def _empty(locale: str) -> Catalog:
    catalogue = Catalog(
        locale=locale,
        project="rakor-bot",
        header_comment="# Rakor Bot: what people read.",
        creation_date=_MADE,
        revision_date=_MADE,
        last_translator="Rakor Bot",
        language_team=locale,
        charset="utf-8",
        fuzzy=False,
    )
    catalogue.mime_headers = [("Plural-Forms", PLURAL_FORMS[locale])]
    return catalogue


def load(locale: str) -> Catalog:
    """The catalogue of a language; empty when there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return _empty(locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def save(locale: str, catalogue: Catalog) -> None:
    """Write a catalogue in an order and form that change only where its sentences do."""
    path = path_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False, sort_output=True, include_lineno=False)


def merged(locale: str, template: Catalog, old: Catalog) -> Catalog:
    """``template`` with the translations that ``old`` has; English says what the program says."""
    new = _empty(locale)
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        string = known.string if known is not None else ""
        if locale == "en":
            string = message.id
        elif not string and isinstance(message.id, tuple):
            string = ("",) * new.num_plurals
        new.add(
            message.id,
            string,
            sorted({(name, 0) for name, _ in message.locations}),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return new


def problems(locale: str, template: Catalog) -> Iterator[str]:
    """What is missing, left over or not alike in a catalogue, a line each."""
    catalogue = load(locale)
    for message in template:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        singular = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        if known is None:
            yield f"{locale}: not in the catalogue: {singular!r}"
            continue
        if known.fuzzy:
            yield f"{locale}: fuzzy: {singular!r}"
        yield from _unlike(locale, singular, message, known, catalogue.num_plurals)
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield f"{locale}: no longer used: {message.id!r}"


def _unlike(locale: str, singular: str, source: Message, known: Message, plurals: int) -> Iterator[str]:
    strings = list(known.string) if isinstance(known.string, (tuple, list)) else [known.string]
    if isinstance(source.id, (tuple, list)) and len(strings) != plurals:
        yield f"{locale}: {len(strings)} plural forms instead of {plurals}: {singular!r}"
    originals = list(source.id) if isinstance(source.id, (tuple, list)) else [source.id]
    fields = {field for original in originals for field in _FIELD.findall(original)}
    tags = sorted(_TAG.findall(originals[-1]))
    for string in strings:
        if not string:
            yield f"{locale}: not translated: {singular!r}"
        elif not set(_FIELD.findall(string)) <= fields or set(_FIELD.findall(originals[-1])) - set(
            _FIELD.findall(string)
        ) - {"{count}"}:
            yield f"{locale}: other fields than in {singular!r}: {string!r}"
        elif sorted(_TAG.findall(string)) != tags:
            yield f"{locale}: other tags than in {singular!r}: {string!r}"


def main(arguments: list[str]) -> int:
    root = Path.cwd()
    if arguments not in (["update"], ["check"]):
        print("usage: python -m bot.catalogues update | check", file=sys.stderr)
        return 2
    template = extract(root)
    if arguments == ["update"]:
        for locale in LOCALES:
            save(locale, merged(locale, template, load(locale)))
        return 0
    found = [problem for locale in LOCALES for problem in problems(locale, template)]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
