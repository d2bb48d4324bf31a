"""Importing meeting files: what is new, what is left alone, and that it comes back out as it went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.language.texts import clean
from bot.domain.meeting_files import meeting_export, meeting_file, meeting_store, meeting_yaml
from bot.domain.meeting_files.meeting_file import (
    AgendaItem,
    Meeting,
    MeetingFile,
    Office,
    Reminder,
    Sector,
    Session,
)
from bot.domain.meeting_files.meeting_store import CHANGED, CREATED, KEPT, REMOVED, Change, Summary
from bot.domain.meeting_files.meeting_yaml import BrokenFile
from bot.domain.notices import audience, broadcasts
from bot.domain.notices.audience import EVERYONE
from bot.domain.notices.broadcasts import Content
from bot.domain.reminders import reminder_times
from bot.i18n import translator
from bot.storage import actions, attendance, meetings, offices, participants, people, sessions, submissions
from bot.storage import reminders as stored_reminders
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Material
from bot.storage.reminders import LegalBasis
from bot.storage.values import moment

NOW = datetime(2024, 8, 1, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SAMPLE = meeting_file.sample()
ANI = 700_000_001


async def apply(database: Database, file: MeetingFile, now: datetime = NOW) -> Summary:
    return await database.write(lambda tx: meeting_store.apply(tx, file, now))


def effects(summary: Summary) -> list[Change]:
    return [change for change in summary.changes if change.outcome != meeting_store.UNCHANGED]


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
            ("reminders", "id"),
            ("actions", "id"),
        ):
            rows = await tx.all(f"SELECT * FROM {table} ORDER BY {order}")
            found[table] = [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118
        return found

    return await database.read(read)


async def back(database: Database, code: str = SAMPLE.meeting.code) -> MeetingFile:
    file = await database.read(lambda tx: meeting_store.stored(tx, code))
    assert file is not None
    return file


def in_stored_order(file: MeetingFile) -> MeetingFile:
    """Reminders come back by slug: their order means nothing."""
    return replace(file, reminders=tuple(sorted(file.reminders or (), key=lambda known: known.slug)))


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


class TestExporting:
    async def test_an_unknown_meeting(self, database: Database) -> None:
        assert await meeting_export.export_json(database, "tidak-ada") is None

    async def test_it_can_be_imported_again(self, database: Database) -> None:
        await apply(database, SAMPLE)

        text = await meeting_export.export_json(database, SAMPLE.meeting.code)

        assert text is not None
        assert meeting_file.read(text.encode(), "export.json") == in_stored_order(SAMPLE)

    async def test_what_was_collected_is_in_it_and_nothing_that_tells_an_anonymous_author(
        self, database: Database
    ) -> None:
        summary = await apply(database, SAMPLE)

        async def fill(tx: Transaction) -> None:
            [session] = await sessions.of_meeting(tx, summary.meeting_id)
            await sessions.open_session(tx, session.id, NOW)
            await people.see(tx, ANI, "id", NOW.date(), private=True)
            ani = await participants.add(
                tx,
                meeting_id=summary.meeting_id,
                person_id=ANI,
                sector="asn",
                name="Ani",
                institution="Dinas Kominfo",
                position="Staf",
                ticket="ABC",
                now=NOW,
            )
            assert ani is not None
            await attendance.add(
                tx,
                participant_id=ani.id,
                meeting_id=summary.meeting_id,
                operator_id=1,
                way=attendance.SCAN,
                now=NOW,
            )
            named = await submissions.add_named(
                tx,
                meeting_id=summary.meeting_id,
                session_id=session.id,
                kind="challenge",
                text="Tantangan\u2028di <b>lapangan</b>: 😀",
                attachment=None,
                participant_id=ani.id,
                sent_on=NOW.date(),
                now=NOW,
            )
            hidden = await submissions.add_anonymous(
                tx,
                meeting_id=summary.meeting_id,
                session_id=session.id,
                kind="input",
                text="Tanpa nama",
                sent_on=NOW.date(),
                receipt_hash="hash",
            )
            await submissions.add_anonymous(
                tx,
                meeting_id=summary.meeting_id,
                session_id=session.id,
                kind="input",
                text="Belum diputuskan",
                sent_on=NOW.date(),
                receipt_hash="other",
            )
            for number, submission in enumerate((named, hidden), 1):
                await submissions.change(tx, submission, state=submissions.PUBLISHED, number=number)
            await broadcasts.create(
                tx,
                office_id=summary.office_id,
                meeting_id=summary.meeting_id,
                kind=broadcasts.ANNOUNCEMENT,
                content=Content({"id": "Halo"}),
                audience=EVERYONE,
                author_id=None,
                now=NOW,
            )

        await database.write(fill)
        text = await meeting_export.export_json(database, SAMPLE.meeting.code)

        assert text is not None
        assert "Belum diputuskan" not in text
        collected = meeting_yaml.read(text.encode()).content["collected"]
        assert collected["participants"] == [
            {
                "ticket": "ABC",
                "name": "Ani",
                "sector": "asn",
                "institution": "Dinas Kominfo",
                "position": "Staf",
                "registered_at": "2024-08-01 09:00",
                "checked_in_at": "2024-08-01 09:00",
            }
        ]
        assert collected["submissions"] == [
            {
                "number": "1",
                "session": "dialog",
                "kind": "challenge",
                "text": "Tantangan\u2028di <b>lapangan</b>: 😀",
                "anonymous": "false",
                "author": "ABC",
            },
            {
                "number": "2",
                "session": "dialog",
                "kind": "input",
                "text": "Tanpa nama",
                "anonymous": "true",
                "author": None,
            },
        ]
        assert collected["sessions"] == [
            {"slug": "dialog", "state": "open", "opened_at": "2024-08-01 09:00", "closed_at": None}
        ]
        found = sorted((item["slug"], item["state"], item["occurrences"]) for item in collected["reminders"])
        assert found == [
            ("asn-netral-uu-20-2023", "active", []),
            ("kampanye-di-luar-jadwal", "active", []),
            ("meeting-before", "active", []),
            ("meeting-morning", "active", []),
            ("tni-polri-netral", "active", []),
        ]
        assert collected["broadcasts"] == [
            {
                "kind": "announcement",
                "created_at": "2024-08-01 09:00",
                "text": {"id": "Halo"},
                "audience": {"sectors": "all"},
                "deliveries": {"pending": "1"},
            }
        ]
        assert meeting_file.read(text.encode(), "export.json") == in_stored_order(SAMPLE)

    def test_a_large_export_can_be_imported_although_a_file_may_not_be_large(self) -> None:
        content = meeting_export.as_content(SAMPLE)
        text = meeting_yaml.to_text({**content, "collected": {"submissions": ["x" * 3_000_000]}})

        assert meeting_file.read(text.encode(), "export.json") == SAMPLE

        with pytest.raises(BrokenFile):
            meeting_file.read(
                meeting_yaml.to_text({**content, "colected": "x" * 3_000_000}).encode(), "export.json"
            )


# What a file can say: text as it is kept, slugs, whole seconds.
words = st.text(max_size=20).map(lambda text: clean("a" + text))
texts = st.builds(lambda first, second: clean(f"{first}: {second}"), words, words)
localised = st.dictionaries(st.sampled_from(["id", "en"]), texts, min_size=1)
slugs = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)
moments = st.integers(1_700_000_000, 1_900_000_000).map(lambda seconds: moment(seconds * 1000))
schedules = st.one_of(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - on local clocks
        lambda local: {"at": local.replace(microsecond=0).isoformat()}
    ),
    st.builds(
        lambda anchor, minutes: {"offset": {"anchor": anchor, "minutes": minutes}},
        st.sampled_from(["meeting_start", "meeting_end"]),
        st.integers(-100_000, 100_000),
    ),
    st.builds(
        lambda anchor, days, minute: {
            "offset": {"anchor": anchor, "days": days, "time": f"{minute // 60:02}:{minute % 60:02}:00"}
        },
        st.sampled_from(["meeting_start", "meeting_end"]),
        st.integers(-3660, 3660),
        st.integers(0, 1439),
    ),
)


@st.composite
def files(draw: st.DrawFn) -> MeetingFile:
    """Any meeting that a file can say, in the order in which it comes back."""
    starts_at = draw(moments)
    length = draw(st.integers(60, 100_000))
    sectors = draw(
        st.lists(st.tuples(slugs, localised, st.none() | st.integers(1, 500)), max_size=3, unique_by=_first)
    )
    spans = draw(
        st.lists(st.tuples(slugs, st.integers(0, 29), st.integers(1, 30)), max_size=4, unique_by=_first)
    )
    agenda = [
        AgendaItem(
            slug,
            starts_at + timedelta(seconds=begin),
            starts_at + timedelta(seconds=begin + lasts),
            draw(localised),
            draw(st.just("") | texts),
            draw(st.just({}) | localised),
        )
        for slug, begin, lasts in spans
    ]
    of_agenda = st.none() | st.sampled_from([item.slug for item in agenda]) if agenda else st.none()
    materials = draw(st.lists(st.tuples(slugs, of_agenda, localised), max_size=3, unique_by=_first))
    held = draw(st.lists(st.tuples(slugs, of_agenda, localised), max_size=3, unique_by=_first))
    rules = draw(st.lists(st.tuples(slugs, schedules, texts), max_size=3, unique_by=_first))
    zone = draw(st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Amsterdam"]))
    return MeetingFile(
        office=Office(
            "kantor", draw(texts), draw(words), zone, draw(st.sampled_from(["id", "en"])), draw(texts)
        ),
        meeting=Meeting(
            "rakor",
            draw(localised),
            draw(st.just({}) | localised),
            draw(texts),
            draw(st.just("") | texts),
            starts_at,
            starts_at + timedelta(seconds=length),
            draw(st.sampled_from(meetings.STATES)),
            draw(st.just("") | texts),
        ),
        sectors=tuple(Sector(*sector) for sector in sectors),
        agenda=tuple(sorted(agenda, key=lambda item: (item.starts_at, item.ends_at, item.slug))),
        materials=tuple(Material(*item, "https://contoh.id/a?b=c#d") for item in materials),
        sessions=tuple(
            Session(
                *session,
                prompt=draw(st.just({}) | localised),
                kinds=draw(st.sampled_from([("input",), sessions.KINDS])),
                anonymity=draw(st.sampled_from(sessions.ANONYMITY)),
                limit_per_person=draw(st.integers(1, 100)),
                text_limit=draw(st.integers(20, 3000)),
            )
            for session in held
        ),
        reminders=tuple(
            Reminder(
                slug,
                draw(localised),
                draw(localised),
                (LegalBasis(text, None, text),),
                ("https://contoh.id",),
                draw(st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))),
                draw(st.sampled_from([EVERYONE, audience.Audience(groups=True, organisers=True)])),
                schedule,
                draw(st.integers(1, 10_080)),
            )
            for slug, schedule, text in sorted(rules, key=_first)
        ),
    )


def _first(parts: tuple[str, object, object]) -> str:
    return parts[0]


@given(files())
def test_any_meeting_survives_being_written_and_read(file: MeetingFile) -> None:
    text = meeting_yaml.to_text(meeting_export.as_content(file))

    assert meeting_file.read(text.encode(), "rakor.json") == file


@pytest.mark.parametrize("hour", [0, 1])
def test_an_hour_that_the_clocks_show_twice_is_told_apart(hour: int) -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    half_past_two = datetime(2024, 10, 27, hour, 30, tzinfo=UTC)

    text = meeting_export.local_text(half_past_two, amsterdam)

    assert text == ("2024-10-27 02:30", "2024-10-27 02:30+01:00")[hour]


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
