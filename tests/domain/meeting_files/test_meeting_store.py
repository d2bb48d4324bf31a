"""Importing meeting files: what is new, what is left alone, and that it comes back out as it went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.meeting_files import (
    meeting_changes,
    meeting_file,
)
from bot.domain.meeting_files.meeting_changes import ASKED, CHANGED, CREATED, KEPT, REMOVED, Change, Summary
from bot.domain.meeting_files.meeting_file import (
    MeetingFile,
    Poll,
    Statement,
)
from bot.domain.meeting_files.meeting_yaml import BrokenFile
from bot.domain.reminders import reminder_times
from bot.i18n import translator
from bot.storage import actions, checks, meetings, offices, participants, people, polls, sessions
from bot.storage import reminders as stored_reminders
from bot.storage.database import Database, Transaction
from tests.domain.meeting_files.files import (
    ANI,
    LATER,
    NOW,
    SAMPLE,
    apply,
    back,
    in_stored_order,
)


def effects(summary: Summary) -> list[Change]:
    return [change for change in summary.changes if change.outcome != meeting_changes.UNCHANGED]


async def snapshot(database: Database) -> dict[str, list[dict[str, object]]]:
    """Every row that an import can write."""

    async def read(tx: Transaction) -> dict[str, list[dict[str, object]]]:
        found = {}
        for table, order in (
            ("offices", "id"),
            ("sectors", "code"),
            ("meetings", "id"),
            ("meeting_sectors", "sector"),
            ("agenda_items", "id"),
            ("materials", "id"),
            ("sessions", "id"),
            ("polls", "id"),
            ("statements", "id"),
            ("reminders", "id"),
            ("actions", "id"),
        ):
            rows = await tx.all(f"SELECT * FROM {table} ORDER BY {order}")
            found[table] = [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118
        return found

    return await database.read(read)


class TestApplying:
    async def test_a_new_meeting_comes_back_as_it_went_in(self, database: Database) -> None:
        summary = await apply(database, SAMPLE)

        assert {change.outcome for change in summary.changes} == {CREATED}
        assert await back(database) == in_stored_order(SAMPLE)

    async def test_the_second_time_nothing_is_written(self, database: Database) -> None:
        await apply(database, SAMPLE)
        before = await snapshot(database)

        summary = await apply(database, SAMPLE, LATER)

        assert not summary.has_effect
        assert await snapshot(database) == before

    async def test_a_changed_file_changes_just_that(self, database: Database) -> None:
        await apply(database, SAMPLE)
        before = await snapshot(database)
        assert SAMPLE.agenda is not None
        shorter = replace(SAMPLE.agenda[5], ends_at=SAMPLE.agenda[5].ends_at - timedelta(minutes=5))
        changed = replace(SAMPLE, agenda=(*SAMPLE.agenda[:5], shorter, *SAMPLE.agenda[6:]))

        summary = await apply(database, changed, LATER)

        assert effects(summary) == [Change("agenda", "dialog", CHANGED)]
        after = await snapshot(database)
        assert [table for table in before if after[table] != before[table]] == ["agenda_items", "actions"]
        assert [row["id"] for row in after["agenda_items"]] == [row["id"] for row in before["agenda_items"]]

    async def test_what_the_file_no_longer_names_goes(self, database: Database) -> None:
        await apply(database, SAMPLE)
        assert SAMPLE.agenda is not None
        assert SAMPLE.sectors is not None
        smaller = replace(
            SAMPLE,
            agenda=SAMPLE.agenda[1:],
            materials=(),
            sessions=(),
            reminders=(),
            sectors=SAMPLE.sectors[1:],
        )

        summary = await apply(database, smaller)

        assert effects(summary) == [
            Change("sector", "tni", REMOVED),
            Change("agenda", "registrasi", REMOVED),
            Change("material", "netralitas-aparatur", REMOVED),
            Change("material", "tahapan-pilkada", REMOVED),
            Change("session", "dialog", REMOVED),
            Change("reminder", "asn-netral-uu-20-2023", REMOVED),
            Change("reminder", "kampanye-di-luar-jadwal", REMOVED),
            Change("reminder", "tni-polri-netral", REMOVED),
        ]
        assert await back(database) == smaller

    async def test_a_section_left_out_stays(self, database: Database) -> None:
        await apply(database, SAMPLE)

        summary = await apply(database, MeetingFile(SAMPLE.office, replace(SAMPLE.meeting, venue="Aula")))

        assert effects(summary) == [Change("meeting", SAMPLE.meeting.code, CHANGED)]
        assert await back(database) == in_stored_order(
            replace(SAMPLE, meeting=replace(SAMPLE.meeting, venue="Aula"))
        )

    async def test_an_opened_session_and_a_sector_with_people_are_kept(self, database: Database) -> None:
        summary = await apply(database, SAMPLE)

        async def use(tx: Transaction) -> None:
            [session] = await sessions.of_meeting(tx, summary.meeting_id)
            await sessions.open_session(tx, session.id, NOW)
            await people.see(tx, ANI, "id", NOW.date(), private=True)
            await participants.add(
                tx,
                meeting_id=summary.meeting_id,
                person_id=ANI,
                sector="tni",
                name="Ani",
                institution="Kodim",
                position="Perwira",
                ticket="ABC",
                now=NOW,
            )

        await database.write(use)
        assert SAMPLE.sectors is not None

        again = await apply(database, replace(SAMPLE, sessions=(), sectors=SAMPLE.sectors[1:]))

        assert effects(again) == [Change("sector", "tni", KEPT), Change("session", "dialog", KEPT)]
        assert not again.has_effect
        assert await back(database) == in_stored_order(SAMPLE)
        assert again.lines(translator("en"))[-2:] == [
            "Sectors: “tni” is no longer in the file but is in use, so it was kept",
            "Dialogue sessions: “dialog” is no longer in the file but is in use, so it was kept",
        ]

    async def test_an_older_file_does_not_take_the_meeting_back(self, database: Database) -> None:
        await apply(database, replace(SAMPLE, meeting=replace(SAMPLE.meeting, state="running")))

        summary = await apply(database, SAMPLE)

        assert not summary.has_effect
        assert (await back(database)).meeting.state == "running"

    async def test_closing_by_file_closes_its_sessions(self, database: Database) -> None:
        summary = await apply(database, SAMPLE)

        async def state(tx: Transaction) -> list[str]:
            return [session.state for session in await sessions.of_meeting(tx, summary.meeting_id)]

        async def open_all(tx: Transaction) -> None:
            for session in await sessions.of_meeting(tx, summary.meeting_id):
                await sessions.open_session(tx, session.id, NOW)

        await database.write(open_all)
        await apply(database, replace(SAMPLE, meeting=replace(SAMPLE.meeting, state="closed")))

        assert await database.read(state) == ["closed"]

    async def test_orders_can_change(self, database: Database) -> None:
        extra = replace((SAMPLE.sessions or ())[0], slug="kedua")
        two = replace(SAMPLE, sessions=(*(SAMPLE.sessions or ()), extra))
        await apply(database, two)
        turned = replace(
            two,
            sectors=tuple(reversed(two.sectors or ())),
            materials=tuple(reversed(two.materials or ())),
            sessions=tuple(reversed(two.sessions or ())),
        )

        await apply(database, turned)

        assert await back(database) == in_stored_order(turned)

    async def test_a_moved_office_takes_the_meeting_into_its_zone(self, database: Database) -> None:
        summary = await apply(database, SAMPLE)

        await apply(database, replace(SAMPLE, office=replace(SAMPLE.office, timezone="Asia/Makassar")))

        meeting = await database.read(lambda tx: meetings.find(tx, summary.meeting_id))
        assert meeting is not None
        assert (meeting.timezone, meeting.starts_at) == ("Asia/Makassar", SAMPLE.meeting.starts_at)

    async def test_the_office_can_read_what_happened_in_its_log(self, database: Database) -> None:
        summary = await apply(database, SAMPLE)

        [action] = await database.read(lambda tx: actions.latest(tx, summary.office_id, 10))

        assert (action.action, action.detail) == (
            "meeting.imported",
            {"created": len(summary.changes), "changed": 0, "removed": 0},
        )

    async def test_a_second_meeting_of_the_same_office(self, database: Database) -> None:
        await apply(database, SAMPLE)
        second = replace(SAMPLE, meeting=replace(SAMPLE.meeting, code="rakor-2"))

        summary = await apply(database, second)

        assert {change.kind for change in effects(summary)} == {
            "meeting",
            "sector",
            "agenda",
            "material",
            "session",
            "reminder",
        }
        assert await back(database) == in_stored_order(SAMPLE)

    async def test_a_code_of_another_office_is_refused(self, database: Database) -> None:
        await apply(database, SAMPLE)
        before = await snapshot(database)
        foreign = replace(SAMPLE, office=replace(SAMPLE.office, code="lain"), name="rakor.yaml")

        with pytest.raises(BrokenFile) as broken:
            await apply(database, foreign)

        assert broken.value.lines() == [
            "rakor.yaml: meeting.code: the code “rakor-palembang-2024” belongs to a meeting of another office"
        ]
        assert await snapshot(database) == before

    async def test_names_that_only_the_database_could_have(self, database: Database) -> None:
        partial = replace(SAMPLE, sectors=None, agenda=None, name="rakor.yaml")

        with pytest.raises(BrokenFile) as broken:
            await apply(database, partial)

        assert broken.value.lines() == [
            f"rakor.yaml: {where}: there is no “{name}”, neither in this file nor in the database"
            for where, name in (
                ("reminders[asn-netral-uu-20-2023]", "asn"),
                ("reminders[tni-polri-netral]", "polri"),
                ("reminders[tni-polri-netral]", "tni"),
                ("materials[netralitas-aparatur].agenda", "sambutan-pj-wali-kota"),
                ("sessions[dialog].agenda", "dialog"),
            )
        ]
        await apply(database, SAMPLE)
        assert not (await apply(database, partial)).has_effect

    async def test_polls_and_statements_change_until_people_are_asked(self, database: Database) -> None:
        first = Poll("waktu", "one", "Kapan?", ("Pagi", "Siang"))
        second = Poll("tempat", "quiz", "Di mana?", ("Aula", "Hotel"), 1, "Surat undangan")
        fact = Statement("netral", {"id": "ASN wajib netral."}, True, "UU 20/2023")
        other = Statement("kampanye", {"id": "Kampanye boleh kapan saja."}, False, "PKPU 2/2024")
        await apply(database, replace(SAMPLE, polls=(first, second), statements=(fact, other)))
        turned = replace(SAMPLE, polls=(replace(first, question="Jam berapa?"),), statements=(other, fact))

        drafted = await apply(database, turned)

        assert effects(drafted) == [Change("poll", "waktu", CHANGED), Change("poll", "tempat", REMOVED)]
        assert await back(database) == in_stored_order(turned)

        async def ask(tx: Transaction) -> None:
            [poll] = await polls.of_meeting(tx, drafted.meeting_id)
            await polls.set_state(tx, poll.id, polls.OPEN, unless=polls.OPEN)
            await checks.set_stage(tx, drafted.meeting_id, checks.BEFORE)

        await database.write(ask)
        late = replace(
            SAMPLE, polls=(first,), statements=(replace(other, is_true=True), replace(fact, slug="baru"))
        )

        asked = await apply(database, late)

        assert effects(asked) == [
            Change("poll", "waktu", ASKED),
            Change("statement", "kampanye", ASKED),
            Change("statement", "baru", ASKED),
            Change("statement", "netral", KEPT),
        ]
        assert not asked.has_effect
        assert await back(database) == in_stored_order(turned)
        assert (await apply(database, replace(SAMPLE, polls=(), statements=None))).lines(translator("en"))[
            -1
        ] == ("Polls: “waktu” is no longer in the file but is in use, so it was kept")

    async def test_a_moved_meeting_moves_the_reminders_that_count_from_it(self, database: Database) -> None:
        await apply(database, SAMPLE)
        by = timedelta(days=7)
        await apply(database, meeting_file.shifted(SAMPLE, by))

        async def due(tx: Transaction) -> dict[str, datetime | None]:
            await reminder_times.plan(tx)
            summary = await meetings.find_by_code(tx, SAMPLE.meeting.code)
            assert summary is not None
            return {known.slug: known.next_at for known in await stored_reminders.of_meeting(tx, summary.id)}

        assert await database.write(due) == {
            "asn-netral-uu-20-2023": SAMPLE.meeting.starts_at + by + timedelta(minutes=150),
            "tni-polri-netral": SAMPLE.meeting.starts_at + by + timedelta(days=1),
            "kampanye-di-luar-jadwal": datetime(2024, 9, 18, 1, 0, tzinfo=UTC),
            # The meeting's own, which it gets when a file opens it: 08.00 three days before, 06.00 on the day.
            "meeting-before": datetime(2024, 8, 10, 1, 0, tzinfo=UTC),
            "meeting-morning": datetime(2024, 8, 12, 23, 0, tzinfo=UTC),
        }


async def test_offices_keep_sectors_that_other_meetings_need(database: Database) -> None:
    summary = await apply(database, SAMPLE)
    assert SAMPLE.sectors is not None
    await apply(
        database,
        replace(
            SAMPLE,
            meeting=replace(SAMPLE.meeting, code="rakor-2"),
            sectors=(replace(SAMPLE.sectors[1], name={"id": "Kepolisian"}),),
            reminders=(),
        ),
    )

    known = await database.read(lambda tx: offices.sectors(tx, summary.office_id))

    assert sorted(sector.code for sector in known) == sorted(sector.code for sector in SAMPLE.sectors)
    assert {sector.code: sector.name for sector in known}["polri"] == {"id": "Kepolisian"}
