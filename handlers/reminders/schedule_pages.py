"""The page of one reminder for its organisers: what it says, to whom, when, and all that can be done with it."""

from __future__ import annotations

from html import escape

from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders import reminder_quizzes, reminder_times, reminders, wordings
from bot.domain.reminders.wordings import Wording
from bot.domain.rules import calendars
from bot.domain.rules.rules import rulebook
from bot.i18n import LOCALES, translator
from bot.storage import reminders as stored
from bot.storage.meetings import Meeting
from bot.storage.reminders import Reminder
from handlers.notices import audience, broadcast_views, quiz_views
from handlers.reminders import reminder_views as views
from handlers.reminders import schedule_words
from handlers.taps import Button, tap
from handlers.turn import Turn

DATES = 10
"""Due times that a page shows."""

LANGUAGES = {"id": "Indonesia", "en": "English"}
"""Short enough for two buttons in a row."""


async def show(turn: Turn, reminder: Reminder, meeting: Meeting, *, anew: bool = False) -> None:
    """Show a reminder in the place of the tapped message, or (``anew``) in a message of its own."""
    text, buttons = await _page(turn, reminder, meeting)
    if anew:
        turn.reply(text, buttons)
    else:
        turn.edit(text, buttons)


async def _page(turn: Turn, reminder: Reminder, meeting: Meeting) -> tuple[str, list[list[Button]]]:
    t = turn.t
    wording = await wordings.of(turn.tx, reminder)
    parts = [views.teaser(t, wording), "\n".join(await _facts(turn, reminder, meeting, wording))]
    dates = await _dates(turn, reminder, meeting)
    if dates:
        parts.append(dates)
    parts += await _warnings(turn, reminder, meeting, wording)
    if reminder.state == stored.DRAFT:
        heading = t.gettext("🆕 <b>New reminder</b>: please check it before you save it.")
        return "\n\n".join((heading, *parts)), await _draft_buttons(turn, reminder)
    return "\n\n".join(parts), await _buttons(turn, reminder, meeting)


async def _facts(turn: Turn, reminder: Reminder, meeting: Meeting, wording: Wording) -> list[str]:
    t = turn.t
    whom = reminders.audience_of(reminder)
    count = await reminders.reach(turn.tx, reminder, meeting)
    facts = [
        t.gettext("Goes to: {audience} ({chats})").format(
            audience=escape(await audience.describe(turn, meeting, whom), quote=False),
            chats=broadcast_views.chats(t, count),
        ),
    ]
    if editing.has_time(reminder):
        calendar = await calendars.of_office(turn.tx, meeting.office_id)
        words = schedule_words.rule(t, reminder.schedule, calendar, meeting.timezone)
        facts.append(t.gettext("Schedule: {rule}").format(rule=words))
    kind = kind_name(turn, wording)
    if kind:
        facts.append(t.gettext("Kind: {kind}").format(kind=escape(kind, quote=False)))
    if reminder.attachment is not None:
        facts.append(t.gettext("With a file or picture"))
    quiz = await reminder_quizzes.question_of(turn.tx, reminder)
    if quiz is not None:
        facts.append(quiz_views.asked(t, quiz))
    if reminder.state != stored.DRAFT:
        entry = await reminders.entry(turn.tx, reminder, meeting)
        facts.append(views.when(t, entry, meeting))
        if entry.last is not None and (entry.next_at is not None or reminder.state == stored.PAUSED):
            facts.append(views.last(t, entry.last, meeting))
    return facts


def kind_name(turn: Turn, wording: Wording) -> str:
    """What people stop when they stop this kind; empty for what has no topic."""
    if wording.is_service:
        return turn.t.gettext("about the meeting; cannot be stopped by participants")
    topic = rulebook().topic(wording.topic)
    return "" if topic is None else turn.t.pick(topic.name)


async def _dates(turn: Turn, reminder: Reminder, meeting: Meeting) -> str:
    if reminder.state == stored.PAUSED or not editing.has_time(reminder):
        return ""
    times = await reminder_times.times_of(turn.tx, meeting)
    dues = await reminder_times.upcoming(turn.tx, reminder, times, DATES)
    if not dues:
        return ""
    heading = turn.t.ngettext("<b>It goes out once</b>", "<b>The next {count} times</b>", len(dues)).format(
        count=len(dues)
    )
    return f"{heading}\n{schedule_words.due_times(turn.t, dues, meeting.timezone)}"


