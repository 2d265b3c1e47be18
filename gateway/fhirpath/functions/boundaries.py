"""lowBoundary, highBoundary and precision (of FHIRPath 3.0): what a value of its precision may stand for."""

import calendar
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from gateway.fhirpath.arithmetic import EXACT
from gateway.fhirpath.functions.scalar import scalar
from gateway.fhirpath.site import Function
from gateway.fhirpath.values import Date, DateTime, Part, Quantity, Time

_WANTED: Final[tuple[type, ...]] = (int, Decimal, Quantity, Date, DateTime, Time)
# Digits of a date with so many parts: YYYY, YYYYMM, …, YYYYMMDDhhmmssfff.
_DIGITS: Final = (4, 6, 8, 10, 12, 17)
_TIME_DIGITS: Final = (2, 4, 9)
_LAST_SECOND: Final = Decimal("59.999")
_FIRST_SECOND: Final = Decimal("0.000")
# The zones an unknown zone may be: the earliest instant is furthest east, the latest furthest west.
_EAST, _WEST = 14 * 60, -12 * 60
_MOST_PLACES: Final = 28


def _boundary(low: bool) -> Function:
    def calculate(value: Any, precision: int | None = None) -> Any:
        if isinstance(value, Quantity):
            number = _number(value.value, precision, low)
            return None if number is None else replace(value, value=number)
        if isinstance(value, Date):
            parts = _days(value.parts, 8 if precision is None else precision, low)
            return None if parts is None else Date(tuple(int(part) for part in parts))
        if isinstance(value, DateTime):
            return _instant(value, 17 if precision is None else precision, low)
        if isinstance(value, Time):
            return _time(value, 9 if precision is None else precision, low)
        return _number(Decimal(value), precision, low)

    return scalar(calculate, None, _WANTED, ((int,),), optional=1)


def _number(value: Decimal, precision: int | None, low: bool) -> Decimal | None:
    """Half a step of the last digit below or above, to so many places (8 where none are given)."""
    places = 8 if precision is None else precision
    if not 0 <= places <= _MOST_PLACES:
        return None
    exponent = value.as_tuple().exponent
    half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
    edge = EXACT.subtract(value, half) if low else EXACT.add(value, half)
    return edge.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR if low else ROUND_CEILING, EXACT)


def _days(parts: tuple[Part, ...], digits: int, low: bool) -> tuple[Part, ...] | None:
    if digits not in _DIGITS:
        return None
    wanted = _DIGITS.index(digits) + 1
    made = list(parts)
    while len(made) < wanted:
        made.append(_edge(made, low))
    return tuple(made[:wanted])


def _edge(parts: list[Part], low: bool) -> Part:
    match len(parts):
        case 1:
            return 1 if low else 12
        case 2:
            return 1 if low else calendar.monthrange(int(parts[0]), int(parts[1]))[1]
        case 3:
            return 0 if low else 23
        case 4:
            return 0 if low else 59
    return _FIRST_SECOND if low else _LAST_SECOND


def _instant(value: DateTime, digits: int, low: bool) -> DateTime | None:
    parts = _days(value.parts, digits, low)
    if parts is None:
        return None
    if len(parts) == 6:
        parts = (*parts[:5], _second(Decimal(parts[5]), low))
    offset = value.offset
    if offset is None and len(parts) > 3:
        offset = _EAST if low else _WEST
    return DateTime(parts, offset if len(parts) > 3 else None)


def _time(value: Time, digits: int, low: bool) -> Time | None:
    if digits not in _TIME_DIGITS:
        return None
    wanted = _TIME_DIGITS.index(digits) + 1
    made: list[Part] = list(value.parts)
    while len(made) < wanted:
        made.append((_FIRST_SECOND if low else _LAST_SECOND) if len(made) == 2 else (0 if low else 59))
    if wanted == 3:
        made[2] = _second(Decimal(made[2]), low)
    return Time(tuple(made[:wanted]))


def _second(value: Decimal, low: bool) -> Decimal:
    """To milliseconds."""
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if places >= 3:
        return value.quantize(Decimal("0.001"), rounding=ROUND_FLOOR)
    step = Decimal(0) if low else Decimal(1).scaleb(-places) - Decimal("0.001")
    return (value + step).quantize(Decimal("0.001"))


def _precision(value: Any) -> int | None:
    if isinstance(value, (Date, DateTime)):
        return _DIGITS[len(value.parts) - 1]
    if isinstance(value, Time):
        return _TIME_DIGITS[len(value.parts) - 1]
    exponent = Decimal(value).as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else None


_PRECISE: Callable[[Any], int | None] = _precision

TABLE: Final = {
    "lowBoundary": _boundary(True),
    "highBoundary": _boundary(False),
    "precision": scalar(_PRECISE, "Integer", (int, Decimal, Date, DateTime, Time)),
}
