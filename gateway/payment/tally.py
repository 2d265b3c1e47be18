"""What a method's `tally` makes."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from gateway.payment.case import Care

Cells: TypeAlias = Iterable[tuple[str, int]]
Tally: TypeAlias = Callable[[Care], Cells]
"""Cells that a case adds, as if settled: the sign is applied by who adds them up."""
