"""What a client does not offer is refused on the spot, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from telegram.constants import ReactionEmoji

from simulator import changes, groups, people
from simulator.errors import ActError
from simulator.file_json import file_content
from simulator.files import FileStore
from simulator.world import World

ANI, BUDI, NOBODY = 710_000_001, 710_000_002, 5
GROUP, SUPERGROUP = -4_000_000_001, -1_002_000_000_001


@pytest.fixture
def world() -> World:
    """Ani owns a group with the bot and a supergroup without it; Budi is in neither."""
    found = World()
    for name in ("Ani", "Budi"):
        found.add_person(name)
    groups.create(found, "Rakor", ANI)
    groups.create(found, "Besar", ANI, supergroup=True)
    groups.add_bot(found, GROUP, ANI)
    return found


@pytest.mark.parametrize(
    "act",
    [
        lambda w: people.say(w, NOBODY, NOBODY, "x"),
        lambda w: people.say(w, BUDI, GROUP, "x"),
        lambda w: people.say(w, ANI, ANI, " \n"),
        lambda w: people.say(w, ANI, ANI, "x", reply_to=99),
        lambda w: people.say(w, ANI, SUPERGROUP, "x", thread_id=99),
        lambda w: people.press(w, ANI, ANI, "x"),
        lambda w: people.share_location(w, ANI, ANI, 91, 0),
        lambda w: people.send_file(w, ANI, ANI, "document", b""),
        lambda w: changes.edit(w, ANI, ANI, 99, "x"),
        lambda w: people.tap(w, ANI, ANI, 99, 0, 0),
        lambda w: changes.react(w, ANI, ANI, 99, "x"),
        lambda w: changes.vote(w, ANI, GROUP, 1, [0]),
        lambda w: groups.create(w, " ", ANI),
        lambda w: groups.create(w, "x", NOBODY),
        lambda w: groups.create(w, "x", ANI, [NOBODY]),
        lambda w: groups.add_bot(w, GROUP, ANI),
        lambda w: groups.add_bot(w, GROUP, BUDI),
        lambda w: groups.add_bot(w, SUPERGROUP, ANI, payload="a b"),
        lambda w: groups.remove_bot(w, SUPERGROUP, ANI),
        lambda w: groups.promote_bot(w, SUPERGROUP, ANI),
        lambda w: groups.join(w, GROUP, ANI),
        lambda w: groups.join(w, GROUP, NOBODY),
        lambda w: groups.leave(w, GROUP, BUDI),
        lambda w: groups.migrate(w, SUPERGROUP, ANI),
        lambda w: groups.migrate(w, ANI, ANI),
        lambda w: groups.add_topic(w, GROUP, "x", ANI),
        lambda w: groups.open_topic(w, SUPERGROUP, "x", ANI),
        lambda w: groups.set_topic_closed(w, SUPERGROUP, 99, ANI, closed=True),
        lambda w: groups.make_forum(w, SUPERGROUP, BUDI),
        lambda w: changes.delete(w, ANI, GROUP, 99),
        lambda w: changes.delete(w, BUDI, GROUP, 1),
    ],
)
def test_refused(world: World, act: Callable[[World], object]) -> None:
    before = world.message_count(), len(world.updates), len(world.chats)

    with pytest.raises(ActError):
        act(world)

    assert (world.message_count(), len(world.updates), len(world.chats)) == before


def test_a_demoted_bot_is_told(world: World) -> None:
    groups.promote_bot(world, GROUP, ANI)
    groups.demote_bot(world, GROUP, ANI)

    change = world.updates.latest("my_chat_member", GROUP)

    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == (
        "administrator",
        "member",
    )


async def test_a_reset_without_an_owner_keeps_the_people(world: World) -> None:
    people.start(world, ANI)
    people.block(world, ANI, blocked=True)
    world.move_clock(timedelta(days=7))

    await world.reset()

    assert list(world.people) == [ANI, BUDI]
    assert (world.people[ANI].started, world.people[ANI].blocked) == (False, False)
    assert (world.message_count(), len(world.updates), world.clock_offset) == (0, 0, timedelta())
    assert people.start(world, ANI).id > 1


def test_what_is_not_a_text_of_today_cannot_be_edited(world: World) -> None:
    said = people.say(world, ANI, ANI, "halo")
    place = people.share_location(world, ANI, ANI, -2.99, 104.76)
    with pytest.raises(ActError, match="cannot be edited"):
        changes.edit(world, ANI, ANI, place.id, "di sini")
    changes.edit(world, ANI, ANI, said.id, "halo")
    assert "edit_date" not in said.data

    world.move_clock(timedelta(days=2, seconds=1))

    with pytest.raises(ActError, match="too old"):
        changes.edit(world, ANI, ANI, said.id, "halo juga")
    assert said.text == "halo"


def test_an_anonymous_administrator_reacts_as_the_group(world: World) -> None:
    world.updates.allow(["message_reaction"])
    groups.promote_bot(world, GROUP, ANI)
    groups.promote(world, GROUP, ANI, ANI, anonymous=True)
    said = people.say(world, ANI, GROUP, "halo")

    changes.react(world, ANI, GROUP, said.id, "👍")

    told = world.updates.latest("message_reaction", GROUP)
    assert ("user" in told, told["actor_chat"]["id"]) == (False, GROUP)


def test_reactions_are_those_that_telegram_has() -> None:
    assert {str(emoji.value) for emoji in ReactionEmoji} == changes.REACTIONS


def test_a_deleted_message_leaves_the_unread_counts(world: World) -> None:
    groups.join(world, GROUP, BUDI)
    changes.read(world, BUDI, GROUP)
    read = people.say(world, ANI, GROUP, "satu")
    changes.read(world, BUDI, GROUP)
    unread = [people.say(world, ANI, GROUP, text) for text in ("dua", "tiga")]

    changes.delete(world, ANI, GROUP, read.id)
    assert world.chats[GROUP].unread[BUDI] == 2
    changes.delete(world, ANI, GROUP, unread[0].id)
    assert world.chats[GROUP].unread[BUDI] == 1


def test_only_administrators_write_in_a_closed_topic(world: World) -> None:
    groups.join(world, SUPERGROUP, BUDI)
    groups.make_forum(world, SUPERGROUP, ANI)
    topic = groups.open_topic(world, SUPERGROUP, "Notulen", ANI).id
    groups.set_topic_closed(world, SUPERGROUP, topic, ANI, closed=True)

    assert people.say(world, ANI, SUPERGROUP, "selesai", thread_id=topic).topic_id == topic
    with pytest.raises(ActError, match="closed"):
        people.say(world, BUDI, SUPERGROUP, "masih?", thread_id=topic)


def test_the_oldest_files_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.files.CAPACITY_BYTES", 25)
    store = FileStore()
    first, second, third = (store.add("document", bytes(10), f"{n}.txt") for n in range(3))

    assert (store.by_id(first.id), store.by_path(first.path)) == (None, None)
    assert (store.by_id(second.id), store.by_path(third.path)) == (second, third)


def test_a_large_photo_has_a_thumbnail() -> None:
    store = FileStore()
    header = b"GIF89a" + (1280).to_bytes(2, "little") + (640).to_bytes(2, "little")
    photo = store.add("photo", header)

    small, large = file_content(photo)["photo"]

    assert [(size["width"], size["height"]) for size in (small, large)] == [(320, 160), (1280, 640)]
    assert store.by_id(small["file_id"]) is photo
