"""/log: what was done in the office's name, by whom and when."""

from __future__ import annotations

from itertools import groupby

from bot.domain import roles
from bot.domain.meeting import meetings
from bot.i18n import N_, zone_name
from bot.storage import actions, offices
from bot.storage.actions import Action
from handlers.office.members import NAMES, name_of
from handlers.routing import STAFF, Command, Journey
from handlers.turn import Turn

LINES = 20

WORDS = {
    "agenda.changed": N_("changed the agenda"),
    "agenda.delayed": N_("moved agenda items"),
    "attendance.undone": N_("undid a check-in"),
    "attendance.walk_in": N_("entered somebody at the desk"),
    "hall_code.off": N_("ended the check-in by a code"),
    "hall_code.on": N_("let participants check in by a code"),
    "hall_code.renewed": N_("changed the code of the hall"),
    "signatures.numbered": N_("numbered the attendance list anew"),
    "signatures.ticked": N_("ticked signatures"),
    "signatures.unticked": N_("took ticks of signatures away"),
    "broadcast.changed": N_("changed the text of a notice"),
    "broadcast.nudged": N_("reminded those who have not noted a notice"),
    "broadcast.resumed": N_("let a broadcast go on"),
    "broadcast.retried": N_("sent a broadcast again to those it had not reached"),
    "broadcast.sent": N_("sent an announcement"),
    "broadcast.stopped": N_("stopped a broadcast"),
    "broadcast.withdrawn": N_("took a notice back"),
    "question.answered": N_("answered a question to the office"),
    "question.closed": N_("closed a question to the office"),
    "rule.quiz": N_("wrote the question of a rule card"),
    "rule.quiz_removed": N_("took the question of a rule card away"),
    "delegate.appointed": N_("let somebody speak for their institution"),
    "delegate.dismissed": N_("ended that somebody speaks for their institution"),
    "check.after": N_("opened the second round of the understanding check"),
    "check.before": N_("opened the first round of the understanding check"),
    "check.closed": N_("closed the understanding check"),
    "check.dialogue": N_("closed the first round of the understanding check"),
    "group.moved": N_("a group became a supergroup"),
    "group.muted": N_("a group no longer lets the bot write"),
    "group.reachable": N_("a group can be written to again"),
    "group.removed": N_("the bot was removed from a group"),
    "group.bound": N_("connected a group"),
    "group.unbound": N_("ended the connection of a group"),
    "invitation.made": N_("made an invitation link"),
    "invitation.reminded": N_("reminded those who have not answered"),
    "invitation.revoked": N_("revoked an invitation link"),
    "invitee.added": N_("put somebody on the list of the invited"),
    "invitee.declined": N_("noted that an invited person cannot come"),
    "invitee.removed": N_("took somebody off the list of the invited"),
    "invitees.imported": N_("read a list of invited people"),
    "material.added": N_("added a material"),
    "material.removed": N_("removed a material"),
    "meeting.archived": N_("put the meeting into the archive"),
    "meeting.changed": N_("changed the meeting"),
    "meeting.closed": N_("closed the meeting"),
    "meeting.copied": N_("copied a meeting"),
    "meeting.created": N_("made a meeting"),
    "meeting.imported": N_("read a meeting file"),
    "meeting.moved": N_("moved the meeting to another time"),
    "meeting.open": N_("opened the registration"),
    "meeting.running": N_("started the meeting"),
    "office.changed": N_("changed the letterhead or logo"),
    "person.erased": N_("somebody had their data erased"),
    "poll.closed": N_("closed a poll"),
    "poll.created": N_("wrote a poll"),
    "poll.opened": N_("opened a poll"),
    "poll.removed": N_("threw a poll away"),
    "registration.approved": N_("approved a registration"),
    "registration.by_hand": N_("registered somebody without Telegram"),
    "registration.refused": N_("refused a registration"),
    "registration.withdrawn": N_("took a participant out"),
    "rehearsal.begun": N_("began a rehearsal"),
    "rehearsal.ended": N_("ended a rehearsal and wiped it"),
    "rehearsal.reminded": N_("reminded the committee to end a rehearsal"),
    "approval.asked": N_("asked a second organiser for approval"),
    "approval.given": N_("approved what another organiser asked for"),
    "approval.refused": N_("refused what another organiser asked for"),
    "calendar.accepted": N_("loaded another stage calendar"),
    "office.approval": N_("changed from how many people on two organisers decide"),
    "office.quiet_hours": N_("changed the quiet hours"),
    "reminder.changed": N_("changed a reminder"),
    "reminder.deleted": N_("deleted a reminder"),
    "reminder.held": N_("a reminder waits for the committee"),
    "reminder.kept": N_("left a reminder at its days with a new calendar"),
    "reminder.made": N_("made a reminder"),
    "reminder.planned": N_("added a reminder of a ready plan"),
    "reminder.skipped": N_("left out one time of a reminder"),
    "rule.written": N_("wrote a rule card"),
    "reminder.by_hand": N_("sent a reminder by hand"),
    "reminder.late": N_("a reminder went out late"),
    "reminder.missed": N_("a reminder was missed"),
    "reminder.paused": N_("paused a reminder"),
    "reminder.rescheduled": N_("changed the time of a reminder"),
    "reminder.resumed": N_("resumed a reminder"),
    "reminder.sent": N_("a reminder went out"),
    "results.hidden": N_("hid the results from participants"),
    "results.shown": N_("showed the results to participants"),
    "results.smallest": N_("set from how many people on a group is shown"),
    "role.granted": N_("got a role"),
    "role.offered": N_("made a link for a role"),
    "role.revoked": N_("ended a role"),
    "rule.approved": N_("approved a rule card"),
    "rule.withdrawn": N_("withdrew a rule card"),
    "sectors.merged": N_("merged small groups"),
    "sectors.split": N_("took merged groups apart"),
    "session.changed": N_("changed a session"),
    "session.closed": N_("closed a session"),
    "session.created": N_("made a session"),
    "session.opened": N_("opened a session"),
    "session.removed": N_("removed a session"),
    "speaker.ended": N_("ended that somebody answers as a speaker"),
    "speaker.invited": N_("made a link for a speaker"),
    "speaker.joined": N_("opened the link of a speaker"),
    "submission.answered": N_("answered a submission"),
    "submission.assigned": N_("chose who answers a submission"),
    "submission.corrected": N_("corrected the typing of a submission"),
    "submission.held": N_("held a submission"),
    "submission.merged": N_("merged a submission into another"),
    "submission.topic": N_("put a submission under a heading"),
    "submission.unanswered": N_("took an answer back"),
    "submission.undone": N_("undid a decision on a submission"),
    "submission.published": N_("published a submission"),
    "submission.refused": N_("refused a submission"),
    "wall.closed": N_("closed the wall's link"),
    "wall.opened": N_("made a link to the wall"),
}
"""What each action reads like after the name of who did it; those of the program itself stand alone."""


