"""Why the domain refuses: one small class a reason. Handlers choose the words."""

from __future__ import annotations


class Refusal(Exception):
    """Something that a person asked for and that cannot be; nothing was changed."""


class NotAllowed(Refusal):
    """The person's role in that office does not allow it."""


class NotFound(Refusal):
    """It does not exist, or no longer, or not for this person."""


class NoMeeting(Refusal):
    """The person follows no meeting, and none is open."""


class ChooseMeeting(NoMeeting):
    """Several meetings are open, and the person has not said which one they mean."""


class MeetingClosed(Refusal):
    """The meeting is not open for this."""


class NotRegistered(Refusal):
    """The person is no participant of the meeting."""


class AlreadyRegistered(Refusal):
    """The person is registered for the meeting already."""


class SectorFull(Refusal):
    """The quota of the sector is used up."""


class SessionClosed(Refusal):
    """The session does not take submissions (any more)."""


class ClosedWhileWriting(SessionClosed):
    """The session was closed between the first question and the sending; the draft is kept."""


class SessionChanged(Refusal):
    """The session no longer takes submissions of this kind, length or anonymity."""


class LimitReached(Refusal):
    """The person has sent as many submissions as the session allows."""


class AlreadyDecided(Refusal):
    """Somebody decided this before."""


class PastTime(Refusal):
    """The moment asked for is over."""


class LinkUsed(Refusal):
    """The one-time link was used or has expired."""


class HasRole(Refusal):
    """The person has this role in the office, or a higher one, already."""


class LastOrganiser(Refusal):
    """The office would be left without an organiser."""


class ShownAlready(Refusal):
    """Figures of these sectors are shown already: what would change them now would tell what few people think."""


class ResultsHidden(Refusal):
    """Participants may not see the results (yet)."""
