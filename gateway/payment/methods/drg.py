"""DRG 疾病诊断相关分组: weights of groups; one weight is worth a fixed rate, or what the pool comes to.

Ours: the texts name payment by disease, not DRG. With `rate` each case has a price, weight × rate, of the whole bill or
of the funds' part (`pays`); with `budget` and `monthly` the pool is shared by weight, month by month and for the year.
"""

from collections.abc import Mapping
from typing import Any

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE
from gateway.payment import weighing
from gateway.payment.by_case import PAYS, paid_by_case, priced
from gateway.payment.case import Care
from gateway.payment.pool import Due, Pool
from gateway.payment.shapes import MULTIPLE_BY_GROUP
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import MONEY, Shape

TITLE = Wording("按疾病诊断相关分组付费(DRG)", "diagnosis-related groups (DRG)")
ARGUMENTS: dict[str, Shape] = {"weights": MULTIPLE_BY_GROUP, "rate": MONEY, "pays": PAYS, **weighing.ARGUMENTS}
OPTIONAL = weighing.OPTIONAL | {"rate", "pays", "budget", "monthly"}


def wrong(parameters: Mapping[str, Any]) -> Wording | None:
    """A fixed rate with what it pays, or a pool with its monthly part."""
    fixed = {"rate", "pays"} & set(parameters)
    pooled = {"budget", "monthly", "highest"} & set(parameters)
    if (fixed == {"rate", "pays"} and not pooled) or (not fixed and {"budget", "monthly"} <= pooled):
        return None
    return Wording("应写 rate 与 pays,或 budget 与 monthly", "write 'rate' and 'pays', or 'budget' and 'monthly'")


def tally(terms: Terms, institution: str, level: str) -> Tally:
    """What each case counts and, at a fixed rate, what it is due."""
    given = terms.parameters
    weigh = weighing.weigher(given, given["weights"], institution=institution, level=level)
    if "rate" not in given:
        return weigh
    rate, pays = given["rate"], given["pays"]

    def counted(case: Care) -> Cells:
        cells = tuple(weigh(case))
        return *cells, *priced(case, money.portion(rate, cells[0][1], RATE_ONE), pays)

    return counted


def month(pool: Pool) -> dict[str, Due]:
    """Σ of the cases' prices, or the month's shares of the pool."""
    return paid_by_case(pool) if "rate" in pool.terms.parameters else weighing.month(pool)


def year(pool: Pool) -> dict[str, Due]:
    """Σ of the cases' prices, or the year's shares of the pool."""
    return paid_by_case(pool) if "rate" in pool.terms.parameters else weighing.year(pool)
