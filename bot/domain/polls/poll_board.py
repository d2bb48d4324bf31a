"""The running poll as a board for the wall: its question at once, figures only when everybody may see them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.agreement.ground import percent, small_print
from bot.domain.polls import polls
from bot.domain.polls.polls import Results
from bot.domain.wall.boards import ACCENT, RIGHT, Board, Row, bar
from bot.domain.wall.wall_views import View
from bot.i18n import N_, Translator
from bot.storage import polls as stored
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from bot.storage.polls import CLOSED, OPEN, RANKING, SCALE, Poll


@dataclass(frozen=True, slots=True)
class Running:
    """The poll that was opened last, or else the last that was closed."""

    poll: Poll
    answered: int
    results: Results | None
    """None as long as they are hidden."""


async def look(tx: Transaction, meeting: Meeting, secret: bytes) -> Running | None:
    known = await stored.of_meeting(tx, meeting.id)
    poll = next((item for state in (OPEN, CLOSED) for item in known if item.state == state), None)
    if poll is None:
        return None
    answered = polls.tally(poll, await stored.answers(tx, poll.id)).people
    visible = poll.state == CLOSED or not poll.hidden
    return Running(poll, answered, await polls.results(tx, poll, meeting) if visible else None)


def words(t: Translator, meeting: Meeting, found: Running | None) -> Board:
    if found is None:
        return Board(t.gettext("Poll"), empty=t.gettext("No poll is open at the moment."))
    poll, results = found.poll, found.results
    answers = t.ngettext("{count} answer", "{count} answers", found.answered).format(count=found.answered)
    if results is None or not results.total.people:
        return Board(
            poll.question,
            tuple(Row(text) for text in poll.options),
            hint=f"{answers} · " + t.gettext("Please answer in the bot: /polls"),
        )
    hint = answers if not results.left_out else f"{answers} · {small_print(t, results.smallest)}"
    return Board(poll.question, tuple(_rows(t, poll, results)), hint=hint)


def _rows(t: Translator, poll: Poll, results: Results) -> list[Row]:
    total = results.total
    if poll.kind == RANKING:
        order = sorted(range(len(poll.options)), key=lambda option: total.places[option])
        steps = max(1, len(poll.options) - 1)
        return [
            Row(
                poll.options[option],
                (bar("", {ACCENT: len(poll.options) - total.places[option]}, steps),),
                figure=f"{place}.",
                note=t.gettext("average place {place}").format(place=t.decimal(total.places[option])),
            )
            for place, option in enumerate(order, 1)
        ]
    rows = [
        Row(
            text,
            (bar("", {_tone(poll, option): count}, total.people),),
            figure=percent(count / total.people),
            note=str(count),
        )
        for option, (text, count) in enumerate(zip(poll.options, total.counts, strict=True))
    ]
    if poll.kind == SCALE and total.mean is not None:
        rows.append(Row(t.gettext("Average"), figure=t.decimal(total.mean)))
    return rows


def _tone(poll: Poll, option: int) -> str:
    return RIGHT if poll.state == CLOSED and option == poll.right_option else ACCENT


VIEW = View("poll", N_("Poll"), look, words)
