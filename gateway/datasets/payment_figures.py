"""An assessment as JSON values: what a payment explanation prints and a clearing answers. Amounts are texts in yuan."""

from typing import Any

from gateway.kernel import money
from gateway.payment.assessment import Assessment
from gateway.payment.figure import figure_values
from gateway.payment.methods import METHODS

SUMS = (
    *("fee_for_service", "due", "assessed", "adjustment", "account", "retained", "released", "forfeited"),
    *("advance", "brought", "payable", "carried"),
)
"""The amounts of an assessment, in the order in which they are read."""


def write_assessment(assessment: Assessment) -> dict[str, Any]:
    """Institution, period, version of the payment file, its sums, items, deductions and every figure with its rule."""
    return {
        "institution": assessment.institution,
        "period": assessment.period,
        "version": assessment.version,
        **{name: money.text(getattr(assessment, name)) for name in SUMS},
        "items": [
            {
                "terms": item.terms,
                "method": item.method,
                "zh": METHODS[item.method].title.zh,
                "en": METHODS[item.method].title.en,
                "fee_for_service": money.text(item.fee_for_service),
                "due": money.text(item.due),
                "figures": [figure_values(each) for each in item.figures],
            }
            for item in assessment.items
        ],
        "deductions": [
            {
                "limit": each.limit,
                "amount": money.text(each.amount),
                "figures": [figure_values(one) for one in each.figures],
            }
            for each in assessment.deductions
        ],
        "figures": [figure_values(each) for each in assessment.figures],
    }
