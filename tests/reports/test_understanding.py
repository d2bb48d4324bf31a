"""The picture of an understanding check's result."""

from __future__ import annotations

from io import BytesIO
from itertools import count

from PIL import Image

from bot.domain.polls import understanding_results
from bot.i18n import translator
from bot.reports.understanding import AFTER_COLOUR, BEFORE_COLOUR, picture
from bot.storage.checks import FALSE, TRUE
from tests.domain.polls.test_understanding import ASN, KPU, STATEMENTS, people
from tests.reports.test_attendance import a_meeting


def test_the_picture_has_a_row_for_each_group_and_statement() -> None:
    numbers = count(1)
    opinions = [
        *people("asn", *[(TRUE, TRUE, TRUE, FALSE)] * 3, numbers=numbers),
        *people("kpu", *[(FALSE, TRUE, TRUE, FALSE)] * 4, numbers=numbers),
    ]
    meeting = a_meeting("Asia/Jakarta")

    both = picture(
        translator("id"), (meeting, understanding_results.weigh(STATEMENTS, opinions, [ASN, KPU], 3))
    )
    one = picture(translator("id"), (meeting, understanding_results.weigh(STATEMENTS, opinions, [ASN], 3)))

    with Image.open(BytesIO(both)) as larger, Image.open(BytesIO(one)) as smaller:
        assert (larger.format, larger.width) == ("PNG", 1280)
        assert larger.height - smaller.height == 64
        colours = {"#{:02x}{:02x}{:02x}".format(*pixel) for _, pixel in larger.getcolors(1 << 16) or ()}  # type: ignore[misc]
        assert {BEFORE_COLOUR, AFTER_COLOUR} <= colours
