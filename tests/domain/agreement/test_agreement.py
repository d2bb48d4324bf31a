"""The figures of agreement, and that nothing can be worked out from them about a few people."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.agreement import agreement, ground, results, sector_groups
from bot.domain.agreement.agreement import Agreement, Tally, Weighed
from bot.domain.agreement.stances import Seal
from bot.domain.errors import NotAllowed, NotRegistered, ResultsHidden, ShownAlready
from bot.domain.wall.boards import Board
from bot.i18n import translator
from bot.storage import agreement as stored_agreement
from bot.storage import meetings, offices, stances
from bot.storage.agreement import Settings
from bot.storage.database import Database, Transaction
from bot.storage.meetings import Meeting
from bot.storage.offices import Sector
from bot.storage.stances import AGREE, DISAGREE, PASS, STANCES, Weighable
from handlers.agreement import result_views
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
    register,
    send_named,
)

SEAL = Seal(SECRET)
SECTORS = ("asn", "polri", "media")
NAMES = {code: {"id": code.upper(), "en": code.upper()} for code in SECTORS}

MEETING = Meeting.__new__(Meeting)
"""Only its words are used, which these tests do not look at."""


def submission(taken: Mapping[int, str], submission_id: int = 1) -> Weighable:
    names = {SEAL.name(submission_id, person): stance[0] for person, stance in taken.items()}
    written = ",".join(f'"{name}":"{letter}"' for name, letter in names.items())
    return Weighable(
        submission_id, 100, "challenge", "Teks", None, len(taken), "{" + written + "}", None, False
    )


def weighed(*tallies: tuple[str, Tally]) -> Weighed:
    groups = {group.leader: group for group in agreement.grouped(NAMES, {})}
    return Weighed(1, 100, "challenge", "Teks", tuple((groups[code], tally) for code, tally in tallies), ())


def test_the_estimate_is_that_of_polis_and_a_pass_is_a_person_who_does_not_agree() -> None:
    assert Tally(agree=3, disagree=0, passed=0).agreement == pytest.approx(4 / 5)
    assert Tally(agree=3, disagree=1, passed=2).agreement == pytest.approx(4 / 8)
    assert Tally(agree=0, disagree=0, passed=0).agreement == pytest.approx(1 / 2)


def test_every_sector_counts_the_same_whatever_its_size() -> None:
    large, small = Tally(50, 0, 0), Tally(0, 3, 0)

    item = weighed(("asn", large), ("polri", small))

    assert item.consensus == pytest.approx(math.sqrt((51 / 52) * (1 / 5)))
    assert item.weakest is not None
    assert (item.weakest[0].leader, item.weakest[1].people) == ("polri", 3)
    assert (item.is_shared, item.is_refused, item.is_dividing) == (False, False, True)


@pytest.mark.parametrize(
    ("tallies", "shared", "refused", "dividing"),
    [
        ([Tally(3, 0, 0), Tally(4, 1, 0)], True, False, False),
        ([Tally(0, 3, 0), Tally(1, 5, 0)], False, True, False),
        ([Tally(3, 3, 0), Tally(3, 0, 0)], False, False, True),
        ([Tally(1, 0, 5), Tally(3, 0, 0)], False, False, False),
        ([], False, False, False),
    ],
    ids=["all agree", "all refuse", "split inside", "passes", "nothing"],
)
def test_where_a_submission_is_listed(
    tallies: list[Tally], shared: bool, refused: bool, dividing: bool
) -> None:
    item = weighed(*zip(SECTORS, tallies, strict=False))

    assert (item.is_shared, item.is_refused, item.is_dividing) == (shared, refused, dividing)


def found_of(taken: Mapping[int, str], members: Mapping[int, str], smallest: int) -> Agreement:
    """What the program makes of the stances on one submission."""
    groups = agreement.grouped(NAMES, {})
    tallies = agreement.tallies_of(submission(taken), members, SEAL)
    shown = agreement.shown(tallies, smallest)
    item = Weighed(
        1,
        100,
        "challenge",
        "Teks",
        tuple((group, shown[group.leader]) for group in groups if group.leader in shown),
        (),
    )
    exposed = frozenset(agreement.shown(tallies, stored_agreement.SMALLEST))
    return Agreement(MEETING, Settings(smallest), tuple(groups), (item,), exposed)


def everything_shown(found: Agreement) -> list[Board | str]:
    """All words and figures that the wall, pictures and chats make of it."""
    t = translator("en")
    lists = [ground.listed(found, items) for items in (found.shared, found.supported, found.dividing)]
    boards: list[Board | str] = [ground.board(t, item, "", "") for item in lists]
    return [*boards, *(result_views.item(t, found, item) for item in found.weighed), repr(found.weighed)]


@settings(max_examples=150, deadline=None)
@given(
    people=st.lists(
        st.tuples(st.sampled_from(SECTORS), st.sampled_from(STANCES), st.sampled_from(STANCES)), max_size=24
    ),
    smallest=st.sampled_from(sector_groups.SIZES),
)
def test_what_a_small_sector_thinks_changes_nothing_that_is_shown(
    people: list[tuple[str, str, str]], smallest: int
) -> None:
    """Whatever they think, the rest is the same: so no difference of figures shown can tell it."""
    members = {place: sector for place, (sector, _, _) in enumerate(people)}
    sizes = {code: sum(sector == code for sector in members.values()) for code in SECTORS}
    one = {place: stance for place, (_, stance, _) in enumerate(people)}
    other = {
        place: (changed if sizes[sector] < smallest else stance)
        for place, (sector, stance, changed) in enumerate(people)
    }

    shown, shown_otherwise = found_of(one, members, smallest), found_of(other, members, smallest)

    assert everything_shown(shown) == everything_shown(shown_otherwise)
    large = [code for code in SECTORS if sizes[code] >= smallest]
    assert [group.leader for group, _ in shown.weighed[0].groups] == large


@settings(max_examples=60, deadline=None)
@given(
    people=st.lists(st.tuples(st.sampled_from(SECTORS), st.sampled_from(STANCES)), min_size=1, max_size=24),
    smallest=st.sampled_from(sector_groups.SIZES),
)
def test_every_figure_shown_stands_for_enough_people(people: list[tuple[str, str]], smallest: int) -> None:
    members = {place: sector for place, (sector, _) in enumerate(people)}

    (item,) = found_of({place: stance for place, (_, stance) in enumerate(people)}, members, smallest).weighed

    assert all(tally.people >= smallest for _, tally in item.groups)
    assert item.people == sum(tally.people for _, tally in item.groups)


@pytest.fixture
async def dialogue(database: Database) -> Dialogue:
    """Three of ASN beside Ani, two of Polri and two of the media."""
    made = await make(database)

    async def fill(tx: Transaction) -> None:
        await offices.save_sectors(tx, made.office_id, [Sector(code, NAMES[code]) for code in SECTORS])
        for place, sector in enumerate(["asn"] * 3 + ["polri"] * 2 + ["media"] * 2):
            person = await register(tx, made.meeting_id, 1000 + place, f"Peserta {place}")
            await tx.run(
                "UPDATE participants SET sector = :sector WHERE id = :id", sector=sector, id=person.id
            )

    await database.write(fill)
    return made


POLRI, MEDIA = (1003, 1004), (1005, 1006)


async def asked(database: Database, dialogue: Dialogue, taken: Mapping[int, str]) -> int:
    """A published submission with these stances."""
    sent = await send_named(database, dialogue.session.id, ANI, "Perlu posko bersama")
    await publishes(database, sent.id)
    names = {SEAL.name(sent.id, person): stance for person, stance in taken.items()}
    await database.write(lambda tx: stances.save(tx, sent.id, names))
    return sent.id


async def read(database: Database, dialogue: Dialogue, person_id: int = DEWI) -> Agreement:
    found, _ = await database.read(lambda tx: results.read(tx, dialogue.meeting_id, person_id, SECRET))
    return found


def shown_groups(found: Agreement) -> list[tuple[str, int]]:
    return [(group.leader, tally.people) for group, tally in found.weighed[0].groups]


async def test_two_small_sectors_are_shown_once_they_are_merged(
    database: Database, dialogue: Dialogue
) -> None:
    await asked(database, dialogue, dict.fromkeys((*POLRI, *MEDIA), AGREE))
    before = await read(database, dialogue)

    await database.write(
        lambda tx: sector_groups.merge(tx, dialogue.meeting_id, DEWI, "polri", "media", SECRET, NOW)
    )
    after = await read(database, dialogue)

    assert shown_groups(before) == []
    assert shown_groups(after) == [("polri", 4)]
    assert ground.group_name(translator("id"), after.weighed[0].groups[0][0]) == "POLRI + MEDIA"


async def test_five_people_of_small_sectors_are_shown_as_everybody(
    database: Database, dialogue: Dialogue
) -> None:
    await asked(database, dialogue, {1000: AGREE, 1001: AGREE, 1003: AGREE, 1004: DISAGREE, 1005: AGREE})
    assert shown_groups(await read(database, dialogue)) == []

    await database.write(lambda tx: sector_groups.merge_all(tx, dialogue.meeting_id, DEWI, SECRET, NOW))
    found = await read(database, dialogue)

    assert shown_groups(found) == [("asn", 5)]
    assert ground.basis(translator("en"), found.weighed[0], len(found.groups)) == "4 of 5 agree"


@pytest.mark.parametrize("smallest", sector_groups.SIZES)
async def test_a_sector_that_is_shown_takes_no_small_one_in(
    database: Database, dialogue: Dialogue, smallest: int
) -> None:
    """Its figures before and after, subtracted, would be those of the small one; a stricter setting hides no past."""
    await asked(database, dialogue, dict.fromkeys((1000, 1001, 1002, *POLRI), AGREE))
    await database.write(
        lambda tx: sector_groups.set_smallest(tx, dialogue.meeting_id, DEWI, smallest, SECRET, NOW)
    )

    for pair in (("asn", "polri"), ("polri", "asn")):

        async def merge(tx: Transaction, pair: tuple[str, str] = pair) -> None:
            await sector_groups.merge(tx, dialogue.meeting_id, DEWI, *pair, SECRET, NOW)

        with pytest.raises(ShownAlready):
            await database.write(merge)
    with pytest.raises(ShownAlready):
        await database.write(lambda tx: sector_groups.merge_all(tx, dialogue.meeting_id, DEWI, SECRET, NOW))


async def test_nor_one_whose_answers_to_a_poll_are_shown(database: Database, dialogue: Dialogue) -> None:
    async def answer(tx: Transaction) -> None:
        await tx.run(
            "INSERT INTO polls (id, meeting_id, number, kind, question, options, explanation, hidden, state)"
            " VALUES (1, :meeting, 1, 'one', 'Setuju?', '[]', '', 0, 'open')",
            meeting=dialogue.meeting_id,
        )
        await tx.run(
            "INSERT INTO poll_answers (poll_id, participant_id, chosen) SELECT 1, id, '[0]' FROM participants"
            " WHERE sector = 'asn'"
        )

    await database.write(answer)

    with pytest.raises(ShownAlready):
        await database.write(
            lambda tx: sector_groups.merge(tx, dialogue.meeting_id, DEWI, "asn", "polri", SECRET, NOW)
        )
    await database.write(
        lambda tx: sector_groups.merge(tx, dialogue.meeting_id, DEWI, "polri", "media", SECRET, NOW)
    )


async def test_merged_sectors_that_are_shown_are_not_taken_apart(
    database: Database, dialogue: Dialogue
) -> None:
    await database.write(
        lambda tx: sector_groups.merge(tx, dialogue.meeting_id, DEWI, "polri", "media", SECRET, NOW)
    )
    await database.write(lambda tx: sector_groups.split(tx, dialogue.meeting_id, DEWI, "polri", SECRET, NOW))
    await database.write(
        lambda tx: sector_groups.merge(tx, dialogue.meeting_id, DEWI, "polri", "media", SECRET, NOW)
    )
    await asked(database, dialogue, dict.fromkeys((*POLRI, *MEDIA), PASS))

    with pytest.raises(ShownAlready):
        await database.write(
            lambda tx: sector_groups.split(tx, dialogue.meeting_id, DEWI, "polri", SECRET, NOW)
        )

    assert shown_groups(await read(database, dialogue)) == [("polri", 4)]


async def test_the_smallest_number_is_raised_at_any_time_and_lowered_only_before(
    database: Database, dialogue: Dialogue
) -> None:
    await asked(database, dialogue, dict.fromkeys((1000, 1001, 1002), AGREE))
    await database.write(lambda tx: sector_groups.set_smallest(tx, dialogue.meeting_id, DEWI, 5, SECRET, NOW))

    assert shown_groups(await read(database, dialogue)) == []
    with pytest.raises(ShownAlready):
        await database.write(
            lambda tx: sector_groups.set_smallest(tx, dialogue.meeting_id, DEWI, 3, SECRET, NOW)
        )


async def test_two_settings_changed_at_once_are_both_kept(database: Database, dialogue: Dialogue) -> None:
    meeting = dialogue.meeting_id

    async def change(smallest: int, shown: bool) -> None:
        await asyncio.gather(
            database.write(lambda tx: sector_groups.set_smallest(tx, meeting, DEWI, smallest, SECRET, NOW)),
            database.write(lambda tx: sector_groups.show_results(tx, meeting, BUDI, shown, NOW)),
        )

    for wanted in (Settings(5, True), Settings(10, False), Settings(5, True)):
        await change(wanted.smallest, wanted.shown)
        assert await database.read(lambda tx: stored_agreement.settings(tx, meeting)) == wanted


async def test_participants_see_results_once_they_are_shown_and_strangers_never(
    database: Database, dialogue: Dialogue
) -> None:
    with pytest.raises(ResultsHidden):
        await read(database, dialogue, ANI)
    with pytest.raises(NotRegistered):
        await read(database, dialogue, CITRA)
    with pytest.raises(NotAllowed):
        await database.write(
            lambda tx: sector_groups.show_results(
                tx, dialogue.meeting_id, ANI, True, NOW + timedelta(hours=1)
            )
        )

    await database.write(lambda tx: sector_groups.show_results(tx, dialogue.meeting_id, BUDI, True, NOW))

    assert (await read(database, dialogue, ANI)).meeting.id == dialogue.meeting_id
    with pytest.raises(NotRegistered):
        await read(database, dialogue, CITRA)


async def test_lists_of_what_has_no_answer_and_of_solutions(database: Database, dialogue: Dialogue) -> None:
    kinds = {"tantangan": "challenge", "lain": "challenge", "saran": "suggestion", "tanya": "question"}
    ids: dict[str, int] = {}
    for text, kind in kinds.items():
        sent = await send_named(database, dialogue.session.id, 1000 + len(ids), text, kind=kind)
        await publishes(database, sent.id)
        ids[text] = sent.id

    async def link(tx: Transaction) -> None:
        await tx.run(
            "UPDATE submissions SET answers_id = :challenge WHERE id = :suggestion",
            challenge=ids["tantangan"],
            suggestion=ids["saran"],
        )

    await database.write(link)
    found = await read(database, dialogue)

    assert {item.text for item in found.unanswered} == {"lain", "tanya"}
    assert [item.text for item in results.LISTS[results.SOLUTIONS](found)] == ["tantangan", "saran"]
    await database.write(
        lambda tx: tx.run("UPDATE submissions SET answered = 'hall' WHERE id = :id", id=ids["tanya"])
    )
    assert {item.text for item in (await read(database, dialogue)).unanswered} == {"lain"}


async def test_an_open_stance_of_an_institution_is_in_no_figure(
    database: Database, dialogue: Dialogue
) -> None:
    submission_id = await asked(database, dialogue, dict.fromkeys((1000, 1001, 1002), AGREE))
    plain = await read(database, dialogue)

    await database.write(lambda tx: stances.save_institution(tx, submission_id, "Kejari", DISAGREE))
    found = await read(database, dialogue)

    assert found.weighed[0].institutions == (("Kejari", DISAGREE),)
    assert found.weighed[0].groups == plain.weighed[0].groups
    assert "Kejari disagrees" in result_views.item(translator("en"), found, found.weighed[0])


async def test_groups_follow_the_offices_order(database: Database, dialogue: Dialogue) -> None:
    async def groups(tx: Transaction) -> list[str]:
        meeting = await meetings.find(tx, dialogue.meeting_id)
        assert meeting is not None
        return [group.leader for group in await agreement.groups_of(tx, meeting)]

    assert await database.read(groups) == list(SECTORS)
