"""Terms of every method with small figures, and random care for them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from gateway.kernel import money
from gateway.payment.case import Case
from gateway.payment.measure import Measure
from gateway.payment.measuring import measure_month
from gateway.payment.months import month_of
from gateway.payment.payment import Payment
from gateway.payment.shapes import DayBand, HeadClass, ShareBand
from gateway.payment.terms import EVERYONE, Scope, Terms
from gateway.settlement.rule import Rule, Wording

INSTITUTIONS = ("H32118200001", "H32118200002", "H32118200003")
MONTH = "2015-06"
DAY = date(2015, 6, 15)
RULE = Rule("test", "", "payment.terms.one", date.min, "", "示范")
FOREVER_DAYS = 100_000
NO_END = 10_000 * money.RATE_ONE

_WEIGHING: dict[str, Any] = {
    "case_cost": money.of("1000.00"),
    "high": 30_000,
    "low": 4_000,
    "ungrouped": 8_000,
    "coefficients": {INSTITUTIONS[1]: 11_000},
}
_WEIGHTS = {"G1": 5_000, "G2": 24_321}
_POOL = {"budget": money.of("120000.07"), "monthly": 9_000}

_ADULT = HeadClass(10_000, 0, 1_000, "")

PARAMETERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "fee-for-service": ("fee-for-service", {}),
    "per-disease": (
        "per-disease",
        {"prices": {"G1": 300_000, "G2": 900_000}, "pays": "whole", "high": 20_000, "low": 4_000},
    ),
    "per-disease of the fund": ("per-disease", {"prices": {"G1": 300_000}, "pays": "fund"}),
    "per-bed-day": ("per-bed-day", {"bands": (DayBand(10, 30_000), DayBand(FOREVER_DAYS, 20_000)), "pays": "whole"}),
    "per-diem": ("per-diem", {"rates": {"G1": 26_000}, "other": 10_001, "pays": "fund", "most_days": 60}),
    "per-head": (
        "per-head",
        {"rate": 3_600, "every": "quarter", "classes": {"adult": HeadClass(10_000, 0, 1_000, "")}},
    ),
    "global-budget": (
        "global-budget",
        {
            "budgets": {INSTITUTIONS[0]: money.of("100000.01"), INSTITUTIONS[1]: 0},
            "monthly": "twelfth",
            "kept": 5_000,
            "overspend": (ShareBand(1_000, 6_000), ShareBand(NO_END, 2_500)),
        },
    ),
    "average-cost": ("average-cost", {"standard": 250_000, "kept": 5_000, "deducted": 8_000}),
    "drg at a rate": ("drg", {"weights": _WEIGHTS, "rate": 900_000, "pays": "whole", **_WEIGHING}),
    "drg in a pool": ("drg", {"weights": _WEIGHTS, **_POOL, **_WEIGHING}),
    "dip": ("dip", {"points": _WEIGHTS, **_POOL, **_WEIGHING, "highest": 500_000}),
}
POOLS = ("drg in a pool", "dip")
BY_CASE = ("fee-for-service", "per-disease", "per-disease of the fund", "per-bed-day", "per-diem", "drg at a rate")


def terms(name: str, *, scope: Scope = EVERYONE, from_on: date = date.min, to_on: date = date.max) -> Terms:
    method, parameters = PARAMETERS[name]
    return Terms("one", Wording("示范", "test"), method, scope, RULE, parameters, from_on, to_on)


def payment(*agreed: Terms, **other: Any) -> Payment:
    return Payment("test", "v", b"", agreed, **other)


@st.composite
def cases(draw: st.DrawFn, institution: str | None = None) -> Case:
    total = draw(st.integers(0, 5_000_000))
    fund = draw(st.integers(0, total))
    return Case(
        institution=institution or draw(st.sampled_from(INSTITUTIONS)),
        person="p",
        kind=draw(st.sampled_from(("inpatient", "outpatient"))),
        case_group=draw(st.sampled_from(("", "G1", "G2"))),
        days=draw(st.integers(0, 100)),
        total=total,
        fund=fund,
        account=draw(st.integers(0, total - fund)),
        sign=draw(st.sampled_from((1, 1, 1, -1))),
        settlement="s",
        booked_on=DAY,
    )


def case(**changed: Any) -> Case:
    """An ordinary stay."""
    plain = Case(INSTITUTIONS[0], "p", "inpatient", "", 5, 100_000, 80_000, 0, 1, "s", DAY)
    return plain._replace(**changed)


def measures_of(paying: Payment, care: Iterable[Case], *, level: str = "") -> dict[str, tuple[Measure, ...]]:
    """Measures by institution, months in order."""
    sorted_by: dict[tuple[str, str], list[Case]] = {}
    for each in care:
        sorted_by.setdefault((each.institution, month_of(each.booked_on)), []).append(each)
    found: dict[str, tuple[Measure, ...]] = {}
    for (code, month), listed in sorted(sorted_by.items()):
        found[code] = (*found.get(code, ()), *measure_month(paying, listed, institution=code, level=level, month=month))
    return found
