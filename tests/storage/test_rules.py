"""Wordings that an office approved: each kept once, approvals taken back and given again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.storage import offices, rules
from bot.storage.database import Database, Transaction

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


async def office_named(tx: Transaction, code: str) -> int:
    office = await offices.save(
        tx,
        code=code,
        name=code,
        city="Palembang",
        timezone="Asia/Jakarta",
        locale="id",
        contact="",
        now=NOW,
    )
    return office.id


async def test_an_approval_counts_for_its_office_and_wording_only(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        ours, theirs = await office_named(tx, "ours"), await office_named(tx, "theirs")

        assert await rules.approve(tx, ours, "tni-netral", "aaaa", "{}", NOW)

        assert await rules.approvals(tx, ours) == {("tni-netral", "aaaa"): NOW}
        assert await rules.approvals(tx, theirs) == {}

    await database.write(work)


async def test_a_second_approval_changes_nothing_and_one_taken_back_can_be_given_again(
    database: Database,
) -> None:
    async def work(tx: Transaction) -> None:
        office, later = await office_named(tx, "ours"), NOW + timedelta(days=1)
        await rules.approve(tx, office, "tni-netral", "aaaa", "{}", NOW)

        assert not await rules.approve(tx, office, "tni-netral", "aaaa", "{}", later)
        assert await rules.approvals(tx, office) == {("tni-netral", "aaaa"): NOW}
        assert await rules.withdraw(tx, office, "tni-netral", "aaaa")
        assert not await rules.withdraw(tx, office, "tni-netral", "aaaa")
        assert await rules.approvals(tx, office) == {}
        assert await rules.approve(tx, office, "tni-netral", "aaaa", "{}", later)
        assert await rules.approvals(tx, office) == {("tni-netral", "aaaa"): later}

    await database.write(work)


async def test_every_wording_stays_as_it_was(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        office = await office_named(tx, "ours")
        await rules.approve(tx, office, "tni-netral", "aaaa", '{"title": "first"}', NOW)
        await rules.withdraw(tx, office, "tni-netral", "aaaa")
        await rules.approve(tx, office, "tni-netral", "bbbb", '{"title": "second"}', NOW + timedelta(days=1))

        kept = await rules.versions(tx, office, "tni-netral")

        assert [(version.digest, version.content, version.approved_at) for version in kept] == [
            ("aaaa", '{"title": "first"}', None),
            ("bbbb", '{"title": "second"}', NOW + timedelta(days=1)),
        ]

    await database.write(work)
