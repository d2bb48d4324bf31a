"""The page for the projector, and what it is made of: no script, style or picture comes from another host."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import cast

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Send

from bot.domain.wall.wall import Sight
from bot.i18n import LANGUAGE_NAMES, LOCALES, N_, translator
from bot.storage.database import StorageError
from bot.web.wall_events import Channel, Walls

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",  # the address is the secret
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}

_FOLDER = Path(__file__).parent / "wall_page"
_FILES = {
    "wall.css": "text/css",
    "board.css": "text/css",
    "wall.js": "text/javascript",
    "board.js": "text/javascript",
    "cards.js": "text/javascript",
    "dom.js": "text/javascript",
    "wall.svg": "image/svg+xml",
}

_TEXTS = {
    "join_title": N_("Take part from your phone"),
    "join_hint": N_("Scan the code with your camera. Telegram opens; tap Start."),
    "join_short": N_("Scan to take part"),
    "send_short": N_("Scan and send yours"),
    "now": N_("On now"),
    "next": N_("Next"),
    "left": N_("remaining"),
    "starts_in": N_("starts in"),
    "over": N_("The programme is over. Thank you."),
    "no_agenda": N_("The agenda will be shown here."),
    "agenda": N_("Agenda"),
    "sectors": N_("Who is with us"),
    "session": N_("Dialogue session"),
    "closed_session": N_("Submissions from the hall"),
    "none_yet": N_("Be the first to send something. The moderator shows it here."),
    "lost": N_("No connection. This is how things stood last."),
    "loading": N_("One moment…"),
    "light": N_("Light or dark"),
    "full": N_("Full screen"),
}


def routes(walls: Walls, bot_username: str) -> list[Route]:
    """The wall's addresses. Without a valid token, each is as if it did not exist."""

    async def on_page(request: Request) -> Response:
        channel = await _channel(walls, request)
        if isinstance(channel, Response):
            return channel
        assert channel.sight is not None
        page = _page(channel.sight, _locale(request, channel.sight), bot_username)
        return Response(page, headers=HEADERS, media_type="text/html")

    async def on_events(request: Request) -> Response:
        channel = await _channel(walls, request)
        if isinstance(channel, Response):
            return channel
        if walls.is_full:
            return _plain(N_("Too many screens are open. Please try again later."), 503)
        assert channel.sight is not None
        return _Events(
            channel.watch(_locale(request, channel.sight)),
            headers={**HEADERS, "X-Accel-Buffering": "no"},  # nginx would keep events back
            media_type="text/event-stream",
        )

    async def on_file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _FILES:
            return _not_found()
        return Response(_file(name), headers=HEADERS, media_type=_FILES[name])

    return [
        Route("/wall/{token}", on_page),
        Route("/wall/{token}/events", on_events),
        Route("/wall-files/{name}", on_file),
    ]


class _Events(StreamingResponse):
    async def stream_response(self, send: Send) -> None:
        # A viewer who leaves is counted out at once, not when the generator happens to be collected.
        async with contextlib.aclosing(cast(AsyncGenerator[bytes, None], self.body_iterator)):
            await super().stream_response(send)


async def _channel(walls: Walls, request: Request) -> Channel | Response:
    """The wall that the address names, or the answer when there is none."""
    try:
        channel = await walls.find(request.path_params["token"])
    except StorageError:
        return _plain(N_("This page is not available at the moment. Please try again later."), 503)
    return _not_found() if channel is None else channel


def _not_found() -> Response:
    return _plain(N_("There is nothing here (any more). Please ask the committee for the new address."), 404)


def _plain(message: str, status: int) -> Response:
    """A sentence in both languages: without a wall there is no telling which."""
    text = "\n".join(translator(locale).gettext(message) for locale in LOCALES)
    return PlainTextResponse(text, status, headers=HEADERS)


def _locale(request: Request, sight: Sight) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in LOCALES else sight.office.locale


@cache
def _file(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


@cache
def _template() -> Template:
    return Template((_FOLDER / "wall.html").read_text("utf-8"))


def _page(sight: Sight, locale: str, bot_username: str) -> str:
    """The page without its content, which comes with the first event."""
    t = translator(locale)
    link = f"https://t.me/{bot_username}?start={sight.meeting.code}"
    values = {name: t.gettext(text) for name, text in _TEXTS.items()}
    values.update(
        lang=locale,
        title=t.pick(sight.meeting.title),
        link=link,
        # Short enough to read and type: the bot asks which meeting where several are open.
        shown_link=f"t.me/{bot_username}",
        qr_label=t.gettext("QR code of {link}").format(link=link),
        other_lang=(other := next(item for item in LOCALES if item != locale)),
        other_name=LANGUAGE_NAMES[other],
        other_short=other.upper(),
    )
    return _template().substitute({name: escape(value) for name, value in values.items()}, qr=_qr(link))


def _qr(link: str) -> str:
    """The QR code as an SVG element whose size the style gives."""
    import segno

    return segno.make_qr(link, error="m").svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)
