"""Speakers of the agenda answer by a link of their own: what was assigned to them, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.domain.dialogue import answers, moderation, speakers
from bot.domain.dialogue.moderation import Case
from bot.domain.dialogue.submissions import attachment_of
from bot.domain.errors import AlreadyDecided, LinkUsed, NotAllowed, NotFound, NotRegistered, Refusal
from bot.domain.meeting import meetings as meeting_states
from bot.domain.people import mydata
from bot.storage import meetings, people
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.submissions import Attachment
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    CITRA,
    DEWI,
    NOW,
    SECRET,
    Dialogue,
    make,
    publishes,
    send_anonymously,
    send_named,
)

CHIEF, JUDGE = "Kombes Pol. Hariyanto", "Kajari Palembang"
EKO = 700_000_009
"""Speaks at the meeting, and is no participant."""


async def puts_on_agenda(database: Database, dialogue: Dialogue, slug: str, speaker: str) -> None:
    await database.write(
        lambda tx: meetings.save_agenda_item(
            tx,
            dialogue.meeting_id,
            slug=slug,
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            title={"id": slug},
            speaker=speaker,
            speaker_position={},
        )
    )


@pytest.fixture
async def dialogue(database: Database) -> Dialogue:
    found = await make(database)
    await puts_on_agenda(database, found, "keamanan", CHIEF)
    await puts_on_agenda(database, found, "hukum", JUDGE)
    for person in (CITRA, EKO):
        await database.write(
            partial(people.see, person_id=person, telegram_locale="id", today=NOW.date(), private=True)
        )
    return found


@pytest.fixture
async def meeting(database: Database, dialogue: Dialogue) -> Meeting:
    found = await database.read(lambda tx: meetings.find(tx, dialogue.meeting_id))
    assert found is not None
    return found


async def link_for(database: Database, meeting: Meeting, name: str = CHIEF) -> str:
    payload, _ = await database.write(lambda tx: speakers.offer(tx, meeting, name, DEWI, NOW))
    return payload


async def opens(database: Database, payload: str, person: int = EKO, later: timedelta = timedelta()) -> str:
    _, name = await database.write(lambda tx: speakers.take(tx, payload, person, NOW + later))
    return name


async def assigned(database: Database, meeting: Meeting, person: int = EKO) -> list[int]:
    cases, _, _ = await database.read(lambda tx: speakers.assigned(tx, meeting.id, person, 0))
    return [case.submission.id for case in cases]


async def asks(database: Database, dialogue: Dialogue, text: str, speaker: str = CHIEF) -> int:
    """A published submission that a speaker is to answer."""
    sent, _ = await send_anonymously(database, dialogue.session.id, ANI, text)
    await publishes(database, sent.id)
    await database.write(lambda tx: answers.assign(tx, sent.id, BUDI, speaker, NOW))
    return sent.id


async def answers_it(database: Database, submission_id: int, person: int = EKO) -> Case:
    return await database.write(lambda tx: answers.in_writing(tx, submission_id, person, "Sudah.", NOW))


async def test_a_speaker_sees_and_answers_what_is_assigned_to_them_alone(
    database: Database, dialogue: Dialogue, meeting: Meeting
) -> None:
    mine = await asks(database, dialogue, "Kapan patroli dimulai?")
    other = await asks(database, dialogue, "Apa sanksinya?", JUDGE)
    await opens(database, await link_for(database, meeting))

    assert await assigned(database, meeting) == [mine]
    case = await answers_it(database, mine)

    assert (case.author, case.submission.answered_by, case.submission.answer) == (None, CHIEF, "Sudah.")
    for forbidden in (
        lambda: answers_it(database, other),
        lambda: database.write(lambda tx: answers.in_the_hall(tx, other, EKO, NOW)),
        lambda: database.write(lambda tx: answers.assign(tx, mine, EKO, JUDGE, NOW)),
        lambda: database.write(lambda tx: speakers.overview(tx, meeting, EKO)),
        lambda: database.write(lambda tx: speakers.offer(tx, meeting, JUDGE, EKO, NOW)),
        lambda: database.write(lambda tx: speakers.end(tx, meeting, CHIEF, EKO, NOW)),
    ):
        with pytest.raises(NotAllowed):
            await forbidden()


async def test_what_is_assigned_anew_or_taken_off_is_no_longer_theirs(
    database: Database, dialogue: Dialogue, meeting: Meeting
) -> None:
    first = await asks(database, dialogue, "Kapan patroli dimulai?")
    second = await asks(database, dialogue, "Di mana posnya?")
    await opens(database, await link_for(database, meeting))

    await database.write(lambda tx: answers.assign(tx, first, BUDI, JUDGE, NOW))
    await refuses_published(database, second)

    assert await assigned(database, meeting) == []
    for submission_id in (first, second):
        with pytest.raises(NotAllowed):
            await answers_it(database, submission_id)


async def refuses_published(database: Database, submission_id: int) -> None:
    await database.write(
        lambda tx: moderation.refuse(tx, submission_id, BUDI, "other", SECRET, NOW, "published")
    )


async def test_a_link_is_the_first_ones_who_opens_it(database: Database, meeting: Meeting) -> None:
    payload = await link_for(database, meeting)
    assert len(payload) <= 64

    assert await opens(database, payload) == CHIEF
    with pytest.raises(LinkUsed):
        await opens(database, payload, CITRA)
    assert await opens(database, payload, later=timedelta(days=30)) == CHIEF

    with pytest.raises(AlreadyDecided):
        await link_for(database, meeting)
    with pytest.raises(NotFound):
        await assigned(database, meeting, CITRA)


@pytest.mark.parametrize("forged", ["speaker-", "speaker-" + "x" * 32, "speaker-' OR 1=1 --"])
async def test_an_invented_link_opens_nothing(database: Database, meeting: Meeting, forged: str) -> None:
    await link_for(database, meeting)

    with pytest.raises(LinkUsed):
        await opens(database, forged)


async def test_a_new_link_makes_the_unused_one_worthless(database: Database, meeting: Meeting) -> None:
    first = await link_for(database, meeting)
    second = await link_for(database, meeting)

    with pytest.raises(LinkUsed):
        await opens(database, first)
    assert await opens(database, second) == CHIEF


async def test_an_unused_link_expires_after_seven_days_or_with_the_meeting(
    database: Database, meeting: Meeting
) -> None:
    payload = await link_for(database, meeting)
    with pytest.raises(LinkUsed):
        await opens(database, payload, later=speakers.VALID)

    far = NOW - timedelta(days=30)
    payload, kept = await database.write(lambda tx: speakers.offer(tx, meeting, CHIEF, DEWI, far))
    assert kept.expires_at == meeting.ends_at
    assert await opens(database, payload) == CHIEF


async def test_access_ends_when_it_is_revoked_or_the_agenda_changes(
    database: Database, dialogue: Dialogue, meeting: Meeting
) -> None:
    asked = await asks(database, dialogue, "Kapan patroli dimulai?")
    payload = await link_for(database, meeting)
    await opens(database, payload)

    await database.write(lambda tx: speakers.end(tx, meeting, CHIEF, DEWI, NOW))
    with pytest.raises(LinkUsed):
        await opens(database, payload)
    with pytest.raises(NotAllowed):
        await answers_it(database, asked)

    await opens(database, await link_for(database, meeting))
    await puts_on_agenda(database, dialogue, "keamanan", "Wakapolrestabes")
    with pytest.raises(NotFound):
        await assigned(database, meeting)
    with pytest.raises(NotAllowed):
        await answers_it(database, asked)


async def test_a_meeting_in_the_archive_is_closed_to_its_speakers(
    database: Database, dialogue: Dialogue, meeting: Meeting
) -> None:
    asked = await asks(database, dialogue, "Kapan patroli dimulai?")
    await opens(database, await link_for(database, meeting))
    late = await link_for(database, meeting, JUDGE)
    for state in (meetings.CLOSED, meetings.ARCHIVED):
        await database.write(
            partial(meeting_states.move, meeting_id=meeting.id, state=state, person_id=DEWI, now=NOW)
        )

    for attempt in (answers_it(database, asked), opens(database, late, CITRA)):
        with pytest.raises(Refusal):
            await attempt


async def test_only_an_organiser_makes_links(database: Database, meeting: Meeting) -> None:
    for person in (BUDI, ANI, CITRA):
        with pytest.raises(NotAllowed):
            await database.write(
                partial(speakers.offer, meeting=meeting, name=CHIEF, person_id=person, now=NOW)
            )
    with pytest.raises(NotFound):
        await link_for(database, meeting, "Siapa saja")

    found = await database.read(lambda tx: speakers.overview(tx, meeting, BUDI))
    assert [(speaker.name, speaker.link, speaker.waiting) for speaker in found] == [
        (JUDGE, None, 0),
        (CHIEF, None, 0),
    ]


async def test_a_speaker_is_told_once_something_published_waits_for_them(
    database: Database, dialogue: Dialogue, meeting: Meeting
) -> None:
    async def told(submission_id: int, speaker: str = CHIEF) -> int | None:
        case = await database.write(lambda tx: answers.assign(tx, submission_id, BUDI, speaker, NOW))
        person = await database.read(lambda tx: speakers.to_tell(tx, case))
        return None if person is None else person.id

    sent = await send_named(database, dialogue.session.id, ANI, "Kapan patroli?")
    await opens(database, await link_for(database, meeting))
    assert await told(sent.id) is None  # not published yet
    await publishes(database, sent.id)

    assert await told(sent.id) == EKO
    assert await told(sent.id, JUDGE) is None  # who has no link
    await told(sent.id)
    await answers_it(database, sent.id)
    assert await told(sent.id) is None


async def test_a_speaker_opens_the_file_of_what_they_are_to_answer(
    database: Database, dialogue: Dialogue, meeting: Meeting
) -> None:
    photo = Attachment("photo", "file")
    sent = await send_named(database, dialogue.session.id, ANI, "Lihat ini", attachment=photo)
    await publishes(database, sent.id)
    await opens(database, await link_for(database, meeting))

    with pytest.raises(NotRegistered):
        await database.read(lambda tx: attachment_of(tx, sent.id, EKO))
    await database.write(lambda tx: answers.assign(tx, sent.id, BUDI, CHIEF, NOW))
    assert await database.read(lambda tx: attachment_of(tx, sent.id, EKO)) == photo


async def test_erasing_a_speaker_ends_their_access_and_frees_the_place(
    database: Database, dialogue: Dialogue, meeting: Meeting
) -> None:
    await asks(database, dialogue, "Kapan patroli dimulai?")
    await opens(database, await link_for(database, meeting))
    record = await database.read(lambda tx: mydata.everything(tx, EKO))
    assert record.speaks == [{"meeting": "rakor", "speaker": CHIEF}]

    await database.write(lambda tx: mydata.erase(tx, EKO, NOW, SECRET))

    with pytest.raises(NotFound):
        await assigned(database, meeting)
    await opens(database, await link_for(database, meeting), CITRA)
