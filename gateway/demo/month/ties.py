"""What must agree to the fen, added up again from the other end: postings, counters, the bank, the agreements."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from gateway.datasets.books.statements import Report
from gateway.datasets.books.trail import sum_again
from gateway.demo.month.by_hand import deposit_of, fund_of, worked_out
from gateway.demo.month.places import MONTH, PLACES, SCHEME
from gateway.demo.month.scene import Scene
from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.store.store import Store

ADVANCE, DEDUCTED = 95_000_00, 150_00


class Tie(NamedTuple):
    """Two sums that are one. `one`: what is shown; `other`: the same from another end; fen.

    `kind`: figure (of a statement) or sum.
    """

    name: str
    one: Fen
    other: Fen
    kind: str = "sum"

    @property
    def ok(self) -> bool:
        return self.one == self.other


def figures_tie(store: Store, made: Report) -> list[Tie]:
    """Every figure of every statement beside the sum of its postings."""
    return [
        Tie(
            f"{made.scheme} {made.span.period} {each.title_en} {each.fund or 'all funds'} {line.code}",
            line.fen,
            sum_again(store, made.scheme, made.span, line),
            "figure",
        )
        for each in (*made.income, *made.sheets)
        for line in each.lines
    ]


def month_ties(
    scene: Scene, made: Report, clearings: list[dict[str, Any]], payments: list[dict[str, Any]]
) -> list[Tie]:
    """The month's own sums: settled and spent, due and worked out again, approved and paid."""
    settled = sum(fund_of(each) for place in PLACES for each in scene.settled_at(place))
    benefits = made.income[0].fen("5001")
    paid = sum(money.of(each["amount"]) for each in payments if each["state"] == "booked")
    approved = sum(money.of(each["payable"]) for each in clearings)
    return [
        Tie("benefits of the month = settled at the counters less cancelled", benefits, settled),
        Tie("approved = carried out by the bank and kept", approved, paid),
        *_dues(scene, clearings),
        *(_payable(each) for each in clearings),
    ]


def end_ties(scene: Scene, clearings: list[dict[str, Any]], paid: Fen, *, fed: Fen, spent: Fen) -> list[Tie]:
    """What stands at the end. `clearings`: of the month after.

    `fed`: moved into the expenditure account; `spent`: from it, besides what was `paid` for clearings.
    """
    balance = _balances(scene.store)
    open_amounts = sum(
        money.of(share["payable"]) + money.of(share["carriedForward"]) for each in clearings for share in each["shares"]
    )
    return [
        Tie("nothing is in transit", balance(Account.PAYMENT_IN_TRANSIT), 0),
        Tie("owed to institutions = the month after, not paid yet", -balance(Account.PROVIDER_PAYABLE), open_amounts),
        Tie("expenditure account = fed less paid", balance(Account.EXPENDITURE_ACCOUNT), fed - spent - paid),
        Tie("nothing rests in the income account", balance(Account.INCOME_ACCOUNT), 0),
        Tie("the trial balance sums to zero", sum(scene.store.trial_balance().values()), 0),
    ]


def _balances(store: Store) -> Callable[[Account], Fen]:
    held = store.balances(SCHEME, on=date.max)
    return lambda wanted: sum(fen for (_, account), fen in held.items() if account == wanted)


def _dues(scene: Scene, clearings: list[dict[str, Any]]) -> list[Tie]:
    """What each agreement makes due, beside the arithmetic on the treatments; none on one side alone."""
    shown = {
        (each["institution"], item["terms"]): money.of(item["due"]) for each in clearings for item in each["methods"]
    }
    worked = {(each.institution, each.terms): each.due for each in worked_out(scene)}
    return [
        Tie(f"due {code} {MONTH} {terms}", shown.get((code, terms), 0), worked.get((code, terms), 0))
        for code, terms in sorted(shown.keys() | worked.keys())
    ]


def _payable(clearing: Mapping[str, Any]) -> Tie:
    """Due less deposit, less an advance, less what the review took."""
    due = sum(money.of(each["due"]) for each in clearing["methods"])
    advance = ADVANCE if clearing["institution"] == PLACES["township"].code else 0
    deducted = DEDUCTED if clearing["institution"] == PLACES["city"].code else 0
    left = due - advance - deposit_of(due) - deducted
    return Tie(f"payable {clearing['institution']} {MONTH}", money.of(clearing["payable"]), left)
