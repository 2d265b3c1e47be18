"""Conversion (FHIRPath N1 section 5.5): toX() is empty where convertsToX() is false."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from gateway.fhirpath.arithmetic import in_decimal, whole
from gateway.fhirpath.code import Code, Context, Static, from_many, from_one, from_test
from gateway.fhirpath.model import Item
from gateway.fhirpath.problems import refuse, several_items, wrong_operand
from gateway.fhirpath.site import Function, Site
from gateway.fhirpath.units import convert
from gateway.fhirpath.values import (
    CALENDAR,
    Date,
    DateTime,
    Quantity,
    Time,
    read_date,
    read_datetime,
    read_quantity,
    read_time,
    write,
    write_decimal,
)

_INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,100}(?:\.\d{1,100})?", re.ASCII)
_TRUE: Final = frozenset({"true", "t", "yes", "y", "1", "1.0"})
_FALSE: Final = frozenset({"false", "f", "no", "n", "0", "0.0"})
_MONTHS: Final = {"year": 12, "month": 1}


def to_boolean(value: Any) -> bool | None:
    """true, t, yes, y, 1, 1.0 and their opposites, in any case."""
    if type(value) is bool:
        return value
    if type(value) in (int, Decimal):
        return bool(value) if value in (0, 1) else None
    said = value.lower() if type(value) is str else ""
    return True if said in _TRUE else False if said in _FALSE else None


def to_integer(value: Any) -> int | None:
    """Of integers, booleans and texts with digits; 32 bits."""
    if type(value) in (bool, int):
        return whole(int(value))
    return whole(int(value)) if type(value) is str and _INTEGER.fullmatch(value) else None


def to_decimal(value: Any) -> Decimal | None:
    """Of numbers, booleans and texts with digits and a point."""
    if type(value) in (bool, int, Decimal):
        return Decimal(value)
    return Decimal(value) if type(value) is str and _DECIMAL.fullmatch(value) else None


def to_text(value: Any) -> str | None:
    """The text of any System value; None for an element."""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is Decimal:
        return write_decimal(value)
    if type(value) is int:
        return str(value) if abs(value) < 10**40 else None
    return write(value) if isinstance(value, (Date, DateTime, Time, Quantity)) else None


def to_date(value: Any) -> Date | None:
    """A date, the day of a dateTime, or a text of one."""
    if isinstance(value, DateTime):
        return Date(tuple(int(part) for part in value.parts[:3]))
    return value if isinstance(value, Date) else read_date(value) if type(value) is str else None


def to_datetime(value: Any) -> DateTime | None:
    """A dateTime, a date without time, or a text of one."""
    if isinstance(value, Date):
        return DateTime(value.parts)
    return value if isinstance(value, DateTime) else read_datetime(value) if type(value) is str else None


def to_time(value: Any) -> Time | None:
    """A time or a text of one."""
    return value if isinstance(value, Time) else read_time(value.removeprefix("T")) if type(value) is str else None


def to_quantity(value: Any, unit: str | None = None) -> Quantity | None:
    """Of numbers, booleans and texts such as `5 'mg'`; converted to the unit where one is given."""
    if type(value) in (bool, int, Decimal):
        made: Quantity | None = Quantity(Decimal(value), "1")
    else:
        made = value if isinstance(value, Quantity) else read_quantity(value) if type(value) is str else None
    return made if made is None or unit is None else _in_unit(made, unit)


def _in_unit(value: Quantity, unit: str) -> Quantity | None:
    calendar = CALENDAR.get(unit)
    if calendar is None and not value.calendar:
        converted = convert(value.value, value.unit, unit)
        return None if converted is None else Quantity(in_decimal(converted), unit)
    if calendar == value.unit and value.calendar:
        return value
    if value.calendar and value.unit in _MONTHS and calendar in _MONTHS:
        months = value.value * _MONTHS[value.unit]
        return Quantity(months / _MONTHS[calendar], calendar, True)
    codes = {"week": "wk", "day": "d", "hour": "h", "minute": "min", "second": "s", "millisecond": "ms"}
    source = codes.get(value.unit, "") if value.calendar else value.unit
    target = codes.get(calendar, "") if calendar else unit
    converted = convert(value.value, source, target)
    return None if converted is None else Quantity(in_decimal(converted), calendar or unit, calendar is not None)


def _to(convert_one: Callable[..., Any], result: str, optional: int = 0) -> Function:
    def build(site: Site) -> Code:
        calculate = _calculation(site, convert_one)
        return from_one(calculate, Static((f"System.{result}",), False))

    return Function(0, optional, build)


def _converts(convert_one: Callable[..., Any], optional: int = 0) -> Function:
    def build(site: Site) -> Code:
        source, calculate = site.source.many, _calculation(site, convert_one)

        def test(this: Item, context: Context) -> bool | None:
            return calculate(this, context) is not None if source(this, context) else None

        return from_test(test)

    return Function(0, optional, build)


def _calculation(site: Site, convert_one: Callable[..., Any]) -> Callable[[Item, Context], Any]:
    source = site.source.one
    unit_of = site.argument(0).one if site.arguments else None

    def one(this: Item, context: Context) -> Any:
        value = source(this, context)
        if value is None:
            return None
        if unit_of is None:
            return convert_one(value)
        unit = unit_of(this, context)
        if unit is None:
            return None
        if type(unit) is not str:
            refuse(wrong_operand(site.place.where, what=site.place.what, wanted="a unit as text", found="another type"))
        return convert_one(value, unit)

    return one


def _iif(site: Site) -> Code:
    """iif(criterion, then, else): only the part chosen is evaluated."""
    outer = site.source.static.many and not site.source.focus
    holds, then = site.each(0), site.each(1)
    otherwise = site.each(2) if len(site.arguments) > 2 else None
    source = site.source

    def many(this: Item, context: Context) -> list[Item]:
        focus = this
        if not source.focus:
            items = source.many(this, context)
            if len(items) > 1:
                refuse(several_items(site.place.where, site.place.what, len(items)))
            focus = items[0] if items else ({}, "", None)
        if holds.test(focus, context):
            return then.many(focus, context)
        return otherwise.many(focus, context) if otherwise else []

    types = then.static.types if otherwise is None or otherwise.static.types == then.static.types else None
    several = then.static.many or outer or (otherwise is not None and otherwise.static.many)
    return from_many(many, Static(types, several), site.place)


_KINDS: Final[tuple[tuple[str, Callable[..., Any], int], ...]] = (
    ("Boolean", to_boolean, 0),
    ("Integer", to_integer, 0),
    ("Decimal", to_decimal, 0),
    ("String", to_text, 0),
    ("Date", to_date, 0),
    ("DateTime", to_datetime, 0),
    ("Time", to_time, 0),
    ("Quantity", to_quantity, 1),
)

TABLE: Final = {
    "iif": Function(2, 3, _iif),
    **{f"to{name}": _to(convert_one, name, optional) for name, convert_one, optional in _KINDS},
    **{f"convertsTo{name}": _converts(convert_one, optional) for name, convert_one, optional in _KINDS},
}
