"""People: Telegram accounts that wrote to the bot, in as few columns as answering them needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.storage.database import Row, Transaction

REACHABLE, BLOCKED, GONE = "reachable", "blocked", "gone"


@dataclass(frozen=True, slots=True)
class Person:
    """A Telegram account. ``id`` is Telegram's, and also the id of the private chat with it."""

    id: int
    telegram_locale: str | None
    """The catalogue for the language of the person's Telegram."""
    chosen_locale: str | None
    """The language chosen with /bahasa; None while the person follows Telegram's."""
    meeting_id: int | None
    """The meeting that the person's chat is about; None until one was opened."""
    reach: str
    """``reachable``, ``blocked`` (by the person) or ``gone`` (account deleted)."""

    @property
    def locale(self) -> str:
        return self.chosen_locale or self.telegram_locale or "id"


def _person(row: Row) -> Person:
    return Person(row["id"], row["telegram_locale"], row["chosen_locale"], row["meeting_id"], row["reach"])


async def find(tx: Transaction, person_id: int) -> Person | None:
    row = await tx.one("SELECT * FROM people WHERE id = :id", id=person_id)
    return None if row is None else _person(row)


async def see(tx: Transaction, person_id: int, telegram_locale: str, today: date, *, private: bool) -> Person:
    """The person who just wrote; recorded when new, and marked reachable again when they wrote in private.

    Somebody who only wrote in a group is not recorded: the bot cannot write to them anyway.
    """
    row = await tx.one("SELECT * FROM people WHERE id = :id", id=person_id)
    if row is None:
        person = Person(person_id, telegram_locale, None, None, REACHABLE)
        if private:
            await tx.run(
                "INSERT INTO people (id, telegram_locale, chosen_locale, meeting_id, reach, seen_on)"
                " VALUES (:id, :locale, NULL, NULL, :reach, :today) ON CONFLICT (id) DO NOTHING",
                id=person_id,
                locale=telegram_locale,
                reach=REACHABLE,
                today=today.isoformat(),
            )
        return person
    person = _person(row)
    stale = row["seen_on"] != today.isoformat() or person.telegram_locale != telegram_locale
    if private and (stale or person.reach != REACHABLE):
        row = await tx.one(
            "UPDATE people SET telegram_locale = :locale, reach = :reach, seen_on = :today WHERE id = :id RETURNING *",
            id=person_id,
            locale=telegram_locale,
            reach=REACHABLE,
            today=today.isoformat(),
        )
        assert row is not None
        person = _person(row)
    return person


async def choose_locale(tx: Transaction, person_id: int, locale: str | None) -> None:
    await tx.run("UPDATE people SET chosen_locale = :locale WHERE id = :id", id=person_id, locale=locale)


async def follow(tx: Transaction, person_id: int, meeting_id: int) -> None:
    """Make ``meeting_id`` what the person's chat is about."""
    await tx.run("UPDATE people SET meeting_id = :meeting WHERE id = :id", id=person_id, meeting=meeting_id)


async def mark(tx: Transaction, person_id: int, reach: str) -> None:
    """Record whether the person can be written to."""
    await tx.run("UPDATE people SET reach = :reach WHERE id = :id", id=person_id, reach=reach)
