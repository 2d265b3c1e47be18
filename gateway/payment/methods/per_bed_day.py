"""Per bed-day 按床日付费: each day of a stay at the rate of its band, so that long stays fall in price.

A case without days, or one that cost less than `least` times the price, is paid as settled.
"""

from gateway.kernel.money import RATE_ONE, Fen
from gateway.payment.by_case import PAYS, as_settled, cost_of, paid_by_case, priced
from gateway.payment.case import Care
from gateway.payment.shapes import DAY_BANDS, MULTIPLE, DayBand
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape, at_level, by_level

TITLE = Wording("按床日付费", "per bed-day")
ARGUMENTS: dict[str, Shape] = {"bands": by_level(DAY_BANDS), "pays": PAYS, "least": MULTIPLE}
OPTIONAL = frozenset({"least"})


def stay_price(bands: tuple[DayBand, ...], days: int) -> Fen:
    """Days in each band times its rate."""
    price, before = 0, 0
    for band in bands:
        price += max(0, min(days, band.up_to) - before) * band.rate
        before = band.up_to
    return price


def tally(terms: Terms, _institution: str, level: str) -> Tally:
    """Each stay's price by its days."""
    given = terms.parameters
    bands, pays, least = at_level(given["bands"], level), given["pays"], given.get("least", 0)

    def counted(case: Care) -> Cells:
        price = stay_price(bands, case.days)
        if case.days <= 0 or cost_of(case, pays) * RATE_ONE < least * price:
            return as_settled(case)
        return priced(case, price, pays)

    return counted


month = year = paid_by_case