async def _warnings(turn: Turn, reminder: Reminder, meeting: Meeting, wording: Wording) -> list[str]:
    t = turn.t
    if wording.blocked:
        return [
            t.gettext(
                "⚠️ The card is not confirmed by your office, or no longer in force. As long as this is so, nothing is"
                " sent of it."
            )
        ]
    if await editing.wants_approval(turn.tx, reminder, meeting):
        return [t.gettext("✋ A second organiser has to approve it before it goes out.")]
    return []


def _previews(reminder: Reminder) -> list[Button]:
    return [tap(f"👁 {LANGUAGES[locale]}", "reminder-look", reminder.id, locale) for locale in LOCALES]


def _changes(turn: Turn, reminder: Reminder) -> list[Button]:
    t = turn.t
    buttons = [
        tap(t.gettext("Recipients"), "reminder-to", reminder.id),
        tap(t.gettext("Another time"), "reminder-time", reminder.id),
    ]
    if reminder.rule_id is None:
        buttons.insert(0, tap(t.gettext("Text"), "reminder-text", reminder.id))
    return buttons


async def _more(turn: Turn, reminder: Reminder) -> list[list[Button]]:
    """What comes along with the words: the card, and the question; a button each, as their labels are long."""
    t = turn.t
    has_question = await reminder_quizzes.question_of(turn.tx, reminder) is not None
    label = t.gettext("❓ Its question") if has_question else t.gettext("❓ Add a question")
    rows = [[tap(label, "reminder-quiz", reminder.id)]]
    if reminder.rule_id is not None:
        rows.insert(0, [tap(t.gettext("📘 See the card"), "reminder-card", reminder.id)])
    return rows


async def _draft_buttons(turn: Turn, reminder: Reminder) -> list[list[Button]]:
    t = turn.t
    rows = [_previews(reminder), _changes(turn, reminder), *await _more(turn, reminder)]
    last = [tap(t.gettext("Discard"), "reminder-delete", reminder.id, "yes")]
    if editing.has_time(reminder):
        last.insert(0, tap(t.gettext("✅ Save"), "reminder-save", reminder.id))
    return [*rows, last]


async def _buttons(turn: Turn, reminder: Reminder, meeting: Meeting) -> list[list[Button]]:
    t = turn.t
    paused = reminder.state == stored.PAUSED
    switch = (
        tap(t.gettext("Resume"), "reminder-resume", reminder.id)
        if paused
        else tap(t.gettext("Pause"), "reminder-pause", reminder.id)
    )
    second = [switch]
    if not paused and reminder.next_at is not None:
        seconds = int(reminder.next_at.timestamp())
        second.insert(0, tap(t.gettext("Skip the next"), "reminder-skip", reminder.id, seconds))
    rows = [
        [
            tap(t.gettext("Send now"), "reminder-now", reminder.id),
            tap(t.gettext("In one minute"), "reminder-soon", reminder.id),
        ],
        _previews(reminder),
        _changes(turn, reminder),
        *await _more(turn, reminder),
        second,
        [
            tap(t.gettext("Copy"), "reminder-copy", reminder.id),
            tap(t.gettext("Delete"), "reminder-delete", reminder.id, "ask"),
        ],
    ]
    if await editing.wants_approval(turn.tx, reminder, meeting):
        rows.insert(0, [tap(t.gettext("✋ Ask for the approval"), "reminder-ask", reminder.id)])
    return [*rows, [tap(t.gettext("‹ All reminders"), "schedule", meeting.id, 0)]]


async def look(turn: Turn, reminder: Reminder, locale: str) -> None:
    """Show the message as readers of a language get it, without its buttons, and what they are asked."""
    t = translator(locale)
    wording = await wordings.of(turn.tx, reminder)
    text = views.message(t, wording, short=reminder.attachment is not None)
    media = views.media_of(reminder.attachment)
    if media:
        turn.kept_file(media["kind"], media["file_id"], text)
    else:
        turn.reply(text)
    quiz = await reminder_quizzes.question_of(turn.tx, reminder)
    if quiz is not None:
        heading = t.gettext("❓ <b>Whoever notes it is asked</b>")
        turn.reply(f"{heading}\n\n{quiz_views.whole(quiz)}")
