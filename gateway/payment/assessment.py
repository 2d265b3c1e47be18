"""What an institution is due for a month or a year: items by agreement, what is taken off, and what is paid.

    due        = Σ items.due − Σ deductions
    adjustment = due − fee for service         (a month: the funds' payables that claims have posted)
               = due − assessed                (a year: what its months' assessments came to)
    payable − carried = base + adjustment + account − retained + released − advance − brought

where `base` is the fee for service of a month, and what was assessed before, already paid, is not in it for a year (0).
`payable` and `carried` are never negative and never both: what cannot be paid is carried as a receivable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.kernel.calendar import Period
from gateway.kernel.money import Fen
from gateway.payment.figure import Figure
from gateway.payment.measure import Measure
from gateway.payment.stated import Stated


@dataclass(frozen=True, slots=True)
class Item:
    """One agreement: what its cases have posted as funds' payables, and what it makes due. Either may be negative."""

    terms: str
    method: str
    fee_for_service: Fen
    due: Fen
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Deduction:
    """Taken off what is due (> 0), by a limit of the year."""

    limit: str
    amount: Fen
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """One institution and period; all fen, with the sums that the module states. `version`: of the payment file.

    `account`: personal accounts' part, passed on as it is; `advance`: prepaid money set off now; `retained`: deposit
    kept back; `released`, `forfeited`: of the deposit held, at the year's end; `brought`: receivable carried in.
    """

    institution: str
    period: Period
    version: str
    items: tuple[Item, ...]
    deductions: tuple[Deduction, ...]
    fee_for_service: Fen
    due: Fen
    assessed: Fen
    adjustment: Fen
    account: Fen
    advance: Fen
    retained: Fen
    released: Fen
    forfeited: Fen
    brought: Fen
    payable: Fen
    carried: Fen
    figures: tuple[Figure, ...] = ()

    @property
    def all_figures(self) -> tuple[Figure, ...]:
        """Those of the items, of the deductions and of the whole, in this order."""
        items = [each for item in self.items for each in item.figures]
        return (*items, *(each for part in self.deductions for each in part.figures), *self.figures)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an assessment needs beside measures; each by institution code.

    `levels`: level keys, so that scopes by level reach institutions without a case (else a measure's level counts);
    `stated`: in place of what the payment file states; `earlier`: measures of the year's months before (for the running
    meter of a month); `assessed`: sum of the months' `due` (year); `advances`: prepaid and not set off yet, None for
    what the terms prepay for the month; `deposits`: held (year); `brought`: receivable carried from before.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, Stated] = field(default_factory=dict)
    earlier: Mapping[str, tuple[Measure, ...]] = field(default_factory=dict)
    assessed: Mapping[str, Fen] = field(default_factory=dict)
    advances: Mapping[str, Fen] | None = None
    deposits: Mapping[str, Fen] = field(default_factory=dict)
    brought: Mapping[str, Fen] = field(default_factory=dict)


NO_FACTS = Facts()
