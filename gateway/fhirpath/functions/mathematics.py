"""Mathematics (FHIRPath N1 section 5.7), exact where the result is; else to 28 digits. Without a result: empty."""

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any, Final

from gateway.fhirpath.arithmetic import EXACT, add, in_decimal, quotient, round_to, whole
from gateway.fhirpath.code import UNKNOWN, Code, Context, Static, from_one
from gateway.fhirpath.compare import order
from gateway.fhirpath.functions.collections import values_of
from gateway.fhirpath.functions.scalar import MEASURES, NUMBERS, scalar
from gateway.fhirpath.model import Item
from gateway.fhirpath.operators import calculated
from gateway.fhirpath.problems import refuse, wrong_operand
from gateway.fhirpath.site import Function, Site
from gateway.fhirpath.values import Quantity

_MOST_PLACES: Final = 28


def _absolute(value: Any) -> Any:
    if isinstance(value, Quantity):
        return replace(value, value=abs(value.value))
    return whole(abs(value)) if type(value) is int else abs(value)


def _rounded(mode: str) -> Callable[[Any], int | None]:
    def calculate(value: Any) -> int | None:
        return whole(int(Decimal(value).to_integral_value(mode)))

    return calculate


def _round(value: Any, places: int = 0) -> Any:
    """Half goes up: 1.5 to 2, -1.5 to -1 (N1 section 5.7.8)."""
    if not 0 <= places <= _MOST_PLACES:
        return None
    if isinstance(value, Quantity):
        return replace(value, value=_round(value.value, places))
    step = Decimal(1).scaleb(-places)
    return EXACT.add(Decimal(value), step / 2).quantize(step, ROUND_FLOOR, EXACT)


def _exponential(value: Any) -> Decimal:
    return round_to(EXACT.exp(Decimal(value)), 28)


def _natural(value: Any) -> Decimal | None:
    return round_to(EXACT.ln(Decimal(value)), 28) if value > 0 else None


def _logarithm(value: Any, base: Any) -> Decimal | None:
    if value <= 0 or base <= 0 or base == 1:
        return None
    if base == 10:
        return round_to(EXACT.log10(Decimal(value)), 28)
    found = quotient(EXACT.ln(Decimal(value)), EXACT.ln(Decimal(base)))
    return None if found is None else _whole_where_exact(round_to(found, 25), base, value)


def _whole_where_exact(found: Decimal, base: Any, value: Any) -> Decimal:
    """16.log(2) is 4, not 3.99…: a whole exponent that gives the value back is taken."""
    near = found.to_integral_value()
    return near if abs(near) < 1000 and Fraction(base) ** int(near) == Fraction(value) else found


def _power(value: Any, exponent: Any) -> Any:
    if value < 0 and Decimal(exponent) != Decimal(exponent).to_integral_value():
        return None
    if value == 0 and exponent < 0:
        return None
    made = EXACT.power(Decimal(value), Decimal(exponent))
    if type(value) is int and type(exponent) is int and exponent >= 0:
        return whole(int(made)) if abs(made) < 2**32 else None
    return round_to(made, 28)


def _root(value: Any) -> Decimal | None:
    return round_to(EXACT.sqrt(Decimal(value)), 28) if value >= 0 else None


def _collected(calculate: Callable[[list[Any], Site], Any]) -> Function:
    """sum, min, max and avg: of all values of the source; empty for none."""

    def build(site: Site) -> Code:
        items_of = site.source.many

        def one(this: Item, context: Context) -> Any:
            values = values_of(items_of(this, context))
            return calculate(values, site) if values else None

        return from_one(one, Static(UNKNOWN.types, False))

    return Function(0, 0, build)


def _sum(values: list[Any], site: Site) -> Any:
    total = values[0]
    for value in values[1:]:
        total = None if total is None else calculated(add, total, value, site.place)
    return total


def _average(values: list[Any], site: Site) -> Any:
    total = _sum(values, site)
    if isinstance(total, Quantity):
        return replace(total, value=in_decimal(Fraction(total.value) / len(values)))
    if type(total) not in NUMBERS:
        return None
    return quotient(Decimal(total), Decimal(len(values)))


def _extreme(sign: int) -> Callable[[list[Any], Site], Any]:
    def calculate(values: list[Any], site: Site) -> Any:
        best = values[0]
        for value in values[1:]:
            try:
                found = order(value, best)
            except TypeError:
                where, what = site.place
                refuse(wrong_operand(where, what=what, wanted="values of one kind", found="several"))
            if found is None:
                return None
            best = value if found == sign else best
        return best

    return calculate


TABLE: Final = {
    "abs": scalar(_absolute, None, MEASURES),
    "ceiling": scalar(_rounded(ROUND_CEILING), "Integer", NUMBERS),
    "floor": scalar(_rounded(ROUND_FLOOR), "Integer", NUMBERS),
    "truncate": scalar(_rounded(ROUND_DOWN), "Integer", NUMBERS),
    "round": scalar(_round, None, MEASURES, ((int,),), optional=1),
    "exp": scalar(_exponential, "Decimal", NUMBERS),
    "ln": scalar(_natural, "Decimal", NUMBERS),
    "log": scalar(_logarithm, "Decimal", NUMBERS, (NUMBERS,)),
    "power": scalar(_power, None, NUMBERS, (NUMBERS,)),
    "sqrt": scalar(_root, "Decimal", NUMBERS),
    "sum": _collected(_sum),
    "avg": _collected(_average),
    "min": _collected(_extreme(-1)),
    "max": _collected(_extreme(1)),
}
