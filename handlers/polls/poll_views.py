"""What polls look like: to those who answer, to those who run them, and as results."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.domain.agreement.ground import group_name, percent
from bot.domain.language.texts import clip
from bot.domain.polls.polls import Results, Tally
from bot.i18n import N_, Translator
from bot.storage.polls import CLOSED, DRAFT, ONE, OPEN, QUIZ, RANKING, SCALE, SEVERAL, Poll
from handlers.taps import Button, tap

LABEL = 32
"""Characters of an option that a button on a narrow phone shows whole; longer ones are numbered in the text."""
A_ROW = 5
"""Buttons with a number only, in one row."""
BAR = 10
"""Characters of a bar."""
LISTED = 8
"""Polls on one page of a list."""

KIND_NAMES = {
    ONE: N_("one choice"),
    SEVERAL: N_("several choices"),
    SCALE: N_("scale 1 to 5"),
    RANKING: N_("ranking"),
    QUIZ: N_("quiz"),
}
STATE_NAMES = {DRAFT: N_("draft"), OPEN: N_("open"), CLOSED: N_("ended")}
STATE_SIGNS = {DRAFT: "⚪", OPEN: "🟢", CLOSED: "⚫"}

_HOW = {
    ONE: N_("Please choose one."),
    SEVERAL: N_("Please choose all that apply."),
    SCALE: N_("Please choose a step from 1 to 5."),
    RANKING: N_("Please tap in the order of importance, the most important first."),
    QUIZ: N_("Please choose the answer that you hold to be right."),
}


def question(t: Translator, poll: Poll, chosen: Sequence[int]) -> str:
    """A poll as its participant sees it while it is open."""
    parts = [f"📊 <b>{escape(poll.question)}</b>"]
    if _is_numbered(poll):
        parts.append("\n".join(f"{place}. {escape(text)}" for place, text in enumerate(poll.options, 1)))
    parts.append(t.gettext(_HOW[poll.kind]))
    if poll.kind == RANKING and 0 < len(chosen) < len(poll.options):
        parts.append(
            t.ngettext(
                "{count} option has no place yet; the ranking counts when all have one.",
                "{count} options have no place yet; the ranking counts when all have one.",
                len(poll.options) - len(chosen),
            ).format(count=len(poll.options) - len(chosen))
        )
    elif chosen:
        parts.append(t.gettext("✔️ Your answer is noted. You can change it until the poll is closed."))
    return "\n\n".join(parts)


def answer_buttons(t: Translator, poll: Poll, chosen: Sequence[int]) -> list[list[Button]]:
    """The options, marked as chosen or with their place."""
    numbered = _is_numbered(poll)
    taps = [
        tap(
            _sign(poll, chosen, option) + (str(option + 1) if numbered else text),
            "poll-choose",
            poll.id,
            option,
        )
        for option, text in enumerate(poll.options)
    ]
    width = A_ROW if numbered else 1
    rows = [taps[start : start + width] for start in range(0, len(taps), width)]
    if poll.kind == RANKING and chosen:
        rows.append([tap(t.gettext("Start again"), "poll-again", poll.id)])
    return rows


def results_button(t: Translator, poll: Poll) -> list[Button]:
    return [tap(t.gettext("Results"), "poll-results", poll.id)]


def results(t: Translator, poll: Poll, found: Results) -> str:
    """What came of a poll, in all and for each group of sectors that may be shown."""
    heading = f"📊 <b>{escape(poll.question)}</b>"
    if not found.total.people:
        return f"{heading}\n\n{_nothing_yet(t, found)}"
    return f"{heading}\n{figures(t, poll, found)}"


def figures(t: Translator, poll: Poll, found: Results) -> str:
    """The results without the question."""
    total, smallest = found.total, found.smallest
    if not total.people:
        return _nothing_yet(t, found)
    state = t.gettext("ended") if poll.state == CLOSED else t.gettext("still open")
    count = t.ngettext("{count} answer", "{count} answers", total.people).format(count=total.people)
    parts = [f"{count} · {state}", _bars(t, poll, total)]
    if poll.kind == QUIZ and poll.state == CLOSED and poll.right_option is not None:
        right = t.gettext("✅ Right: <b>{option}</b>").format(option=escape(poll.options[poll.right_option]))
        parts.append("\n".join(filter(None, (right, escape(poll.explanation)))))
    if len(found.groups) > 1:
        lines = [
            f"{escape(group_name(t, group))} ({own.people}): {_in_short(t, poll, own)}"
            for group, own in found.groups
        ]
        parts.append("\n".join([t.gettext("<b>By stakeholder group</b>"), *lines]))
    if found.left_out:
        text = t.ngettext(
            "{count} more answer is in no figure: groups with fewer than {smallest} answers are not shown.",
            "{count} more answers are in no figure: groups with fewer than {smallest} answers are not shown.",
            found.left_out,
        )
        parts.append(f"<i>{text.format(count=found.left_out, smallest=smallest)}</i>")
    return "\n\n".join(parts)


def _nothing_yet(t: Translator, found: Results) -> str:
    if not found.left_out:
        return t.gettext("Nobody has answered yet.")
    text = t.ngettext(
        "{count} answer so far. Figures appear as soon as one stakeholder group has {smallest}.",
        "{count} answers so far. Figures appear as soon as one stakeholder group has {smallest}.",
        found.left_out,
    )
    return text.format(count=found.left_out, smallest=found.smallest)


def staff_card(t: Translator, poll: Poll, answered: int, registered: int) -> str:
    """A poll as those see it who run it, without its results."""
    head = t.gettext("{sign} <b>Poll {number}</b> · {kind} · {state}").format(
        sign=STATE_SIGNS[poll.state],
        number=poll.number,
        kind=t.gettext(KIND_NAMES[poll.kind]),
        state=t.gettext(STATE_NAMES[poll.state]),
    )
    options = []
    for place, text in enumerate(poll.options, 1):
        right = " ✅" if poll.right_option == place - 1 else ""
        options.append(f"{place}. {escape(text)}{right}")
    shown = (
        t.gettext("Participants see results when the poll is closed.")
        if poll.hidden
        else t.gettext("Participants see results as soon as they have answered.")
    )
    parts = [head, f"<b>{escape(poll.question)}</b>\n" + "\n".join(options), shown]
    if poll.state != DRAFT:
        parts.append(
            t.gettext("Answered: {answered} of {registered} registered.").format(
                answered=answered, registered=registered
            )
        )
    return "\n\n".join(parts)


def label(poll: Poll) -> str:
    """A poll on a button."""
    return f"{STATE_SIGNS[poll.state]} {poll.number}. {clip(poll.question, LABEL)}"


def _is_numbered(poll: Poll) -> bool:
    return poll.kind == SCALE or any(len(text) > LABEL for text in poll.options)


def _sign(poll: Poll, chosen: Sequence[int], option: int) -> str:
    if option not in chosen:
        return ""
    return f"{chosen.index(option) + 1}️⃣ " if poll.kind == RANKING and len(chosen) < 10 else "✅ "


def _bars(t: Translator, poll: Poll, total: Tally) -> str:
    lines = []
    order = range(len(poll.options))
    if poll.kind == RANKING:
        order = sorted(order, key=lambda option: total.places[option])  # type: ignore[assignment]
    for option in order:
        count = total.counts[option]
        share = count / total.people
        if poll.kind == RANKING:
            figure = t.gettext("average place {place}").format(place=t.decimal(total.places[option]))
            share = (len(poll.options) - total.places[option]) / max(1, len(poll.options) - 1)
        else:
            figure = f"{percent(share)} ({count})"
        lines.append(f"{escape(poll.options[option])} — {figure}\n{bar(share)}")
    if poll.kind == SCALE and total.mean is not None:
        lines.append(t.gettext("Average: <b>{mean}</b>").format(mean=t.decimal(total.mean)))
    return "\n".join(lines)


def _in_short(t: Translator, poll: Poll, group: Tally) -> str:
    """One group's answers in a line: options by their numbers."""
    if poll.kind == SCALE and group.mean is not None:
        return t.gettext("average {mean}").format(mean=t.decimal(group.mean))
    if poll.kind == RANKING:
        order = sorted(range(len(poll.options)), key=lambda option: group.places[option])
        return " › ".join(clip(escape(poll.options[option]), LABEL) for option in order)
    if poll.kind == QUIZ and poll.state == CLOSED and poll.right_option is not None:
        return t.gettext("{share} right").format(
            share=percent(group.counts[poll.right_option] / group.people)
        )
    shares = [
        f"{clip(escape(text), LABEL)} {percent(count / group.people)}"
        for text, count in zip(poll.options, group.counts, strict=True)
        if count
    ]
    return " · ".join(shares)


def bar(share: float) -> str:
    """A bar of text, from 0 to 1."""
    full = round(share * BAR)
    return "▰" * full + "▱" * (BAR - full)
