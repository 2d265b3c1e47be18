"""What the core decides, with every figure traced to its rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gateway.kernel.ids import ClaimId
from gateway.kernel.money import Fen
from gateway.settlement.claim import Claim, Movement
from gateway.settlement.rule import Rule, Wording


class Split(NamedTuple):
    """The four parts of an amount: 全自费, 超限价, 先行自付, 符合政策范围. They always add up to it."""

    own_expense: Fen
    over_limit: Fen
    first_payment: Fen
    in_scope: Fen


class Figure(NamedTuple):
    """A kind of step in the explanation: its words, and the arithmetic with places for the operands.

    `arithmetic` formats the note's operands in order; m is money, r a rate as per cent, p a unit price, q a quantity.
    """

    code: str
    title: Wording
    arithmetic: str


class Note(NamedTuple):
    """One figure of a decision: what it was before, what it became, by which rule. `line` 0: the whole claim."""

    figure: Figure
    rule: Rule
    line: int
    before: Fen
    after: Fen
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A settled claim. All amounts in fen, none negative; the identities of the product hold (`check_decision`).

    `drawn`, `family_drawn`: those of the case it was decided from.
    """

    claim: Claim
    policy: str
    version: str
    benefit: str
    lines: tuple[Split, ...]
    total: Fen
    split: Split
    deductible: Fen
    counted: Fen
    funds: Mapping[str, Fen]
    account: Fen
    institution_share: Fen
    cash: Fen
    movements: tuple[Movement, ...]
    notes: tuple[Note, ...]
    drawn: Fen = 0
    family_drawn: Fen = 0

    @property
    def id(self) -> ClaimId:
        return self.claim.id

    @property
    def fund_total(self) -> Fen:
        return sum(self.funds.values())


def check_decision(decision: Decision) -> None:
    """The conservation laws, on every claim: an assertion, since breaking one is our bug."""
    split = decision.split
    total = decision.total
    for line, part in zip(decision.claim.lines, decision.lines, strict=True):
        assert line.amount == sum(part), f"line {line.number} does not add up"
        assert min(part) >= 0, f"line {line.number} has a negative part"
    assert total == sum(line.amount for line in decision.claim.lines)
    assert total == sum(split), "the claim's parts do not add up"
    assert min(split) >= 0, "the claim has a negative part"
    funds = decision.funds.values()
    assert total == sum(funds) + decision.account + decision.cash + decision.institution_share, (
        "the payers do not add up"
    )
    assert min(*funds, decision.account, decision.cash, decision.institution_share, 0) >= 0, "a payer is negative"
    counted = dict.fromkeys(decision.funds, 0)
    for movement in decision.movements:
        if movement.layer in counted:
            counted[movement.layer] += movement.delta.fund
    for fund, paid in decision.funds.items():
        assert paid == counted[fund], f"fund {fund} pays {paid} and counts {counted[fund]}"
    assert 0 <= decision.deductible <= split.in_scope
    assert 0 <= decision.counted <= split.in_scope
