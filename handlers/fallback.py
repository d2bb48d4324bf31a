"""Answers to what no journey expects. Nobody who writes in private is left without one."""

from __future__ import annotations

from handlers.turn import Turn


async def on_unexpected(turn: Turn) -> None:
    """Say what can be done here: a text, picture or unknown command came while no question was open."""
    if turn.text.startswith("/"):
        turn.reply(turn.t.gettext("I do not know this command. /help shows all that I can do for you."))
        return
    turn.reply(
        turn.t.gettext(
            "No question is open at the moment, so I have not kept this. To give feedback type /feedback; all that I"
            " can do is in /help."
        )
    )


async def on_edit(turn: Turn) -> None:
    """An edited message changes nothing here; say so before somebody relies on it."""
    turn.reply(
        turn.t.gettext("I do not read changes to earlier messages. Please send the text again as a new one.")
    )


async def on_old_button(turn: Turn) -> None:
    """A button of an older program or a forged one."""
    turn.answer(turn.t.gettext("This button is no longer valid. Please use the latest message."))


async def on_nothing(turn: Turn) -> None:
    """Updates that need no answer."""
