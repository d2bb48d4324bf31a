"""The materials in the committee's hands: documents and photos sent to the bot, links, and what is taken off."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

from bot.domain import roles
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.forms.forms import Form
from bot.domain.forms.questions import Answers, Attachment, Choice, Context, Facts, Invalid, Option, Text
from bot.domain.language.texts import clip
from bot.domain.meeting import agenda_changes, meeting_setup, meetings
from bot.i18n import LOCALES, N_, translator
from bot.storage import meetings as stored
from bot.storage import offices
from bot.storage.database import Transaction
from bot.storage.meetings import ARCHIVED, KeptFile, Material, Meeting
from handlers.forms import forms
from handlers.intake import offered_by
from handlers.meeting import agenda_views
from handlers.meeting import meeting_views as views
from handlers.routing import Journey, Tap
from handlers.taps import Button, number, tap
from handlers.turn import Turn

FILE, LINK = "material-file", "material-link"
WHOLE = "-"
PAGE = 8


async def _screen(turn: Turn, meeting: Meeting, page: int) -> tuple[str, list[list[Button]]]:
    t = turn.t
    items = await stored.materials(turn.tx, meeting.id)
    pages = max(1, -(-len(items) // PAGE))
    page = min(page, pages - 1)
    titles = {item.slug: t.pick(item.title) for item in await stored.agenda(turn.tx, meeting.id)}
    lines, buttons = [], []
    for place, item in enumerate(items[page * PAGE : (page + 1) * PAGE], page * PAGE + 1):
        title = t.pick(item.title)
        about = urlsplit(item.url).hostname if item.file is None else agenda_views.file_line(t, item.file)
        name = escape(clip(title, 120), quote=False)
        if item.url:
            name = f'<a href="{escape(item.url)}">{name}</a>'
        belongs = titles.get(item.agenda_slug or "", "")
        told = " · ".join(clip(text, 100) for text in (about, belongs) if text)
        lines.append(f"{place}. <b>{name}</b>\n{escape(told, quote=False)}")
        buttons.append(
            [
                tap(
                    f"🗑 {clip(f'{place}. {title}', 55)}",
                    "material-remove",
                    meeting.id,
                    agenda_views.mark(item),
                )
            ]
        )
    around = []
    if page:
        around.append(tap("‹", "material-edit", meeting.id, page - 1))
    if page + 1 < pages:
        around.append(tap("›", "material-edit", meeting.id, page + 1))
    head = t.gettext("📄 <b>Materials</b>\n{title}").format(title=views.title(t, meeting))
    listed = "\n\n".join(lines) or t.gettext("There are none yet.")
    closing = t.gettext("You can also just send me a document or a photo; I ask what it is called.")
    buttons += [
        around,
        [
            tap(t.gettext("➕ File or photo"), "material-file", meeting.id),
            tap(t.gettext("➕ Link"), "material-link", meeting.id),
        ],
        [tap(t.gettext("‹ Back"), "meeting", meeting.id)],
    ]
    return f"{head}\n\n{listed}\n\n{closing}", buttons


async def on_materials(turn: Turn) -> None:
    meeting = await meetings.for_staff(turn.tx, number(turn.args[0]), turn.user.id, roles.ORGANISER)
    turn.edit(*await _screen(turn, meeting, number(turn.args[1])))


async def on_add_file(turn: Turn) -> None:
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, FILE, _facts(turn, meeting))


async def on_add_link(turn: Turn) -> None:
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    await forms.begin(turn, LINK, _facts(turn, meeting))


def _facts(turn: Turn, meeting: Meeting) -> dict[str, Any]:
    return {"meeting": meeting.id, "title": turn.t.pick(meeting.title)}


async def take(turn: Turn) -> bool:
    """Offer to keep a document or photo that an organiser sent without being asked; False for anybody else's."""
    offered = offered_by(turn.update.message)
    if offered is None:
        return False
    try:
        meeting, _ = await meetings.of_staff(turn.tx, turn.person, roles.ORGANISER)
    except NotAllowed:
        return False
    if meeting.state == ARCHIVED:
        return False
    file = {"kind": offered.kind, "file_id": offered.file_id, "name": offered.name, "size": offered.size}
    await forms.begin(turn, FILE, _facts(turn, meeting), {"file": file})
    return True


