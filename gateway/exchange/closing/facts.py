"""What assessments need beside a month's own measures, read from the books and from what earlier closings kept."""

from collections.abc import Mapping
from datetime import date

from gateway.exchange.closing.kept import kept_assessments, kept_measures
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.payment.assessment import Assessment, Facts
from gateway.payment.measure import Measure
from gateway.payment.months import last_day, month_of, months_before, months_of
from gateway.policies.load import AreaPolicy
from gateway.policies.payment_cases import levels_of
from gateway.store.store import Store


def facts_of_month(store: Store, area: AreaPolicy, month: str) -> Facts:
    """The year's earlier measures and the advances that stand. What is carried over is the clearings' own."""
    scheme = area.policy.scheme
    earlier: dict[str, tuple[Measure, ...]] = {}
    for first in months_before(month):
        for code, listed in kept_measures(store, scheme, month_of(first)).items():
            earlier[code] = (*earlier.get(code, ()), *listed)
    advances = _standing(store, scheme, Account.ADVANCES_TO_PROVIDERS, last_day(month))
    return Facts(levels=levels_of(area, month), earlier=earlier, advances=advances)


def facts_of_year(
    store: Store,
    area: AreaPolicy,
    year: str,
    december: Mapping[str, tuple[Measure, ...]],
    monthly: Mapping[str, Assessment],
) -> tuple[Facts, dict[str, tuple[Measure, ...]]]:
    """Facts of the year, and the measures of its twelve months; those of December are not kept with a due yet."""
    scheme = area.policy.scheme
    measures: dict[str, tuple[Measure, ...]] = {}
    assessed: dict[str, Fen] = {}
    for first in months_of(year)[:-1]:
        month = month_of(first)
        for code, listed in kept_measures(store, scheme, month).items():
            measures[code] = (*measures.get(code, ()), *listed)
        for code, values in kept_assessments(store, scheme, month).items():
            assessed[code] = assessed.get(code, 0) + int(values["due"])
    for code, listed in december.items():
        measures[code] = (*measures.get(code, ()), *listed)
    for code, each in monthly.items():
        assessed[code] = assessed.get(code, 0) + each.due
    held = _standing(store, scheme, Account.QUALITY_DEPOSIT, last_day(year))
    retained = {code: each.retained for code, each in monthly.items() if each.retained}
    deposits = {code: -held.get(code, 0) + retained.get(code, 0) for code in sorted({*held, *retained})}
    facts = Facts(levels=levels_of(area, year), assessed=assessed, deposits=deposits)
    return facts, dict(sorted(measures.items()))


def _standing(store: Store, scheme: str, account: Account, on: date) -> dict[str, Fen]:
    """Balance of an account by party at the end of a day, debit positive, over all funds; zeros left out."""
    found: dict[str, Fen] = {}
    for (_, party), turnover in store.party_turnover(scheme, account, from_on=date.min, to_on=on).items():
        found[party] = found.get(party, 0) + turnover.balance
    return {party: fen for party, fen in sorted(found.items()) if fen}
