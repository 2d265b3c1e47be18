"""Catalogue 目录: what of each line is own expense, over a price ceiling, first payment, and in scope.

Class 丙, off-catalogue lines, and restricted drugs without their indication are own expense whole, before any ceiling.
Then the price ceiling, then class 乙's first-payment ratio of what the ceiling allows, rounded per line; the rest is in
scope.
"""

from gateway.kernel import money
from gateway.kernel.quantity import MicroYuan, cost, price_of_fen
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import ItemClass, Line
from gateway.settlement.decision import Figure, Split
from gateway.settlement.rule import Rule, Wording
from gateway.settlement.working import Step, Working

ARGUMENTS = {"bed_fee": shapes.MONEY, "restricted": shapes.DRUG_INDICATIONS}
OPTIONAL = frozenset({"bed_fee", "restricted"})

OFF_CATALOGUE = Figure("off-catalogue", Wording("目录外,全自费", "off the catalogue: own expense"), "{0:m}")
OWN_EXPENSE = Figure("own-expense", Wording("丙类,全自费", "class C: own expense"), "{0:m}")
RESTRICTED = Figure("restricted", Wording("限定适应症外,全自费", "outside its indication: own expense"), "{0:m}")
OVER_LIMIT = Figure("over-limit", Wording("超限价自费", "above the price ceiling"), "{0:m} − {1:p} × {2:q} = {3:m}")
FIRST_PAYMENT = Figure("first-payment", Wording("乙类先行自付", "class B: first payment"), "{0:m} × {1:r} % = {2:m}")
IN_SCOPE = Figure("in-scope", Wording("符合政策范围", "in scope"), "{0:m} − {1:m} − {2:m} = {3:m}")
FIGURES = (OFF_CATALOGUE, OWN_EXPENSE, RESTRICTED, OVER_LIMIT, FIRST_PAYMENT, IN_SCOPE)


def build(arguments: Arguments) -> Step:
    """`bed_fee`: payable to this much a bed-day (quantity of a bed line = days), below any price ceiling.

    `restricted`: drugs that are payable only for the diagnoses they name.
    """
    step_rule = arguments.rule
    bed = arguments.get("bed_fee")
    bed_price: MicroYuan | None = price_of_fen(bed.value) if bed else None

    restricted = arguments.get("restricted")
    indications = {drug.code: drug.diagnoses for drug in restricted.value} if restricted else {}

    def split_line(working: Working, line: Line) -> Split:
        amount, terms = line.amount, line.terms
        if terms is None:
            working.note(OFF_CATALOGUE, step_rule, 0, amount, amount, line=line.number)
            return Split(amount, 0, 0, 0)
        rule = terms.rule
        if terms.item_class is ItemClass.C:
            working.note(OWN_EXPENSE, rule, 0, amount, amount, line=line.number)
            return Split(amount, 0, 0, 0)

        if restricted is not None and line.code in indications:
            diagnoses = working.case.claim.diagnoses
            if not any(diagnosis.startswith(indications[line.code]) for diagnosis in diagnoses):
                working.note(RESTRICTED, restricted.rule, 0, amount, amount, line=line.number)
                return Split(amount, 0, 0, 0)

        ceiling, ceiling_rule = terms.ceiling_price, rule
        if (
            bed is not None
            and bed_price is not None
            and terms.charge == "bed"
            and (ceiling is None or bed_price < ceiling)
        ):
            ceiling, ceiling_rule = bed_price, bed.rule
        over = _over_limit(working, line, ceiling, ceiling_rule)
        allowed = amount - over
        first = 0
        if terms.item_class is ItemClass.B and terms.first_payment:
            first = min(allowed, money.share(allowed, terms.first_payment))
            working.note(FIRST_PAYMENT, rule, 0, first, allowed, terms.first_payment, first, line=line.number)
        working.note(IN_SCOPE, rule, amount, allowed - first, amount, over, first, allowed - first, line=line.number)
        return Split(0, over, first, allowed - first)

    def step(working: Working) -> None:
        lines = [split_line(working, line) for line in working.case.claim.lines]
        working.lines = lines
        working.in_scope = working.counted = sum(line.in_scope for line in lines)

    return step


def _over_limit(working: Working, line: Line, ceiling: MicroYuan | None, rule: Rule) -> int:
    if ceiling is None:
        return 0
    over = line.amount - cost(ceiling, line.quantity)
    if over <= 0:
        return 0
    working.note(OVER_LIMIT, rule, 0, over, line.amount, ceiling, line.quantity, over, line=line.number)
    return over
