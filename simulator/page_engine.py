"""The engine room of the page: calls, updates, faults, the clock and the crowd."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.crowd import FASTEST_PER_SECOND, MOST_PEOPLE
from simulator.page_fields import read_fields
from simulator.views import call_view, is_about

if TYPE_CHECKING:
    from simulator.server import Simulator


class EngineRoom:
    """One method a route."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._world = simulator.world

    def routes(self) -> list[Route]:
        return [
            Route("/sim/crowd", self.crowd, methods=["GET", "POST"]),
            Route("/sim/log", self.log),
            Route("/sim/updates", self.updates),
            Route("/sim/trace", self.trace),
            Route("/sim/faults", self.faults, methods=["GET", "POST"]),
            Route("/sim/clock", self.clock, methods=["GET", "POST"]),
        ]

    async def crowd(self, request: Request) -> Response:
        """A hall of simulated people: ``count`` of them act ``per_second`` times; a count of 0 ends it."""
        crowd = self._simulator.crowd
        if request.method == "POST":
            fields = await read_fields(request)
            count = fields.integer("count")
            per_second = fields.number("per_second") if "per_second" in fields else 10.0
            if not 0 <= count <= MOST_PEOPLE or not 0 < per_second <= FASTEST_PER_SECOND:
                raise HTTPException(400, f"count: 0 to {MOST_PEOPLE}, per_second: up to {FASTEST_PER_SECOND}")
            await crowd.stop()
            if count:
                crowd.start(count, per_second, payload=fields.text("payload", ""))
        return JSONResponse(crowd.view())

    async def log(self, request: Request) -> Response:
        """The latest calls, newest last; ``after`` leaves out what was seen, by its number."""
        raw = request.query_params.get("after", "0")
        limit = request.query_params.get("limit", "500")
        after = int(raw) if raw.isdigit() else 0
        entries = [
            call_view(number, call) for number, call in self._simulator.api.numbered_calls() if number > after
        ]
        shown = entries[-(int(limit) if limit.isdigit() else 500) :]
        headers = {}
        if request.query_params.get("download"):
            headers["content-disposition"] = 'attachment; filename="calls.json"'
        return JSONResponse(shown, headers=headers)

    async def updates(self, request: Request) -> Response:
        """What the bot has not confirmed yet."""
        waiting = islice(self._world.updates.waiting(), 500)
        body = b"[" + b",".join(queued.raw for queued in waiting) + b"]"
        return Response(body, media_type="application/json")

    async def trace(self, request: Request) -> Response:
        """The raw updates and calls about one message, as far as they are remembered."""
        query = request.query_params
        try:
            chat_id, message_id = int(query["chat"]), int(query["message_id"])
        except (KeyError, ValueError):
            raise HTTPException(400, "chat and message_id are whole numbers") from None
        calls = [
            call_view(number, call)
            for number, call in self._simulator.api.numbered_calls()
            if is_about(call, chat_id, message_id)
        ]
        updates = self._world.updates.about(chat_id, message_id)
        return JSONResponse({"updates": updates, "calls": calls})

    async def faults(self, request: Request) -> Response:
        if request.method == "POST":
            fields = await read_fields(request)
            try:
                self._world.faults.set(**fields.found)
            except (TypeError, ValueError) as error:
                raise HTTPException(400, str(error)) from None
        return JSONResponse(self._world.faults.as_dict())

    async def clock(self, request: Request) -> Response:
        world = self._world
        if request.method == "POST":
            offset = (await read_fields(request)).number("offset_seconds")
            if abs(offset) > 10 * 366 * 86400:
                raise HTTPException(400, "offset_seconds: at most ten years")
            world.move_clock(timedelta(seconds=offset))
        return JSONResponse(
            {"offset_seconds": world.clock_offset.total_seconds(), "now": world.now().isoformat()}
        )
