"""Exact numbers in and out of JSON: a float never exists, so a fen never goes missing."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, TypeAlias

Number: TypeAlias = int | Decimal

_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_LONGEST_TEXT = 40
_LARGEST_EXPONENT = 40


def exact(text: str) -> Decimal:
    """A JSON number with a fraction or exponent. One that no decimal can hold becomes NaN: never an amount."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def canonical(text: str) -> Number | str:
    """A JSON number so that 12.30, 12.3 and 1.23e1 are the same value; what no amount can be stays as written."""
    number = exact(text)
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        return text
    whole = number.to_integral_value()
    return int(whole) if whole == number else number.normalize()


def read_number(value: Any) -> Decimal | None:
    """The number of a JSON number or of a plain decimal in a string; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        return Decimal(text) if len(text) <= _LONGEST_TEXT and _PLAIN.fullmatch(text) else None
    if isinstance(value, int):
        return Decimal(value)
    return value if isinstance(value, Decimal) and value.is_finite() else None


def fits(number: Decimal, *, digits: int, decimals: int) -> bool:
    """Whether a number is an N `digits`,`decimals` of the interface; zeros after its last decimal do no harm."""
    if number and number.adjusted() >= digits - decimals:
        return False
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "the number is finite"
    return exponent >= -decimals or number == number.quantize(Decimal(1).scaleb(-decimals))


def placed(number: Decimal, decimals: int) -> Decimal:
    """The number with exactly that many decimals, half up, and never a negative zero."""
    fixed = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return fixed if fixed else abs(fixed)


def shortest(number: Decimal) -> Decimal:
    """The number without zeros after its last decimal: 2.5000 is 2.5, 30.0000 is 30."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
