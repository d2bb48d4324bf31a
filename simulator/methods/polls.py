"""Polls and quizzes: sent, and stopped before their time."""

from __future__ import annotations

import secrets
from typing import Any

from simulator.errors import bad_request
from simulator.markup.keyboards import parse_markup
from simulator.markup.text import format_text
from simulator.methods.call import Call
from simulator.methods.edits import is_editable, named_message
from simulator.methods.sending import deliver, with_users
from simulator.model import Poll
from simulator.wire import JsonDict
from simulator.world import World

QUESTION_LIMIT = 300
OPTION_LIMIT = 100
OPTION_COUNT = 12
EXPLANATION_LIMIT = 200
"""Bot API, sendPoll; lengths in characters, not in UTF-16 units (tdlib/td, PollOption.cpp)."""
OPEN_SECONDS = range(5, 2_628_001)
"""How long a poll may be open that closes by itself: Bot API, sendPoll."""


def send_poll(world: World, call: Call) -> JsonDict:
    question, entities = _plain(call, "question", "question_parse_mode", "question_entities")
    if len(question) > QUESTION_LIMIT:
        raise bad_request(f"poll question length must not exceed {QUESTION_LIMIT}")
    given = call.array("options") or []
    if not given:
        raise bad_request("poll must have at least one answer option")
    if len(given) > OPTION_COUNT:
        raise bad_request(f"poll can't have more than {OPTION_COUNT} options")
    options = [_option(call, entry, number) for number, entry in enumerate(given)]
    is_quiz = call.text("type") == "quiz"
    poll: JsonDict = {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": call.flag("is_closed"),
        "is_anonymous": call.flag("is_anonymous") if call.has("is_anonymous") else True,
        "type": "quiz" if is_quiz else "regular",
        "allows_multiple_answers": call.flag("allows_multiple_answers"),
        "allows_revoting": call.flag("allows_revoting") if call.has("allows_revoting") else not is_quiz,
        "members_only": False,
    }
    if entities:
        poll["question_entities"] = entities
    poll.update(_closing(world, call))
    if is_quiz:
        poll.update(_quiz(world, call, len(options)))
    data = deliver(world, call, {"poll": poll})
    chat = world.chat_for(call.params.get("chat_id"))
    world.polls.add(Poll(poll, chat.messages[data["message_id"]]))
    return data


def _closing(world: World, call: Call) -> JsonDict:
    """When the poll closes by itself; the answer has both fields, whichever was given."""
    period, date = call.integer("open_period"), call.integer("close_date")
    if not period and not date:
        return {}
    now = world.timestamp()
    seconds = period or date - now
    if seconds not in OPEN_SECONDS:
        raise bad_request("poll must close 5 to 2628000 seconds after it was sent")
    return {"open_period": seconds, "close_date": now + seconds}


def _option(call: Call, raw: Any, number: int) -> JsonDict:
    inner = call.inner(raw if isinstance(raw, dict) else {"text": raw})
    text, entities = _plain(inner, "text", "text_parse_mode", "text_entities")
    if len(text) > OPTION_LIMIT:
        raise bad_request(f"poll options length must not exceed {OPTION_LIMIT}")
    option: JsonDict = {"persistent_id": str(number), "text": text, "voter_count": 0}
    if entities:
        option["text_entities"] = entities
    return option


def _plain(call: Call, name: str, mode: str, given: str) -> tuple[str, list[JsonDict]]:
    """A text of a poll: of its formatting only custom emoji stay (Bot API, InputPollOption)."""
    text, entities = format_text(
        call.text(name), parse_mode=call.text(mode), entities=call.entities(given), find=False
    )
    if not text:
        raise bad_request("text must be non-empty")
    return text, [entity for entity in entities if entity["type"] == "custom_emoji"]


def _numbers(given: list[Any]) -> list[int]:
    if not all(isinstance(entry, int) for entry in given):
        raise bad_request("wrong quiz correct_option_id")
    return given


def _quiz(world: World, call: Call, options: int) -> JsonDict:
    given = _numbers(call.array("correct_option_ids") or [])
    if call.has("correct_option_id") and not given:
        given = [call.integer("correct_option_id", -1)]
    if not given:
        raise bad_request("correct quiz option list must be non-empty")
    if given != sorted(set(given)):
        raise bad_request("correct quiz option list must be increasing")
    if any(not 0 <= number < options for number in given):
        raise bad_request("wrong quiz correct_option_id")
    found: JsonDict = {"correct_option_ids": given}
    if call.text("explanation"):
        text, entities = format_text(
            call.text("explanation"),
            parse_mode=call.text("explanation_parse_mode"),
            entities=call.entities("explanation_entities"),
        )
        if len(text) > EXPLANATION_LIMIT:
            raise bad_request("message is too long")
        found["explanation"] = text
        if entities:
            found["explanation_entities"] = with_users(world, entities)
    return found


def stop_poll(world: World, call: Call) -> JsonDict:
    markup = parse_markup(call.params.get("reply_markup"))
    message = named_message(world, call, "message with poll to stop")
    if "poll" not in message.data:
        raise bad_request("message is not a poll")
    poll = world.polls.get(message.data["poll"]["id"])
    if poll is None or not is_editable(world, message):
        raise bad_request("poll can't be stopped")
    if poll.data["is_closed"]:
        raise bad_request("poll has already been closed")
    message.data.pop("reply_markup", None)
    if markup is not None and "inline_keyboard" in markup:
        message.data["reply_markup"] = markup
    world.polls.close(poll)
    return poll.data


METHODS = {"sendPoll": send_poll, "stopPoll": stop_poll}
