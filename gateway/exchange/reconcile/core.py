"""What the core settled for an institution, read off the store outside the writer: figures and lines of a window."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from gateway.exchange.clearing.bodies import CareType
from gateway.exchange.clearing.matching import KINDS
from gateway.exchange.reconcile.bodies import Figures, Window
from gateway.exchange.reconcile.lines import NORMAL, REFUND, Line
from gateway.store.store import Store
from gateway.store.values import CareRow

NET = ""


def our_figures(store: Store, window: Window, schemes: Iterable[str]) -> Figures:
    """What the core added up for a window."""
    if window.refunds != NET:
        return _summed(our_rows(store, window, schemes))
    cases = total = fund = account = 0
    from_on, to_on = days_of(window)
    for scheme in schemes_of(window, schemes):
        for each in store.activity(scheme, from_on=from_on, to_on=to_on, institution=window.institution):
            if covers(window.care, each.kind):
                cases += each.settled - each.cancelled
                total, fund, account = total + each.total, fund + each.fund, account + each.account
    return Figures(cases, total, fund, account)


def our_rows(store: Store, window: Window, schemes: Iterable[str]) -> Iterator[CareRow]:
    """Settlements booked and cancelled in a window."""
    from_on, to_on = days_of(window)
    for scheme in schemes_of(window, schemes):
        for row in store.care(scheme, institutions=[window.institution], from_on=from_on, to_on=to_on):
            if covers(window.care, row.kind) and window.refunds in (NET, _flag(row)):
                yield row


def covers(care: str, kind: str) -> bool:
    """Whether a kind of claim is of a sort of care; a settlement whose kind was not kept is of all of them only."""
    return care == CareType.ALL or kind in KINDS[CareType(care)]


def schemes_of(window: Window, schemes: Iterable[str]) -> Sequence[str]:
    """The schemes a window is of."""
    return [window.scheme] if window.scheme else sorted(schemes)


def days_of(window: Window) -> tuple[date, date]:
    """The first and the last day of a window."""
    return date.fromisoformat(window.from_on), date.fromisoformat(window.to_on)


def line_of(row: CareRow) -> Line:
    """A settlement as an institution would list it; a refund has its amounts negated."""
    total, fund, account = (row.sign * fen for fen in (row.total, row.fund, row.account))
    return Line(row.settlement, "", row.person, total, fund, account, _flag(row))


def _flag(row: CareRow) -> str:
    return NORMAL if row.sign > 0 else REFUND


def _summed(rows: Iterable[CareRow]) -> Figures:
    """The sum of rows of one sign, without that sign: an institution states what it refunded as amounts."""
    sums = Figures()
    for row in rows:
        sums = Figures(sums.cases + 1, sums.total + row.total, sums.fund + row.fund, sums.account + row.account)
    return sums
