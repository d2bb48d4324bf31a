"""Traces of two people in every table that can hold some."""

from __future__ import annotations

from typing import Any

from bot.domain.agreement.stances import Seal
from bot.storage import stances
from bot.storage.database import Transaction
from bot.storage.values import to_json

ANI, BUDI = 555000111, 555000222
SECRET = b"the secret of this installation"


async def insert(tx: Transaction, table: str, **values: Any) -> None:
    columns = ", ".join(values)
    await tx.run(
        f"INSERT INTO {table} ({columns}) VALUES ({', '.join(f':{name}' for name in values)})", **values
    )


async def fill(tx: Transaction) -> None:
    """Ani's and Budi's traces in every table that can hold them."""
    await _office(tx)
    for number, (person, name) in enumerate(((ANI, "Ani Lestari"), (BUDI, "Budi Santoso"))):
        other = BUDI if person == ANI else ANI
        await _registered(tx, number, person, name, other)
        await _invited(tx, number, person, name)
        await _written_to(tx, number, person)
        await _said(tx, number, person, name)
        await _reminded(tx, person)
        await _organised(tx, number, person, other)


async def _office(tx: Transaction) -> None:
    """An office with a meeting, a session, a poll and a check."""
    await insert(
        tx,
        "offices",
        id=1,
        code="o",
        name="Office",
        city="P",
        timezone="Asia/Jakarta",
        locale="id",
        contact="",
        created_at=0,
    )
    await insert(tx, "sectors", office_id=1, code="kpu", name=to_json({"id": "KPU"}), position=0)
    await insert(
        tx,
        "meetings",
        id=2,
        office_id=1,
        code="m",
        title=to_json({"id": "Rakor"}),
        theme="{}",
        venue="",
        address="",
        starts_at=0,
        ends_at=0,
        timezone="Asia/Jakarta",
        state="open",
        contact="",
        updated_at=0,
    )
    await insert(
        tx,
        "sessions",
        id=3,
        meeting_id=2,
        slug="s",
        topic=to_json({"id": "Topik"}),
        prompt="{}",
        kinds="[]",
        anonymity="allowed",
        limit_per_person=3,
        text_limit=100,
        state="open",
        position=0,
    )
    await insert(
        tx,
        "polls",
        id=60,
        meeting_id=2,
        number=1,
        kind="one",
        question="Apa?",
        options="[]",
        explanation="",
        hidden=0,
        state="open",
    )
    await insert(tx, "checks", meeting_id=2, stage="before")
    await insert(
        tx, "statements", id=61, meeting_id=2, position=1, text="{}", is_true=1, legal_basis="UU 1/2015"
    )


async def _registered(tx: Transaction, number: int, person: int, name: str, other: int) -> None:
    """The account, the registration and the attendance."""
    await insert(
        tx,
        "people",
        id=person,
        telegram_locale="id",
        chosen_locale="en",
        meeting_id=2,
        reach="reachable",
        seen_on="2024-08-06",
    )
    await insert(
        tx,
        "participants",
        id=10 + number,
        meeting_id=2,
        person_id=person,
        sector="kpu",
        name=name,
        institution=f"Kantor {name}",
        position=f"Jabatan {name}",
        ticket=f"TCKT{number}",
        state="registered",
        consented_at=1000,
        registered_at=1000,
    )
    await insert(
        tx,
        "attendance",
        participant_id=10 + number,
        meeting_id=2,
        operator_id=other,
        way="scan",
        checked_in_at=7000,
    )
    await insert(tx, "list_numbers", participant_id=10 + number, meeting_id=2, number=1 + number)
    await insert(
        tx,
        "signatures",
        participant_id=10 + number,
        meeting_id=2,
        operator_id=other,
        ticked_at=8000,
    )
    await insert(tx, "hall_tries", person_id=person, tries=2, since_at=6000)
    await insert(tx, "agenda_followers", meeting_id=2, person_id=person)
    state = to_json({"progress": to_json({"answers": {"name": name}}), "next": None})
    await insert(
        tx,
        "conversations",
        chat_id=person,
        person_id=person,
        form="registration",
        state=state,
        updated_at=4000,
    )


async def _invited(tx: Transaction, number: int, person: int, name: str) -> None:
    """The place in the list of the invited, and a list that the person sent."""
    await insert(
        tx,
        "invitees",
        id=60 + number,
        meeting_id=2,
        sector="kpu",
        name=name,
        institution=f"Kantor {name}",
        position=f"Jabatan {name}",
        phone=f"+6281100000{number}",
        rank="",
        staff_number=f"19800101200501100{number}",
        search="",
        state="declined",
        reason=f"sakit {name}",
        person_id=person,
        invited_at=500,
    )
    await insert(
        tx,
        "invitations",
        id=70 + number,
        meeting_id=2,
        kind="person",
        invitee_id=60 + number,
        made_at=500,
    )
    await insert(tx, "invitation_openings", invitation_id=70 + number, person_id=person, opened_at=600)
    await insert(
        tx,
        "invitee_uploads",
        person_id=person,
        meeting_id=2,
        name="undangan.xlsx",
        content=to_json({"sent by": name}),
        sent_at=8000,
    )


