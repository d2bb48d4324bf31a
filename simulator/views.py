"""The world as the chat page reads it."""

from __future__ import annotations

from typing import Any

from simulator.images import media_type
from simulator.markup.render import render_html
from simulator.methods import NAMES
from simulator.methods.call import Call
from simulator.model import Chat, Event, InlineQuery, Message, Person, Topic, live_until
from simulator.service_lines import service_line
from simulator.wire import JsonDict
from simulator.world import World


def state_view(world: World) -> JsonDict:
    suggested = None
    if world.suggested is not None:
        suggested = {"person_id": world.suggested[0], "start_payload": world.suggested[1]}
    return {
        "bot": {
            "id": world.bot_id,
            "name": world.bot_name,
            "username": world.bot_username,
            "inline": world.inline,
            "descriptions": {
                language: text for (kind, language), text in world.bot_texts.items() if kind == "description"
            },
        },
        "people": [person_view(person) for person in world.people.values() if not person.in_crowd],
        "groups": [group_view(world, chat) for chat in world.groups()],
        "suggested": suggested,
        "locale": world.locale,
    }


def person_view(person: Person) -> JsonDict:
    return {
        "id": person.id,
        "name": person.name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "language_code": person.language_code,
        "role_label": person.role_label,
        "phone": person.phone,
        "blocked": person.blocked,
    }


def group_view(world: World, chat: Chat) -> JsonDict:
    return {
        "id": chat.id,
        "title": chat.title,
        "type": chat.type,
        "member_ids": [member.user_id for member in chat.inside() if member.user_id != world.bot_id],
        "admin_ids": [member.user_id for member in chat.inside() if member.is_admin],
        "has_bot": world.bot_member(chat).is_inside,
        "bot_is_admin": world.bot_member(chat).is_admin,
        "is_forum": chat.is_forum,
        "topics": [
            {"id": topic.id, "name": topic.name, "is_closed": topic.is_closed}
            for topic in chat.topics.values()
        ],
    }


def chats_view(world: World, viewer: Person) -> list[JsonDict]:
    """The viewer's chats: the bot first, then the groups they are in."""
    chats = [world.chats[viewer.id]]
    for chat in world.groups():
        member = chat.members.get(viewer.id)
        if member is not None and member.is_inside:
            chats.append(chat)
    return [chat_view(world, chat, viewer) for chat in chats]


def chat_view(world: World, chat: Chat, viewer: Person) -> JsonDict:
    last = next(reversed(chat.messages.values()), None)
    keyboard = chat.keyboards.get(viewer.id)
    return {
        "id": chat.id,
        "type": chat.type,
        "title": world.bot_name if chat.is_private else chat.title,
        "unread": chat.unread.get(viewer.id, 0),
        "last": _last_view(world, last, viewer) if last is not None else None,
        "commands": world.menus.shown(chat, viewer.id, viewer.language_code or ""),
        "can_start": chat.is_private and not (viewer.started and chat.messages),
        "reply_keyboard": keyboard,
        "blocked": chat.is_private and viewer.blocked,
        "pinned": chat.pinned[-1] if chat.pinned else None,
        "topics": _topics(world, chat, viewer) if chat.is_forum else [],
    }


def _topics(world: World, chat: Chat, viewer: Person) -> list[JsonDict]:
    """The general topic (0, without a name until it gets one), then the others as they were opened."""
    general = chat.general
    first = Topic(0, "" if general.name == "General" else general.name, general.is_closed)
    last: dict[int, Message] = {}
    for message in reversed(chat.messages.values()):
        last.setdefault(message.topic_id, message)
    return [
        {
            "id": topic.id,
            "name": topic.name,
            "is_closed": topic.is_closed,
            "unread": chat.unread_topics.get((viewer.id, topic.id), 0),
            "last": _last_view(world, last[topic.id], viewer) if topic.id in last else None,
        }
        for topic in ([] if general.is_hidden else [first]) + list(chat.topics.values())
    ]


