"""Making a reminder: a rule card or a text, to whom; and changing either afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.domain import roles
from bot.domain.errors import NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Attachment, Choice, Facts, Option, Text
from bot.domain.meeting import meetings
from bot.domain.notices.audience import Audience
from bot.domain.notices.broadcasts import SERVICE
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders import reminders
from bot.domain.rules import office_rules
from bot.domain.rules.rules import Card, rulebook
from bot.i18n import LOCALES, N_, translator
from bot.storage import reminders as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from handlers.forms import forms
from handlers.notices import audience
from handlers.notices.approvals import ask_for_reminders
from handlers.reminders import reminder_views as views
from handlers.reminders import schedule_pages, schedule_times
from handlers.routing import Journey, Tap
from handlers.rules import rule_views
from handlers.taps import Button, number, tap
from handlers.turn import Turn

HITS = 6
"""Cards that a search offers."""
TEXT_LIMIT, CAPTION_LIMIT = 2000, 750
"""Characters of a text, and of one that goes with a file (a caption has 1,024: Bot API; the title needs some)."""
OTHER = "other"
"""The option for a text that belongs to no topic."""


async def on_new(turn: Turn) -> None:
    """A card or a text?"""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    t = turn.t
    turn.edit(
        t.gettext(
            "➕ <b>New reminder</b>\n\nWhat should it say? A rule card brings its legal basis, its sources and both"
            " languages along; a text is what you write yourself."
        ),
        [
            [tap(t.gettext("📘 A rule card"), "reminder-topics", meeting.id)],
            [tap(t.gettext("✍️ A text"), "reminder-write", meeting.id)],
            [tap(t.gettext("‹ All reminders"), "schedule", meeting.id, 0)],
        ],
    )


async def on_topics(turn: Turn) -> None:
    """Choose the topic of the card, or search by words."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    t = turn.t
    book = (await office_rules.of_office(turn.tx, meeting.office_id)).book
    topics = [
        tap(
            f"{t.pick(topic.name)} ({len(book.of_topic(topic.id))})",
            "reminder-cards",
            meeting.id,
            topic.id,
            0,
        )
        for topic in book.topics
    ]
    turn.edit(
        t.gettext("📘 <b>Which card?</b>\n\nChoose its topic, or search by words."),
        [
            [tap(t.gettext("🔎 Search by words"), "reminder-search", meeting.id)],
            *(topics[place : place + 2] for place in range(0, len(topics), 2)),
            [tap(t.gettext("‹ Back"), "reminder-new", meeting.id)],
        ],
    )


async def on_cards(turn: Turn) -> None:
    """The cards of a topic."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    topic_id = turn.args[1]
    rules = await office_rules.of_office(turn.tx, meeting.office_id)
    topic = rules.book.topic(topic_id)
    if topic is None:
        raise NotFound
    cards = rules.book.of_topic(topic_id)
    page, shown = views.page_of(cards, number(turn.args[2]))
    heading = turn.t.gettext("📘 <b>{topic}</b>").format(topic=escape(turn.t.pick(topic.name)))
    text, rows = _offered(turn, meeting, rules, shown, page * views.PAGE + 1)
    back = [tap(turn.t.gettext("‹ Topics"), "reminder-topics", meeting.id)]
    paging = views.turning(page, len(cards), "reminder-cards", meeting.id, topic_id)
    turn.edit(f"{heading}\n\n{text}", [*rows, paging, back])


def _offered(
    turn: Turn, meeting: Meeting, rules: office_rules.OfficeRules, cards: Sequence[Card], first: int
) -> tuple[str, list[list[Button]]]:
    text = rule_views.listed(turn.t, cards, first, rules.is_draft)
    rows = [
        [
            tap(
                f"{place}. {rule_views.clipped(turn.t, card)}",
                "reminder-take",
                meeting.id,
                card.code,
            )
        ]
        for place, card in enumerate(cards, first)
    ]
    return text, rows


async def on_search(turn: Turn) -> None:
    """Ask for the words."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    await forms.begin(turn, SEARCH.name, {"meeting": meeting.id})


async def _finish_search(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    t = turn.t
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, roles.ORGANISER)
    rules = await office_rules.of_office(turn.tx, meeting.office_id)
    cards = [hit.card for hit in rules.index.search(answers["words"], HITS)]
    back = [tap(t.gettext("‹ Topics"), "reminder-topics", meeting.id)]
    if not cards:
        turn.reply(t.gettext("No card fits these words. Try others, or choose a topic."), [back])
        return
    text, rows = _offered(turn, meeting, rules, cards, 1)
    turn.reply(t.gettext("🔎 <b>Cards that may fit</b>") + f"\n\n{text}", [*rows, back])


async def on_take(turn: Turn) -> None:
    """Begin a reminder that sends a card, and go on to whom it is for."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    book = (await office_rules.of_office(turn.tx, meeting.office_id)).book
    card = book.by_code(turn.args[1])
    if card is None:
        raise NotFound
    reminder = await editing.begin_with_card(turn.tx, meeting, turn.user.id, card.id, turn.now)
    await audience.choose(turn, meeting, PURPOSE, reminder.id, reminders.audience_of(reminder))


async def on_write(turn: Turn) -> None:
    """Ask for the text of a new reminder."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    await forms.begin(turn, TEXT.name, {"meeting": meeting.id, "reminder": 0})


