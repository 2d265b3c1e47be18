"""Methods that give every case a price: what they share. The price is of the whole bill, or of the funds' part alone.

`pays: whole`: the price stands for the whole bill; the funds owe it less what others have paid (the person, the
personal account, the institution's own share), never less than nothing. `pays: fund`: the price is the funds' own.
What the person paid stays as it is in either.
"""

from collections.abc import Iterable

from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.payment.case import Care
from gateway.payment.figure import COUNT, Figure, figure
from gateway.payment.measure import CASES, FUND, Measure, sum_of
from gateway.payment.pool import Due, Pool
from gateway.payment.tally import Cells
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import choice

WHOLE = "whole"
PAYS = choice(WHOLE, "fund")

DUE, PRICED, FALLBACK = "due", "priced", "as_settled"
"""Cells: fen due, net cases that had a price, net cases paid as settled."""

_TITLE_PRICED = Wording("按标准付费的病例", "cases with a price")
_TITLE_FALLBACK = Wording("按项目付费的病例", "cases paid as settled")
_TITLE_DUE = Wording("应付", "due")


def cost_of(case: Care, pays: str) -> Fen:
    """What the price is compared with: the bill, or the funds' part of it."""
    return case.total if pays == WHOLE else case.fund


def fund_part(case: Care, price: Fen, pays: str) -> Fen:
    """What the funds owe of a price for a case."""
    return max(0, price - (case.total - case.fund)) if pays == WHOLE else price


def priced(case: Care, price: Fen, pays: str) -> Cells:
    """Cells of a case that has a price."""
    return (DUE, fund_part(case, price, pays)), (PRICED, 1)


def as_settled(case: Care) -> Cells:
    """Cells of a case paid what its settlement said."""
    return (DUE, case.fund), (FALLBACK, 1)


def paid_by_case(pool: Pool) -> dict[str, Due]:
    """Σ of the cases' own amounts, of a month or a year: each by its own price, nothing to settle at the end."""
    return {code: Due(sum_of(pool.of(code), DUE), tuple(_figures(pool, pool.of(code)))) for code in pool.everyone()}


def _figures(pool: Pool, measures: Iterable[Measure]) -> list[Figure]:
    listed, rule = tuple(measures), pool.terms.rule
    due, fund, cases = sum_of(listed, DUE), sum_of(listed, FUND), sum_of(listed, CASES)
    text = f"Σ = {money.text(due)}; 按项目 as settled {money.text(fund)}, {cases} 例 cases"
    return [
        figure("priced", _TITLE_PRICED, sum_of(listed, PRICED), "", rule, unit=COUNT),
        figure("as-settled", _TITLE_FALLBACK, sum_of(listed, FALLBACK), "", rule, unit=COUNT),
        figure("due", _TITLE_DUE, due, text, rule),
    ]
