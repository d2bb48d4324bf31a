"""What the results of a meeting look like in a chat."""

from __future__ import annotations

from html import escape

from bot.domain import roles
from bot.domain.agreement import ground, results
from bot.domain.agreement.agreement import Agreement, Weighed
from bot.domain.language.texts import clip
from bot.i18n import N_, Translator
from handlers.dialogue.submission_views import kind_name, quote
from handlers.taps import Button, tap

PAGE = 4
"""How many submissions a message lists."""
TEXT_ROOM = 450
"""UTF-16 units of each text; with the sectors' figures, four fit the 4,096 of a message (Bot API, sendMessage)."""
SECTORS_ROOM = 380
"""UTF-16 units of the sectors' figures of one submission."""
CONTROLLERS = (roles.ORGANISER, roles.MODERATOR)

LIST_NAMES = {
    results.SHARED: N_("🤝 Shared"),
    results.DIVIDING: N_("↔️ Dividing"),
    results.UNANSWERED: N_("❔ Unanswered"),
    results.SOLUTIONS: N_("💡 Solutions"),
}

_HEADINGS = {
    results.SHARED: N_("🤝 <b>Shared by all sectors shown</b>"),
    results.DIVIDING: N_("↔️ <b>What divides</b>"),
    results.UNANSWERED: N_("❔ <b>Without an answer or a solution</b>"),
    results.SOLUTIONS: N_("💡 <b>Challenges and their solutions</b>"),
}

_EMPTY = {
    results.SHARED: N_("Nothing yet that every sector shown agrees on."),
    results.DIVIDING: N_("Nothing divides so far."),
    results.UNANSWERED: N_("Every question has an answer, every challenge a suggested solution."),
    results.SOLUTIONS: N_("No solution was suggested to a challenge yet."),
}


def overview(t: Translator, found: Agreement, role: str | None) -> tuple[str, list[list[Button]]]:
    """How things stand, and the ways to the lists; HTML."""
    meeting = found.meeting
    parts = [
        t.gettext("⚖️ <b>Where we agree</b>\n{title}").format(title=escape(clip(t.pick(meeting.title), 200))),
        t.gettext(
            "Published: {published}\nShared by all sectors shown: {shared}\nDividing: {dividing}\nNot enough answers to"
            " be shown: {unweighed}"
        ).format(
            published=len(found.weighed),
            shared=len(found.shared),
            dividing=len(found.dividing),
            unweighed=sum(not item.groups for item in found.weighed),
        ),
        f"<i>{ground.explanation(t)} {ground.small_print(t, found.settings.smallest)}</i>",
    ]
    if role is not None:
        parts.append(
            t.gettext("Participants can see these results.")
            if found.settings.shown
            else t.gettext("Participants cannot see these results yet.")
        )
    names = list(LIST_NAMES)
    rows = [
        [tap(t.gettext(LIST_NAMES[name]), "results", meeting.id, name, 0) for name in names[:2]],
        [tap(t.gettext(LIST_NAMES[name]), "results", meeting.id, name, 0) for name in names[2:]],
    ]
    rows.append([tap(t.gettext("🖼 Picture"), "results-picture", meeting.id)])
    if role == roles.ORGANISER:
        rows[-1].append(tap(t.gettext("👥 Opinion groups"), "results-groups", meeting.id))
        rows.append([tap(t.gettext("Small groups"), "groups", meeting.id)])
    if role in CONTROLLERS:
        shown = found.settings.shown
        label = t.gettext("Hide from participants") if shown else t.gettext("Show to participants")
        rows.append([tap(label, "results-show", meeting.id, 0 if shown else 1)])
    return "\n\n".join(parts), rows


def page(t: Translator, found: Agreement, name: str, number: int) -> tuple[str, list[list[Button]]]:
    """A page of a list; HTML."""
    listed = results.LISTS[name](found)
    pages = max(1, -(-len(listed) // PAGE))
    number = min(number, pages - 1)
    parts = [t.gettext(_HEADINGS[name])]
    parts += [item(t, found, weighed) for weighed in listed[number * PAGE : (number + 1) * PAGE]]
    if not listed:
        parts.append(t.gettext(_EMPTY[name]))
    around = []
    if number:
        around.append(tap("‹", "results", found.meeting.id, name, number - 1))
    around.append(tap(t.gettext("Back to the overview"), "results-all", found.meeting.id))
    if number + 1 < pages:
        around.append(tap("›", "results", found.meeting.id, name, number + 1))
    return "\n\n".join(parts), [around]


def item(t: Translator, found: Agreement, weighed: Weighed) -> str:
    """A submission with all that is shown of the stances on it; HTML."""
    heading = t.gettext("<b>{number}</b> · {kind}").format(
        number=weighed.number, kind=kind_name(t, weighed.kind)
    )
    answered = None if weighed.answers_id is None else found.of(weighed.answers_id)
    if answered is not None:
        heading += " · " + t.gettext("a solution to {number}").format(number=answered.number)
    lines = [heading, quote(weighed.text, TEXT_ROOM)]
    if weighed.groups:
        if weighed.is_refused:
            lines.append(
                t.gettext("Refused by all: <b>{figure}</b>").format(figure=ground.percent(weighed.rejection))
            )
        else:
            lines.append(
                t.gettext("Agreement: <b>{figure}</b> ({basis})").format(
                    figure=ground.percent(weighed.consensus),
                    basis=escape(ground.basis(t, weighed, len(found.groups))),
                )
            )
        figures = " · ".join(
            t.gettext("{name}: {agree} of {people}").format(
                name=ground.group_name(t, group), agree=tally.agree, people=tally.people
            )
            for group, tally in weighed.groups
        )
        lines.append(escape(clip(figures, SECTORS_ROOM)))
    else:
        lines.append(t.gettext("Not enough answers to be shown."))
    said = ground.institutions(t, weighed)
    if said:
        lines.append("🏛 " + escape(clip(" · ".join(said), SECTORS_ROOM)))
    return "\n".join(lines)
