"""The checked parts of a meeting file as what a meeting is made of."""

from __future__ import annotations

from bot.domain.meeting_files.meeting_file import Poll, Reminder, Sector, Session, Statement
from bot.domain.meeting_files.meeting_schema import (
    AudiencePart,
    MaterialPart,
    PollPart,
    QuestionPart,
    ReminderPart,
    SectorPart,
    SessionPart,
    StatementPart,
)
from bot.domain.notices.audience import STATES, Audience
from bot.domain.polls import polls
from bot.domain.polls.polls import SCALE_STEPS
from bot.i18n import translator
from bot.storage.meetings import KeptFile, Material, RegistrationQuestion
from bot.storage.polls import SCALE
from bot.storage.reminders import LegalBasis


def sector(part: SectorPart) -> Sector:
    return Sector(part.code, part.name, part.quota)


def question(part: QuestionPart) -> RegistrationQuestion:
    return RegistrationQuestion(part.id, part.kind, part.label, part.options, part.required)


def material(part: MaterialPart) -> Material:
    file = None
    if part.file is not None:
        file = KeptFile(part.file.kind, part.file.id, part.file.name, part.file.bytes)
    return Material(part.slug, part.agenda, part.title, part.url or "", file)


def session(part: SessionPart) -> Session:
    return Session(
        slug=part.slug,
        agenda_slug=part.agenda,
        topic=part.topic,
        prompt=part.prompt,
        kinds=part.kinds,
        anonymity=part.anonymity,
        limit_per_person=part.limit_per_person,
        text_limit=part.text_limit,
        headings=part.headings,
        sectors=() if part.sectors == "all" else tuple(sorted(set(part.sectors))),
        moderation=part.moderation,
        follows_agenda=part.follows_agenda,
    )


def poll(part: PollPart, locale: str) -> Poll:
    """The steps of a scale that names none are in the language ``locale``."""
    options = part.options
    if part.kind == SCALE and len(options) < SCALE_STEPS:
        options = polls.scale(translator(locale), options)
    right = None
    if part.right is not None:
        right = [option.casefold() for option in options].index(part.right.casefold())
    return Poll(part.slug, part.kind, part.question, options, right, part.explanation, part.hidden)


def statement(part: StatementPart) -> Statement:
    return Statement(part.slug, part.text, part.answer, part.legal_basis, part.rule)


def reminder(part: ReminderPart) -> Reminder:
    return Reminder(
        slug=part.slug,
        title=part.title or {},
        text=part.text or {},
        legal_basis=tuple(
            LegalBasis(basis.instrument, basis.article or None, basis.about or None)
            for basis in part.legal_basis
        ),
        sources=part.sources,
        checked_on=part.checked,
        audience=_audience(part.audience),
        schedule=part.schedule,
        grace_minutes=part.grace_minutes,
        rule_id=part.rule,
        topic=part.topic or "",
    )


def _audience(part: AudiencePart) -> Audience:
    without = part.without
    return Audience(
        sectors=part.sectors,
        groups=part.groups,
        organisers=part.organisers,
        institutions=part.institutions,
        states=tuple(state for state in STATES if state in part.states),
        but_sectors=() if without is None else without.sectors,
        but_institutions=() if without is None else without.institutions,
    )
