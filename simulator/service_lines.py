"""The grey lines that tell what happened in a chat, in the page's languages."""

from __future__ import annotations

from simulator.model import Message
from simulator.wire import JsonDict

LINES = {
    "created": ("{name} membuat grup “{title}”", "{name} created the group “{title}”"),
    "titled": ("{name} mengganti nama grup menjadi “{title}”", "{name} renamed the group to “{title}”"),
    "photographed": ("{name} mengganti foto grup", "{name} changed the group's photo"),
    "bared": ("{name} menghapus foto grup", "{name} removed the group's photo"),
    "joined": ("{name} bergabung dengan grup", "{name} joined the group"),
    "added": ("{name} menambahkan {other}", "{name} added {other}"),
    "left": ("{name} keluar dari grup", "{name} left the group"),
    "removed": ("{name} mengeluarkan {other}", "{name} removed {other}"),
    "pinned": ("{name} menyematkan pesan", "{name} pinned a message"),
    "migrated": ("Grup ini menjadi supergrup", "This group became a supergroup"),
    "topic": ("{name} membuka topik “{title}”", "{name} opened the topic “{title}”"),
    "renamed": ("{name} mengganti nama topik menjadi “{title}”", "{name} renamed the topic to “{title}”"),
    "closed": ("{name} menutup topik ini", "{name} closed this topic"),
    "reopened": ("{name} membuka kembali topik ini", "{name} reopened this topic"),
    "hidden": ("{name} menyembunyikan topik ini", "{name} hid this topic"),
    "shown": ("{name} menampilkan lagi topik ini", "{name} showed this topic again"),
    "other": ("{name} mengubah grup ini", "{name} changed this group"),
}
"""What happened, in Indonesian and in English."""

_KINDS = {
    "group_chat_created": "created",
    "supergroup_chat_created": "created",
    "new_chat_title": "titled",
    "new_chat_photo": "photographed",
    "delete_chat_photo": "bared",
    "pinned_message": "pinned",
    "migrate_to_chat_id": "migrated",
    "migrate_from_chat_id": "migrated",
    "forum_topic_created": "topic",
    "forum_topic_edited": "renamed",
    "forum_topic_closed": "closed",
    "forum_topic_reopened": "reopened",
    "general_forum_topic_hidden": "hidden",
    "general_forum_topic_unhidden": "shown",
}


def service_line(message: Message, name: str) -> dict[str, str]:
    """By language, what a service message tells; ``name`` is who did it."""
    data = message.data
    kind, other = _kind(message, data)
    title = data.get("new_chat_title", message.chat.title)
    for field in ("forum_topic_created", "forum_topic_edited"):
        title = data.get(field, {}).get("name", title)
    indonesian, english = LINES[kind]
    fields = {"name": name, "other": other, "title": title}
    return {"id": indonesian.format(**fields), "en": english.format(**fields)}


def _kind(message: Message, data: JsonDict) -> tuple[str, str]:
    if "new_chat_members" in data:
        user = data["new_chat_members"][0]
        return ("joined" if user["id"] == message.sender_id else "added"), user["first_name"]
    if "left_chat_member" in data:
        user = data["left_chat_member"]
        return ("left" if user["id"] == message.sender_id else "removed"), user["first_name"]
    return next((kind for field, kind in _KINDS.items() if field in data), "other"), ""
