"""/siaran: an organiser writes to participants and groups, after a look at what they will see."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.domain import broadcasts, meetings, roles
from bot.domain.audience import EVERYONE, Audience, parse
from bot.domain.errors import AlreadyDecided, NotFound
from bot.domain.forms import Form
from bot.domain.questions import Answers, Choice, Context, Facts, Invalid, Option, Text
from bot.domain.texts import clean_lines, is_blank, utf16_length
from bot.i18n import LOCALES, N_, translator
from bot.storage import broadcasts as stored
from bot.storage import groups, offices
from bot.storage import progress as stored_progress
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Transaction
from bot.storage.meetings import Meeting
from handlers import broadcast_views as views
from handlers import forms
from handlers.form_views import sentence
from handlers.routing import Audience as Menu
from handlers.routing import Command, Journey, Tap
from handlers.taps import number, tap
from handlers.turn import Turn

FORM_NAME = "broadcast"

LIMIT = 3500
"""UTF-16 units of an announcement, of the 4,096 of a message (Bot API, sendMessage): the heading needs some."""


async def _options(tx: Transaction, _: Answers, facts: Facts) -> Sequence[Option]:
    """The audiences that can be chosen, with how many chats each has."""
    meeting_id = facts["meeting"]
    people = await stored.reachable_by_sector(tx, meeting_id)
    bound = len(await groups.bound_to(tx, meeting_id))
    everybody = sum(people.values())
    options = [Option("all", _labelled(N_("All participants ({count})"), everybody))]
    if bound:
        options.append(
            Option("all+groups", _labelled(N_("All participants and groups ({count})"), everybody + bound))
        )
        options.append(Option("groups", _labelled(N_("Only the connected groups ({count})"), bound)))
    options += [
        Option(f"sector.{sector.code}", {locale: f"{text} ({people[sector.code]})" for locale, text in names})
        for sector in await offices.sectors(tx, facts["office"])
        if people.get(sector.code)
        for names in [[(locale, translator(locale).pick(sector.name)) for locale in LOCALES]]
    ]
    return options


def _labelled(message: str, count: int) -> dict[str, str]:
    return {locale: translator(locale).gettext(message).format(count=count) for locale in LOCALES}


def _audience(value: str) -> Audience:
    known = {
        "all": EVERYONE,
        "all+groups": Audience(sectors="all", groups=True),
        "groups": Audience(groups=True),
    }
    return known.get(value) or Audience(sectors=(value.removeprefix("sector."),))


def _option_of(audience: Audience) -> str:
    if audience.sectors and audience.sectors != "all":
        return f"sector.{audience.sectors[0]}"
    if not audience.sectors:
        return "groups"
    return "all+groups" if audience.groups else "all"


def _fits(text: str, _: Context | None = None) -> Invalid | None:
    length = utf16_length(text)
    return Invalid("too_long", {"length": length, "limit": LIMIT}) if length > LIMIT else None


FORM = Form(
    FORM_NAME,
    1,
    (
        Choice(
            key="audience",
            prompt=N_("Who should get the announcement?"),
            label=N_("Recipients"),
            options=_options,
        ),
        Text(
            key="text",
            prompt=N_("What do you want to announce?"),
            hint=N_(
                "It is sent as you write it. You see it once more, with the number of recipients, before it goes."
            ),
            label=N_("Announcement"),
            max_length=LIMIT,
            multiline=True,
            check=_fits,
        ),
    ),
    review=False,
)


async def on_broadcast(turn: Turn) -> None:
    """``/siaran``, also with the text: ask for what is missing, then show the preview."""
    meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    text = clean_lines("".join(turn.text.split(maxsplit=1)[1:]))
    too_long = _fits(text)
    if too_long is not None:
        turn.reply(sentence(turn.t, too_long))
    answers = None if too_long is not None or is_blank(text) else {"text": text}
    await forms.begin(turn, FORM_NAME, _facts(meeting), answers)


def _facts(meeting: Meeting) -> Facts:
    return {"meeting": meeting.id, "office": meeting.office_id}


async def _finish(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    """Keep the draft and show it: first as people will see it, then what can be done with it."""
    meeting = await meetings.for_staff(turn.tx, facts["meeting"], turn.user.id, roles.ORGANISER)
    office = await offices.find(turn.tx, meeting.office_id)
    if office is None:
        raise NotFound
    content = views.announcement(office.name, answers["text"])
    audience = _audience(answers["audience"])
    broadcast, recipients = await broadcasts.draft(
        turn.tx,
        meeting=meeting,
        content=content,
        audience=audience,
        author_id=turn.user.id,
        now=turn.now,
    )
    sectors = {sector.code: sector.name for sector in await offices.sectors(turn.tx, office.id)}
    turn.reply(content.text[turn.t.locale])
    _ask(turn, broadcast, views.audience_name(turn.t, audience, sectors), len(recipients))


def _ask(turn: Turn, broadcast: Broadcast, audience: str, count: int) -> None:
    t = turn.t
    change = [
        tap(t.gettext("Change the text"), "broadcast-text", broadcast.id),
        tap(t.gettext("Change recipients"), "broadcast-to", broadcast.id),
    ]
    cancel = [tap(t.gettext("Cancel"), "broadcast-cancel", broadcast.id)]
    if not count:
        turn.reply(
            t.gettext(
                "Above is the announcement for: {audience}. Nobody of them can be reached at the moment, so it cannot"
                " be sent. Please choose other recipients."
            ).format(audience=escape(audience)),
            [change, cancel],
        )
        return
    turn.reply(
        t.gettext(
            "Above is what the recipients will see.\n\nRecipients: <b>{audience}</b> ({chats})\n\nShall it be sent?"
        ).format(audience=escape(audience), chats=views.chats(t, count)),
        [
            [
                tap(
                    t.gettext("Send to {chats}").format(chats=views.chats(t, count)),
                    "broadcast-send",
                    broadcast.id,
                )
            ],
            change,
            cancel,
        ],
    )


async def on_send(turn: Turn) -> None:
    """Send the draft; the message with the button becomes the progress message."""
    broadcast_id = number(turn.args[0])
    try:
        _, count = await broadcasts.confirm(turn.tx, broadcast_id, turn.user.id, turn.now)
    except AlreadyDecided:
        await _say_decided(turn, broadcast_id)
        return
    turn.answer(turn.t.gettext("It is on its way."))
    await show_progress(turn, broadcast_id, count)


async def show_progress(turn: Turn, broadcast_id: int, count: int) -> None:
    """Make the tapped message tell how far a broadcast is, from now on until it is done.

    Only the progress messages' own loop changes it, so that no older state can arrive after a newer one.
    """
    if turn.tapped_message_id is not None:
        await stored_progress.show(turn.tx, broadcast_id, turn.chat.id, turn.tapped_message_id, turn.t.locale)
    else:
        turn.reply(turn.t.gettext("It is on its way to {chats}.").format(chats=views.chats(turn.t, count)))


async def on_change_text(turn: Turn) -> None:
    """Take the draft back and ask for the text again."""
    await _change(turn, "text")


async def on_change_recipients(turn: Turn) -> None:
    """Take the draft back and ask for the recipients again."""
    await _change(turn, "audience")


async def _change(turn: Turn, asked: str) -> None:
    broadcast_id = number(turn.args[0])
    try:
        broadcast = await broadcasts.cancel(turn.tx, broadcast_id, turn.user.id)
    except AlreadyDecided:
        await _say_decided(turn, broadcast_id)
        return
    meeting = await meetings.for_staff(turn.tx, broadcast.meeting_id, turn.user.id, roles.ORGANISER)
    answers = {
        "audience": _option_of(parse(broadcast.audience)),
        "text": broadcasts.read_content(broadcast.content).source,
    }
    del answers[asked]
    turn.edit(turn.t.gettext("This draft is being changed."))
    await forms.begin(turn, FORM_NAME, _facts(meeting), answers)


async def on_cancel(turn: Turn) -> None:
    """Throw the draft away."""
    broadcast_id = number(turn.args[0])
    try:
        await broadcasts.cancel(turn.tx, broadcast_id, turn.user.id)
    except AlreadyDecided:
        await _say_decided(turn, broadcast_id)
        return
    turn.edit(turn.t.gettext("The announcement was not sent. /siaran begins a new one."))


async def _say_decided(turn: Turn, broadcast_id: int) -> None:
    broadcast = await stored.find(turn.tx, broadcast_id)
    if broadcast is not None and broadcast.state != stored.CANCELLED:
        turn.answer(turn.t.gettext("This announcement was sent already; it goes out once."))
    else:
        turn.answer(turn.t.gettext("This draft was cancelled. /siaran begins a new one."))


forms.register(
    forms.FormJourney(
        form=FORM,
        words=forms.FormWords(title=N_("announcement"), again="/siaran"),
        finish=_finish,
    )
)

JOURNEY = Journey(
    commands=(
        Command(
            ("siaran", "broadcast"),
            on_broadcast,
            N_("Send an announcement"),
            frozenset({Menu.ORGANISER}),
        ),
    ),
    taps=(
        Tap("broadcast-send", on_send),
        Tap("broadcast-text", on_change_text),
        Tap("broadcast-to", on_change_recipients),
        Tap("broadcast-cancel", on_cancel),
    ),
)
