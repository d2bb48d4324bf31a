"""Forms with their words and their endings, known by name, and where a person stands in one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.forms import forms
from bot.domain.forms.forms import Form, Progress
from bot.domain.forms.questions import Answers, Facts, Option, Question, YesNo
from bot.storage import conversations
from bot.storage.values import from_json, to_json
from handlers.forms.form_views import FormWords
from handlers.taps import Button
from handlers.turn import Turn

Finish = Callable[[Turn, dict[str, Any], Facts], Awaitable[None]]
"""Gets every question's answer by key (None for one that was skipped or not asked), and the facts.

It runs inside the update's transaction. A Refusal that it raises undoes what it wrote and said; the draft stays, and
the person is told.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormJourney:
    """A form with its words and what happens at its end."""

    form: Form
    words: FormWords
    finish: Finish
    declined: Callable[[Turn, Facts], Awaitable[None]] | None = None
    """Says goodbye to who gives no consent; needed by a form with a question that must be agreed to."""
    ask_again: Mapping[type[Refusal], str] = field(default_factory=dict)
    """Which question is asked again when ``finish`` refuses for this reason; the review otherwise."""
    before_sending: Callable[[Turn, Answers, Facts], Awaitable[tuple[str, list[list[Button]]]]] | None = None
    """What the review says first (HTML; empty for nothing), and buttons that go above its own."""
    more: Callable[[Facts], Sequence[Question]] | None = None
    """Questions that follow those of the form and depend on what it is about; their keys must be their own."""

    def form_about(self, facts: Facts) -> Form:
        """The form with the questions that these facts add."""
        if self.more is None:
            return self.form
        return replace(self.form, questions=(*self.form.questions, *self.more(facts)))


@dataclass(frozen=True, slots=True)
class Next:
    """Another form that the person wants to begin, while it is asked what becomes of the present one."""

    name: str
    facts: Facts
    answers: Answers | None


@dataclass(frozen=True, slots=True)
class Part:
    """What the last message was a part of, when more may follow: apps cut long texts and send albums one by one."""

    album: str | None = None
    """Telegram's name of the album; None for a text that was too long."""
    message_id: int = 0
    sent_at: int = 0
    """By Telegram's clock, in seconds since 1970."""
    told: bool = False
    """Whether the person knows that the rest is passed over."""


@dataclass(slots=True)
class Held:
    """The form of this chat."""

    journey: FormJourney
    progress: Progress
    next: Next | None = None
    part: Part | None = None
    options: dict[str, Sequence[Option]] = field(default_factory=dict)
    """What questions offer, read once an update."""

    @property
    def form(self) -> Form:
        return self.journey.form_about(self.progress.facts)


_journeys: dict[str, FormJourney] = {}


def register(journey: FormJourney) -> FormJourney:
    """Make a form known by its name; the module that declares it does so when imported."""
    name = journey.form.name
    must_agree = any(isinstance(q, YesNo) and q.must_agree for q in journey.form.questions)
    if name in _journeys or (must_agree and journey.declined is None):
        raise ValueError(f"form {name!r} is declared twice or lacks an answer to who declines")
    _journeys[name] = journey
    return journey


def named(name: str) -> FormJourney:
    """The form of this name, which must be registered."""
    return _journeys[name]


def with_fact(progress: Progress, name: str, value: Any) -> Progress:
    """The same progress, with one more fact."""
    return replace(progress, facts={**progress.facts, name: value})


async def load(turn: Turn) -> Held | None:
    """The form that waits in this chat; None for none, or when the program no longer has it."""
    conversation = await conversations.find(turn.tx, turn.chat.id, turn.user.id)
    journey = _journeys.get(conversation.form) if conversation is not None else None
    if conversation is None or journey is None:
        return None
    stored = from_json(conversation.state)
    following = stored["next"]
    facts = from_json(stored["progress"])["facts"]
    return Held(
        journey,
        forms.restore(journey.form_about(facts), stored["progress"]),
        Next(following["name"], following["facts"], following["answers"])
        if following and following["name"] in _journeys
        else None,
        Part(**stored["part"]) if stored.get("part") else None,
    )


async def options_of(turn: Turn, held: Held, question: Question | None) -> Sequence[Option]:
    """What a question offers; nothing at the review."""
    if question is None:
        return ()
    if question.key not in held.options:
        held.options[question.key] = await forms.offered(turn.tx, held.form, held.progress, question)
    return held.options[question.key]


async def save(turn: Turn, held: Held) -> None:
    """Keep where the person stands, against a restart."""
    following = held.next and {
        "name": held.next.name,
        "facts": held.next.facts,
        "answers": held.next.answers,
    }
    part = None if held.part is None else asdict(held.part)
    state = to_json({"progress": held.progress.to_json(held.form), "next": following, "part": part})
    await conversations.save(turn.tx, turn.chat.id, turn.user.id, held.form.name, state, turn.now)
