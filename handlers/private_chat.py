"""The way from a group to the private chat, where everything personal happens."""

from __future__ import annotations

from handlers.taps import Button, link
from handlers.turn import Turn

START = "group"
"""The payload with which the private chat begins then; it names no meeting."""


def button(turn: Turn) -> Button:
    """Opens the private chat."""
    return link(turn.t.gettext("Open the private chat"), f"https://t.me/{turn.bot_username}?start={START}")


def lead(turn: Turn) -> None:
    """Offer the private chat for what others should not read."""
    text = turn.t.gettext("Let us do this in private, where only you and I can read along.")
    turn.reply(text, [[button(turn)]])
