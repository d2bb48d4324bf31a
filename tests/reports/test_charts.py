"""Pictures of boards: sharp limits, strange texts, and what the makers draw of stances."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.domain.agreement.stances import AGREE, DISAGREE, Seal
from bot.domain.wall.boards import TONES, Bar, Board, Row, Segment, bar
from bot.i18n import translator
from bot.reports import agreement, charts
from bot.reports.maker import Maker
from bot.storage import stances
from bot.storage.database import Database, Transaction
from tests.domain.dialogue.small_dialogue import ANI, SECRET, Dialogue, joins, make, publishes, send_named

STRANGE = ("A" * 500, "مرحبا بالعالم " * 40, "👩‍👩‍👧‍👦🇮🇩" * 60, "baris\n" * 80, "", "\u200b")


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


@pytest.mark.parametrize(
    ("text", "rows"),
    [*((text, 2) for text in STRANGE), (STRANGE[0], 0), (STRANGE[0], 60)],
    ids=["long", "arabic", "emoji", "lines", "empty", "invisible", "no row", "many rows"],
)
def test_any_board_becomes_a_picture_that_telegram_takes(text: str, rows: int) -> None:
    bars = tuple(Bar(text, (Segment(0.4, tone), Segment(0.6, "pass")), text[:20]) for tone in TONES)
    row = Row(text, bars, label=text, figure=text[:8], note=text)
    board = Board(text, (row,) * rows, hint=text, legend=(("agree", text[:30]),), empty=text)

    picture = opened(charts.render(board, text))

    assert picture.width == charts.WIDTH
    assert 60 < picture.height <= charts.HIGHEST + 400
    assert picture.width + picture.height < 10_000  # Bot API, sendPhoto


def test_a_bar_has_the_length_of_its_share() -> None:
    row = Row("Polri", (bar("", {"agree": 3, "disagree": 1}, 4),))

    picture = opened(charts.render(Board("Judul", (row,)))).convert("RGB")

    counts: dict[str, int] = {}
    for number, colour in picture.getcolors(1 << 20) or ():
        counts["#{:02x}{:02x}{:02x}".format(*colour)] = number  # type: ignore[misc]
    assert counts[charts.COLOURS["agree"]] / counts[charts.COLOURS["disagree"]] == pytest.approx(3, abs=0.2)


@pytest.fixture
async def dialogue(database: Database) -> Dialogue:
    return await make(database)


async def drawn(database: Database, dialogue: Dialogue, maker: Maker) -> bytes:
    data = await database.read(lambda tx: maker.gather(tx, {"meeting": dialogue.meeting_id}))
    return maker.make(translator("id"), data)


async def test_two_camps_are_drawn_and_few_people_are_not(database: Database, dialogue: Dialogue) -> None:
    ids = []
    await database.write(lambda tx: tx.run("UPDATE sessions SET limit_per_person = 99"))
    for number in range(8):
        sent = await send_named(database, dialogue.session.id, ANI, f"Usul nomor {number}")
        await publishes(database, sent.id)
        ids.append(sent.id)
    people = [await joins(database, dialogue, 600 + place, f"Peserta {place}") for place in range(14)]

    async def answer(tx: Transaction, count: int) -> None:
        seal = Seal(SECRET)
        for place, submission_id in enumerate(ids):
            taken = {}
            for number, person in enumerate(people[:count]):
                assert person.person_id is not None
                agrees = (number % 2 == 0) == (place % 2 == 0)
                taken[seal.name(submission_id, person.person_id)] = AGREE if agrees else DISAGREE
            await stances.save(tx, submission_id, taken)

    ground, groups = agreement.makers(SECRET)
    await database.write(lambda tx: answer(tx, 8))
    few = opened(await drawn(database, dialogue, groups))
    await database.write(lambda tx: answer(tx, 14))
    enough = opened(await drawn(database, dialogue, groups))
    shared = opened(await drawn(database, dialogue, ground))

    assert few.height < 500 < enough.height
    assert shared.width == charts.WIDTH
    assert await database.read(lambda tx: ground.gather(tx, {"meeting": 1})) is None
