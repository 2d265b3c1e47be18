"""Periods that reports are made of: a day '2015-06-30', a month '2015-06', a quarter '2015Q2', a year '2015'."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from gateway.kernel.problem import Kind, Problem, Refusal

_SHAPE = re.compile(r"(?P<year>[0-9]{4})(?:Q(?P<quarter>[1-4])|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?", re.ASCII)


class Span(NamedTuple):
    """A period with its first and last day, both included, and the months it has (1 for a day)."""

    period: str
    from_on: date
    to_on: date
    months: int


EVER = Span("", date.min, date.max, 1)
"""All days."""


def span_of(period: str) -> Span:
    """The days of a period. Refusal `bad-report-period` for anything else."""
    found = _SHAPE.fullmatch(period)
    if found is None:
        raise Refusal(_bad_period(period))
    try:
        year = int(found["year"])
        if found["quarter"]:
            last = 3 * int(found["quarter"])
            return Span(period, date(year, last - 2, 1), _end(year, last), 3)
        if found["day"]:
            day = date(year, int(found["month"]), int(found["day"]))
            return Span(period, day, day, 1)
        if found["month"]:
            return Span(period, date(year, int(found["month"]), 1), _end(year, int(found["month"])), 1)
        return Span(period, date(year, 1, 1), date(year, 12, 31), 12)
    except ValueError:
        raise Refusal(_bad_period(period)) from None


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _bad_period(period: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-report-period",
        "period",
        f"'{period[:20]}' is not a period: write 2015-06-30, 2015-06, 2015Q2 or 2015",
        f"“{period[:20]}”不是报告期:请写作 2015-06-30、2015-06、2015Q2 或 2015",
    )
