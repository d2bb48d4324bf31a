"""What holds everywhere: an answer to everything, languages, roles, groups."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.storage.database import Transaction
from tests.e2e.conftest import Hall


async def test_whatever_is_written_gets_an_answer(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")

    for text in ("halo", "/tidakada", "🙂", "مرحبا", "<script>alert(1)</script>", "x" * 4096):
        await ani.says(text)
        await ani.sees("/bantuan")


async def test_a_command_may_stand_in_a_sentence(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")

    await ani.says("/agenda, tolong")

    await ani.sees("Sekarang: Dialog bersama stakeholder")


async def test_the_language_follows_telegram_until_one_is_chosen(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="en-GB")

    await ani.says("/help")
    await ani.sees("What you can do here")
    await ani.says("/language")
    await ani.taps("Bahasa Indonesia")
    await ani.sees("bahasa Indonesia")
    await ani.says("/bantuan")
    await ani.sees("Yang dapat Anda lakukan di sini")


async def test_an_organiser_sees_the_meeting_at_a_glance(hall: Hall) -> None:
    await hall.budi.says("/panitia")

    seen = await hall.budi.sees("Rapat Koordinasi Bersama Stakeholder")
    assert f"https://t.me/{hall.tg.world.bot_username}?start={hall.code}" in seen.text


async def test_an_update_that_cannot_be_read_holds_nobody_up(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    number = hall.tg.raw_update({"message": {"text": "neither sender nor chat"}})

    await ani.says("/bantuan")
    await ani.sees("Yang dapat Anda lakukan di sini")

    kept = await hall.read(lambda tx: tx.value("SELECT payload FROM inbox WHERE update_id = :id", id=number))
    assert kept is None
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert told == [f"update {number} cannot be read; it is passed over"]


async def test_the_program_ends_with_a_task_that_must_last(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(tx: Transaction) -> bool:
        raise LookupError("seats cannot be counted")

    monkeypatch.setattr("bot.app.admission.has_waiting", broken)
    hall.rakor.wake()

    with pytest.raises(LookupError, match="seats cannot be counted"):
        await asyncio.wait_for(hall.rakor.stopped, 10)
