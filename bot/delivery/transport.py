"""Calls to the Bot API over aiohttp, through python-telegram-bot's own extension point.

Its default transport, httpx, collapses when many calls are in flight; ``benchmarks/transport.py`` measures both in one
run.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import IO, TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.delivery.failures import NotSent, NotSentInTime, ServerFailed, without_token

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter
    from telegram._utils.types import ODVInput

KEEP_ALIVE_SECONDS = 30.0
"""A person in a form taps every few seconds; the longer a connection idles, the likelier the server just closed it."""

_CHUNK_BYTES = 64 * 1024
_ERROR_BYTES = 500

_JSON = {"Content-Type": "application/json"}

# Errors before the first byte of the request could leave.
_UNSENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's transport over one aiohttp session.

    Time-outs are in seconds, None for no limit: ``pool_timeout`` for a free connection, ``connect_timeout`` for name,
    TCP and TLS, ``media_write_timeout`` for the next piece of an upload to leave (a call's ``write_timeout`` takes its
    place; a call without files fits into the socket's buffer), ``read_timeout`` for the next piece of the answer.
    Proxies come from the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY).

    Every instance has its own connections: give getUpdates one of its own, so that calls never wait behind it.

    Errors say whether the call may have had its effect: :class:`NotSent` and :class:`NotSentInTime` never;
    ``TimedOut`` and other ``NetworkError`` perhaps. None of them holds the token, neither in its text nor in its cause.
    """

    __slots__ = (
        "_connect_timeout",
        "_media_write_timeout",
        "_pool_size",
        "_pool_timeout",
        "_proxies",
        "_proxy_of",
        "_read_timeout",
        "_session",
        "_slots",
        "_timeouts",
    )

    def __init__(
        self,
        connection_pool_size: int = 256,
        read_timeout: float | None = 20.0,
        connect_timeout: float | None = 10.0,
        pool_timeout: float | None = 30.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        self._pool_size = connection_pool_size
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._media_write_timeout = media_write_timeout
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(connection_pool_size)
        self._timeouts: dict[tuple[float | None, float | None], aiohttp.ClientTimeout] = {}
        self._proxies: dict[str, str] = {}
        self._proxy_of: dict[tuple[str, str | None], str | None] = {}

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session; does nothing when it is open, for python-telegram-bot initializes twice."""
        if self._session is not None:
            return
        # aiohttp's trust_env would ask for proxies and .netrc in a thread, twice for every call.
        self._proxies = getproxies()
        self._proxy_of.clear()
        self._slots = asyncio.Semaphore(self._pool_size)
        self._session = aiohttp.ClientSession(
            # The slots limit the connections, with a time-out that can be told from one after sending.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close the session and its connections; calls still in flight fail. May be called again, and opened again."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        session = self._session
        if session is None:
            raise NotSent("The transport is not open")
        timeout = self._timeout(
            _given(connect_timeout, self._connect_timeout), _given(read_timeout, self._read_timeout)
        )
        slots = self._slots
        await self._take_slot(slots, _given(pool_timeout, self._pool_timeout))
        try:
            if request_data is not None and request_data.contains_files:
                stall = _given(write_timeout, self._media_write_timeout)
                return await self._upload(session, URL(url), request_data, timeout, stall)
            body = json.dumps(request_data.parameters).encode() if request_data is not None else None
            return await self._call(session, method, URL(url), timeout, body, _JSON if body else None)
        finally:
            slots.release()

    async def _take_slot(self, slots: asyncio.Semaphore, pool_timeout: float | None) -> None:
        if not slots.locked():
            await slots.acquire()
            return
        try:
            async with asyncio.timeout(pool_timeout):
                await slots.acquire()
        except TimeoutError:
            raise NotSentInTime(
                f"Pool timeout: all {self._pool_size} connections were occupied, the call was not sent"
            ) from None

    async def _upload(
        self,
        session: aiohttp.ClientSession,
        url: URL,
        request_data: RequestData,
        timeout: aiohttp.ClientTimeout,
        stall_seconds: float | None,
    ) -> tuple[int, bytes]:
        loop = asyncio.get_running_loop()
        files = [
            (
                name,
                file_name,
                content if isinstance(content, bytes) else await asyncio.to_thread(_whole, content),
                mime,
            )
            for name, (file_name, content, mime) in request_data.multipart_data.items()
        ]
        body: _Multipart | None = None
        try:
            async with asyncio.timeout(None) as deadline:

                def moved() -> None:
                    """Give the next piece its time; once all have left, the read time-out takes over."""
                    more = body is not None and not body.sent
                    deadline.reschedule(
                        loop.time() + stall_seconds if more and stall_seconds is not None else None
                    )

                body = _Multipart(request_data.json_parameters, files, moved)
                return await self._call(session, "POST", url, timeout, body, None)
        except TimeoutError:
            raise NotSentInTime("Write timeout: the upload stalled, the call was not sent whole") from None
        except NetworkError as error:
            # A body that was cut short is no call: Telegram acts only on a whole one.
            if body is not None and not body.sent and not isinstance(error, NotSent):
                raise NotSent(f"{error} (while uploading)") from None
            raise

    async def _call(
        self,
        session: aiohttp.ClientSession,
        method: str,
        url: URL,
        timeout: aiohttp.ClientTimeout,
        body: bytes | _Multipart | None,
        headers: dict[str, str] | None,
    ) -> tuple[int, bytes]:
        failure: TelegramError
        try:
            async with session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy(url),
                allow_redirects=False,
            ) as response:
                return _checked(response.status, await response.read())
        except aiohttp.ConnectionTimeoutError:
            failure = NotSentInTime("Connect timeout: the call was not sent")
        except aiohttp.ServerTimeoutError:
            failure = TimedOut("Read timeout: the call was sent, the answer did not come in time")
        except _UNSENT as error:
            failure = NotSent(_described(error, url))
        except (aiohttp.ClientError, OSError) as error:
            failure = NetworkError(_described(error, url))
        # Outside the handler: aiohttp's errors hold the URL, and so the token; not even the context may carry them.
        raise failure

    def _timeout(self, connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
        key = (connect, read)
        if key not in self._timeouts:
            self._timeouts[key] = aiohttp.ClientTimeout(connect=connect, sock_read=read)
        return self._timeouts[key]

    def _proxy(self, url: URL) -> str | None:
        if not self._proxies:
            return None
        origin = (url.scheme, url.host)
        if origin not in self._proxy_of:
            self._proxy_of[origin] = self._find_proxy(url)
        return self._proxy_of[origin]

    def _find_proxy(self, url: URL) -> str | None:
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        if proxy is None or (url.host is not None and proxy_bypass(url.host)):
            return None
        if URL(proxy).scheme not in {"http", "https"}:
            raise NotSent(
                f"A {URL(proxy).scheme} proxy is set in the environment; only HTTP proxies can be used"
            )
        return proxy


class _Multipart(aiohttp.Payload):
    """A multipart/form-data body, written piece by piece.

    aiohttp's own writer percent-encodes file names, or puts them into ``filename*``; Telegram would show the one as it
    stands and does not read the other. Here they go out as UTF-8, as browsers send them
    (https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data).
    """

    _autoclose = True

    def __init__(
        self,
        fields: dict[str, str],
        files: Sequence[tuple[str, str, bytes, str]],
        moved: Callable[[], None],
    ) -> None:
        boundary = uuid.uuid4().hex
        super().__init__(None, content_type=f"multipart/form-data; boundary={boundary}")
        pieces: list[bytes] = []
        for name, text in fields.items():
            pieces.append(
                f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n'.encode()
            )
            pieces += (text.encode(), b"\r\n")
        for name, file_name, content, mime in files:
            disposition = f'form-data; name="{_quoted(name)}"; filename="{_quoted(file_name)}"'
            pieces.append(
                f"--{boundary}\r\nContent-Disposition: {disposition}\r\nContent-Type: {mime}\r\n\r\n".encode()
            )
            pieces += (content, b"\r\n")
        pieces.append(f"--{boundary}--\r\n".encode())
        self._pieces = pieces
        self._size = sum(map(len, pieces))
        self._moved = moved
        self.sent = False
        """Whether every piece was handed to the connection."""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return b"".join(self._pieces).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        for piece in self._pieces:
            view = memoryview(piece)
            for start in range(0, len(piece), _CHUNK_BYTES):
                self._moved()
                await writer.write(view[start : start + _CHUNK_BYTES])
        await writer.drain()
        self.sent = True
        self._moved()


def _given(value: ODVInput[float], default: float | None) -> float | None:
    """The value of this call, or the instance's own where the call leaves it open (None is a value: no limit)."""
    return default if isinstance(value, DefaultValue) else value


def _whole(file: IO[bytes]) -> bytes:
    """All of an open file, from its start: a call made again finds it at its end."""
    if file.seekable():
        file.seek(0)
    return file.read()


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _described(error: Exception, url: URL) -> str:
    """The error's class and words (some have none), without the URL, whose path holds the token."""
    words = str(error).replace(str(url), "the Bot API").replace(url.path, "/...")
    return without_token(f"{type(error).__name__}: {words}".removesuffix(": "))


def _checked(status: int, payload: bytes) -> tuple[int, bytes]:
    """Pass an answer on for python-telegram-bot to read.

    Raises:
        ServerFailed: it has a 5xx code and does not say how long to wait.
    """
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return status, payload
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        try:
            answer = json.loads(payload)
        except ValueError:  # a proxy's page
            answer = {}
        if not isinstance(answer, dict) or "parameters" not in answer:
            description = answer.get("description") if isinstance(answer, dict) else None
            raise ServerFailed(f"{description or _phrase(status)} ({status})")
    # python-telegram-bot quotes what it cannot parse; a page of HTML would fill the log.
    return status, payload if payload.startswith(b"{") else payload[:_ERROR_BYTES]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # codes that only some proxies know
        return "Server error"
