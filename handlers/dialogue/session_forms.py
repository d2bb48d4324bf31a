"""The forms in which the committee words a dialogue session: its topic and question, and its headings."""

from __future__ import annotations

from typing import Any

from bot.domain.dialogue import session_setup, sessions
from bot.domain.dialogue.sessions import MAY_SWITCH
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Facts, Invalid, Text
from bot.domain.meeting import meetings
from bot.i18n import N_
from bot.storage.meetings import Meeting
from bot.storage.sessions import Session
from handlers.dialogue.session_card import card
from handlers.dialogue.submission_form import in_words
from handlers.forms import forms
from handlers.forms.form_views import FormWords
from handlers.routing import Tap
from handlers.taps import number
from handlers.turn import Turn

WORDS, HEADINGS = "session", "session-headings"
TOPIC, PROMPT = 120, 500
"""Characters of a topic and of the question under it."""


async def on_new(turn: Turn) -> None:
    """Into the form for a new session."""
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, *MAY_SWITCH)
    await forms.begin(turn, WORDS, {"meeting": meeting.id, "session": 0})


async def on_words(turn: Turn) -> None:
    """Into the form that words a session anew, with what it says now."""
    session, meeting = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(
        turn,
        WORDS,
        {"meeting": meeting.id, "session": session.id},
        {"topic": turn.t.pick(session.topic), "prompt": turn.t.pick(session.prompt) or None},
    )


async def on_headings(turn: Turn) -> None:
    """Into the form for the headings under which submissions are sorted."""
    session, _ = await sessions.for_staff(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, HEADINGS, {"session": session.id, "before": ", ".join(session.topics) or "–"})


async def _finish_words(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    # In the language in which it was written: a translation of other words would say something else.
    topic = {turn.t.locale: answers["topic"]}
    prompt = {turn.t.locale: answers["prompt"]} if answers["prompt"] else {}
    if facts["session"]:
        session = await session_setup.reword(turn.tx, facts["session"], turn.user.id, topic, prompt, turn.now)
        _, meeting = await sessions.for_staff(turn.tx, session.id, turn.user.id)
    else:
        session, meeting = await session_setup.create(
            turn.tx, facts["meeting"], turn.user.id, topic, prompt, turn.now
        )
    await _show(turn, session, meeting)


async def _finish_headings(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    lines = [line.strip() for line in (answers["headings"] or "").splitlines()]
    session = await session_setup.set_topics(
        turn.tx, facts["session"], turn.user.id, [line for line in lines if line], turn.now
    )
    _, meeting = await sessions.for_staff(turn.tx, session.id, turn.user.id)
    await _show(turn, session, meeting)


async def _show(turn: Turn, session: Session, meeting: Meeting) -> None:
    turn.reply(*await card(turn, session, meeting))


def _short_lines(text: str, _context: object) -> Invalid | None:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > session_setup.TOPICS or any(len(line) > session_setup.HEADING_LIMIT for line in lines):
        return Invalid(
            N_(
                "Please write at most {most} headings, each on a line of its own and of at most {length} characters."
            ),
            {"most": session_setup.TOPICS, "length": session_setup.HEADING_LIMIT},
        )
    return None


forms.register(
    forms.FormJourney(
        form=Form(
            name=WORDS,
            version=1,
            questions=(
                Text(
                    key="topic",
                    prompt=N_("What is the session about? This is its name for everybody."),
                    hint=N_("For example: Challenges and solutions on polling day"),
                    label=N_("Topic"),
                    max_length=TOPIC,
                    check=in_words,
                ),
                Text(
                    key="prompt",
                    prompt=N_("Which question should people answer?"),
                    hint=N_(
                        "It stands above the field in which they write. Skip it if the topic says enough."
                    ),
                    label=N_("Question"),
                    max_length=PROMPT,
                    multiline=True,
                    optional=True,
                ),
            ),
        ),
        words=FormWords(
            title=N_("dialogue session"),
            again=N_("/sessions"),
            send=N_("Save"),
            check=N_("Who may write what, and when the session opens, you set next."),
        ),
        finish=_finish_words,
    )
)
forms.register(
    forms.FormJourney(
        form=Form(
            name=HEADINGS,
            version=1,
            questions=(
                Text(
                    key="headings",
                    prompt=N_(
                        "Under which headings should submissions be sorted? People choose one, and moderators can"
                        " change it.\n\nNow: {before}"
                    ),
                    hint=N_("One heading a line. Skip it for no headings."),
                    label=N_("Headings"),
                    max_length=600,
                    multiline=True,
                    optional=True,
                    check=_short_lines,
                ),
            ),
        ),
        words=FormWords(title=N_("list of headings"), again=N_("/sessions"), send=N_("Save")),
        finish=_finish_headings,
    )
)

TAPS = (
    Tap("session-new", on_new),
    Tap("session-words", on_words),
    Tap("session-headings", on_headings),
)
