"""Per-diem package 按日包干 for combined medical and elderly care 医养结合: a day's price by class of case.

Source (R7): 以“医保包干”助推“医养结合”,采取按日包干、分类结算的结算管理模式. Classes are case groups; `other` prices
the groups that are not named, and without it those are paid as settled. Days above `most_days` are not paid: by then
the person has turned from a patient into a resident of the home (实行医保住院、托护养老两个运行体系).
"""

from gateway.payment.by_case import PAYS, as_settled, paid_by_case, priced
from gateway.payment.case import Care
from gateway.payment.groups import LONGEST_STAY
from gateway.payment.shapes import MONEY_BY_GROUP
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import MONEY, Shape, count

TITLE = Wording("按日包干", "per-diem package")
ARGUMENTS: dict[str, Shape] = {
    "rates": MONEY_BY_GROUP,
    "other": MONEY,
    "pays": PAYS,
    "most_days": count(LONGEST_STAY),
}
OPTIONAL = frozenset({"other", "most_days"})


def tally(terms: Terms, _institution: str, _level: str) -> Tally:
    """Days times the rate of the case's class."""
    given = terms.parameters
    rates, pays, most_days = given["rates"], given["pays"], given.get("most_days", LONGEST_STAY)
    other = given.get("other")

    def counted(case: Care) -> Cells:
        rate = rates.get(case.case_group, other)
        if rate is None or case.days <= 0:
            return as_settled(case)
        return priced(case, min(case.days, most_days) * rate, pays)

    return counted


month = year = paid_by_case
