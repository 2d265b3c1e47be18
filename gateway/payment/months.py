"""Periods of payment: a month '2015-06', a year '2015'. Days are both inclusive."""

from datetime import date, timedelta

from gateway.kernel.calendar import Period


def month_of(day: date) -> Period:
    """'2015-06' for any day of that month."""
    return f"{day.year:04d}-{day.month:02d}"


def first_day(period: Period) -> date:
    """The first day of a month '2015-06' or a year '2015'. ValueError when it is neither."""
    year, _, month = period.partition("-")
    if len(year) != 4 or (month and len(month) != 2) or not (year + month).isdigit():
        raise ValueError(f"not a month 2015-06 or a year 2015: {period[:20]!r}")
    return date(int(year), int(month or "1"), 1)


def last_day(period: Period) -> date:
    """The last day of a month or year."""
    first = first_day(period)
    if "-" not in period:
        return date(first.year, 12, 31)
    return date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)


def months_of(period: Period) -> tuple[date, ...]:
    """The first days of the months of a period: one, or twelve."""
    first = first_day(period)
    return (first,) if "-" in period else tuple(date(first.year, month, 1) for month in range(1, 13))


def months_before(period: Period) -> tuple[date, ...]:
    """The first days of the year's months before a month."""
    first = first_day(period)
    return tuple(date(first.year, month, 1) for month in range(1, first.month))
