"""What moderators see: one submission with what they can do about it, and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from bot.domain.dialogue import word_filter
from bot.domain.dialogue.moderation import REASONS, Case
from bot.domain.dialogue.screening import LATE, NO_REPORT
from bot.domain.language.texts import clip
from bot.i18n import N_, Translator
from bot.storage.sessions import AFTER
from bot.storage.submissions import HELD, MERGED, PUBLISHED, REFUSED, WAITING
from handlers.dialogue.submission_views import answered, kind_name, outcome, quote, reason_name
from handlers.taps import Button, tap

QUEUE = "q"
"""Marks the buttons of the queue, where a decision brings up the next submission."""
SEEN = {WAITING: "w", HELD: "h", PUBLISHED: "p"}
"""Stands in a button for the state in which a moderator saw what they decide on."""

TEXT_ROOM, ORIGINAL_ROOM, ANSWER_ROOM, CHALLENGE_ROOM = 1800, 600, 500, 200
"""UTF-16 units of the parts of one submission, of the 4,096 of a message (Bot API, sendMessage)."""
LISTED_TEXT = 160
SIMILAR_TEXT = 120

FLAG_NAMES = {
    word_filter.INSULT: N_("insult?"),
    word_filter.SARA: N_("SARA?"),
    word_filter.MASKED: N_("numbers masked"),
    NO_REPORT: N_("reads like a report; the author says it is none"),
    LATE: N_("handed in late"),
}


def described(t: Translator, case: Case, heading: str, sectors: Mapping[str, Mapping[str, str]]) -> str:
    """A submission as moderators see it; HTML."""
    submission = case.submission
    if case.author is None:
        author = t.gettext("anonymous")
    else:
        sector = t.pick(sectors.get(case.author.sector, {})) or case.author.sector
        author = escape(clip(f"{case.author.name}, {case.author.institution} ({sector})", 250))
    about = [
        t.gettext("{kind} · {topic}\nFrom: {author}").format(
            kind=kind_name(t, submission.kind),
            topic=escape(clip(t.pick(case.session.topic), 150)),
            author=author,
        )
    ]
    if submission.topic:
        about.append(t.gettext("Heading: {topic}").format(topic=escape(submission.topic)))
    if submission.speaker:
        about.append(t.gettext("🎤 For: {speaker}").format(speaker=escape(clip(submission.speaker, 150))))
    if case.challenge is not None and case.challenge.number is not None:
        about.append(
            t.gettext("Answers challenge {number}: {text}").format(
                number=case.challenge.number, text=escape(clip(case.challenge.text, CHALLENGE_ROOM))
            )
        )
    flags = [t.gettext(FLAG_NAMES[flag]) for flag in submission.flags if flag in FLAG_NAMES]
    if flags:
        about.append("⚠️ " + ", ".join(flags))
    parts = [heading, "\n".join(about), quote(submission.text, TEXT_ROOM)]
    if submission.original_text is not None:
        parts.append(
            t.gettext("The author's own words:") + "\n" + quote(submission.original_text, ORIGINAL_ROOM)
        )
    parts.append(answered(t, submission, ANSWER_ROOM))
    return "\n\n".join(part for part in parts if part)


def choices(t: Translator, case: Case, *marks: str) -> list[list[Button]]:
    """What a moderator can do about a submission: two rows."""
    submission = case.submission
    key = submission.id
    seen = SEEN.get(submission.state, "")
    more = tap(t.gettext("⋯ More"), "moderate-more", key, *marks)
    if submission.state == PUBLISHED and submission.reviewed:
        first = [
            tap(t.gettext("🗣 In the hall"), "answer-hall", key, *marks),
            tap(t.gettext("💬 Answer"), "answer-words", key, *marks),
        ]
        if submission.answered is not None:
            first = [
                tap(t.gettext("💬 Answer anew"), "answer-words", key, *marks),
                tap(t.gettext("↩️ No answer"), "answer-back", key, *marks),
            ]
        return [
            first,
            [
                tap(t.gettext("🚫 Refuse"), "refuse", key, seen, *marks),
                tap(t.gettext("⏸ Hold"), "hold", key, seen, *marks),
                more,
            ],
        ]
    if submission.state in (WAITING, HELD, PUBLISHED):
        publish = t.gettext("✅ Publish") if submission.state != PUBLISHED else t.gettext("✅ Leave it")
        second = [tap(t.gettext("⏭ Later"), "later", key)] if QUEUE in marks else []
        if submission.attachment is not None:
            second.append(tap("📎", "attachment", key))
        if submission.state != HELD:
            second.insert(0, tap(t.gettext("⏸ Hold"), "hold", key, seen, *marks))
        return [
            [
                tap(publish, "publish", key, seen, *marks),
                tap(t.gettext("🚫 Refuse"), "refuse", key, seen, *marks),
            ],
            [*second, more],
        ]
    return [[undo(t, case)]]


def more(t: Translator, case: Case, *marks: str) -> list[list[Button]]:
    """What is needed less often: two rows."""
    key = case.submission.id
    second = [tap(t.gettext("🎤 Speaker"), "moderate-speaker", key, 0, *marks)]
    if case.submission.attachment is not None:
        second.append(tap("📎", "attachment", key))
    second.append(tap(t.gettext("‹ Back"), "moderate", key, *marks))
    return [
        [
            tap(t.gettext("✏️ Typing"), "moderate-typing", key, *marks),
            tap(t.gettext("🏷 Heading"), "moderate-heading", key, *marks),
            tap(t.gettext("🔗 Merge"), "moderate-merge", key, *marks),
        ],
        second,
    ]


def undo(t: Translator, case: Case) -> Button:
    return tap(t.gettext("↩️ Undo"), "undo", case.submission.id, case.submission.state)


def reasons(t: Translator, case: Case, seen: str, *marks: str) -> tuple[str, list[list[Button]]]:
    """The reasons for which a submission is refused, numbered, and their buttons."""
    lines = [f"{place}. {reason_name(t, reason)}" for place, reason in enumerate(REASONS, 1)]
    text = "\n".join(
        [
            t.gettext("🚫 <b>Why is it refused?</b> The author is told; reports count the reasons only."),
            "",
            *lines,
        ]
    )
    buttons = [
        tap(str(place + 1), "refuse-for", case.submission.id, place, seen, *marks)
        for place in range(len(REASONS))
    ]
    back = tap(t.gettext("‹ Back"), "moderate", case.submission.id, *marks)
    return text, [buttons[:5], [*buttons[5:], back]]


def decision(t: Translator, case: Case, name: str) -> str:
    """Who decided what, as the heading of what was decided on; HTML."""
    submission = case.submission
    sentences = {
        PUBLISHED: t.gettext("✅ Published as number {number} by {name}."),
        REFUSED: t.gettext("🚫 Refused by {name}: {reason}"),
        HELD: t.gettext("⏸ Held by {name}."),
        MERGED: t.gettext("🔗 Merged by {name} into another submission; support adds up there."),
        WAITING: t.gettext("↩️ Back in the queue, by {name}."),
    }
    return sentences[submission.state].format(
        number=submission.number, name=escape(name), reason=reason_name(t, submission.reason)
    )


def summary(
    t: Translator,
    waiting: int,
    counts: Mapping[str, int],
    refusals: Mapping[str, int],
    meeting_id: int,
) -> tuple[str, list[list[Button]]]:
    """What there is when nothing waits for this moderator."""
    if waiting:
        said = t.ngettext(
            "{count} submission waits, and a colleague is looking at it.",
            "{count} submissions wait, and colleagues are looking at them.",
            waiting,
        ).format(count=waiting)
    else:
        said = t.gettext("Nothing waits for a decision.")
    lines = [
        t.gettext("✅ <b>Moderation</b>\n\n{said}").format(said=said),
        t.gettext("Published: {published} · held: {held} · refused: {refused}").format(
            published=counts[PUBLISHED], held=counts[HELD], refused=counts[REFUSED]
        ),
    ]
    if refusals:
        lines.append(
            "\n".join(
                [t.gettext("Refused, by reason:")]
                + [f"• {reason_name(t, reason)} ({count})" for reason, count in refusals.items()]
            )
        )
    lists = []
    if counts[HELD]:
        lists.append(tap(t.gettext("⏸ Held"), "moderated", meeting_id, HELD, 0))
    if counts[PUBLISHED]:
        lists.append(tap(t.gettext("✅ Published"), "moderated", meeting_id, PUBLISHED, 0))
    if counts[REFUSED] or counts[MERGED]:
        lists.append(tap(t.gettext("🚫 Refused"), "moderated", meeting_id, REFUSED, 0))
    speakers = (
        [tap(t.gettext("🎤 For speakers"), "moderated", meeting_id, SPEAKERS, 0)] if counts[SPEAKERS] else []
    )
    return "\n\n".join(lines), [lists, speakers]


SPEAKERS = "speakers"
"""The list of what speakers are to answer; by speaker, not by state."""

LISTS = {
    SPEAKERS: (N_("🎤 <b>To be answered by speakers</b>"), ()),
    HELD: (N_("⏸ <b>Held</b>"), (HELD,)),
    PUBLISHED: (N_("✅ <b>Published</b>"), (PUBLISHED,)),
    REFUSED: (N_("🚫 <b>Refused and merged</b>"), (REFUSED, MERGED)),
}
"""The lists of moderators, each with the states that it shows."""


def listed(
    t: Translator, cases: Sequence[Case], which: str, meeting_id: int, page: int, *, has_more: bool, size: int
) -> tuple[str, list[list[Button]]]:
    """A page of a list; each submission is opened by the number in front of it."""
    parts = [t.gettext(LISTS[which][0])]
    openers = []
    for place, case in enumerate(cases, page * size + 1):
        said = outcome(t, case.submission)
        if which == SPEAKERS and case.submission.speaker:
            said = t.gettext("🎤 For: {speaker}").format(speaker=escape(clip(case.submission.speaker, 100)))
        parts.append(f"<b>{place}.</b> {said}\n{escape(clip(case.submission.text, LISTED_TEXT))}")
        openers.append(tap(str(place), "moderate", case.submission.id))
    if not cases:
        parts.append(t.gettext("There is nothing here any more."))
    around = []
    if page:
        around.append(tap("‹", "moderated", meeting_id, which, page - 1))
    if has_more:
        around.append(tap("›", "moderated", meeting_id, which, page + 1))
    around.append(tap(t.gettext("Moderation"), "queue", meeting_id))
    return "\n\n".join(parts), [openers, around]


def mode(t: Translator, case: Case) -> str:
    """Whether the submission can be read already; for the heading."""
    if (
        case.submission.state == PUBLISHED
        and not case.submission.reviewed
        and case.session.moderation == AFTER
    ):
        return t.gettext("published at once, not yet read")
    return ""


def told(t: Translator, case: Case) -> str:
    """What a named author is told of a decision; HTML."""
    submission = case.submission
    sentences = {
        PUBLISHED: t.gettext("✅ <b>Your submission was published as number {number}.</b>"),
        REFUSED: t.gettext(
            "<b>Your submission was not published.</b>\n\n{reason} If you have questions, please ask the committee"
            " directly."
        ),
        MERGED: t.gettext(
            "🔗 <b>Your submission was merged into another one that says the same.</b>\n\nSupport for it counts there."
        ),
        HELD: t.gettext(
            "⏸ <b>Your submission is not shown for the moment.</b>\n\nThe moderators look at it once more."
        ),
        WAITING: t.gettext("↩️ <b>The moderators look at your submission once more.</b>"),
    }
    text = sentences[submission.state].format(
        number=submission.number, reason=reason_name(t, submission.reason)
    )
    return f"{text}\n\n{quote(submission.text, TEXT_ROOM)}"


def told_answer(t: Translator, case: Case) -> str:
    """What a named author is told of an answer; HTML."""
    heading = t.gettext("<b>Your submission number {number} was answered.</b>").format(
        number=case.submission.number
    )
    return "\n\n".join([heading, answered(t, case.submission), quote(case.submission.text, TEXT_ROOM // 2)])


def answered_now(t: Translator, case: Case) -> str:
    """What somebody is told who has just answered in writing; HTML."""
    if case.author is None:
        return t.gettext("💬 Answered. Everybody can read it; who has the receipt finds it too.")
    return t.gettext("💬 Answered. Everybody can read it, and the author was told.")
