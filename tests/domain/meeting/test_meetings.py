"""Which meeting a chat is about, and who may move a meeting where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, ChooseMeeting, NoMeeting, NotAllowed, NotFound, Refusal
from bot.domain.meeting import meetings
from bot.storage import actions, groups, offices, people, sessions
from bot.storage import meetings as stored_meetings
from bot.storage.database import Database, Transaction
from bot.storage.meetings import ARCHIVED, CLOSED, DRAFT, OPEN, RUNNING, STATES, Meeting
from bot.storage.offices import Office
from bot.storage.people import Person

NOW = datetime(2030, 3, 4, 3, 0, tzinfo=UTC)
ANI, BUDI, CITRA = 700_000_001, 700_000_002, 700_000_003
"""Ani takes part, Budi organises for the office of Palembang, Citra for another one."""
GROUP = -100_500


async def office(tx: Transaction, code: str, organiser: int) -> Office:
    made = await offices.save(
        tx, code=code, name=code, city=code, timezone="Asia/Jakarta", locale="id", contact="", now=NOW
    )
    await roles.appoint(tx, made.id, organiser, roles.ORGANISER, NOW, by=None)
    return made


async def meeting(tx: Transaction, host: Office, code: str, state: str) -> Meeting:
    return await stored_meetings.save(
        tx,
        office_id=host.id,
        code=code,
        title={"id": code},
        theme={},
        venue="Aula",
        address="",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=4),
        timezone=host.timezone,
        state=state,
        contact="",
        now=NOW,
    )


async def person(tx: Transaction, person_id: int, followed: Meeting | None = None) -> Person:
    known = await people.see(tx, person_id, "id", NOW.date(), private=True)
    return replace(known, meeting_id=None if followed is None else followed.id)


class TestWhichMeeting:
    async def test_the_only_open_one(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            await meeting(tx, host, "lama", CLOSED)
            await meeting(tx, host, "nanti", DRAFT)
            this = await meeting(tx, host, "ini", OPEN)
            ani = await person(tx, ANI)

            assert (await meetings.current(tx, ani)).id == this.id
            assert (await meetings.of_group(tx, GROUP)).id == this.id

        await database.write(work)

    async def test_none_or_several(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            ani = await person(tx, ANI)
            with pytest.raises(NoMeeting) as none:
                await meetings.current(tx, ani)
            assert none.type is NoMeeting
            await meeting(tx, host, "satu", OPEN)
            await meeting(tx, host, "dua", RUNNING)
            with pytest.raises(ChooseMeeting):
                await meetings.current(tx, ani)
            with pytest.raises(ChooseMeeting):
                await meetings.of_group(tx, GROUP)

        await database.write(work)

    async def test_the_one_that_the_person_follows_even_when_it_is_over(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            over = await meeting(tx, host, "lama", CLOSED)
            await meeting(tx, host, "ini", OPEN)

            assert await meetings.current(tx, await person(tx, ANI, over)) == over

        await database.write(work)

    async def test_a_draft_is_seen_by_its_office_only(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            draft = await meeting(tx, host, "nanti", DRAFT)

            assert await meetings.current(tx, await person(tx, BUDI, draft)) == draft
            with pytest.raises(NoMeeting):
                await meetings.current(tx, await person(tx, ANI, draft))

        await database.write(work)

    async def test_an_organiser_sees_what_the_own_office_works_on(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            other = await office(tx, "lain", CITRA)
            await meeting(tx, other, "asing", OPEN)
            over = await meeting(tx, host, "lama", CLOSED)
            budi, citra = await person(tx, BUDI), await person(tx, CITRA)

            assert await meetings.current(tx, budi) == over
            draft = await meeting(tx, host, "nanti", DRAFT)
            assert await meetings.current(tx, budi) == draft
            this = await meeting(tx, host, "ini", OPEN)
            assert await meetings.current(tx, budi) == this
            assert (await meetings.current(tx, citra)).code == "asing"

        await database.write(work)

    async def test_a_guest_of_another_office_keeps_the_own_tools(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            other = await office(tx, "lain", CITRA)
            this = await meeting(tx, host, "ini", OPEN)
            earlier = await meeting(tx, host, "lama", CLOSED)
            theirs = await meeting(tx, other, "asing", RUNNING)
            role = roles.ORGANISER

            assert await meetings.of_staff(tx, await person(tx, BUDI, theirs), role) == (this, role)
            assert await meetings.of_staff(tx, await person(tx, BUDI, earlier), role) == (earlier, role)
            for stranger in (await person(tx, ANI), await person(tx, ANI, this)):
                with pytest.raises(NotAllowed):
                    await meetings.of_staff(tx, stranger, *roles.ROLES)

        await database.write(work)

    async def test_a_role_that_does_not_suffice_opens_no_other_office(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            this = await meeting(tx, host, "ini", OPEN)
            await meeting(tx, await office(tx, "lain", CITRA), "asing", OPEN)
            await roles.appoint(tx, host.id, CITRA, roles.OBSERVER, NOW, by=BUDI)
            citra = await person(tx, CITRA, this)

            with pytest.raises(NotAllowed):
                await meetings.of_staff(tx, citra, roles.ORGANISER)
            assert await meetings.of_staff(tx, citra, *roles.ROLES) == (this, roles.OBSERVER)

        await database.write(work)

    async def test_a_bound_group(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            await meeting(tx, host, "satu", OPEN)
            bound = await meeting(tx, host, "dua", OPEN)
            await groups.see(tx, GROUP, "Rakor")
            await groups.bind(tx, GROUP, host.id, bound.id, None, NOW)

            assert await meetings.of_group(tx, GROUP) == bound
            await stored_meetings.set_state(tx, bound.id, DRAFT, NOW, expected=OPEN)
            with pytest.raises(NoMeeting):
                await meetings.of_group(tx, GROUP)

        await database.write(work)


class TestMoving:
    @pytest.mark.parametrize("before", STATES)
    @pytest.mark.parametrize("after", STATES)
    async def test_where_a_meeting_can_go(self, database: Database, before: str, after: str) -> None:
        allowed = {(DRAFT, OPEN), (OPEN, RUNNING), (OPEN, CLOSED), (RUNNING, CLOSED), (CLOSED, RUNNING)}
        allowed |= {(CLOSED, ARCHIVED), (ARCHIVED, CLOSED)}

        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            this = await meeting(tx, host, "ini", before)
            if (before, after) not in allowed:
                with pytest.raises(AlreadyDecided):
                    await meetings.move(tx, this.id, after, BUDI, NOW)
                assert await stored_meetings.find(tx, this.id) == this
                return
            moved = await meetings.move(tx, this.id, after, BUDI, NOW + timedelta(seconds=1))
            assert moved == replace(this, state=after)
            [latest, _] = await actions.latest(tx, host.id, 5)
            assert (latest.action, latest.person_id, latest.detail) == (
                f"meeting.{after}",
                BUDI,
                {"before": before},
            )

        await database.write(work)

    @pytest.mark.parametrize(
        ("who", "state", "refusal"),
        [(ANI, RUNNING, NotAllowed), (CITRA, RUNNING, NotAllowed), (BUDI, "paused", NotFound)],
    )
    async def test_who_may_not(
        self, database: Database, who: int, state: str, refusal: type[Refusal]
    ) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            await office(tx, "lain", CITRA)
            this = await meeting(tx, host, "ini", OPEN)
            with pytest.raises(refusal):
                await meetings.move(tx, this.id, state, who, NOW)
            assert await stored_meetings.find(tx, this.id) == this

        await database.write(work)

    async def test_a_moderator_may_look_but_not_move(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            this = await meeting(tx, host, "ini", OPEN)
            await roles.appoint(tx, host.id, ANI, roles.MODERATOR, NOW, by=BUDI)

            assert await meetings.for_staff(tx, this.id, ANI, roles.ORGANISER, roles.MODERATOR) == this
            with pytest.raises(NotAllowed):
                await meetings.move(tx, this.id, RUNNING, ANI, NOW)
            with pytest.raises(NotFound):
                await meetings.for_staff(tx, this.id + 1, ANI, roles.MODERATOR)

        await database.write(work)

    async def test_a_colleague_who_was_faster_by_an_instant(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            this = await meeting(tx, host, "ini", OPEN)
            assert await stored_meetings.set_state(tx, this.id, RUNNING, NOW, expected=DRAFT) is None
            assert await stored_meetings.find(tx, this.id) == this

        await database.write(work)

    async def test_closing_closes_the_sessions(self, database: Database) -> None:
        async def work(tx: Transaction) -> None:
            host = await office(tx, "palembang", BUDI)
            this = await meeting(tx, host, "ini", RUNNING)
            made = await sessions.save(
                tx,
                this.id,
                slug="dialog",
                agenda_slug=None,
                topic={"id": "Topik"},
                prompt={},
                kinds=sessions.KINDS,
                anonymity=sessions.ALLOWED,
                limit_per_person=5,
                text_limit=500,
                position=0,
            )
            await sessions.open_session(tx, made.id, NOW)

            await meetings.move(tx, this.id, CLOSED, BUDI, NOW)

            [session] = await sessions.of_meeting(tx, this.id)
            assert (session.state, session.closed_at) == ("closed", NOW)

        await database.write(work)


def test_every_state_has_its_moves() -> None:
    assert {state: [to for to, _ in meetings.moves(state)] for state in STATES} == {
        DRAFT: [OPEN],
        OPEN: [RUNNING, CLOSED],
        RUNNING: [CLOSED],
        CLOSED: [RUNNING, ARCHIVED],
        ARCHIVED: [CLOSED],
    }
