"""Roles: appointed by one-time links, ended by organisers, and what each may see."""

from __future__ import annotations

import re

from bot.domain import roles
from bot.storage import offices
from bot.storage.values import base36
from tests.e2e.conftest import Hall


async def link_for(hall: Hall, label: str) -> str:
    """The start payload that Budi gets for a role."""
    await hall.budi.says("/peran")
    await hall.budi.taps(label)
    seen = await hall.budi.sees("?start=claim-")
    found = re.search(r"start=(claim-\S+)", seen.text)
    assert found is not None
    return found[1]


async def members(hall: Hall) -> dict[int, str]:
    return dict(await hall.read(lambda tx: offices.members_of(tx, hall.office_id)))


async def test_a_moderator_is_appointed_by_link_and_sees_the_queue(hall: Hall) -> None:
    dewi = hall.tg.person("Dewi", language_code="id")

    await dewi.start(await link_for(hall, "+ Moderator"))
    await dewi.sees("moderator")
    await dewi.says("/moderasi")
    await dewi.sees("Tidak ada yang menunggu")

    assert await members(hall) == {hall.budi.id: roles.ORGANISER, dewi.id: roles.MODERATOR}
    await dewi.says("/siaran")
    await dewi.sees("Hanya panitia")


async def test_an_organiser_who_tries_their_own_link_leaves_it_good(hall: Hall) -> None:
    eko = hall.tg.person("Eko", language_code="id")
    payload = await link_for(hall, "+ Pemantau")

    await hall.budi.start(payload)
    await hall.budi.sees("masih berlaku")
    await eko.start(payload)
    await eko.sees("pemantau")

    assert await members(hall) == {hall.budi.id: roles.ORGANISER, eko.id: roles.OBSERVER}


async def test_a_role_is_ended_after_a_question_and_the_log_tells_of_it(hall: Hall) -> None:
    eko = hall.tg.person("Eko", language_code="id")
    await eko.start(await link_for(hall, "+ Panitia"))
    await eko.sees("panitia")

    await hall.budi.says("/peran")
    await hall.budi.taps("Akhiri peran 2")
    await hall.budi.sees("sebagai panitia?")
    await hall.budi.taps("Akhiri peran")
    await hall.budi.sees("Peran di")

    assert await members(hall) == {hall.budi.id: roles.ORGANISER}
    await eko.sees("Peran Anda di Bawaslu Kota Palembang telah berakhir")
    await eko.says("/panitia")
    await eko.sees("Hanya panitia")
    await hall.budi.says("/log")
    seen = await hall.budi.sees("Catatan kegiatan")
    assert "mengakhiri peran" in seen.text
    assert "mendapat peran" in seen.text


async def test_the_last_organiser_stays(hall: Hall) -> None:
    eko = hall.tg.person("Eko", language_code="id")
    await eko.start(await link_for(hall, "+ Panitia"))
    await eko.sees("panitia")
    await eko.says("/peran")
    await eko.taps("Akhiri peran 1")
    await eko.sees("sebagai panitia?")
    await eko.taps("Akhiri peran")
    await eko.sees("Peran di")

    # What Budi has before him shows buttons that were his; Eko's own role can be ended by nobody else now.
    eko.forges_callback(f"role-ended:{base36(hall.office_id)}:{base36(eko.id)}")
    await eko.sees("satu-satunya")

    assert await members(hall) == {eko.id: roles.ORGANISER}
