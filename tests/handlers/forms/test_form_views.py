"""How answers read in a chat."""

from __future__ import annotations

import pytest

from bot.domain.forms.questions import Text
from bot.i18n import translator
from handlers.forms import form_views


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Menu?", "✅ <b>Menu</b>: Nasi &amp; ikan"),
        ("Menu:", "✅ <b>Menu</b>: Nasi &amp; ikan"),
        ("Menu", "✅ <b>Menu</b>: Nasi &amp; ikan"),
        ("?", "✅ <b>?</b>: Nasi &amp; ikan"),
    ],
)
def test_a_label_written_as_a_question_stands_before_its_answer_without_the_mark(
    label: str, text: str
) -> None:
    question = Text(key="menu", label=label, prompt=label)

    assert form_views.taken(translator("en"), question, "Nasi & ikan") == text
