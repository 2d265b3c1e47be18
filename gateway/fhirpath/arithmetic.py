"""Operators on numbers, texts, quantities and dates (FHIRPath N1 sections 6.6 and 6.7).

Decimals are exact up to 28 significant digits and 8 places are kept at least; what overflows, or divides by zero, is
empty (None). TypeError: the operands do not fit each other.
"""

import calendar
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from typing import Any, Final

from gateway.fhirpath import units
from gateway.fhirpath.compare import seconds_of
from gateway.fhirpath.values import Date, DateTime, Quantity, Temporal, Time

EXACT: Final = Context(prec=34, Emax=999, Emin=-999, traps=[DivisionByZero, InvalidOperation, Overflow])
LEAST, MOST = -(2**31), 2**31 - 1
_DAY: Final = 86400
# UCUM codes that mean a calendar duration in date arithmetic (N1 section 6.7); 'a' and 'mo' are not among them.
_DURATIONS: Final = {"wk": "week", "d": "day", "h": "hour", "min": "minute", "s": "second", "ms": "millisecond"}
_PRECISION: Final = {"year": 1, "month": 2, "week": 3, "day": 3, "hour": 4, "minute": 5, "second": 6, "millisecond": 6}


def whole(value: int) -> int | None:
    """An Integer of FHIRPath has 32 bits; more is empty."""
    return value if LEAST <= value <= MOST else None


def add(left: Any, right: Any) -> Any:
    """Sum; joined texts; a date moved by a duration."""
    if type(left) is str and type(right) is str:
        return left + right
    if isinstance(left, (Date, DateTime, Time)) and isinstance(right, Quantity):
        return move(left, right, 1)
    if isinstance(left, Quantity) and isinstance(right, (Date, DateTime, Time)):
        return move(right, left, 1)
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return _sum(left, right, 1)
    return _numbers(left, right, lambda a, b: a + b, EXACT.add)


def subtract(left: Any, right: Any) -> Any:
    """Difference; a date moved back by a duration."""
    if isinstance(left, (Date, DateTime, Time)) and isinstance(right, Quantity):
        return move(left, right, -1)
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return _sum(left, right, -1)
    return _numbers(left, right, lambda a, b: a - b, EXACT.subtract)


def multiply(left: Any, right: Any) -> Any:
    """Product; of quantities with their units multiplied."""
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        a, b = _quantity(left), _quantity(right)
        return Quantity(EXACT.multiply(a.value, b.value), units.multiply(_code(a), _code(b)))
    return _numbers(left, right, lambda a, b: a * b, EXACT.multiply)


def divide(left: Any, right: Any) -> Any:
    """Quotient, always a Decimal; by zero: empty."""
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        a, b = _quantity(left), _quantity(right)
        value = quotient(a.value, b.value)
        return None if value is None else Quantity(value, units.divide(_code(a), _code(b)))
    return quotient(_number(left), _number(right))


def quotient(left: Decimal, right: Decimal) -> Decimal | None:
    """left / right, rounded to 28 digits only where it does not end before."""
    if right == 0:
        return None
    value = EXACT.divide(left, right)
    return value if len(value.as_tuple().digits) <= 28 else round_to(value, 28)


def round_to(value: Decimal, digits: int) -> Decimal:
    """To so many significant digits, half to even."""
    return Context(prec=digits, Emax=999, Emin=-999).plus(value)


def whole_quotient(left: Any, right: Any) -> Any:
    """`div`: truncated towards zero, an Integer; by zero: empty."""
    a, b = _number(left), _number(right)
    if b == 0:
        return None
    return whole(int(EXACT.divide_int(a, b)))


def remainder(left: Any, right: Any) -> Any:
    """`mod`: with the sign of the left operand; by zero: empty."""
    a, b = _number(left), _number(right)
    if b == 0:
        return None
    value = EXACT.remainder(a, b)
    return int(value) if isinstance(left, int) and isinstance(right, int) else value


def negative(value: Any) -> Any:
    """The value with the other sign."""
    if isinstance(value, Quantity):
        return replace(value, value=-value.value)
    number = _number(value)
    return whole(-value) if isinstance(value, int) else EXACT.minus(number)


def move(moment: Temporal, by: Quantity, sign: int) -> Temporal | None:
    """A date, dateTime or time moved by a duration at the precision it has (N1 section 6.7).

    A duration finer than the moment is first cut to whole units of its precision; a day that the month reached does
    not have becomes its last. Times go round midnight. TypeError: not a duration, or one that is no calendar's.
    """
    unit = by.unit if by.calendar else _DURATIONS.get(by.unit)
    if unit is None:
        raise TypeError("a date moves by a calendar duration such as 1 month or 3 'd'")
    amount = Fraction(by.value) * sign
    if isinstance(moment, Time):
        return _move_time(moment, amount, unit)
    return _move_day(moment, amount, unit)


def _move_time(moment: Time, amount: Fraction, unit: str) -> Time:
    length = seconds_of(unit)
    if length is None or unit in ("week", "day"):
        raise TypeError("a time moves by hours, minutes, seconds or milliseconds")
    parts = moment.parts
    step = (3600, 60, None)[len(parts) - 1]
    seconds = _cut(amount * length, step)
    now = Fraction(parts[0]) * 3600 + sum(Fraction(part) * size for part, size in zip(parts[1:], (60, 1), strict=False))
    return Time(_clock((now + seconds) % _DAY)[: len(parts)])


