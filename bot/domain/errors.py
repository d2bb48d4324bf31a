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


class CheckClosed(Refusal):
    """No round of the understanding check takes answers, or not the one that was meant."""


class ChooseMeeting(NoMeeting):
    """Several meetings are open, and the person has not said which one they mean."""


class MeetingClosed(Refusal):
    """The meeting is not open for this."""


class NotRegistered(Refusal):
    """The person is no participant of the meeting."""


class AlreadyRegistered(Refusal):
    """The person is registered for the meeting already."""


class RegistrationRefused(Refusal):
    """The committee refused the registration of this person; it can still approve it."""


class AlreadyInvited(Refusal):
    """Somebody of this name and institution is on the list of the invited."""


class NoSuchInvitation(Refusal):
    """The link was not made here: forged, of another installation, or with a letter lost."""


class InvitationRevoked(Refusal):
    """The committee made the link worthless."""


class InvitationExpired(Refusal):
    """The link is too old."""


class InvitationUsed(Refusal):
    """As many have registered by the link as may, or it was one person's and they have answered."""


class SectorFull(Refusal):
    """The quota of the sector is used up."""


class SessionClosed(Refusal):
    """The session does not take submissions (any more)."""


class ClosedWhileWriting(SessionClosed):
    """The session was closed between the first question and the sending; the draft is kept."""


class PollClosed(Refusal):
    """The poll does not take answers (any more)."""


class NotForSector(Refusal):
    """The session takes submissions of other sectors only."""


class ReadsLikeReport(Refusal):
    """The text reads like a report of a violation, and its author has not said that it is none."""


class TakenUp(Refusal):
    """People have taken a stance on these words, so that they cannot become others."""


class SessionChanged(Refusal):
    """The session no longer takes submissions of this kind, length or anonymity."""


class LimitReached(Refusal):
    """The person has sent as many submissions as the session allows."""


class AlreadyDecided(Refusal):
    """Somebody decided this before."""


class EndsBeforeStart(Refusal):
    """The end asked for is not after the start."""


class Archived(Refusal):
    """The meeting is in the archive, where nothing changes."""


class HasPeople(Refusal):
    """Somebody is registered already, so the meeting cannot be rehearsed: the wipe would take them along."""


class SectorInUse(Refusal):
    """People of this sector are registered."""


class RegistrationAsksEnough(Refusal):
    """The meeting asks as many questions of its own as a registration form bears."""


class ChangedMeanwhile(Refusal):
    """What was previewed is no longer what would happen."""


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


class TooFewOrganisers(Refusal):
    """The office has only one organiser, and two would have to agree."""


class NeedsApproval(Refusal):
    """It goes to more people than one organiser may decide on alone."""


class OwnRequest(Refusal):
    """Who asked for an approval cannot give it."""


class CardIsDraft(Refusal):
    """The rule card is not confirmed by the office yet, or no longer in force; nothing is sent of it."""


class TakenByAnother(Refusal):
    """Another organiser is answering the question."""


class TooManyQuestions(Refusal):
    """As many questions of the person wait for an answer as may."""
