"""Questions to the books for closing and clearing: lines, turnover, balances, what institutions did and are owed.

None of them holds a transaction for longer than a statement (but the export), so readers keep neither the writer nor a
checkpoint waiting. A closed period gives the same answer for ever; that of an open one is of the moment it was asked.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.store.queries import Place
from gateway.store.session import Row, Texts
from gateway.store.values import Activity, CareRow, PostingLine, Turnover

_PAGE = 5_000
_LINE = "seq, entry_id, line, scheme, fund, account, party, fen, booked_on, cause, reverses"
_SIDES = "sum(CASE WHEN fen > 0 THEN fen ELSE 0 END), -sum(CASE WHEN fen < 0 THEN fen ELSE 0 END)"
_IN_BOOKS = "FROM posting WHERE area = ? AND scheme = ? AND booked_on >= ? AND booked_on <= ?"
_TURNOVER = f"SELECT fund, account, {_SIDES} {_IN_BOOKS} GROUP BY fund, account"
_PARTIES = f"SELECT fund, party, {_SIDES} {_IN_BOOKS} AND account = ? GROUP BY fund, party"
_BALANCES = (
    "SELECT fund, account, sum(fen) FROM posting WHERE area = ? AND scheme = ? AND booked_on <= ? "
    "GROUP BY fund, account"
)
_PAYABLES = (
    "SELECT party, fund, -sum(fen) FROM posting p WHERE area = ? AND scheme = ? AND booked_on >= ? AND booked_on <= ? "
    "AND account = ?{parties} AND EXISTS (SELECT 1 FROM settlement s WHERE s.area = p.area AND s.claim = p.cause) "
    "GROUP BY party, fund ORDER BY party, fund"
)
# The institutions by skipping from one to the next in the index, not by reading all settlements.
_INSTITUTIONS = (
    "WITH RECURSIVE found(code) AS (SELECT min(institution) FROM settlement WHERE area = ? UNION ALL "
    "SELECT (SELECT min(institution) FROM settlement WHERE area = ? AND institution > found.code) FROM found "
    "WHERE found.code IS NOT NULL) SELECT code FROM found WHERE code IS NOT NULL ORDER BY code"
)
_SUMS = "count(*), sum(total), sum(fund), sum(account)"
_DONE = (
    f"SELECT institution, kind, {_SUMS} FROM settlement WHERE area = ? AND institution {{texts}} AND scheme = ? "
    "AND booked_on >= ? AND booked_on <= ? GROUP BY institution, kind"
)
_UNDONE = (
    f"SELECT institution, kind, {_SUMS} FROM settlement WHERE area = ? AND institution {{texts}} AND scheme = ? "
    "AND cancelled_on <> '' AND cancelled_on >= ? AND cancelled_on <= ? GROUP BY institution, kind"
)
_CARE = (
    "SELECT person, kind, case_group, days, total, fund, account, id, {day} FROM settlement WHERE area = ? "
    "AND institution = ? AND scheme = ?{undone} AND {day} >= ? AND {day} <= ? AND ({day}, id) > (?, ?) "
    "ORDER BY {day}, id LIMIT ?"
)
_CARE_DONE = _CARE.format(day="booked_on", undone="")
_CARE_UNDONE = _CARE.format(day="cancelled_on", undone=" AND cancelled_on <> ''")


def _days(from_on: date, to_on: date) -> tuple[str, str]:
    return from_on.isoformat(), to_on.isoformat()


def postings(
    place: Place,
    *,
    scheme: str,
    account: str | None,
    fund: str | None,
    party: str | None,
    from_on: date | None,
    to_on: date | None,
    cause: str | None,
    after: tuple[date, int] | None,
    limit: int,
) -> list[PostingLine]:
    """A page of lines by day and number, behind the place of the last one."""
    statement, values = f"SELECT {_LINE} FROM posting WHERE area = ? AND scheme = ?", [scheme]
    conditions: tuple[tuple[str, str | None], ...] = (
        ("account = ?", account),
        ("fund = ?", fund),
        ("party = ?", party),
        ("cause = ?", cause),
        ("booked_on >= ?", from_on.isoformat() if from_on else None),
        ("booked_on <= ?", to_on.isoformat() if to_on else None),
    )
    for condition, value in conditions:
        if value is not None:
            statement += f" AND {condition}"
            values.append(value)
    behind: tuple[str | int, ...] = ()
    if after is not None:
        statement += " AND booked_on >= ? AND (booked_on, seq) > (?, ?)"
        behind = (after[0].isoformat(), after[0].isoformat(), after[1])
    found = place.rows(f"{statement} ORDER BY booked_on, seq LIMIT ?", *values, *behind, limit)
    return [_posting_line(row) for row in found]


def _posting_line(row: Row) -> PostingLine:
    seq, entry_id, line, scheme, fund, account, party, fen, booked_on, cause, reverses = row
    day = date.fromisoformat(booked_on)
    return PostingLine(seq, entry_id, line, scheme, fund, account, party, fen, day, cause, reverses)


def turnover(place: Place, scheme: str, *, from_on: date, to_on: date) -> dict[tuple[str, str], Turnover]:
    """By (fund, account)."""
    found = place.rows(_TURNOVER, scheme, *_days(from_on, to_on))
    return {(fund, account): Turnover(int(debit), int(credit)) for fund, account, debit, credit in found}


def party_turnover(
    place: Place, scheme: str, account: str, *, from_on: date, to_on: date
) -> dict[tuple[str, str], Turnover]:
    """By (fund, party)."""
    found = place.rows(_PARTIES, scheme, *_days(from_on, to_on), account)
    return {(fund, party): Turnover(int(debit), int(credit)) for fund, party, debit, credit in found}


def balances(place: Place, scheme: str, *, on: date) -> dict[tuple[str, str], Fen]:
    """By (fund, account)."""
    return {(fund, account): int(fen) for fund, account, fen in place.rows(_BALANCES, scheme, on.isoformat())}


def payables(
    place: Place, scheme: str, *, from_on: date, to_on: date, institutions: Sequence[str] | None
) -> dict[str, dict[str, Fen]]:
    """By institution, then fund."""
    listed = () if institutions is None else (Texts(institutions),)
    statement = _PAYABLES.replace("{parties}", "" if institutions is None else " AND party {texts}")
    found: dict[str, dict[str, Fen]] = {}
    rows = place.rows(statement, scheme, *_days(from_on, to_on), str(Account.PROVIDER_PAYABLE), *listed)
    for party, fund, fen in rows:
        found.setdefault(party, {})[fund] = int(fen)
    return found


def institutions_of(place: Place) -> list[str]:
    """Codes of all institutions that ever settled."""
    return [code for (code,) in place.rows(_INSTITUTIONS, str(place.area))]


def activity(place: Place, scheme: str, *, from_on: date, to_on: date, institution: str | None) -> list[Activity]:
    """By institution and kind."""
    codes = Texts(institutions_of(place) if institution is None else (institution,))
    days = _days(from_on, to_on)
    done = {tuple(row[:2]): row[2:] for row in place.rows(_DONE, codes, scheme, *days)}
    undone = {tuple(row[:2]): row[2:] for row in place.rows(_UNDONE, codes, scheme, *days)}
    found = []
    for code, kind in sorted(done.keys() | undone.keys()):
        settled, *plus = (int(number) for number in done.get((code, kind), (0, 0, 0, 0)))
        cancelled, *minus = (int(number) for number in undone.get((code, kind), (0, 0, 0, 0)))
        total, fund, account = (one - other for one, other in zip(plus, minus, strict=True))
        found.append(Activity(code, kind, settled, cancelled, total, fund, account))
    return found


def care(place: Place, scheme: str, institution: str, *, from_on: date, to_on: date) -> Iterator[CareRow]:
    """What one institution settled, then what was cancelled of it, each by day and id; read page by page."""
    for statement, sign in ((_CARE_DONE, 1), (_CARE_UNDONE, -1)):
        day, id = from_on.isoformat(), ""
        while page := place.rows(statement, institution, scheme, *_days(from_on, to_on), day, id, _PAGE):
            for person, kind, group, days, total, fund, account, id, day in page:
                booked_on = date.fromisoformat(day)
                yield CareRow(
                    institution, person, kind, group, days, total, fund, account, sign, id, booked_on,
                )  # fmt: skip
            if len(page) < _PAGE:
                break
