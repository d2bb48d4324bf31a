"""The way from a group to the private chat, where everything personal happens."""

from __future__ import annotations

from handlers.taps import Button, link
from handlers.turn import Turn

START = "group"
"""The payload with which the private chat begins then; it names no meeting."""
PREFIX = f"{START}-"
"""What a payload begins with that goes on with the command that was typed in the group."""


def button(turn: Turn, command: str = "") -> Button:
    """Opens the private chat, and there goes on with ``command`` (without its slash)."""
    payload = PREFIX + command if command else START
    return link(turn.t.gettext("Open the private chat"), f"https://t.me/{turn.bot_username}?start={payload}")


def lead(turn: Turn, command: str = "") -> None:
    """Offer the private chat for what others should not read."""
    text = turn.t.gettext("Let us do this in private, where only you and I can read along.")
    turn.reply(text, [[button(turn, command)]])
