"""Fee for service 按项目付费: what the funds owe of each bill is what the institution gets."""

from gateway.kernel import money
from gateway.payment.case import Care
from gateway.payment.figure import figure
from gateway.payment.measure import CASES, FUND, sum_of
from gateway.payment.pool import Due, Pool
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape

TITLE = Wording("按项目付费", "fee for service")
ARGUMENTS: dict[str, Shape] = {}
OPTIONAL: frozenset[str] = frozenset()

_DUE = Wording("按项目应付", "due as settled")


def tally(_terms: Terms, _institution: str, _level: str) -> Tally:
    """Nothing besides the sums that every measure has."""

    def counted(_case: Care) -> Cells:
        return ()

    return counted


def month(pool: Pool) -> dict[str, Due]:
    """Σ of the funds' parts, cancellations taken off."""
    found = {}
    for code in pool.everyone():
        fund, cases = sum_of(pool.of(code), FUND), sum_of(pool.of(code), CASES)
        text = f"Σ {cases} 例 cases = {money.text(fund)}"
        found[code] = Due(fund, (figure("as-settled", _DUE, fund, text, pool.terms.rule),))
    return found


year = month
