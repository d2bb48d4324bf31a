"""Submissions reach an open session within its rules, and are read by those who may."""

from __future__ import annotations

import asyncio
import itertools
from datetime import date

import pytest

from bot.domain.dialogue import sessions, submissions
from bot.domain.dialogue.submissions import Draft, Published
from bot.domain.errors import (
    LimitReached,
    NotFound,
    NotRegistered,
    ReadsLikeReport,
    SessionChanged,
    SessionClosed,
)
from bot.domain.people import registration
from bot.storage import participants
from bot.storage import submission_counts as counts
from bot.storage import submissions as stored
from bot.storage.database import Database, Transaction
from bot.storage.submissions import Attachment
from tests.domain.dialogue import adversary
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    CITRA,
    DEWI,
    NOW,
    SECRET,
    Dialogue,
    add_session,
    by_receipt,
    closes,
    joins,
    publishes,
    send_anonymously,
    send_named,
)


async def test_a_named_submission_keeps_its_author_moment_and_file(
    database: Database, dialogue: Dialogue
) -> None:
    photo = Attachment("photo", "file-1")

    sent = await send_named(database, dialogue.session.id, ANI, "Logistik terlambat", attachment=photo)

    ani = await database.read(lambda tx: participants.of_person(tx, dialogue.meeting_id, ANI))
    assert ani is not None
    found = await database.read(lambda tx: stored.find(tx, sent.id))
    assert found == sent
    assert (sent.participant_id, sent.sent_at, sent.sent_on) == (ani.id, NOW, date(2030, 3, 4))
    assert (sent.text, sent.kind, sent.attachment) == ("Logistik terlambat", "challenge", photo)
    assert (sent.state, sent.number, sent.is_anonymous) == ("waiting", None, False)


async def test_an_anonymous_submission_keeps_the_words_and_the_day(
    database: Database, dialogue: Dialogue
) -> None:
    sent, receipt = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan", kind="question")

    assert (sent.participant_id, sent.sent_at, sent.attachment) == (None, None, None)
    assert (sent.text, sent.kind, sent.sent_on) == ("Ada tekanan", "question", date(2030, 3, 4))
    assert await by_receipt(database, receipt) == sent


async def test_the_day_is_that_of_the_meetings_place(database: Database, dialogue: Dialogue) -> None:
    night = NOW.replace(hour=18)  # 01.00 WIB on the next day
    draft = Draft(dialogue.session.id, "input", "Larut malam")

    sent, _ = await database.write(lambda tx: submissions.send_named(tx, draft, ANI, None, SECRET, night))

    assert sent.sent_on == date(2030, 3, 5)


async def test_the_limit_counts_named_and_anonymous_together(database: Database, dialogue: Dialogue) -> None:
    session = dialogue.session
    await send_named(database, session.id, ANI, "satu")
    await send_anonymously(database, session.id, ANI, "dua")
    await send_anonymously(database, session.id, ANI, "tiga")

    assert await database.read(lambda tx: submissions.left_for(tx, session, ANI, SECRET)) == 0
    with pytest.raises(LimitReached):
        await send_named(database, session.id, ANI, "empat")
    with pytest.raises(LimitReached):
        await send_anonymously(database, session.id, ANI, "empat")
    counted = await database.read(lambda tx: stored.count(tx, dialogue.meeting_id, stored.WAITING))
    assert counted == 3


async def test_one_persons_limit_is_not_anothers(database: Database, dialogue: Dialogue) -> None:
    await joins(database, dialogue, CITRA, "Citra")
    for text in ("satu", "dua", "tiga"):
        await send_anonymously(database, dialogue.session.id, ANI, text)

    left = await database.read(lambda tx: submissions.left_for(tx, dialogue.session, CITRA, SECRET))

    assert left == 3


async def test_ten_taps_at_once_send_no_more_than_the_limit(database: Database, dialogue: Dialogue) -> None:
    outcomes = await asyncio.gather(
        *(send_anonymously(database, dialogue.session.id, ANI, f"kali {turn}") for turn in range(10)),
        return_exceptions=True,
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(error) for error in refused] == [LimitReached] * 7
    counted = await database.read(lambda tx: stored.count(tx, dialogue.meeting_id, stored.WAITING))
    assert counted == 3


async def test_a_stranger_sends_nothing(database: Database, dialogue: Dialogue) -> None:
    for send in (send_named, send_anonymously):
        with pytest.raises(NotRegistered):
            await send(database, dialogue.session.id, CITRA, "dari luar")


