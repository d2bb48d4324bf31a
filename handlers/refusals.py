"""The sentence for each reason why the domain refuses."""

from __future__ import annotations

from bot.domain import errors
from bot.domain.errors import Refusal
from bot.i18n import N_, Translator

SENTENCES: dict[type[Refusal], str] = {
    errors.AlreadyDecided: N_("Somebody decided this before you. Nothing was changed."),
    errors.AlreadyRegistered: N_("You are registered for this meeting already. /tiket shows your ticket."),
    errors.ClosedWhileWriting: N_(
        "The session was closed while you were writing. You can send this as soon as the committee opens a session; you"
        " will get a message then. You can also copy your text and hand it to the committee."
    ),
    errors.ChooseMeeting: N_("Several meetings are open. Type /start to choose yours."),
    errors.HasRole: N_(
        "You have this role already. Pass the link on to the person it is meant for; it is still good."
    ),
    errors.LastOrganiser: N_(
        "This is the only member of the committee with this role. Appoint another one first, with /peran."
    ),
    errors.LimitReached: N_("You have sent as many submissions as this session allows. Thank you."),
    errors.LinkUsed: N_(
        "This link has been used or has expired. Please ask the office for a new one, or type /bantuan to see what you"
        " can do here."
    ),
    errors.MeetingClosed: N_("The meeting is not open for this. /agenda shows when it takes place."),
    errors.NoMeeting: N_(
        "No meeting is open at the moment. The office will send you a link when the next one is."
    ),
    errors.NotAllowed: N_("Only the committee of the office may do this."),
    errors.NotFound: N_("This is no longer available. /bantuan shows what you can do."),
    errors.NotRegistered: N_("Please register first: type /daftar. It takes less than a minute."),
    errors.PastTime: N_("That time is over already. Please choose a later one."),
    errors.ResultsHidden: N_(
        "The committee has not shown the results yet. You can go on saying what you think: /dukung"
    ),
    errors.SectorFull: N_("The seats of this group are taken. Please choose another one or ask the office."),
    errors.SessionChanged: N_(
        "The committee has changed what this session takes since you began. Please begin again: /masukan"
    ),
    errors.ShownAlready: N_(
        "Results of these groups can be seen already. Changing the groups now would tell what a few people think."
    ),
    errors.SessionClosed: N_("This dialogue session is closed. /agenda shows what comes next."),
}


def sentence_for(refusal: Refusal, t: Translator) -> str:
    """What to tell the person; the nearest known reason for one without a sentence of its own."""
    for kind in type(refusal).__mro__:
        if kind in SENTENCES:
            return t.gettext(SENTENCES[kind])
    return t.gettext("This is not possible at the moment. /bantuan shows what you can do.")
