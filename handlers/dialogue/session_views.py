"""What the dialogue sessions look like to those who run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from bot.domain.dialogue import session_setup
from bot.domain.language.texts import clip
from bot.domain.notices.broadcasts import Content
from bot.i18n import LOCALES, N_, Translator, translator
from bot.storage.meetings import AgendaItem, Meeting
from bot.storage.sessions import (
    AFTER,
    ALLOWED,
    BEFORE,
    CLOSED,
    FORCED,
    KINDS,
    OFF,
    OPEN,
    PLANNED,
    Session,
)
from handlers.dialogue.submission_views import kind_name
from handlers.forms.form_views import in_rows
from handlers.taps import Button, tap

PAGE = 6
"""Sessions that one message lists."""
LABEL = 40
"""UTF-16 units of a topic on a button."""
SHORT_LABEL = 22
"""UTF-16 units of a topic on a button that shares its row."""
LISTED = 200
"""UTF-16 units of a topic in the list."""
ITEMS = 7
"""Agenda items or sectors on a page of buttons."""

STATE_NAMES = {
    PLANNED: N_("not yet open"),
    OPEN: N_("open"),
    CLOSED: N_("closed"),
}
SIGNS = {PLANNED: "⚪", OPEN: "🟢", CLOSED: "⚫"}
ANONYMITY_NAMES = {
    ALLOWED: N_("named or anonymous"),
    FORCED: N_("anonymous only"),
    OFF: N_("with name only"),
}
MODERATION_NAMES = {
    BEFORE: N_("moderators read first"),
    AFTER: N_("published at once, read afterwards"),
}


def line(t: Translator, session: Session, sent: int) -> str:
    """A session in the list; HTML."""
    lines = [
        f"{SIGNS[session.state]} <b>{escape(clip(t.pick(session.topic), LISTED))}</b>",
        t.ngettext("{state} · {count} submission", "{state} · {count} submissions", sent).format(
            state=t.gettext(STATE_NAMES[session.state]), count=sent
        ),
        t.gettext("{kinds} · {anonymity} · up to {limit} a person").format(
            kinds=", ".join(kind_name(t, kind) for kind in session.kinds).lower(),
            anonymity=t.gettext(ANONYMITY_NAMES[session.anonymity]),
            limit=session.limit_per_person,
        ),
    ]
    return "\n".join(lines)


def switch(t: Translator, session: Session) -> Button:
    """The button that opens or closes a session from the list."""
    topic = clip(t.pick(session.topic), SHORT_LABEL)
    if session.state == OPEN:
        return tap(t.gettext("Close: {topic}").format(topic=topic), "session-close", session.id)
    if session.state == CLOSED:
        return tap(t.gettext("Open again: {topic}").format(topic=topic), "session-open", session.id)
    return tap(t.gettext("Open: {topic}").format(topic=topic), "session-open", session.id)


def card(
    t: Translator,
    session: Session,
    meeting: Meeting,
    item: AgendaItem | None,
    sectors: Mapping[str, str],
    sent: int,
) -> tuple[str, list[list[Button]]]:
    """One session with all its settings, and the way to each of them."""
    prompt = t.pick(session.prompt)
    who = ", ".join(sectors.get(code, code) for code in session.sectors) or t.gettext("everybody registered")
    clock = t.gettext("opens and closes by hand")
    if item is not None:
        time = t.time(item.starts_at, meeting.timezone)
        clock = (
            t.gettext("opens and closes with its agenda item, at {time}")
            if session.follows_agenda
            else t.gettext("opens and closes by hand; its agenda item begins at {time}")
        ).format(time=time)
    rows = [
        (t.gettext("State"), t.gettext(STATE_NAMES[session.state])),
        (t.gettext("Submissions"), str(sent)),
        (t.gettext("Kinds"), ", ".join(kind_name(t, kind) for kind in session.kinds)),
        (t.gettext("Author"), t.gettext(ANONYMITY_NAMES[session.anonymity])),
        (t.gettext("Who may submit"), clip(who, 300)),
        (t.gettext("Limits"), _limits(t, session)),
        (t.gettext("Moderation"), t.gettext(MODERATION_NAMES[session.moderation])),
        (t.gettext("Headings"), clip(", ".join(session.topics), 300) or t.gettext("none")),
        (t.gettext("Agenda"), clip(t.pick(item.title) if item else t.gettext("none"), 120)),
        (t.gettext("Clock"), clock),
    ]
    listed = "\n".join(f"{escape(name)}: <b>{escape(value)}</b>" for name, value in rows)
    parts = [f"{SIGNS[session.state]} <b>{escape(t.pick(session.topic))}</b>"]
    if prompt:
        parts.append(escape(clip(prompt, 500)))
    parts.append(listed)
    buttons = [
        [switch_plainly(t, session), tap(t.gettext("✏️ Topic and question"), "session-words", session.id)]
    ]
    buttons += in_rows(
        [
            tap(t.gettext(label), "session-page", session.id, what)
            for what, label in (
                ("kind", N_("Kinds")),
                ("anonymity", N_("Anonymity")),
                ("limit", N_("Per person")),
                ("length", N_("Length")),
                ("sector", N_("Who")),
                ("item", N_("Agenda")),
                ("moderation", N_("Moderation")),
            )
        ]
        + [tap(t.gettext("Headings"), "session-headings", session.id)]
    )
    last = [tap(t.gettext("All sessions"), "sessions", meeting.id, 0)]
    if session.state == PLANNED:
        last.append(tap(t.gettext("🗑 Remove"), "session-remove", session.id))
    return "\n\n".join(parts), [*buttons, last]


def switch_plainly(t: Translator, session: Session) -> Button:
    """The button that opens or closes the session of a card."""
    if session.state == OPEN:
        return tap(t.gettext("⏹ Close"), "session-close", session.id)
    label = t.gettext("▶️ Open again") if session.state == CLOSED else t.gettext("▶️ Open")
    return tap(label, "session-open", session.id)


def _limits(t: Translator, session: Session) -> str:
    return t.gettext("{count} a person, {length} characters each").format(
        count=session.limit_per_person, length=session.text_limit
    )


SETTINGS = {
    "kind": N_("Which kinds does the session take?"),
    "anonymity": N_("May people stay anonymous?"),
    "limit": N_("How many submissions may one person send?"),
    "length": N_("How long may a text be, in characters?"),
    "sector": N_("Which groups may submit? Everybody can read what is published."),
    "item": N_("Which agenda item does it belong to?"),
    "moderation": N_(
        "When do moderators read a submission? What the word filter flags waits for them in any case. You can switch"
        " this while the session runs."
    ),
}


def page(
    t: Translator,
    session: Session,
    what: str,
    agenda: Sequence[AgendaItem],
    sectors: Mapping[str, str],
    number: int,
) -> tuple[str, list[list[Button]]]:
    """The choices for one setting; what holds now is marked."""
    options = _options(t, session, what, agenda, sectors)
    shown = options[number * ITEMS : (number + 1) * ITEMS]
    rows = [
        [tap(("✅ " if chosen else "") + clip(label, LABEL), "session-set", session.id, what, mark, number)]
        for mark, label, chosen in shown
    ]
    around = []
    if number:
        around.append(tap("‹", "session-page", session.id, what, number - 1))
    if len(options) > (number + 1) * ITEMS:
        around.append(tap("›", "session-page", session.id, what, number + 1))
    heading = f"<b>{escape(clip(t.pick(session.topic), LISTED))}</b>\n\n{t.gettext(SETTINGS[what])}"
    return heading, [*rows, around, [tap(t.gettext("Done"), "session", session.id)]]


def _options(
    t: Translator, session: Session, what: str, agenda: Sequence[AgendaItem], sectors: Mapping[str, str]
) -> list[tuple[str, str, bool]]:
    """Short names of values, their labels, and whether they hold now. :func:`value_of` reads the names back."""
    if what == "kind":
        return [(kind, kind_name(t, kind), kind in session.kinds) for kind in KINDS]
    if what == "anonymity":
        return [
            (name, t.gettext(label), name == session.anonymity) for name, label in ANONYMITY_NAMES.items()
        ]
    if what == "moderation":
        return [
            (name, t.gettext(label), name == session.moderation) for name, label in MODERATION_NAMES.items()
        ]
    if what == "limit":
        return [(str(n), str(n), n == session.limit_per_person) for n in session_setup.LIMITS]
    if what == "length":
        return [(str(n), str(n), n == session.text_limit) for n in session_setup.LENGTHS]
    if what == "sector":
        everybody = ("*", t.gettext("Everybody registered"), not session.sectors)
        return [everybody] + [
            (str(place), name, not session.sectors or code in session.sectors)
            for place, (code, name) in enumerate(sectors.items())
        ]
    clock = (
        [("c", t.gettext("Open and close with its agenda item"), session.follows_agenda)]
        if session.agenda_slug is not None
        else []
    )
    none = ("*", t.gettext("None"), session.agenda_slug is None)
    return [
        *clock,
        none,
        *(
            (str(place), t.pick(item.title), item.slug == session.agenda_slug)
            for place, item in enumerate(agenda)
        ),
    ]


def value_of(
    session: Session, what: str, mark: str, agenda: Sequence[AgendaItem], sectors: Mapping[str, str]
) -> tuple[str, str]:
    """The setting and the value that a button of :func:`page` stands for; the domain refuses what is none."""
    if what == "sector":
        codes = list(sectors)
        if mark == "*":
            return what, ""
        return what, codes[int(mark)] if mark.isdigit() and int(mark) < len(codes) else mark
    if what == "item":
        if mark == "c":
            return "clock", "0" if session.follows_agenda else "1"
        if mark == "*":
            return what, ""
        return what, agenda[int(mark)].slug if mark.isdigit() and int(mark) < len(agenda) else mark
    return what, mark


def invitation(session: Session) -> Content:
    """What participants read when a session opens, with a button straight into the form."""
    texts, buttons = {}, {}
    for locale in LOCALES:
        t = translator(locale)
        prompt = escape(t.pick(session.prompt))
        parts = [
            t.gettext("💬 <b>A dialogue session is open: {topic}</b>").format(
                topic=escape(t.pick(session.topic))
            ),
            *([prompt] if prompt else []),
            t.gettext("Tap the button to write to the committee."),
        ]
        texts[locale] = "\n\n".join(parts)
        buttons[locale] = [[tap(t.gettext("Give feedback"), "feedback", session.id).as_dict()]]
    return Content(texts, buttons)


def answers_told(session: Session, count: int) -> Content:
    """What everybody of a session reads when anonymous submissions in it were answered."""
    texts, buttons = {}, {}
    for locale in LOCALES:
        t = translator(locale)
        texts[locale] = t.ngettext(
            "💬 <b>{count} anonymous submission was answered</b>\n{topic}\n\nIf you sent one, its receipt shows you the"
            " answer: type /feedback with the receipt. Everybody finds the answers among what was published.",
            "💬 <b>{count} anonymous submissions were answered</b>\n{topic}\n\nIf you sent one, its receipt shows you"
            " the answer: type /feedback with the receipt. Everybody finds the answers among what was published.",
            count,
        ).format(count=count, topic=escape(t.pick(session.topic)))
        buttons[locale] = [
            [tap(t.gettext("Published submissions"), "published", session.meeting_id, 0).as_dict()]
        ]
    return Content(texts, buttons)
