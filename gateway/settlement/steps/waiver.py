"""Waiver of fees 减免: the person's own part of some lines is borne by a fund or by the institution.

The own part of a line is what the layers before this step left of the claim, in proportion to the line's in-scope
amount; over-limit cost and first payments are not waived. What one step waives of a claim is rounded once. A line that
an earlier waiver has taken whole is not waived again.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from gateway.kernel import money
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.catalogue import CHARGES
from gateway.settlement.claim import Counters, Line
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import BASIC, Step, Working

INSTITUTION = "institution"


class Fees(NamedTuple):
    """Lines by their charge or by the beginning of their code."""

    charges: frozenset[str]
    codes: tuple[str, ...]


def _fees(raw: Any, levels: Collection[str]) -> Fees:
    if not isinstance(raw, Mapping) or not raw or not set(raw) <= {"charges", "codes"}:
        raise ValueError("not lists of charges, codes")
    listed = {name: _words(each, levels) for name, each in raw.items()}
    charges = frozenset(listed.get("charges", ()))
    if not charges <= set(CHARGES):
        raise ValueError(f"a charge is one of {', '.join(CHARGES)}")
    return Fees(charges, listed.get("codes", ()))


def _words(raw: Any, levels: Collection[str]) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of words")
    return tuple(shapes.TEXT.parse(each, levels) for each in raw)


FEES = Shape('lists such as {charges: [consultation], codes: ["001204"]}', _fees)
PREFIXES = Shape("a list of beginnings of diagnosis codes, such as [J00, K12]", _words)

ARGUMENTS = {"fees": FEES, "rate": shapes.RATE, "payer": shapes.TEXT, "diagnoses": PREFIXES}
OPTIONAL = frozenset({"diagnoses"})

WAIVED = Figure(
    "waiver", Wording("减免个人负担部分", "waiver of the person's part"), "{0:m} × {1:m} ÷ {2:m} × {3:r} % = {4:m}"
)
FIGURES = (WAIVED,)


def build(arguments: Arguments) -> Step:
    """`fees`: the lines; `rate`: how much of the own part; `payer`: a fund, or institution.

    `diagnoses`: the waiver holds when the main diagnosis begins with one of them; left out, for any.
    """
    rate, rule, payer = arguments["rate"].value, arguments["fees"].rule, arguments["payer"].value
    waived = _matcher(arguments["fees"].value)
    listed = arguments.get("diagnoses")
    prefixes = listed.value if listed is not None else None

    def step(working: Working) -> None:
        claim = working.case.claim
        if prefixes is not None and not any(main.startswith(prefixes) for main in claim.diagnoses[:1]):
            return
        open_cost = {
            line.number: split.in_scope - working.waived.get(line.number, 0)
            for line, split in zip(claim.lines, working.lines, strict=True)
        }
        numbers = [line.number for line in claim.lines if waived(line) and open_cost[line.number]]
        if not numbers:
            return

        unpaid = not any(working.funds.values()) and not working.account
        left, whole = working.left - working.aside, sum(open_cost.values())
        fees = sum(open_cost[number] for number in numbers)
        borne = money.portion(left, fees * rate, whole * money.RATE_ONE)
        for number in numbers:
            working.waived[number] = working.waived.get(number, 0) + money.share(open_cost[number], rate)
        if payer == INSTITUTION:
            working.institution_share += borne
        else:
            working.pay(payer, borne)
            if payer != BASIC:
                working.move(payer, Counters(counted=fees, fund=borne))
        if unpaid:
            working.counted = min(working.counted, working.left)
        working.note(WAIVED, rule, 0, borne, left, fees, whole, rate, borne)

    return step


def _matcher(fees: Fees) -> Callable[[Line], bool]:
    def check(line: Line) -> bool:
        return (line.terms is not None and line.terms.charge in fees.charges) or (
            bool(fees.codes) and line.code.startswith(fees.codes)
        )

    return check
