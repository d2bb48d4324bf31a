"""Bounds, ids and the module as a program."""

from __future__ import annotations

import asyncio
import signal
import sys
import tracemalloc

import aiohttp
import pytest

from simulator import people
from simulator.bodies import Upload, parse_call
from simulator.errors import ActError
from simulator.images import image_size
from simulator.markup.utf16 import utf16_length
from simulator.methods import METHODS
from simulator.methods.call import Call
from simulator.world import DEFAULT_TOKEN, World


def test_the_transcript_is_bounded() -> None:
    world = World(message_limit=50, chat_limit=30)
    ani, budi = world.add_person("Ani"), world.add_person("Budi")
    for number in range(100):
        people.say(world, ani.id, ani.id, str(number))
    for number in range(40):
        people.say(world, budi.id, budi.id, str(number))

    assert world.message_count() <= 50
    assert [message.text for message in world.chats[budi.id].messages.values()] == [
        str(n) for n in range(10, 40)
    ]


def test_private_chats_share_one_row_of_message_ids() -> None:
    world = World()
    ani, budi = world.add_person("Ani"), world.add_person("Budi")

    ids = [people.say(world, person.id, person.id, "x").id for person in (ani, budi, ani)]

    assert ids == [1, 2, 3]


@pytest.mark.parametrize("payload", ["a b", "é", "x" * 65, "a.b"])
def test_a_start_payload_has_its_alphabet(payload: str) -> None:
    world = World()
    ani = world.add_person("Ani")

    with pytest.raises(ActError):
        people.start(world, ani.id, payload)
    assert world.message_count() == 0


def test_a_long_text_is_cut_between_characters() -> None:
    world = World()
    ani = world.add_person("Ani")

    people.say(world, ani.id, ani.id, "x" + "😀" * 2048)

    texts = [message.text for message in world.chats[ani.id].messages.values()]
    assert "".join(texts) == "x" + "😀" * 2048
    assert [utf16_length(text) for text in texts] == [4095, 2]


def test_all_kinds_of_bodies() -> None:
    form = parse_call(b"a=1", "application/x-www-form-urlencoded", b"text=a+b%26%C3%A9&b=")
    as_json = parse_call(b"", "application/json; charset=utf-8", b'{"text": "x", "n": 3}')
    multipart = parse_call(
        b"",
        'multipart/form-data; boundary="xyz"',
        b'--xyz\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\nb\r\n'
        b'--xyz\r\nContent-Disposition: form-data; name="f"; filename="a%22b.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n\x00--xy\r\n\r\n--xyz--\r\n",
    )

    assert form == ({"a": "1", "text": "a b&é", "b": ""}, {})
    assert as_json == ({"text": "x", "n": 3}, {})
    assert multipart == (
        {"text": "a\r\nb"},
        {"f": Upload('a"b.pdf', "application/pdf", b"\x00--xy\r\n")},
    )


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"GIF89a\x05\x00\x06\x00", (5, 6)),
        (b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x11\x08\x00\x07\x00\x09\x03", (9, 7)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x63\x00\x00\x31\x00\x00", (100, 50)),
        (b"%PDF-1.7", None),
        (b"\xff\xd8\xff", None),
        (b"", None),
    ],
)
def test_the_size_of_pictures(content: bytes, size: tuple[int, int] | None) -> None:
    assert image_size(content) == size


async def test_it_runs_by_itself_and_stops_on_sigterm(unused_tcp_port: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulator",
        "--port",
        str(unused_tcp_port),
        "--person",
        "Ani",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    printed = [(await process.stdout.readline()).decode().split() for _ in range(3)]
    url = f"http://127.0.0.1:{unused_tcp_port}"

    async with aiohttp.ClientSession() as session, session.get(f"{url}/bot{DEFAULT_TOKEN}/getMe") as response:
        me = await response.json()
    process.send_signal(signal.SIGTERM)

    assert printed == [["page", f"{url}/"], ["BOT_API_URL", url], ["BOT_TOKEN", DEFAULT_TOKEN]]
    assert me["result"]["is_bot"] is True
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_a_taken_port_is_said_in_one_line(unused_tcp_port: int) -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", unused_tcp_port)
    async with server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "simulator", "--port", str(unused_tcp_port), stderr=asyncio.subprocess.PIPE
        )
        _, error = await process.communicate()

    assert process.returncode == 1
    assert error.decode().startswith(f"127.0.0.1:{unused_tcp_port}: ")
    assert error.count(b"\n") == 1


@pytest.mark.long
def test_memory_stays_flat_over_two_hundred_thousand_messages() -> None:
    world = World()
    persons = [world.add_person(f"P{number}") for number in range(100)]
    for person in persons:
        people.start(world, person.id)

    def write(count: int) -> int:
        for number in range(count):
            person = persons[number % 100]
            call = Call("sendmessage", {"chat_id": person.id, "text": f"pesan {number}"}, world.now())
            METHODS["sendmessage"](world, call)
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        after_40_000, after_200_000 = write(40_000), write(160_000)
    finally:
        tracemalloc.stop()

    assert after_200_000 < after_40_000 * 1.02
