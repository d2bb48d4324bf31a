"""/layar: the page for the projector. An organiser makes its link, and chooses what it shows."""

from __future__ import annotations

from html import escape

from bot.domain import roles
from bot.domain.meeting import meetings
from bot.domain.wall import wall, wall_views
from bot.i18n import N_
from bot.reports.tickets import qr_code
from bot.storage.meetings import Meeting
from bot.storage.walls import StoredWall
from handlers.routing import ORGANISERS, Command, Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

_VIEW_NAMES = {
    wall.AUTO: N_("Follow the meeting"),
    wall.JOIN: N_("QR code to join"),
    wall.AGENDA: N_("Agenda"),
    wall.SUBMISSIONS: N_("Submissions"),
}


def _view_names() -> dict[str, str]:
    """Message id of each view's name."""
    return {**_VIEW_NAMES, **{name: view.label for name, view in wall_views.views().items()}}


_HERE_ONLY = ("127.", "localhost", "[::1]")


async def on_wall(turn: Turn) -> None:
    """/layar: the controls, and the first time also the link."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    meeting, stored = await wall.for_organiser(turn.tx, meeting.id, turn.user.id)
    if stored is None and turn.site_url:
        await _make_link(turn, meeting)
        _, stored = await wall.for_organiser(turn.tx, meeting.id, turn.user.id)
    text, buttons = _controls(turn, meeting, stored)
    turn.reply(text, buttons)


async def on_show(turn: Turn) -> None:
    """Show another view; the wall follows at once."""
    meeting_id, view = number(turn.args[0]), turn.args[1]
    if await wall.show(turn.tx, meeting_id, turn.user.id, view):
        turn.answer(
            turn.t.gettext("The wall now shows: {view}").format(view=turn.t.gettext(_view_names()[view]))
        )
    await _refresh(turn, meeting_id)


async def on_renew(turn: Turn) -> None:
    """Ask before a new link: whoever watches through the old one loses the wall."""
    meeting, stored = await wall.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    if stored is None:
        await _hand_over(turn, meeting)
        return
    turn.edit(
        turn.t.gettext(
            "Make a new link to the wall?\n\nThe old link ends at once: the projector and everybody who opened it need"
            " the new one."
        ),
        [
            [tap(turn.t.gettext("Yes, make a new link"), "wall-link", meeting.id)],
            [tap(turn.t.gettext("No, keep it"), "wall", meeting.id)],
        ],
    )


async def on_link(turn: Turn) -> None:
    """Make a new link after the question."""
    meeting, _ = await wall.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    await _hand_over(turn, meeting)


async def _hand_over(turn: Turn, meeting: Meeting) -> None:
    if turn.site_url:
        await _make_link(turn, meeting)
    _, stored = await wall.for_organiser(turn.tx, meeting.id, turn.user.id)
    text, buttons = _controls(turn, meeting, stored)
    turn.reply(text, buttons)


async def on_close(turn: Turn) -> None:
    """Ask before the link ends."""
    meeting, _ = await wall.for_organiser(turn.tx, number(turn.args[0]), turn.user.id)
    turn.edit(
        turn.t.gettext(
            "Close the wall?\n\nIts link ends at once. You can make a new one at any time; nothing else changes."
        ),
        [
            [tap(turn.t.gettext("Yes, close the wall"), "wall-end", meeting.id)],
            [tap(turn.t.gettext("No, keep it"), "wall", meeting.id)],
        ],
    )


async def on_end(turn: Turn) -> None:
    """End the link after the question."""
    meeting_id = number(turn.args[0])
    if await wall.close_wall(turn.tx, meeting_id, turn.user.id, turn.now):
        turn.answer(turn.t.gettext("The wall is closed. Its link no longer works."))
    await _refresh(turn, meeting_id)


async def on_controls(turn: Turn) -> None:
    """Back to the controls, in the place of the tapped message."""
    await _refresh(turn, number(turn.args[0]))


async def _refresh(turn: Turn, meeting_id: int) -> None:
    meeting, stored = await wall.for_organiser(turn.tx, meeting_id, turn.user.id)
    text, buttons = _controls(turn, meeting, stored)
    turn.edit(text, buttons)


async def _make_link(turn: Turn, meeting: Meeting) -> None:
    """Send the new link with its QR code: the one time that anybody but its holders sees it."""
    token = await wall.open_wall(turn.tx, meeting.id, turn.user.id, turn.now)
    url = f"{turn.site_url}/wall/{token}"
    caption = turn.t.gettext(
        "🖥 <b>The wall of {title}</b>\n\nOpen this link on the computer with the projector, or scan the code with a"
        " phone:\n{url}\n\nWhoever has the link sees the wall, so share it only where it should be seen. It shows"
        " nothing that was not published."
    ).format(title=escape(turn.t.pick(meeting.title)), url=url)
    if turn.site_url.partition("://")[2].startswith(_HERE_ONLY):
        caption += "\n\n" + turn.t.gettext(
            "This link works only on the computer on which the bot runs. Other screens need PUBLIC_URL to be set."
        )
    turn.photo(qr_code(url), "layar.png", caption)


def _controls(turn: Turn, meeting: Meeting, stored: StoredWall | None) -> tuple[str, list[list[Button]]]:
    t = turn.t
    title = escape(t.pick(meeting.title))
    if stored is None:
        if not turn.site_url:
            text = t.gettext(
                "🖥 <b>The wall of {title}</b>\n\nThe pages of this bot are not available at the moment. Whoever runs it"
                " finds the reason in its log (WEB_PORT)."
            )
            return text.format(title=title), []
        text = t.gettext("🖥 <b>The wall of {title}</b>\n\nIt is closed. A new link opens it again.")
        return text.format(title=title), [[tap(t.gettext("Open the wall"), "wall-new", meeting.id)]]
    names = _view_names()
    text = t.gettext(
        "🖥 <b>What the wall shows</b>\n{title}\n\nNow: <b>{view}</b>\nTap to change it; the wall follows at once.\n\n"
        "The link was sent when it was made on {moment}, and is kept nowhere else. If it is lost, or should no longer"
        " be known, make a new one."
    ).format(
        title=title,
        view=t.gettext(names.get(stored.view, stored.view)),
        moment=t.moment(stored.opened_at, meeting.timezone),
    )
    views = [
        tap(("✓ " if view == stored.view else "") + t.gettext(name), "wall-show", meeting.id, view)
        for view, name in names.items()
    ]
    return text, [
        *(views[place : place + 2] for place in range(0, len(views), 2)),
        [
            tap(t.gettext("New link"), "wall-new", meeting.id),
            tap(t.gettext("Close the wall"), "wall-close", meeting.id),
        ],
    ]


JOURNEY = Journey(
    commands=(Command(("layar", "wall"), on_wall, N_("the page for the projector"), ORGANISERS),),
    taps=(
        Tap("wall", on_controls),
        Tap("wall-show", on_show),
        Tap("wall-new", on_renew),
        Tap("wall-link", on_link),
        Tap("wall-close", on_close),
        Tap("wall-end", on_end),
    ),
)
