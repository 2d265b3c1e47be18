"""An institution's figures beside ours, by sort of care, to the fen."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gateway.exchange.clearing.bodies import Applied, CareTotal, CareType
from gateway.settlement.claim import ClaimKind

KINDS: Mapping[CareType, frozenset[str]] = {
    CareType.OUTPATIENT: frozenset(
        {ClaimKind.OUTPATIENT, ClaimKind.EMERGENCY, ClaimKind.CHRONIC, ClaimKind.SPECIAL_DRUG}
    ),
    CareType.INPATIENT: frozenset({ClaimKind.INPATIENT, ClaimKind.MATERNITY, ClaimKind.DAY_SURGERY}),
    CareType.PHARMACY: frozenset({ClaimKind.PHARMACY}),
    CareType.ALL: frozenset(ClaimKind),
}
"""Reading: the grouping of mappings/maps/nhsa-clr-type.json, clearing types 11, 21 and 41."""


class Difference(NamedTuple):
    """A figure that the two sides say differently: cases, or fen."""

    figure: str
    stated: int
    ours: int


def applied_for(care: Iterable[CareTotal], type: CareType) -> Applied:
    """Our own figures for what an application is for; what fund and account did not pay counts as cash."""
    meant = [each for each in care if each.kind in KINDS[type] or (type is CareType.ALL)]
    total, fund = sum(each.total for each in meant), sum(each.fund for each in meant)
    account = sum(each.account for each in meant)
    cases = sum(each.cases for each in meant)
    return Applied(cases=cases, total=total, fund=fund, account=account, cash=total - fund - account)


def differences(stated: Applied, ours: Applied) -> list[Difference]:
    """Every figure that differs; [] when they match to the fen."""
    pairs = ((name, getattr(stated, name), getattr(ours, name)) for name in Applied.__struct_fields__)
    return [Difference(*pair) for pair in pairs if pair[1] != pair[2]]


def uncovered(care: Iterable[CareTotal], types: Iterable[CareType]) -> list[CareType]:
    """Sorts of care that the month has and no matching application is for."""
    matched = set(types)
    if CareType.ALL in matched:
        return []
    active = {each.kind for each in care if each.cases or each.total or each.fund or each.account}
    sorts = (CareType.OUTPATIENT, CareType.INPATIENT, CareType.PHARMACY)
    known = frozenset().union(*(KINDS[each] for each in sorts))
    missing = [each for each in sorts if each not in matched and active & KINDS[each]]
    return missing + ([CareType.ALL] if active - known else [])
