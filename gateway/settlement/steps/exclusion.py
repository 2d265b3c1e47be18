"""Exclusions 不予支付范围: lines that nobody but the person pays, or that one fund may not share.

By charge, by the beginning of a code, or the whole bill: always, or for main diagnoses. Beside `when` it says the care
that is excluded by its circumstances, such as care outside designated institutions without approval.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.catalogue import CHARGES
from gateway.settlement.claim import Line
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step, Working

EVERYTHING = "everything"


class Exclusion(NamedTuple):
    """Lines by charge and by beginning of the code; the whole bill by beginning of the main diagnosis, or always."""

    charges: frozenset[str]
    codes: tuple[str, ...]
    diagnoses: tuple[str, ...]
    everything: bool


def _exclusion(raw: Any, _levels: Collection[str]) -> Exclusion:
    if raw == EVERYTHING:
        return Exclusion(frozenset(), (), (), True)
    if not isinstance(raw, Mapping) or not raw or not set(raw) <= {"charges", "codes", "diagnoses"}:
        raise ValueError("not lists of charges, codes, diagnoses")
    for listed in raw.values():
        if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
            raise ValueError("not a list of words")
    charges = frozenset(raw.get("charges", ()))
    if not charges <= set(CHARGES):
        raise ValueError(f"a charge is one of {', '.join(CHARGES)}")
    return Exclusion(charges, tuple(raw.get("codes", ())), tuple(raw.get("diagnoses", ())), False)


def _tell(what: Exclusion) -> Iterator[str]:
    if what.everything:
        yield "全部费用 / everything"
    if what.charges:
        yield f"收费类别 / charges: {', '.join(sorted(what.charges))}"
    if what.codes:
        yield f"编码 / codes: {', '.join(what.codes)}"
    if what.diagnoses:
        yield f"主要诊断 / main diagnoses: {', '.join(what.diagnoses)}"


EXCLUSION = Shape(
    'everything, or lists such as {charges: [registration], codes: ["0011"], diagnoses: [Z41]}', _exclusion, tell=_tell
)

ARGUMENTS = {"what": EXCLUSION, "fund": shapes.TEXT}
OPTIONAL = frozenset({"fund"})

EXCLUDED = Figure("excluded", Wording("不予支付范围,全自费", "excluded: own expense"), "{0:m}")
BARRED = Figure("excluded-from-fund", Wording("不列入该基金负担范围", "not shared by that fund"), "{0:m}")
FIGURES = (EXCLUDED, BARRED)


def build(arguments: Arguments) -> Step:
    """`what`: the lines; `fund`: the fund that may not share them, when the others may. Left out: own expense whole.

    Stands after `catalogue` and before any deductible or payer.
    """
    rule = arguments["what"].rule
    fund = arguments.get("fund")
    excluded = _excluded(arguments["what"].value)

    def bar(working: Working, name: str) -> None:
        numbers = working.barred.setdefault(name, set())
        for line, split in zip(working.case.claim.lines, working.lines, strict=True):
            if split.in_scope and line.number not in numbers and excluded(working, line):
                numbers.add(line.number)
                working.note(BARRED, rule, split.in_scope, split.in_scope, split.in_scope, line=line.number)

    def drop(working: Working) -> None:
        for index, line in enumerate(working.case.claim.lines):
            own = working.lines[index].own_expense
            if own != line.amount and excluded(working, line):
                working.disallow(index)
                working.note(EXCLUDED, rule, own, line.amount, line.amount, line=line.number)

    def step(working: Working) -> None:
        assert working.portions is None, "exclusions come before what shares the cost"
        if fund is not None:
            bar(working, fund.value)
        else:
            drop(working)

    return step


def _excluded(what: Exclusion) -> Callable[[Working, Line], bool]:
    def check(working: Working, line: Line) -> bool:
        return (
            what.everything
            or line.code.startswith(what.codes)
            or (line.terms is not None and line.terms.charge in what.charges)
            or any(main.startswith(what.diagnoses) for main in working.case.claim.diagnoses[:1])
        )

    return check
