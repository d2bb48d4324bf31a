"""``rakor doctor``: what is wrong with this installation, and how to mend it.

It changes nothing: no migration is applied, no webhook touched, no update taken from a bot that runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import shutil
import socket
import stat
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import aiohttp
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot import exits
from bot.delivery.failures import Kind, classify
from bot.delivery.transport import AiohttpRequest
from bot.domain import roles
from bot.i18n import LOCALES, N_, Translator, translator
from bot.settings import TELEGRAM_API, Settings
from bot.storage import offices
from bot.storage.database import Database, StorageError, StorageUnavailable, Transaction, connect
from bot.storage.migrations import available

if TYPE_CHECKING:
    from telegram import User, WebhookInfo

WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})
"""Where Telegram's servers deliver to: Bot API, setWebhook."""
LITTLE_SPACE = 200 * 1000**2
NO_SPACE = 20 * 1000**2
SKEW = timedelta(seconds=30)
"""A clock that is further off sends reminders noticeably early or late."""
API_SECONDS = 10.0


class Level(enum.Enum):
    OK = N_("ok")
    WARNING = N_("warning")
    PROBLEM = N_("problem")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: what was looked at, what was found, and how to mend it (empty when it is fine)."""

    level: Level
    text: str
    mend: str = ""

    def line(self, t: Translator) -> str:
        return f"{t.gettext(self.level.value) + ':':<12}{' '.join(filter(None, (self.text, self.mend)))}"


def run(settings: Settings, show: Callable[[str], None] = print) -> int:
    """Report on everything; 1 when there is a problem, 0 when there are warnings at most."""
    return asyncio.run(report(settings, translator(settings.default_locale), show))


async def report(settings: Settings, t: Translator, show: Callable[[str], None]) -> int:
    """Show a line for each finding; the exit code."""
    worst = exits.FINE
    async for finding in examine(settings, t):
        show(finding.line(t))
        if finding.level is Level.PROBLEM:
            worst = exits.PROBLEM
    return worst


async def examine(settings: Settings, t: Translator, env_file: Path = Path(".env")) -> AsyncIterator[Finding]:
    """Look at one thing after the other, from the machine to Telegram."""
    for finding in (*_settings(env_file, t), _time(settings, t), *_catalogues(t), *_disk(settings, t)):
        yield finding
    async for finding in _database(settings, t):
        yield finding
    yield _port(settings, t)
    async for finding in _telegram(settings, t):
        yield finding


def _settings(env_file: Path, t: Translator) -> list[Finding]:
    if not env_file.is_file():
        return [
            Finding(
                Level.OK, t.gettext("The settings come from the environment; there is no .env file here.")
            )
        ]
    from dotenv import dotenv_values

    findings = []
    known = {name.upper() for name in Settings.model_fields}
    if unknown := sorted(set(dotenv_values(env_file, interpolate=False)) - known):
        text = t.gettext("{file} sets {names}, which Rakor Bot does not know.")
        mend = t.gettext("Compare the names with .env.example.")
        findings.append(Finding(Level.WARNING, text.format(file=env_file, names=", ".join(unknown)), mend))
    if env_file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        text = t.gettext("Other accounts of this machine can read {file}, which holds secrets.")
        mend = t.gettext("Run: chmod 600 {file}")
        findings.append(Finding(Level.WARNING, text.format(file=env_file), mend.format(file=env_file)))
    return findings or [
        Finding(Level.OK, t.gettext("The settings in {file} are right.").format(file=env_file))
    ]


def _time(settings: Settings, t: Translator) -> Finding:
    now = t.moment(datetime.now(UTC), settings.timezone)
    text = t.gettext("In the office's time zone {zone} it is now {now}.")
    return Finding(Level.OK, text.format(zone=settings.timezone, now=now))


def _catalogues(t: Translator) -> list[Finding]:
    broken = []
    for locale in LOCALES:
        try:
            translator(locale)
        except (OSError, ValueError):
            broken.append(locale)
    if broken:
        text = t.gettext("The texts in these languages cannot be loaded: {locales}.")
        mend = t.gettext("Install Rakor Bot again.")
        return [Finding(Level.PROBLEM, text.format(locales=", ".join(broken)), mend)]
    return [
        Finding(Level.OK, t.gettext("The texts are there in: {locales}.").format(locales=", ".join(LOCALES)))
    ]


def _sqlite_path(settings: Settings) -> Path | None:
    prefix = "sqlite:///"
    return (
        Path(settings.database_url.removeprefix(prefix)) if settings.database_url.startswith(prefix) else None
    )


def _disk(settings: Settings, t: Translator) -> list[Finding]:
    path = _sqlite_path(settings)
    if path is None:
        return []
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = t.gettext("{size} MB are free for the database in {folder}.").format(
        size=free // 1000**2, folder=folder
    )
    if free >= LITTLE_SPACE:
        return [Finding(Level.OK, text)]
    mend = t.gettext("Make room: without it the bot cannot store what people send.")
    return [Finding(Level.PROBLEM if free < NO_SPACE else Level.WARNING, text, mend)]


class _Undone(Exception):
    """Takes the trial entry back."""


async def _try_to_write(tx: Transaction) -> NoReturn:
    await tx.run("CREATE TABLE doctor (trial BIGINT)")
    await tx.run("INSERT INTO doctor (trial) VALUES (1)")
    raise _Undone


async def _database(settings: Settings, t: Translator) -> AsyncIterator[Finding]:
    name = settings.database_name
    path = _sqlite_path(settings)
    if path is not None and not path.exists():
        text = t.gettext("The database {name} does not exist yet; the first start makes it.")
        yield Finding(Level.OK, text.format(name=name))
        return
    try:
        async with connect(settings.database_url) as database:
            schema = await _schema(database, name, t)
            yield schema
            yield await _writable(database, t)
            if schema.level is Level.OK:
                for finding in await database.read(lambda tx: _people_in_charge(tx, settings, t)):
                    yield finding
    except StorageUnavailable as error:
        text = t.gettext("The database {name} cannot be opened: {error}.")
        mend = t.gettext("Check DATABASE_URL, and that the database runs and lets this account in.")
        yield Finding(Level.PROBLEM, text.format(name=name, error=error), mend)


async def _schema(database: Database, name: str, t: Translator) -> Finding:
    async def versions(tx: Transaction) -> int:
        return int(await tx.value("SELECT COALESCE(MAX(version), 0) FROM schema_migrations"))

    newest = len(available())
    try:
        version = await database.read(versions)
    except StorageUnavailable:
        raise
    except StorageError:  # no such table
        version = 0
    values = {"name": name, "version": version, "newest": newest}
    if version > newest:
        text = t.gettext("The database {name} is at version {version}, but this program only knows {newest}.")
        mend = t.gettext("Install the newer Rakor Bot that made it.")
        return Finding(Level.PROBLEM, text.format(**values), mend)
    if version < newest:
        text = t.gettext("The database {name} is at version {version} of {newest}.")
        mend = t.gettext("The next start, or rakor migrate, brings it up to date.")
        return Finding(Level.WARNING, text.format(**values), mend)
    return Finding(
        Level.OK, t.gettext("The database {name} is at version {version}, the newest.").format(**values)
    )


async def _writable(database: Database, t: Translator) -> Finding:
    try:
        await database.write(_try_to_write)
    except _Undone:
        return Finding(Level.OK, t.gettext("The database can be written."))
    except StorageError as error:
        text = t.gettext("The database cannot be written: {error}.")
        mend = t.gettext("Check its permissions and the free space, and that no other program holds it.")
        return Finding(Level.PROBLEM, text.format(error=error), mend)


async def _people_in_charge(tx: Transaction, settings: Settings, t: Translator) -> list[Finding]:
    hosts = await offices.all_offices(tx)
    if not hosts:
        mend = t.gettext("Write one down in a file and bring it in: rakor import FILE")
        return [Finding(Level.WARNING, t.gettext("There is no meeting yet."), mend)]
    return [_in_charge(office, await offices.members_of(tx, office.id), settings, t) for office in hosts]


def _in_charge(
    office: offices.Office, members: list[tuple[int, str]], settings: Settings, t: Translator
) -> Finding:
    count = sum(role == roles.ORGANISER for _, role in members)
    if count:
        text = t.ngettext("{office} has {count} organiser.", "{office} has {count} organisers.", count)
        return Finding(Level.OK, text.format(office=office.name, count=count))
    if settings.admin_ids:
        text = t.gettext("At its next start, the bot makes ADMIN_IDS the organisers of {office}.")
        return Finding(Level.OK, text.format(office=office.name))
    text = t.gettext("{office} has no organiser.").format(office=office.name)
    return Finding(Level.WARNING, text, t.gettext("Open the link that rakor run prints, or set ADMIN_IDS."))


def _port(settings: Settings, t: Translator) -> Finding:
    where = f"{settings.web_host}:{settings.web_port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.web_host, settings.web_port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with contextlib.closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        text = t.gettext("The pages cannot listen at {where}: {error}.")
        mend = t.gettext("If it is not Rakor Bot itself that runs there, set WEB_HOST or WEB_PORT.")
        return Finding(Level.WARNING, text.format(where=where, error=error.strerror or error), mend)
    return Finding(Level.OK, t.gettext("The pages can listen at {where}.").format(where=where))


async def _telegram(settings: Settings, t: Translator) -> AsyncIterator[Finding]:
    yield await _clock(settings, t)
    if settings.bot_token is None:
        yield Finding(Level.OK, t.gettext("BOT_TOKEN is not set: rakor run starts the demo."))
        return
    bot = Bot(
        settings.bot_token.get_secret_value(),
        base_url=f"{settings.bot_api_url}/bot",
        request=AiohttpRequest(read_timeout=API_SECONDS, connect_timeout=API_SECONDS),
        get_updates_request=AiohttpRequest(connection_pool_size=1),
    )
    try:
        await bot.initialize()
        yield _identity(bot.bot, t)
        for finding in _webhook(await bot.get_webhook_info(), settings, t):
            yield finding
    except TelegramError as error:
        yield _refused(error, settings, t)
    finally:
        await bot.shutdown()


async def _clock(settings: Settings, t: Translator) -> Finding:
    timeout = aiohttp.ClientTimeout(total=API_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.get(settings.bot_api_url, allow_redirects=False) as response,
        ):
            theirs = parsedate_to_datetime(response.headers["Date"])
    except (aiohttp.ClientError, OSError, KeyError, ValueError):
        # When it cannot be reached at all, the next finding says so.
        text = t.gettext("{url} does not tell the time, so this machine's clock was not compared.")
        return Finding(Level.OK, text.format(url=settings.bot_api_url))
    return clock_finding(datetime.now(UTC) - theirs, t)


def clock_finding(ahead: timedelta, t: Translator) -> Finding:
    """What it means that this machine's clock is ahead of Telegram's (behind, when negative)."""
    seconds = round(ahead.total_seconds())
    if abs(ahead) <= SKEW:
        return Finding(Level.OK, t.gettext("This machine's clock agrees with Telegram's."))
    if seconds > 0:
        text = t.ngettext(
            "This machine's clock is {seconds} second ahead of Telegram's.",
            "This machine's clock is {seconds} seconds ahead of Telegram's.",
            seconds,
        )
    else:
        text = t.ngettext(
            "This machine's clock is {seconds} second behind Telegram's.",
            "This machine's clock is {seconds} seconds behind Telegram's.",
            -seconds,
        )
    mend = t.gettext("Let it be set from the network: timedatectl set-ntp true")
    return Finding(Level.WARNING, text.format(seconds=abs(seconds)), mend)


def _identity(me: User, t: Translator) -> Finding:
    if not me.can_join_groups:
        text = t.gettext("The token belongs to @{username}, which may not be added to groups.")
        mend = t.gettext("If it is to work in groups, send @BotFather /setjoingroups.")
        return Finding(Level.WARNING, text.format(username=me.username), mend)
    if me.can_read_all_group_messages:
        text = t.gettext("The token belongs to @{username}, which receives every message of its groups.")
        mend = t.gettext("It needs commands only; @BotFather's /setprivacy keeps the rest from it.")
        return Finding(Level.WARNING, text.format(username=me.username), mend)
    text = t.gettext("The token belongs to @{username}; in groups it receives what is addressed to it.")
    return Finding(Level.OK, text.format(username=me.username))


def _webhook(info: WebhookInfo, settings: Settings, t: Translator) -> list[Finding]:
    findings = []
    set_at = urlsplit(info.url).hostname
    if settings.webhook:
        findings += _webhook_wanted(info, settings, t)
    elif set_at:
        text = t.gettext("Telegram sends the updates to a webhook at {host}, not to this bot.")
        mend = t.gettext("rakor run removes it; if another copy of the bot set it, stop that one first.")
        findings.append(Finding(Level.WARNING, text.format(host=set_at), mend))
    else:
        findings.append(
            Finding(Level.OK, t.gettext("Updates are fetched by long polling; no webhook is in the way."))
        )
    if info.pending_update_count:
        text = t.ngettext(
            "{count} update waits at Telegram.",
            "{count} updates wait at Telegram.",
            info.pending_update_count,
        )
        findings.append(Finding(Level.OK, text.format(count=info.pending_update_count)))
    return findings


def _webhook_wanted(info: WebhookInfo, settings: Settings, t: Translator) -> list[Finding]:
    findings = []
    public = urlsplit(settings.public_url or "")
    if settings.bot_api_url == TELEGRAM_API and (public.port or 443) not in WEBHOOK_PORTS:
        text = t.gettext("Telegram does not deliver to port {port} of PUBLIC_URL.")
        mend = t.gettext("Use one of these ports: {ports}.").format(
            ports=", ".join(map(str, sorted(WEBHOOK_PORTS)))
        )
        findings.append(Finding(Level.PROBLEM, text.format(port=public.port), mend))
    if urlsplit(info.url).netloc != public.netloc:
        text = t.gettext("The webhook is not set at {host} yet; rakor run sets it.")
        findings.append(Finding(Level.OK, text.format(host=public.netloc)))
    elif info.last_error_message:
        text = t.gettext("Telegram could not deliver to the webhook: {error}.")
        mend = t.gettext("Check that {url} leads to WEB_PORT of this machine, with a valid certificate.")
        findings.append(
            Finding(
                Level.WARNING,
                text.format(error=info.last_error_message),
                mend.format(url=settings.public_url),
            )
        )
    else:
        findings.append(
            Finding(Level.OK, t.gettext("The webhook is set at {host}.").format(host=public.netloc))
        )
    return findings


def _refused(error: TelegramError, settings: Settings, t: Translator) -> Finding:
    failure = classify(error)
    if isinstance(error, InvalidToken) or failure.kind is Kind.UNAUTHORIZED:
        text = t.gettext("Telegram does not know the token in BOT_TOKEN.")
        mend = t.gettext("Copy the current one from @BotFather (/mybots, API Token).")
        return Finding(Level.PROBLEM, text, mend)
    text = t.gettext("The Bot API at {url} does not answer: {error}.")
    mend = t.gettext("Check the network, a proxy (HTTPS_PROXY) and BOT_API_URL.")
    return Finding(Level.PROBLEM, text.format(url=settings.bot_api_url, error=failure.text), mend)
