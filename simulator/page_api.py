"""The page's own HTTP interface under ``/sim``, and the page itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from simulator import changes, people
from simulator.bodies import Upload, parse_call
from simulator.botapi import BODY_LIMIT, Receive, Scope, Send
from simulator.errors import ActError, ApiError
from simulator.images import media_type
from simulator.model import Kind, Person
from simulator.page_engine import EngineRoom
from simulator.page_fields import Fields, read_fields
from simulator.page_groups import GroupsAndInline
from simulator.views import (
    chats_view,
    message_view,
    person_view,
    state_view,
)

if TYPE_CHECKING:
    from simulator.server import Simulator

PAGE = Path(__file__).parent / "page"
SECURITY_HEADERS = [
    (
        b"content-security-policy",
        (
            b"default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
            b"form-action 'self'; frame-ancestors 'self'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
]
_UPLOADED: tuple[Kind, ...] = ("photo", "document", "video", "audio", "voice", "sticker")


class _PageFiles(StaticFiles):
    """The page's scripts and styles, asked about at every visit: they belong together after an upgrade."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


def create_pages(simulator: Simulator) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The ASGI application for everything that is not the Bot API."""
    api = PageApi(simulator)
    routes = [
        Route("/", api.index),
        Route("/sim/state", api.state),
        Route("/sim/chats", api.chats),
        Route("/sim/messages", api.messages),
        Route("/sim/events", api.events),
        Route("/sim/send", api.send, methods=["POST"]),
        Route("/sim/tap", api.tap, methods=["POST"]),
        Route("/sim/press", api.press, methods=["POST"]),
        Route("/sim/start", api.start, methods=["POST"]),
        Route("/sim/contact", api.contact, methods=["POST"]),
        Route("/sim/location", api.location, methods=["POST"]),
        Route("/sim/upload", api.upload, methods=["POST"]),
        Route("/sim/edit", api.edit, methods=["POST"]),
        Route("/sim/delete", api.delete, methods=["POST"]),
        Route("/sim/vote", api.vote, methods=["POST"]),
        Route("/sim/react", api.react, methods=["POST"]),
        Route("/sim/read", api.read, methods=["POST"]),
        Route("/sim/block", api.block, methods=["POST"]),
        Route("/sim/reset", api.reset, methods=["POST"]),
        Route("/sim/people", api.people, methods=["POST"]),
        *GroupsAndInline(simulator.world).routes(),
        *EngineRoom(simulator).routes(),
        Route("/sim/files/{file_id}", api.file),
        Mount("/sim/static", _PageFiles(directory=PAGE, check_dir=False)),
    ]
    app = Starlette(
        routes=routes, exception_handlers={ActError: _refused, ApiError: _refused, HTTPException: _http_error}
    )
    return _with_security_headers(app)


def _with_security_headers(
    app: Callable[[Scope, Receive, Send], Awaitable[None]],
) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *SECURITY_HEADERS]
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


def _refused(request: Request, error: Exception) -> Response:
    text = error.description if isinstance(error, ApiError) else str(error)
    return JSONResponse({"error": text}, status_code=400)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, status_code=error.status_code)


class PageApi:
    """One method a route."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._world = simulator.world

    async def index(self, request: Request) -> Response:
        return FileResponse(PAGE / "index.html", headers={"cache-control": "no-cache"})

    async def state(self, request: Request) -> Response:
        view = state_view(self._world)
        view["title"] = self._simulator.page_title
        return JSONResponse(view)

    async def chats(self, request: Request) -> Response:
        return JSONResponse(chats_view(self._world, self._viewer(request)))

    def _viewer(self, request: Request) -> Person:
        raw = request.query_params.get("viewer", "")
        person = self._world.people.get(int(raw)) if raw.isdigit() else None
        if person is None:
            raise HTTPException(404, "There is no such person.")
        return person

    async def messages(self, request: Request) -> Response:
        """The latest messages of a chat, or of one topic of a forum, before the one that is named."""
        viewer = self._viewer(request)
        query = request.query_params
        try:
            chat_id, limit = int(query["chat"]), int(query.get("limit", "50"))
            before = int(query["before"]) if query.get("before") else None
            topic = int(query["topic"]) if query.get("topic") else None
        except (KeyError, ValueError):
            raise HTTPException(400, "chat, topic, before and limit are whole numbers") from None
        chat = self._world.chats.get(chat_id)
        if chat is None or viewer.id not in chat.members:
            raise HTTPException(404, "This person is not in that chat.")
        found = [
            message
            for message in chat.messages.values()
            if (before is None or message.id < before) and (topic is None or message.topic_id == topic)
        ]
        page = found[-max(1, min(limit, 200)) :]
        return JSONResponse([message_view(self._world, message, viewer.id) for message in page])

    async def events(self, request: Request) -> Response:
        raw = request.headers.get("last-event-id") or request.query_params.get("last_event_id", "")
        stream: AsyncIterator[bytes] = self._simulator.feed.stream(int(raw) if raw.isdigit() else None)
        return StreamingResponse(
            stream, media_type="text/event-stream", headers={"cache-control": "no-cache"}
        )

    async def send(self, request: Request) -> Response:
        fields = await read_fields(request)
        message = people.say(
            self._world,
            fields.integer("person"),
            fields.integer("chat"),
            fields.text("text"),
            reply_to=fields.optional_integer("reply_to"),
            thread_id=fields.optional_integer("thread_id"),
        )
        return JSONResponse({"message_id": message.id})

    async def tap(self, request: Request) -> Response:
        fields = await read_fields(request)
        person, chat, message_id = (
            fields.integer("person"),
            fields.integer("chat"),
            fields.integer("message_id"),
        )
        row, col = fields.integer("row"), fields.integer("col")
        query = people.tap(self._world, person, chat, message_id, row, col)
        if query is None:
            button = self._world.chats[chat].messages[message_id].buttons()[row][col]
            return JSONResponse({"url": button.get("url")})
        return JSONResponse({"query_id": query.id})

    async def press(self, request: Request) -> Response:
        fields = await read_fields(request)
        message = people.press(
            self._world, fields.integer("person"), fields.integer("chat"), fields.text("text")
        )
        return JSONResponse({"message_id": message.id})

    async def start(self, request: Request) -> Response:
        fields = await read_fields(request)
        message = people.start(self._world, fields.integer("person"), fields.text("payload", ""))
        return JSONResponse({"message_id": message.id})

    async def contact(self, request: Request) -> Response:
        fields = await read_fields(request)
        message = people.share_contact(
            self._world,
            fields.integer("person"),
            fields.integer("chat"),
            thread_id=fields.optional_integer("thread_id"),
        )
        return JSONResponse({"message_id": message.id})

    async def location(self, request: Request) -> Response:
        fields = await read_fields(request)
        message = people.share_location(
            self._world,
            fields.integer("person"),
            fields.integer("chat"),
            fields.number("latitude"),
            fields.number("longitude"),
            thread_id=fields.optional_integer("thread_id"),
        )
        return JSONResponse({"message_id": message.id})

    async def upload(self, request: Request) -> Response:
        # A form can come from any page, so the browser's word on where it is from is asked for.
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise HTTPException(403, "uploads come from this page only")
        if int(request.headers.get("content-length", "0")) > BODY_LIMIT:
            raise HTTPException(413, "The file is too big.")
        raw, files = parse_call(b"", request.headers.get("content-type", ""), await request.body())
        fields = Fields(raw)
        file: Upload | None = files.get("file")
        kind = next((kind for kind in _UPLOADED if kind == fields.text("kind")), None)
        if file is None or kind is None:
            raise HTTPException(400, f"kind: expected one of {', '.join(_UPLOADED)}; file: expected a file")
        message = people.send_file(
            self._world,
            fields.integer("person"),
            fields.integer("chat"),
            kind,
            file.content,
            name=file.name,
            mime=file.mime,
            caption=fields.text("caption", ""),
            thread_id=fields.optional_integer("thread_id"),
        )
        return JSONResponse({"message_id": message.id})

    async def edit(self, request: Request) -> Response:
        fields = await read_fields(request)
        changes.edit(
            self._world,
            fields.integer("person"),
            fields.integer("chat"),
            fields.integer("message_id"),
            fields.text("text"),
        )
        return JSONResponse({"ok": True})

    async def delete(self, request: Request) -> Response:
        fields = await read_fields(request)
        changes.delete(
            self._world, fields.integer("person"), fields.integer("chat"), fields.integer("message_id")
        )
        return JSONResponse({"ok": True})

    async def vote(self, request: Request) -> Response:
        fields = await read_fields(request)
        changes.vote(
            self._world,
            fields.integer("person"),
            fields.integer("chat"),
            fields.integer("message_id"),
            fields.integers("options"),
        )
        return JSONResponse({"ok": True})

    async def react(self, request: Request) -> Response:
        fields = await read_fields(request)
        changes.react(
            self._world,
            fields.integer("person"),
            fields.integer("chat"),
            fields.integer("message_id"),
            fields.text("emoji", "") or None,
        )
        return JSONResponse({"ok": True})

    async def read(self, request: Request) -> Response:
        fields = await read_fields(request)
        changes.read(
            self._world,
            fields.integer("person"),
            fields.integer("chat"),
            fields.optional_integer("topic_id"),
        )
        return JSONResponse({"ok": True})

    async def block(self, request: Request) -> Response:
        fields = await read_fields(request)
        people.block(self._world, fields.integer("person"), blocked=fields.flag("blocked"))
        return JSONResponse({"ok": True})

    async def reset(self, request: Request) -> Response:
        await read_fields(request)
        await self._world.reset()
        return JSONResponse({"ok": True})

    async def people(self, request: Request) -> Response:
        fields = await read_fields(request)
        first_name = fields.text("first_name").strip()
        if not 1 <= len(first_name) <= 64:
            raise HTTPException(400, "first_name: expected 1 to 64 characters")
        person = self._world.add_person(
            first_name,
            fields.text("last_name", "").strip() or None,
            language_code=fields.text("language_code", "id"),
            role_label=fields.text("role_label", ""),
        )
        return JSONResponse(person_view(person))

    async def file(self, request: Request) -> Response:
        """A stored file; pictures, films and sounds are shown in the page, all else is downloaded."""
        stored = self._world.files.by_id(request.path_params["file_id"])
        if stored is None:
            raise HTTPException(404, "This file is gone.")
        mime = media_type(stored.content) if stored.kind != "document" else None
        if mime is not None:
            return Response(stored.content, media_type=mime)
        name = quote(stored.name or stored.path.rpartition("/")[2], safe="")
        return Response(
            stored.content,
            media_type="application/octet-stream",
            headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
        )
