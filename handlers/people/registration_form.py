"""The form with which people register: its questions, and those that an office adds for a meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.forms.forms import Form
from bot.domain.forms.questions import (
    Answers,
    Choice,
    Condition,
    Context,
    Facts,
    Invalid,
    Number,
    Option,
    Question,
    Text,
    YesNo,
)
from bot.domain.language.texts import has_letter
from bot.domain.people import seating
from bot.domain.people.registration import Details
from bot.i18n import LOCALES, N_, translator
from bot.storage import meetings, offices
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.participants import Participant
from handlers.people.registration_views import contact_of
from handlers.turn import Turn

OWN = "own:"
"""What the keys of a meeting's own questions begin with."""

# What a controller must tell before consent: Law 27/2022, article 21(1).
CONSENT = N_(
    "{office} asks for your consent before it keeps personal data about you.\n\n"
    "<b>What is kept</b>: your name, stakeholder group, institution and position, what else this form asks, and the ID"
    " of your Telegram account (not its phone number), so that this bot can answer you.\n"
    "<b>What for</b>: the list of participants, your ticket, the record of the meeting and its follow-up, and messages"
    " about the meeting.\n"
    "<b>Who sees it</b>: the committee. Feedback that you give anonymously is never linked to you.\n"
    "<b>How long</b>: until you erase it with /deletemydata, at any time, or the office no longer needs it for the"
    " record of the meeting.\n"
    "<b>Your rights</b>: to see your data and get a copy (/mydata), to correct it, to take back your consent and have"
    " it erased (/deletemydata).\n"
    "<b>Questions</b>: {contact}\n\n"
    "You may say no; the bot then keeps nothing of this. (Law 27/2022 on Personal Data Protection, articles 20–22)"
)


def needs_a_letter(text: str, _: Context) -> Invalid | None:
    return None if has_letter(text) else Invalid(N_("Please write this with letters."))


def name_question(prompt: str, hint: str = "") -> Text:
    """For the full name of somebody, with the limits that hold wherever one is entered."""
    return Text(
        key="name",
        prompt=prompt,
        hint=hint,
        label=N_("Name"),
        min_length=2,
        max_length=100,
        check=needs_a_letter,
    )


def institution_question(prompt: str, only_if: Condition | None = None) -> Text:
    return Text(
        key="institution",
        prompt=prompt,
        label=N_("Institution"),
        min_length=2,
        max_length=120,
        check=needs_a_letter,
        only_if=only_if,
    )


def position_question(prompt: str, hint: str = "", *, optional: bool = False) -> Text:
    return Text(
        key="position",
        prompt=prompt,
        hint=hint,
        label=N_("Position"),
        min_length=2,
        max_length=100,
        check=needs_a_letter,
        optional=optional,
    )


async def any_sector(tx: Transaction, _: Answers, facts: Facts) -> Sequence[Option]:
    """The sectors that take part, whether or not seats are left: for whoever decides over them."""
    return [
        Option(seats.sector.code, seats.sector.name) for seats in await seating.seats(tx, facts["meeting"])
    ]


ABOUT_SOMEBODY: tuple[Question, ...] = (
    name_question(
        N_("What is the person's full name?"),
        N_("Please ask first whether {office} may keep name, institution and position for its list."),
    ),
    Choice(
        key="sector",
        prompt=N_("Which stakeholder group does the person belong to?"),
        label=N_("Group"),
        options=any_sector,
    ),
    institution_question(N_("Which institution or organisation does the person come from?")),
    position_question(N_("What is the person's position there?")),
)
"""What the committee says about somebody whom it registers itself."""


async def _sectors(tx: Transaction, _: Answers, facts: Facts) -> Sequence[Option]:
    """The sectors that take part; by a link for one sector that one. A full one has a waiting list."""
    wanted = facts.get("sector")
    return [
        Option(
            seats.sector.code,
            {**seats.sector.name, **_waiting_labels(seats.sector.name)}
            if seats.are_full
            else seats.sector.name,
        )
        for seats in await seating.seats(tx, facts["meeting"], facts["person"])
        if wanted is None or seats.sector.code == wanted
    ]


