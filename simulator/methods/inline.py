"""Inline mode: the bot's answers to queries from any chat's input line."""

from __future__ import annotations

from simulator.errors import QUERY_TOO_OLD, bad_request
from simulator.methods.call import Call
from simulator.model import Event
from simulator.world import World

LIFETIME_SECONDS = 30
"""How long an inline query can be answered; what is seen in practice."""
RESULT_LIMIT = 50
"""Bot API, answerInlineQuery."""


def answer_inline_query(world: World, call: Call) -> bool:
    query = world.inline_queries.get(call.text("inline_query_id"))
    if query is None or query.results is not None:
        raise bad_request(QUERY_TOO_OLD)
    if world.now().timestamp() - query.asked_at > LIFETIME_SECONDS:
        raise bad_request(QUERY_TOO_OLD)
    results = call.objects("results") or []
    if len(results) > RESULT_LIMIT:
        raise bad_request("too many inline query results specified")
    numbers = [str(result.get("id", "")) for result in results]
    if any(not 1 <= len(number.encode()) <= 64 for number in numbers):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(numbers)) < len(numbers):
        raise bad_request("RESULT_ID_DUPLICATE")
    query.results = results
    query.button = call.object("button")
    world.emit(Event("inline", viewer=query.person_id, text=query.id))
    return True


METHODS = {"answerInlineQuery": answer_inline_query}
