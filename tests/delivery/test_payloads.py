"""What a delivery says to Telegram: language, buttons and files."""

from __future__ import annotations

import pytest

from bot.delivery.payloads import call_for
from bot.domain.notices.broadcasts import Content
from bot.storage.deliveries import Claimed
from tests.small_rakor import ANI


@pytest.mark.parametrize(
    ("content", "locale", "text"),
    [
        ({"id": "Halo", "en": "Hello"}, "en", "Hello"),
        ({"id": "Halo"}, "en", "Halo"),
        ({"en": "Hello"}, "id", "Hello"),
        ({"jv": "Sugeng"}, "en", "Sugeng"),
    ],
)
def test_a_language_without_the_text_gets_the_next_best(
    content: dict[str, str], locale: str, text: str
) -> None:
    item = Claimed(1, ANI, None, locale, 0, Content(content).as_data())

    assert call_for(item)[1]["text"] == text
