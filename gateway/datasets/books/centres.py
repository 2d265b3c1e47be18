"""The monthly report of the community settlement centre 结算中心月报, read from the books.

What each centre paid in and was paid, basic care and public health apart, and what is left of its old deficit.
"""

from collections.abc import Mapping
from datetime import date

from gateway.datasets.books.periods import span_of
from gateway.ledger.accounts import Account
from gateway.ledger.centre import Reported, monthly_report
from gateway.ledger.statements import Balances
from gateway.store.store import Store

_REPORTED = (Account.CENTRE_INCOME, Account.CENTRE_EXPENSE, Account.DEFICIT_TO_COVER)


def centre_report(store: Store, scheme: str, period: str) -> tuple[Reported, ...]:
    """The lines of a period such as 2015-03, by centre and fund; fen. Refusal `bad-report-period`."""
    span = span_of(period)
    return monthly_report(
        _by_centre(store, scheme, from_on=span.from_on, to_on=span.to_on),
        _by_centre(store, scheme, from_on=date.min, to_on=span.to_on),
    )


def _by_centre(store: Store, scheme: str, *, from_on: date, to_on: date) -> Mapping[str, Balances]:
    found: dict[str, dict[tuple[str, Account], int]] = {}
    for account in _REPORTED:
        turned = store.party_turnover(scheme, account, from_on=from_on, to_on=to_on)
        for (fund, party), turnover in turned.items():
            found.setdefault(party, {})[fund, account] = turnover.balance
    return found
