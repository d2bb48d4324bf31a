"""/dataku and /hapusdata: what the bot holds about the person, and having it erased."""

from __future__ import annotations

import json
from datetime import date
from html import escape
from typing import Any

from bot.domain.agreement import stances
from bot.domain.language.texts import clip
from bot.domain.people import mydata, own_answers
from bot.domain.people.registration import STATE_NAMES
from bot.i18n import LANGUAGE_NAMES, N_, Translator
from bot.storage.meetings import registration_question
from bot.storage.personal import Record
from bot.storage.values import moment
from handlers.menu import menu_call
from handlers.routing import Command, Journey, Tap
from handlers.taps import BadTap, tap
from handlers.turn import Turn

KIND = "my"


async def on_mydata(turn: Turn) -> None:
    """``/dataku``: to read here, and all of it as a file."""
    record = await mydata.everything(turn.tx, turn.user.id)
    t = turn.t
    parts = [t.gettext("🗂 <b>What this bot keeps about you</b>"), _account(turn, record)]
    parts.extend(_registration(turn, row) for row in record.registrations[:3])
    taken = await stances.own(turn.tx, turn.user.id, turn.secret)
    counts = _counts(turn, record)
    if taken:
        counts.append(
            t.ngettext(
                "{count} submission on which you took a stance",
                "{count} submissions on which you took a stance",
                len(taken),
            ).format(count=len(taken))
        )
    if counts:
        parts.append("\n".join(counts))
    parts.append(
        t.gettext(
            "What you send anonymously is kept without anything that leads to you, so it cannot be listed here. While a"
            " session is open, the number of your submissions is counted; it is forgotten when the session closes."
        )
    )
    parts.append(
        t.gettext(
            "Change it: /ticket. Erase it: /deletemydata. The file has all of it, for you or for another program."
        )
    )
    turn.reply("\n\n".join(parts))
    content = json.dumps(mydata.as_json(record, taken), ensure_ascii=False, indent=2).encode()
    turn.document(content, "data.json", t.gettext("Your data as a file (JSON)"))


async def on_erase(turn: Turn) -> None:
    """``/hapusdata``: say what would go, and ask."""
    record = await mydata.everything(turn.tx, turn.user.id)
    t = turn.t
    parts = [
        t.gettext("🗑 <b>Erase your data?</b>"),
        t.gettext(
            "Your registrations with name and institution, your tickets, your language and what you are filling in are"
            " erased. Feedback that you sent under your name stays without your name. This cannot be undone."
        ),
    ]
    if record.roles:
        parts.append(t.gettext("You also lose your role in the committee; the office can invite you again."))
    if await mydata.is_last_organiser(turn.tx, turn.user.id):
        parts.append(
            t.gettext(
                "You are the office's only organiser here. Please hand over to somebody first, if you can."
            )
        )
    turn.reply(
        "\n\n".join(parts),
        [
            [tap(t.gettext("Yes, erase everything"), KIND, "e")],
            [tap(t.gettext("No, keep it"), KIND, "k")],
        ],
    )


async def on_tap(turn: Turn) -> None:
    if turn.args[0] not in ("e", "k") or not turn.is_private:
        raise BadTap(turn.args[0])
    t = turn.t
    if turn.args[0] == "k":
        turn.edit(t.gettext("Good. Nothing was erased."))
        return
    record = await mydata.everything(turn.tx, turn.user.id)
    await mydata.erase(turn.tx, turn.user.id, turn.now, turn.secret)
    if record.roles:
        turn.calls.append(menu_call(turn.user.id, t))
    turn.edit(
        t.gettext(
            "✅ Your data was erased. What was sent in this chat stays in your Telegram until you delete the chat. If"
            " you write to me again, I only note your language, so that I can answer."
        )
    )


def _account(turn: Turn, record: Record) -> str:
    t, person = turn.t, record.person
    if person is None:
        return t.gettext("Your Telegram account is not recorded.")
    language = LANGUAGE_NAMES.get(person["chosen_locale"] or person["telegram_locale"] or "id", "")
    return t.gettext(
        "Telegram ID: <code>{number}</code>\nLanguage: {language}\nLast day you wrote: {day}"
    ).format(number=person["id"], language=language, day=_day(t, person["seen_on"]))


