"""Packages 按病种、按床日付费: a price for a disease or for a day of it. Above it the institution bears the cost.

What counts is at most the price, so the person's share is never taken on more than it. Savings below the price are a
matter between fund and institution and do not touch the claim.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from gateway.kernel.money import Fen
from gateway.kernel.quantity import ONE
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Claim
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step, Working

CASE, DAY = "case", "day"


class Package(NamedTuple):
    """A price by level for main diagnoses that begin so and, where codes stand, bills with a line of one of them."""

    diagnoses: tuple[str, ...]
    codes: tuple[str, ...]
    price: Fen | Mapping[str, Fen]


def _packages(raw: Any, levels: Collection[str]) -> tuple[Package, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of packages")
    packages = []
    for each in raw:
        if not isinstance(each, Mapping) or not {"diagnoses", "price"} <= set(each) <= {"diagnoses", "price", "codes"}:
            raise ValueError("a package has diagnoses, price and perhaps codes")
        diagnoses, codes = (
            shapes.TEXTS.parse(each[name], levels) if name in each else () for name in ("diagnoses", "codes")
        )
        packages.append(Package(diagnoses, codes, _PRICE.parse(each["price"], levels)))
    return tuple(packages)


_PRICE = shapes.by_level(shapes.MONEY)


def _tell(packages: tuple[Package, ...]) -> Iterator[str]:
    return (f"{' '.join((*each.diagnoses, *each.codes))}: {shapes.amounts_text(each.price)}" for each in packages)


PACKAGES = Shape('a list of {diagnoses: [K35], codes: [003310030220000], price: "8000.00"}', _packages, tell=_tell)

ARGUMENTS = {"packages": PACKAGES, "per": shapes.choice(CASE, DAY)}
OPTIONAL: frozenset[str] = frozenset()

OF_CASE = Figure("package-of-case", Wording("病种付费标准", "price of the disease"), "min({0:m}, {1:m}) = {2:m}")
OF_DAY = Figure("package-of-day", Wording("床日付费标准", "price of a day"), "min({0:m}, {1:m} × {2:q}) = {3:m}")
FIGURES = (OF_CASE, OF_DAY)


def build(arguments: Arguments) -> Step:
    """`packages`: the first that fits holds, none leaves the claim alone; `per`: a case, or each day of a stay."""
    packages, rule = arguments["packages"].value, arguments["packages"].rule
    daily = arguments["per"].value == DAY

    def step(working: Working) -> None:
        claim = working.case.claim
        package = next((each for each in packages if _fits(each, claim)), None)
        if package is None:
            return
        price = shapes.at_level(package.price, claim.level)
        before = working.counted
        working.counted = min(before, price * claim.days if daily else price)
        working.institution_share += before - working.counted
        if daily:
            days = claim.days * ONE
            working.note(OF_DAY, rule, before, working.counted, before, price, days, working.counted)
        else:
            working.note(OF_CASE, rule, before, working.counted, before, price, working.counted)

    return step


def _fits(package: Package, claim: Claim) -> bool:
    if not any(main.startswith(package.diagnoses) for main in claim.diagnoses[:1]):
        return False
    return not package.codes or any(line.code in package.codes for line in claim.lines)
