"""`fund.yaml` of a policy folder: the funds and accounts a scheme keeps, who pays subsidies, fees, reserves, employers.

It decides no claim, so it is no part of the policy's version. Every figure has its days, the cited words, our reading.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias, TypeVar

from gateway.enrolment.employer import EmployerTerms
from gateway.kernel import dated
from gateway.kernel.dated import Dated
from gateway.kernel.money import Rate
from gateway.ledger.accounts import Account
from gateway.ledger.centre import CentreTerms
from gateway.ledger.events import ENTERED
from gateway.ledger.flows.reserves import RESERVES
from gateway.ledger.year_end import Appropriation
from gateway.policies.nodes import Spot, mark_wrong
from gateway.policies.reading import by_day, check_overlap, entries, items, members, ratio, span, text, word, wording
from gateway.settlement.rule import Wording

T = TypeVar("T")
Reader: TypeAlias = Callable[[Mapping[str, Spot]], T]

EVERY_AGE = 200
_DAYS = ("from",)
_CITED = ("to", "source", "reading")


class SubsidyTerms(NamedTuple):
    """Who subsidises a fund: the parts of the levels of government, and the station their money is paid into."""

    parts: Mapping[str, int]
    station: Account


class FeeTerms(NamedTuple):
    """The management fee that may be taken of a fund's contributions; funds without terms pay none."""

    fund: str
    rate: Rate


@dataclass(frozen=True, eq=False)
class FundPlan:
    """What a scheme's books are made of. Several reserves or fees may be in force, of one fund each."""

    funds: Mapping[str, Wording]
    accounts: frozenset[Account]
    subsidies: tuple[Dated[SubsidyTerms], ...] = ()
    fees: tuple[Dated[FeeTerms], ...] = ()
    fines: tuple[Dated[int], ...] = ()
    reserves: tuple[Dated[Appropriation], ...] = ()
    employers: tuple[Dated[EmployerTerms], ...] = ()
    centres: tuple[Dated[CentreTerms], ...] = ()

    def subsidy_on(self, day: date) -> SubsidyTerms | None:
        found = dated.on(self.subsidies, day)
        return found.value if found else None

    def fee_on(self, fund: str, day: date) -> FeeTerms | None:
        return next((each.value for each in self.fees if each.value.fund == fund and each.holds_on(day)), None)

    def appropriations_on(self, day: date) -> tuple[Appropriation, ...]:
        return tuple(each.value for each in self.reserves if each.holds_on(day))

    def employers_on(self, day: date) -> EmployerTerms | None:
        found = dated.on(self.employers, day)
        return found.value if found else None

    def centres_on(self, day: date) -> CentreTerms | None:
        found = dated.on(self.centres, day)
        return found.value if found else None

    def fine_on(self, day: date) -> int | None:
        """How many times what was obtained by fraud is the fine."""
        found = dated.on(self.fines, day)
        return found.value if found else None


def read_fund(spot: Spot) -> FundPlan:
    """The plan of a file; problems go to its list."""
    optional = ("subsidies", "fees", "fines", "reserves", "employers", "centres")
    head = members(spot, ("funds", "accounts"), optional)
    funds = {name: wording(each) for name, each in entries(head.get("funds")).items()}
    accounts = frozenset(Account(found) for each in items(head.get("accounts")) if (found := word(each, list(Account))))
    return FundPlan(
        funds,
        accounts,
        subsidies=_dated(head.get("subsidies"), ("parts", "station"), _subsidy),
        fees=_dated(head.get("fees"), ("fund", "rate"), lambda p: _fee(p, funds), alone=False),
        fines=_dated(head.get("fines"), ("times",), lambda p: whole(p.get("times"))),
        reserves=_dated(head.get("reserves"), ("fund", "reserve", "rate", "most"), lambda p: _reserve(p, funds),
                        alone=False),
        employers=_dated(head.get("employers"), _EMPLOYER, lambda p: _employer(p, funds)),
        centres=_dated(head.get("centres"), _CENTRE, _centre),
    )  # fmt: skip


def whole(spot: Spot | None) -> int:
    """A whole number above zero."""
    if spot is None:
        return 1
    value = spot.node.value
    if isinstance(value, str) and value.isascii() and value.isdigit() and 0 < int(value) < 1_000_000:
        return int(value)
    mark_wrong(spot, "policy-shape", "write a whole number above zero", "应写大于零的整数")
    return 1


