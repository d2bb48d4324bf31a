"""``/bot<token>/<method>``: from a request's bytes to an answer's, without a framework in between."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

from simulator.bodies import parse_call
from simulator.errors import (
    WEBHOOK_ACTIVE,
    ApiError,
    conflict,
    not_found,
    too_large,
    too_many_requests,
    unauthorized,
    unknown_method,
)
from simulator.faults import LIMITED
from simulator.files import UPLOAD_LIMIT
from simulator.methods import METHODS
from simulator.methods.call import Call
from simulator.methods.session import check_logged_in
from simulator.wire import JsonDict, dump
from simulator.world import World

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LONGEST_POLL_SECONDS = 50.0
BODY_LIMIT = UPLOAD_LIMIT + 64 * 1024
LOG_LENGTH = 10_000
_JSON = b"application/json"
_EMPTY = b'{"ok":true,"result":[]}'


class HungUp(Exception):
    """The caller went away before its request was read."""


class BotApi:
    """Answers calls of the world's bot and keeps a log of them.

    Attributes:
        calls: the latest calls, oldest first; getUpdates only when it brought something or failed.
        call_count: how many calls there were, those that left ``calls`` included.
        under_way: calls that came and are not answered yet, long polls included.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls: deque[Call] = deque(maxlen=LOG_LENGTH)
        self.call_count = 0
        self.under_way = 0
        self._prefix = f"/bot{world.token}/"
        self._file_prefix = f"/file/bot{world.token}/"
        self._listeners: list[Callable[[Call], None]] = []
        world.webhook.execute = self.execute

    def listen(self, listener: Callable[[Call], None]) -> None:
        """Call ``listener`` with every finished call."""
        self._listeners.append(listener)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request below ``/bot``."""
        self.under_way += 1
        try:
            await self._handle(scope, receive, send)
        finally:
            self.under_way -= 1

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        path: str = scope["path"]
        try:
            body, content_type = await _read(scope, receive)
        except HungUp:
            return
        except ApiError as error:
            await respond(send, error.code, dump(error.body()))
            return
        if not path.startswith(self._prefix):
            wrong_token = path.count("/") >= 2 and ":" in path
            refused = unauthorized() if wrong_token else not_found()
            await respond(send, refused.code, dump(refused.body()))
            return
        method = path[len(self._prefix) :].lower()
        call = Call(method, {}, self.world.now())
        faults = self.world.faults
        delay = faults.delay_seconds()
        if delay and method != "getupdates":
            await asyncio.sleep(delay)
        fault = faults.strike(method)
        if fault == "reset":
            self._log(call, started, 0, "connection reset")
            _abort(scope)
            return
        if fault == "bad_gateway":
            self._log(call, started, 502, "Bad Gateway")
            await respond(
                send, 502, b"<html><head><title>502 Bad Gateway</title></head></html>", b"text/html"
            )
            return
        status, answer = await self._answer(call, scope, content_type, body, receive)
        if delay and method == "getupdates":
            await asyncio.sleep(delay)
        if fault == "timeout":
            self._log(call, started, 0, "no answer")
            await _wait_for_hang_up(receive, faults.timeout_seconds)
            _abort(scope)
            return
        if method != "getupdates" or answer != _EMPTY:
            self._log(call, started, status, call.description)
        await respond(send, status, answer)

    async def _answer(
        self, call: Call, scope: Scope, content_type: str, body: bytes, receive: Receive
    ) -> tuple[int, bytes]:
        try:
            call.params, call.files = parse_call(scope["query_string"], content_type, body)
            if call.method == "getupdates":
                return 200, await self._get_updates(call, receive)
            call.result = self.run(call)
        except ApiError as error:
            call.description = error.description
            return error.code, dump(error.body())
        except Exception:
            logger.exception("simulator failed in %s", call.method)
            call.description = "Internal Server Error"
            return 500, dump({"ok": False, "error_code": 500, "description": call.description})
        return 200, b'{"ok":true,"result":%b}' % dump(call.result)

    def numbered_calls(self) -> Iterator[tuple[int, Call]]:
        """The calls in the log, each with its number since the start."""
        return enumerate(self.calls, self.call_count - len(self.calls) + 1)

    def run(self, call: Call) -> Any:
        """Do what a call asks and return its result.

        Raises:
            ApiError: Telegram would refuse it.
        """
        handler = METHODS.get(call.method)
        if handler is None:
            raise unknown_method()
        check_logged_in(self.world)
        if call.method in LIMITED:
            chat_id = str(call.params.get("chat_id"))
            wait = self.world.faults.retry_after(chat_id, chat_id.startswith(("-", "@")))
            if wait is not None:
                raise too_many_requests(wait)
        return handler(self.world, call)

    def execute(self, method: str, params: JsonDict) -> None:
        """A call that came in a webhook's answer: nobody is told how it went, as with Telegram."""
        started = time.perf_counter()
        call = Call(method.lower(), params, self.world.now())
        status = 200
        try:
            call.result = self.run(call)
        except ApiError as error:
            status, call.description = error.code, error.description
        self._log(call, started, status, call.description)

    async def _get_updates(self, call: Call, receive: Receive) -> bytes:
        check_logged_in(self.world)
        if self.world.webhook.is_set:
            raise conflict(WEBHOOK_ACTIVE)
        updates = self.world.updates
        updates.allow(call.lenient("allowed_updates"))
        limit = call.integer("limit", 100)
        found = await updates.poll(
            offset=call.integer("offset"),
            limit=limit if 1 <= limit <= 100 else 100,
            timeout_seconds=min(max(0.0, float(call.integer("timeout"))), LONGEST_POLL_SECONDS),
            gone=lambda: _hang_up(receive),
        )
        if not found:
            return _EMPTY
        call.result = [queued.id for queued in found]
        return b'{"ok":true,"result":[%b]}' % b",".join([queued.raw for queued in found])

    def _log(self, call: Call, started: float, status: int, description: str) -> None:
        call.status, call.description = status, description
        call.ms = (time.perf_counter() - started) * 1000
        call.files = {}
        self.calls.append(call)
        self.call_count += 1
        for listener in self._listeners:
            listener(call)

    async def handle_file(self, scope: Scope, send: Send) -> None:
        """Answer one request below ``/file/bot``."""
        path: str = scope["path"]
        stored = None
        if path.startswith(self._file_prefix):
            stored = self.world.files.by_path(path[len(self._file_prefix) :])
        if stored is None:
            await respond(send, 404, dump(not_found().body()))
        else:
            await respond(send, 200, stored.content, b"application/octet-stream")


