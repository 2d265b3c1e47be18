"""What a payment file says of the year's end: appraisal, quality deposit, limits."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeVar

from gateway.kernel import money
from gateway.kernel.dated import Dated
from gateway.kernel.money import RATE_ONE, Fen
from gateway.payment.appraisal import AT_LEAST, AT_MOST, MEASURED, Appraisal, Indicator, Step
from gateway.payment.limits import COST, GROWTH, NUMBER, WHATS
from gateway.payment.payment import Deposit, Limit
from gateway.policies.nodes import Spot, mark_wrong
from gateway.policies.read_payment_scope import DATED, SCOPED, Origin, check_once, whole
from gateway.policies.reading import amount, entries, items, members, ratio, span, text, word, wording, words
from gateway.settlement.rule import Rule, Wording

T = TypeVar("T")
_MOST_CASES = 10_000_000


def number(spot: Spot | None) -> int:
    """Ten-thousandths of a number from 0 on, at most four decimals."""
    if spot is None:
        return 0
    try:
        found = money.scaled(text(spot), decimals=4, what="number")
    except ValueError:
        found = -1
    if found < 0:
        mark_wrong(spot, "policy-shape", 'write a number such as "20500" or "0.85"', '应写数字,如 "20500"、"0.85"')
    return max(0, found)


def read_appraisals(spot: Spot | None, origin: Origin, terms: Collection[str]) -> tuple[Dated[Appraisal], ...]:
    """Appraisals; weights add up to one."""

    def read(found: Mapping[str, Spot], each: Spot, rule: Rule) -> Appraisal:
        listed = items(found.get("indicators"))
        indicators = tuple(_indicator(one, terms) for one in listed)
        check_once(listed, [one.id for one in indicators])
        if indicators and sum(one.weight for one in indicators) != RATE_ONE:
            mark_wrong(found["indicators"], "policy-shape", "weights must add up to 1: correct them", "权重之和应为 1")
        return Appraisal(indicators, _steps(found.get("factors"), "factor"), origin.scope(found), rule)

    return _dated(spot, origin, "appraisals", ("indicators", "factors"), (), read)


def read_deposits(spot: Spot | None, origin: Origin) -> tuple[Dated[Deposit], ...]:
    """Quality deposits."""

    def read(found: Mapping[str, Spot], each: Spot, rule: Rule) -> Deposit:
        return Deposit(ratio(found.get("rate")), _steps(found.get("returns"), "returned"), origin.scope(found), rule)

    return _dated(spot, origin, "deposits", ("rate", "returns"), (), read)


def read_limits(spot: Spot | None, origin: Origin, terms: Collection[str]) -> tuple[Dated[Limit], ...]:
    """Limits of the year, in the order in which they apply."""

    def read(found: Mapping[str, Spot], each: Spot, rule: Rule) -> Limit:
        what = word(found.get("what"), WHATS)
        wanted = {COST: {"amount", "amounts"}, NUMBER: {"most", "mosts"}, GROWTH: {"growth"}}.get(what, set())
        given = set(found) & {"amount", "amounts", "most", "mosts", "growth"}
        if what and (not given or given - wanted):
            listed = " or ".join(sorted(wanted))
            mark_wrong(each, "policy-key", f"'{what}' is written with {listed}", f"“{what}”应写 {listed}")
        id = text(found.get("id"))
        return Limit(
            id=id,
            title=wording(found.get("title")),
            what=what,
            terms=words(found.get("terms"), terms),
            scope=origin.scope(found),
            rule=Rule(rule.policy, rule.version, f"{rule.path}.{id}", rule.from_on, rule.source, rule.reading),
            unpaid=ratio(found.get("unpaid")),
            amount=amount(found["amount"]) if "amount" in found else None,
            amounts=_amounts(found.get("amounts")),
            most=whole(found.get("most"), 0, _MOST_CASES) if "most" in found else None,
            mosts={code: whole(one, 0, _MOST_CASES) for code, one in entries(found.get("mosts")).items()},
            growth=ratio(found.get("growth")),
        )

    optional = ("amount", "amounts", "most", "mosts", "growth")
    return _dated(spot, origin, "limits", ("id", "title", "what", "terms", "unpaid"), optional, read)


def _dated(
    spot: Spot | None,
    origin: Origin,
    name: str,
    required: tuple[str, ...],
    optional: tuple[str, ...],
    read: Callable[[Mapping[str, Spot], Spot, Rule], T],
) -> tuple[Dated[T], ...]:
    """Dated values in the file's order: the first that holds and covers an institution counts."""
    found = []
    for each in items(spot):
        parts = members(each, ("from", *required), (*(key for key in DATED if key != "from"), *SCOPED, *optional))
        first, last = span(parts, from_on=date.min)
        rule = origin.rule(name, first, parts, each)
        found.append(Dated(read(parts, each, rule), first, last, rule.source, rule.reading))
    return tuple(found)


def _indicator(spot: Spot, terms: Collection[str]) -> Indicator:
    found = members(spot, ("id", "zh", "en", "weight", "wants"), ("target", "measured", "terms"))
    return Indicator(
        id=text(found.get("id")),
        title=Wording(text(found.get("zh")), text(found.get("en"))),
        weight=ratio(found.get("weight")),
        wants=word(found.get("wants"), (AT_LEAST, AT_MOST)),
        target=number(found["target"]) if "target" in found else None,
        measured=word(found["measured"], MEASURED) if "measured" in found else "",
        terms=words(found["terms"], terms) if "terms" in found else frozenset(),
    )


def _steps(spot: Spot | None, name: str) -> tuple[Step, ...]:
    """Steps of a score; the first begins at 0, so that every score has one."""
    steps = []
    for each in items(spot):
        found = members(each, ("from_score", name))
        steps.append(Step(ratio(found.get("from_score")), ratio(found.get(name))))
    ordered = tuple(sorted(steps))
    if spot is not None and steps and (ordered[0].from_score or len({step.from_score for step in steps}) < len(steps)):
        mark_wrong(
            spot, "policy-shape", 'begin with from_score "0" and write each score once', "应从 0 分起,分数不重复"
        )
    return ordered


def _amounts(spot: Spot | None) -> dict[str, Fen]:
    return {code: amount(each) for code, each in entries(spot).items()}
