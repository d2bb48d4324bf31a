"""What happens to somebody's words before they are kept: numbers are masked, what moderators should see is flagged."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.dialogue import complaints, word_filter
from bot.domain.dialogue.word_filter import INSULT, SARA, Screened
from bot.domain.errors import ReadsLikeReport

NO_REPORT = "no-report"
"""It reads like a report of a violation; its author says that it is none."""
LATE = "late"
"""It came after its session was closed."""

HOLDS = frozenset({INSULT, SARA, NO_REPORT, LATE})
"""Flags with which nothing is published before a moderator saw it."""


def screened(text: str, *, is_no_report: bool) -> Screened:
    """The words as they may be kept, with their flags.

    Raises:
        ReadsLikeReport: they belong to the official channel, unless the author says ``is_no_report``.
    """
    found = word_filter.screen(text)
    if not complaints.reads_like_report(text):
        return found
    if not is_no_report:
        raise ReadsLikeReport
    return Screened(found.text, (*found.flags, NO_REPORT))


def may_go_at_once(flags: Iterable[str]) -> bool:
    """Whether a submission with these flags can be read before a moderator saw it, where the session allows that."""
    return HOLDS.isdisjoint(flags)
