"""A case as payment sees it: one settlement, or its cancellation, of one institution. Nothing of the person's bill."""

from datetime import date
from typing import NamedTuple, Protocol

from gateway.kernel.money import Fen


class Care(Protocol):
    """What a method may look at. `sign`: +1 settled, −1 cancelled; amounts and days are those of the settlement.

    `total`: the bill; `fund`: what all funds paid of it; `account`: what the personal account paid. All fen, ≥ 0.
    `days`: of the stay, 0 where there was none; `case_group`: what `groups.group_of` said when it was settled, or ''.
    """

    @property
    def institution(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def case_group(self) -> str: ...
    @property
    def days(self) -> int: ...
    @property
    def total(self) -> Fen: ...
    @property
    def fund(self) -> Fen: ...
    @property
    def account(self) -> Fen: ...
    @property
    def sign(self) -> int: ...
    @property
    def booked_on(self) -> date: ...


class Case(NamedTuple):
    """A `Care` of its own, for case files, simulations and tests; rows of the store have the same fields."""

    institution: str
    person: str
    kind: str
    case_group: str
    days: int
    total: Fen
    fund: Fen
    account: Fen
    sign: int
    settlement: str
    booked_on: date