async def on_log(turn: Turn) -> None:
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, *roles.ROLES)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    t, zone = turn.t, office.timezone
    parts = [t.gettext("<b>What was done last</b>")]
    done = await actions.latest(turn.tx, office.id, LINES)
    for day, items in groupby(done, lambda item: t.day(item.done_at, zone)):
        lines = [await _line(turn, office.id, zone, item) for item in items]
        parts.append("\n".join([f"<b>{day}</b> ({zone_name(turn.now, zone)})", *lines]))
    turn.reply("\n\n".join(parts if done else [*parts, t.gettext("Nothing yet.")]))


async def _line(turn: Turn, office_id: int, zone: str, item: Action) -> str:
    t = turn.t
    words = t.gettext(WORDS[item.action]) if item.action in WORDS else item.action
    # Decisions about submissions are kept with their day only: the hour could tell who wrote.
    when = "·" if item.action.startswith("submission.") else t.bare_time(item.done_at, zone)
    subject = item.detail.get("subject")
    who = subject if item.action == "role.granted" and subject else item.person_id
    name = "" if who is None else await name_of(turn, office_id, who) + " "
    role = item.detail.get("role")
    role_name = f" ({t.gettext(NAMES[role])})" if role in NAMES else ""
    return f"{when} {name}{words}{role_name}"


JOURNEY = Journey(commands=(Command(("log",), on_log, N_("What was done last"), STAFF),))
