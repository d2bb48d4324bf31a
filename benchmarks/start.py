"""What a start costs: processor time to the first getUpdates, and the memory then and when idle.

    python -m benchmarks.start

Rakor Bot's second start (the database is there, byte code is cached) beside the two plain bots of
:mod:`benchmarks.plain_bots`, one after the other against an embedded Telegram in this process.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import table
from simulator.driver import Telegram

ROUNDS = 3
IDLE_SECONDS = 5.0

PROGRAMS = {
    "python-telegram-bot, bare": ("-m", "benchmarks.plain_bots", "ptb"),
    "aiogram, bare": ("-m", "benchmarks.plain_bots", "aiogram"),
    "Rakor Bot": ("-m", "bot", "run"),
}


@dataclass(frozen=True, slots=True)
class Start:
    cpu_seconds: float
    first_mb: float
    """Resident memory at the first getUpdates."""
    idle_mb: float


async def measure(command: tuple[str, ...], folder: Path) -> Start:
    """One start; the program is killed afterwards."""
    async with Telegram(timeout_seconds=60) as tg:
        environment = {
            **os.environ,
            "BOT_TOKEN": tg.token,
            "BOT_API_URL": tg.url,
            "DATABASE_URL": f"sqlite:///{folder / 'rakor.db'}",
            "WEB_PORT": "0",
            "LOG_LEVEL": "WARNING",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            await tg.bot_is_up()
            cpu_seconds, first_mb = _cpu_seconds(process.pid), _resident_mb(process.pid)
            await asyncio.sleep(IDLE_SECONDS)
            return Start(cpu_seconds, first_mb, _resident_mb(process.pid))
        finally:
            process.kill()
            await process.wait()


def _cpu_seconds(pid: int) -> float:
    # User and system time are fields 14 and 15 (proc(5)); the name in parentheses may hold spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def compare() -> list[tuple[str, Start]]:
    results = []
    for name, command in PROGRAMS.items():
        with tempfile.TemporaryDirectory() as folder:
            await measure(command, Path(folder))
            rounds = [await measure(command, Path(folder)) for _ in range(ROUNDS)]
        median = Start(
            statistics.median(item.cpu_seconds for item in rounds),
            statistics.median(item.first_mb for item in rounds),
            statistics.median(item.idle_mb for item in rounds),
        )
        results.append((name, median))
    return results


def main() -> None:
    results = asyncio.run(compare())
    bare = results[0][1].cpu_seconds
    print(
        table(
            ("second start", "CPU s to first getUpdates", "ratio", "MB then", "MB idle"),
            [
                (
                    name,
                    f"{start.cpu_seconds:.2f}",
                    f"{start.cpu_seconds / bare:.1f} ×",
                    f"{start.first_mb:.0f}",
                    f"{start.idle_mb:.0f}",
                )
                for name, start in results
            ],
        )
    )


if __name__ == "__main__":
    main()
