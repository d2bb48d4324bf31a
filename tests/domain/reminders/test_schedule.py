"""When reminders are due: offsets over month ends, leap days and zones, and meetings that move."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reminders.schedule import (
    HOLIDAYS,
    SAME_OCCASION,
    BadSchedule,
    DayOffset,
    Dealt,
    Due,
    FixedTime,
    MinuteOffset,
    Schedule,
    Times,
    Weekly,
    parse,
    pending,
)
from bot.domain.reminders.typed_schedules import read_clock

JAKARTA, JAYAPURA, BERLIN = "Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin"
ZONES = (JAKARTA, "Asia/Makassar", JAYAPURA, BERLIN, "America/New_York", "Pacific/Apia")

MEETING_ANCHORS = ("meeting_start", "meeting_end")

MEETING = Times(
    datetime(2024, 8, 6, 1, 0, tzinfo=UTC), datetime(2024, 8, 6, 9, 0, tzinfo=UTC), JAKARTA
)  # 08.00 to 16.00 WIB

moments = st.datetimes(datetime(2001, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
meetings = st.builds(
    lambda start, hours, zone: Times(start, start + timedelta(hours=hours), zone),
    moments,
    st.integers(1, 72),
    st.sampled_from(ZONES),
)
schedules: st.SearchStrategy[Schedule] = st.one_of(
    st.builds(
        FixedTime,
        st.datetimes(datetime(2001, 1, 1), datetime(2190, 1, 1)).map(  # noqa: DTZ001
            lambda local: local.replace(second=0, microsecond=0)
        ),
        st.none() | st.sampled_from(ZONES),
    ),
    st.builds(
        DayOffset, st.sampled_from(MEETING_ANCHORS), st.integers(-400, 400).map(lambda days: (days,)), clocks
    ),
    st.builds(MinuteOffset, st.sampled_from(MEETING_ANCHORS), st.integers(-100_000, 100_000)),
)
recurring: st.SearchStrategy[Schedule] = st.one_of(
    st.builds(
        DayOffset,
        st.sampled_from(("stage_start", "stage_end")),
        st.lists(st.integers(-60, 60), min_size=1, max_size=5, unique=True).map(tuple),
        clocks,
        st.just("tenang"),
        st.sampled_from(HOLIDAYS),
    ),
    st.builds(
        Weekly,
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        clocks,
        st.none() | st.dates(date(2023, 1, 1), date(2024, 3, 1)),
        st.just("voting_day") | st.dates(date(2024, 3, 2), date(2024, 6, 1)),
        st.sampled_from(HOLIDAYS),
    ),
)


def due_at(schedule: Schedule, times: Times) -> datetime:
    return next(schedule.dues(times, times.starts_at)).at


def next_due(schedule: Schedule, times: Times, *, armed_at: datetime, last: Due | None) -> datetime | None:
    dealt = Dealt() if last is None else Dealt({last.occasion: last.at}, {last.at})
    due = next(pending(schedule, times, since=armed_at, dealt=dealt), None)
    return None if due is None else due.at


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, zone: str = JAKARTA) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("data", "due"),
    [
        ({"at": "2024-08-05T08:00"}, local(2024, 8, 5, 8)),
        ({"at": "2024-08-05T08:00", "zone": JAYAPURA}, local(2024, 8, 5, 8, zone=JAYAPURA)),
        ({"offset": {"anchor": "meeting_start", "days": -1, "time": "08:00"}}, local(2024, 8, 5, 8)),
        ({"offset": {"anchor": "meeting_start", "days": 0, "time": "06:30"}}, local(2024, 8, 6, 6, 30)),
        ({"offset": {"anchor": "meeting_start", "days": -7, "time": "08:00"}}, local(2024, 7, 30, 8)),
        ({"offset": {"anchor": "meeting_end", "days": 1, "time": "08:00"}}, local(2024, 8, 7, 8)),
        ({"offset": {"anchor": "meeting_start", "minutes": -30}}, local(2024, 8, 6, 7, 30)),
        ({"offset": {"anchor": "meeting_end", "minutes": 15}}, local(2024, 8, 6, 16, 15)),
    ],
)
def test_each_form_of_schedule(data: dict[str, object], due: datetime) -> None:
    assert due_at(parse(data), MEETING) == due


@pytest.mark.parametrize(
    ("meeting_on", "days", "due_on"),
    [
        (date(2024, 3, 1), -1, date(2024, 2, 29)),
        (date(2023, 3, 1), -1, date(2023, 2, 28)),
        (date(2024, 2, 29), 365, date(2025, 2, 28)),
        (date(2024, 1, 31), 30, date(2024, 3, 1)),
        (date(2024, 12, 31), 1, date(2025, 1, 1)),
    ],
)
def test_days_over_month_ends_and_leap_days(meeting_on: date, days: int, due_on: date) -> None:
    start = datetime.combine(meeting_on, time(8), ZoneInfo(JAKARTA))

    due = due_at(
        DayOffset("meeting_start", (days,), time(8)), Times(start, start + timedelta(hours=8), JAKARTA)
    )

    assert due == datetime.combine(due_on, time(8), ZoneInfo(JAKARTA))


def test_the_day_is_that_of_the_meetings_clocks() -> None:
    """At 06.00 in Jayapura it is still the day before in London, and in Jakarta 04.00 of the same day."""
    start = local(2024, 8, 6, 6, zone=JAYAPURA)
    times = Times(start, start + timedelta(hours=2), JAYAPURA)

    assert due_at(DayOffset("meeting_start", (0,), time(5)), times) == local(2024, 8, 6, 5, zone=JAYAPURA)


def test_an_hour_that_the_clocks_skip_comes_as_if_they_had_not_been_put_forward() -> None:
    schedule = FixedTime(datetime(2024, 3, 31, 2, 30), BERLIN)  # noqa: DTZ001

    assert due_at(schedule, MEETING) == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_taken_at_its_first_time() -> None:
    schedule = FixedTime(datetime(2024, 10, 27, 2, 30), BERLIN)  # noqa: DTZ001

    assert due_at(schedule, MEETING) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


@given(schedules | recurring)
def test_a_schedule_reads_back_as_it_was_written(schedule: Schedule) -> None:
    assert parse(schedule.as_data()) == schedule


@given(st.sampled_from(MEETING_ANCHORS), st.integers(-400, 400), clocks, meetings)
def test_a_day_offset_is_at_its_hour_on_its_day(anchor: str, days: int, clock: time, times: Times) -> None:
    schedule = parse({"offset": {"anchor": anchor, "days": days, "time": clock.isoformat()}})

    due = due_at(schedule, times).astimezone(ZoneInfo(times.zone))

    moment = times.starts_at if anchor == "meeting_start" else times.ends_at
    wanted = moment.astimezone(ZoneInfo(times.zone)).date() + timedelta(days=days)
    intended = datetime.combine(wanted, clock, ZoneInfo(times.zone))
    skipped = intended.astimezone(UTC).astimezone(ZoneInfo(times.zone)).replace(
        tzinfo=None
    ) != datetime.combine(wanted, clock)
    assert skipped or (due.date(), due.time()) == (wanted, clock)


@given(schedules, meetings, st.timedeltas(timedelta(days=-800), timedelta(days=800)))
def test_a_due_time_comes_once_however_the_meeting_moves(
    schedule: Schedule, times: Times, move: timedelta
) -> None:
    armed_at = datetime(2000, 1, 1, tzinfo=UTC)
    first = next(schedule.dues(times, armed_at))
    assert next_due(schedule, times, armed_at=armed_at, last=None) == first.at

    moved = Times(times.starts_at + move, times.ends_at + move, times.zone)
    again = next_due(schedule, moved, armed_at=armed_at, last=first)

    due = due_at(schedule, moved)
    assert again == (due if due > first.at + SAME_OCCASION else None)


def test_a_meeting_that_moves_to_another_day_takes_its_reminder_along() -> None:
    schedule = DayOffset("meeting_start", (-1,), time(8))
    sent = due_at(schedule, MEETING)

    def after(move: timedelta) -> datetime | None:
        moved = Times(MEETING.starts_at + move, MEETING.ends_at + move, MEETING.zone)
        return next_due(schedule, moved, armed_at=sent - timedelta(days=30), last=Due(sent, "-1"))

    assert after(timedelta(hours=2)) is None
    assert after(timedelta(days=-3)) is None
    assert after(timedelta(days=14)) == sent + timedelta(days=14)


def test_what_lay_before_the_reminder_was_set_up_is_not_due() -> None:
    schedule = DayOffset("meeting_start", (-1,), time(8))
    due = due_at(schedule, MEETING)

    assert next_due(schedule, MEETING, armed_at=due, last=None) == due
    assert next_due(schedule, MEETING, armed_at=due + timedelta(seconds=1), last=None) is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"at": "2024-13-01T08:00"},
        {"at": "tomorrow"},
        {"at": "2024-08-05T08:00+07:00"},
        {"at": "0001-01-01T00:00"},
        {"at": 7},
        {"at": "2024-08-05T08:00", "zone": "Asia/Palembang"},
        {"at": "2024-08-05T08:00", "zone": "../../etc/passwd"},
        {"at": "2024-08-05T08:00", "zone": 7},
        {"at": "2024-08-05T08:00", "offset": {"anchor": "meeting_start", "minutes": 0}},
        {"offset": "tomorrow"},
        {"offset": {"anchor": "stage_start", "minutes": 5}},
        {"offset": {"anchor": "meeting_start"}},
        {"offset": {"anchor": "meeting_start", "days": 1}},
        {"offset": {"anchor": "meeting_start", "days": 1, "time": "8"}},
        {"offset": {"anchor": "meeting_start", "days": 1, "time": "25:00"}},
        {"offset": {"anchor": "meeting_start", "days": 1, "time": "08:00+07:00"}},
        {"offset": {"anchor": "meeting_start", "days": True, "time": "08:00"}},
        {"offset": {"anchor": "meeting_start", "days": 10**9, "time": "08:00"}},
        {"offset": {"anchor": "meeting_start", "minutes": 1.5}},
        {"offset": {"anchor": "meeting_start", "minutes": 5, "days": 1, "time": "08:00"}},
    ],
)
def test_what_is_no_schedule_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(BadSchedule):
        parse(data)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("25-11-2026 08.00", "2026-11-25T08:00"),
        ("5/1/2027, 8:05", "2027-01-05T08:05"),
        ("2026-11-25 18:30", "2026-11-25T18:30"),
        ("29-02-2028 00:00", "2028-02-29T00:00"),
        ("10.00", "2026-11-24T10:00"),
        ("09.30", "2026-11-25T09:30"),
        ("09.29", "2026-11-25T09:29"),
        ("29-02-2027 08.00", None),
        ("24:00", None),
        ("besok", None),
        ("01-01-0001 08.00", None),
        ("", None),
    ],
)
def test_times_that_people_type(typed: str, read: str | None) -> None:
    found = read_clock(typed, datetime.fromisoformat("2026-11-24T09:30"))

    assert found == (None if read is None else datetime.fromisoformat(read))
