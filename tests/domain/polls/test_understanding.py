"""The understanding check: its stages, who answers, and what is worked out of the answers."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreement.agreement import Group
from bot.domain.errors import AlreadyDecided, CheckClosed, NotAllowed, NotFound, NotRegistered
from bot.domain.polls import statements, understanding, understanding_results
from bot.domain.rules.rules import rulebook
from bot.storage import checks
from bot.storage.checks import AFTER, BEFORE, CLOSED, DIALOGUE, FALSE, TRUE, UNSURE, Opinion, Statement
from bot.storage.database import Database
from tests.domain.dialogue.small_dialogue import ANI, BUDI, CITRA, DEWI, NOW, Dialogue


async def prepared(database: Database, dialogue: Dialogue, ready: int = 2) -> list[Statement]:
    await database.write(
        lambda tx: understanding.add_ready(tx, dialogue.meeting_id, DEWI, statements.ready()[:ready])
    )
    return await database.read(lambda tx: checks.of_meeting(tx, dialogue.meeting_id))


async def moves(database: Database, dialogue: Dialogue, *stages: str) -> None:
    for stage in stages:
        await database.write(
            lambda tx, stage=stage: understanding.advance(tx, dialogue.meeting_id, stage, BUDI, NOW)  # type: ignore[misc]
        )


async def answers(
    database: Database, statement: Statement, round_: str, person_id: int, opinion: str
) -> None:
    await database.write(lambda tx: understanding.answer(tx, statement.id, round_, person_id, opinion))


async def test_ready_statements_bring_the_basis_of_their_card_and_come_once(
    database: Database, dialogue: Dialogue
) -> None:
    found = await prepared(database, dialogue)
    again = await prepared(database, dialogue)

    assert again == found
    assert [(item.position, item.slug, item.legal_basis) for item in found] == [
        (1, "like-di-medsos", "SKB lima lembaga 2/2022; PP 42/2004 Pasal 15; PP 94/2021 Pasal 5 huruf n"),
        (2, "pppk-wajib-netral", "UU 20/2023 Pasal 2 huruf f; UU 20/2023 Pasal 9 ayat (2)"),
    ]


def test_every_ready_statement_stands_on_a_card_that_is_certain() -> None:
    ready = statements.ready()
    assert len(ready) <= understanding.MOST_STATEMENTS
    assert {item.card for item in ready if rulebook().card(item.card) is None} == set()
    assert {item.is_true for item in ready} == {True, False}


async def test_statements_are_written_before_the_first_round_only(
    database: Database, dialogue: Dialogue
) -> None:
    first, second = await prepared(database, dialogue)
    with pytest.raises(NotAllowed):
        await database.write(lambda tx: understanding.remove(tx, first.id, ANI))
    await database.write(lambda tx: understanding.remove(tx, first.id, BUDI))
    (left,) = await database.read(lambda tx: checks.of_meeting(tx, dialogue.meeting_id))
    assert (left.id, left.position) == (second.id, 1)

    await moves(database, dialogue, BEFORE)
    with pytest.raises(AlreadyDecided):
        await database.write(lambda tx: understanding.remove(tx, second.id, BUDI))


async def test_stages_follow_each_other_once(database: Database, dialogue: Dialogue) -> None:
    with pytest.raises(NotFound):  # nothing to ask about
        await moves(database, dialogue, BEFORE)
    await prepared(database, dialogue)
    with pytest.raises(AlreadyDecided):
        await moves(database, dialogue, AFTER)
    await moves(database, dialogue, BEFORE, DIALOGUE)
    with pytest.raises(AlreadyDecided):  # the same tap again
        await moves(database, dialogue, DIALOGUE)
    await moves(database, dialogue, AFTER, CLOSED)
    assert await database.read(lambda tx: checks.stage(tx, dialogue.meeting_id)) == CLOSED


async def test_answers_belong_to_their_round(database: Database, dialogue: Dialogue) -> None:
    first, second = await prepared(database, dialogue)
    with pytest.raises(CheckClosed):
        await answers(database, first, BEFORE, ANI, TRUE)
    await moves(database, dialogue, BEFORE)
    with pytest.raises(NotRegistered):
        await answers(database, first, BEFORE, CITRA, TRUE)
    with pytest.raises(NotFound):
        await answers(database, first, BEFORE, ANI, "perhaps")
    await answers(database, first, BEFORE, ANI, TRUE)
    await answers(database, first, BEFORE, ANI, FALSE)
    await moves(database, dialogue, DIALOGUE, AFTER)
    with pytest.raises(CheckClosed):  # a button of the first round
        await answers(database, second, BEFORE, ANI, TRUE)

    sheet = await database.read(lambda tx: understanding.sheet(tx, dialogue.meeting_id, ANI))
    assert (sheet.round, dict(sheet.answers), sheet.next) == (AFTER, {}, first)
    kept = await database.read(lambda tx: checks.opinions(tx, dialogue.meeting_id))
    assert [(item.statement_id, item.round, item.answer) for item in kept] == [(first.id, BEFORE, FALSE)]


def a_statement(number: int, *, is_true: bool) -> Statement:
    return Statement(number, 1, number, f"p{number}", {"id": f"P{number}"}, is_true, "UU 1", None)


STATEMENTS = [a_statement(1, is_true=True), a_statement(2, is_true=False)]
ASN, KPU = Group("asn", ("asn",), ({"id": "ASN"},)), Group("kpu", ("kpu",), ({"id": "KPU"},))


def people(sector: str, *given_answers: tuple[str, str, str, str], numbers: count[int]) -> list[Opinion]:
    """Each person's answers to the two statements, before and after."""
    found = []
    for one, two, one_after, two_after in given_answers:
        person = next(numbers)
        found += [
            Opinion(1, person, sector, BEFORE, one),
            Opinion(2, person, sector, BEFORE, two),
            Opinion(1, person, sector, AFTER, one_after),
            Opinion(2, person, sector, AFTER, two_after),
        ]
    return found