async def _read(scope: Scope, receive: Receive) -> tuple[bytes, str]:
    content_type, size = "", 0
    for name, value in scope["headers"]:
        if name == b"content-type":
            content_type = value.decode("latin-1")
        elif name == b"content-length":
            size = int(value)
    if size > BODY_LIMIT:
        raise too_large()
    message = await receive()
    if not message.get("more_body"):
        if message["type"] == "http.disconnect":
            raise HungUp
        return message.get("body", b""), content_type
    parts = [message["body"]]
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        parts.append(message.get("body", b""))
        size = sum(map(len, parts))
        if size > BODY_LIMIT:
            raise too_large()
    return b"".join(parts), content_type


def _hang_up(receive: Receive) -> asyncio.Future[None]:
    """Ends when the caller closes the connection."""

    async def wait() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    return asyncio.ensure_future(wait())


async def _wait_for_hang_up(receive: Receive, seconds: float) -> None:
    gone = _hang_up(receive)
    try:
        await asyncio.wait((gone,), timeout=seconds)
    finally:
        gone.cancel()


def _abort(scope: Scope) -> None:
    """Cut the connection; the server puts its transport into the scope for this."""
    transport = scope.get("simulator.transport")
    if transport is not None:
        transport.abort()


async def respond(send: Send, status: int, body: bytes, content_type: bytes = _JSON) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", content_type),
                (b"content-length", b"%d" % len(body)),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
