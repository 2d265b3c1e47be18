"""What a closing keeps of each institution: measures for the months and the year after, and assessments."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gateway.exchange.closing.periods import encoded
from gateway.exchange.exchange import Exchange
from gateway.kernel.ids import derived_id
from gateway.payment.assessment import Assessment
from gateway.payment.measure import Measure, measure_from, measure_values
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Dossier, Wants

MEASURE, ASSESSMENT = "measure", "assessment"
_MADE = "made"
_PAGE = 500


def kept_measures(store: Store, scheme: str, month: str) -> dict[str, tuple[Measure, ...]]:
    """The measures of a month that are kept, by institution."""
    found = {}
    for each in _dossiers(store, MEASURE, month):
        if each.key.startswith(f"{scheme}|"):
            found[each.party] = tuple(measure_from(values) for values in msgspec.json.decode(each.body))
    return found


def keep_measures(exchange: Exchange, scheme: str, month: str, measures: Mapping[str, Sequence[Measure]]) -> None:
    """Keep the measures of some institutions; those that are kept already stay as they are."""

    def work(unit: Unit) -> None:
        for code, listed in measures.items():
            _put_once(unit, MEASURE, f"{scheme}|{month}|{code}", month, code, [measure_values(each) for each in listed])

    keys = tuple((MEASURE, f"{scheme}|{month}|{code}") for code in measures)
    exchange.store.submit(work, Wants(dossiers=keys)).result()


def assessment_key(scheme: str, assessment: Assessment) -> str:
    """'resident|2015-06|H32118200001', or 'resident|2015|H32118200001' of a year."""
    return f"{scheme}|{assessment.period}|{assessment.institution}"


def keep_assessment(unit: Unit, scheme: str, period: str, assessments: Sequence[Assessment]) -> None:
    """Keep with a clearing how it came about: the month's assessment, and the year's in its last month."""
    for each in assessments:
        key = assessment_key(scheme, each)
        _put_once(unit, ASSESSMENT, key, period, each.institution, msgspec.to_builtins(each), fen=each.due)


def kept_assessments(store: Store, scheme: str, month: str) -> dict[str, dict[str, Any]]:
    """The month's own assessments as values, by institution."""
    return {
        each.party: msgspec.json.decode(each.body)
        for each in _dossiers(store, ASSESSMENT, month)
        if each.key.startswith(f"{scheme}|{month}|")
    }


def _put_once(unit: Unit, kind: str, key: str, period: str, institution: str, values: Any, *, fen: int = 0) -> None:
    if unit.dossier_of_key(kind, key) is None:
        id = derived_id(unit.area, kind, key)
        unit.put_dossier(Dossier(kind, id, key, _MADE, period, institution, fen, encoded(values)))


def _dossiers(store: Store, kind: str, period: str) -> Iterator[Dossier]:
    after = None
    while page := store.dossiers(kind, period=period, after=after, limit=_PAGE):
        yield from page
        after = page[-1].id
