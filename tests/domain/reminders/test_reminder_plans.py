"""Ready plans, other calendars, what waits for somebody's word, and the hour that a person chose."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, CardIsDraft, NeedsApproval, NotAllowed, OwnRequest, PastTime
from bot.domain.notices import approvals
from bot.domain.notices.audience import Audience
from bot.domain.reminders import ready_plans, reminder_times, reminders
from bot.domain.reminders import reminder_editing as editing
from bot.domain.reminders.schedule import FixedTime
from bot.domain.rules import calendar_moves, calendars, rule_approvals
from bot.domain.rules.rules import BadRules, folder, rulebook
from bot.storage import occurrences, office_settings, people
from bot.storage import reminder_wishes as wishes
from bot.storage import reminders as stored
from bot.storage.database import Database, Transaction
from tests.small_rakor import ANI, BUDI, CITRA, DODI, DUE, NOW, Rakor, Texts, small_rakor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PRESENT = (folder() / "calendars" / "pilkada-2024.yaml").read_text("utf-8")
DRAFT = "tni-netral"


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    return await small_rakor(database)


async def collect(rakor: Rakor, now: datetime) -> list[str]:
    found = await rakor.write(lambda tx: reminders.collect_due(tx, now, Texts()))
    return [item.state for item in found]


async def next_due(rakor: Rakor) -> datetime | None:
    return (await rakor.write(lambda tx: reminder_times.glance(tx, NOW)))[1]


async def test_a_plan_adds_what_is_to_come_and_nothing_twice(rakor: Rakor) -> None:
    plan = await rakor.write(lambda tx: ready_plans.of_sector(tx, rakor.meeting, "asn", NOW))
    assert plan.items
    assert all(due.at >= NOW for item in plan.items for due in item.dues)

    added = await rakor.write(lambda tx: ready_plans.add(tx, rakor.meeting, "asn", BUDI, NOW))
    again = await rakor.write(lambda tx: ready_plans.add(tx, rakor.meeting, "asn", BUDI, NOW))

    assert len(added) == len(plan.items)
    assert again == []
    with pytest.raises(NotAllowed):
        await rakor.write(lambda tx: ready_plans.add(tx, rakor.meeting, "asn", ANI, NOW))
    assert await next_due(rakor) == plan.items[0].dues[0].at
    # A meeting file that names none takes away only what came from a file.
    await rakor.write(lambda tx: stored.keep(tx, rakor.meeting.id, set()))
    assert len(await rakor.write(lambda tx: stored.of_meeting(tx, rakor.meeting.id))) == len(added)


async def test_after_the_election_a_plan_is_empty(rakor: Rakor) -> None:
    plan = await rakor.write(lambda tx: ready_plans.of_sector(tx, rakor.meeting, "asn", NOW + 2000 * DAY))

    assert plan.items == []


async def propose(rakor: Rakor, text: str) -> int:
    return await rakor.write(
        lambda tx: calendars.keep(tx, rakor.meeting.office_id, BUDI, "next.yaml", text, NOW)
    )


@pytest.mark.parametrize("moving", [True, False])
async def test_another_calendar_moves_reminders_or_leaves_them(rakor: Rakor, moving: bool) -> None:
    schedule = {"offset": {"anchor": "stage_start", "stage": "kampanye", "days": [-7, -1], "time": "08:00"}}
    reminder = await rakor.reminds(schedule=schedule)
    await rakor.reminds("untouched")
    await rakor.write(reminder_times.plan)
    calendar_id = await propose(rakor, PRESENT.replace("start: 2024-09-25", "start: 2024-10-02"))

    office_id, after = await rakor.write(lambda tx: calendars.waiting(tx, calendar_id))
    moves = await rakor.write(lambda tx: calendar_moves.moves(tx, office_id, after, NOW))
    assert [move.reminder.id for move in moves] == [reminder.id]
    assert moves[0].after[0].at - moves[0].before[0].at == 7 * DAY
    await rakor.write(lambda tx: calendar_moves.accept(tx, calendar_id, BUDI, NOW, moving=moving))
    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: calendar_moves.accept(tx, calendar_id, BUDI, NOW, moving=moving))

    async def dues(tx: Transaction) -> list[datetime]:
        found = await stored.find(tx, reminder.id)
        assert found is not None
        times = await reminder_times.times_of(tx, rakor.meeting)
        return [due.at for due in await reminder_times.upcoming(tx, found, times, 5)]

    kept = moves[0].after if moving else moves[0].before
    assert await rakor.write(dues) == [due.at for due in kept]
    assert (await rakor.write(lambda tx: calendars.of_office(tx, office_id))).stage(
        "kampanye"
    ) == after.stage("kampanye")


async def test_only_organisers_load_a_calendar(rakor: Rakor) -> None:
    calendar_id = await propose(rakor, PRESENT.replace("2024-11-27", "2024-12-04"))

    async def accept(tx: Transaction, person_id: int) -> None:
        await calendar_moves.accept(tx, calendar_id, person_id, NOW, moving=True)

    for person in (ANI, CITRA):
        with pytest.raises(NotAllowed):
            await rakor.write(partial(accept, person_id=person))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- a", "it must have election"),
        ("election: x\nstages: []", "is missing"),
        ("a: [", "while parsing"),
        ("a: &x [1]\nb: *x", "aliases"),
        (PRESENT.replace("start: 2024-09-25", "start: yesterday"), "stages|start|date"),
        (PRESENT.replace("voting_day: 2024-11-27", "voting_day: soon"), "voting_day"),
    ],
)
async def test_what_is_no_calendar_is_refused(rakor: Rakor, text: str, complaint: str) -> None:
    with pytest.raises(BadRules, match=complaint):
        await propose(rakor, text)


async def test_a_draft_card_is_held_until_it_is_confirmed(rakor: Rakor) -> None:
    card = rulebook().card(DRAFT)
    assert card is not None
    reminder = await rakor.reminds(rule_id=DRAFT, audience=Audience("all"), grace_minutes=180)

    with pytest.raises(CardIsDraft):
        await rakor.write(lambda tx: reminders.send_now(tx, reminder.id, BUDI, NOW, NOW, Texts()))
    assert await collect(rakor, DUE) == ["held"]
    assert await rakor.deliveries() == {BUDI: "pending"}

    async def confirm(tx: Transaction) -> list[reminders.Collected]:
        await rule_approvals.approve(tx, rakor.meeting.office_id, card, BUDI, DUE + HOUR)
        return await reminders.card_confirmed(tx, rakor.meeting.office_id, DRAFT, DUE + HOUR, Texts())

    assert [item.state for item in await rakor.write(confirm)] == ["late"]
    assert await rakor.deliveries() == {ANI: "pending", BUDI: "pending", DODI: "pending"}
    [sent] = await rakor.rows(
        "SELECT rule_id, rule_version, topic, reminder_id FROM broadcasts WHERE kind = 'reminder'"
    )
    assert sent == {
        "rule_id": DRAFT,
        "rule_version": card.digest,
        "topic": card.topics[0],
        "reminder_id": reminder.id,
    }
    [kept] = await rakor.rows("SELECT content FROM rule_versions WHERE card = :card", card=DRAFT)
    assert kept == {"content": card.content}


async def test_confirmed_too_late_it_is_missed(rakor: Rakor) -> None:
    card = rulebook().card(DRAFT)
    assert card is not None
    await rakor.reminds(rule_id=DRAFT, grace_minutes=60)
    assert await collect(rakor, DUE) == ["held"]

    async def confirm(tx: Transaction) -> list[reminders.Collected]:
        await rule_approvals.approve(tx, rakor.meeting.office_id, card, BUDI, DUE + DAY)
        return await reminders.card_confirmed(tx, rakor.meeting.office_id, DRAFT, DUE + DAY, Texts())

    assert [item.state for item in await rakor.write(confirm)] == ["missed"]


async def test_four_eyes_hold_what_goes_to_many(rakor: Rakor) -> None:
    async def two_are_many(tx: Transaction) -> None:
        await people.see(tx, CITRA, "id", NOW.date(), private=True)
        await roles.appoint(tx, rakor.meeting.office_id, CITRA, roles.ORGANISER, NOW, by=BUDI)
        await office_settings.set_approval(tx, rakor.meeting.office_id, 1)

    await rakor.write(two_are_many)
    reminder = await rakor.reminds(audience=Audience("all"), grace_minutes=180)
    with pytest.raises(NeedsApproval):
        await rakor.write(lambda tx: reminders.send_now(tx, reminder.id, BUDI, NOW, NOW, Texts()))
    found = await rakor.write(lambda tx: reminders.ask_approval(tx, [reminder], rakor.meeting, BUDI, NOW))
    assert await collect(rakor, DUE) == ["held"]

    with pytest.raises(OwnRequest):
        await rakor.write(lambda tx: approvals.approve(tx, found.id, BUDI, NOW))
    with pytest.raises(NotAllowed):
        await rakor.write(lambda tx: approvals.approve(tx, found.id, ANI, NOW))

    async def approve(tx: Transaction) -> list[reminders.Collected]:
        request = await approvals.approve(tx, found.id, CITRA, DUE + HOUR)
        return await reminders.approved(tx, request.subjects, DUE + HOUR, Texts())

    assert [item.state for item in await rakor.write(approve)] == ["late"]
    with pytest.raises(AlreadyDecided):
        await rakor.write(approve)
    # What it says or to whom it goes was approved: another text is not.
    await rakor.write(
        lambda tx: editing.set_audience(tx, reminder.id, BUDI, Audience("all", organisers=True), NOW)
    )
    with pytest.raises(NeedsApproval):
        await rakor.write(lambda tx: reminders.send_now(tx, reminder.id, BUDI, DUE, DUE, Texts()))


async def test_an_hour_that_somebody_chose_is_waited_for(rakor: Rakor) -> None:
    """Due at 08.00 WIB; Ani wants nothing before 19.00."""
    await rakor.write(lambda tx: wishes.set_hour(tx, rakor.meeting.office_id, ANI, 19))
    await rakor.reminds(audience=Audience("all"))

    assert await collect(rakor, DUE) == ["sent"]
    assert await rakor.deliveries() == {ANI: "held", DODI: "pending"}
    assert await next_due(rakor) == DUE + 11 * HOUR
    await collect(rakor, DUE + 11 * HOUR)
    assert await rakor.deliveries() == {ANI: "pending", DODI: "pending"}
    assert await next_due(rakor) is None


async def test_messages_about_the_meeting_wait_for_nothing_and_reach_everybody(rakor: Rakor) -> None:
    async def wish(tx: Transaction) -> None:
        await wishes.set_hour(tx, rakor.meeting.office_id, ANI, 19)
        await wishes.opt_out(tx, rakor.meeting.office_id, DODI)
        await office_settings.set_quiet_hours(tx, rakor.meeting.office_id, "07:00", "09:00")

    await rakor.write(wish)
    await rakor.reminds(audience=Audience("all"), topic="meeting")

    assert await collect(rakor, DUE) == ["sent"]
    assert await rakor.deliveries() == {ANI: "pending", DODI: "pending"}


async def test_a_draft_is_made_saved_skipped_and_copied(rakor: Rakor) -> None:
    texts = {"id": "Rapat", "en": "Meeting"}
    draft = await rakor.write(
        lambda tx: editing.begin(tx, rakor.meeting, BUDI, NOW, title=texts, text=texts, topic="")
    )
    assert not editing.has_time(draft)
    with pytest.raises(PastTime):
        await rakor.write(lambda tx: editing.finish(tx, draft.id, BUDI, NOW))
    at = FixedTime(DUE.replace(tzinfo=None), "UTC")
    await rakor.write(lambda tx: editing.set_schedule(tx, draft.id, BUDI, at, NOW))
    assert await collect(rakor, DUE) == []
    await rakor.write(lambda tx: editing.finish(tx, draft.id, BUDI, NOW))
    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: editing.finish(tx, draft.id, BUDI, NOW))
    copied = await rakor.write(lambda tx: editing.copy(tx, draft.id, BUDI, NOW))
    assert (copied.state, copied.schedule, copied.text) == (stored.DRAFT, at.as_data(), texts)

    with pytest.raises(AlreadyDecided):
        await rakor.write(lambda tx: editing.skip(tx, draft.id, BUDI, DUE + DAY, NOW))
    assert await rakor.write(lambda tx: editing.skip(tx, draft.id, BUDI, DUE, NOW)) is None
    assert await collect(rakor, DUE) == []
    found = await rakor.write(lambda tx: occurrences.of_reminder(tx, draft.id))
    assert [one.state for one in found] == [occurrences.SKIPPED]
    await rakor.write(lambda tx: editing.delete(tx, draft.id, BUDI, NOW))
    assert await rakor.write(lambda tx: stored.find(tx, draft.id)) is None
