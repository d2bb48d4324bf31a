"""The question that comes with a notice, as an organiser writes it."""

from __future__ import annotations

import pytest

from bot.domain.forms.questions import Invalid
from bot.domain.notices.quizzes import Quiz, parse, read_quiz

WRITTEN = """Bolehkah ASN menyukai unggahan paslon?
- Boleh, di rumah
* Tidak boleh
> Pasal 9 ayat (2)
> UU 20/2023"""

QUIZ = Quiz(
    "Bolehkah ASN menyukai unggahan paslon?",
    ["Boleh, di rumah", "Tidak boleh"],
    1,
    "Pasal 9 ayat (2)\nUU 20/2023",
)


def test_it_is_read_as_it_was_written() -> None:
    assert parse(WRITTEN) == QUIZ
    assert read_quiz(QUIZ.as_data()) == QUIZ
    assert parse(QUIZ.source()) == QUIZ


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "first line"),
        ("Apa?\n* Satu-satunya\n> Dasar", "first line"),
        ("- Tanpa pertanyaan\n* Dua\n> Dasar", "first line"),
        ("Apa?\n- Satu\n- Dua\n> Dasar", "exactly one"),
        ("Apa?\n* Satu\n* Dua\n> Dasar", "exactly one"),
        ("Apa?\n- Satu\n* Dua", "begins with >"),
        (f"Apa?\n- {'x' * 61}\n* Dua\n> Dasar", "too long"),
        ("Apa?\n" + "\n".join(f"- {n}" for n in range(6)) + "\n* Tujuh\n> Dasar", "first line"),
    ],
)
def test_what_is_missing_is_said(written: str, complaint: str) -> None:
    read = parse(written)

    assert isinstance(read, Invalid)
    assert complaint in read.reason
