"""What the bot's own server answers: its health, Telegram's webhook, and the pages that it is given."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.storage.database import StorageError

WEBHOOK_PATH = "/telegram"
UPDATE_BYTES = 1_048_576
"""Telegram's updates are a few kilobytes; whatever is larger does not come from there."""

Take = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]
Health = Callable[[], Awaitable[Mapping[str, Any]]]


def site(*, health: Health, take: Take | None, secret: str | None, pages: Sequence[Route] = ()) -> Starlette:
    """The application; the webhook is there only with ``take`` and its ``secret``."""

    async def on_health(request: Request) -> Response:
        try:
            return JSONResponse({"status": "ok", **await health()})
        except StorageError:
            return JSONResponse({"status": "database unavailable"}, status_code=503)

    async def on_webhook(request: Request) -> Response:
        assert take is not None
        assert secret is not None
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > UPDATE_BYTES:
                return Response(status_code=413)
        try:
            update = json.loads(body)
            update["update_id"] = int(update["update_id"])
        except (ValueError, TypeError, KeyError):
            return Response(status_code=400)
        try:
            await take([update])
        except StorageError:
            return Response(status_code=503)  # Telegram delivers it again
        return Response(status_code=200)

    routes = [Route("/healthz", on_health), *pages]
    if take is not None and secret:
        routes.append(Route(WEBHOOK_PATH, on_webhook, methods=["POST"]))
    return Starlette(routes=routes)
