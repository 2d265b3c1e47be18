"""DIP 按病种分值付费: points of groups; the area's budget ÷ all points is the price of a point, monthly and yearly.

Ours: the texts name payment by disease, not points. A month pays its part of the budget by the month's points, the
year's end the whole by the year's: what months have paid is set off then.
"""

from gateway.payment import weighing
from gateway.payment.shapes import MULTIPLE_BY_GROUP
from gateway.payment.tally import Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape

TITLE = Wording("按病种分值付费(DIP)", "points by disease (DIP)")
ARGUMENTS: dict[str, Shape] = {"points": MULTIPLE_BY_GROUP, **weighing.ARGUMENTS}
OPTIONAL = weighing.OPTIONAL


def tally(terms: Terms, institution: str, level: str) -> Tally:
    """What each case counts."""
    return weighing.weigher(terms.parameters, terms.parameters["points"], institution=institution, level=level)


month, year = weighing.month, weighing.year
