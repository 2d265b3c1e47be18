"""Closed periods against the postings: nothing was booked into one later, its turnover is what it was closed with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from gateway.kernel.problem import Kind, Problem
from gateway.store.digests import days_of, digest_of
from gateway.store.periods import first_day, last_day
from gateway.store.queries import Place

_CLOSED = (
    "SELECT period, digest, seq FROM book_period WHERE area = ? AND scheme = ? AND state = 'closed' "
    "ORDER BY to_on, period"
)
_SCHEMES = "SELECT DISTINCT scheme FROM book_period WHERE area = ? AND state = 'closed' ORDER BY scheme"
_TURNOVER = (
    "SELECT booked_on, fund, account, sum(CASE WHEN fen > 0 THEN fen ELSE 0 END), "
    "-sum(CASE WHEN fen < 0 THEN fen ELSE 0 END) FROM posting WHERE area = ? AND scheme = ? AND booked_on <= ? "
    "GROUP BY booked_on, fund, account"
)
_LATER = (
    "SELECT entry_id, seq, fund, account, fen, EXISTS (SELECT 1 FROM dossier d WHERE d.area = p.area "
    "AND d.kind = 'closing' AND d.id = p.cause) FROM posting p WHERE area = ? AND scheme = ? AND booked_on = ? "
    "AND seq > ?"
)


class _Late(NamedTuple):
    """A line booked after a period that holds its day was closed. `closing`: by the closing of a longer period."""

    entry: str
    day: date
    seq: int
    fund: str
    account: str
    fen: int
    closing: bool


class _Closed(NamedTuple):
    period: str
    digest: str
    seq: int

    def holds(self, day: date) -> bool:
        return first_day(self.period) <= day <= last_day(self.period)


def check(place: Place) -> Iterator[Problem]:
    """One reading of the postings by day, whatever the number of periods that hold it."""
    for (scheme,) in place.rows(_SCHEMES):
        closed = [_Closed(*row) for row in place.rows(_CLOSED, scheme)]
        late = list(_late_lines(place, scheme, closed))
        yield from _check_late(scheme, closed, late)
        yield from _check_digests(place, scheme, closed, late)


def _late_lines(place: Place, scheme: str, closed: Iterable[_Closed]) -> Iterator[_Late]:
    """Lines above the lowest number at which a period that holds their day was closed: a look into the index a day."""
    lowest: dict[date, int] = {}
    for one in closed:
        for text in days_of(place, scheme, from_on=first_day(one.period), to_on=last_day(one.period)):
            day = date.fromisoformat(text)
            lowest[day] = min(one.seq, lowest.get(day, one.seq))
    for day, seq in sorted(lowest.items()):
        for entry, number, fund, account, fen, closing in place.rows(_LATER, scheme, day.isoformat(), seq):
            yield _Late(entry, day, number, fund, account, fen, bool(closing))


def _check_late(scheme: str, closed: Iterable[_Closed], late: Iterable[_Late]) -> Iterator[Problem]:
    """A year's closing entries may stand in its December, that was closed before; nobody else's."""
    for entry, day in sorted({(line.entry, line.day) for line in late if not line.closing}):
        periods = ", ".join(one.period for one in closed if one.holds(day))
        yield Problem(
            Kind.FAULT,
            "booked-after-closing",
            f"posting/{entry}",
            f"this entry was booked into {periods} of scheme {scheme} after it was closed",
            f"该分录在 {scheme} {periods} 结账后记入该期间",
        )


def _check_digests(place: Place, scheme: str, closed: Iterable[_Closed], late: Iterable[_Late]) -> Iterator[Problem]:
    held = [one for one in closed if one.digest]
    if not held:
        return
    by_day: dict[date, dict[tuple[str, str], tuple[int, int]]] = defaultdict(dict)
    until = max(last_day(one.period) for one in held).isoformat()
    for day, fund, account, debit, credit in place.rows(_TURNOVER, scheme, until):
        by_day[date.fromisoformat(day)][fund, account] = (int(debit), int(credit))
    for one in held:
        sides = _sides(one, by_day, [line for line in late if one.holds(line.day) and line.seq > one.seq])
        if digest_of(sides) != one.digest:
            yield Problem(
                Kind.FAULT,
                "period-differs",
                f"book_period/{scheme}/{one.period}",
                "the turnover of this closed period is not what it was closed with",
                "该已结账期间的发生额与结账时不一致",
            )


def _sides(
    one: _Closed, by_day: Mapping[date, Mapping[tuple[str, str], tuple[int, int]]], late: Iterable[_Late]
) -> dict[tuple[str, str], tuple[int, int]]:
    """The turnover of a period as it was when it was closed: of all its days, less what came later."""
    debits: dict[tuple[str, str], int] = defaultdict(int)
    credits: dict[tuple[str, str], int] = defaultdict(int)
    for day, moved in by_day.items():
        for key, (debit, credit) in moved.items() if one.holds(day) else ():
            debits[key] += debit
            credits[key] += credit
    for line in late:
        debits[line.fund, line.account] -= max(line.fen, 0)
        credits[line.fund, line.account] -= max(-line.fen, 0)
    return {key: (debits[key], credits[key]) for key in debits}
