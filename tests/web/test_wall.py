"""The wall over HTTP: who gets it, what it is given, and how fast it follows the bot."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.wall import wall
from bot.i18n import translator
from bot.storage import participants, sessions, submissions
from bot.web.wall import HEADERS
from tests.e2e.conftest import Hall
from tests.e2e.dialogue import has_sent, on_sqlite, opens_session, participant, queue, refuses, sends
from tests.web.conftest import OpenWall, WallUnderTest

LINK = re.compile(r"http://127\.0\.0\.1:\d+/wall/([\w-]{32})")


def texts(shown: dict[str, Any]) -> list[str]:
    return [item["text"] for item in shown["newest"]]


@on_sqlite
async def test_a_forged_link_leads_nowhere(hall: Hall, shown: WallUnderTest) -> None:
    assert (await shown.get()).status == 200

    answers = []
    for token in ("x" * 32, "..", shown.token.swapcase(), wall.token_hash(shown.token), "%00", "é"):
        for tail in ("", "/events"):
            answer = await shown.get(f"{shown.site_url}/wall/{token}{tail}")
            answers.append((answer.status, hall.code in answer.text))

    assert answers == [(404, False)] * 12


@on_sqlite
async def test_an_ended_link_leads_nowhere(hall: Hall, shown: WallUnderTest) -> None:
    viewer = await shown.watch()
    await viewer.sees(lambda data: True)

    await hall.write(lambda tx: wall.close_wall(tx, hall.meeting_id, hall.budi.id, hall.clock.now()))
    hall.rakor.wake()

    assert (await viewer.rest())[-1] == "gone"
    for url in (shown.url, f"{shown.url}/events"):
        answer = await shown.get(url)
        assert (answer.status, hall.code in answer.text) == (404, False)


@on_sqlite
async def test_every_answer_keeps_the_address_secret_and_the_page_to_itself(
    hall: Hall, shown: WallUnderTest
) -> None:
    for path in (
        f"/wall/{shown.token}",
        f"/wall/{shown.token}/events",
        "/wall/forged",
        "/wall-files/wall.js",
        "/wall-files/wall.css",
        "/wall-files/wall.html",
    ):
        async with shown.client.get(shown.site_url + path) as answer:
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path


@on_sqlite
async def test_the_page_runs_nothing_of_its_own_and_nothing_of_others(
    hall: Hall, shown: WallUnderTest
) -> None:
    page = (await shown.get()).text

    assert re.findall(r"<script[^>]*>(.*?)</script>", page) == [""]
    assert re.findall(r"<style| style=|javascript:| on[a-z]+=", page) == []
    # Addresses of other hosts: where the QR code leads, and nothing that is loaded.
    assert set(re.findall(r"https?://[^\"&< ]+", page)) == {
        f"https://t.me/{hall.rakor.username}?start={hall.code}"
    }
    assert "Content-Security-Policy" in HEADERS
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@on_sqlite
async def test_the_language_is_the_offices_unless_asked_otherwise(hall: Hall, shown: WallUnderTest) -> None:
    pages = {
        query: (await shown.get(shown.url + query)).text
        for query in ("", "?lang=en", "?lang=id", "?lang=<x>")
    }

    assert [re.findall(r'<html lang="(\w+)"', page) for page in pages.values()] == [
        ["id"],
        ["en"],
        ["id"],
        ["id"],
    ]
    english = await (await shown.watch("en")).sees(lambda data: True)
    assert (english["title"], english["zone"]) == ("Coordination Meeting with Stakeholders", "WIB")


async def test_a_published_submission_is_on_the_wall_within_a_second_and_a_waiting_one_never(
    hall: Hall, shown: WallUnderTest
) -> None:
    ani = await participant(hall)
    await opens_session(hall)
    viewer = await shown.watch()
    before = await viewer.sees(lambda data: data["topics"])
    assert texts(before) == []
    await sends(ani, "Logistik terlambat", how="Dengan nama")
    await refuses(hall, await queue(hall))
    await sends(ani, "Saksi perlu dilatih", how="Anonim")
    second = await queue(hall)

    await hall.budi.taps("Terbitkan", message=second)
    tapped = time.monotonic()
    after = await viewer.sees(lambda data: data["newest"])
    took = time.monotonic() - tapped

    assert texts(after) == ["Saksi perlu dilatih"]
    assert took < 1.0
    everything = await (await shown.watch()).sees(lambda data: True)
    assert "Logistik terlambat" not in str(everything)
    # It could have leaked: the text is still there.
    assert await hall.read(lambda tx: submissions.count(tx, hall.meeting_id, submissions.REFUSED)) == 1


@on_sqlite
async def test_nothing_of_a_person_is_in_what_the_wall_is_given(hall: Hall, shown: WallUnderTest) -> None:
    ani = await participant(hall)
    await has_sent(hall, ani, "Logistik terlambat", "Belum diperiksa")
    await hall.budi.says("/moderasi")
    await hall.budi.taps("Terbitkan")
    known = await hall.read(lambda tx: participants.of_person(tx, hall.meeting_id, ani.id))
    assert known is not None

    data = await (await shown.watch()).sees(lambda data: data["newest"])

    given = str(data)
    for secret in (known.name, known.institution, known.ticket, str(ani.id), str(known.id)):
        assert secret not in given
    assert data["registered"]["count"] == 1
    assert {item["name"]: item["count"] for item in data["sectors"]}["ASN/Pemda"] == 1
    assert len(texts(data)) == 1
    assert sorted(data["newest"][0]) == ["kind", "label", "number", "text"]


async def test_layar_sends_the_link_once_and_its_buttons_change_what_is_shown(
    hall: Hall, wall_of: OpenWall
) -> None:
    await hall.budi.says("/layar")
    sent = await hall.budi.sees(LINK)
    await hall.budi.sees("Tampilan layar")
    found = LINK.search(sent.text)
    assert found is not None
    viewer = await (first := await wall_of(found[1])).watch()
    assert (await viewer.sees(lambda data: True))["view"] == "auto"

    for label, view in (("Agenda", "agenda"), ("Kode QR untuk ikut", "join"), ("Masukan", "submissions")):
        await hall.budi.taps(label)
        await viewer.sees(lambda data, view=view: data["view"] == view)  # type: ignore[misc]

    await hall.budi.says("/wall")
    again = await hall.budi.sees("Tampilan layar")
    assert LINK.search(again.text) is None
    await hall.budi.taps("Tautan baru", message=again)
    await hall.budi.sees("Buat tautan layar yang baru?")
    await hall.budi.taps("Ya, buat tautan baru")
    renewed = LINK.search((await hall.budi.sees(LINK)).text)
    assert renewed is not None
    assert renewed[1] != found[1]
    assert (await viewer.rest())[-1] == "gone"
    assert (await first.get()).status == 404
    assert (await (await wall_of(renewed[1])).get()).status == 200


@on_sqlite
async def test_closing_the_wall_is_asked_first(hall: Hall, shown: WallUnderTest) -> None:
    viewer = await shown.watch()
    await hall.budi.says("/layar")
    await hall.budi.taps("Tutup layar")
    await hall.budi.taps(translator("id").gettext("No, keep it"))
    await hall.budi.sees("Tampilan layar")
    assert (await shown.get()).status == 200

    await hall.budi.taps("Tutup layar")
    await hall.budi.taps("Ya, tutup layar")
    await hall.budi.sees("sedang ditutup")

    assert (await viewer.rest())[-1] == "gone"
    assert (await shown.get()).status == 404


@on_sqlite
async def test_two_hundred_viewers_cost_one_look_a_change(
    hall: Hall, shown: WallUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    real = wall.sight

    async def counted(*args: Any, **named: Any) -> Any:
        nonlocal looks
        looks += 1
        return await real(*args, **named)

    monkeypatch.setattr(wall, "sight", counted)
    monkeypatch.setattr("bot.web.wall_events.REFRESH_SECONDS", 60.0)
    viewers = await asyncio.gather(*(shown.watch() for _ in range(200)))
    await asyncio.gather(*(viewer.sees(lambda data: True) for viewer in viewers))
    assert looks == 1

    await hall.write(lambda tx: wall.show(tx, hall.meeting_id, hall.budi.id, wall.JOIN))
    hall.rakor.wake()
    woken = time.monotonic()
    await asyncio.gather(*(viewer.sees(lambda data: data["view"] == "join") for viewer in viewers))

    assert time.monotonic() - woken < 1.0
    assert looks == 2


@on_sqlite
async def test_more_viewers_than_there_is_room_for_are_told_so(
    hall: Hall, shown: WallUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.wall_events.VIEWERS", 1)
    viewer = await shown.watch()
    await viewer.sees(lambda data: True)

    refused = await shown.get(f"{shown.url}/events")
    assert (refused.status, hall.code in refused.text) == (503, False)
    assert (await shown.get()).status == 200

    viewer.answer.close()
    async with asyncio.timeout(10):
        while (await shown.watch()).answer.status != 200:
            pass


@on_sqlite
async def test_a_change_by_another_process_shows_after_a_while(
    hall: Hall, shown: WallUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.wall_events.REFRESH_SECONDS", 0.1)
    viewer = await shown.watch()
    await viewer.sees(lambda data: not data["topics"])

    session = (await hall.read(lambda tx: sessions.of_meeting(tx, hall.meeting_id)))[0]
    await hall.write(lambda tx: sessions.open_session(tx, session.id, hall.clock.now()))

    await viewer.sees(lambda data: data["topics"])


@on_sqlite
async def test_the_page_hears_when_the_clock_is_moved(hall: Hall, shown: WallUnderTest) -> None:
    viewer = await shown.watch()
    name, beat = await viewer.next()
    assert name == "beat"
    await viewer.sees(lambda data: True)

    hall.moves_clock(timedelta(hours=3))

    async with asyncio.timeout(10):
        name, later = await viewer.next()
    assert name == "beat"
    assert later["now"] - beat["now"] >= 3 * 3600 * 1000


@on_sqlite
async def test_the_bot_stops_while_the_wall_is_watched(hall: Hall, shown: WallUnderTest) -> None:
    viewer = await shown.watch()
    await viewer.sees(lambda data: True)

    async with asyncio.timeout(10):
        await hall.rakor._stop_site()

    assert "gone" not in await viewer.rest()
