"""Authors find, change and take back what they sent: by their account, or by the receipt."""

from __future__ import annotations

import pytest

from bot.domain.agreement import stances
from bot.domain.dialogue import authorship, receipts, submissions
from bot.domain.errors import (
    AlreadyDecided,
    NotFound,
    SessionClosed,
    TakenUp,
)
from bot.storage import submissions as stored
from bot.storage.database import Database
from bot.storage.submissions import Submission
from tests.domain.dialogue.small_dialogue import (
    ANI,
    BUDI,
    CITRA,
    SECRET,
    Dialogue,
    by_receipt,
    closes,
    joins,
    publishes,
    send_anonymously,
    send_named,
)


async def withdraws(database: Database, submission_id: int, person_id: int) -> None:
    await database.write(lambda tx: authorship.withdraw_own(tx, submission_id, person_id))


async def test_a_receipt_is_read_however_it_is_typed(database: Database, dialogue: Dialogue) -> None:
    sent, receipt = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")

    for typed in (receipt, receipt.lower(), receipt.replace("-", ""), receipt.replace("-", " ")):
        assert await by_receipt(database, typed) == sent
    for wrong in ("", "AAAA-AAAA-AAAA", receipt[:-1]):
        with pytest.raises(NotFound):
            await by_receipt(database, wrong)


async def test_withdrawing_by_receipt_erases(database: Database, dialogue: Dialogue) -> None:
    sent, receipt = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")

    await database.write(lambda tx: authorship.withdraw_by_receipt(tx, receipt))

    assert await database.read(lambda tx: stored.find(tx, sent.id)) is None
    with pytest.raises(NotFound):
        await database.write(lambda tx: authorship.withdraw_by_receipt(tx, receipt))


async def test_what_was_decided_is_not_withdrawn_after_the_session(
    database: Database, dialogue: Dialogue
) -> None:
    sent, receipt = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")
    await publishes(database, sent.id)
    await closes(database, dialogue.session.id)

    with pytest.raises(AlreadyDecided):
        await database.write(lambda tx: authorship.withdraw_by_receipt(tx, receipt))

    assert await database.read(lambda tx: stored.find(tx, sent.id)) is not None


async def test_only_its_author_withdraws_a_named_submission(database: Database, dialogue: Dialogue) -> None:
    await joins(database, dialogue, CITRA, "Citra")
    sent = await send_named(database, dialogue.session.id, ANI, "Logistik terlambat")
    hidden, _ = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")

    for person_id, submission_id in ((CITRA, sent.id), (BUDI, sent.id), (ANI, hidden.id), (ANI, 4711)):
        with pytest.raises(NotFound):
            await withdraws(database, submission_id, person_id)
    await withdraws(database, sent.id, ANI)

    assert await database.read(lambda tx: stored.find(tx, sent.id)) is None
    assert await database.read(lambda tx: stored.find(tx, hidden.id)) == hidden


def test_receipts_are_recognised() -> None:
    assert receipts.is_receipt(receipts.new_receipt())
    assert receipts.is_receipt("k7qm 2xrd 9twa")
    assert not receipts.is_receipt("K7QM-2XRD-9TW")
    assert not receipts.is_receipt("K7QM-2XRD-9TW0")
    assert not receipts.is_receipt("halo semuanya")


async def changes(database: Database, submission_id: int, text: str, person: int = ANI) -> Submission:
    return await database.write(
        lambda tx: authorship.change_own(tx, submission_id, person, text, is_no_report=False)
    )


async def test_an_author_changes_words_until_others_took_a_stance(
    database: Database, dialogue: Dialogue
) -> None:
    sent = await send_named(database, dialogue.session.id, ANI, "Logistk terlambat")

    assert (await changes(database, sent.id, "Logistik terlambat")).text == "Logistik terlambat"
    number = (await publishes(database, sent.id)).submission.number
    changed = await changes(database, sent.id, "Logistik sering terlambat")
    assert (changed.state, changed.number) == ("waiting", number)  # read anew, under the same number
    assert (await publishes(database, sent.id)).submission.number == number
    await joins(database, dialogue, CITRA, "Citra")
    await database.write(lambda tx: stances.take(tx, sent.id, CITRA, "agree", SECRET))
    with pytest.raises(TakenUp):
        await changes(database, sent.id, "Logistik tidak pernah terlambat")


async def test_nobody_else_changes_it_and_nobody_after_the_session(
    database: Database, dialogue: Dialogue
) -> None:
    await joins(database, dialogue, CITRA, "Citra")
    sent = await send_named(database, dialogue.session.id, ANI, "Logistik terlambat")
    hidden, receipt = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")

    for person, which in ((CITRA, sent.id), (BUDI, sent.id), (ANI, hidden.id)):
        with pytest.raises(NotFound):
            await changes(database, which, "lain", person)
    changed = await database.write(lambda tx: authorship.change_by_receipt(tx, receipt, "Ada tekanan kuat"))
    assert (changed.id, changed.text, changed.is_anonymous) == (hidden.id, "Ada tekanan kuat", True)
    await closes(database, dialogue.session.id)
    with pytest.raises(SessionClosed):
        await changes(database, sent.id, "lain")
    with pytest.raises(SessionClosed):
        await database.write(lambda tx: authorship.change_by_receipt(tx, receipt, "lain"))


async def test_what_was_published_is_taken_back_while_the_session_is_open(
    database: Database, dialogue: Dialogue
) -> None:
    challenge, receipt = await send_anonymously(database, dialogue.session.id, ANI, "Ada tekanan")
    await publishes(database, challenge.id)
    solution, _ = await send_anonymously(
        database, dialogue.session.id, ANI, "Lapor", kind="suggestion", answers_id=challenge.id
    )
    await publishes(database, solution.id)

    await database.write(lambda tx: authorship.withdraw_by_receipt(tx, receipt))

    left = await database.read(lambda tx: stored.find(tx, challenge.id))
    assert left is not None
    assert (left.state, left.text, left.number) == ("withdrawn", "", challenge.number or left.number)
    with pytest.raises(NotFound):
        await by_receipt(database, receipt)
    listed, total = await database.read(
        lambda tx: submissions.published_page(tx, dialogue.meeting_id, ANI, 0)
    )
    assert ([item.submission.id for item in listed], total) == ([solution.id], 1)
    with pytest.raises(NotFound):
        await database.read(lambda tx: submissions.published_one(tx, challenge.id, ANI))
