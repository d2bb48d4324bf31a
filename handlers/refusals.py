"""The sentence for each reason why the domain refuses."""

from __future__ import annotations

from bot.domain import errors
from bot.domain.errors import Refusal
from bot.i18n import N_, Translator

SENTENCES: dict[type[Refusal], str] = {
    errors.AlreadyDecided: N_("Somebody decided this before you. Nothing was changed."),
    errors.AlreadyInvited: N_(
        "Somebody of this name and institution is on the list already. /invite and the name shows who it is."
    ),
    errors.AlreadyRegistered: N_("You are registered for this meeting already. /ticket shows your ticket."),
    errors.CheckClosed: N_(
        "This round of the understanding check is closed. You will get a message when the next one opens."
    ),
    errors.ClosedWhileWriting: N_("It was not sent: the session was closed while you were writing."),
    errors.ChooseMeeting: N_("Several meetings are open. Type /start to choose yours."),
    errors.HasRole: N_(
        "You have this role already. Pass the link on to the person it is meant for; it is still good."
    ),
    errors.InvitationExpired: N_(
        "This invitation has expired. Please ask the office that invited you for a new one."
    ),
    errors.InvitationRevoked: N_(
        "The office has withdrawn this invitation. If you think that it is a mistake, please ask the office."
    ),
    errors.InvitationUsed: N_(
        "This invitation has been used up already. Please ask the office that invited you for another one."
    ),
    errors.LastOrganiser: N_(
        "This is the only member of the committee with this role. Appoint another one first, with /roles."
    ),
    errors.LimitReached: N_("You have sent as many submissions as this session allows. Thank you."),
    errors.LinkUsed: N_(
        "This link has been used or has expired. Please ask the office for a new one, or type /help to see what you"
        " can do here."
    ),
    errors.MeetingClosed: N_("The meeting is not open for this. /agenda shows when it takes place."),
    errors.NoMeeting: N_(
        "No meeting is open at the moment. The office will send you a link when the next one is. The rules of the"
        " election are here meanwhile: /rules"
    ),
    errors.NoSuchInvitation: N_(
        "This is no invitation of this bot; perhaps a letter of the link got lost. Please open the link once more"
        " from the letter or message of the office, or ask the office."
    ),
    errors.NotAllowed: N_("Only the committee of the office may do this. What you can do: /help"),
    errors.NotForSector: N_(
        "This session is for other groups. You can read what was published there, and take part in the other sessions:"
        " /feedback"
    ),
    errors.NotFound: N_("This is no longer available. /help shows what you can do."),
    errors.NotRegistered: N_("Please register first: type /register. It takes less than a minute."),
    errors.EndsBeforeStart: N_("The end must be after the start. Please write both again."),
    errors.Archived: N_("This meeting is in the archive. Take it out of there first, with /meetings."),
    errors.HasPeople: N_(
        "Somebody is registered already, and a rehearsal wipes what was collected. Copy the meeting with /meetings and"
        " rehearse with the copy."
    ),
    errors.SectorInUse: N_("People of this group are registered, so it stays. Its quota can be changed."),
    errors.RegistrationAsksEnough: N_(
        "The registration asks as many questions of your own as it can. Remove one before you add another."
    ),
    errors.ChangedMeanwhile: N_(
        "The meeting was changed since the preview. Nothing was applied; please send the file once more."
    ),
    errors.PastTime: N_("That time is over already. Please choose a later one."),
    errors.PollClosed: N_("This poll is closed. /polls shows its results and what is open now."),
    errors.RegistrationRefused: N_(
        "The committee could not accept your registration. Please ask the office; /register shows the reason."
    ),
    errors.ResultsHidden: N_(
        "The committee has not shown the results yet. You can go on saying what you think: /support"
    ),
    errors.ReadsLikeReport: N_(
        "This reads like a report of a violation. Reports go to the official channel and are not published here. If"
        " it is none, please begin again with /feedback and say so when you are asked."
    ),
    errors.SectorFull: N_("The seats of this group are taken. Please choose another one or ask the office."),
    errors.SessionChanged: N_(
        "The committee has changed what this session takes since you began. Please begin again: /feedback"
    ),
    errors.ShownAlready: N_(
        "Results of these groups can be seen already. Changing the groups now would tell what a few people think."
    ),
    errors.SessionClosed: N_("This dialogue session is closed. /agenda shows what comes next."),
    errors.TakenUp: N_(
        "Others have supported or rejected these words already, so they cannot be changed. You can withdraw the"
        " submission and write a new one while the session is open."
    ),
    errors.TooFewOrganisers: N_(
        "Your office has only one organiser, so nobody could approve. Appoint a second one first, with /roles."
    ),
    errors.NeedsApproval: N_(
        "This goes to more people than one organiser may decide on alone. The other organisers were asked; it goes out"
        " once one of them approves."
    ),
    errors.OwnRequest: N_("You asked for this approval yourself; another organiser has to give it."),
    errors.CardIsDraft: N_(
        "Nothing is sent of this card: it is not confirmed by your office yet, or no longer in force. Open it with"
        " /rules and confirm it first."
    ),
    errors.TakenByAnother: N_("Another organiser is answering this question."),
    errors.TooManyQuestions: N_(
        "Ten questions of yours wait for an answer. Please wait for the office before you ask another one."
    ),
}


def sentence_for(refusal: Refusal, t: Translator) -> str:
    """What to tell the person; the nearest known reason for one without a sentence of its own."""
    for kind in type(refusal).__mro__:
        if kind in SENTENCES:
            return t.gettext(SENTENCES[kind])
    return t.gettext("This is not possible at the moment. /help shows what you can do.")