_EMPLOYER = (
    *("enterprise", "worker", "pooled_wages", "pooled_pensions", "brackets", "account_retired"),
    *("due_on_day", "late_fee", "advance_days", "pooled_fund", "unit_fund"),
)
_CENTRE = ("weights", "running", "prevention", "pooled", "appraised", "deficit_years")


def _dated(spot: Spot | None, names: tuple[str, ...], read: "Reader[T]", *, alone: bool = True) -> tuple[Dated[T], ...]:
    """The dated values of a list; `alone`: no two hold on one day."""
    spots, found = items(spot), []
    for each in spots:
        parts = members(each, (*_DAYS, *names), _CITED)
        first, last = span(parts)
        source, reading = text(parts.get("source"), empty=True), text(parts.get("reading"), empty=True)
        if not (source or reading):
            mark_wrong(each, "policy-shape", "write source: or reading: (or both)", "应写 source 或 reading")
        found.append(Dated(read(parts), first, last, source, reading))
    if alone:
        check_overlap(spots, found)
    return by_day(found)


def _subsidy(parts: Mapping[str, Spot]) -> SubsidyTerms:
    return SubsidyTerms(_parts(parts.get("parts")), Account(word(parts.get("station"), ENTERED) or ENTERED[0]))


def _fee(parts: Mapping[str, Spot], funds: Mapping[str, Wording]) -> FeeTerms:
    return FeeTerms(word(parts.get("fund"), funds), _ratio(parts, "rate"))


def _reserve(parts: Mapping[str, Spot], funds: Mapping[str, Wording]) -> Appropriation:
    reserve = Account(word(parts.get("reserve"), sorted(RESERVES)) or Account.RISK_FUND)
    return Appropriation(word(parts.get("fund"), funds), reserve, _ratio(parts, "rate"), _ratio(parts, "most"))


def _employer(parts: Mapping[str, Spot], funds: Mapping[str, Wording]) -> EmployerTerms:
    brackets = tuple(
        (whole(bracket.get("below")), ratio(bracket.get("rate")))
        for each in items(parts.get("brackets"))
        for bracket in (members(each, ("below", "rate")),)
    )
    ages = [age for age, _ in brackets]
    if "brackets" in parts and (ages != sorted(set(ages)) or not ages or ages[-1] < EVERY_AGE):
        en = f"write the ages in rising order, the last one {EVERY_AGE} or more, so that it holds everybody"
        mark_wrong(parts["brackets"], "policy-shape", en, f"年龄应由小到大,最后一档不低于 {EVERY_AGE}")
    return EmployerTerms(
        enterprise=_ratio(parts, "enterprise"),
        worker=_ratio(parts, "worker"),
        pooled_wages=_ratio(parts, "pooled_wages"),
        pooled_pensions=_ratio(parts, "pooled_pensions"),
        brackets=brackets,
        account_retired=_ratio(parts, "account_retired"),
        due_on_day=whole(parts.get("due_on_day")),
        late_fee=_ratio(parts, "late_fee"),
        advance_days=whole(parts.get("advance_days")),
        pooled_fund=word(parts.get("pooled_fund"), funds),
        unit_fund=word(parts.get("unit_fund"), funds),
    )


def _centre(parts: Mapping[str, Spot]) -> CentreTerms:
    weights = _parts(parts.get("weights"))
    if sum(weights.values()) != 100 and "weights" in parts:
        mark_wrong(parts["weights"], "policy-shape", "write weights that are 100 together", "各项权重之和应为 100")
    return CentreTerms(
        weights=weights,
        running=_parts(parts.get("running")),
        prevention=_parts(parts.get("prevention")),
        pooled=_ratio(parts, "pooled"),
        appraised=_ratio(parts, "appraised"),
        deficit_years=whole(parts.get("deficit_years")),
    )


def _parts(spot: Spot | None) -> dict[str, int]:
    return {name: whole(each) for name, each in entries(spot).items()}


def _ratio(parts: Mapping[str, Spot], name: str) -> Rate:
    return ratio(parts.get(name))
