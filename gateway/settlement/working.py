"""The sheet that steps write on while one claim is decided."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from gateway.kernel.calendar import Period, benefit_year
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem
from gateway.settlement.claim import NOTHING, STAYS, Case, Counters, Layer
from gateway.settlement.decision import Figure, Note, Split
from gateway.settlement.rule import Rule

BASIC: Layer = "basic"
ACCOUNT: Layer = "account"
"""The counter of what was drawn from the personal account, as `counted`."""


FAMILY_ACCOUNT: Layer = "family_account"
"""The counter of what was drawn from the accounts of the person's family, as `counted`."""


class Portion(NamedTuple):
    """A group of lines that the rules treat alike: their charge, and the funds that may not share them."""

    charge: str
    barred: tuple[str, ...]


def quota_layer(disease: str) -> Layer:
    """The counter of what one listed disease has used of its quota."""
    return f"quota:{disease}"


class Working:
    """Figures so far. `counted`: in-scope cost after what the deductible and the ceiling took off.

    `account`: paid from the personal account, `account_beyond` of it for cost out of scope, `account_shared` of it by
    the family's accounts; `institution_share`: what the institution bears. `aside`: cost left to the person that the
    rules do not call an own share (deferred, or shared by nobody). `barred`: by fund, the numbers of the lines it may
    not share. `portions`: see `settlement.portions`. `waived`: by line number, in-scope cost whose
    own part was waived.
    """

    __slots__ = (
        "account",
        "account_beyond",
        "account_shared",
        "aside",
        "barred",
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
        "portions",
        "refusals",
        "waived",
    )

    def __init__(self, case: Case) -> None:
        self.case = case
        self.period: Period = benefit_year(case.claim.decided_on)
        self.lines: list[Split] = []
        self.in_scope: Fen = 0
        self.deductible: Fen = 0
        self.counted: Fen = 0
        self.account: Fen = 0
        self.account_beyond: Fen = 0
        self.account_shared: Fen = 0
        self.aside: Fen = 0
        self.barred: dict[str, set[int]] = {}
        self.portions: dict[Portion, Fen] | None = None
        self.institution_share: Fen = 0
        self.funds: dict[str, Fen] = {BASIC: 0}
        self.moved: dict[tuple[Layer, Period], Counters] = {}
        self.notes: list[Note] = []
        self.refusals: list[Problem] = []
        self.waived: dict[int, Fen] = {}

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

    def take_back(self, fund: str, amount: Fen) -> None:
        """A fund does not pay, after all, a part of what it has taken of this claim."""
        assert 0 <= amount <= self.funds.get(fund, 0), "what is taken back was paid"
        self.funds[fund] -= amount

    def disallow(self, index: int) -> Fen:
        """The line of an index becomes own expense whole; gives what was in scope of it. Before anyone has paid."""
        line = self.lines[index]
        self.lines[index] = Split(sum(line), 0, 0, 0)
        self.in_scope -= line.in_scope
        self.counted -= line.in_scope
        return line.in_scope

    @property
    def left(self) -> Fen:
        """In-scope cost that is still the person's own share."""
        within = self.account - self.account_beyond
        return self.in_scope - sum(self.funds.values()) - within - self.institution_share

    @property
    def account_left(self) -> Fen:
        """What the personal account still holds."""
        own = self.account - self.account_shared
        return max(0, self.case.claim.person.account_balance - self.case.drawn - own)

    @property
    def family_account_left(self) -> Fen:
        """What the accounts of the family still hold for the person."""
        return max(0, self.case.claim.person.family_balance - self.case.family_drawn - self.account_shared)

    @property
    def continues(self) -> bool:
        """Whether a stay goes on with one that was counted before 转院: it is the same admission."""
        return self.is_stay and bool(self.case.claim.transfer_from) and self.spent(BASIC).admissions > 0

    @property
    def is_stay(self) -> bool:
        return self.case.claim.kind in STAYS


Step: TypeAlias = Callable[[Working], None]
