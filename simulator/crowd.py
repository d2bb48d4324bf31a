"""A hall full of simulated people who register, write and vote, to see a bot under load by eye.

They know nothing of the bot: each looks at its last message and taps one of the buttons, or answers in words when
there are none but those that lead away. Those are tapped seldom, so that most get to the end of a form.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from simulator import people
from simulator.errors import ActError
from simulator.model import Event, Message, Person
from simulator.wire import JsonDict
from simulator.world import World

MOST_PEOPLE = 1000
FASTEST_PER_SECOND = 500.0

_FIRST = (
    "Agus",
    "Dian",
    "Eko",
    "Fitri",
    "Hadi",
    "Indah",
    "Joko",
    "Kartini",
    "Lestari",
    "Made",
    "Nur",
    "Rina",
    "Wahyu",
)
_LAST = (
    "Hidayat",
    "Kusuma",
    "Lubis",
    "Nasution",
    "Pratama",
    "Putri",
    "Rahman",
    "Santoso",
    "Siregar",
    "Wijaya",
)
_WORDS = (
    "Polrestabes Palembang",
    "Dinas Kesbangpol",
    "Kepala bagian",
    "Koordinasi antarlembaga perlu jadwal tetap.",
    "Mohon contoh pelanggaran netralitas di media sosial.",
    "Posko pengaduan di tiap kecamatan.",
    "Data pemilih pindahan belum sama.",
    "Staf",
)
_COMMANDS = ("/masukan", "/masukan", "/dukung", "/dukung", "/jajak", "/daftar", "/agenda", "/aturan")
_LEADS_AWAY = re.compile(
    r"batal|kembali|hapus|bahasa|english|keluar|cancel|back|delete|leave|«|◀|⬅|✖|❌", re.IGNORECASE
)
_REFUSES = re.compile(r"\btidak\b|\bno\b|disagree|decline", re.I)
_GOES_ROUND = re.compile(r"ubah|ganti|perbaiki|tarik|change|edit|correct|withdraw", re.I)
_LEADS_ON = re.compile(r"kirim|setuju|lanjut|daftar|send|agree|next|register", re.I)
_WEIGHTS = (_LEADS_AWAY, 0.02), (_GOES_ROUND, 0.05), (_REFUSES, 0.2), (_LEADS_ON, 4.0)
_PATIENCE = 5
"""Turns after which somebody who got no answer writes again."""
_WAITS_KEPT = 2_000
"""Of so many latest answers the figures are."""


class Crowd:
    """People who act by themselves while it runs; the same seed makes the same choices.

    ``steps`` is how many times they have acted.
    """

    def __init__(self, world: World, seed: int = 0) -> None:
        self._world = world
        self._random = random.Random(seed)
        self._members: list[Person] = []
        self._waited: dict[int, int] = {}
        self._seen: dict[int, tuple[int, object]] = {}
        self.steps = 0
        self._answered = 0
        self._asked_at: dict[int, float] = {}
        self._waits: deque[float] = deque(maxlen=_WAITS_KEPT)
        self._unlisten: Callable[[], None] | None = None
        self._payload = ""
        self._runner: asyncio.Task[None] | None = None
        world.before_reset.append(self._forget)

    def start(self, count: int, per_second: float, *, payload: str = "") -> None:
        """Let ``count`` people in all act ``per_second`` times a second together.

        Raises:
            ActError: the payload is none that a link may carry.
        """
        if not people.PAYLOAD.fullmatch(payload):
            raise ActError("A start payload has up to 64 characters of A-Z, a-z, 0-9, _ and -.")
        self._payload = payload
        while len(self._members) < count:
            name = self._random.choice(_FIRST), self._random.choice(_LAST)
            language = "en" if self._random.random() < 0.1 else "id"
            self._members.append(self._world.add_person(*name, language_code=language, in_crowd=True))
        self._asked_at.clear()
        self._waits.clear()
        self._unlisten = self._world.listen(self._hear)
        self._runner = asyncio.create_task(self._run(count, per_second))

    async def stop(self) -> None:
        """End it; the people and what they wrote stay."""
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
            self._runner = None
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None

    async def _forget(self) -> None:
        await self.stop()
        self._members.clear()
        self._waited.clear()
        self._seen.clear()
        self.steps = self._answered = 0
        self._asked_at.clear()
        self._waits.clear()

    def _hear(self, event: Event) -> None:
        """Note how long somebody waited, when this is the bot's first word to what they did."""
        message = event.message
        from_bot = event.type == "answer" or (message is not None and message.sender_id == self._world.bot_id)
        asked_at = self._asked_at.pop(event.chat_id or 0, None) if from_bot else None
        if asked_at is not None:
            self._answered += 1
            self._waits.append(time.monotonic() - asked_at)

    def view(self) -> JsonDict:
        """How it goes; the waits, in milliseconds, are of the latest answers and None before the first."""
        waits = sorted(self._waits)

        def wait_ms(share: float) -> float | None:
            return round(waits[int(share * (len(waits) - 1))] * 1000, 1) if waits else None

        return {
            "running": self._runner is not None and not self._runner.done(),
            "count": len(self._members),
            "started": sum(person.started for person in self._members),
            "steps": self.steps,
            "answered": self._answered,
            "median_ms": wait_ms(0.5),
            "p95_ms": wait_ms(0.95),
        }

    async def _run(self, count: int, per_second: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        turn = 0
        while True:
            with suppress(ActError):
                self.act(self._members[turn % count])
            turn += 1
            due = max(due + 1 / per_second, loop.time() - 1)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def act(self, person: Person) -> bool:
        """One turn of one person; False when they still wait for an answer."""
        chat = self._world.chats[person.id]
        last = next(reversed(chat.messages.values()), None)
        if last is None:
            self._do(person, last)
            people.start(self._world, person.id, self._payload)
            return True
        state = last.id, last.data.get("edit_date")
        waits = last.sender_id == person.id or self._seen.get(person.id) == state
        if waits and self._waited.get(person.id, 0) < _PATIENCE:
            self._waited[person.id] = self._waited.get(person.id, 0) + 1
            return False
        self._do(person, last)
        buttons = [button for row in last.buttons() for button in row if "callback_data" in button]
        if waits:
            people.say(self._world, person.id, person.id, self._random.choice(_COMMANDS))
        elif buttons and (self._random.random() < 0.03 or max(map(_weight_of, buttons)) > 0.1):
            [button] = self._random.choices(buttons, list(map(_weight_of, buttons)))
            people.call_back(self._world, person.id, last, button["callback_data"])
        elif keyboard := chat.keyboards.get(person.id, {}).get("keyboard"):
            label = self._random.choice([button["text"] for row in keyboard for button in row])
            people.press(self._world, person.id, person.id, label)
        else:
            heard = [m.text for m in chat.messages.values() if m.sender_id == self._world.bot_id][-2:]
            # Who hears the same twice tries something else.
            again = len(heard) == 2 and heard[0] == heard[1]
            words = self._random.choice(_COMMANDS) if again else self._words(person)
            people.say(self._world, person.id, person.id, words)
        return True

    def _do(self, person: Person, last: Message | None) -> None:
        self.steps += 1
        self._asked_at.setdefault(person.id, time.monotonic())
        self._waited[person.id] = 0
        if last is not None:
            self._seen[person.id] = last.id, last.data.get("edit_date")

    def _words(self, person: Person) -> str:
        drawn = self._random.random()
        if drawn < 0.35:
            return person.name
        return self._random.choice(_WORDS if drawn < 0.75 else _COMMANDS)


def _weight_of(button: JsonDict) -> float:
    return next((weight for pattern, weight in _WEIGHTS if pattern.search(button["text"])), 1.0)
