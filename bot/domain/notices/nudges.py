"""Reminding those who got a notice and have not noted it: its beginning once more, with the same button under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import AlreadyDecided
from bot.domain.notices import evidence
from bot.domain.notices.broadcasts import NOTED, NUDGE, Content, read_content
from bot.i18n import LOCALES, translator
from bot.storage import actions, broadcasts, deliveries, people, receipts, reminder_wishes
from bot.storage.broadcasts import STARTED, Broadcast, Recipient
from bot.storage.database import Transaction
from bot.storage.values import base36


@dataclass(frozen=True, slots=True)
class Words:
    """What the reminded read: a message id, and the beginning of the notice by locale, as HTML."""

    heading: str
    excerpt: Mapping[str, str]


async def silent_people(tx: Transaction, broadcast: Broadcast) -> list[Recipient]:
    """The delegates of institutions that were told and are silent, as far as they can be written to.

    Who stopped such reminders since is left alone.
    """
    stopped = await reminder_wishes.who_stopped(tx, broadcast.id)
    found = []
    for one in evidence.silent(await receipts.told(tx, broadcast.id), broadcast.version):
        for item in filter(evidence.has_it, one.delegates):
            person = await people.find(tx, item.chat_id)
            if person is not None and person.reach == people.REACHABLE and person.id not in stopped:
                found.append(Recipient(person.id, person.locale))
    return found


async def send(
    tx: Transaction, broadcast: Broadcast, person_id: int, asked_at: int, words: Words, now: datetime
) -> tuple[Broadcast, int]:
    """Remind them; the broadcast that does it and the number of chats.

    ``asked_at`` names the request (seconds since 1970); a second tap on it sends nothing.

    Raises:
        AlreadyDecided: they were reminded for this request, or nobody is silent.
    """
    await broadcasts.lock(tx, broadcast.id)
    chats = await silent_people(tx, broadcast)
    if not chats or await broadcasts.is_about(tx, broadcast.id, asked_at):
        raise AlreadyDecided
    label = read_content(broadcast.content).receipt
    data = f"{NOTED}:{base36(broadcast.id)}"
    content = Content(
        {
            locale: f"{translator(locale).gettext(words.heading)}\n\n{words.excerpt[locale]}"
            for locale in LOCALES
        },
        {locale: [[{"text": label[locale], "callback_data": data}]] for locale in LOCALES},
    )
    nudge = await broadcasts.add(
        tx,
        office_id=broadcast.office_id,
        meeting_id=broadcast.meeting_id,
        kind=NUDGE,
        content=content.as_data(),
        audience={},
        author_id=person_id,
        state=STARTED,
        now=now,
    )
    await broadcasts.set_about(tx, nudge.id, broadcast.id, asked_at)
    await deliveries.add(tx, nudge.id, chats)
    await actions.record(
        tx,
        office_id=broadcast.office_id,
        meeting_id=broadcast.meeting_id,
        person_id=person_id,
        action="broadcast.nudged",
        now=now,
        broadcast=broadcast.id,
        chats=len(chats),
    )
    return nudge, len(chats)
