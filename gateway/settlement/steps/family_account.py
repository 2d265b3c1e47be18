"""Family sharing 家庭共济: where the person's own account is empty, those of the family pay what would be cash."""

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import FAMILY_ACCOUNT, Step, Working

ARGUMENTS = {"amount": shapes.MONEY}
OPTIONAL = frozenset({"amount"})

SHARED = Figure(
    "family-account", Wording("家庭共济账户支付", "paid from the family's accounts"), "min({0:m}, {1:m}) = {2:m}"
)
FIGURES = (SHARED,)


def build(arguments: Arguments) -> Step:
    """`amount`: the most that the family's accounts pay for one claim, of its in-scope cost. Stands after `account`."""
    most = arguments.get("amount")
    rule = most.rule if most is not None else arguments.rule

    def step(working: Working) -> None:
        balance = working.family_account_left
        if not balance or working.account_left:
            return
        if most is not None:
            balance = min(balance, most.value)
        left = working.left
        paid = min(balance, left)
        working.account += paid
        working.account_shared += paid
        working.move(FAMILY_ACCOUNT, Counters(counted=paid))
        working.note(SHARED, rule, 0, paid, balance, left, paid)

    return step
