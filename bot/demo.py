"""`rakor demo`: the bot, an embedded Telegram and the sample meeting, without a token."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot import exits
from bot.app import Rakor
from bot.clock import Clock
from bot.domain import roles
from bot.domain.meeting_files import meeting_file, meeting_store
from bot.domain.people import registration
from bot.domain.wall import wall
from bot.i18n import translator
from bot.serve import stop_signals
from bot.settings import Settings
from bot.storage import groups as stored_groups
from bot.storage import meetings, people
from bot.storage.database import Transaction
from simulator import groups
from simulator.server import RunningServer, create, start
from simulator.world import World

logger = logging.getLogger(__name__)

ON_NOW = "dialog"
"""The agenda item of the sample meeting that is on when the demo opens."""


class Demo:
    """A hall to try things in. Everything is made up anew by the page's reset button."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._clock = Clock()
        self._rounds = 0
        self._t = translator(settings.default_locale)
        self._world = World(
            bot_name="Rakor Bot",
            bot_username="rakor_demo_bot",
            inline=True,
            locale=settings.default_locale,
            on_clock_moved=self._follow_clock,
            on_reset=self._begin_again,
        )
        self._server: RunningServer | None = None
        self._rakor: Rakor | None = None
        # The wall keeps its address when everything else begins again.
        self._wall_token = secrets.token_urlsafe(24)
        self._site_port = 0
        self._site_url = ""

    @property
    def url(self) -> str:
        """The address of the chat page."""
        assert self._server is not None
        return self._server.url

    @property
    def wall_url(self) -> str:
        """The address of the page for the projector."""
        return f"{self._site_url}/wall/{self._wall_token}"

    async def __aenter__(self) -> Self:
        """Open the page and start the bot.

        Raises:
            OSError: neither the port asked for nor another one is free.
        """
        application = create(self._world)
        try:
            self._server = await start(application, self._settings.web_host, self._settings.web_port)
        except OSError:
            logger.warning("port %s is taken; using another one", self._settings.web_port)
            self._server = await start(application, self._settings.web_host, 0)
        await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop()
        if self._server is not None:
            await self._server.close()

    async def _begin_again(self) -> None:
        await self._stop()
        self._clock.offset = timedelta()
        await self._start()

    async def _stop(self) -> None:
        if self._rakor is not None:
            await self._rakor.__aexit__(None, None, None)
            self._rakor = None

    async def _start(self) -> None:
        t, world = self._t, self._world
        siti = world.add_person("Siti", "Rahma", role_label=t.gettext("participant"), language_code="id")
        budi = world.add_person("Budi", "Hartono", role_label=t.gettext("committee"), language_code="id")
        andi = world.add_person("Andi", "Saputra", role_label=t.gettext("police"), language_code="id")
        dewi = world.add_person("Dewi", "Kartika", role_label=t.gettext("party delegate"), language_code="id")
        grace = world.add_person("Grace", "Miller", role_label=t.gettext("observer"), language_code="en")
        group = groups.create(world, "Rakor Stakeholder Palembang", budi.id, [siti.id, andi.id, dewi.id])

        self._rounds += 1
        self._rakor = Rakor(
            self._settings.model_copy(
                update={
                    "bot_token": SecretStr(world.token),
                    "bot_api_url": self.url,
                    "database_url": f"sqlite:///{self._folder / f'demo-{self._rounds}.db'}",
                    "admin_ids": frozenset({budi.id}),
                    "public_url": None,
                    "web_port": self._site_port,
                }
            ),
            self._clock,
        )
        await self._rakor.__aenter__()
        self._site_url = await self._rakor.site_url()
        self._site_port = urlsplit(self._site_url).port or 0
        file = meeting_file.running_at(meeting_file.sample(), ON_NOW, self._clock.now())

        async def fill(tx: Transaction) -> None:
            now = self._clock.now()
            await meeting_store.apply(tx, file, now)
            meeting = await meetings.find_by_code(tx, file.meeting.code)
            assert meeting is not None
            await roles.appoint(tx, meeting.office_id, budi.id, roles.ORGANISER, now, by=None)
            for person, locale in ((budi, "id"), (andi, "id"), (dewi, "id"), (grace, "en")):
                await people.see(tx, person.id, locale, now.date(), private=True)
                await people.follow(tx, person.id, meeting.id)
                person.started = True
            for person, sector, institution, position in (
                (andi, "polri", "Polrestabes Palembang", t.gettext("Staff of the operations division")),
                (dewi, "parpol", t.gettext("Party A (example)"), t.gettext("Liaison officer")),
            ):
                details = registration.Details(sector, person.name, institution, position)
                await registration.register(tx, meeting.id, person.id, details, now)
            await wall.open_wall(tx, meeting.id, budi.id, now, self._wall_token)
            await stored_groups.see(tx, group.id, group.title or "")
            await stored_groups.bind(tx, group.id, meeting.office_id, meeting.id, None, now)

        await self._rakor.database.write(fill)
        await self._rakor.refresh_menus()
        groups.add_bot(world, group.id, by=budi.id)
        self._rakor.wake()
        world.suggested = (siti.id, file.meeting.code)

    def _follow_clock(self, offset: timedelta) -> None:
        self._clock.offset = offset
        if self._rakor is not None:
            self._rakor.wake()


def run(settings: Settings) -> int:
    """Show the demo until SIGTERM or SIGINT; the exit code."""
    return asyncio.run(_run(settings))


async def _run(settings: Settings) -> int:
    t = translator(settings.default_locale)
    stop = stop_signals()
    with tempfile.TemporaryDirectory(prefix="rakor-demo-") as folder:
        try:
            async with Demo(settings, Path(folder)) as demo:
                print(
                    t.gettext(
                        "The demo is ready. Open in your browser:\n\n    {url}\n\nThe wall, for the projector:\n\n"
                        "    {wall}\n"
                    ).format(url=demo.url, wall=demo.wall_url)
                )
                print(t.gettext("Nothing leaves this computer. Ctrl+C ends the demo."))
                sys.stdout.flush()
                await stop.wait()
        except OSError as error:
            print(f"WEB_PORT={settings.web_port}: {error.strerror or error}", file=sys.stderr)
            return exits.PROBLEM
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    return exits.FINE
