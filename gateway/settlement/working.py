"""The sheet that steps write on while one claim is decided."""

from collections.abc import Callable
from typing import TypeAlias

from gateway.kernel.calendar import Period, benefit_year
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem
from gateway.settlement.claim import NOTHING, STAYS, Case, Counters, Layer
from gateway.settlement.decision import Figure, Note, Split
from gateway.settlement.rule import Rule

BASIC: Layer = "basic"


def quota_layer(disease: str) -> Layer:
    """The counter of what one listed disease has used of its quota."""
    return f"quota:{disease}"


class Working:
    """Figures so far. `counted`: in-scope cost after what the deductible and the ceiling took off.

    `account`: paid from the personal account; `institution_share`: what the institution bears.
    """

    __slots__ = (
        "account",
        "case",
        "counted",
        "deductible",
        "funds",
        "in_scope",
        "institution_share",
        "lines",
        "moved",
        "notes",
        "period",
        "refusals",
    )

    def __init__(self, case: Case) -> None:
        self.case = case
        self.period: Period = benefit_year(case.claim.decided_on)
        self.lines: list[Split] = []
        self.in_scope: Fen = 0
        self.deductible: Fen = 0
        self.counted: Fen = 0
        self.account: Fen = 0
        self.institution_share: Fen = 0
        self.funds: dict[str, Fen] = {BASIC: 0}
        self.moved: dict[tuple[Layer, Period], Counters] = {}
        self.notes: list[Note] = []
        self.refusals: list[Problem] = []

    def spent(self, layer: Layer, period: Period = "") -> Counters:
        """What a period (the benefit year unless another is named) has used of a layer before this claim."""
        return self.case.spent.get((layer, period or self.period), NOTHING)

    def move(self, layer: Layer, delta: Counters, period: Period = "") -> None:
        """What this claim adds to a layer's counters in a period (the benefit year unless another is named)."""
        key = (layer, period or self.period)
        self.moved[key] = self.moved.get(key, NOTHING).plus(delta)

    def note(self, figure: Figure, rule: Rule, before: Fen, after: Fen, *operands: int, line: int = 0) -> None:
        self.notes.append(Note(figure, rule, line, before, after, operands))

    def pay(self, fund: str, amount: Fen) -> None:
        """A fund takes an amount of the in-scope cost that nobody has taken yet."""
        assert 0 <= amount <= self.left, "a fund pays within what is left"
        self.funds[fund] = self.funds.get(fund, 0) + amount

    @property
    def left(self) -> Fen:
        """In-scope cost that is still the person's own share."""
        return self.in_scope - sum(self.funds.values()) - self.account - self.institution_share

    @property
    def is_stay(self) -> bool:
        return self.case.claim.kind in STAYS


Step: TypeAlias = Callable[[Working], None]
