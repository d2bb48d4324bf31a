"""The bot in groups: it greets, shows the agenda, carries broadcasts, and leads to the private chat for the rest."""

from __future__ import annotations

from html import escape

from telegram import Chat, ChatMember, ChatMemberRestricted, Message

from bot.delivery.reach import follow_group
from bot.domain import roles
from bot.domain.errors import NotAllowed
from bot.domain.meeting import group_news, meetings
from bot.i18n import N_
from bot.storage import actions, groups, people
from bot.storage.meetings import OPEN, RUNNING
from handlers import private_chat
from handlers.meeting import agenda
from handlers.notices import office_questions
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import BadTap, tap
from handlers.turn import Turn


async def on_membership(turn: Turn) -> None:
    """The bot's own place in a chat changed: a person blocked it, or a group took it in or put it out."""
    change = turn.update.my_chat_member
    assert change is not None
    if change.chat.type == Chat.PRIVATE:
        reachable = _is_inside(change.new_chat_member)
        await people.mark(turn.tx, change.chat.id, people.REACHABLE if reachable else people.BLOCKED)
        return
    if change.chat.type == Chat.CHANNEL:
        return
    before = await groups.find(turn.tx, change.chat.id)
    reach = _reach(change.new_chat_member)
    group = await groups.see(turn.tx, change.chat.id, change.chat.title or "", reach)
    if before is not None and before.reach != reach:
        await group_news.tell(turn.tx, group, reach, turn.now)
    if reach == groups.REACHABLE and not _is_inside(change.old_chat_member):
        turn.reply(
            turn.t.gettext(
                "👋 Good day. I am the assistant of the coordination meeting.\n\n/agenda shows what is on now. The"
                " committee connects this group to its meeting with /bind. For registration and feedback please write"
                " to me in private."
            ),
            [[private_chat.button(turn)]],
        )


def _is_inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):  # a restriction outlives that its member leaves
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)


def _reach(member: ChatMember) -> str:
    """What the bot's place in a group means for what it sends there."""
    if not _is_inside(member):
        return groups.REMOVED
    muted = isinstance(member, ChatMemberRestricted) and not member.can_send_messages
    return groups.MUTED if muted else groups.REACHABLE


async def on_group_message(turn: Turn) -> None:
    """Follow a group that becomes a supergroup; take answers to notices. All else between people is left to people."""
    message = turn.update.message
    if message is None:
        return
    if message.migrate_to_chat_id:
        await follow_group(turn.tx, turn.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        await follow_group(turn.tx, message.migrate_from_chat_id, turn.chat.id)
    else:
        await office_questions.take(turn)


async def on_bind(turn: Turn) -> None:
    """/ikat: connect the group, or the forum topic in which it is sent, to the organiser's current meeting."""
    if turn.is_private:
        turn.reply(turn.t.gettext("Add me to the group first, then type /bind in that group."))
    elif _is_anonymous(turn):
        _ask_who(turn, "group-bind", turn.t.gettext("Connect as the committee"))
    else:
        await _bind(turn)


def _is_anonymous(turn: Turn) -> bool:
    """Whether an administrator writes in the name of the group, so that nobody can tell their role."""
    message = turn.update.message
    return message is not None and message.sender_chat is not None and message.sender_chat.id == turn.chat.id


def _ask_who(turn: Turn, kind: str, label: str) -> None:
    """Offer a button: Telegram tells who taps it, also of an anonymous administrator."""
    turn.reply(
        turn.t.gettext(
            "You write in the name of the group, so I cannot see whether you belong to the committee. Tap the button:"
            " only I see who taps it."
        ),
        [[tap(label, kind)]],
    )


async def on_bind_tap(turn: Turn) -> None:
    """The button for anonymous administrators; in private it does nothing."""
    if turn.is_private:
        raise BadTap("tapped in private")
    try:
        await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    except NotAllowed:
        turn.answer(
            turn.t.gettext("Only the committee of the office can connect a group to its meeting."), alert=True
        )
        return
    await _bind(turn)


async def on_unbind_tap(turn: Turn) -> None:
    if turn.is_private:
        raise BadTap("tapped in private")
    await _unbind(turn)


async def _bind(turn: Turn) -> None:
    t = turn.t
    try:
        meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    except NotAllowed:
        turn.reply(t.gettext("Only the committee of the office can connect a group to its meeting."))
        return
    group = await groups.see(turn.tx, turn.chat.id, turn.chat.title or "")
    if group.office_id not in (None, meeting.office_id):
        turn.reply(
            t.gettext(
                "This group is connected to a meeting of another office. The committee there can end that with /unbind;"
                " then you can connect it."
            )
        )
        return
    message = turn.message
    thread_id = (
        message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    )
    await groups.bind(turn.tx, turn.chat.id, meeting.office_id, meeting.id, thread_id, turn.now)
    await _record(turn, "group.bound", meeting.office_id, meeting.id)
    turn.reply(
        t.gettext(
            "🔗 This group is now connected to <b>{title}</b>. Announcements and reminders arrive here."
        ).format(title=escape(t.pick(meeting.title)))
    )
    if meeting.state in (OPEN, RUNNING):
        turn.reply(*await agenda.shown(turn, meeting))


async def on_unbind(turn: Turn) -> None:
    """/lepas: end the connection of the group to its meeting."""
    if not turn.is_private and _is_anonymous(turn):
        _ask_who(turn, "group-unbind", turn.t.gettext("End the connection as the committee"))
        return
    await _unbind(turn)


async def _unbind(turn: Turn) -> None:
    group = None if turn.is_private else await groups.find(turn.tx, turn.chat.id)
    if group is None or group.office_id is None:
        turn.reply(turn.t.gettext("This chat is not connected to a meeting."))
        return
    await roles.require(turn.tx, group.office_id, turn.user.id, roles.ORGANISER)
    await groups.unbind(turn.tx, turn.chat.id)
    await _record(turn, "group.unbound", group.office_id, group.meeting_id)
    turn.reply(turn.t.gettext("The connection of this group to the meeting has ended."))


async def _record(turn: Turn, action: str, office_id: int, meeting_id: int | None) -> None:
    await actions.record(
        turn.tx,
        office_id=office_id,
        meeting_id=meeting_id,
        person_id=turn.user.id,
        action=action,
        now=turn.now,
        chat=turn.chat.id,
    )


JOURNEY = Journey(
    commands=(
        Command(
            ("ikat", "bind"),
            on_bind,
            N_("Connect this group to the meeting"),
            frozenset({Audience.GROUP}),
            in_groups=True,
        ),
        Command(
            ("lepas", "unbind"),
            on_unbind,
            N_("End the connection to the meeting"),
            frozenset({Audience.GROUP}),
            in_groups=True,
        ),
    ),
    taps=(Tap("group-bind", on_bind_tap), Tap("group-unbind", on_unbind_tap)),
)