def _waiting_labels(name: Mapping[str, str]) -> dict[str, str]:
    return {
        locale: translator(locale)
        .gettext("{sector} (waiting list)")
        .format(sector=translator(locale).pick(name))
        for locale in LOCALES
    }


FORM = Form(
    "registration",
    2,
    (
        YesNo(
            key="consent",
            prompt=CONSENT,
            label=N_("Consent"),
            yes=N_("I agree"),
            no=N_("I do not agree"),
            must_agree=True,
        ),
        name_question(
            N_("What is your full name?"),
            N_("As it should stand in the list of participants, with titles if you like."),
        ),
        Choice(
            key="sector",
            prompt=N_("Which stakeholder group do you belong to?"),
            label=N_("Group"),
            options=_sectors,
        ),
        institution_question(N_("Which institution or organisation do you come from?")),
        position_question(
            N_("What is your position there?"), N_("For example: head of division, member, journalist.")
        ),
        Text(
            key="letter",
            prompt=N_(
                "What is the number of the letter of assignment that sends you in the stead of {represents}?"
            ),
            hint=N_("You can skip this if there is no letter yet, and add the number later."),
            label=N_("Letter of assignment"),
            max_length=80,
            optional=True,
            only_if=lambda _, facts: bool(facts.get("represents")),
        ),
    ),
)


def own_questions(facts: Facts) -> tuple[Question, ...]:
    """The meeting's own questions, as the form asks them."""
    return tuple(_question(data) for data in facts.get("questions", ()))


def own_questions_about_somebody(facts: Facts) -> tuple[Question, ...]:
    """The same for the committee, which may not know the answers."""
    hint = N_("Skip this if the person is not there to answer.")
    return tuple(replace(question, optional=True, hint=hint) for question in own_questions(facts))


def _question(data: Mapping[str, Any]) -> Question:
    key, label, optional = OWN + data["id"], data["label"], not data["required"]
    if data["kind"] == meetings.CHOICE:
        options = [Option(str(place), text) for place, text in enumerate(data["options"])]
        return Choice(key=key, prompt=label, label=label, optional=optional, options=options)
    if data["kind"] == meetings.NUMBER:
        return Number(key=key, prompt=label, label=label, optional=optional)
    if data["kind"] == meetings.YES_NO:
        return YesNo(key=key, prompt=label, label=label, optional=optional, yes=N_("Yes"), no=N_("No"))
    return Text(key=key, prompt=label, label=label, optional=optional, max_length=300)


async def facts_about(turn: Turn, meeting: Meeting, **more: Any) -> dict[str, Any]:
    """What the form is about; ``more`` are the facts that the way to it adds."""
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    return {
        "meeting": meeting.id,
        "person": turn.user.id,
        "office": office.name,
        "contact": await contact_of(turn, meeting),
        "change": False,
        "questions": _asked(meeting),
        **more,
    }


async def facts_about_somebody(tx: Transaction, meeting: Meeting, **more: Any) -> dict[str, Any]:
    """What a form of :data:`ABOUT_SOMEBODY` and :func:`own_questions_about_somebody` is about."""
    office = await offices.find(tx, meeting.office_id)
    assert office is not None
    return {"meeting": meeting.id, "office": office.name, "questions": _asked(meeting), **more}


def _asked(meeting: Meeting) -> list[Mapping[str, Any]]:
    return [question.as_data() for question in meeting.registration_questions]


def given_details(answers: Mapping[str, Any]) -> Details:
    """What the form's answers say about the person."""
    return Details(
        answers["sector"],
        answers["name"],
        answers["institution"],
        answers["position"],
        answers.get("letter") or "",
        {key.removeprefix(OWN): value for key, value in answers.items() if key.startswith(OWN)},
    )


def answers_of(known: Participant) -> dict[str, Any]:
    """The form's answers as somebody gave them before."""
    answers = {
        "consent": True,
        "name": known.name,
        "sector": known.sector,
        "institution": known.institution,
        "position": known.position,
        **{OWN + name: value for name, value in known.answers.items()},
    }
    if known.represents:
        answers["letter"] = known.assignment_letter or None
    return answers
