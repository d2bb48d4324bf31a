"""/agenda and /materi through the whole bot: they follow the clock, in private and in groups."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.meeting_files import meeting_file
from tests.e2e.audience import bound_group
from tests.e2e.conftest import Hall


async def test_the_agenda_follows_the_clock_in_place(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await ani.says("/agenda")
    before = await ani.sees("Sekarang: Dialog bersama stakeholder")
    assert "✓" in before.text
    assert "▶" in before.text

    hall.moves_clock(timedelta(minutes=90))
    await ani.taps("Perbarui")

    after = await ani.sees("Sekarang: Perumusan kesepahaman dan tindak lanjut")
    assert after.message.id == before.message.id
    assert "Berikutnya pukul" in after.text

    hall.moves_clock(timedelta(hours=3))
    await ani.taps("Perbarui")
    await ani.sees("Seluruh acara telah selesai")
    assert len(ani.inbox) == 1


async def test_a_tap_in_the_same_minute_is_told_that_nothing_changed(hall: Hall) -> None:
    hall.moves_clock(timedelta(seconds=60 - hall.clock.now().second))  # to the beginning of a minute
    ani = hall.tg.person("Ani", language_code="en")
    await ani.says("/agenda")
    await ani.sees("Now: Dialogue with the stakeholders")

    await ani.taps("Refresh")

    await ani.is_told("Up to date: it is")
    assert len(ani.inbox) == 1


async def test_a_tap_on_an_old_screen_edits_without_an_error(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="en")
    await ani.says("/agenda")
    old = await ani.sees("Now: Dialogue with the stakeholders")
    hall.moves_clock(timedelta(minutes=5))

    # Both buttons carry the mark of the old text, so both edits have the same new one.
    await ani.taps("Refresh", message=old)
    ani.repeats_tap()
    await hall.tg.until(lambda: len(ani.answers) == 2, "both taps are answered")
    await ani.says("/materials")
    await ani.sees("Materials")

    assert [text for text in ani.inbox if "went wrong" in text] == []
    assert len(ani.inbox) == 2


async def test_a_group_gets_the_agenda_and_each_member_may_refresh_it(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="en")
    citra = hall.tg.person("Citra", language_code="en")
    group = await bound_group(hall, ani, citra)

    await group.says(ani, "/agenda")
    shown = await group.sees("Sekarang: Dialog bersama stakeholder")
    hall.moves_clock(timedelta(minutes=90))
    await group.taps(citra, "Perbarui")

    assert (await group.sees("Sekarang: Perumusan")).message.id == shown.message.id
    assert ani.inbox == []


async def test_a_stranger_reads_the_materials_as_links(hall: Hall) -> None:
    citra = hall.tg.person("Citra", language_code="id")
    await citra.says("/agenda")
    await citra.taps("Materi")

    seen = await citra.sees("📄 Materi")

    links = [button["url"] for row in seen.rows for button in row]
    assert links == [item.url for item in meeting_file.sample().materials or ()]


async def test_a_closed_meeting_says_so(hall: Hall) -> None:
    ani = hall.tg.person("Ani", language_code="id")
    await hall.budi.says("/panitia")
    await hall.budi.taps("Tutup rakor")
    await hall.budi.sees("Acara dan materi masih dapat dibaca")
    await hall.budi.taps("Tutup rakor")
    await hall.budi.sees("🏁 Selesai")

    await ani.start(hall.code)
    await ani.sees(re.compile("."))
    await ani.says("/agenda")

    await ani.sees("Rakor ini telah ditutup")
