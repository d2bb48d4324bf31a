"""What organisers type for a card of their office."""

from __future__ import annotations

import pytest

from bot.domain.rules.rule_writing import read_sectors
from bot.domain.rules.rules import rulebook


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("asn, POLRI\ntni", ("asn", "polri", "tni")),
        ("Partai, parpol", ("parpol",)),
        ("p", None),  # the police, parties, regions, universities, courts or voters
        ("asn, antah berantah", None),
        (", ", None),
    ],
)
def test_groups_by_code_or_a_beginning_that_fits_one_name(typed: str, read: tuple[str, ...] | None) -> None:
    assert read_sectors(typed, rulebook().sectors) == read
