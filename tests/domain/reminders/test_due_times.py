"""No due time is lost or comes twice, whatever the clock, the calendar, the holidays and the quiet hours do."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.office_settings import QuietHours
from bot.domain.reminders import holidays
from bot.domain.reminders.schedule import (
    HOLIDAYS,
    SAME_OCCASION,
    DayOffset,
    Dealt,
    Due,
    FixedTimes,
    Schedule,
    Times,
    Weekly,
    pending,
)
from bot.domain.reminders.typed_schedules import read_offsets

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "America/New_York")
"""The three of Indonesia, which never put their clocks forward, and two that do."""

VOTING = date(2024, 11, 27)
START = datetime(2024, 2, 20, tzinfo=UTC)
"""Before the 29th of February 2024, and the ends of many months."""

clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
quiet = st.none() | st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(
    lambda pair: QuietHours(*pair)
)
times = st.builds(
    lambda zone, hours, begin, length, days: Times(
        datetime(2024, 8, 6, 1, tzinfo=UTC),
        datetime(2024, 8, 6, 9, tzinfo=UTC),
        zone,
        stages={"tenang": (begin, begin + timedelta(days=length))},
        voting_day=VOTING,
        office_zone=zone,
        quiet=hours,
        holidays=frozenset(days),
    ),
    st.sampled_from(ZONES),
    quiet,
    st.dates(date(2024, 2, 25), date(2024, 12, 31)),
    st.integers(0, 90),
    st.lists(st.dates(date(2024, 2, 1), date(2025, 2, 1)), max_size=12),
)
schedules: st.SearchStrategy[Schedule] = st.one_of(
    st.builds(
        DayOffset,
        st.sampled_from(("stage_start", "stage_end")),
        st.lists(st.integers(-30, 30), min_size=1, max_size=6, unique=True).map(tuple),
        clocks,
        st.just("tenang"),
        st.sampled_from(HOLIDAYS),
    ),
    st.builds(
        Weekly,
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        clocks,
        st.none() | st.dates(date(2024, 2, 1), date(2024, 4, 1)),
        st.just("voting_day") | st.dates(date(2024, 4, 2), date(2024, 9, 1)),
        st.sampled_from(HOLIDAYS),
    ),
)


class Office:
    """What the program keeps of one reminder, and how it deals with what is due."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.armed_at = self.watched_from = START
        self.dealt: list[Due] = []

    def looks(self, now: datetime, frame: Times) -> None:
        """As :func:`bot.domain.reminders.reminders.collect_due` does it."""
        self.watched_from = min(self.watched_from, now)
        last: dict[str, datetime] = {}
        for due in self.dealt:
            last[due.occasion] = max(due.at, last.get(due.occasion, due.at))
        dealt = Dealt(last, {due.at for due in self.dealt})
        coming = pending(self.schedule, frame, since=self.watched_from, dealt=dealt)
        self.dealt += takewhile(lambda due: due.at <= now, coming)


def wanted(schedule: Schedule, frame: Times, until: datetime) -> set[datetime]:
    """Every moment at which something is to go out."""
    return {due.at for due in schedule.dues(frame, START) if START <= due.at <= until}


jumps = st.lists(
    st.sampled_from(
        [timedelta(minutes=1), timedelta(hours=5), timedelta(days=1), timedelta(days=7), timedelta(days=31)]
    )
    | st.sampled_from([timedelta(minutes=-1), timedelta(hours=-3), timedelta(days=-2)]),
    max_size=25,
)


@settings(deadline=None)
@given(schedules, times, jumps)
def test_nothing_is_lost_or_comes_twice_whatever_the_clock_does(
    schedule: Schedule, frame: Times, clock: list[timedelta]
) -> None:
    office, now = Office(schedule), START
    latest = now
    for jump in clock:
        now = max(now + jump, START)
        latest = max(latest, now)
        office.looks(now, frame)

    assert Counter(due.at for due in office.dealt) == Counter(wanted(schedule, frame, latest))


@settings(deadline=None)
@given(schedules, times, quiet)
def test_other_quiet_hours_repeat_nothing(schedule: Schedule, frame: Times, other: QuietHours | None) -> None:
    office = Office(schedule)
    office.looks(datetime(2024, 7, 1, tzinfo=UTC), frame)
    office.looks(datetime(2025, 12, 31, tzinfo=UTC), replace(frame, quiet=other))

    moments: dict[str, list[datetime]] = {}
    for due in office.dealt:
        moments.setdefault(due.occasion, []).append(due.at)
    for found in moments.values():
        if isinstance(schedule, DayOffset):  # what moved to another day is another time
            assert all(after - before > SAME_OCCASION for before, after in pairwise(found))
        else:
            assert len(found) == 1