async def test_who_withdrew_from_the_meeting_sends_nothing(database: Database, dialogue: Dialogue) -> None:
    async def leave(tx: Transaction) -> None:
        ani = await participants.of_person(tx, dialogue.meeting_id, ANI)
        assert ani is not None
        await registration.withdraw(tx, dialogue.meeting_id, ANI, NOW)

    await database.write(leave)

    with pytest.raises(NotRegistered):
        await send_named(database, dialogue.session.id, ANI, "terlambat")


async def test_a_closed_session_takes_nothing(database: Database, dialogue: Dialogue) -> None:
    await closes(database, dialogue.session.id)

    for send in (send_named, send_anonymously):
        with pytest.raises(SessionClosed):
            await send(database, dialogue.session.id, ANI, "terlambat")


async def test_a_session_takes_only_what_its_rules_allow(database: Database, dialogue: Dialogue) -> None:
    async def prepare(tx: Transaction) -> tuple[int, int]:
        named = await add_session(
            tx, dialogue.meeting_id, "bernama", anonymity="off", kinds=("question",), text_limit=10
        )
        hidden = await add_session(tx, dialogue.meeting_id, "anonim", anonymity="forced")
        for session in (named, hidden):
            await sessions.open_session(tx, session.id, DEWI, NOW)
        return named.id, hidden.id

    named_id, hidden_id = await database.write(prepare)

    with pytest.raises(SessionChanged):
        await send_anonymously(database, named_id, ANI, "Siapa?", kind="question")
    with pytest.raises(SessionChanged):
        await send_named(database, named_id, ANI, "Siapa?", kind="challenge")
    with pytest.raises(SessionChanged):
        await send_named(database, named_id, ANI, "Siapa itu??", kind="question")
    with pytest.raises(SessionChanged):
        await send_named(database, hidden_id, ANI, "Saya Ani")
    sent = await send_named(database, named_id, ANI, "Siapa itu?", kind="question")
    assert sent.text == "Siapa itu?"


async def test_published_ones_are_listed_by_number_with_their_authors(
    database: Database, dialogue: Dialogue
) -> None:
    authors: dict[int, str | None] = {}
    for turn in range(1, 8):
        await joins(database, dialogue, ANI + 10 * turn, f"Peserta {turn}")
        sent = await send_named(database, dialogue.session.id, ANI + 10 * turn, f"teks {turn}")
        authors[(await publishes(database, sent.id)).submission.number or 0] = f"Peserta {turn}"
    hidden, _ = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")
    authors[(await publishes(database, hidden.id)).submission.number or 0] = None
    await send_named(database, dialogue.session.id, ANI, "belum diputuskan")

    async def page(number: int) -> tuple[list[Published], int]:
        return await database.read(
            lambda tx: submissions.published_page(tx, dialogue.meeting_id, ANI, number)
        )

    first, total = await page(0)
    second, _ = await page(1)

    shown = [(item.submission.number, item.author and item.author.name) for item in (*first, *second)]
    assert (len(first), len(second), total) == (5, 3, 8)
    assert shown == sorted(authors.items())


async def test_a_stranger_reads_nothing(database: Database, dialogue: Dialogue) -> None:
    photo = Attachment("photo", "file-1")
    sent = await send_named(database, dialogue.session.id, ANI, "Lihat foto", attachment=photo)

    with pytest.raises(NotRegistered):
        await database.read(lambda tx: submissions.published_page(tx, dialogue.meeting_id, CITRA, 0))
    with pytest.raises(NotRegistered):
        await database.read(lambda tx: submissions.attachment_of(tx, sent.id, CITRA))


async def test_an_attachment_is_for_moderators_until_it_is_published(
    database: Database, dialogue: Dialogue
) -> None:
    photo = Attachment("photo", "file-1")
    sent = await send_named(database, dialogue.session.id, ANI, "Lihat foto", attachment=photo)

    assert await database.read(lambda tx: submissions.attachment_of(tx, sent.id, BUDI)) == photo
    with pytest.raises(NotFound):
        await database.read(lambda tx: submissions.attachment_of(tx, sent.id, ANI))
    await publishes(database, sent.id)
    assert await database.read(lambda tx: submissions.attachment_of(tx, sent.id, ANI)) == photo


