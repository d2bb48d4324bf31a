"""What the page does with groups, their topics, and inline mode."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import groups, inline
from simulator.errors import ActError
from simulator.model import Chat, Event, InlineQuery
from simulator.page_fields import Fields, read_fields
from simulator.views import group_view, inline_view
from simulator.world import World

INLINE_PATIENCE_SECONDS = 10.0
"""How long the page waits for the answer to an inline query before it shows none."""


class GroupsAndInline:
    """One method a route."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("/sim/group", self.group, methods=["POST"]),
            Route("/sim/inline", self.inline, methods=["POST"]),
            Route("/sim/inline/send", self.send_inline, methods=["POST"]),
        ]

    async def group(self, request: Request) -> Response:
        """``action`` is create or one of ``_GROUP_ACTIONS``; answers with the group."""
        fields = await read_fields(request)
        action = fields.text("action")
        world, by = self._world, fields.integer("person")
        if action == "create":
            chat = groups.create(
                world,
                fields.text("title"),
                by,
                fields.integers("member_ids"),
                supergroup=fields.flag("supergroup"),
            )
            if fields.flag("with_bot"):
                groups.add_bot(world, chat.id, by)
            if fields.flag("is_forum"):
                chat = groups.make_forum(world, chat.id, by)
            return JSONResponse(group_view(world, chat))
        act = _GROUP_ACTIONS.get(action)
        if act is None:
            raise HTTPException(400, "action: not known")
        chat_id = fields.integer("chat")
        successor = act(world, chat_id, by, fields)
        return JSONResponse(group_view(world, successor or world.chats[chat_id]))

    async def inline(self, request: Request) -> Response:
        """Ask the bot in inline mode and wait for its answer, as a client does while somebody types."""
        fields = await read_fields(request)
        chat = self._world.chats.get(fields.integer("chat"))
        if chat is None:
            raise ActError("There is no such chat.")
        asked = inline.ask(
            self._world,
            fields.integer("person"),
            fields.text("query", ""),
            chat_type="sender" if chat.is_private else chat.type,
        )
        await self._answered(asked)
        return JSONResponse(inline_view(asked))

    async def _answered(self, asked: InlineQuery) -> None:
        answered = asyncio.Event()

        def hear(event: Event) -> None:
            if event.type == "inline" and event.text == asked.id:
                answered.set()

        stop = self._world.listen(hear)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(answered.wait(), INLINE_PATIENCE_SECONDS)
        finally:
            stop()

    async def send_inline(self, request: Request) -> Response:
        fields = await read_fields(request)
        asked = self._world.inline_queries.get(fields.text("query_id"))
        if asked is None or asked.person_id != fields.integer("person"):
            raise ActError("There is no such result.")
        message = inline.choose(
            self._world,
            asked,
            fields.text("result_id"),
            fields.integer("chat"),
            thread_id=fields.optional_integer("thread_id"),
        )
        return JSONResponse({"message_id": message.id})


def _add_bot(world: World, chat_id: int, by: int, fields: Fields) -> None:
    groups.add_bot(world, chat_id, by, payload=fields.text("payload", ""))


def _open_topic(world: World, chat_id: int, by: int, fields: Fields) -> None:
    groups.open_topic(world, chat_id, fields.text("name"), by)


def _set_topic_closed(world: World, chat_id: int, by: int, fields: Fields) -> None:
    closed = fields.flag("closed", True)
    groups.set_topic_closed(world, chat_id, fields.integer("thread_id"), by, closed=closed)


_GROUP_ACTIONS: dict[str, Callable[[World, int, int, Fields], Chat | None]] = {
    "add_bot": _add_bot,
    "remove_bot": lambda world, chat_id, by, _: groups.remove_bot(world, chat_id, by),
    "promote_bot": lambda world, chat_id, by, _: groups.promote_bot(world, chat_id, by),
    "demote_bot": lambda world, chat_id, by, _: groups.demote_bot(world, chat_id, by),
    "join": lambda world, chat_id, by, _: groups.join(world, chat_id, by),
    "leave": lambda world, chat_id, by, _: groups.leave(world, chat_id, by),
    "migrate": lambda world, chat_id, by, _: groups.migrate(world, chat_id, by),
    "make_forum": lambda world, chat_id, by, _: groups.make_forum(world, chat_id, by),
    "add_topic": _open_topic,
    "close_topic": _set_topic_closed,
}
"""What the page may do with a group; those that make another group of it return that."""
