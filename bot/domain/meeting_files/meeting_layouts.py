"""The sheets of a meeting as an Excel file: what they and their columns are called, and how their cells are written.

They are for people who find YAML hard, and hold what an office changes most; what they leave out stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.i18n import N_

MEETING, SECTORS, AGENDA, MATERIALS = "meeting", "sectors", "agenda", "materials"
SESSIONS, POLLS, STATEMENTS = "sessions", "polls", "statements"

KEPT_FILE = "📎"
"""Begins the link of a material that is a file which the bot keeps."""


Words = Mapping[str, tuple[str, str]]
"""A value of a meeting file to what it is called in Indonesian and in English."""

YES_NO: Words = {"yes": ("ya", "yes"), "no": ("tidak", "no")}
KINDS: Words = {
    "challenge": ("tantangan", "challenge"),
    "suggestion": ("saran", "suggestion"),
    "input": ("masukan", "input"),
    "question": ("pertanyaan", "question"),
}
ANONYMITY: Words = {"allowed": ("boleh", "allowed"), "forced": ("wajib", "forced"), "off": ("tidak", "off")}
MODERATION: Words = {"before": ("sebelum terbit", "before"), "after": ("sesudah terbit", "after")}
POLL_KINDS: Words = {
    "one": ("satu pilihan", "one"),
    "several": ("beberapa pilihan", "several"),
    "scale": ("skala", "scale"),
    "ranking": ("peringkat", "ranking"),
    "quiz": ("kuis", "quiz"),
}
TRUTH: Words = {"true": ("benar", "true"), "false": ("salah", "false")}

SPLIT = (" (pisahkan dengan ;)", " (separate with ;)")
"""What the names of columns with several entries end in."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or in the sheet of the meeting a row."""

    key: str
    """The field of a meeting file; ``title.en`` for the English one."""
    id: str
    en: str
    hint: str = ""
    """A message id: what to write, for the form that the bot hands out."""
    words: Words = field(default_factory=dict)
    """What its values are called; empty where they are written as they are."""
    is_list: bool = False

    def is_called(self, name: str) -> bool:
        plain = name.casefold().strip(" :*")
        for ending in SPLIT:
            plain = plain.removesuffix(ending)
        return plain in (self.id.casefold(), self.en.casefold(), self.key)

    def name(self, locale: str) -> str:
        indonesian = locale == "id"
        ending = SPLIT[0 if indonesian else 1] if self.is_list else ""
        return (self.id if indonesian else self.en) + ending

    def read(self, text: str) -> str | list[str]:
        """A cell as the value of a meeting file; what is no known word is left for the schema to refuse."""
        if not self.is_list:
            return self._value(text)
        as_lines = "\n" in text or text.startswith("- ")
        entries = (entry.strip() for entry in text.split("\n" if as_lines else ";"))
        return [self._value(entry.removeprefix("- ") if as_lines else entry) for entry in entries if entry]

    def shown(self, value: object, locale: str) -> str:
        """A value of a meeting file as a cell, so that :meth:`read` gives it back."""
        if not isinstance(value, list):
            return self._word(str(value), locale)
        entries = [self._word(str(entry), locale) for entry in value]
        if any(";" in entry or entry.startswith("- ") for entry in entries):
            return "\n".join(f"- {entry}" for entry in entries)
        return "; ".join(entries)

    def _value(self, text: str) -> str:
        wanted = text.casefold()
        return next((value for value, names in self.words.items() if wanted in (value, *names)), text)

    def _word(self, value: str, locale: str) -> str:
        return self.words[value][0 if locale == "id" else 1] if value in self.words else value


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of the file."""

    section: str
    id: str
    en: str
    columns: tuple[Column, ...]

    def is_called(self, name: str) -> bool:
        return name.casefold().strip() in (self.id.casefold(), self.en.casefold())

    def name(self, locale: str) -> str:
        return self.id if locale == "id" else self.en


LAYOUTS = (
    Layout(
        MEETING,
        "Rakor",
        "Meeting",
        (
            Column(
                "code", "Kode", "Code", N_("Leave it as it is; without it, the file makes a new meeting.")
            ),
            Column("title.id", "Judul", "Title", N_("Needed.")),
            Column("title.en", "Judul (Inggris)", "Title (English)", N_("May stay empty.")),
            Column("theme.id", "Tema", "Theme", N_("May stay empty.")),
            Column("theme.en", "Tema (Inggris)", "Theme (English)", N_("May stay empty.")),
            Column("day", "Hari", "Day", N_("For example 2027-08-06 or 6 Agustus 2027.")),
            Column("start", "Mulai", "Start", N_("For example 08.00, on the clocks of the office.")),
            Column("end", "Selesai", "End", N_("For example 12.30; on another day 2027-08-07 12.30.")),
            Column("venue", "Tempat", "Venue", N_("Needed.")),
            Column("address", "Alamat", "Address", N_("May stay empty.")),
            Column(
                "map",
                "Titik peta",
                "Map point",
                N_("Latitude, longitude: -2.97610, 104.77541. May stay empty."),
            ),
            Column("contact", "Narahubung", "Contact", N_("May stay empty.")),
            Column(
                "approval",
                "Persetujuan",
                "Approval",
                N_("ya or tidak: whether registrations wait for you."),
                YES_NO,
            ),
        ),
    ),
    Layout(
        SECTORS,
        "Unsur",
        "Groups",
        (
            Column("code", "Kode", "Code"),
            Column("name.id", "Nama", "Name"),
            Column("name.en", "Nama (Inggris)", "Name (English)"),
            Column("quota", "Kursi", "Seats"),
        ),
    ),
    Layout(
        AGENDA,
        "Acara",
        "Agenda",
        (
            Column("slug", "Kode", "Code"),
            Column("start", "Mulai", "Start"),
            Column("end", "Selesai", "End"),
            Column("title.id", "Acara", "Item"),
            Column("title.en", "Acara (Inggris)", "Item (English)"),
            Column("speaker", "Pembicara", "Speaker"),
            Column("position.id", "Jabatan", "Position"),
            Column("position.en", "Jabatan (Inggris)", "Position (English)"),
        ),
    ),
    Layout(
        MATERIALS,
        "Materi",
        "Materials",
        (
            Column("slug", "Kode", "Code"),
            Column("title.id", "Judul", "Title"),
            Column("title.en", "Judul (Inggris)", "Title (English)"),
            Column("agenda", "Kode acara", "Agenda code"),
            Column("url", "Tautan", "Link"),
        ),
    ),
    Layout(
        SESSIONS,
        "Sesi",
        "Sessions",
        (
            Column("slug", "Kode", "Code"),
            Column("topic.id", "Topik", "Topic"),
            Column("topic.en", "Topik (Inggris)", "Topic (English)"),
            Column("prompt.id", "Pertanyaan", "Question"),
            Column("prompt.en", "Pertanyaan (Inggris)", "Question (English)"),
            Column("agenda", "Kode acara", "Agenda code"),
            Column("follows_agenda", "Ikut jam acara", "Follows the agenda", words=YES_NO),
            Column("kinds", "Jenis", "Kinds", words=KINDS, is_list=True),
            Column("headings", "Subtopik", "Headings", is_list=True),
            Column("sectors", "Kode unsur", "Group codes", is_list=True),
            Column("anonymity", "Anonim", "Anonymity", words=ANONYMITY),
            Column("moderation", "Moderasi", "Moderation", words=MODERATION),
            Column("limit_per_person", "Paling banyak per orang", "At most a person"),
            Column("text_limit", "Panjang teks", "Text length"),
        ),
    ),
    Layout(
        POLLS,
        "Jajak",
        "Polls",
        (
            Column("slug", "Kode", "Code"),
            Column("kind", "Jenis", "Kind", words=POLL_KINDS),
            Column("question", "Pertanyaan", "Question"),
            Column("options", "Pilihan", "Options", is_list=True),
            Column("right", "Jawaban benar", "Right answer"),
            Column("explanation", "Penjelasan", "Explanation"),
            Column("hidden", "Hasil setelah ditutup", "Results when closed", words=YES_NO),
        ),
    ),
    Layout(
        STATEMENTS,
        "Uji",
        "Check",
        (
            Column("slug", "Kode", "Code"),
            Column("text.id", "Pernyataan", "Statement"),
            Column("text.en", "Pernyataan (Inggris)", "Statement (English)"),
            Column("answer", "Jawaban", "Answer", words=TRUTH),
            Column("legal_basis", "Dasar hukum", "Legal basis"),
            Column("rule", "Kartu aturan", "Rule card"),
        ),
    ),
)