def test_the_shift_of_groups_and_statements() -> None:
    numbers = count(1)
    opinions = [
        *people("asn", *[(TRUE, TRUE, TRUE, FALSE)] * 3, numbers=numbers),
        *people("kpu", *[(UNSURE, FALSE, TRUE, FALSE)] * 3, numbers=numbers),
        *people("tni", (FALSE, TRUE, FALSE, TRUE), numbers=numbers),
        Opinion(1, next(numbers), "asn", BEFORE, TRUE),
    ]

    found = understanding_results.weigh(STATEMENTS, opinions, [ASN, KPU], 3)

    assert found.total is not None
    assert (found.total.people, found.total.before, found.total.after) == (6, 0.5, 1.0)
    assert [
        (group.leader, shift.before, shift.after, shift.alike_before) for group, shift in found.groups
    ] == [
        ("asn", 0.5, 1.0, 1.0),
        ("kpu", 0.5, 1.0, 1.0),
    ]
    assert [
        (item.before.estimate, item.after.estimate, item.change.estimate) for item in found.statements
    ] == [
        (0.5, 1.0, 0.5),
        (0.5, 1.0, 0.5),
    ]
    assert (found.between_before, found.between_after) == (0.0, 1.0)
    assert (found.left_out, found.once) == (1, 1)


ROW = st.tuples(*[st.sampled_from(checks.ANSWERS)] * 4)


@given(st.lists(ROW, max_size=6), st.lists(ROW, max_size=6), st.integers(2, 4))
def test_groups_with_few_people_change_no_figure(
    asn: list[tuple[str, str, str, str]], kpu: list[tuple[str, str, str, str]], smallest: int
) -> None:
    numbers = count(1)
    of_asn, of_kpu = people("asn", *asn, numbers=numbers), people("kpu", *kpu, numbers=numbers)

    found = understanding_results.weigh(STATEMENTS, of_asn + of_kpu, [ASN, KPU], smallest)

    assert all(shift.people >= smallest for _, shift in found.groups)
    if len(kpu) < smallest:
        alone = understanding_results.weigh(STATEMENTS, of_asn, [ASN, KPU], smallest)
        assert (found.total, found.statements, found.groups) == (alone.total, alone.statements, alone.groups)
    shown = sum(shift.people for _, shift in found.groups)
    assert shown + found.left_out == len(asn) + len(kpu)
