"""python-telegram-bot's transport beside ours: the same calls, the same server, one run.

    python -m benchmarks.transport [--latency-ms 80] [--seconds 4]

Every figure is for whole ``Bot.send_message`` calls over loopback HTTP to a server in a process of its own that answers
after the latency. Both transports get 256 connections.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from benchmarks.tables import table
from bot.delivery.transport import AiohttpRequest

TOKEN = "123456:" + 35 * "A"
CONNECTIONS = 256
IN_FLIGHT = (1, 16, 64, 256)

_BODY = b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"Agenda"}}'
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_BODY)
) + _BODY


@dataclass(frozen=True)
class Figure:
    calls_per_second: float
    cpu_ms_per_call: float
    slowest_5_percent_ms: float


class _Connection(asyncio.Protocol):
    """Reads requests with a Content-Length and answers each after the latency."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._buffer = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            self._loop.call_later(self._latency, self._transport.write, _ANSWER)


async def serve(latency: float) -> None:
    """Print the port, then answer until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(latency), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def measure(port: int, make: Callable[[], BaseRequest], in_flight: int, seconds: float) -> Figure:
    """Call as fast as the transport can for some seconds, with so many calls in flight."""
    async with make() as request:
        bot = Bot(
            TOKEN,
            base_url=f"http://127.0.0.1:{port}/bot",
            request=request,
            get_updates_request=AiohttpRequest(connection_pool_size=1),
        )
        await asyncio.gather(
            *(bot.send_message(1, "Agenda") for _ in range(in_flight))
        )  # opens the connections
        durations: list[float] = []
        started, cpu = time.perf_counter(), time.process_time()

        async def keep_calling() -> None:
            while (asked := time.perf_counter()) < started + seconds:
                await bot.send_message(1, "Agenda")
                durations.append(time.perf_counter() - asked)

        await asyncio.gather(*(keep_calling() for _ in range(in_flight)))
        elapsed, cpu = time.perf_counter() - started, time.process_time() - cpu
    durations.sort()
    calls = len(durations)
    return Figure(calls / elapsed, 1000 * cpu / calls, 1000 * durations[int(0.95 * calls)])


async def compare(latency: float, seconds: float) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.transport", "--serve", str(latency), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        rows = []
        for in_flight in IN_FLIGHT:
            theirs = await measure(port, _httpx, in_flight, seconds)
            ours = await measure(port, AiohttpRequest, in_flight, seconds)
            rows += [
                _row(in_flight, "HTTPXRequest", theirs, theirs),
                _row(in_flight, "AiohttpRequest", ours, theirs),
            ]
        print(f"{1000 * latency:g} ms to the server, {CONNECTIONS} connections")
        print(
            table(["in flight", "transport", "calls/s", "CPU ms a call", "p95 ms", "throughput", "CPU"], rows)
        )
    finally:
        process.kill()
        await process.wait()


def _httpx() -> BaseRequest:
    # Patient, so that slowness shows as slowness and not as time-outs.
    return HTTPXRequest(
        CONNECTIONS, read_timeout=120, write_timeout=120, connect_timeout=120, pool_timeout=120
    )


def _row(in_flight: int, name: str, figure: Figure, beside: Figure) -> list[str]:
    return [
        str(in_flight),
        name,
        f"{figure.calls_per_second:,.0f}",
        f"{figure.cpu_ms_per_call:.2f}",
        f"{figure.slowest_5_percent_ms:,.0f}",
        f"× {figure.calls_per_second / beside.calls_per_second:.1f}",
        f"÷ {beside.cpu_ms_per_call / figure.cpu_ms_per_call:.1f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--latency-ms", type=float, default=80)
    parser.add_argument("--seconds", type=float, default=4, help="for each figure")
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve is not None:
        asyncio.run(serve(arguments.serve))
    else:
        asyncio.run(compare(arguments.latency_ms / 1000, arguments.seconds))


if __name__ == "__main__":
    main()
