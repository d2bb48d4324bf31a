"""The checked parts of a meeting file as what a meeting is made of."""

from __future__ import annotations

from bot.domain.meeting_files.meeting_file import Reminder, Sector, Session
from bot.domain.meeting_files.meeting_schema import (
    AudiencePart,
    MaterialPart,
    QuestionPart,
    ReminderPart,
    SectorPart,
    SessionPart,
)
from bot.domain.notices.audience import STATES, Audience
from bot.storage.meetings import KeptFile, Material, RegistrationQuestion
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
    )


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
