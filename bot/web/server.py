"""A small web server inside the program's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import uvicorn

from bot.web.errors import PortTaken


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program, which has more to finish than its pages."""
        yield


class WebServer:
    """Serves an ASGI application until stopped."""

    def __init__(self, application: Any, host: str, port: int) -> None:
        config = uvicorn.Config(
            application,
            host=host,
            port=port,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
        )
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None
        self.host = host
        self.port = port
        """The port listened on; after :meth:`start` the real one where 0 was asked."""

    async def start(self) -> None:
        """Listen.

        Raises:
            PortTaken: the address is in use or not this machine's.
        """
        try:
            socket = self._server.config.bind_socket()
        except SystemExit:
            raise PortTaken(f"{self.host}:{self.port}") from None
        self.port = socket.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve(sockets=[socket]), name="web server")
        while not self._server.started:
            if self._task.done():
                self._task.result()
                raise PortTaken(f"{self.host}:{self.port}")
            await asyncio.sleep(0.01)

    @property
    def url(self) -> str:
        """The address for a browser on this machine, without a slash at its end."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only how the address is written
        host = everywhere.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    async def stop(self) -> None:
        if self._task is not None:
            self._server.should_exit = True
            self._server.force_exit = True
            await self._task
            self._task = None
