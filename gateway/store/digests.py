"""What a closed period is held to: a hash of its turnover. And the ledger written out line by line, to be hashed."""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256

from gateway.ledger.chain import joined
from gateway.store.queries import Place
from gateway.store.values import LedgerLine

Sides = Mapping[tuple[str, str], tuple[int, int]]
"""Debits and credits by (fund, account), in fen, none negative."""

_SIDES = (
    "SELECT fund, account, sum(CASE WHEN fen > 0 THEN fen ELSE 0 END), -sum(CASE WHEN fen < 0 THEN fen ELSE 0 END) "
    "FROM posting WHERE area = ? AND scheme = ? AND booked_on >= ? AND booked_on <= ? GROUP BY fund, account"
)
# Schemes and days by skipping from one to the next in the index, not by reading all postings.
_SCHEMES = (
    "WITH RECURSIVE found(code) AS (SELECT min(scheme) FROM posting WHERE area = ? UNION ALL "
    "SELECT (SELECT min(scheme) FROM posting WHERE area = ? AND scheme > found.code) FROM found "
    "WHERE found.code IS NOT NULL) SELECT code FROM found WHERE code IS NOT NULL ORDER BY code"
)
_DAYS = (
    "WITH RECURSIVE found(day) AS ("
    "SELECT min(booked_on) FROM posting WHERE area = ? AND scheme = ? AND booked_on >= ? UNION ALL "
    "SELECT (SELECT min(booked_on) FROM posting WHERE area = ? AND scheme = ? AND booked_on > found.day) FROM found "
    "WHERE found.day < ?) SELECT day FROM found WHERE day <= ? ORDER BY day"
)
_LINES = (
    "SELECT area, scheme, booked_on, entry_id, line, fund, account, party, fen, cause, reverses FROM posting "
    "WHERE area = ? AND scheme = ? AND booked_on = ? ORDER BY entry_id, line"
)


def digest(place: Place, scheme: str, *, from_on: date, to_on: date) -> str:
    """64 hexadecimal digits over the turnover of the days, both included."""
    rows = place.rows(_SIDES, scheme, from_on.isoformat(), to_on.isoformat())
    return digest_of({(fund, account): (int(debit), int(credit)) for fund, account, debit, credit in rows})


def digest_of(sides: Sides) -> str:
    """64 hexadecimal digits over (fund, account, debit, credit); accounts that nothing moved do not count."""
    rows = ((*key, *moved) for key, moved in sorted(sides.items()) if any(moved))
    return sha256(joined(rows)).hexdigest()


def schemes_of(place: Place) -> list[str]:
    """Schemes that have books."""
    return [code for (code,) in place.rows(_SCHEMES, str(place.area))]


def days_of(place: Place, scheme: str, *, from_on: date, to_on: date) -> list[str]:
    """Days on which anything was booked."""
    first, last = from_on.isoformat(), to_on.isoformat()
    return [day for (day,) in place.rows(_DAYS, scheme, first, str(place.area), scheme, last, last)]


def export(place: Place, scheme: str | None, *, from_on: date, to_on: date) -> Iterator[LedgerLine]:
    """Every line by scheme, day, entry and line; within a snapshot."""
    for each in schemes_of(place) if scheme is None else [scheme]:
        for day in days_of(place, each, from_on=from_on, to_on=to_on):
            for row in place.session.stream(_LINES, place.area, each, day):
                yield LedgerLine(*row)
