"""The ticket as a picture, and its QR code."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.i18n import translator
from bot.reports.fonts import pixels
from bot.reports.lettering import fitting
from bot.reports.tickets import CODE_WIDTH, MODULE_PIXELS, WIDTH, Ticket, picture, qr_code
from tests.reports.test_attendance import OFFICE, a_meeting, a_participant

LINK = "https://t.me/rakor_palembang_bot?start=t-A7KQ2"


def rows_of(png: bytes) -> list[list[bool]]:
    """The dark pixels, row by row, of the kind of PNG that is written here: one bit a pixel."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    position = 8
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        chunks[kind] = chunks.get(kind, b"") + png[position + 8 : position + 8 + length]
        position += length + 12
    width, height, depth, color = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, color) == (1, 0)
    data = zlib.decompress(chunks[b"IDAT"])
    line = 1 + (width + 7) // 8
    rows = []
    above = bytes(line - 1)
    for top in range(height):
        kind = data[top * line]
        bits = data[top * line + 1 : (top + 1) * line]
        assert kind in (0, 2)
        if kind == 2:  # what differs from the row above
            bits = bytes((new + old) % 256 for new, old in zip(bits, above, strict=True))
        rows.append([not bits[x // 8] >> (7 - x % 8) & 1 for x in range(width)])
        above = bits
    return rows


def modules_of(png: bytes) -> list[list[bool]]:
    """The dark modules, without the quiet zone."""
    rows = [
        row[MODULE_PIXELS // 2 :: MODULE_PIXELS] for row in rows_of(png)[MODULE_PIXELS // 2 :: MODULE_PIXELS]
    ]
    return [row[4:-4] for row in rows[4:-4]]


def test_the_code_has_its_quiet_zone_and_its_three_finders() -> None:
    rows = rows_of(qr_code(LINK))
    quiet = 4 * MODULE_PIXELS
    assert not any(any(row) for row in rows[:quiet] + rows[-quiet:])
    assert not any(any(row[:quiet] + row[-quiet:]) for row in rows)

    modules = modules_of(qr_code(LINK))
    size = len(modules)
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
        found = [
            "".join(str(int(module)) for module in row[left : left + 7]) for row in modules[top : top + 7]
        ]
        assert found == finder


def test_the_code_says_the_link() -> None:
    # Version 4-Q (the level rises where there is room): two blocks of 24 data codewords, interleaved.
    modules = modules_of(qr_code(LINK))
    size = len(modules)
    assert size == 33

    def is_function(y: int, x: int) -> bool:
        corner = (y < 9 and x < 9) or (y < 9 and x >= size - 8) or (y >= size - 8 and x < 9)
        alignment = 24 <= y <= 28 and 24 <= x <= 28
        return corner or alignment or y == 6 or x == 6

    bits: list[int] = []
    columns = [x for x in range(size - 1, 0, -1) if x > 6] + [5, 4, 3, 2, 1, 0]
    for pair in range(0, len(columns), 2):
        down = pair // 2 % 2 == 1
        for y in range(size) if down else range(size - 1, -1, -1):
            # Mask 2 turns every third column around.
            bits.extend(
                int(modules[y][x] ^ (x % 3 == 0)) for x in columns[pair : pair + 2] if not is_function(y, x)
            )
    words = [int("".join(map(str, bits[start : start + 8])), 2) for start in range(0, 48 * 8, 8)]
    data = "".join(f"{word:08b}" for word in words[0::2] + words[1::2])
    assert data[:4] == "0100"  # bytes
    length = int(data[4:12], 2)
    content = bytes(int(data[12 + 8 * index : 20 + 8 * index], 2) for index in range(length))
    assert content.decode() == LINK


def a_ticket(name: str = "Ani Lestari", title: str = "Rakor", institution: str = "KPU") -> Ticket:
    meeting = replace(a_meeting("Asia/Jakarta"), title={"id": title})
    person = replace(a_participant(1, name), ticket="A7KQ2", institution=institution)
    return Ticket(OFFICE, meeting, person, {"id": "KPU"}, LINK)


@pytest.mark.parametrize(
    "ticket",
    [
        a_ticket(),
        a_ticket("N" * 100, "T" * 300, "I" * 120),
        a_ticket("陳大文 🎉 محمد", "🎭 GLADI · Rakor", "–"),
    ],
)
def test_a_ticket_holds_the_code_that_a_scanner_reads(ticket: Ticket) -> None:
    with Image.open(BytesIO(picture(translator("id"), ticket))) as image:
        assert image.format == "PNG"
        assert image.width == WIDTH
        assert 900 < image.height < 1700
        dark = image.convert("L").point(lambda shade: 255 if shade < 128 else 0)

    with Image.open(BytesIO(qr_code(LINK))) as bare:
        wanted = modules_of(qr_code(LINK))
        side = bare.width // MODULE_PIXELS - 8
    scale = CODE_WIDTH // (side + 8)
    left = (WIDTH - (side + 8) * scale) // 2 + 4 * scale
    found = [
        top
        for top in range(dark.height - side * scale)
        if [
            [
                bool(dark.getpixel((left + x * scale + scale // 2, top + y * scale + scale // 2)))
                for x in range(side)
            ]
            for y in (0, side // 2, side - 1)
        ]
        == [wanted[0], wanted[side // 2], wanted[-1]]
    ]
    assert found
    top = found[len(found) // 2]
    read = [
        [
            bool(dark.getpixel((left + x * scale + scale // 2, top + y * scale + scale // 2)))
            for x in range(side)
        ]
        for y in range(side)
    ]
    assert read == wanted


def test_a_ticket_is_another_picture_for_another_person() -> None:
    pictures = {
        picture(translator("id"), ticket)
        for ticket in (a_ticket(), a_ticket("Eko"), a_ticket(institution="TNI"), a_ticket(title="Lain"))
    }
    assert len(pictures) == 4


@pytest.mark.parametrize(
    ("text", "size", "cut"),
    [
        ("Ani", 40, False),
        ("Letkol Inf. Dr. H. Muhammad Syarifuddin", 20, False),
        ("Muhammad " * 20, 20, True),
    ],
)
def test_a_long_text_is_set_smaller_before_it_is_cut(text: str, size: int, cut: bool) -> None:
    found, lines = fitting(text, (40, 30, 20), 300, 2)
    assert found == size
    assert ("".join(lines).replace(" ", "") == text.replace(" ", "")) is not cut
    assert all(pixels(found).getlength(line) <= 300 for line in lines)
