"""``rakor doctor`` against a real database, a real port and an embedded Telegram, healthy and in every way ill."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import AsyncIterator, MutableMapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from telegram import WebhookInfo

from bot import doctor, exits
from bot.doctor import Finding, Level, clock_finding, examine
from bot.domain import roles
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.i18n import translator
from bot.settings import Settings
from bot.storage import offices
from bot.storage.database import Transaction, connect
from bot.storage.migrations import available
from simulator.botapi import Receive, Scope, Send
from simulator.server import RunningServer, Simulator, serve
from simulator.world import World

T = translator("en")
NEWEST = len(available())
TOKEN = World().token


class Dated(Simulator):
    """Telegram's servers say what time it is in each answer."""

    ahead = timedelta()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(event: MutableMapping[str, Any]) -> None:
            if event["type"] == "http.response.start":
                date = format_datetime(datetime.now(UTC) - self.ahead, usegmt=True)
                event["headers"] = [*event.get("headers", ()), (b"date", date.encode())]
            await send(event)

        await super().__call__(scope, receive, dated)


@pytest.fixture
async def telegram() -> AsyncIterator[RunningServer]:
    async with serve(Dated(World())) as running:
        yield running


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings_for(telegram: RunningServer, **more: Any) -> Settings:
    return Settings(bot_token=TOKEN, bot_api_url=telegram.bot_api_url, web_port=0, **more)


class Report(NamedTuple):
    findings: list[Finding]

    def about(self, words: str) -> Finding:
        (found,) = [finding for finding in self.findings if words in finding.text]
        return found

    @property
    def troubles(self) -> list[tuple[Level, str]]:
        return [(finding.level, finding.text) for finding in self.findings if finding.level is not Level.OK]


async def examined(settings: Settings, env_file: Path = Path(".env")) -> Report:
    return Report([finding async for finding in examine(settings, T, env_file)])


async def import_sample(url: str) -> None:
    async with connect(url) as database:
        await database.write(lambda tx: meeting_store.apply(tx, meeting_file.sample(), datetime.now(UTC)))


async def test_a_healthy_installation(telegram: RunningServer, database_url: str) -> None:
    await import_sample(database_url)
    settings = settings_for(telegram, database_url=database_url, admin_ids=frozenset({11}))
    lines: list[str] = []

    assert await doctor.report(settings, T, lines.append) == exits.FINE

    sizes = [re.sub(r"\d+ MB", "… MB", re.sub(r"is now .*", "is now …", line)) for line in lines]
    shown = database_url.replace("postgres:@", "postgres:…@")
    disk = [line for line in sizes if "MB are free" in line]
    assert len(disk) == (1 if database_url.startswith("sqlite") else 0)
    assert [line for line in sizes if line not in disk] == [
        "ok:         The settings come from the environment; there is no .env file here.",
        "ok:         In the office's time zone Asia/Jakarta it is now …",
        "ok:         The texts are there in: id, en.",
        f"ok:         The database {shown} is at version {NEWEST}, the newest.",
        "ok:         The database can be written.",
        "ok:         At its next start, the bot makes ADMIN_IDS the organisers of Bawaslu Kota Palembang.",
        "ok:         The pages can listen at 127.0.0.1:0.",
        "ok:         This machine's clock agrees with Telegram's.",
        "ok:         The token belongs to @rakor_sim_bot; in groups it receives what is addressed to it.",
        "ok:         Updates are fetched by long polling; no webhook is in the way.",
    ]


async def test_it_changes_nothing(telegram: RunningServer, database_url: str) -> None:
    async def tables(tx: Transaction) -> int:
        return int(await tx.value("SELECT COUNT(*) FROM schema_migrations"))

    async def trial(tx: Transaction) -> None:
        await tx.run("CREATE TABLE doctor (trial BIGINT)")

    await examined(settings_for(telegram, database_url=database_url))

    async with connect(database_url) as database:
        assert await database.read(tables) == NEWEST
        await database.write(trial)  # it would exist, had the trial entry stayed
    assert telegram.app.api.calls[-1].method.lower() == "getwebhookinfo"


async def test_before_the_first_start_there_is_no_database_and_that_is_fine(folder: Path) -> None:
    report = await examined(Settings(bot_api_url="http://127.0.0.1:1", web_port=0))

    assert report.troubles == []
    assert report.about("does not exist yet").level is Level.OK
    assert report.about("rakor run starts the demo").level is Level.OK
    assert list(folder.iterdir()) == []


