"""What a second organiser approves is what they looked at: a draft, or another text for what was sent."""

from __future__ import annotations

import pytest

from bot.domain import roles
from bot.domain.errors import AlreadyDecided, NeedsApproval
from bot.domain.notices import approvals, broadcasts
from bot.domain.notices import delivery_control as control
from bot.domain.notices.audience import EVERYONE
from bot.domain.notices.broadcasts import Content, read_content
from bot.storage import broadcasts as stored
from bot.storage import office_settings, people
from bot.storage.approvals import Approval
from bot.storage.broadcasts import Broadcast
from bot.storage.database import Database, Transaction
from tests.small_rakor import BUDI, CITRA, NOW, Rakor, small_rakor


@pytest.fixture
async def rakor(database: Database) -> Rakor:
    """Citra is an organiser too, and what goes to more than one chat needs both."""
    rakor = await small_rakor(database)

    async def two_are_many(tx: Transaction) -> None:
        await people.see(tx, CITRA, "id", NOW.date(), private=True)
        await roles.appoint(tx, rakor.meeting.office_id, CITRA, roles.ORGANISER, NOW, by=BUDI)
        await office_settings.set_approval(tx, rakor.meeting.office_id, 1)

    await rakor.write(two_are_many)
    return rakor


async def test_a_draft_that_was_changed_is_another_one(rakor: Rakor) -> None:
    draft, _ = await rakor.write(
        lambda tx: broadcasts.draft(
            tx,
            meeting=rakor.meeting,
            content=Content({"id": "Apel"}),
            audience=EVERYONE,
            author_id=BUDI,
            now=NOW,
        )
    )
    _, request, _ = await rakor.write(lambda tx: broadcasts.ask_approval(tx, draft.id, BUDI, NOW))
    seen = await rakor.write(lambda tx: broadcasts.looked_at(tx, request))

    await rakor.write(lambda tx: broadcasts.redraft(tx, draft.id, BUDI, content=Content({"id": "Libur"})))
    changed = await rakor.write(lambda tx: broadcasts.looked_at(tx, request))
    await rakor.write(lambda tx: broadcasts.redraft(tx, draft.id, BUDI, content=Content({"id": "Apel"})))

    assert seen != changed
    assert await rakor.write(lambda tx: broadcasts.looked_at(tx, request)) == seen


async def proposed(rakor: Rakor, broadcast: Broadcast, text: str, who: int = BUDI) -> control.Wording:
    return await rakor.write(lambda tx: control.propose(tx, broadcast.id, who, Content({"id": text}), NOW))


async def changes(rakor: Rakor, broadcast: Broadcast, new: control.Wording) -> int:
    return await rakor.write(
        lambda tx: control.change(tx, broadcast.id, new.version, new.content.digest(), BUDI, NOW)
    )


async def test_another_text_for_what_was_sent_to_many_needs_both(rakor: Rakor) -> None:
    broadcast = await rakor.announces()
    new = await proposed(rakor, broadcast, "Besok")
    with pytest.raises(NeedsApproval):
        await changes(rakor, broadcast, new)
    request, is_new = await rakor.write(
        lambda tx: control.ask_approval(tx, broadcast.id, new.version, BUDI, NOW)
    )
    again, is_again = await rakor.write(lambda tx: control.ask_approval(tx, broadcast.id, 2, BUDI, NOW))
    assert (is_new, is_again, again.id, request.people) == (True, False, request.id, 2)
    assert await rakor.write(lambda tx: control.looked_at(tx, request)) == new.content.digest()

    async def approve(tx: Transaction) -> tuple[int, int]:
        given: Approval = await approvals.approve(tx, request.id, CITRA, NOW)
        return await control.change_approved(tx, given, CITRA, NOW)

    assert await rakor.write(approve) == (broadcast.id, 0)  # nobody has the former text yet
    found = await rakor.write(lambda tx: stored.find(tx, broadcast.id))
    assert found is not None
    assert (found.version, read_content(found.content).text) == (2, {"id": "Besok"})
    assert await rakor.write(lambda tx: control.looked_at(tx, request)) == ""


async def test_of_two_who_propose_at_once_nobody_sends_the_others_text(rakor: Rakor) -> None:
    await rakor.write(lambda tx: office_settings.set_approval(tx, rakor.meeting.office_id, None))
    broadcast = await rakor.announces()
    mine = await proposed(rakor, broadcast, "Besok")
    theirs = await proposed(rakor, broadcast, "Lusa", CITRA)

    with pytest.raises(AlreadyDecided):
        await changes(rakor, broadcast, mine)

    assert await changes(rakor, broadcast, theirs) == 0
