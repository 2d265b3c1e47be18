"""Deductible by order of admission 按住院次序的起付线: lower from the second stay of the year on.

A stay continued by transfer bears the difference of the two levels' deductibles, nothing on the way down; it is the
same admission as the stay before it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from gateway.kernel.money import Fen
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import BASIC, Step, Working

DIFFERENCE, FULL, NONE = "difference", "full", "none"


def _by_order(raw: Any, levels: Collection[str]) -> tuple[Mapping[str, Fen], ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of amounts by level")
    return tuple(shapes.MONEY_BY_LEVEL.parse(each, levels) for each in raw)


def _tell(amounts: tuple[Mapping[str, Fen], ...]) -> Iterator[str]:
    return (f"{order}: {shapes.amounts_text(amount)}" for order, amount in enumerate(amounts, 1))


AMOUNTS = Shape(
    'amounts by level of the first, second … stay, such as [{hospital: "500.00"}, {hospital: "250.00"}]',
    _by_order,
    tell=_tell,
)

ARGUMENTS = {"amounts": AMOUNTS, "transfer": shapes.choice(DIFFERENCE, FULL, NONE)}
OPTIONAL = frozenset({"transfer"})

BY_ORDER = Figure("deductible-of-admission", Wording("起付线", "deductible"), "min({0:m}, {1:m}) = {2:m}")
TRANSFER = Figure(
    "deductible-of-transfer",
    Wording("转院起付线差额", "deductible after a transfer: the difference"),
    "min({0:m}, {1:m} − {2:m}) = {3:m}",
)
FIGURES = (BY_ORDER, TRANSFER)


def build(arguments: Arguments) -> Step:
    """`amounts`: the last holds for every later stay; `transfer`: what a stay continued elsewhere bears (`difference`
    where it is left out)."""
    amounts, rule = arguments["amounts"].value, arguments["amounts"].rule
    transfer = arguments.get("transfer")
    mode = transfer.value if transfer is not None else DIFFERENCE

    def step(working: Working) -> None:
        claim = working.case.claim
        before = working.counted
        continued = bool(claim.transfer_from) and mode != FULL
        order = working.spent(BASIC).admissions - (1 if working.continues else 0)
        by_level = amounts[min(order, len(amounts) - 1)]
        amount = by_level[claim.level]
        if continued:
            borne = min(amount, by_level[claim.transfer_from]) if mode == DIFFERENCE else amount
            deductible = min(before, amount - borne)
            working.note(TRANSFER, rule, before, before - deductible, before, amount, borne, deductible)
        else:
            deductible = min(before, amount)
            working.note(BY_ORDER, rule, before, before - deductible, before, amount, deductible)
        working.deductible += deductible
        working.counted = before - deductible

    return step
