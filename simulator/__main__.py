"""``python -m simulator``: an embedded Telegram by itself, for a bot that is started elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys

from simulator.server import create, serve
from simulator.world import DEFAULT_TOKEN, World


async def _run(host: str, port: int, token: str, names: list[str], locale: str) -> None:
    world = World(token=token, locale=locale)
    for name in names:
        world.add_person(name, language_code=locale)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    async with serve(create(world), host, port) as running:
        print(
            f"page         {running.url}/",
            f"BOT_API_URL  {running.bot_api_url}",
            f"BOT_TOKEN    {token}",
            sep="\n",
            flush=True,
        )
        await stopped.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--person", action="append", default=[], help="a first name; may be repeated")
    parser.add_argument("--locale", choices=("id", "en"), default="id")
    args = parser.parse_args()
    try:
        asyncio.run(
            _run(args.host, args.port, args.token, args.person or ["Ani", "Budi", "Citra"], args.locale)
        )
    except OSError as error:
        print(f"{args.host}:{args.port}: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