async def test_an_empty_database_waits_for_its_migrations(
    telegram: RunningServer, empty_database_url: str
) -> None:
    async with connect(empty_database_url):
        pass

    report = await examined(settings_for(telegram, database_url=empty_database_url))

    finding = report.about(f"is at version 0 of {NEWEST}")
    assert finding.level is Level.WARNING
    assert finding.mend == "The next start, or rakor migrate, brings it up to date."


async def test_what_an_office_still_lacks(telegram: RunningServer, database_url: str) -> None:
    settings = settings_for(telegram, database_url=database_url)

    assert (await examined(settings)).troubles == [(Level.WARNING, "There is no meeting yet.")]
    await import_sample(database_url)
    report = await examined(settings)
    assert report.troubles == [(Level.WARNING, "Bawaslu Kota Palembang has no organiser.")]
    assert report.about("no organiser").mend == "Open the link that rakor run prints, or set ADMIN_IDS."

    async with connect(database_url) as database:

        async def appoint(tx: Transaction) -> None:
            (office,) = await offices.all_offices(tx)
            await roles.appoint(tx, office.id, 12, roles.ORGANISER, datetime.now(UTC), by=None)

        await database.write(appoint)
    report = await examined(settings)
    assert report.troubles == []
    assert report.about("organiser").text == "Bawaslu Kota Palembang has 1 organiser."


async def test_a_database_of_a_newer_program(telegram: RunningServer, database_url: str) -> None:
    async def upgrade(tx: Transaction) -> None:
        await tx.run("INSERT INTO schema_migrations (version, name) VALUES (99, '0099_future')")

    async with connect(database_url) as database:
        await database.write(upgrade)

    report = await examined(settings_for(telegram, database_url=database_url))

    assert report.about("is at version 99, but this program only knows").level is Level.PROBLEM


async def test_a_database_that_cannot_be_opened(telegram: RunningServer, folder: Path) -> None:
    (folder / "rakor.db").write_text("Daftar hadir\n" * 100)

    report = await examined(settings_for(telegram, database_url="sqlite:///rakor.db"))

    assert report.troubles == [
        (Level.PROBLEM, "The database sqlite:///rakor.db cannot be opened: rakor.db: file is not a database.")
    ]


