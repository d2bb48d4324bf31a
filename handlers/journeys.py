"""Every journey, in the order in which their commands stand in Telegram's menu."""

from __future__ import annotations

from handlers import groups, guide, language, mydata, start, wall
from handlers.agreement import results, sector_groups, stances
from handlers.attendance import (
    attendance,
    attendance_code,
    attendance_hall,
    attendance_lists,
    attendance_walk_in,
)
from handlers.dialogue import moderation, sessions, speakers, submissions
from handlers.forms import forms
from handlers.meeting import (
    agenda,
    agenda_edits,
    materials,
    meeting_edits,
    meeting_questions,
    meeting_sectors,
    meeting_uploads,
    meetings,
    rehearsals,
)
from handlers.notices import approvals, audience, broadcasts, noting, office_questions, sent, sent_text
from handlers.office import members, office_log, office_settings, organiser
from handlers.people import (
    invitation_links,
    invitation_making,
    invitation_opening,
    invitation_reminders,
    invitations,
    invited,
    invitee_import,
    participant_decisions,
    participants,
    registration,
    registration_by_hand,
)
from handlers.polls import check_answers, checks, poll_answers, polls
from handlers.reminders import (
    reminder_quiz,
    reminders,
    schedule,
    schedule_content,
    schedule_plan,
    schedule_times,
)
from handlers.rules import rule_editing, rule_quiz, rules, stages

JOURNEYS = (
    start.JOURNEY,
    registration.JOURNEY,
    invitation_opening.JOURNEY,
    agenda.JOURNEY,
    submissions.JOURNEY,
    stances.JOURNEY,
    results.JOURNEY,
    sector_groups.JOURNEY,
    poll_answers.JOURNEY,
    check_answers.JOURNEY,
    reminders.JOURNEY,
    rules.JOURNEY,
    rule_editing.JOURNEY,
    stages.JOURNEY,
    organiser.JOURNEY,
    meetings.JOURNEY,
    meeting_edits.JOURNEY,
    meeting_sectors.JOURNEY,
    meeting_questions.JOURNEY,
    meeting_uploads.JOURNEY,
    rehearsals.JOURNEY,
    agenda_edits.JOURNEY,
    materials.JOURNEY,
    invitations.JOURNEY,
    invitation_links.JOURNEY,
    invitation_making.JOURNEY,
    invitation_reminders.JOURNEY,
    invited.JOURNEY,
    invitee_import.JOURNEY,
    participants.JOURNEY,
    participant_decisions.JOURNEY,
    registration_by_hand.JOURNEY,
    attendance.JOURNEY,
    attendance_hall.JOURNEY,
    attendance_lists.JOURNEY,
    attendance_walk_in.JOURNEY,
    attendance_code.JOURNEY,
    sessions.JOURNEY,
    moderation.JOURNEY,
    speakers.JOURNEY,
    polls.JOURNEY,
    checks.JOURNEY,
    wall.JOURNEY,
    audience.JOURNEY,
    broadcasts.JOURNEY,
    sent.JOURNEY,
    sent_text.JOURNEY,
    rule_quiz.JOURNEY,
    noting.JOURNEY,
    office_questions.JOURNEY,
    schedule.JOURNEY,
    schedule_content.JOURNEY,
    reminder_quiz.JOURNEY,
    schedule_times.JOURNEY,
    schedule_plan.JOURNEY,
    office_settings.JOURNEY,
    approvals.JOURNEY,
    members.JOURNEY,
    office_log.JOURNEY,
    forms.JOURNEY,
    mydata.JOURNEY,
    language.JOURNEY,
    guide.JOURNEY,
    groups.JOURNEY,
)
