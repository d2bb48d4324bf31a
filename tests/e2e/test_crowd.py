"""Three hundred people at once, as the page's crowd button brings them in: they register, write and vote."""

from __future__ import annotations

from functools import partial
from operator import ge

import pytest

from tests.e2e.conftest import Hall
from tests.e2e.dialogue import on_sqlite, opens_session

PEOPLE = 300
PER_SECOND = 300.0
WANTED = {"participants": PEOPLE * 9 // 10, "submissions": PEOPLE // 3, "poll_answers": PEOPLE // 3}
"""So many must have registered, written, and voted in the end."""
SECONDS = 240
SLOWEST_MS = 5_000
"""How long the slowest twentieth may wait while everybody acts at once."""


@pytest.mark.long
@on_sqlite
async def test_three_hundred_people_register_write_and_vote(hall: Hall) -> None:
    await opens_session(hall)
    budi, crowd = hall.budi, hall.tg.simulator.crowd
    await budi.says("/jajakbaru")
    await budi.taps("satu pilihan")
    await budi.says("Sosialisasi apa yang paling Anda perlukan?")
    await budi.sees("baris tersendiri")
    await budi.says("Netralitas ASN\nDana kampanye\nPolitik uang")
    await budi.taps("Segera setelah menjawab")
    await budi.taps("Simpan jajak pendapat")
    await budi.taps("Buka sekarang")

    async def count(table: str) -> int:
        return int(await hall.read(lambda tx: tx.value(f"SELECT COUNT(*) FROM {table}")))

    def acted(steps: float) -> bool:
        return crowd.steps >= steps

    found: list[int] = []
    crowd.start(PEOPLE, PER_SECOND, payload=hall.code)
    for second in range(1, SECONDS + 1):
        await hall.tg.until(partial(acted, second * PER_SECOND), "the crowd acts", timeout_seconds=60)
        found = [await count(table) for table in WANTED]
        if all(map(ge, found, WANTED.values())):
            break
    await crowd.stop()
    view = crowd.view()

    assert all(map(ge, found, WANTED.values())), (found, view)
    assert view["p95_ms"] < SLOWEST_MS
    assert view["answered"] > view["steps"] * 0.9
