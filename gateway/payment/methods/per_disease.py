"""Per disease 按病种付费 (单病种): a fixed price for a case of a listed disease group.

Falls back to what was settled: a group without a price, a stay longer than `most_days`, a cost above `high` times or
below `low` times the price (such a case is no ordinary one of its disease).
"""

from gateway.kernel.money import RATE_ONE
from gateway.payment.by_case import PAYS, as_settled, cost_of, paid_by_case, priced
from gateway.payment.case import Care
from gateway.payment.groups import LONGEST_STAY
from gateway.payment.shapes import MONEY_BY_GROUP, MULTIPLE
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape, count

TITLE = Wording("按病种付费", "per disease")
ARGUMENTS: dict[str, Shape] = {
    "prices": MONEY_BY_GROUP,
    "pays": PAYS,
    "high": MULTIPLE,
    "low": MULTIPLE,
    "most_days": count(LONGEST_STAY),
}
OPTIONAL = frozenset({"high", "low", "most_days"})


def tally(terms: Terms, _institution: str, _level: str) -> Tally:
    """Each case's price or what it was settled at."""
    given = terms.parameters
    prices, pays = given["prices"], given["pays"]
    high, low, most_days = given.get("high"), given.get("low", 0), given.get("most_days", LONGEST_STAY)

    def counted(case: Care) -> Cells:
        price = prices.get(case.case_group)
        if price is None or case.days > most_days:
            return as_settled(case)
        cost = cost_of(case, pays) * RATE_ONE
        if cost < low * price or (high is not None and cost > high * price):
            return as_settled(case)
        return priced(case, price, pays)

    return counted


month = year = paid_by_case
