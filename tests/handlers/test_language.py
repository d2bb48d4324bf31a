"""/bahasa, and in which language a form goes on."""

from __future__ import annotations

from bot.storage.meetings import Meeting
from tests.handlers.conftest import Chatter


async def test_a_form_goes_on_in_the_language_that_was_chosen(meeting: Meeting, ani: Chatter) -> None:
    await ani.says("/daftar")
    await ani.taps("I agree")
    await ani.says("Ani Lestari")

    await ani.says("/language")
    await ani.taps("Bahasa Indonesia")

    assert ani.said == "<b>Pendaftaran</b> · langkah 3 dari 5\n\nAnda mewakili unsur apa?"
    await ani.taps("KPU")
    assert "langkah 4 dari 5" in ani.said