def _last_view(world: World, message: Message, viewer: Person) -> JsonDict:
    return {
        "text": summary(message),
        "service": _service(world, message),
        "date": message.date,
        "from_name": _from(world, message)["name"],
        "out": message.sender_id == viewer.id,
    }


_SIGNS = {"photo": "🖼", "animation": "🎞", "video": "🎬", "video_note": "🎬", "audio": "🎵", "voice": "🎤"}
"""What a file that shows itself is called in one line."""
_PLAYED = ("animation", "video", "video_note", "audio", "voice", "sticker")
"""Kinds of files that the page shows or plays, beside photos."""
_TOLD = ("duration", "width", "height", "performer", "title", "emoji", "is_animated", "is_video")


def summary(message: Message) -> str:
    """One line for lists and quotations."""
    data = message.data
    if message.text:
        return message.text.replace("\n", " ")[:120]
    for kind, sign in _SIGNS.items():
        if kind in data:
            named = (
                data[kind].get("title") or data[kind].get("file_name") if isinstance(data[kind], dict) else ""
            )
            return f"{sign} {named or ''}".strip()
    if "sticker" in data:
        return str(data["sticker"].get("emoji", "🙂"))
    if "document" in data:
        return str(data["document"].get("file_name", ""))
    if "poll" in data:
        return str(data["poll"]["question"])
    if "contact" in data:
        return str(data["contact"]["first_name"])
    if "venue" in data:
        return str(data["venue"]["title"])
    return "📍" if "location" in data else ""


def _from(world: World, message: Message) -> JsonDict:
    sender_chat = message.data.get("sender_chat")
    if sender_chat:
        return {"id": sender_chat["id"], "name": sender_chat["title"], "is_bot": False}
    person = world.people.get(message.sender_id)
    if person is not None:
        return {"id": person.id, "name": person.name, "is_bot": False}
    return {"id": world.bot_id, "name": world.bot_name, "is_bot": True}


def message_view(world: World, message: Message, viewer_id: int | None = None) -> JsonDict:
    """A message for the page; ``out`` only when it is known who looks."""
    data = message.data
    entities: list[JsonDict] = data.get("entities") or data.get("caption_entities") or []
    replied = data.get("reply_to_message")
    origin = data.get("forward_origin")
    view: JsonDict = {
        "id": message.id,
        "chat_id": message.chat.id,
        "date": message.date,
        "edit_date": data.get("edit_date"),
        "from": _from(world, message),
        "text": data.get("text", ""),
        "caption": data.get("caption", ""),
        "html": render_html(message.text, entities),
        "photo": _photo(data.get("photo")),
        "document": None if "animation" in data else _document(data.get("document")),
        "media": _media(world, data),
        "contact": data.get("contact"),
        "location": data.get("location"),
        "live_until": live_until(message),
        "venue": data.get("venue"),
        "poll": _poll(world, data.get("poll"), viewer_id),
        "reply_to": _quotation(world, message.chat, replied) if replied else None,
        "forwarded_from": origin["sender_user"]["first_name"] if origin else None,
        "buttons": [[_button(button) for button in row] for row in message.buttons()],
        "via_bot": "via_bot" in data,
        "topic_id": message.topic_id,
        "media_group": data.get("media_group_id"),
        "reactions": _reactions(world, message),
        "service": _service(world, message),
    }
    if viewer_id is not None:
        view["out"] = message.sender_id == viewer_id
    return view


def _service(world: World, message: Message) -> dict[str, str] | None:
    return service_line(message, _from(world, message)["name"]) if message.service else None


def _reactions(world: World, message: Message) -> list[JsonDict]:
    """Each emoji with the ids of those who chose it, the most chosen first."""
    found: dict[str, list[int]] = {}
    if message.reaction:
        found[message.reaction] = [world.bot_id]
    for person_id, emoji in message.reactions.items():
        found.setdefault(emoji, []).append(person_id)
    chosen = sorted(found.items(), key=lambda entry: -len(entry[1]))
    return [{"emoji": emoji, "by": by} for emoji, by in chosen]