async def test_a_suggestion_answers_a_challenge_and_nothing_else(
    database: Database, dialogue: Dialogue
) -> None:
    challenge = await send_named(database, dialogue.session.id, ANI, "Logistik terlambat")
    other = await send_named(database, dialogue.session.id, ANI, "Ada saran", kind="suggestion")

    people = itertools.count(ANI + 100)

    async def answers(kind: str, answers_id: int) -> int | None:
        person = next(people)
        await joins(database, dialogue, person, "Peserta")
        sent, _ = await send_anonymously(
            database, dialogue.session.id, person, "Kirim lebih awal", kind=kind, answers_id=answers_id
        )
        return sent.answers_id

    assert await answers("suggestion", challenge.id) is None  # not published yet
    await publishes(database, challenge.id)
    await publishes(database, other.id)
    assert await answers("suggestion", challenge.id) == challenge.id
    assert await answers("question", challenge.id) is None
    assert await answers("suggestion", other.id) is None
    assert await answers("suggestion", 4711) is None


async def test_a_report_goes_nowhere_unless_its_author_says_it_is_none(
    database: Database, dialogue: Dialogue
) -> None:
    text = "Kemarin lurah membagi-bagi amplop di TPS 3, ada fotonya"

    with pytest.raises(ReadsLikeReport):
        await send_named(database, dialogue.session.id, ANI, text)
    with pytest.raises(ReadsLikeReport):
        await send_anonymously(database, dialogue.session.id, ANI, text)
    draft = Draft(dialogue.session.id, "challenge", text, is_no_report=True)
    sent, _ = await database.write(lambda tx: submissions.send_named(tx, draft, ANI, None, SECRET, NOW))

    assert (sent.state, sent.flags) == ("waiting", ("no-report",))
    assert await database.read(lambda tx: submissions.left_for(tx, dialogue.session, ANI, SECRET)) == 2


async def test_numbers_of_people_are_never_kept(database: Database, dialogue: Dialogue) -> None:
    sent, _ = await send_anonymously(
        database, dialogue.session.id, ANI, "Hubungi 0812-3456-7890, NIK 1671051234567890"
    )

    assert sent.text == "Hubungi 08••-••••-••••, NIK ••••••••••••••••"
    assert sent.flags == ("masked",)


async def test_what_was_begun_in_time_can_be_handed_in_late(database: Database, dialogue: Dialogue) -> None:
    await closes(database, dialogue.session.id)
    draft = Draft(dialogue.session.id, "challenge", "Terlambat sedikit", late=True)

    named, _ = await database.write(lambda tx: submissions.send_named(tx, draft, ANI, None, SECRET, NOW))
    hidden, _, _ = await database.write(lambda tx: submissions.send_anonymously(tx, draft, ANI, SECRET, NOW))

    assert (named.state, named.flags) == ("waiting", ("late",))
    # Few hand in late, and others may know who: an anonymous one does not say so.
    assert (hidden.state, hidden.flags) == ("waiting", ())
    assert await database.read(lambda tx: counts.sent_by(tx, dialogue.session.id)) == {}


async def test_nothing_is_late_for_what_never_opened_or_is_over(
    database: Database, dialogue: Dialogue
) -> None:
    planned = await database.write(lambda tx: add_session(tx, dialogue.meeting_id, "lain"))
    draft = Draft(planned.id, "challenge", "Terlalu awal", late=True)

    with pytest.raises(SessionClosed):
        await database.write(lambda tx: submissions.send_named(tx, draft, ANI, None, SECRET, NOW))


async def test_two_hundred_in_a_minute_from_one_person_are_as_many_as_the_session_takes(
    database: Database, dialogue: Dialogue
) -> None:
    outcomes = await asyncio.gather(
        *(send_named(database, dialogue.session.id, ANI, f"Masukan ke-{number}") for number in range(200)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 197
    counted = await database.read(lambda tx: stored.count_by_session(tx, dialogue.meeting_id))
    assert counted == {dialogue.session.id: 3}


@pytest.mark.parametrize("text", ["", "x" * 10_000, "x" * 501])
async def test_what_is_empty_or_too_long_is_refused(
    database: Database, dialogue: Dialogue, text: str
) -> None:
    with pytest.raises(SessionChanged):
        await send_named(database, dialogue.session.id, ANI, text)


async def test_similar_ones_are_found_and_nothing_of_the_draft_is_kept(
    database: Database, dialogue: Dialogue
) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "Logistik sering terlambat karena cuaca")
    await publishes(database, sent.id)
    before = await adversary.take(database)

    found = await database.write(
        lambda tx: submissions.similar_to(tx, dialogue.meeting_id, "Pengiriman logistik telat akibat cuaca")
    )

    assert [item.submission.id for item in found] == [sent.id]
    assert await adversary.take(database) == before
