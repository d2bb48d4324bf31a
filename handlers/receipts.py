"""What authors do with a submission after sending it: look up its status with the receipt, withdraw it."""

from __future__ import annotations

from bot.domain import submissions
from bot.domain.errors import AlreadyDecided, NotFound
from bot.storage.submissions import WAITING
from handlers import published
from handlers.submission_views import kind_name, outcome
from handlers.taps import BadTap, number, tap
from handlers.turn import Turn

BY_NAME, BY_RECEIPT = "n", "r"
"""How a button names the submission that it is about: by its id, checked against the author, or by its receipt."""


async def on_receipt(turn: Turn) -> None:
    """The button under a receipt."""
    await show(turn, turn.args[0])


async def show(turn: Turn, receipt: str) -> None:
    """What became of the submission that a receipt belongs to."""
    try:
        submission = await submissions.by_receipt(turn.tx, receipt)
    except NotFound:
        turn.reply(
            turn.t.gettext(
                "I know no submission with this receipt. Please check the twelve characters; it may also have been"
                " withdrawn. To write a new submission type /masukan."
            )
        )
        return
    # Without the text: an answer that waits to be sent must not stand beside the words that it is about.
    text = turn.t.gettext("🧾 <b>Anonymous submission</b>\n{kind}\n\n{outcome}").format(
        kind=kind_name(turn.t, submission.kind), outcome=outcome(turn.t, submission)
    )
    rows = [published.button(turn.t, submission.meeting_id)]
    if submission.state == WAITING:
        code = "".join(letter for letter in receipt.upper() if letter.isalnum())
        rows.insert(0, [tap(turn.t.gettext("Withdraw it"), "withdraw", BY_RECEIPT, code)])
    turn.reply(text, rows)


async def on_withdraw(turn: Turn) -> None:
    """Ask before erasing. The submission is looked at only once the person is sure."""
    how, which = turn.args[0], turn.args[1]
    if how == BY_RECEIPT:
        if not submissions.is_receipt(which):
            raise BadTap(which)
    else:
        number(which)
    turn.reply(
        turn.t.gettext(
            "Withdraw your submission?\n\nIt is then erased and cannot be brought back. The committee may have read it"
            " already."
        ),
        [[tap(turn.t.gettext("Yes, withdraw it"), "withdrawn", how, which)]],
    )


async def on_withdrawn(turn: Turn) -> None:
    """Erase a submission that nobody decided yet."""
    how, which = turn.args[0], turn.args[1]
    try:
        if how == BY_RECEIPT:
            await submissions.withdraw_by_receipt(turn.tx, which)
        else:
            await submissions.withdraw_own(turn.tx, number(which), turn.user.id)
    except AlreadyDecided:
        turn.edit(
            turn.t.gettext(
                "The committee has decided on this submission; it can no longer be withdrawn here."
            )
        )
        return
    turn.edit(
        turn.t.gettext(
            "↩️ Your submission was withdrawn and erased from the office's database. Whoever decides on submissions may"
            " have read it in Telegram before."
        )
    )
