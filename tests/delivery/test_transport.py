"""The transport over real HTTP, against a server that misbehaves on request."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import BodyPartReader, web
from telegram import Bot, InputFile, InputMediaDocument
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.delivery.failures import Kind, NotSent, NotSentInTime, ServerFailed, classify
from bot.delivery.transport import AiohttpRequest

TOKEN = "7654321:AAH-abcdefghijklmnopqrstuvwxyz_012345"
ANI = 101
MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": ANI, "type": "private"}}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@dataclass
class Server:
    """Answers each call with ``handler``; keeps what it got."""

    url: str = ""
    handler: Handler | None = None
    bodies: list[bytes] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    peers: set[Any] = field(default_factory=set)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if request.transport is not None:
                self.peers.add(request.transport.get_extra_info("peername"))
            self.types.append(request.content_type)
            if self.handler is not None:
                return await self.handler(request)
            self.bodies.append(await request.read())
            return web.json_response({"ok": True, "result": MESSAGE})
        finally:
            self.in_flight -= 1

    def answers(self, status: int, **answer: object) -> None:
        async def handler(request: web.Request) -> web.Response:
            return web.json_response({"ok": False, "error_code": status, **answer}, status=status)

        self.handler = handler


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    served = Server()
    app = web.Application(client_max_size=64 * 1024**2)
    app.router.add_route("*", "/{path:.*}", served.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    served.url = f"http://{host}:{port}"
    yield served
    await runner.cleanup()


def a_client(server: Server, request: AiohttpRequest) -> Bot:
    return Bot(
        TOKEN,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
        request=request,
        get_updates_request=AiohttpRequest(connection_pool_size=1),
    )


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest() as opened:
        yield opened


@pytest.fixture
async def client(server: Server, request_: AiohttpRequest) -> Bot:
    return a_client(server, request_)


async def test_a_call_carries_its_parameters_as_json(server: Server, client: Bot) -> None:
    message = await client.send_message(ANI, "Selamat pagi, Bapak/Ibu 👋", disable_notification=True)

    assert message.message_id == 1
    assert server.types == ["application/json"]
    assert json.loads(server.bodies[0]) == {
        "chat_id": ANI,
        "text": "Selamat pagi, Bapak/Ibu 👋",
        "disable_notification": True,
    }


async def test_files_go_up_as_they_are_named(server: Server, client: Bot) -> None:
    content = bytes(range(256)) * 2000
    parts: dict[str, tuple[str | None, str | None, bytes]] = {}

    async def handler(request: web.Request) -> web.Response:
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            parts[part.name or ""] = (
                part.filename,
                part.headers.get("Content-Type"),
                bytes(await part.read()),
            )
        return web.json_response({"ok": True, "result": MESSAGE})

    server.handler = handler
    await client.send_document(ANI, InputFile(content, 'Notulen "rapat" é 6–8.pdf'), caption="Notulen")

    assert parts == {
        "chat_id": (None, None, b"101"),
        "caption": (None, None, b"Notulen"),
        "document": ("Notulen %22rapat%22 é 6–8.pdf", "application/pdf", content),
    }


async def test_an_album_uploads_each_file_under_its_name(server: Server, client: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        server.bodies.append(await request.read())
        return web.json_response({"ok": True, "result": [MESSAGE, MESSAGE]})

    server.handler = handler
    await client.send_media_group(
        ANI,
        [InputMediaDocument(b"first", filename="a.txt"), InputMediaDocument(b"second", filename="b.txt")],
    )

    assert [server.bodies[0].count(b"attach://"), server.bodies[0].count(b"filename=")] == [2, 2]


async def test_an_open_file_is_sent_whole_each_time(server: Server, client: Bot) -> None:
    file = InputFile(io.BytesIO(b"Undangan rapat"), "undangan.txt", read_file_handle=False)

    await client.send_document(ANI, file)
    await client.send_document(ANI, file)

    assert [body.count(b"Undangan rapat") for body in server.bodies] == [1, 1]


async def test_a_file_comes_down(server: Server, client: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path.endswith("/getFile"):
            file = {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"}
            return web.json_response({"ok": True, "result": file})
        assert (request.method, request.path) == ("GET", f"/file/bot{TOKEN}/photos/1.jpg")
        return web.Response(body=b"\xff\xd8" * 100_000)

    server.handler = handler
    file = await client.get_file("f")

    assert await file.download_as_bytearray() == b"\xff\xd8" * 100_000


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (400, {"description": "Bad Request: chat not found"}, BadRequest),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (429, {"description": "Too Many Requests", "parameters": {"retry_after": 3}}, RetryAfter),
        (500, {"description": "Internal Server Error: restart"}, ServerFailed),
        (503, {"description": "Flood", "parameters": {"retry_after": 3}}, RetryAfter),
    ],
)
async def test_telegrams_refusals_arrive_as_they_are(
    server: Server, client: Bot, status: int, answer: dict[str, object], error: type[Exception]
) -> None:
    server.answers(status, **answer)

    with pytest.raises(error) as caught:
        await client.send_message(ANI, "Agenda")

    assert type(caught.value) is error


@pytest.mark.parametrize("status", [502, 504, 520])
async def test_a_gateways_page_is_a_server_failure_in_few_words(
    server: Server, client: Bot, status: int
) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>" + 10_000 * "<p>nginx</p>", content_type="text/html")

    server.handler = handler
    with pytest.raises(ServerFailed) as caught:
        await client.send_message(ANI, "Agenda")

    assert str(caught.value).endswith(f"({status})")
    assert len(str(caught.value)) < 40
    assert classify(caught.value).kind is Kind.SERVER


async def test_a_redirect_is_not_followed(server: Server, client: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        server.bodies.append(await request.read())
        raise web.HTTPTemporaryRedirect("/somewhere")

    server.handler = handler
    with pytest.raises(NetworkError):
        await client.send_message(ANI, "Agenda")

    assert len(server.bodies) == 1


async def test_an_answer_that_does_not_come_leaves_the_outcome_open(server: Server, client: Bot) -> None:
    forever = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        server.bodies.append(await request.read())
        await forever.wait()
        return web.Response()

    server.handler = handler
    with pytest.raises(TimedOut) as caught:
        await client.send_message(ANI, "Agenda", read_timeout=0.1)
    forever.set()

    assert len(server.bodies) == 1
    assert not isinstance(caught.value, NotSent)
    assert classify(caught.value).kind is Kind.UNKNOWN


async def test_a_connection_cut_after_the_call_leaves_the_outcome_open(server: Server, client: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server.handler = handler
    with pytest.raises(NetworkError) as caught:
        await client.send_message(ANI, "Agenda")

    assert classify(caught.value).kind is Kind.UNKNOWN


async def test_a_cut_answer_leaves_the_outcome_open(server: Server, client: Bot) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "500"})
        await response.prepare(request)
        await response.write(b'{"ok": true, "res')
        assert request.transport is not None
        request.transport.close()
        return response

    server.handler = handler
    with pytest.raises(NetworkError) as caught:
        await client.send_message(ANI, "Agenda")

    assert classify(caught.value).kind is Kind.UNKNOWN


async def test_nobody_listening_means_not_sent(request_: AiohttpRequest) -> None:
    listener = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    listener.close()
    await listener.wait_closed()

    with pytest.raises(NotSent) as caught:
        await a_client(Server(f"http://127.0.0.1:{port}"), request_).send_message(ANI, "Agenda")

    assert "Cannot connect to host 127.0.0.1" in str(caught.value)


async def test_an_unknown_host_means_not_sent(request_: AiohttpRequest) -> None:
    with pytest.raises(NotSent):
        await a_client(Server("http://telegram.invalid"), request_).send_message(ANI, "Agenda")


async def test_a_server_that_accepts_and_says_nothing_of_tls_means_not_sent_in_time(
    request_: AiohttpRequest,
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    try:
        client = a_client(Server(f"https://127.0.0.1:{port}"), request_)
        with pytest.raises(NotSentInTime):
            await client.send_message(ANI, "Agenda", connect_timeout=0.1)
    finally:
        listener.close()


async def test_a_full_pool_means_not_sent_in_time(server: Server) -> None:
    arrived, forever = asyncio.Event(), asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        arrived.set()
        await forever.wait()
        return web.json_response({"ok": True, "result": MESSAGE})

    server.handler = handler
    async with AiohttpRequest(connection_pool_size=1) as request:
        client = a_client(server, request)
        first = asyncio.create_task(client.send_message(ANI, "Agenda"))
        await arrived.wait()
        with pytest.raises(NotSentInTime, match="Pool timeout: all 1 connections"):
            await client.send_message(ANI, "Agenda", pool_timeout=0.05)
        forever.set()
        assert (await first).message_id == 1


async def test_a_stalled_upload_was_not_sent(server: Server, client: Bot) -> None:
    forever = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        await forever.wait()  # and does not read
        return web.Response()

    server.handler = handler
    with pytest.raises(NotSentInTime, match="Write timeout"):
        await client.send_document(ANI, InputFile(bytes(40 * 1024**2), "besar.bin"), write_timeout=0.2)
    forever.set()


async def test_an_upload_that_is_cut_short_was_not_sent(server: Server, client: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        await request.content.readexactly(1000)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server.handler = handler
    with pytest.raises(NotSent):
        await client.send_document(ANI, InputFile(bytes(40 * 1024**2), "besar.bin"))


async def test_an_upload_whose_answer_does_not_come_leaves_the_outcome_open(
    server: Server, client: Bot
) -> None:
    forever = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        server.bodies.append(await request.read())
        await forever.wait()
        return web.Response()

    server.handler = handler
    with pytest.raises(TimedOut) as caught:
        await client.send_document(ANI, InputFile(b"kecil", "kecil.txt"), read_timeout=0.2, write_timeout=0.1)
    forever.set()

    assert len(server.bodies) == 1
    assert classify(caught.value).kind is Kind.UNKNOWN


async def test_many_calls_share_the_connections_that_there_are(server: Server) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(0.01)
        return web.json_response({"ok": True, "result": MESSAGE})

    server.handler = handler
    async with AiohttpRequest(connection_pool_size=50) as request:
        client = a_client(server, request)
        messages = await asyncio.gather(*(client.send_message(ANI, "Agenda") for _ in range(1000)))

    assert [message.message_id for message in messages] == [1] * 1000
    assert server.most_in_flight <= 50
    assert len(server.peers) <= 50


async def test_it_opens_and_closes_as_often_as_it_is_told(server: Server) -> None:
    request = AiohttpRequest()
    client = a_client(server, request)
    with pytest.raises(NotSent):
        await client.send_message(ANI, "Agenda")
    for _ in range(2):
        await request.initialize()
        await request.initialize()
        assert (await client.send_message(ANI, "Agenda")).message_id == 1
        await request.shutdown()
        await request.shutdown()


async def test_a_proxy_from_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with AiohttpRequest() as request:
        # Only the proxy could answer for this name.
        through = a_client(Server("http://telegram.invalid"), request)
        assert (await through.send_message(ANI, "Agenda")).message_id == 1

        forever = a_client(server, request)
        assert (await forever.send_message(ANI, "Agenda")).message_id == 1
    assert len(server.bodies) == 2


async def test_a_proxy_of_another_kind_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1080")
    async with AiohttpRequest() as request:
        with pytest.raises(NotSent, match="A socks5 proxy is set"):
            await a_client(Server("http://telegram.invalid"), request).send_message(ANI, "Agenda")


@pytest.mark.parametrize("address", ["http://telegram.invalid", "http://127.0.0.1:1", "http://", "cut"])
async def test_no_error_and_no_log_shows_the_token(
    address: str, server: Server, request_: AiohttpRequest, caplog: pytest.LogCaptureFixture
) -> None:
    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server.handler = cut
    client = a_client(server if address == "cut" else Server(address), request_)
    # From here on: at DEBUG python-telegram-bot itself logs the URL when a client is made.
    caplog.set_level(logging.DEBUG)

    with pytest.raises(NetworkError) as caught:
        await client.send_document(ANI, InputFile(bytes(9_000_000), "besar.bin"))

    seen = caplog.text
    error: BaseException | None = caught.value
    while error is not None:
        seen += repr(error) + str(error)
        error = error.__cause__ or error.__context__
    assert "sendDocument" in seen
    assert TOKEN.partition(":")[2] not in seen
