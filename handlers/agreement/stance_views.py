"""What a submission looks like before somebody who takes a stance on it."""

from __future__ import annotations

from html import escape

from bot.domain.agreement.stances import AGREE, DISAGREE, PASS, Ballot
from bot.domain.language.texts import clip
from bot.i18n import N_, Translator
from bot.storage.stances import Weighable
from handlers.dialogue.submission_views import byline, kind_name, quote
from handlers.taps import Button, tap

NAMES = {AGREE: N_("Agree"), DISAGREE: N_("Disagree"), PASS: N_("Pass")}
SIGNS = {AGREE: "👍", DISAGREE: "👎", PASS: "⏭"}

LABEL = 40
"""UTF-16 units of a submission's text on a button."""


def ballot(t: Translator, found: Ballot) -> tuple[str, list[list[Button]]]:
    """A submission with the question and the buttons that answer it."""
    submission = found.submission
    heading = t.gettext("⚖️ <b>Number {number}</b> · {kind} · {taken} of {total} done").format(
        number=submission.number,
        kind=kind_name(t, submission.kind),
        taken=found.taken,
        total=found.total,
    )
    parts = [
        heading,
        t.gettext("From: {author}").format(author=byline(t, found.author)),
        quote(submission.text),
    ]
    if found.own:
        parts.append(t.gettext("This one is yours."))
    if found.stance is None:
        parts.append(t.gettext("Do you agree?"))
    else:
        parts.append(
            t.gettext("You said: <b>{stance}</b>. You can change it.").format(
                stance=t.gettext(NAMES[found.stance])
            )
        )
    if not found.taken:
        parts.append(
            t.gettext(
                "<i>Nobody sees what you choose: what is shown are sums of groups of at least three people.</i>"
            )
        )
    rows = [
        [
            tap(
                _marked(f"{SIGNS[stance]} {t.gettext(name)}", stance == found.stance),
                "stance",
                submission.id,
                stance,
            )
            for stance, name in NAMES.items()
        ]
    ]
    if found.voter.institution is not None:
        parts.append(
            t.gettext(
                "🏛 You also speak for <b>{institution}</b>. What it says is shown to everybody under its name. Tapping"
                " the same again takes it back."
            ).format(institution=escape(clip(found.voter.institution, 150)))
        )
        rows.append(
            [
                tap(
                    _marked(f"🏛 {SIGNS[stance]}", stance == found.institution_stance),
                    "stance-as",
                    submission.id,
                    stance,
                )
                for stance in NAMES
            ]
        )
    rows.append([tap(t.gettext("My answers"), "stances", found.voter.meeting.id, 0)])
    return "\n\n".join(parts), rows


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def finished(t: Translator, meeting_id: int, total: int) -> tuple[str, list[list[Button]]]:
    """What stands at the end, or where there is nothing to take a stance on."""
    if not total:
        return (
            t.gettext(
                "⚖️ <b>Your view counts</b>\n\nNothing has been published yet. As soon as something is, type"
                " /support and say whether you agree."
            ),
            [],
        )
    text = t.ngettext(
        "✅ <b>Thank you. You have answered the {count} published submission.</b>",
        "✅ <b>Thank you. You have answered all {count} published submissions.</b>",
        total,
    ).format(count=total)
    text += "\n\n" + t.gettext(
        "When more are published, /support shows them. Something is missing? Write it yourself: /feedback"
    )
    return text, [[tap(t.gettext("My answers"), "stances", meeting_id, 0)]]


def answers(
    t: Translator,
    meeting_id: int,
    listed: list[tuple[Weighable, str]],
    page: int,
    pages: int,
) -> tuple[str, list[list[Button]]]:
    """A page of a person's own stances, each with a button that leads back to it."""
    if not listed:
        return t.gettext("⚖️ <b>My answers</b>\n\nYou have not answered anything yet: /support"), []
    text = t.gettext("⚖️ <b>My answers</b>\n\nOnly you see them here. Tap one to change it.")
    rows = [
        [tap(f"{SIGNS[stance]} {item.number} · {clip(item.text, LABEL)}", "stance-on", item.id)]
        for item, stance in listed
    ]
    around = []
    if page:
        around.append(tap("‹", "stances", meeting_id, page - 1))
    if page + 1 < pages:
        around.append(tap("›", "stances", meeting_id, page + 1))
    rows.append(around)
    rows.append([tap(t.gettext("Go on"), "stance-next", meeting_id)])
    return text, rows


def row(submissions: list[tuple[int, int]]) -> list[Button]:
    """A row of buttons under listed submissions, by id and number, that lead to a stance on each."""
    return [tap(f"⚖️ {number}", "stance-on", submission_id, "n") for submission_id, number in submissions]
