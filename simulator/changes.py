"""What people do to messages that are there: edit, delete, read, react, vote."""

from __future__ import annotations

from simulator.errors import ActError
from simulator.file_json import CAPTIONED
from simulator.markup.text import CAPTION_LIMIT, TEXT_LIMIT, format_text
from simulator.markup.utf16 import utf16_length
from simulator.model import Event, Message
from simulator.people import deliver, reader, writer
from simulator.polls import count_votes
from simulator.wire import JsonDict
from simulator.world import World

REACTIONS = frozenset(
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤️‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾"  # noqa: SIM905
    " 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾"
    " 🤷‍♂️ 🤷 🤷‍♀️ 😡".split()
)
"""What may be put on a message: Bot API, ReactionTypeEmoji."""
EDITABLE_SECONDS = 48 * 3600
"""How long one's own message can be changed: telegram.org/faq, "Can I edit messages"."""


def edit(world: World, person_id: int, chat_id: int, message_id: int, text: str) -> Message:
    """Change the text, or a file's caption, of one's own message; an edit that changes nothing is none.

    Raises:
        ActError: it is somebody else's, older than two days, or nothing that clients edit.
    """
    _, chat = writer(world, person_id, chat_id)
    message = chat.messages.get(message_id)
    if message is None or message.sender_id != person_id or message.service:
        raise ActError("Only one's own message can be edited.")
    if "via_bot" in message.data or not message.data.keys() & {"text", *CAPTIONED}:
        raise ActError("This message cannot be edited.")
    if world.timestamp() - message.date > EDITABLE_SECONDS:
        raise ActError("This message is too old to be edited.")
    is_text = "text" in message.data
    plain, entities = format_text(text if is_text else text[:CAPTION_LIMIT], parse_mode=None, entities=None)
    if is_text and not plain:
        raise ActError("There is nothing to send.")
    if utf16_length(plain) > TEXT_LIMIT:
        raise ActError("This text is too long.")
    field, listed = ("text", "entities") if is_text else ("caption", "caption_entities")
    if message.data.get(field, "") == plain:
        return message
    data = {**message.data, field: plain, "edit_date": world.timestamp()}
    data.pop(listed, None)
    if not plain:
        del data[field]
    if entities:
        data[listed] = entities
    message.data = data
    world.changed(message)
    deliver(world, "edited_message", message)
    return message


def delete(world: World, person_id: int, chat_id: int, message_id: int) -> None:
    """Delete a message for everybody; the bot is not told, as with Telegram.

    One's own, with a bot also the bot's, and as an administrator of a group anybody's.
    """
    _, chat = reader(world, person_id, chat_id)
    message = chat.messages.get(message_id)
    if message is None:
        raise ActError("This message is gone.")
    if message.sender_id != person_id and not (
        chat.is_private or chat.members[person_id].may("can_delete_messages")
    ):
        raise ActError("Only one's own message can be deleted.")
    world.delete(message)


def vote(world: World, person_id: int, chat_id: int, message_id: int, options: list[int]) -> None:
    """Vote in a poll; an empty list takes the vote back."""
    person, chat = reader(world, person_id, chat_id)
    message = chat.messages.get(message_id)
    poll = world.polls.get(message.data["poll"]["id"]) if message and "poll" in message.data else None
    if poll is None or poll.data["is_closed"]:
        raise ActError("This poll is closed.")
    if any(not 0 <= option < len(poll.data["options"]) for option in options):
        raise ActError("There is no such option.")
    if len(options) > 1 and not poll.data["allows_multiple_answers"]:
        raise ActError("One option only.")
    if not poll.data["allows_revoting"] and (person_id in poll.votes or not options):
        raise ActError("Here one votes once.")
    if options:
        poll.votes[person_id] = sorted(set(options))
    else:
        poll.votes.pop(person_id, None)
    count_votes(poll.data, poll.votes)
    world.updates.put("poll", poll.data, lane=0)
    if not poll.data["is_anonymous"]:
        chosen = poll.votes.get(person_id, [])
        is_anonymous = not chat.is_private and chat.members[person_id].is_anonymous
        voter: JsonDict = {"voter_chat": chat.json()} if is_anonymous else {"user": person.user()}
        answer = {
            "poll_id": poll.data["id"],
            **voter,
            "option_ids": chosen,
            "option_persistent_ids": [poll.data["options"][number]["persistent_id"] for number in chosen],
        }
        world.updates.put("poll_answer", answer, lane=person_id)
    world.changed(poll.message)


def react(world: World, person_id: int, chat_id: int, message_id: int, emoji: str | None) -> None:
    """Put a reaction on a message in place of one's own before; None takes it back.

    In a group only an administrator bot hears of it, and never without having asked for
    ``message_reaction``: Bot API, MessageReactionUpdated and getUpdates.
    """
    person, chat = reader(world, person_id, chat_id)
    message = chat.messages.get(message_id)
    if message is None or message.service:
        raise ActError("This message is gone.")
    if emoji and emoji not in REACTIONS:
        raise ActError("Telegram has no such reaction.")
    old = message.reactions.get(person_id)
    if old == emoji:
        return
    message.reactions.pop(person_id, None)
    if emoji:
        message.reactions[person_id] = emoji
    if chat.is_private or world.bot_member(chat).is_admin:
        is_anonymous = not chat.is_private and chat.members[person_id].is_anonymous
        actor = {"actor_chat": chat.json()} if is_anonymous else {"user": person.user()}
        world.updates.put(
            "message_reaction",
            {
                "chat": chat.json(),
                "message_id": message_id,
                **actor,
                "date": world.timestamp(),
                "old_reaction": [{"type": "emoji", "emoji": old}] if old else [],
                "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
            },
            lane=chat.id,
        )
    world.changed(message)


def read(world: World, person_id: int, chat_id: int, topic_id: int | None = None) -> None:
    """Mark a chat as read for this person, or one topic of a forum (0 is the general one)."""
    _, chat = reader(world, person_id, chat_id)
    places = [place for place in chat.unread_topics if place[0] == person_id]
    if topic_id is None or not chat.is_forum:
        count = chat.unread.get(person_id, 0)
    else:
        places = [place for place in places if place[1] == topic_id]
        count = sum(chat.unread_topics[place] for place in places)
    for place in places:
        del chat.unread_topics[place]
    left = chat.unread.pop(person_id, 0) - count
    if left > 0:
        chat.unread[person_id] = left
    if count:
        world.emit(Event("read", chat_id, viewer=person_id))
