"""Every file that the bot can be asked for."""

from __future__ import annotations

from bot.reports import (
    attendance,
    evidence,
    invitation_letters,
    invitee_lists,
    participant_list,
    understanding,
)
from bot.reports.maker import Maker

MAKERS: tuple[Maker, ...] = (
    attendance.SHEET,
    understanding.PICTURE,
    invitation_letters.LETTER,
    invitee_lists.TEMPLATE,
    invitee_lists.REPORT,
    invitee_lists.CALL_LIST,
    participant_list.LIST,
    evidence.PROOF,
    evidence.SHEET,
    evidence.ALL_SHEET,
)
