"""The server: the Bot API as a plain ASGI callable, the page and its API beside it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from simulator.botapi import BotApi, Receive, Scope, Send
from simulator.crowd import Crowd
from simulator.feed import Feed
from simulator.page_api import create_pages
from simulator.world import World

CLOSING_SECONDS = 2.0
KEEP_ALIVE_SECONDS = 75
"""Longer than clients keep idle connections, so that none is closed in the moment of its next use."""


class Simulator:
    """Bot API, files and chat page over one world; an ASGI application."""

    def __init__(self, world: World, *, page_title: str = "Rakor Bot") -> None:
        self.world = world
        self.api = BotApi(world)
        self.feed = Feed(world)
        self.crowd = Crowd(world)
        self.page_title = page_title
        self._pages: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith("/bot"):
            await self.api.handle(scope, receive, send)
        elif path.startswith("/file/bot"):
            await self.api.handle_file(scope, send)
        else:
            if self._pages is None:
                self._pages = create_pages(self)
            await self._pages(scope, receive, send)

    async def close(self) -> None:
        """End what waits: long polls, event streams, webhook deliveries."""
        self.world.updates.close()
        self.feed.close()
        await self.crowd.stop()
        await self.world.webhook.close()


def create(world: World, *, page_title: str = "Rakor Bot") -> Simulator:
    return Simulator(world, page_title=page_title)


class _JoinedWrites:
    """A transport that sends what one step of the loop writes in one go.

    uvicorn writes head and body apart; a system call less is a third of the time of a small answer.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)

    def _flush(self) -> None:
        if self._parts:
            data, self._parts = b"".join(self._parts), []
            self._transport.write(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Protocol(HttpToolsProtocol):
    """Lets the application cut its connection, which ASGI has no word for."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(_JoinedWrites(transport, self.loop))  # type: ignore[arg-type]

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: Any = self.scope
        scope["simulator.transport"] = self.transport


class RunningServer:
    """A server that listens; ``url`` has no slash at its end."""

    def __init__(self, app: Simulator, server: asyncio.Server, state: ServerState, url: str) -> None:
        self.app = app
        self.url = url
        self._server = server
        self._state = state

    @property
    def bot_api_url(self) -> str:
        """What ``BOT_API_URL`` has to be: the part before ``/bot<token>/``."""
        return self.url

    async def close(self) -> None:
        """Stop listening, let answers go out, then cut what is still open."""
        self._server.close()
        await self.app.close()
        connections = list(self._state.connections)
        for connection in connections:
            connection.shutdown()
        if self._state.tasks:
            _, late = await asyncio.wait(list(self._state.tasks), timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=CLOSING_SECONDS)
        for connection in connections:
            transport = getattr(connection, "transport", None)
            if transport is not None and not transport.is_closing():
                transport.abort()


async def start(app: Simulator, host: str = "127.0.0.1", port: int = 0) -> RunningServer:
    """Serve in this event loop; port 0 takes a free one.

    uvicorn's protocol is used without its ``Server``, whose signal handlers and 0.1 s ticks belong to
    a process of its own.

    Raises:
        OSError: the address is taken or not ours.
    """
    config = Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Protocol(config=config, server_state=state, app_state={}), host, port, backlog=4096
    )
    bound = server.sockets[0].getsockname()
    shown = f"[{bound[0]}]" if server.sockets[0].family == socket.AF_INET6 else bound[0]
    if shown == "0.0.0.0":  # noqa: S104 - only how the address is written
        shown = "127.0.0.1"
    return RunningServer(app, server, state, f"http://{shown}:{bound[1]}")


@contextlib.asynccontextmanager
async def serve(app: Simulator, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[RunningServer]:
    """Serve for the length of a ``with`` block."""
    running = await start(app, host, port)
    try:
        yield running
    finally:
        await running.close()
