"""Cost by groups of lines that the rules treat alike, for plans whose shares depend on what a line is for.

Whoever takes an amount of the bill as a whole takes it of the charges that the policy names first, in their order, then
of the others; within a charge, of what some fund may not share first. So neither the order of the lines nor splitting
one changes the result, and nothing is rounded.
"""

from collections.abc import Collection
from typing import Any

from gateway.kernel.money import Fen
from gateway.settlement.catalogue import CHARGES
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Portion, Working


def _charges(raw: Any, _levels: Collection[str]) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw or not set(raw) <= set(CHARGES):
        raise ValueError(f"not a list of charges ({', '.join(CHARGES)})")
    return tuple(raw)


CHARGE_LIST = Shape("a list of charges, such as [high_tech_exam, bed]", _charges, tell=lambda charges: charges)


def open_portions(working: Working) -> dict[Portion, Fen]:
    """In-scope cost that no rule has shared yet, by group. Made when first asked for."""
    if working.portions is None:
        working.portions = {}
        for line, split in zip(working.case.claim.lines, working.lines, strict=True):
            barred = tuple(sorted(fund for fund, lines in working.barred.items() if line.number in lines))
            portion = Portion(line.terms.charge if line.terms else "other", barred)
            working.portions[portion] = working.portions.get(portion, 0) + split.in_scope
    return working.portions


def open_to(working: Working, fund: str) -> Fen:
    """The part of the open cost that a fund may share."""
    return sum(fen for portion, fen in open_portions(working).items() if fund not in portion.barred)


def take(working: Working, amount: Fen, *, first: tuple[str, ...] = (), fund: str = "") -> None:
    """Take an amount off the open cost that a fund may share (or off all of it), of the charges `first` in order."""
    portions = open_portions(working)

    def order(portion: Portion) -> tuple[int, bool, Portion]:
        rank = first.index(portion.charge) if portion.charge in first else len(first)
        return rank, not portion.barred, portion

    for portion in sorted(portions, key=order):
        if fund not in portion.barred:
            taken = min(amount, portions[portion])
            portions[portion] -= taken
            amount -= taken
    assert amount == 0, "what is taken was there"
