"""/bahasa: the language of a person or of a group; that of a connected group is for the committee to choose."""

from __future__ import annotations

from bot.domain import roles
from bot.i18n import LANGUAGE_NAMES, LOCALES, N_, translator
from bot.storage import groups, people
from handlers.forms import forms
from handlers.menu import own_menu
from handlers.routing import Audience, Command, Journey, Tap
from handlers.taps import BadTap, tap
from handlers.turn import Turn


async def on_language(turn: Turn) -> None:
    buttons = [[tap(LANGUAGE_NAMES[locale], "lang", locale) for locale in LOCALES]]
    if turn.is_private:
        buttons.append([tap(turn.t.gettext("Like my Telegram"), "lang", "auto")])
    turn.reply(turn.t.gettext("Which language shall I use?"), buttons)


async def on_choice(turn: Turn) -> None:
    choice = turn.args[0]
    if choice not in LOCALES and (choice != "auto" or not turn.is_private):
        raise BadTap(choice)
    if turn.is_private:
        chosen = None if choice == "auto" else choice
        await people.choose_locale(turn.tx, turn.user.id, chosen)
        turn.t = translator(chosen or turn.person.telegram_locale or LOCALES[0])
        turn.calls.append(await own_menu(turn.tx, turn.user.id, turn.t))
    else:
        group = await groups.see(turn.tx, turn.chat.id, turn.chat.title or "")
        if group.office_id is not None:
            await roles.require(turn.tx, group.office_id, turn.user.id, *roles.ROLES)
        await groups.choose_locale(turn.tx, turn.chat.id, choice)
        turn.t = translator(choice)
    turn.edit(turn.t.gettext("From now on I write to you in English."))
    await forms.resume(turn)


JOURNEY = Journey(
    commands=(
        Command(
            ("bahasa", "language"),
            on_language,
            N_("Choose the language"),
            frozenset({Audience.EVERYONE, Audience.GROUP}),
            in_groups=True,
        ),
    ),
    taps=(Tap("lang", on_choice),),
)