@given(schedules, times)
def test_what_goes_out_is_at_an_allowed_hour_on_an_allowed_day(schedule: Schedule, frame: Times) -> None:
    zone = ZoneInfo(frame.local_zone)
    for due in islice(schedule.dues(frame, START), 30):
        if frame.quiet is not None:
            assert not frame.quiet.holds(due.at, frame.local_zone)
        elif isinstance(schedule, DayOffset | Weekly) and schedule.holidays != "send":
            assert frame.is_workday(due.at.astimezone(zone).date())


@pytest.mark.parametrize(
    ("moment", "moved"),
    [
        ("2024-08-01T20:59", "2024-08-01T20:59"),
        ("2024-08-01T21:00", "2024-08-02T06:00"),
        ("2024-08-01T23:59", "2024-08-02T06:00"),
        ("2024-08-02T05:59", "2024-08-02T06:00"),
        ("2024-08-02T06:00", "2024-08-02T06:00"),
        ("2024-02-29T22:00", "2024-03-01T06:00"),
        ("2024-12-31T22:00", "2025-01-01T06:00"),
    ],
)
def test_quiet_hours_over_midnight(moment: str, moved: str) -> None:
    zone = ZoneInfo("Asia/Jakarta")
    at = datetime.fromisoformat(moment).replace(tzinfo=zone)

    found = QuietHours(time(21), time(6)).after(at, "Asia/Jakarta")

    assert found == datetime.fromisoformat(moved).replace(tzinfo=zone)


def test_two_days_that_fall_together_are_one_message() -> None:
    """H-2 and H-1 of a Sunday's stage, both before the weekend: the Friday has one of them."""
    frame = Times(
        START, START, "Asia/Jakarta", stages={"x": (date(2024, 11, 24), None)}, office_zone="Asia/Jakarta"
    )
    schedule = DayOffset("stage_start", (-2, -1, 0), time(8), "x", "before")

    found = list(pending(schedule, frame, since=START, dealt=Dealt()))

    assert [due.at for due in found] == [datetime(2024, 11, 22, 1, tzinfo=UTC)]


def test_a_stage_without_its_day_has_no_times() -> None:
    frame = Times(START, START, "Asia/Jakarta", stages={"x": (date(2024, 11, 24), None)})

    assert list(DayOffset("stage_end", (0,), time(8), "x").dues(frame, START)) == []
    assert list(DayOffset("stage_start", (0,), time(8), "y").dues(frame, START)) == []
    assert list(Weekly((0,), time(8), None, "voting_day").dues(frame, START)) == []


def test_chosen_days_stay_where_they_are() -> None:
    local = [datetime(2024, 8, 7, 8), datetime(2024, 8, 5, 8)]  # noqa: DTZ001
    frame = Times(START, START, "Asia/Makassar")

    found = [due.at for due in FixedTimes(tuple(local)).dues(frame, START)]

    assert found == [datetime(2024, 8, 5, 0, tzinfo=UTC), datetime(2024, 8, 7, 0, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("H-7, H-1, H 08.00", ((-7, -1, 0), time(8))),
        ("h - 7; d+1 7:30", ((-7, 1), time(7, 30))),
        ("H−3 08.00", ((-3,), time(8))),
        ("H-1", None),
        ("08.00", None),
        ("H-1 25.00", None),
        ("kemarin 08.00", None),
        ("H-99999 08.00", None),
    ],
)
def test_days_that_people_type(typed: str, read: tuple[tuple[int, ...], time] | None) -> None:
    assert read_offsets(typed) == read


def test_holidays_are_those_of_the_decisions() -> None:
    """As they count them; in 2025 a second decision added a day of joint leave to the ten of the first."""
    kinds = Counter((day.year, holiday.joint_leave) for day, holiday in holidays.days().items())

    holidays_and_leave = {2024: (17, 10), 2025: (17, 11), 2026: (17, 8)}
    assert {year: (kinds[year, False], kinds[year, True]) for year, _ in kinds} == holidays_and_leave
    assert (holidays.is_known(2024), holidays.is_known(2027)) == (True, False)
