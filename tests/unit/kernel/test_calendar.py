"""Days are China's, instants are UTC, and nothing that does not exist gets through."""

from datetime import UTC, date, datetime

import pytest

from gateway.kernel import calendar


def test_the_business_day_turns_at_midnight_in_china() -> None:
    assert calendar.business_day(datetime(2015, 3, 8, 15, 59, 59, tzinfo=UTC)) == date(2015, 3, 8)
    assert calendar.business_day(datetime(2015, 3, 8, 16, 0, 0, tzinfo=UTC)) == date(2015, 3, 9)


def test_periods_are_named_as_accumulators_and_settlement_months_need() -> None:
    day = date(2015, 3, 31)

    assert (calendar.benefit_year(day), calendar.quarter(day), calendar.month(day)) == ("2015", "2015Q1", "201503")
    assert [calendar.quarter(date(2015, month, 1)) for month in (4, 6, 7, 9, 10, 12)] == [
        "2015Q2",
        "2015Q2",
        "2015Q3",
        "2015Q3",
        "2015Q4",
        "2015Q4",
    ]


@pytest.mark.parametrize("text", ["2015-03-09", "20150309"])
def test_a_day_is_read_in_both_spellings(text: str) -> None:
    assert calendar.parse_day(text) == date(2015, 3, 9)


def test_the_leap_day_exists_in_leap_years_only() -> None:
    assert calendar.parse_day("2016-02-29") == date(2016, 2, 29)
    with pytest.raises(ValueError, match="day"):
        calendar.parse_day("2015-02-29")


@pytest.mark.parametrize(
    "text",
    [
        "20150230",
        "2015-13-01",
        "2015-3-9",
        "2015/03/09",
        "0000-01-01",
        "",
        "2015-W11-1",
        "２０１５-03-09",
        "２０１５０３０９",
        "x" * 9999,
    ],
)
def test_a_day_that_does_not_exist_or_is_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+") as refused:
        calendar.parse_day(text)

    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2015-03-09 08:30:00", "2015-03-09T00:30:00.000Z"),
        ("2015-03-09T08:30:00+08:00", "2015-03-09T00:30:00.000Z"),
        ("2015-03-09T00:30:00Z", "2015-03-09T00:30:00.000Z"),
        ("2015-03-09T00:30:00.123456Z", "2015-03-09T00:30:00.123Z"),
        ("20150309083000", "2015-03-09T00:30:00.000Z"),
        ("20150309083000+0000", "2015-03-09T08:30:00.000Z"),
        ("20150309083000.1234-0500", "2015-03-09T13:30:00.000Z"),
        ("201503090830", "2015-03-09T00:30:00.000Z"),
        ("2015030908", "2015-03-09T00:00:00.000Z"),
        ("20150309", "2015-03-08T16:00:00.000Z"),
        ("2015-03-09", "2015-03-08T16:00:00.000Z"),
        ("0999-01-02", "0999-01-01T16:00:00.000Z"),
    ],
)
def test_an_instant_without_a_zone_is_chinas_and_is_written_in_utc(text: str, utc: str) -> None:
    assert calendar.instant_text(calendar.parse_instant(text)) == utc


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2015",
        "2015-02-29 10:00:00",
        "20150309253000",
        "20150309083060",
        "20150309083000+2500",
        "20150309083000+0860",
        "0001-01-01 00:00:00",  # in UTC it would be in the year 0
        "99991231235959-0800",  # in UTC it would be in the year 10000
        "9999-12-31T23:00:00Z",  # in China it would be in the year 10000
        "２０１５0309",
    ],
)
def test_an_instant_that_does_not_exist_in_both_zones_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        calendar.parse_instant(text)
