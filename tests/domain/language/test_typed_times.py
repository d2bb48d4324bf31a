"""Days and hours as people type them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.language.typed_times import read_day, read_hour, read_hours

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("6 Agustus 2027", date(2027, 8, 6)),
        ("Selasa, 6 agu 2027", date(2027, 8, 6)),
        ("6 August 2027", date(2027, 8, 6)),
        ("6-8-2027", date(2027, 8, 6)),
        ("06/08/2027", date(2027, 8, 6)),
        ("6.8.2027", date(2027, 8, 6)),
        ("2027-08-06", date(2027, 8, 6)),
        ("24/11", TODAY),
        ("23 Nov", date(2027, 11, 23)),
        ("1 Desember", date(2026, 12, 1)),
        ("besok", date(2026, 11, 25)),
        ("Hari ini", TODAY),
        ("29 februari", None),
        ("31-11-2026", None),
        ("6 Foo 2027", None),
        ("6-8-1999", None),
        ("secepatnya", None),
        ("", None),
    ],
)
def test_days(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("08.00-12.30", (time(8), time(12, 30))),
        ("pukul 8 s/d 12.30 WIB", (time(8), time(12, 30))),
        ("08:00 – 12:30", (time(8), time(12, 30))),
        ("19.00 sampai 01.00", (time(19), time(1))),
        ("8", None),
        ("08.00-08.00", None),
        ("25.00-26.00", None),
    ],
)
def test_hours(typed: str, hours: tuple[time, time] | None) -> None:
    assert read_hours(typed) == hours


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("08.30", time(8, 30)), ("8", time(8)), ("pukul 8:05 wita", time(8, 5)), ("8.5", None), ("24.00", None)],
)
def test_an_hour(typed: str, hour: time | None) -> None:
    assert read_hour(typed) == hour


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_a_written_day_is_read_back(day: date) -> None:
    for typed in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}-{day.month:02}-{day.year}",
    ):
        assert read_day(typed, TODAY) == day


@given(st.text(max_size=20))
def test_anything_else_is_no_day_or_a_coming_one(typed: str) -> None:
    day = read_day(typed, TODAY)
    assert day is None or day - TODAY > timedelta(days=-365 * 30)
