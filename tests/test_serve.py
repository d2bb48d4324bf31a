"""``rakor run`` as a service manager sees it: a real process, its exit code, its signals, its resources."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot import exits
from bot.storage.database import connect
from simulator.driver import Telegram
from tests.program import PATIENCE_SECONDS, ROOT, at, rakor

SAMPLE = ROOT / "bot" / "data" / "samples" / "palembang.yaml"


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Telegram(timeout_seconds=PATIENCE_SECONDS) as tg:
        yield tg


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_well_when_told_to(telegram: Telegram, tmp_path: Path, number: signal.Signals) -> None:
    async with rakor(tmp_path, "run", **at(telegram)) as program:
        await telegram.bot_is_up()

        assert await program.stops(number) == exits.FINE

    assert (
        program.out
        == "There is no meeting yet. Write it down in a file and bring it in with: rakor import FILE\n"
    )
    assert [event for event in program.events() if "failed" in event] == []


async def test_told_to_end_in_the_middle_of_work_it_finishes_what_it_has(
    telegram: Telegram, tmp_path: Path
) -> None:
    async with rakor(tmp_path, "import", str(SAMPLE)) as program:
        assert await program.ends() == exits.FINE
    people = [telegram.person(f"P{number}", language_code="en") for number in range(40)]
    telegram.world.faults.latency_ms = 50

    async with rakor(tmp_path, "run", **at(telegram)) as program:
        await telegram.bot_is_up()
        for person in people:
            await person.start()
        await telegram.until(lambda: any(person.inbox for person in people), "somebody is answered")
        assert await program.stops() == exits.FINE
    async with connect(f"sqlite:///{tmp_path / 'var' / 'rakor.db'}") as database:
        waiting = "SELECT (SELECT COUNT(*) FROM inbox WHERE done_on IS NULL) + (SELECT COUNT(*) FROM outbox)"
        assert await database.read(lambda tx: tx.value(waiting)) == 0

    async with rakor(tmp_path, "run", **at(telegram)) as program:
        await telegram.bot_polls()
        for person in people:
            await person.sees("Bawaslu Kota Palembang")
        assert await program.stops() == exits.FINE
    assert [len(person.inbox) for person in people] == [1] * len(people)


async def test_its_log_holds_nothing_that_people_say(telegram: Telegram, tmp_path: Path) -> None:
    async with rakor(tmp_path, "import", str(SAMPLE)) as program:
        assert await program.ends() == exits.FINE
    ani = telegram.person("Anindya", language_code="en")
    group = telegram.group("Rakor", [ani])

    async with rakor(tmp_path, "run", **at(telegram), LOG_LEVEL="DEBUG") as program:
        await ani.start("rakor-palembang-2024")
        await ani.taps("Register")
        await ani.taps("I agree")
        await ani.sees("step 2 of 5")
        await ani.says("Anindya Kusumawardani")
        await ani.sees("step 3 of 5")
        await ani.says("/help")
        await ani.shares_contact()
        await ani.sees("Please choose one of the buttons")
        ani.forges_callback("form:kusumawardani")
        await group.adds_bot(by=ani)
        await group.says(ani, "/agenda")
        await group.sees("Bawaslu")
        ani.blocks_bot()
        await telegram.updates_taken()
        assert await program.stops() == exits.FINE

    lines = [json.loads(line) for line in program.err.splitlines()]
    assert "receiving" in program.events()
    assert [line for line in lines if line["level"] == "ERROR"] == []
    told = program.err.lower()
    assert [
        word for word in ("anindya", "kusumawardani", telegram.token.lower(), "+62") if word in told
    ] == []


async def test_a_meeting_without_an_organiser_offers_a_link_to_become_one(
    telegram: Telegram, tmp_path: Path
) -> None:
    async with rakor(tmp_path, "import", str(SAMPLE)) as program:
        assert await program.ends() == exits.FINE

    async with rakor(tmp_path, "run", **at(telegram)) as program:
        await program.prints(lambda: "?start=" in program.out)
        ani, citra = telegram.person("Ani", language_code="en"), telegram.person("Citra", language_code="en")
        payload = program.out.strip().rpartition("?start=")[2]
        await ani.start(payload)
        await ani.sees("You now belong to Bawaslu Kota Palembang as committee.")
        await citra.start(payload)
        await citra.sees("This link has been used or has expired.")
        assert await program.stops() == exits.FINE

    async with rakor(tmp_path, "run", **at(telegram)) as program:
        await telegram.bot_polls()
        assert await program.stops() == exits.FINE
    assert program.out == ""


async def test_a_token_that_telegram_does_not_know_ends_it(telegram: Telegram, tmp_path: Path) -> None:
    token = "7100000000:XXanother-token-that-nobody-gave-out-000"
    async with rakor(tmp_path, "run", BOT_TOKEN=token, BOT_API_URL=telegram.url) as program:
        assert await program.ends() == exits.TELEGRAM

    assert (
        program.err.splitlines()[-1] == "BOT_TOKEN: Telegram does not know this token; ask @BotFather for it"
    )
    assert token.partition(":")[2] not in program.err


async def test_a_database_that_cannot_be_opened_ends_it(telegram: Telegram, tmp_path: Path) -> None:
    (tmp_path / "rakor.db").write_text("Daftar hadir\n" * 100)
    async with rakor(tmp_path, "run", **at(telegram), DATABASE_URL="sqlite:///rakor.db") as program:
        assert await program.ends() == exits.DATABASE

    assert (
        program.err
        == "DATABASE_URL='sqlite:///rakor.db': cannot be opened: rakor.db: file is not a database\n"
    )
    assert telegram.calls == []


async def test_a_webhook_without_its_port_ends_it(telegram: Telegram, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        webhook = {"PUBLIC_URL": "https://rakor.example", "WEBHOOK_SECRET": "known-to-nobody-else"}
        async with rakor(tmp_path, "run", **at(telegram), **webhook, WEB_PORT=str(port)) as program:
            assert await program.ends() == exits.PROBLEM

    assert program.err.splitlines()[-1] == f"WEB_PORT={port}: 127.0.0.1:{port} is taken; the webhook needs it"


async def test_a_network_that_is_down_is_waited_for(tmp_path: Path) -> None:
    async with rakor(
        tmp_path, "run", BOT_TOKEN=Telegram().token, BOT_API_URL="http://127.0.0.1:1"
    ) as program:
        await program.prints(lambda: "telegram.unreachable" in program.err)

        assert await program.stops() == exits.FINE


async def test_a_network_that_goes_away_during_the_start_is_waited_for(
    telegram: Telegram, tmp_path: Path
) -> None:
    telegram.faults.set(methods=["deleteWebhook"], bad_gateway_rate=1.0)
    async with rakor(tmp_path, "run", **at(telegram)) as program:
        await program.prints(lambda: "telegram.unreachable" in program.err)
        telegram.faults.set(bad_gateway_rate=0.0)
        await telegram.bot_is_up()

        assert await program.stops() == exits.FINE


async def test_a_full_disk_loses_nothing_and_is_told(telegram: Telegram, tmp_path: Path) -> None:
    budi, ani = telegram.person("Budi", language_code="en"), telegram.person("Ani", language_code="en")
    async with rakor(tmp_path, "import", str(SAMPLE)) as program:
        assert await program.ends() == exits.FINE
    async with rakor(tmp_path, "run", **at(telegram), ADMIN_IDS=str(budi.id)) as program:
        await budi.start()
        await budi.sees("Your role: committee")
        await telegram.updates_taken()
        # Like a disk without room: no file of the process grows, SQLite's log neither.
        resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

        await ani.start()
        await budi.sees("The bot's computer cannot save anything (is its disk full?).")
        assert len(telegram.world.updates) == 1  # not acknowledged, so Telegram keeps it
        assert ani.inbox == []

        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, unlimited)
        await ani.sees("Bawaslu Kota Palembang")
        await telegram.updates_taken()
        assert await program.stops() == exits.FINE


async def test_a_second_copy_gives_way(telegram: Telegram, tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session, rakor(tmp_path, "run", **at(telegram)) as program:
        url = f"{telegram.url}/bot{telegram.token}/getUpdates"

        async def first_copy() -> None:
            await telegram.bot_is_up()
            while program.process.returncode is None:
                async with session.post(url, json={"timeout": 25}) as response:
                    assert response.status == 409  # the second copy has asked again

        copy = asyncio.create_task(first_copy())
        try:
            assert await program.ends() == exits.TELEGRAM
        finally:
            copy.cancel()
            await asyncio.gather(copy, return_exceptions=True)

    assert (
        program.err.splitlines()[-1]
        == "Another copy of this bot is running (Telegram: 409 Conflict); stop it first"
    )
