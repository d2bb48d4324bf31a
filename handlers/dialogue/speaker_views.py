"""What the committee sees of the speakers' links, and what a speaker sees of what they are to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.domain.dialogue import speakers
from bot.domain.dialogue.moderation import Case
from bot.domain.dialogue.speakers import Speaker
from bot.domain.language.texts import clip
from bot.i18n import Translator
from bot.storage.meetings import Meeting
from handlers.dialogue.submission_views import answered, byline, kind_name, quote
from handlers.taps import Button, tap

Rows = list[list[Button]]

SPEAKERS = 8
"""Speakers on a page."""
NAME, TITLE = 120, 150
"""UTF-16 units of a speaker's name and of a meeting's title."""
LISTED_TEXT = 350
"""UTF-16 units of each text in a list of five, of the 4,096 of a message (Bot API, sendMessage)."""
TEXT_ROOM, ANSWER_ROOM = 1800, 1000


def overview(
    t: Translator, meeting: Meeting, found: Sequence[Speaker], page: int, now: datetime, *, speaks: bool
) -> tuple[str, Rows]:
    """A page of the speakers of a meeting, for the committee; ``speaks``: who looks is one of the speakers."""
    lines = [
        t.gettext("🎤 <b>Speakers</b>\n{title}").format(title=escape(clip(t.pick(meeting.title), TITLE))),
        "",
    ]
    shown = list(enumerate(found))[page * SPEAKERS : (page + 1) * SPEAKERS]
    for place, speaker in shown:
        about = [state(t, speaker, now)]
        if speaker.waiting:
            about.append(_waiting(t, speaker.waiting))
        lines.append(f"{place + 1}. <b>{escape(clip(speaker.name, NAME))}</b>\n{' · '.join(about)}")
    if not found:
        lines.append(t.gettext("The agenda names no speaker. /meetings changes the agenda."))
    lines += [
        "",
        t.gettext(
            "Speakers with a link of their own answer what you assign to them, without a role in the office. Choose a"
            " number to make a link."
        ),
    ]
    picks = [
        tap(str(place + 1), "speaker", meeting.id, speakers.key(speaker.name)) for place, speaker in shown
    ]
    around = []
    if page:
        around.append(tap("‹", "speakers", meeting.id, page - 1))
    if (page + 1) * SPEAKERS < len(found):
        around.append(tap("›", "speakers", meeting.id, page + 1))
    mine = [tap(t.gettext("🎤 For me to answer"), "speaker-mine", meeting.id, 0)] if speaks else []
    return "\n".join(lines), [picks[:4], picks[4:], around, mine]


def state(t: Translator, speaker: Speaker, now: datetime) -> str:
    """Whether somebody answers as a speaker."""
    if speaker.link is None:
        return t.gettext("no link yet")
    if speaker.is_here:
        return t.gettext("✅ has opened the link")
    if speaker.link.expires_at <= now:
        return t.gettext("⌛ the link has expired unused")
    return t.gettext("the link has not been opened yet")


def _waiting(t: Translator, count: int) -> str:
    return t.ngettext("{count} waits for an answer", "{count} wait for an answer", count).format(count=count)


def one(
    t: Translator, meeting: Meeting, speaker: Speaker, account: str, now: datetime, *, organises: bool
) -> tuple[str, Rows]:
    """One speaker, for the committee; ``account`` (HTML) is who answers as them, empty for nobody."""
    lines = [f"🎤 <b>{escape(clip(speaker.name, NAME))}</b>", "", state(t, speaker, now)]
    if account:
        lines.append(t.gettext("Who opened it: {account}").format(account=account))
    if speaker.waiting:
        lines.append(_waiting(t, speaker.waiting))
    mark = (meeting.id, speakers.key(speaker.name))
    buttons = []
    if not organises:
        lines += ["", t.gettext("An organiser makes and revokes the links.")]
    elif account:
        buttons.append([tap(t.gettext("🚫 End the access"), "speaker-end", *mark)])
    elif speaker.link is None:
        buttons.append([tap(t.gettext("🔗 Make a link"), "speaker-link", *mark)])
    else:
        buttons.append(
            [
                tap(t.gettext("🔗 New link"), "speaker-link", *mark),
                tap(t.gettext("🚫 Revoke the link"), "speaker-ended", *mark),
            ]
        )
    buttons.append([tap(t.gettext("‹ Back"), "speakers", meeting.id, 0)])
    return "\n".join(lines), buttons


def link(t: Translator, meeting: Meeting, name: str, url: str, until: datetime) -> tuple[str, Rows]:
    """A link to send on."""
    text = t.gettext(
        "🔗 <b>Link for {speaker}</b>\n\nPlease send it to this one person. Whoever opens it first sees what is"
        " assigned to {speaker}, and answers in this name. It works once, until {moment}.\n\n{link}"
    ).format(speaker=escape(clip(name, NAME)), moment=t.moment(until, meeting.timezone), link=url)
    return text, [[Button(t.gettext("📋 Copy the link"), copied=url)]]


def ending(t: Translator, meeting: Meeting, name: str) -> tuple[str, Rows]:
    """The question before somebody's access is ended."""
    mark = (meeting.id, speakers.key(name))
    text = t.gettext(
        "End the access of the account that answers as {speaker}? Its answers stay, and you can make a new link."
    ).format(speaker=escape(clip(name, NAME)))
    return text, [
        [
            tap(t.gettext("End the access"), "speaker-ended", *mark),
            tap(t.gettext("Keep it"), "speaker", *mark),
        ]
    ]