def _photo(sizes: Any) -> JsonDict | None:
    if not sizes:
        return None
    largest = sizes[-1]
    return {
        "url": f"/sim/files/{largest['file_id']}",
        "width": largest["width"],
        "height": largest["height"],
    }


def _media(world: World, data: JsonDict) -> JsonDict | None:
    """A file to be shown or played: its kind, its address and what is told of it.

    ``mime`` is of the content, None for what no browser plays.
    """
    kind = next((kind for kind in _PLAYED if kind in data), None)
    if kind is None:
        return None
    told = {name: data[kind][name] for name in _TOLD if name in data[kind]}
    stored = world.files.by_id(data[kind]["file_id"])
    return {
        "kind": kind,
        "mime": media_type(stored.content) if stored is not None else None,
        "url": f"/sim/files/{data[kind]['file_id']}",
        "name": data[kind].get("file_name", ""),
        "size": data[kind].get("file_size", 0),
        **told,
    }


def _document(document: Any) -> JsonDict | None:
    if not document:
        return None
    return {
        "url": f"/sim/files/{document['file_id']}",
        "name": document.get("file_name", ""),
        "size": document["file_size"],
        "mime": document.get("mime_type", ""),
    }


def _poll(world: World, poll: Any, viewer_id: int | None) -> JsonDict | None:
    if not poll:
        return None
    found: JsonDict = dict(poll)
    known = world.polls.get(poll["id"])
    if viewer_id is not None and known is not None:
        found["chosen"] = known.votes.get(viewer_id, [])
    return found


def _quotation(world: World, chat: Chat, replied: JsonDict) -> JsonDict:
    original = chat.messages.get(replied["message_id"])
    text = replied.get("text", replied.get("caption", ""))
    return {
        "id": replied["message_id"],
        "from_name": replied["from"]["first_name"],
        "text": text or (summary(original) if original is not None else None),
    }


def _button(button: JsonDict) -> JsonDict:
    found: JsonDict = {"text": button["text"]}
    if "callback_data" in button:
        found["data"] = button["callback_data"]
    if "url" in button:
        found["url"] = button["url"]
    if "copy_text" in button:
        found["copy_text"] = button["copy_text"]["text"]
    for name in ("switch_inline_query", "switch_inline_query_current_chat"):
        if name in button:
            found[name] = button[name]
    return found


def inline_view(asked: InlineQuery) -> JsonDict:
    """An inline query with what the bot offers; ``answered`` is false when it did not answer in time."""
    return {
        "id": asked.id,
        "answered": asked.results is not None,
        "button": asked.button,
        "results": [
            {
                "id": str(result.get("id")),
                "title": str(result.get("title", "")),
                "description": str(result.get("description", "")),
            }
            for result in asked.results or []
        ],
    }


def event_view(world: World, event: Event) -> JsonDict:
    """An event as the page's stream carries it; fields that do not apply are left out."""
    view: JsonDict = {"type": event.type}
    if event.chat_id is not None:
        view["chat_id"] = event.chat_id
    if event.viewer is not None:
        view["viewer"] = event.viewer
    if event.message_id is not None:
        view["message_id"] = event.message_id
    if event.type in ("message", "edit") and event.message is not None:
        view["message"] = message_view(world, event.message)
    if event.type in ("answer", "action"):
        view["text"] = event.text or ""
    if event.type == "answer":
        view["alert"] = event.alert
    return view


def call_view(number: int, call: Call) -> JsonDict:
    """An entry of the log of calls."""
    return {
        "number": number,
        "at": call.at.isoformat(),
        "method": NAMES.get(call.method, call.method),
        "status": call.status,
        "ms": round(call.ms, 2),
        "description": call.description,
        "params": call.params,
        "result": call.result,
    }


def is_about(call: Call, chat_id: int, message_id: int) -> bool:
    """Whether a call made or named this message."""
    if str(call.params.get("chat_id")) != str(chat_id):
        return False
    if str(call.params.get("message_id")) == str(message_id):
        return True
    return isinstance(call.result, dict) and call.result.get("message_id") == message_id
