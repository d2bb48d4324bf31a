"""Catalogues, plurals, and dates in the zone of a meeting.

The ``.po`` files are the source; they are compiled in memory when a language is first asked for. English sentences are
the message ids; both catalogues are complete.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from io import BytesIO
from zoneinfo import ZoneInfo

from bot.paths import resources

LOCALES = ("id", "en")
"""The languages that people can choose, the first for those who speak neither."""

LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}

Localised = Mapping[str, str]
"""A text in one or more languages: locale to text."""

_ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a sentence for the catalogue where it is declared; it is translated where it is shown."""
    return message


class Translator:
    """Texts, dates and times in one language. Formatting of values happens after translation."""

    def __init__(self, locale: str, catalogue: gettext.NullTranslations) -> None:
        self.locale = locale
        self._catalogue = catalogue

    def gettext(self, message: str) -> str:
        return self._catalogue.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return self._catalogue.ngettext(singular, plural, count)

    def pick(self, text: Localised) -> str:
        """The text in this language, else in the default one, else in any."""
        for locale in (self.locale, *LOCALES):
            if text.get(locale):
                return text[locale]
        return next(iter(text.values()), "")

    def decimal(self, value: float) -> str:
        """A number with one place, as the language writes it."""
        from babel.numbers import format_decimal

        return str(format_decimal(round(value, 1), "0.0", locale=self.locale))

    def time(self, moment: datetime, zone: str) -> str:
        """``09.30 WIB``: hour and minute with the zone's name."""
        return f"{self.bare_time(moment, zone)} {zone_name(moment, zone)}"

    def bare_time(self, moment: datetime, zone: str) -> str:
        """Hour and minute alone, for lists whose heading names the zone."""
        from babel.dates import format_time

        pattern = "HH.mm" if self.locale == "id" else "HH:mm"
        return format_time(moment, pattern, tzinfo=ZoneInfo(zone), locale=self.locale)

    def day(self, moment: datetime | date, zone: str) -> str:
        """``Selasa, 6 Agustus 2024``."""
        from babel.dates import format_date

        local = moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment
        pattern = "EEEE, d MMMM y"
        return format_date(local, pattern, locale=self.locale)

    def moment(self, moment: datetime, zone: str) -> str:
        """``Selasa, 6 Agustus 2024, 09.30 WIB``."""
        return f"{self.day(moment, zone)}, {self.time(moment, zone)}"


def zone_name(moment: datetime, zone: str) -> str:
    """WIB, WITA or WIT; elsewhere the zone's own abbreviation or offset."""
    return _ZONE_NAMES.get(zone) or moment.astimezone(ZoneInfo(zone)).tzname() or zone


def zone(name: str) -> tzinfo:
    return ZoneInfo(name)


def closest_locale(language_code: str | None, default: str = LOCALES[0]) -> str:
    """The catalogue for an IETF tag such as Telegram's ``language_code``; ``default`` when there is none.

    Malay readers get Indonesian, which is nearer to them than English; so do Javanese and Sundanese.
    """
    if not language_code:
        return default
    language = language_code.replace("_", "-").split("-")[0].lower()
    if language in LOCALES:
        return language
    return "id" if language in {"in", "ms", "jv", "su", "min", "ban", "bug", "mad"} else "en"


@cache
def translator(locale: str) -> Translator:
    """The translator of one of :data:`LOCALES`; compiled once a process."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    path = resources("locales") / locale / "LC_MESSAGES" / "rakor.po"
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return Translator(locale, gettext.GNUTranslations(compiled))
