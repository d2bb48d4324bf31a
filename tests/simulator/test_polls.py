"""Polls, quizzes and reactions of people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simulator import changes
from simulator.driver import PersonDriver, Telegram
from simulator.errors import ActError
from tests.simulator.conftest import RawClient


async def _poll(raw: RawClient, ani: PersonDriver, **params: Any) -> None:
    await raw.result("sendPoll", chat_id=ani.id, question="Paham?", options=["Ya", "Belum"], **params)


def _kinds(updates: list[dict[str, Any]]) -> list[str]:
    return [kind for update in updates for kind in update if kind != "update_id"]


async def test_an_anonymous_vote_tells_the_counts_only(raw: RawClient, ani: PersonDriver) -> None:
    await _poll(raw, ani)

    await ani.votes(ani.last, 0)

    updates = await raw.updates()
    assert _kinds(updates) == ["poll"]
    assert [option["voter_count"] for option in updates[0]["poll"]["options"]] == [1, 0]


async def test_a_vote_can_be_changed_and_taken_back(raw: RawClient, ani: PersonDriver) -> None:
    await _poll(raw, ani, is_anonymous=False)

    await ani.votes(ani.last, 0)
    await ani.votes(ani.last, 1)
    await ani.votes(ani.last)

    updates = await raw.updates()
    assert [u["poll_answer"]["option_ids"] for u in updates if "poll_answer" in u] == [[0], [1], []]
    assert updates[-2]["poll"]["total_voter_count"] == 0


@pytest.mark.parametrize("given", ["open_period", "close_date"])
async def test_a_poll_closes_by_itself_when_the_clock_says_so(
    tg: Telegram, raw: RawClient, ani: PersonDriver, given: str
) -> None:
    seconds = 600 if given == "open_period" else tg.world.timestamp() + 600
    await _poll(raw, ani, **{given: seconds})
    poll = ani.last.data["poll"]
    assert (poll["open_period"], poll["close_date"]) == (600, ani.last.date + 600)
    await ani.votes(ani.last, 0)
    await raw.updates()

    tg.moves_clock(timedelta(seconds=599))
    assert not poll["is_closed"]
    tg.moves_clock(timedelta(seconds=2))

    update = (await raw.updates())[-1]
    assert (update["poll"]["is_closed"], update["poll"]["total_voter_count"]) == (True, 1)
    with pytest.raises(ActError):
        await ani.votes(ani.last, 1)
    assert await raw.refusal("stopPoll", chat_id=ani.id, message_id=ani.last.id) == (
        "Bad Request: poll has already been closed"
    )
    await ani.says("sesudah itu")
    tg.moves_clock(timedelta(seconds=600))
    assert _kinds(await raw.updates(offset=update["update_id"] + 1)) == ["message"]


async def test_a_poll_closes_by_itself_as_time_goes_by(raw: RawClient, ani: PersonDriver) -> None:
    """Two polls, so that the later one is still waited for when the first has closed."""
    world = ani.world
    for second in (300.05, 300.1):
        await _poll(raw, ani, open_period=300)
        ani.last.data["poll"]["close_date"] = world.now().timestamp() + second - 300
    world.polls.close_due()

    polls = [message.data["poll"] for message in ani.chat.messages.values() if "poll" in message.data]
    await ani.telegram.until(lambda: all(poll["is_closed"] for poll in polls), "both polls close")


async def test_how_long_a_poll_may_be_open(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    now = tg.world.timestamp()
    for given in (
        {"open_period": 4},
        {"open_period": 2_628_001},
        {"close_date": now - 1},
        {"open_period": -5},
    ):
        refusal = await raw.refusal("sendPoll", chat_id=ani.id, question="?", options=["a"], **given)
        assert refusal == "Bad Request: poll must close 5 to 2628000 seconds after it was sent"
    for seconds in (5, 2_628_000):
        await _poll(raw, ani, open_period=seconds)


async def test_what_a_poll_does_not_take(raw: RawClient, ani: PersonDriver) -> None:
    await _poll(raw, ani)
    for options in ([0, 1], [2], [-1]):
        with pytest.raises(ActError):
            await ani.votes(ani.last, *options)

    await raw.result("stopPoll", chat_id=ani.id, message_id=ani.last.id)
    with pytest.raises(ActError):
        await ani.votes(ani.last, 0)
    assert await raw.refusal("stopPoll", chat_id=ani.id, message_id=ani.last.id) == (
        "Bad Request: poll has already been closed"
    )


async def test_several_options_where_allowed(raw: RawClient, ani: PersonDriver) -> None:
    await _poll(raw, ani, allows_multiple_answers=True)

    await ani.votes(ani.last, 1, 0, 1)

    assert [option["voter_count"] for option in ani.last.data["poll"]["options"]] == [1, 1]


async def test_a_quiz_is_answered_once(raw: RawClient, ani: PersonDriver) -> None:
    for given, refusal in (
        ({"correct_option_id": 2}, "wrong quiz correct_option_id"),
        ({"correct_option_ids": [1, 0]}, "correct quiz option list must be increasing"),
        ({}, "correct quiz option list must be non-empty"),
    ):
        text = await raw.refusal(
            "sendPoll", chat_id=ani.id, question="?", options=["a", "b"], type="quiz", **given
        )
        assert text == f"Bad Request: {refusal}"
    await _poll(
        raw,
        ani,
        type="quiz",
        correct_option_id=1,
        explanation="<b>Pasal 70</b>",
        explanation_parse_mode="HTML",
    )
    assert ani.last.data["poll"]["explanation"] == "Pasal 70"

    await ani.votes(ani.last, 0)
    with pytest.raises(ActError):
        await ani.votes(ani.last, 1)


async def test_reactions_come_when_asked_for(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    await raw.result("sendMessage", chat_id=ani.id, text="x")
    changes.react(tg.world, ani.id, ani.id, ani.last.id, "👍")
    assert await raw.updates(allowed_updates=["message_reaction"]) == []

    # The same once more changes nothing, so nobody is told.
    for emoji in ("👍", "❤", None):
        changes.react(tg.world, ani.id, ani.id, ani.last.id, emoji)

    updates = await raw.updates()
    assert [
        (u["message_reaction"]["old_reaction"], u["message_reaction"]["new_reaction"]) for u in updates
    ] == [
        ([{"type": "emoji", "emoji": "👍"}], [{"type": "emoji", "emoji": "❤"}]),
        ([{"type": "emoji", "emoji": "❤"}], []),
    ]


async def test_the_bot_reacts(raw: RawClient, ani: PersonDriver) -> None:
    theirs = await ani.says("terima kasih")
    place = {"chat_id": ani.id, "message_id": theirs.id}

    await raw.result("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}])

    assert theirs.reaction == "👍"
    assert await raw.refusal("setMessageReaction", **place, reaction=[{"type": "smile"}]) == (
        "Bad Request: can't parse ReactionType: invalid reaction type specified"
    )
    assert await raw.refusal("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "🦖"}]) == (
        "Bad Request: REACTION_INVALID"
    )
    await raw.result("setMessageReaction", **place)
    assert theirs.reaction is None


async def test_votes_and_reactions_are_no_edits(tg: Telegram, raw: RawClient, ani: PersonDriver) -> None:
    await _poll(raw, ani)
    await ani.sees("")

    await ani.votes(ani.last, 0)
    changes.react(tg.world, ani.id, ani.id, ani.last.id, "👍")

    assert ani.unseen == []


async def test_a_poll_that_is_voted_in_once(raw: RawClient, ani: PersonDriver) -> None:
    await _poll(raw, ani, allows_revoting=False)

    await ani.votes(ani.last, 0)

    for options in ((1,), ()):
        with pytest.raises(ActError):
            await ani.votes(ani.last, *options)


async def test_an_anonymous_administrator_votes_as_the_group(
    tg: Telegram, raw: RawClient, ani: PersonDriver
) -> None:
    group = tg.group("Rakor", [ani])
    await group.adds_bot(by=ani)
    await group.promotes(ani, by=ani, anonymous=True)
    await raw.result("sendPoll", chat_id=group.id, question="?", options=["a", "b"], is_anonymous=False)

    changes.vote(tg.world, ani.id, group.id, group.last.id, [1])

    answer = (await raw.updates())[-1]["poll_answer"]
    assert ("user" in answer, answer["voter_chat"]["id"], answer["option_ids"]) == (False, group.id, [1])


async def test_the_texts_of_a_poll_are_plain(raw: RawClient, ani: PersonDriver) -> None:
    sent = await raw.result(
        "sendPoll",
        chat_id=ani.id,
        question="<b>Paham</b> /agenda?",
        question_parse_mode="HTML",
        options=[{"text": "*Ya*", "text_parse_mode": "MarkdownV2"}, "😀" * 100],
    )

    assert (sent["poll"]["question"], "question_entities" in sent["poll"]) == ("Paham /agenda?", False)
    assert [option["text"] for option in sent["poll"]["options"]] == ["Ya", "😀" * 100]
    assert await raw.refusal("stopPoll", chat_id=ani.id, message_id=ani.last.id + 1) == (
        "Bad Request: message with poll to stop not found"
    )
    text = await raw.result("sendMessage", chat_id=ani.id, text="x")
    assert await raw.refusal("stopPoll", chat_id=ani.id, message_id=text["message_id"]) == (
        "Bad Request: message is not a poll"
    )
