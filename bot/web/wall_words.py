"""What a wall shows, in words of one language and as plain JSON."""

from __future__ import annotations

from typing import Any

from bot.domain.agreement.ground import KIND_NAMES
from bot.domain.wall.boards import Board
from bot.domain.wall.wall import Sight
from bot.domain.wall.wall_views import views
from bot.i18n import Translator, zone, zone_name
from bot.storage.meetings import AgendaItem, Meeting
from bot.storage.values import millis


def described(sight: Sight, t: Translator) -> dict[str, Any]:
    """What the page shows. Moments are UTC milliseconds; texts are plain, people's words as they wrote them."""
    meeting = sight.meeting
    return {
        "view": sight.view,
        "state": meeting.state,
        "zone": zone_name(meeting.starts_at, meeting.timezone),
        "timezone": meeting.timezone,
        "office": sight.office.name,
        "title": t.pick(meeting.title),
        "theme": t.pick(meeting.theme),
        "when": _when(t, meeting),
        "where": ", ".join(part for part in (meeting.venue, meeting.address) if part),
        "start": millis(meeting.starts_at),
        "agenda": [_item(t, meeting, item) for item in sight.agenda],
        "topics": [{"topic": t.pick(item.topic), "prompt": t.pick(item.prompt)} for item in sight.topics],
        "registered": {
            "count": sight.registered,
            "label": t.ngettext("participant registered", "participants registered", sight.registered),
        },
        "sectors": [{"name": t.pick(sector.name), "count": sector.count} for sector in sight.sectors],
        "published": {
            "count": len(sight.published),
            "label": t.ngettext("submission published", "submissions published", len(sight.published)),
        },
        "newest": [
            {
                "number": item.number,
                "kind": item.kind,
                "label": t.gettext(KIND_NAMES[item.kind]),
                "text": item.text,
            }
            for item in sight.newest
        ],
        "board": _board(sight, t),
    }


def _board(sight: Sight, t: Translator) -> dict[str, Any] | None:
    view = views().get(sight.view)
    if view is None:
        return None
    return as_json(view.words(t, sight.meeting, sight.board))


def as_json(board: Board) -> dict[str, Any]:
    """A board for the page; a bar's parts are pairs of share and tone."""
    return {
        "title": board.title,
        "hint": board.hint,
        "empty": board.empty,
        "legend": [list(pair) for pair in board.legend],
        "rows": [
            {
                "label": row.label,
                "text": row.text,
                "figure": row.figure,
                "note": row.note,
                "bars": [
                    {
                        "label": bar.label,
                        "figure": bar.figure,
                        "parts": [[round(part.share, 4), part.tone] for part in bar.segments],
                    }
                    for bar in row.bars
                ],
            }
            for row in board.rows
        ],
    }


def _when(t: Translator, meeting: Meeting) -> str:
    place = zone(meeting.timezone)
    if meeting.starts_at.astimezone(place).date() != meeting.ends_at.astimezone(place).date():
        return (
            f"{t.moment(meeting.starts_at, meeting.timezone)} – {t.moment(meeting.ends_at, meeting.timezone)}"
        )
    return t.gettext("{day}, {start}–{end}").format(
        day=t.day(meeting.starts_at, meeting.timezone),
        start=t.bare_time(meeting.starts_at, meeting.timezone),
        end=t.time(meeting.ends_at, meeting.timezone),
    )


def _item(t: Translator, meeting: Meeting, item: AgendaItem) -> dict[str, Any]:
    return {
        "start": millis(item.starts_at),
        "end": millis(item.ends_at),
        "time": t.bare_time(item.starts_at, meeting.timezone),
        "until": t.bare_time(item.ends_at, meeting.timezone),
        "day": t.day(item.starts_at, meeting.timezone),
        "title": t.pick(item.title),
        "speaker": item.speaker,
        "position": t.pick(item.speaker_position),
    }
