"""Every file that the bot can be asked for."""

from __future__ import annotations

from bot.reports import (
    attendance,
    attendance_paper,
    calendar,
    evidence,
    hall_poster,
    invitation_letters,
    invitee_lists,
    meeting_form,
    participant_list,
    tickets,
    understanding,
)
from bot.reports.maker import Maker

MAKERS: tuple[Maker, ...] = (
    attendance.SHEET,
    attendance_paper.SIGNING,
    attendance_paper.RECORD,
    tickets.TICKET,
    hall_poster.POSTER,
    understanding.PICTURE,
    invitation_letters.LETTER,
    invitee_lists.TEMPLATE,
    invitee_lists.REPORT,
    invitee_lists.CALL_LIST,
    participant_list.LIST,
    calendar.FILE,
    meeting_form.FORM,
    meeting_form.FILE,
    evidence.PROOF,
    evidence.SHEET,
    evidence.ALL_SHEET,
)
