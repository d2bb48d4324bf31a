"""Every journey, in the order in which their commands stand in Telegram's menu."""

from __future__ import annotations

from handlers import (
    agenda,
    attendance,
    broadcasts,
    forms,
    groups,
    guide,
    language,
    members,
    moderation,
    mydata,
    office_log,
    organiser,
    registration,
    reminders,
    rules,
    schedule,
    sessions,
    start,
    submissions,
    wall,
)

JOURNEYS = (
    start.JOURNEY,
    registration.JOURNEY,
    agenda.JOURNEY,
    submissions.JOURNEY,
    reminders.JOURNEY,
    rules.JOURNEY,
    organiser.JOURNEY,
    attendance.JOURNEY,
    sessions.JOURNEY,
    moderation.JOURNEY,
    wall.JOURNEY,
    broadcasts.JOURNEY,
    schedule.JOURNEY,
    members.JOURNEY,
    office_log.JOURNEY,
    forms.JOURNEY,
    mydata.JOURNEY,
    language.JOURNEY,
    guide.JOURNEY,
    groups.JOURNEY,
)
