"""A ``rakor`` in a process of its own, for tests that must not share one with it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import PIPE

from bot.settings import Settings
from simulator.driver import Telegram

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 30.0


class Program:
    """A ``rakor`` that was started, and what it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.out = self.err = ""
        self._readers = [asyncio.create_task(self._read("out")), asyncio.create_task(self._read("err"))]
        self._printed = asyncio.Event()

    async def _read(self, name: str) -> None:
        stream = self.process.stdout if name == "out" else self.process.stderr
        assert stream is not None
        while line := await stream.readline():
            setattr(self, name, getattr(self, name) + line.decode())
            self._printed.set()

    async def prints(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                self._printed.clear()
                await self._printed.wait()

    async def ends(self) -> int:
        """Its exit code."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            code = await self.process.wait()
            await asyncio.gather(*self._readers)
        return code

    async def stops(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return await self.ends()

    def events(self) -> list[str]:
        """The actions of its log, in order."""
        lines = [json.loads(line) for line in self.err.splitlines()]
        return [line["action"] for line in lines if "action" in line]


@asynccontextmanager
async def rakor(folder: Path, *arguments: str, **settings: str) -> AsyncIterator[Program]:
    """Start a command in ``folder`` with no setting but those given; it is killed when the block ends before it."""
    others = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={
            **others,
            "PYTHONPATH": str(ROOT),
            "DEFAULT_LOCALE": "en",
            "WEB_PORT": "0",
            "LOG_FORMAT": "json",
            **settings,
        },
        stdout=PIPE,
        stderr=PIPE,
    )
    program = Program(process)
    try:
        yield program
    finally:
        if process.returncode is None:
            process.kill()
        await program.ends()


def at(telegram: Telegram) -> dict[str, str]:
    """The settings that lead to an embedded Telegram."""
    return {"BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url}