async def _written_to(tx: Transaction, number: int, person: int) -> None:
    """What was sent to the person, and in their name."""
    await insert(
        tx,
        "broadcasts",
        id=30 + number,
        office_id=1,
        meeting_id=2,
        kind="announcement",
        content="{}",
        audience="{}",
        author_id=person,
        state="started",
        created_at=5000,
        progress_chat_id=person,
        progress_message_id=7,
        progress_locale="id",
        progress_at=1,
    )
    await insert(tx, "deferred_deliveries", broadcast_id=30 + number, chat_id=person, due_at=9000)
    await insert(
        tx,
        "deliveries",
        broadcast_id=30 + number,
        chat_id=person,
        locale="id",
        state="sent",
        attempts=1,
        next_at=0,
    )


async def _said(tx: Transaction, number: int, person: int, name: str) -> None:
    """What the person said: in the dialogue, by stances, in polls and checks, in answer to notices."""
    await insert(
        tx,
        "submissions",
        id=20 + number,
        meeting_id=2,
        session_id=3,
        kind="input",
        text=f"text {number}",
        attachment=to_json({"kind": "photo", "file_id": "F"}),
        participant_id=10 + number,
        sent_on="2024-08-06",
        sent_at=2000,
        state="published",
        number=number + 1,
    )
    await insert(tx, "delegates", participant_id=10 + number, meeting_id=2, institution=f"Kantor {name}")
    name_on_it = Seal(SECRET).name(20, person)
    taken = await stances.taken_on(tx, 20)
    await stances.save(tx, 20, {**taken, name_on_it: "agree"})
    await insert(tx, "poll_answers", poll_id=60, participant_id=10 + number, chosen="[0]")
    await insert(
        tx,
        "statement_answers",
        statement_id=61,
        participant_id=10 + number,
        round="before",
        answer="true",
    )
    await insert(
        tx,
        "office_questions",
        id=80 + number,
        office_id=1,
        meeting_id=2,
        person_id=person,
        chat_id=person,
        message_id=9,
        text=f"Bolehkah {name}?",
        state="open",
        asked_at=6000,
        assigned_to=person,
    )
    await insert(tx, "receipts", broadcast_id=30 + number, person_id=person, version=1, noted_at=6000)


async def _reminded(tx: Transaction, person: int) -> None:
    """What the person chose about reminders."""
    await insert(tx, "reminder_optouts", office_id=1, person_id=person)
    await insert(tx, "reminder_hours", office_id=1, person_id=person, hour=19)
    await insert(tx, "stopped_topics", office_id=1, person_id=person, topic="kampanye")


async def _organised(tx: Transaction, number: int, person: int, other: int) -> None:
    """What the person did and prepared for the office."""
    await insert(
        tx,
        "audience_choices",
        id=90 + number,
        person_id=person,
        meeting_id=2,
        purpose="reminder",
        subject=1,
        audience="{}",
        changed_at=8000,
    )
    await insert(
        tx,
        "reminders",
        id=90 + number,
        office_id=1,
        meeting_id=2,
        slug=f"netral-{number}",
        title="{}",
        text="{}",
        legal_basis="[]",
        sources="[]",
        audience="{}",
        schedule="{}",
        grace_minutes=60,
        state="active",
        armed_at=8000,
        author_id=person,
    )
    await insert(
        tx,
        "rule_versions",
        id=90 + number,
        office_id=1,
        card=f"card-{number}",
        digest="d",
        content="{}",
        made_at=8000,
        author_id=person,
    )
    await insert(
        tx,
        "calendars",
        id=90 + number,
        office_id=1,
        version=number,
        digest="d",
        name="next.yaml",
        content="",
        person_id=person,
        loaded_at=8000,
    )
    await insert(
        tx,
        "approvals",
        id=90 + number,
        office_id=1,
        meeting_id=2,
        kind="reminders",
        subjects="[]",
        people=2,
        asked_by=person,
        asked_at=8000,
        state="approved",
        decided_by=person,
        decided_at=9000,
    )
    await insert(
        tx,
        "meeting_uploads",
        id=50 + number,
        person_id=person,
        office_id=1,
        name="rakor.yaml",
        content="{}",
        digest="",
        sent_at=8000,
    )
    await insert(tx, "members", office_id=1, person_id=person, role="organiser", granted_at=3000)
    await insert(tx, "moderation_claims", meeting_id=2, person_id=person, sealed=f"{number}", until_at=9000)
    await insert(tx, "moderation_pings", meeting_id=2, person_id=person)
    await insert(
        tx,
        "speaker_links",
        meeting_id=2,
        speaker=f"Speaker {number}",
        token_hash=f"hash {number}",
        expires_at=9000,
        person_id=person,
    )
    await insert(
        tx,
        "actions",
        id=40 + number,
        office_id=1,
        person_id=person,
        action="role.granted",
        detail=to_json({"subject": other, "role": "organiser"}),
        done_at=6000,
    )
