"""Restrictions 限定支付范围 by age, sex and diagnosis: a line that they rule out is own expense whole.

An item says which codes it restricts (every line where it says none) and whom they are payable for.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from gateway.kernel.calendar import completed_years
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Claim
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step, Working

OLDEST = 200


class Restriction(NamedTuple):
    """Codes by their beginning, and whom they are payable for; what is empty or 0 does not restrict."""

    codes: tuple[str, ...]
    sexes: tuple[str, ...]
    age_from: int
    age_below: int
    diagnoses: tuple[str, ...]


def _restrictions(raw: Any, levels: Collection[str]) -> tuple[Restriction, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of restrictions")
    return tuple(_restriction(each, levels) for each in raw)


def _restriction(raw: Any, levels: Collection[str]) -> Restriction:
    limits = {"sexes", "age_from", "age_below", "diagnoses"}
    if not isinstance(raw, Mapping) or not set(raw) & limits or not set(raw) <= {"codes", *limits}:
        raise ValueError("a restriction has one of sexes, age_from, age_below, diagnoses, and perhaps codes")
    texts = {name: shapes.TEXTS.parse(raw[name], levels) for name in ("codes", "sexes", "diagnoses") if name in raw}
    if not set(texts.get("sexes", ())) <= {"male", "female"}:
        raise ValueError("a sex is male or female")
    ages = {name: shapes.count(OLDEST).parse(raw[name], levels) for name in ("age_from", "age_below") if name in raw}
    return Restriction(
        texts.get("codes", ()),
        texts.get("sexes", ()),
        ages.get("age_from", 0),
        ages.get("age_below", OLDEST),
        texts.get("diagnoses", ()),
    )


def _tell(items: tuple[Restriction, ...]) -> Iterator[str]:
    for item in items:
        oldest = "" if item.age_below == OLDEST else item.age_below - 1
        ages = f"{item.age_from}–{oldest}" if oldest or item.age_from else ""
        limits = (" ".join(item.sexes), ages, " ".join(item.diagnoses))
        yield f"{' '.join(item.codes) or '*'}: {', '.join(limit for limit in limits if limit)}"


RESTRICTIONS = Shape(
    "a list of {codes: [XA01], sexes: [female], age_from: 3, age_below: 14, diagnoses: [I10]}",
    _restrictions,
    tell=_tell,
)

ARGUMENTS = {"items": RESTRICTIONS}
OPTIONAL: frozenset[str] = frozenset()

RULED_OUT = Figure("ruled-out", Wording("超出限定支付范围,全自费", "outside its restriction: own expense"), "{0:m}")
FIGURES = (RULED_OUT,)


def build(arguments: Arguments) -> Step:
    """`items`: all that name a line's code must allow it. Stands after `catalogue` and before any payer."""
    items, rule = arguments["items"].value, arguments["items"].rule

    def step(working: Working) -> None:
        claim = working.case.claim
        forbidding = [item for item in items if not _allows(item, claim)]
        for place, line in enumerate(claim.lines if forbidding else ()):
            if working.lines[place].in_scope and any(_names(item, line.code) for item in forbidding):
                before = working.disallow(place)
                working.note(RULED_OUT, rule, before, 0, line.amount, line=line.number)

    return step


def _names(item: Restriction, code: str) -> bool:
    return not item.codes or code.startswith(item.codes)


def _allows(item: Restriction, claim: Claim) -> bool:
    age = completed_years(claim.person.born_on, claim.decided_on)
    return (
        item.age_from <= age < item.age_below
        and (not item.sexes or claim.person.sex in item.sexes)
        and (not item.diagnoses or any(code.startswith(item.diagnoses) for code in claim.diagnoses))
    )
