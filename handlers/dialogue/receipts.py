"""What authors do with a submission after sending it: look up its status with the receipt, change it, withdraw it."""

from __future__ import annotations

from typing import Any

from bot.domain.dialogue import authorship
from bot.domain.dialogue.receipts import is_receipt, plain, spaced
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.language.texts import clean_lines, has_letter
from bot.storage import sessions
from bot.storage.submissions import Submission
from handlers.dialogue import published
from handlers.dialogue.submission_views import answered, kind_name, masked_note, outcome
from handlers.routing import Tap
from handlers.taps import BadTap, number, tap
from handlers.turn import Turn

BY_NAME, BY_RECEIPT = "n", "r"
"""How a button names the submission that it is about: by its id, checked against the author, or by its receipt."""

_MARK = "🧾"
"""Begins the messages that a changed text is sent in reply to."""


async def on_words(turn: Turn) -> None:
    """``/masukan`` with a receipt; with words behind it, these take the place of the submission's."""
    words = turn.text.split(maxsplit=1)[1:]
    receipt, _, rest = (words[0] if words else "").partition(" ")
    receipt = receipt.splitlines()[0] if receipt else ""
    rest = words[0][len(receipt) :].strip() if words else ""
    if rest and is_receipt(receipt):
        await _change(turn, receipt, rest)
    else:
        await show(turn, " ".join(turn.args))


async def on_receipt(turn: Turn) -> None:
    """The button under a receipt."""
    await show(turn, turn.args[0])


async def show(turn: Turn, receipt: str) -> None:
    """What became of the submission that a receipt belongs to."""
    submission = await _find(turn, receipt)
    if submission is None:
        return
    t = turn.t
    # Without its words: an answer that waits to be sent must not stand beside the words that it is about.
    parts = [
        t.gettext("🧾 <b>Anonymous submission</b>\n{kind}\n\n{outcome}").format(
            kind=kind_name(t, submission.kind), outcome=outcome(t, submission)
        ),
        answered(t, submission),
    ]
    rows = [published.button(t, submission.meeting_id)]
    changes, withdraws = await authorship.may_change(turn.tx, submission)
    row = []
    if changes:
        row.append(tap(t.gettext("Change it"), "receipt-change", plain(receipt)))
    if withdraws:
        row.append(tap(t.gettext("Withdraw it"), "withdraw", BY_RECEIPT, plain(receipt)))
    turn.reply("\n\n".join(part for part in parts if part), [row, *rows])


async def on_change(turn: Turn) -> None:
    """Ask for the new words in reply to a message that names the receipt: nothing of it is kept in between."""
    receipt = turn.args[0]
    if not is_receipt(receipt):
        raise BadTap(receipt)
    placeholder: dict[str, Any] = {"force_reply": True}
    turn.reply(
        turn.t.gettext(
            "🧾 {receipt}\n\nPlease <b>reply to this message</b> with the whole new text. It takes the place of the old"
            " one as soon as you send it. What I am told in between is kept nowhere."
        ).format(receipt=spaced(plain(receipt))),
        keyboard=placeholder,
    )


async def take(turn: Turn) -> bool:
    """Take a reply to :func:`on_change` as the new words; False for any other message."""
    message = turn.update.message
    before = message.reply_to_message if message is not None else None
    if not turn.is_private or before is None or message is None or message.text is None:
        return False
    if before.from_user is None or before.from_user.username != turn.bot_username:
        return False
    lines = (before.text or "").splitlines()
    receipt = lines[0].removeprefix(_MARK).strip() if lines and lines[0].startswith(_MARK) else ""
    if not is_receipt(receipt) or message.text.startswith("/"):
        return False
    await _change(turn, receipt, message.text)
    return True


async def _change(turn: Turn, receipt: str, text: str) -> None:
    text = clean_lines(text)
    submission = await _find(turn, receipt)
    if submission is None:
        return
    session = await sessions.find(turn.tx, submission.session_id)
    if session is not None and len(text) > session.text_limit:
        told = turn.t.gettext(
            "That is {length} characters long; at most {limit} fit here. Please shorten it a little."
        )
        turn.reply(told.format(length=len(text), limit=session.text_limit))
        return
    if not has_letter(text):
        turn.reply(turn.t.gettext("Please write it in words, so that everybody understands what you mean."))
        return
    changed = await authorship.change_by_receipt(turn.tx, receipt, text)
    turn.reply(
        turn.t.gettext("✅ <b>Your submission was changed.</b>\n\n{outcome}").format(
            outcome=outcome(turn.t, changed)
        )
        + masked_note(turn.t, changed),
        [[tap(turn.t.gettext("See its status"), "receipt", plain(receipt))]],
    )


async def _find(turn: Turn, receipt: str) -> Submission | None:
    try:
        return await authorship.by_receipt(turn.tx, receipt)
    except NotFound:
        turn.reply(
            turn.t.gettext(
                "I know no submission with this receipt. Please check the twelve characters; it may also have been"
                " withdrawn. To write a new submission type /feedback."
            )
        )
        return None


async def on_withdraw(turn: Turn) -> None:
    """Ask before erasing. The submission is looked at only once the person is sure."""
    how, which = turn.args[0], turn.args[1]
    if how == BY_RECEIPT:
        if not is_receipt(which):
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
    """Erase a submission that nobody decided yet, or that was published in a session that is still open."""
    how, which = turn.args[0], turn.args[1]
    try:
        if how == BY_RECEIPT:
            await authorship.withdraw_by_receipt(turn.tx, which)
        else:
            await authorship.withdraw_own(turn.tx, number(which), turn.user.id)
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


TAPS = (
    Tap("receipt", on_receipt),
    Tap("receipt-change", on_change),
    Tap("withdraw", on_withdraw),
    Tap("withdrawn", on_withdrawn),
)
