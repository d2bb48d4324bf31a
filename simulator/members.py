"""``ChatMember`` in its six forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.model import ADMIN_RIGHTS, Chat, Member
from simulator.wire import JsonDict

if TYPE_CHECKING:
    from simulator.world import World

OTHER_RIGHTS = ("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages")
MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def member_json(world: World, member: Member) -> JsonDict:
    """The Bot API ``ChatMember`` for this place in a chat."""
    found: JsonDict = {"user": world.user(member.user_id), "status": member.status}
    if member.status == "creator":
        found["is_anonymous"] = member.is_anonymous
    elif member.status == "administrator":
        found["can_be_edited"] = False
        found["is_anonymous"] = member.is_anonymous
        found.update((right, right in member.rights) for right in (*ADMIN_RIGHTS, *OTHER_RIGHTS))
    elif member.status == "kicked":
        found["until_date"] = member.until
    elif member.status == "restricted":
        found["is_member"] = True
        found["until_date"] = member.until
        found.update((right, right in member.rights) for right in MEMBER_RIGHTS)
    if member.custom_title and member.is_admin:
        found["custom_title"] = member.custom_title
    return found


def member_change(world: World, chat: Chat, by: int, old: Member, new: Member) -> JsonDict:
    """The Bot API ``ChatMemberUpdated``."""
    return {
        "chat": chat.json(),
        "from": world.user(by),
        "date": world.timestamp(),
        "old_chat_member": member_json(world, old),
        "new_chat_member": member_json(world, new),
    }
