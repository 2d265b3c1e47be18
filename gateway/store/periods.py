"""Closed periods of the books: which days take no more postings, and which entries of a closing still may pass."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.store.values import ClosedPeriod, PeriodState

_DAY = timedelta(days=1)
_SHAPE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)


def first_day(period: str) -> date:
    """The first day of a day '2015-06-30', month '2015-06' or year '2015'. ValueError for anything else."""
    year, month, day = _parts(period)
    return date(year, month or 1, day or 1)


def last_day(period: str) -> date:
    """The last day of a day, month or year. ValueError for anything else."""
    year, month, day = _parts(period)
    return date(year, month or 12, day or monthrange(year, month or 12)[1])


def _parts(period: str) -> tuple[int, int, int]:
    if not _SHAPE.fullmatch(period):
        raise ValueError(f"not a day, month or year: {period[:20]!r}")
    year, month, day = (*(int(part) for part in period.split("-")), 0, 0)[:3]
    date(year, month or 1, day or 1)
    return year, month, day


@dataclass(frozen=True, slots=True)
class Frontier:
    """How far a scheme's books are closed. `until`: the last closed day, None before the first closing.

    Every day up to `until` is closed, gaps included. `closing`: periods that still take the entries of their closing.
    """

    until: date | None = None
    closing: tuple[str, ...] = ()

    def with_(self, period: ClosedPeriod) -> "Frontier":
        """The frontier after a period was closed, or began to close."""
        end = last_day(period.period)
        others = tuple(each for each in self.closing if each != period.period)
        closing = (*others, period.period) if period.state is PeriodState.CLOSING else others
        return Frontier(end if self.until is None else max(self.until, end), closing)

    def open_day(self, day: date) -> date:
        """The day itself, or the first one after what is closed."""
        return day if self.is_open(day) or self.until is None else self.until + _DAY

    def is_open(self, day: date) -> bool:
        """Whether anybody may book on a day."""
        return self.until is None or day > self.until

    def closings_of(self, day: date) -> tuple[str, ...]:
        """The periods being closed that hold a day."""
        return tuple(each for each in self.closing if first_day(each) <= day <= last_day(each))


def frontier(found: Iterable[tuple[str, str]]) -> Frontier:
    """The frontier of stored (period, state)."""
    ends = []
    closing = []
    for period, state in found:
        ends.append(last_day(period))
        if state == PeriodState.CLOSING:
            closing.append(period)
    return Frontier(max(ends, default=None), tuple(sorted(set(closing))))
