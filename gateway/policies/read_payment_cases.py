"""A payment case file: a month's or year's care and what its assessments must come to (docs/payment.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.payment.assessment import Facts
from gateway.payment.case import Case
from gateway.payment.months import first_day, last_day
from gateway.payment.payment import Payment
from gateway.policies.load import AreaPolicy, PolicyBook
from gateway.policies.nodes import Spot, mark_wrong
from gateway.policies.read_payment_area import read_changes, read_facts
from gateway.policies.read_payment_scope import Origin, institution, whole
from gateway.policies.read_payment_terms import read_terms
from gateway.policies.reading import amount, entries, items, members, text, word
from gateway.settlement.claim import ClaimKind

AMOUNTS = (
    *("fee_for_service", "due", "deductions", "assessed", "adjustment", "account", "advance"),
    *("retained", "released", "forfeited", "brought", "payable", "carried"),
)
_FACTS = ("stated", "assessed", "advances", "deposits", "brought")
_MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Expected:
    """What an institution's assessment must say: fen by field, fen due by terms, texts of figures by code."""

    amounts: Mapping[str, Fen]
    items: Mapping[str, Fen]
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PaymentCase:
    """A case as read. `period`: '2015-06' or '2015'; of a year without `assessed`, its months are assessed first."""

    name: str
    area: AreaPolicy
    payment: Payment
    period: str
    care: tuple[Case, ...]
    facts: Facts
    months_assessed: bool
    expected: Mapping[str, Expected]


def read_payment_cases(spot: Spot, book: PolicyBook) -> list[PaymentCase]:
    """The cases of a file; problems go to its list."""
    with_payment = {id: area for id, area in book.policies.items() if area.payment is not None}
    cases = []
    for each in items(spot):
        optional = ("month", "year", "care", "facts", "terms", "changes")
        found = members(each, ("case", "payment", "expect"), optional)
        area = with_payment.get(word(found.get("payment"), with_payment))
        if area is None or area.payment is None:
            continue
        period = _period(each, found)
        payment = _own(area, area.payment, found)
        facts, months_assessed = _facts(found.get("facts"))
        care = tuple(case for one in items(found.get("care")) for case in _care(one, period))
        expected = {code: _expected(one, payment) for code, one in entries(found.get("expect")).items()}
        cases.append(
            PaymentCase(text(found.get("case")), area, payment, period, care, facts, months_assessed, expected)
        )
    return cases


def _period(spot: Spot, found: Mapping[str, Spot]) -> str:
    given = [name for name in ("month", "year") if name in found]
    if len(given) != 1:
        mark_wrong(spot, "policy-key", "write either 'month' or 'year'", "month 与 year 应写其一")
        return "2000"
    said = text(found[given[0]])
    if not _is_period(said) or ("-" in said) != (given[0] == "month"):
        mark_wrong(found[given[0]], "policy-day", "write a month 2015-06 or a year 2015", "应写 2015-06 或 2015")
        return "2000"
    return said


def _is_period(said: str) -> bool:
    try:
        first_day(said)
    except ValueError:
        return False
    return True


def _own(area: AreaPolicy, payment: Payment, found: Mapping[str, Spot]) -> Payment:
    """The area's payment, with the case's own terms or changes in place of its."""
    origin = Origin(f"case of {payment.id}", payment.version, area.policy.levels)
    groups = {group.code for version in payment.groupers for group in version.value.groups}
    terms = read_terms(found["terms"], origin, groups) if "terms" in found else payment.terms
    changes = read_changes(found["changes"], origin) if "changes" in found else payment.changes
    return replace(payment, terms=terms, changes=changes)


def _care(spot: Spot, period: str) -> list[Case]:
    """So many equal cases. `on`: the day booked, by default the first of the period."""
    optional = ("kind", "group", "days", "account", "cancelled", "times", "on", "total")
    found = members(spot, ("institution", "fund"), optional)
    fund, first = amount(found.get("fund")), first_day(period)
    on = _day(found["on"], period) if "on" in found else first
    one = Case(
        institution=institution(found.get("institution")),
        person="case",
        kind=word(found["kind"], tuple(ClaimKind)) if "kind" in found else "inpatient",
        case_group=text(found["group"]) if "group" in found else "",
        days=whole(found.get("days"), 0, _MOST),
        total=amount(found["total"]) if "total" in found else fund,
        fund=fund,
        account=amount(found["account"]) if "account" in found else 0,
        sign=-1 if "cancelled" in found and word(found["cancelled"], ("true", "false")) == "true" else 1,
        settlement="",
        booked_on=on,
    )
    if one.fund + one.account > one.total:
        mark_wrong(spot, "policy-shape", "funds and account pay no more than 'total'", "基金与账户之和不应超过 total")
    return [one] * whole(found.get("times"), 1, _MOST)


def _day(spot: Spot, period: str) -> date:
    said = text(spot)
    if _is_period(said) and "-" in said:
        said = f"{said}-01"
    try:
        found = date.fromisoformat(said)
    except ValueError:
        found = date.min
    if not first_day(period) <= found <= last_day(period):
        mark_wrong(spot, "policy-day", f"write a day or month within {period}", f"应写 {period} 之内的日期或月份")
        return first_day(period)
    return found


def _facts(spot: Spot | None) -> tuple[Facts, bool]:
    found = members(spot, (), _FACTS) if spot is not None else {}
    stated = {
        code: read_facts(members(each, (), ("heads", "amounts", "indicators", "targets")))
        for code, each in entries(found.get("stated")).items()
    }
    by_name = {
        name: {code: amount(each) for code, each in entries(found[name]).items()}
        for name in ("assessed", "advances", "deposits", "brought")
        if name in found
    }
    facts = Facts(
        stated=stated,
        assessed=by_name.get("assessed", {}),
        advances=by_name.get("advances"),
        deposits=by_name.get("deposits", {}),
        brought=by_name.get("brought", {}),
    )
    return facts, "assessed" in found


def _expected(spot: Spot, payment: Payment) -> Expected:
    found = members(spot, (), (*AMOUNTS, "items", "figures"))
    if not found:
        mark_wrong(spot, "policy-shape", "expect at least one field", "至少写一个期望值")
    ids = (*(each.id for each in payment.terms), "fee-for-service")
    by_terms = members(found["items"], (), ids) if "items" in found else {}
    return Expected(
        {name: _signed(each) for name, each in found.items() if name in AMOUNTS},
        {name: _signed(each) for name, each in by_terms.items()},
        {code: text(each) for code, each in entries(found.get("figures")).items()},
    )


def _signed(spot: Spot) -> Fen:
    try:
        return money.of(text(spot))
    except ValueError:
        mark_wrong(spot, "policy-shape", 'write an amount in yuan such as "-500.00"', '应写金额,如 "-500.00"')
        return 0