async def _belongs(tx: Transaction, _: Answers, facts: Facts) -> Sequence[Option]:
    """The agenda items of the meeting, and the meeting as a whole."""
    items = await stored.agenda(tx, facts["meeting"])
    whole = {locale: translator(locale).gettext("The whole meeting") for locale in LOCALES}
    return [
        Option(WHOLE, whole),
        *(
            Option(item.slug, {locale: clip(translator(locale).pick(item.title), 50) for locale in LOCALES})
            for item in items[:40]
        ),
    ]


def _is_address(text: str, _: Context) -> Invalid | None:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and " " not in text
    except ValueError:
        usable = False
    return None if usable else Invalid(N_("Please write an address that begins with https://."))


TITLE = Text(
    key="title",
    prompt=N_("What is it called?"),
    hint=N_("It becomes a material of: {title}. Participants find it with /materials."),
    label=N_("Title"),
    max_length=200,
)
BELONGS = Choice(
    key="agenda", prompt=N_("Which agenda item does it belong to?"), label=N_("Agenda item"), options=_belongs
)


async def _keep_file(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    file = answers["file"]
    kept = KeptFile(file["kind"], file["file_id"], file["name"], file["size"])
    await _keep(turn, answers, facts, "", kept)


async def _keep_link(turn: Turn, answers: dict[str, Any], facts: Facts) -> None:
    await _keep(turn, answers, facts, answers["url"], None)


async def _keep(turn: Turn, answers: dict[str, Any], facts: Facts, url: str, file: KeptFile | None) -> None:
    meeting = await meeting_setup.changeable(turn.tx, facts["meeting"], turn.user.id)
    office = await offices.find(turn.tx, meeting.office_id)
    assert office is not None
    belongs = None if answers["agenda"] == WHOLE else answers["agenda"]
    slug = meeting_setup.free_slug(answers["title"], set())
    material = Material(slug, belongs, {office.locale: answers["title"]}, url, file)
    await agenda_changes.add_material(turn.tx, meeting.id, turn.user.id, material, turn.now)
    turn.reply(turn.t.gettext("✅ Added to the materials. Participants find it with /materials."))
    turn.reply(*await _screen(turn, meeting, 0))


async def on_ask_remove(turn: Turn) -> None:
    meeting, item = await _item(turn)
    t = turn.t
    turn.edit(
        t.gettext("Take “{title}” off the materials?").format(title=escape(t.pick(item.title), quote=False)),
        [
            [tap(t.gettext("Yes, remove it"), "material-removed", meeting.id, agenda_views.mark(item))],
            [tap(t.gettext("No, keep it"), "material-edit", meeting.id, 0)],
        ],
    )


async def on_remove(turn: Turn) -> None:
    meeting, item = await _item(turn)
    await agenda_changes.remove_material(turn.tx, meeting.id, turn.user.id, item.slug, turn.now)
    turn.edit(*await _screen(turn, meeting, 0))


async def _item(turn: Turn) -> tuple[Meeting, Material]:
    meeting = await meeting_setup.changeable(turn.tx, number(turn.args[0]), turn.user.id)
    for item in await stored.materials(turn.tx, meeting.id):
        if agenda_views.mark(item) == turn.args[1]:
            return meeting, item
    raise NotFound


forms.register(
    forms.FormJourney(
        form=Form(
            FILE,
            1,
            (
                Attachment(
                    key="file",
                    prompt=N_("Please send the document or photo."),
                    hint=N_("For {title}."),
                    label=N_("File"),
                    max_bytes=2_000_000_000,
                ),
                TITLE,
                BELONGS,
            ),
            review=False,
        ),
        words=forms.FormWords(title=N_("new material"), again=N_("/meetings")),
        finish=_keep_file,
    )
)
forms.register(
    forms.FormJourney(
        form=Form(
            LINK,
            1,
            (
                Text(
                    key="url",
                    prompt=N_("Which link?"),
                    hint=N_("An address that begins with https://"),
                    label=N_("Link"),
                    max_length=500,
                    check=_is_address,
                ),
                TITLE,
                BELONGS,
            ),
            review=False,
        ),
        words=forms.FormWords(title=N_("new material"), again=N_("/meetings")),
        finish=_keep_link,
    )
)

JOURNEY = Journey(
    taps=(
        Tap("material-edit", on_materials),
        Tap("material-file", on_add_file),
        Tap("material-link", on_add_link),
        Tap("material-remove", on_ask_remove),
        Tap("material-removed", on_remove),
    )
)