async def on_text(turn: Turn) -> None:
    """Change the text of one."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if reminder.rule_id is not None:
        raise NotFound
    answers = {
        "title": turn.t.pick(reminder.title),
        "attachment": reminder.attachment,
        "text": reminder.text.get("id") or turn.t.pick(reminder.text),
        "english": reminder.text.get("en"),
        "topic": reminder.topic or OTHER,
    }
    await forms.begin(turn, TEXT.name, {"meeting": meeting.id, "reminder": reminder.id}, answers)


async def _finish_text(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    text = {"id": answers["text"], "en": answers["english"] or answers["text"]}
    title = dict.fromkeys(LOCALES, answers["title"])
    topic = "" if answers["topic"] == OTHER else answers["topic"]
    if facts["reminder"]:
        changed = await editing.set_text(
            turn.tx,
            facts["reminder"],
            turn.user.id,
            turn.now,
            title=title,
            text=text,
            topic=topic,
            attachment=answers["attachment"],
        )
        await show_changed(turn, changed, await editing.meeting_of(turn.tx, changed), anew=True)
        return
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, roles.ORGANISER)
    made = await editing.begin(
        turn.tx,
        meeting,
        turn.user.id,
        turn.now,
        title=title,
        text=text,
        topic=topic,
        attachment=answers["attachment"],
    )
    await audience.choose(turn, meeting, PURPOSE, made.id, reminders.audience_of(made))


async def on_recipients(turn: Turn) -> None:
    """Change whom it goes to."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await audience.choose(turn, meeting, PURPOSE, reminder.id, reminders.audience_of(reminder))


async def _chosen(turn: Turn, meeting: Meeting, chosen: Audience, subject: int) -> None:
    changed = await editing.set_audience(turn.tx, subject, turn.user.id, chosen, turn.now)
    if changed.state == stored.DRAFT and not editing.has_time(changed):
        await schedule_times.ask(turn, changed, meeting)
    else:
        await show_changed(turn, changed, meeting)


async def _cancelled(turn: Turn, meeting: Meeting, subject: int) -> None:
    reminder, _ = await reminders.for_organiser(turn.tx, subject, turn.user.id)
    await schedule_pages.show(turn, reminder, meeting)


async def show_changed(
    turn: Turn, reminder: stored.Reminder, meeting: Meeting, *, anew: bool = False
) -> None:
    """Show a reminder after a change, and ask the second organiser anew where that is needed."""
    await schedule_pages.show(turn, reminder, meeting, anew=anew)
    if await editing.wants_approval(turn.tx, reminder, meeting):
        await ask_for_reminders(turn, [reminder], meeting)


async def on_card(turn: Turn) -> None:
    """The whole card that a reminder sends."""
    reminder, meeting = await reminders.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    rules = await office_rules.of_office(turn.tx, meeting.office_id)
    card = rules.book.card(reminder.rule_id or "")
    if card is None:
        raise NotFound
    turn.reply(
        rule_views.short(turn.t, card, is_draft=rules.is_draft(card)),
        [[tap(turn.t.gettext("Open it among the rules"), "rule", card.code, f"t.{card.topics[0]}")]],
    )


async def _topics(_tx: Transaction, _answers: Answers, _facts: Facts) -> Sequence[Option]:
    about = {
        SERVICE: N_("About the meeting: reaches everybody who takes part"),
        OTHER: N_("About something else"),
    }
    named = [Option(topic.id, dict(topic.name)) for topic in rulebook().topics]
    options = [
        Option(value, {locale: translator(locale).gettext(label) for locale in LOCALES})
        for value, label in about.items()
    ]
    return [options[0], *named, options[1]]


def _longest(answers: Answers, _: Facts) -> int:
    return CAPTION_LIMIT if answers.get("attachment") else TEXT_LIMIT


SEARCH = Form(
    "reminder-search",
    1,
    (
        Text(
            key="words",
            prompt=N_("What is the card about?"),
            hint=N_("A few words, for example: ASN like postingan"),
            label=N_("Words"),
            max_length=200,
        ),
    ),
    review=False,
)

TEXT = Form(
    "reminder-text",
    1,
    (
        Text(
            key="title",
            prompt=N_("What is the reminder called?"),
            hint=N_("A short title; it stands in bold above the text."),
            label=N_("Title"),
            max_length=120,
        ),
        Attachment(
            key="attachment",
            prompt=N_("Send a picture or a document that goes with it, or skip this."),
            label=N_("File"),
            optional=True,
        ),
        Text(
            key="text",
            prompt=N_("What should the reminder say?"),
            hint=N_("In Indonesian, as people will read it."),
            label=N_("Text"),
            max_length=_longest,
            multiline=True,
        ),
        Text(
            key="english",
            prompt=N_("And in English?"),
            hint=N_("For those who read English; without it they get the Indonesian text."),
            label=N_("English"),
            max_length=_longest,
            multiline=True,
            optional=True,
        ),
        Choice(
            key="topic",
            prompt=N_("What is it about? People can stop reminders by topic."),
            label=N_("Topic"),
            options=_topics,
        ),
    ),
)

PURPOSE = "reminder"
audience.register(audience.Purpose(PURPOSE, _chosen, _cancelled, regulation=True))

for form, title, send, finish in (
    (SEARCH, N_("search for a card"), N_("Send"), _finish_search),
    (TEXT, N_("reminder"), N_("Go on"), _finish_text),
):
    forms.register(
        forms.FormJourney(
            form=form, words=forms.FormWords(title=title, again=N_("/schedule"), send=send), finish=finish
        )
    )

JOURNEY = Journey(
    taps=(
        Tap("reminder-new", on_new),
        Tap("reminder-topics", on_topics),
        Tap("reminder-cards", on_cards),
        Tap("reminder-search", on_search),
        Tap("reminder-take", on_take),
        Tap("reminder-write", on_write),
        Tap("reminder-text", on_text),
        Tap("reminder-to", on_recipients),
        Tap("reminder-card", on_card),
    ),
)
