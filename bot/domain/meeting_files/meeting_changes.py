"""What an import did, thing by thing, and how to tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.i18n import N_, Translator

CREATED, CHANGED, UNCHANGED, REMOVED, KEPT = "created", "changed", "unchanged", "removed", "kept"
ASKED = "asked"
"""Different in the file, but people were asked already and answered to the old words; left as it is."""

KINDS: Mapping[str, str] = {
    "office": N_("Office"),
    "meeting": N_("Meeting"),
    "sector": N_("Sectors"),
    "agenda": N_("Agenda items"),
    "material": N_("Materials"),
    "session": N_("Dialogue sessions"),
    "poll": N_("Polls"),
    "statement": N_("Understanding check"),
    "reminder": N_("Reminders"),
}
"""What a file is made of, each with a message id."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one thing of a file, or of one that the file no longer names."""

    kind: str
    """One of :data:`KINDS`."""
    name: str
    """Its code or slug."""
    outcome: str
    """``created``, ``changed``, ``unchanged``, ``removed``; or ``kept`` (no longer named, but people have used it) and
    ``asked`` (named otherwise, but people have answered it)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did."""

    office_id: int
    meeting_id: int
    code: str
    """The meeting's."""
    changes: tuple[Change, ...]

    @property
    def has_effect(self) -> bool:
        return any(change.outcome not in (UNCHANGED, KEPT, ASKED) for change in self.changes)

    def count(self, outcome: str) -> int:
        return sum(change.outcome == outcome for change in self.changes)

    def lines(self, t: Translator) -> list[str]:
        """What to tell who imported it: a line a kind, and one for each thing that was kept."""
        lines = []
        for kind in dict.fromkeys(change.kind for change in self.changes):
            counts = Counter(change.outcome for change in self.changes if change.kind == kind)
            line = t.gettext(
                "{kind}: {created} new, {changed} changed, {removed} removed, {unchanged} as before"
            )
            counted = {outcome: counts[outcome] for outcome in (CREATED, CHANGED, REMOVED, UNCHANGED)}
            lines.append(line.format(kind=t.gettext(KINDS[kind]), **counted))
        for change in self.changes:
            if change.outcome == KEPT:
                line = t.gettext("{kind}: “{name}” is no longer in the file but is in use, so it was kept")
            elif change.outcome == ASKED:
                line = t.gettext(
                    "{kind}: “{name}” is different in the file, but people were asked already, so it was kept"
                )
            else:
                continue
            lines.append(line.format(kind=t.gettext(KINDS[change.kind]), name=change.name))
        return lines


def outcome(old: object, new: object) -> str:
    """What became of a thing that is ``new`` now and was ``old``; None for what was not there."""
    return CREATED if old is None else UNCHANGED if old == new else CHANGED