async def test_a_database_that_another_program_holds(
    telegram: RunningServer, folder: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setattr("bot.storage.sqlite.BUSY_SECONDS", 0.05)
    shutil.copy(migrated_sqlite, folder / "rakor.db")
    holder = sqlite3.connect("rakor.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    report = await examined(settings_for(telegram, database_url="sqlite:///rakor.db"))

    holder.close()
    assert report.troubles == [
        (Level.PROBLEM, "The database cannot be written: database is locked."),
        (Level.WARNING, "There is no meeting yet."),
    ]


@pytest.mark.parametrize(
    ("free", "level"),
    [(10_000_000_000, Level.OK), (150_000_000, Level.WARNING), (5_000_000, Level.PROBLEM)],
)
async def test_free_space(
    telegram: RunningServer, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)

    report = await examined(settings_for(telegram))

    assert report.about(f"{free // 1000**2} MB are free").level is level


async def test_a_port_that_is_taken(telegram: RunningServer) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        report = await examined(Settings(bot_token=TOKEN, bot_api_url=telegram.bot_api_url, web_port=port))

    assert report.troubles == [
        (Level.WARNING, f"The pages cannot listen at 127.0.0.1:{port}: Address already in use.")
    ]


async def test_a_file_of_settings_with_a_misspelt_name_and_open_to_all(
    telegram: RunningServer, folder: Path
) -> None:
    file = folder / ".env"
    file.write_text("BOT_TOKN=x\nWEB_PORT=0\n")
    file.chmod(0o644)

    report = await examined(settings_for(telegram), file)

    assert report.troubles == [
        (Level.WARNING, f"{file} sets BOT_TOKN, which Rakor Bot does not know."),
        (Level.WARNING, f"Other accounts of this machine can read {file}, which holds secrets."),
    ]
    assert report.about("Other accounts").mend == f"Run: chmod 600 {file}"


async def test_a_file_of_settings_that_is_right(telegram: RunningServer, folder: Path) -> None:
    file = folder / ".env"
    file.write_text("WEB_PORT=0\n")
    file.chmod(0o600)

    report = await examined(settings_for(telegram), file)

    assert report.findings[0] == Finding(Level.OK, f"The settings in {file} are right.")


async def test_a_token_that_telegram_does_not_know(telegram: RunningServer) -> None:
    wrong = "7100000000:AAanother-token-that-nobody-gave-out-000"
    lines: list[str] = []

    settings = Settings(bot_token=wrong, bot_api_url=telegram.bot_api_url, web_port=0)
    assert await doctor.report(settings, T, lines.append) == exits.PROBLEM

    assert lines[-1] == (
        "problem:    Telegram does not know the token in BOT_TOKEN."
        " Copy the current one from @BotFather (/mybots, API Token)."
    )
    assert [line for line in lines if wrong.partition(":")[2] in line] == []


async def test_a_bot_api_that_cannot_be_reached() -> None:
    report = await examined(Settings(bot_token=TOKEN, bot_api_url="http://127.0.0.1:1", web_port=0))

    assert [level for level, _ in report.troubles] == [Level.PROBLEM]
    finding = report.about("does not answer")
    assert finding.text.startswith("The Bot API at http://127.0.0.1:1 does not answer: ")
    assert finding.mend == "Check the network, a proxy (HTTPS_PROXY) and BOT_API_URL."


async def test_a_bot_that_reads_everything_in_its_groups(telegram: RunningServer) -> None:
    telegram.app.world.privacy = False

    report = await examined(settings_for(telegram))

    assert report.troubles == [
        (Level.WARNING, "The token belongs to @rakor_sim_bot, which receives every message of its groups.")
    ]


async def test_a_clock_that_is_wrong(telegram: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dated, "ahead", timedelta(minutes=-2))

    report = await examined(settings_for(telegram))

    ((level, text),) = report.troubles
    assert level is Level.WARNING
    assert text in {f"This machine's clock is {seconds} seconds behind Telegram's." for seconds in (119, 120)}


@pytest.mark.parametrize(
    ("ahead", "level", "text"),
    [
        (timedelta(seconds=2), Level.OK, "This machine's clock agrees with Telegram's."),
        (timedelta(seconds=-30), Level.OK, "This machine's clock agrees with Telegram's."),
        (timedelta(seconds=95), Level.WARNING, "This machine's clock is 95 seconds ahead of Telegram's."),
        (timedelta(hours=-7), Level.WARNING, "This machine's clock is 25200 seconds behind Telegram's."),
    ],
)
def test_the_clock(ahead: timedelta, level: Level, text: str) -> None:
    finding = clock_finding(ahead, T)

    assert (finding.level, finding.text) == (level, text)


def webhook_findings(info: WebhookInfo, **settings: Any) -> list[tuple[Level, str]]:
    return [(found.level, found.text) for found in doctor._webhook(info, Settings(**settings), T)]


def test_a_webhook_in_the_way_of_polling() -> None:
    info = WebhookInfo("https://old.example.org/telegram", False, 3)

    assert webhook_findings(info) == [
        (Level.WARNING, "Telegram sends the updates to a webhook at old.example.org, not to this bot."),
        (Level.OK, "3 updates wait at Telegram."),
    ]


@pytest.mark.parametrize(
    ("public_url", "info", "expected"),
    [
        (
            "https://rakor.example.org",
            WebhookInfo("https://rakor.example.org/telegram", False, 0),
            [(Level.OK, "The webhook is set at rakor.example.org.")],
        ),
        (
            "https://rakor.example.org",
            WebhookInfo("", False, 0),
            [(Level.OK, "The webhook is not set at rakor.example.org yet; rakor run sets it.")],
        ),
        (
            "https://rakor.example.org",
            WebhookInfo(
                "https://rakor.example.org/telegram", False, 1, last_error_message="Connection refused"
            ),
            [
                (Level.WARNING, "Telegram could not deliver to the webhook: Connection refused."),
                (Level.OK, "1 update waits at Telegram."),
            ],
        ),
        (
            "https://rakor.example.org:9000",
            WebhookInfo("https://rakor.example.org:9000/telegram", False, 0),
            [
                (Level.PROBLEM, "Telegram does not deliver to port 9000 of PUBLIC_URL."),
                (Level.OK, "The webhook is set at rakor.example.org:9000."),
            ],
        ),
    ],
)
def test_a_webhook_that_is_wanted(
    public_url: str, info: WebhookInfo, expected: list[tuple[Level, str]]
) -> None:
    assert webhook_findings(info, public_url=public_url, webhook_secret="a-secret-of-16-letters") == expected


def test_catalogues_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(locale: str) -> None:
        raise FileNotFoundError(locale)

    monkeypatch.setattr("bot.doctor.translator", missing)

    assert doctor._catalogues(T) == [
        Finding(
            Level.PROBLEM,
            "The texts in these languages cannot be loaded: id, en.",
            "Install Rakor Bot again.",
        )
    ]
