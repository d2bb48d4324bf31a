"""What people do in inline mode: ask from a chat's input line, and pick a result."""

from __future__ import annotations

from simulator import people
from simulator.errors import ActError
from simulator.markup.keyboards import parse_markup
from simulator.markup.text import format_text
from simulator.model import InlineQuery, Message
from simulator.wire import JsonDict
from simulator.world import World


def ask(world: World, person_id: int, query: str, *, chat_type: str = "sender") -> InlineQuery:
    """Type ``@bot query``; the answer will be in the ``results`` of what is returned."""
    person = world.people.get(person_id)
    if person is None:
        raise ActError("There is no such person.")
    if not world.inline:
        raise ActError("This bot has no inline mode.")
    asked = InlineQuery(world.new_query_id(), person_id, query[:256], world.now().timestamp())
    world.inline_queries[asked.id] = asked
    world.updates.put(
        "inline_query",
        {
            "id": asked.id,
            "from": person.user(),
            "query": asked.query,
            "offset": "",
            "chat_type": chat_type,
        },
        lane=person_id,
    )
    return asked


def choose(
    world: World, asked: InlineQuery, result_id: str, chat_id: int, *, thread_id: int | None = None
) -> Message:
    """Send a result into a chat; the message comes from the person, by way of the bot."""
    result = next((r for r in asked.results or [] if str(r.get("id")) == result_id), None)
    if result is None:
        raise ActError("There is no such result.")
    content = _content(result)
    markup = parse_markup(result.get("reply_markup"))
    if markup is not None:
        content["reply_markup"] = markup
    message = people.send_result(world, asked.person_id, chat_id, content, thread_id)
    world.updates.put(
        "chosen_inline_result",
        {
            "result_id": result_id,
            "from": world.people[asked.person_id].user(),
            "query": asked.query,
        },
        lane=asked.person_id,
    )
    return message


def _content(result: JsonDict) -> JsonDict:
    """The fields of the message that a result becomes: Bot API, InputMessageContent."""
    given = result.get("input_message_content") or {"message_text": result.get("title", "")}
    place = {name: given[name] for name in ("latitude", "longitude") if name in given}
    if "phone_number" in given:
        names = ("phone_number", "first_name", "last_name", "vcard")
        return {"contact": {name: given[name] for name in names if given.get(name)}}
    if place and "address" in given:
        return {
            "location": place,
            "venue": {"location": place, "title": given.get("title", ""), "address": given["address"]},
        }
    if place:
        return {"location": place}
    text, entities = format_text(
        str(given.get("message_text", "")),
        parse_mode=given.get("parse_mode"),
        entities=given.get("entities"),
    )
    if not text:
        raise ActError("There is nothing to send.")
    return {"text": text, **({"entities": entities} if entities else {})}
