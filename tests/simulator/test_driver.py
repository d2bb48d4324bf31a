"""The driver: it waits for what happens, and fails with the conversation."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.actors import WINDOW_LENGTH
from simulator.driver import NotSeen, PersonDriver, Telegram
from tests.simulator.conftest import PNG, RawClient

YES_NO = {
    "inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}, {"text": "Tidak", "callback_data": "tidak"}]]
}


async def test_seeing_goes_forward(raw: RawClient, ani: PersonDriver) -> None:
    for text in ("satu", "dua", "satu lagi"):
        await raw.result("sendMessage", chat_id=ani.id, text=text)

    assert (await ani.sees("satu")).text == "satu"
    assert ani.unseen == ["dua", "satu lagi"]
    assert (await ani.sees(re.compile("satu.*"))).text == "satu lagi"
    assert ani.unseen == []
    assert ani.inbox == ["satu", "dua", "satu lagi"]


async def test_seeing_waits(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    waiting = asyncio.create_task(ani.sees("nanti"))
    await raw.result("sendMessage", chat_id=ani.id, text="sekarang")
    assert not waiting.done()

    await raw.result("sendMessage", chat_id=ani.id, text="nanti")

    assert (await waiting).text == "nanti"


async def test_an_edit_is_seen_and_old_snapshots_stay(raw: RawClient, ani: PersonDriver) -> None:
    sent = await raw.result("sendMessage", chat_id=ani.id, text="lama", reply_markup=YES_NO)
    before = await ani.sees("lama")
    await raw.result("editMessageText", chat_id=ani.id, message_id=sent["message_id"], text="baru")
    after = await ani.sees("baru")

    assert (before.text, before.labels, before.edited) == ("lama", ["Ya", "Tidak"], False)
    assert (after.text, after.labels, after.edited) == ("baru", [], True)
    assert ani.inbox == ["baru"]


async def test_what_does_not_come_fails_with_the_conversation(raw: RawClient, ani: PersonDriver) -> None:
    await ani.says("halo bot")
    await raw.result("sendMessage", chat_id=ani.id, text="Setuju?", reply_markup=YES_NO)

    with pytest.raises(NotSeen) as failure:
        await ani.sees("Terima kasih", timeout_seconds=0.05)

    assert str(failure.value) == (
        "Ani Sari sees 'Terima kasih': not within 0.05 s\n\n"
        "--- Ani Sari ---\n"
        "Ani Sari: /start\n"
        "Ani Sari: halo bot\n"
        "Rakor Bot: Setuju?\n"
        "    [Ya] [Tidak]"
    )


async def test_taps_find_the_newest_button_and_prefer_the_whole_label(
    raw: RawClient, ani: PersonDriver
) -> None:
    for data in ("lama", "baru"):
        markup = {
            "inline_keyboard": [
                [
                    {"text": "Ya, kirim", "callback_data": f"kirim-{data}"},
                    {"text": "Ya", "callback_data": data},
                ]
            ]
        }
        await raw.result("sendMessage", chat_id=ani.id, text="?", reply_markup=markup)

    await ani.taps("Ya")
    await ani.taps("kirim")

    updates = await raw.updates()
    assert [update["callback_query"]["data"] for update in updates] == ["baru", "kirim-baru"]


async def test_a_tap_waits_for_its_button(raw: RawClient, ani: PersonDriver) -> None:
    tap = asyncio.create_task(ani.taps("Ya"))
    await raw.result("sendMessage", chat_id=ani.id, text="?")
    assert not tap.done()
    await raw.result("sendMessage", chat_id=ani.id, text="?", reply_markup=YES_NO)
    await tap

    assert [update["callback_query"]["data"] for update in await raw.updates()] == ["ya"]


async def test_an_old_button_can_still_be_tapped(raw: RawClient, ani: PersonDriver) -> None:
    sent = await raw.result("sendMessage", chat_id=ani.id, text="?", reply_markup=YES_NO)
    old = await ani.sees("?")
    await raw.result("deleteMessage", chat_id=ani.id, message_id=sent["message_id"])

    await ani.taps("Tidak", message=old)

    [update] = await raw.updates()
    query = update["callback_query"]
    assert query["data"] == "tidak"
    # Bot API, InaccessibleMessage: a date of 0 and no text.
    assert query["message"] == {
        "chat": ani.chat.json(),
        "message_id": sent["message_id"],
        "date": 0,
    }


async def test_forged_callbacks(raw: RawClient, ani: PersonDriver) -> None:
    ani.forges_callback("admin:hapus")
    ani.forges_callback("x", message_id=777)

    first, second = await raw.updates()

    assert first["callback_query"]["data"] == "admin:hapus"
    assert second["callback_query"]["message"]["message_id"] == 777


async def test_the_reply_keyboard(raw: RawClient, ani: PersonDriver) -> None:
    keyboard = {
        "keyboard": [[{"text": "Bagikan nomor", "request_contact": True}], [{"text": "Lewati"}]],
        "one_time_keyboard": True,
    }
    for _ in range(2):
        await raw.result("sendMessage", chat_id=ani.id, text="Nomor?", reply_markup=keyboard)
        assert ani.keyboard == [["Bagikan nomor"], ["Lewati"]]
        await ani.presses("Lewati" if not await raw.updates() else "Bagikan nomor")
        assert ani.keyboard == []
    await raw.result("sendMessage", chat_id=ani.id, text="Nomor?", reply_markup={"keyboard": [["A"]]})
    await raw.result("sendMessage", chat_id=ani.id, text="Selesai", reply_markup={"remove_keyboard": True})
    assert ani.keyboard == []

    said, shared = (update["message"] for update in await raw.updates())
    assert said["text"] == "Lewati"
    assert shared["contact"]["user_id"] == ani.id


async def test_long_texts_go_out_as_clients_send_them(raw: RawClient, ani: PersonDriver) -> None:
    await ani.says("x" * 4097)

    updates = await raw.updates()

    assert [len(update["message"]["text"]) for update in updates] == [4096, 1]


async def test_calls_are_noted(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    await raw.result("sendMessage", chat_id=ani.id, text="x")
    await raw.refusal("sendMessage", chat_id=ani.id, text="")

    first, second = await tg.called("sendMessage", times=2)

    assert (first.status, first.params, first.result["text"]) == (200, {"chat_id": ani.id, "text": "x"}, "x")
    assert (second.status, second.description) == (400, "Bad Request: message text is empty")
    assert [call.method for call in tg.calls] == ["sendmessage", "sendmessage"]


async def test_answers_to_taps(raw: RawClient, ani: PersonDriver) -> None:
    await raw.result("sendMessage", chat_id=ani.id, text="?", reply_markup=YES_NO)
    await ani.taps("Ya")
    [update] = await raw.updates()
    await raw.result(
        "answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="Tercatat."
    )

    assert await ani.is_told("Tercatat") == "Tercatat."
    assert ani.answers == ["Tercatat."]


async def test_groups(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani)
    await group.says(ani, "/agenda")
    await raw.result("sendMessage", chat_id=group.id, text="Mata acara")
    assert (await group.sees("acara")).text == "Mata acara"

    await group.migrates(by=ani)
    await raw.result("sendMessage", chat_id=group.id, text="Di supergrup")

    assert (await group.sees("supergrup")).text == "Di supergrup"
    assert group.inbox == ["Di supergrup"]


async def test_media_of_people_is_seen_by_the_transcript(tg: Telegram, ani: PersonDriver) -> None:
    await ani.sends_photo(PNG, "lihat")
    await ani.sends_document("surat.pdf", b"x")

    assert tg.transcript == (
        "--- Ani Sari ---\nAni Sari: /start\nAni Sari: (photo) lihat\nAni Sari: (document) surat.pdf"
    )


async def test_two_worlds_do_not_meet() -> None:
    async with Telegram() as one, Telegram() as two:
        ani = one.person("Ani")
        await ani.start()

        assert one.url != two.url
        assert two.transcript == "(nothing was written)"


async def test_what_nobody_reads_does_not_pile_up(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    await raw.result("sendMessage", chat_id=ani.id, text="dibaca")
    await ani.sees("dibaca")
    for number in range(WINDOW_LENGTH + 20):
        await raw.result("sendMessage", chat_id=ani.id, text=f"pesan {number}.")

    assert len(tg.window(ani.chat).entries) == WINDOW_LENGTH
    assert (await ani.sees("pesan 20.")).text == "pesan 20."
    assert (await ani.sees(f"pesan {WINDOW_LENGTH + 19}.")).text == f"pesan {WINDOW_LENGTH + 19}."


_FAILING = """
async def test_fails(tg, ani):
    await ani.says("halo bot")
    assert ani.inbox == ["Selamat datang"]
"""


def test_any_failure_shows_the_conversation(tmp_path: Path) -> None:
    """Asserts about an inbox fail without waiting; what was said stands beside them all the same."""
    (tmp_path / "test_one.py").write_text(_FAILING)
    plugins = ("-p", "tests.conftest", "-p", "tests.simulator.conftest", "-p", "no:cacheprovider")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "pyproject.toml", *plugins, str(tmp_path / "test_one.py")],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )

    assert done.returncode == 1
    assert "--- Ani Sari ---\nAni Sari: /start\nAni Sari: halo bot" in done.stdout
