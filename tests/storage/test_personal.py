"""What is held about a person is all shown, and nothing of it outlives its erasure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.agreement.stances import Seal
from bot.domain.people import mydata
from bot.storage import personal, stances
from bot.storage.database import Database, Transaction
from bot.storage.personal_erasure import Erased
from bot.storage.values import from_json
from tests.storage.traces import ANI, BUDI, SECRET, fill

ROOT = Path(__file__).parents[2]
NOW = datetime(2024, 8, 6, 1, 0, tzinfo=UTC)

NAMES_A_PERSON = {
    ("actions", "person_id"),
    ("agenda_followers", "person_id"),
    ("approvals", "asked_by"),
    ("approvals", "decided_by"),
    ("attendance", "operator_id"),
    ("attendance", "participant_id"),
    ("audience_choices", "person_id"),
    ("broadcasts", "author_id"),
    ("broadcasts", "progress_chat_id"),
    ("calendars", "person_id"),
    ("conversations", "chat_id"),
    ("conversations", "person_id"),
    ("deferred_deliveries", "chat_id"),
    ("delegates", "participant_id"),
    ("deliveries", "chat_id"),
    ("hall_tries", "person_id"),
    ("invitation_openings", "person_id"),
    ("invitee_uploads", "person_id"),
    ("invitees", "person_id"),
    ("meeting_uploads", "person_id"),
    ("list_numbers", "participant_id"),
    ("members", "person_id"),
    ("moderation_claims", "person_id"),
    ("moderation_pings", "person_id"),
    ("office_questions", "assigned_to"),
    ("office_questions", "chat_id"),
    ("office_questions", "decided_by"),
    ("office_questions", "person_id"),
    ("outbox", "chat_id"),
    ("participants", "person_id"),
    ("people", "id"),
    ("poll_answers", "participant_id"),
    ("receipts", "person_id"),
    ("reminder_hours", "person_id"),
    ("reminder_optouts", "person_id"),
    ("reminders", "author_id"),
    ("rule_versions", "author_id"),
    ("signatures", "operator_id"),
    ("signatures", "participant_id"),
    ("speaker_links", "person_id"),
    ("statement_answers", "participant_id"),
    ("stopped_topics", "person_id"),
    ("submissions", "participant_id"),
}
"""Columns that may hold a person's Telegram id or lead to it; ``bot/storage/personal.py`` handles each of them.