def _day(t: Translator, iso: str) -> str:
    return t.day(date.fromisoformat(iso), "UTC")


def _registration(turn: Turn, row: dict[str, Any]) -> str:
    t = turn.t
    more = []
    if row["represents"]:
        letter = row["assignment_letter"] or "–"
        more.append((t.gettext("In the stead of"), row["represents"]))
        more.append((t.gettext("Letter of assignment"), letter))
    questions = [registration_question(data) for data in row["questions"]]
    more += [item for item in own_answers.shown(t, questions, row["answers"]) if item[1]]
    if row["reason"]:
        more.append((t.gettext("Reason"), row["reason"]))
    return "\n".join([_usual(turn, row), *(f"{escape(label)}: {escape(value)}" for label, value in more)])


def _usual(turn: Turn, row: dict[str, Any]) -> str:
    t = turn.t
    return t.gettext(
        "<b>{title}</b>\nName: {name}\nGroup: {sector}\nInstitution: {institution}\nPosition: {position}\nTicket:"
        " {ticket}, {state}\nConsent: {consent}"
    ).format(
        title=escape(clip(t.pick(row["title"]), 150)),
        name=escape(row["name"]),
        sector=escape(t.pick(row["sector_name"]) if row["sector_name"] else row["sector"]),
        institution=escape(row["institution"]),
        position=escape(row["position"]),
        ticket=row["ticket"],
        state=t.gettext(STATE_NAMES.get(row["state"], row["state"])),
        consent=t.moment(moment(row["consented_at"]), row["timezone"]),
    )


def _counts(turn: Turn, record: Record) -> list[str]:
    """A line for each further kind of data that there is."""
    t = turn.t
    lines = []
    if len(record.registrations) > 3:
        more = len(record.registrations) - 3
        lines.append(
            t.ngettext("{count} more registration", "{count} more registrations", more).format(count=more)
        )
    if record.submissions:
        sent = len(record.submissions)
        lines.append(
            t.ngettext(
                "{count} submission under your name", "{count} submissions under your name", sent
            ).format(count=sent)
        )
    if record.messages:
        sent = len(record.messages)
        lines.append(
            t.ngettext(
                "{count} announcement or reminder sent to you",
                "{count} announcements and reminders sent to you",
                sent,
            ).format(count=sent)
        )
    if record.roles:
        lines.append(
            t.gettext("Your role in the committee of {offices}").format(
                offices=escape(", ".join(row["office"] for row in record.roles))
            )
        )
    if record.speaks:
        names = ", ".join(dict.fromkeys(row["speaker"] for row in record.speaks))
        lines.append(
            t.gettext("You answer submissions as {speaker}").format(speaker=escape(clip(names, 150)))
        )
    if record.without_reminders:
        lines.append(
            t.gettext("No reminders wanted from {offices}").format(
                offices=escape(", ".join(row["office"] for row in record.without_reminders))
            )
        )
    if record.followed_agendas:
        followed = len(record.followed_agendas)
        lines.append(
            t.ngettext(
                "You are told about changes to the agenda of {count} meeting",
                "You are told about changes to the agendas of {count} meetings",
                followed,
            ).format(count=followed)
        )
    if record.questions:
        asked = len(record.questions)
        lines.append(
            t.ngettext("{count} question to an office", "{count} questions to offices", asked).format(
                count=asked
            )
        )
    if record.uploads:
        lines.append(t.gettext("A meeting file that you sent and did not apply yet"))
    if record.form is not None:
        lines.append(t.gettext("A form that you have not finished, with the answers so far"))
    if record.actions:
        done = len(record.actions)
        lines.append(
            t.ngettext(
                "{count} line about you in the office's log",
                "{count} lines about you in the office's log",
                done,
            ).format(count=done)
        )
    return lines


JOURNEY = Journey(
    commands=(
        Command(("dataku", "mydata"), on_mydata, N_("What is kept about me")),
        Command(("hapusdata", "deletemydata"), on_erase, N_("Have my data erased")),
    ),
    taps=(Tap(KIND, on_tap),),
)