def listed(
    t: Translator,
    meeting: Meeting,
    names: Sequence[str],
    cases: Sequence[Case],
    page: int,
    *,
    has_more: bool,
    closing: str = "",
) -> tuple[str, Rows]:
    """A page of what a speaker is to answer; ``closing`` (HTML) is said last."""
    parts = [
        t.gettext("🎤 <b>For you to answer</b>\n{title}\nYou answer as {speaker}.").format(
            title=escape(clip(t.pick(meeting.title), TITLE)),
            speaker=f"<b>{escape(clip(', '.join(names), NAME))}</b>",
        ),
    ]
    for case in cases:
        done = t.gettext("✅ answered") if case.submission.answered is not None else ""
        parts.append(
            f"{_heading(t, case)}{' · ' if done else ''}{done}\n{quote(case.submission.text, LISTED_TEXT)}"
        )
    if not cases:
        parts.append(
            t.gettext(
                "Nothing waits for your answer at the moment. You will get a message as soon as something is assigned"
                " to you."
            )
        )
    if closing:
        parts.append(closing)
    picks = [tap(str(case.submission.number), "speaker-one", case.submission.id) for case in cases]
    around = []
    if page:
        around.append(tap("‹", "speaker-mine", meeting.id, page - 1))
    if has_more:
        around.append(tap("›", "speaker-mine", meeting.id, page + 1))
    return "\n\n".join(parts), [picks, around]


def _heading(t: Translator, case: Case) -> str:
    return t.gettext("<b>{number}</b> · {kind} · {author}").format(
        number=case.submission.number,
        kind=kind_name(t, case.submission.kind),
        author=byline(t, case.author),
    )


def to_answer(t: Translator, case: Case, opening: str = "") -> tuple[str, Rows]:
    """One submission with what its speaker can do; ``opening`` (HTML) is said first."""
    submission = case.submission
    parts = [
        *([opening] if opening else []),
        _heading(t, case),
        quote(submission.text, TEXT_ROOM),
        answered(t, submission, ANSWER_ROOM),
    ]
    key = submission.id
    if submission.answered is None:
        parts.append(t.gettext("Everybody in the meeting can read a written answer."))
        first = [
            tap(t.gettext("🗣 In the hall"), "speaker-hall", key),
            tap(t.gettext("💬 Answer"), "speaker-words", key),
        ]
    else:
        first = [
            tap(t.gettext("💬 Answer anew"), "speaker-words", key),
            tap(t.gettext("↩️ No answer"), "speaker-back", key),
        ]
    second = [tap(t.gettext("‹ All for me"), "speaker-mine", case.meeting.id, 0)]
    if submission.attachment is not None:
        second.insert(0, tap("📎", "attachment", key))
    return "\n\n".join(part for part in parts if part), [first, second]


def told(t: Translator, case: Case) -> tuple[str, Rows]:
    """What a speaker is told of a submission that they are to answer."""
    return to_answer(t, case, t.gettext("🎤 <b>The committee asks you to answer a submission.</b>"))