def _move_day(moment: Date | DateTime, amount: Fraction, unit: str) -> Date | DateTime | None:
    parts = moment.parts
    precision = min(len(parts), 6)
    if unit in ("year", "month"):
        months = int(amount) * (12 if unit == "year" else 1)
        return _move_months(moment, months if precision > 1 else int(Fraction(months, 12)) * 12)
    if precision < 3:
        # Coarser than the duration: 30 days make a month, 365 a year.
        days = amount * (seconds_of(unit) or 0) / _DAY
        return _move_months(moment, int(days / 365) * 12 if precision == 1 else int(days / 30))
    seconds = _cut(amount * (seconds_of(unit) or 0), (_DAY, 3600, 60, None)[precision - 3])
    clock = [Fraction(part) for part in parts[3:]] + [Fraction(0)] * (6 - precision)
    total = clock[0] * 3600 + clock[1] * 60 + clock[2] + seconds
    days_on, rest = divmod(total, _DAY)
    try:
        day = date(*(int(part) for part in parts[:3])) + timedelta(days=int(days_on))
    except OverflowError:
        return None
    moved = ((day.year, day.month, day.day), _clock(rest))
    if isinstance(moment, Date):
        return Date(moved[0])
    return DateTime((moved[0] + moved[1])[:precision], moment.offset)


def _move_months(moment: Date | DateTime, months: int) -> Date | DateTime | None:
    parts = moment.parts
    count = int(parts[0]) * 12 + (int(parts[1]) - 1 if len(parts) > 1 else 0) + months
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        return None
    head: tuple[int, ...] = (year, month)
    if len(parts) > 2:
        head = (year, month, min(int(parts[2]), calendar.monthrange(year, month)[1]))
    if isinstance(moment, Date):
        return Date(head[: len(parts)])
    return DateTime((*head, *parts[3:])[: len(parts)], moment.offset)


def _cut(seconds: Fraction, step: int | None) -> Fraction:
    return seconds if step is None else Fraction(int(seconds / step) * step)


def _clock(seconds: Fraction) -> tuple[int, int, Decimal]:
    hour, rest = divmod(seconds, 3600)
    minute, second = divmod(rest, 60)
    milliseconds = int(second * 1000)
    exact = Decimal(milliseconds // 1000) if milliseconds % 1000 == 0 else Decimal(milliseconds).scaleb(-3)
    return int(hour), int(minute), exact


def _number(value: Any) -> Decimal:
    if type(value) is int:
        return Decimal(value)
    if type(value) is Decimal:
        return value
    raise TypeError("not a number")


def _quantity(value: Any) -> Quantity:
    return value if isinstance(value, Quantity) else Quantity(_number(value), "1")


def _code(value: Quantity) -> str:
    return (
        {**{name: code for code, name in _DURATIONS.items()}, "year": "a", "month": "mo"}[value.unit]
        if (value.calendar)
        else value.unit
    )


def _sum(left: Quantity, right: Quantity, sign: int) -> Quantity | None:
    """In the finer unit of the two (N1 section 6.6.3); None if they have not the same dimension."""
    if left.unit == right.unit and left.calendar == right.calendar:
        return replace(left, value=EXACT.add(left.value, right.value * sign))
    if _is_long(left) or _is_long(right):
        return _sum_months(left, right, sign)
    sizes = units.unit_of(_code(left)), units.unit_of(_code(right))
    if sizes[0] is None or sizes[1] is None or sizes[0].bases != sizes[1].bases:
        return None
    if sizes[0].factor > sizes[1].factor:
        moved = units.convert(left.value, _code(left), _code(right))
        return None if moved is None else replace(right, value=EXACT.add(in_decimal(moved), right.value * sign))
    moved = units.convert(right.value, _code(right), _code(left))
    return None if moved is None else replace(left, value=EXACT.add(left.value, in_decimal(moved) * sign))


def _is_long(value: Quantity) -> bool:
    """A calendar month or year, which no number of days is."""
    return value.calendar and value.unit in ("year", "month")


def _sum_months(left: Quantity, right: Quantity, sign: int) -> Quantity | None:
    """A year and months, in months."""
    if not (_is_long(left) and _is_long(right)):
        return None
    months = [each.value * (12 if each.unit == "year" else 1) for each in (left, right)]
    return Quantity(EXACT.add(months[0], months[1] * sign), "month", True)


def in_decimal(value: Fraction) -> Decimal:
    """A fraction as Decimal, to 28 digits where it does not end before."""
    made = EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return made if len(made.as_tuple().digits) <= 28 else round_to(made, 28)


def _numbers(
    left: Any, right: Any, whole_of: Callable[[int, int], int], exact: Callable[[Decimal, Decimal], Decimal]
) -> Any:
    if type(left) is int and type(right) is int:
        return whole(whole_of(left, right))
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        a, b = _quantity(left), _quantity(right)
        return None if a.unit != b.unit else replace(a, value=exact(a.value, b.value))
    return exact(_number(left), _number(right))