Those of ``groups`` hold groups. Rows of ``inbox`` and ``outbox`` go by themselves, once applied and sent.
"""


async def tables(tx: Transaction, engine: str) -> dict[str, list[str]]:
    """Table to columns."""
    if engine == "sqlite":
        names = [row["name"] for row in await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: [
                row["name"] for row in await tx.all("SELECT name FROM pragma_table_info(:table)", table=name)
            ]
            for name in names
        }
    rows = await tx.all(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["table_name"], []).append(row["column_name"])
    return found


async def holding(tx: Transaction, engine: str, *needles: str) -> list[tuple[str, str]]:
    """Every table and value that holds one of the texts."""
    hits: list[tuple[str, str]] = []
    for table in await tables(tx, engine):
        for row in await tx.all(f"SELECT * FROM {table}"):
            names = row.keys()
            hits.extend(
                (table, name) for name in names if any(needle in str(row[name]) for needle in needles)
            )
    return hits


async def test_the_columns_that_name_a_person_are_known(database: Database) -> None:
    found = await database.read(lambda tx: tables(tx, database.engine))

    suspicious = {
        (table, column)
        for table, columns in found.items()
        for column in columns
        if column
        in (
            "person_id",
            "author_id",
            "participant_id",
            "chat_id",
            "progress_chat_id",
            "user_id",
            "operator_id",
            "asked_by",
            "assigned_to",
            "decided_by",
        )
        and table != "groups"
    }
    assert suspicious | {("people", "id")} == NAMES_A_PERSON


def test_the_privacy_page_names_every_table_that_holds_something_of_a_person() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text("utf-8")

    assert {table for table, _ in NAMES_A_PERSON if f"`{table}`" not in page} == set()


async def test_after_erasure_nothing_leads_to_the_person_and_others_keep_theirs(database: Database) -> None:
    await database.write(fill)
    before = await database.read(lambda tx: holding(tx, database.engine, str(ANI), "Ani Lestari"))
    budi_before = await database.read(lambda tx: personal.record(tx, BUDI))
    assert {table for table, _ in before} == {
        "actions",
        "agenda_followers",
        "attendance",
        "broadcasts",
        "conversations",
        "delegates",
        "deliveries",
        "hall_tries",
        "invitation_openings",
        "invitee_uploads",
        "invitees",
        "meeting_uploads",
        "members",
        "moderation_claims",
        "moderation_pings",
        "office_questions",
        "participants",
        "people",
        "receipts",
        "approvals",
        "audience_choices",
        "calendars",
        "deferred_deliveries",
        "reminder_hours",
        "reminders",
        "rule_versions",
        "signatures",
        "speaker_links",
        "stopped_topics",
        "reminder_optouts",
    }

    erased = await database.write(lambda tx: mydata.erase(tx, ANI, NOW, SECRET))

    assert erased == [Erased(office_id=1, meeting_id=2, registrations=1, submissions=1)]
    assert await database.read(lambda tx: holding(tx, database.engine, str(ANI), "Ani Lestari")) == []
    assert await database.read(lambda tx: personal.record(tx, BUDI)) == replace(
        budi_before, check_ins=[], ticks=[]
    )
    taken = await database.read(lambda tx: stances.taken_on(tx, 20))
    assert taken == {Seal(SECRET).name(20, BUDI): "agree"}
    left = await database.read(lambda tx: tx.all("SELECT participant_id, operator_id FROM attendance"))
    assert [(row["participant_id"], row["operator_id"]) for row in left] == [(11, None)]


async def test_a_named_submission_stays_as_if_it_were_anonymous(database: Database) -> None:
    await database.write(fill)
    await database.write(lambda tx: mydata.erase(tx, ANI, NOW, SECRET))

    row = await database.read(lambda tx: tx.one("SELECT * FROM submissions WHERE id = 20"))
    assert row is not None
    assert (row["text"], row["participant_id"], row["sent_at"], row["sent_on"], row["number"]) == (
        "text 0",
        None,
        None,
        "2024-08-06",
        1,
    )


async def test_the_office_learns_how_much_went_and_not_whose_it_was(database: Database) -> None:
    await database.write(fill)
    await database.write(lambda tx: mydata.erase(tx, ANI, NOW, SECRET))

    row = await database.read(lambda tx: tx.one("SELECT * FROM actions WHERE action = 'person.erased'"))
    assert row is not None
    assert (row["office_id"], row["meeting_id"], row["person_id"]) == (1, 2, None)
    assert from_json(row["detail"]) == {"registrations": 1, "submissions": 1}


async def test_the_record_and_its_file_hold_all_of_it(database: Database) -> None:
    await database.write(fill)

    record = await database.read(lambda tx: personal.record(tx, ANI))

    file = mydata.as_json(record)
    assert {name: len(file[name]) for name in ("registrations", "submissions", "roles", "messages")} == {
        "registrations": 1,
        "submissions": 1,
        "roles": 1,
        "messages": 1,
    }
    assert file["person"]["id"] == ANI
    assert file["registrations"][0]["checked_in_at"] == "1970-01-01T00:00:07+00:00"
    assert file["check_ins"] == [{"meeting": "m", "checked_in_at": "1970-01-01T00:00:07+00:00"}]
    [invitation] = file["invitations"]
    assert (invitation["name"], invitation["phone"], invitation["state"]) == (
        "Ani Lestari",
        "+62811000000",
        "declined",
    )
    assert [opened["kind"] for opened in file["opened_links"]] == ["person", "list"]
    assert file["followed_agendas"] == [{"meeting": "m"}]
    assert file["uploads"] == [
        {"office": "Office", "name": "rakor.yaml", "sent_at": "1970-01-01T00:00:08+00:00"}
    ]
    [question] = file["questions"]
    assert (question["text"], question["asked_at"]) == ("Bolehkah Ani Lestari?", "1970-01-01T00:00:06+00:00")
    assert file["without_reminders"] == [{"office": "Office"}]
    assert file["reminder_choices"] == [
        {"office": "Office", "hour": 19},
        {"office": "Office", "stopped_topic": "kampanye"},
    ]
    assert file["registrations"][0]["name"] == "Ani Lestari"
    assert file["registrations"][0]["consented_at"] == "1970-01-01T00:00:01+00:00"
    assert file["submissions"][0]["attachment"] == {"kind": "photo", "file_id": "F"}
    assert file["open_form"] == {
        "form": "registration",
        "answers": {"name": "Ani Lestari"},
        "updated_at": "1970-01-01T00:00:04+00:00",
    }
    assert [action["action"] for action in file["actions"]] == ["role.granted", "role.granted"]


async def test_erasing_somebody_who_is_unknown_does_nothing(database: Database) -> None:
    await database.write(fill)

    assert await database.write(lambda tx: mydata.erase(tx, 1, NOW, SECRET)) == []
    assert (await database.read(lambda tx: personal.record(tx, 1))).person is None
