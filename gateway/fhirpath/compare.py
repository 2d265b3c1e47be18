"""Equality, equivalence and order of items (FHIRPath N1 sections 6.1 and 6.2).

Each returns None where the specification says empty: dates of different precision, quantities of different dimension.
Calendar durations are compared with UCUM durations up to weeks, which both define alike; above (month, year) they are
not comparable, but equivalent.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from gateway.fhirpath.code import plain
from gateway.fhirpath.model import Item
from gateway.fhirpath.units import canonical
from gateway.fhirpath.values import Date, DateTime, Part, Quantity, Time, in_utc

_SECONDS: Final = {
    "week": Fraction(604800),
    "day": Fraction(86400),
    "hour": Fraction(3600),
    "minute": Fraction(60),
    "second": Fraction(1),
    "millisecond": Fraction(1, 1000),
}
_MONTHS: Final = {"year": 12, "month": 1}
_UCUM_OF: Final = {"year": "a", "month": "mo"}
_IN_SECONDS: Final = (("s", 1),)
_LONG: Final = ("a", "mo", "a_g", "a_j", "a_t", "mo_g", "mo_j", "mo_s")
MOST_NESTED: Final = 100
_SPACE = re.compile(r"[ \t\r\n]")

Key = Any


def equal(left: Item, right: Item) -> bool | None:
    """`=` of two items."""
    a, b = plain(left), plain(right)
    if type(a) is str and type(b) is str:
        return a == b
    if type(a) is Decimal and type(b) is Decimal:
        return a == b
    if isinstance(a, (Date, DateTime)) and isinstance(b, (Date, DateTime)):
        order = _order_days(a, b)
        return None if order is None else order == 0
    if isinstance(a, Time) and isinstance(b, Time):
        order = _order_parts(a.parts, b.parts)
        return None if order is None else order == 0
    if isinstance(a, Quantity) or isinstance(b, Quantity):
        return _equal_quantities(a, b)
    return bool(key(left) == key(right))


def equal_all(left: list[Item], right: list[Item]) -> bool | None:
    """`=` of two collections: None if one is empty, else item by item in order."""
    if not left or not right:
        return None
    if len(left) != len(right):
        return False
    answer: bool | None = True
    for a, b in zip(left, right, strict=True):
        same = equal(a, b)
        if same is False:
            return False
        if same is None:
            answer = None
    return answer


def key(item: Item) -> Key:
    """A hashable value that is the same for items that are equal: for distinct(), union and the like."""
    value = plain(item)
    if type(value) is tuple:
        return ("node", _json_key(value[0], 0))
    if value is None:
        return ("bare", _json_key(item[2], 0) if type(item) is tuple else None)
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, DateTime):
        return ("day", in_utc(value), value.offset is None) if len(value.parts) > 3 else ("day", value.parts)
    if isinstance(value, Date):
        return ("day", value.parts)
    if isinstance(value, Quantity):
        return ("quantity", *_measure(value))
    if isinstance(value, (dict, list)):
        return ("node", _json_key(value, 0))
    return (("text" if isinstance(value, str) else "time" if isinstance(value, Time) else "number"), value)


def equivalent(left: Item, right: Item) -> bool:
    """`~` of two items."""
    a, b = plain(left), plain(right)
    if type(a) is str and type(b) is str:
        return normal(a) == normal(b)
    if _is_number(a) and _is_number(b):
        return _alike(Decimal(a), Decimal(b))
    if isinstance(a, (Date, DateTime)) and isinstance(b, (Date, DateTime)):
        return _order_days(a, b) == 0
    if isinstance(a, Time) and isinstance(b, Time):
        return _order_parts(a.parts, b.parts) == 0
    if isinstance(a, Quantity) or isinstance(b, Quantity):
        return _equivalent_quantities(a, b)
    if type(a) is tuple and type(b) is tuple:
        return bool(_json_key(a[0], 0, loose=True) == _json_key(b[0], 0, loose=True))
    return bool(key(left) == key(right))


def equivalent_all(left: list[Item], right: list[Item]) -> bool:
    """`~` of two collections: as many items, each with its own partner in any order."""
    if len(left) != len(right):
        return False
    rest = list(right)
    for item in left:
        place = next((n for n, other in enumerate(rest) if equivalent(item, other)), None)
        if place is None:
            return False
        del rest[place]
    return True


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 for two System values of one kind; None: not known. TypeError: they cannot be ordered."""
    if type(left) is str and type(right) is str:
        return (left > right) - (left < right)
    if _is_number(left) and _is_number(right):
        return int(left > right) - int(left < right)
    if isinstance(left, (Date, DateTime)) and isinstance(right, (Date, DateTime)):
        return _order_days(left, right)
    if isinstance(left, Time) and isinstance(right, Time):
        return _order_parts(left.parts, right.parts)
    if isinstance(left, Quantity) or isinstance(right, Quantity):
        a, b = _as_quantity(left), _as_quantity(right)
        if a is not None and b is not None:
            pair = _pair(a, b)
            return None if pair is None else (pair[0] > pair[1]) - (pair[0] < pair[1])
    raise TypeError("these have no order")


def normal(text: str) -> str:
    """A text for equivalence: letters folded, every white space alike (N1 section 6.1.2)."""
    return _SPACE.sub(" ", text.casefold())


def seconds_of(unit: str) -> Fraction | None:
    """The length of a calendar duration of at most a week, in seconds."""
    return _SECONDS.get(unit)


def _is_number(value: Any) -> bool:
    return type(value) is int or type(value) is Decimal


def _order_parts(left: tuple[Part, ...], right: tuple[Part, ...]) -> int | None:
    """Compared from the largest part down; None once one side says no more."""
    for a, b in zip(left, right, strict=False):
        if a != b:
            return 1 if a > b else -1
    return 0 if len(left) == len(right) else None


def _order_days(left: Date | DateTime, right: Date | DateTime) -> int | None:
    if isinstance(left, DateTime) and isinstance(right, DateTime) and len(left.parts) > 3 and len(right.parts) > 3:
        if (left.offset is None) != (right.offset is None):
            return None
        return _order_parts(in_utc(left), in_utc(right))
    return _order_parts(left.parts, right.parts)


def _measure(value: Quantity) -> tuple[Any, Any]:
    """Value and unit in the form that commensurable quantities share."""
    if value.calendar:
        if value.unit in _MONTHS:
            return Fraction(value.value) * _MONTHS[value.unit], "month"
        return Fraction(value.value) * _SECONDS[value.unit], _IN_SECONDS
    base = canonical(value.value, value.unit)
    return base if base is not None else (Fraction(value.value), value.unit)


def _pair(left: Quantity, right: Quantity) -> tuple[Fraction, Fraction] | None:
    """Both values in one unit; None if the units cannot be compared."""
    if left.calendar != right.calendar:
        definite = right if left.calendar else left
        if definite.unit in _LONG:
            return None
    a, b = _measure(left), _measure(right)
    return (a[0], b[0]) if a[1] == b[1] else None


def _as_quantity(value: Any) -> Quantity | None:
    """A number is a quantity without unit (N1 section 5.5, implicit conversion)."""
    if isinstance(value, Quantity):
        return value
    return Quantity(Decimal(value), "1") if _is_number(value) else None


def _equal_quantities(left: Any, right: Any) -> bool | None:
    a, b = _as_quantity(left), _as_quantity(right)
    if a is None or b is None:
        return False
    pair = _pair(a, b)
    return None if pair is None else pair[0] == pair[1]


def _equivalent_quantities(left: Any, right: Any) -> bool:
    a, b = _as_quantity(left), _as_quantity(right)
    if a is None or b is None:
        return False
    if a.calendar != b.calendar:
        a, b = _definite(a), _definite(b)
    if a.unit == b.unit and a.calendar == b.calendar:
        return _alike(a.value, b.value)
    pair = _pair(a, b)
    return pair is not None and pair[0] == pair[1]


def _definite(value: Quantity) -> Quantity:
    """A calendar month or year as the UCUM one, for equivalence."""
    if value.calendar and value.unit in _UCUM_OF:
        return Quantity(value.value, _UCUM_OF[value.unit])
    return value


def _alike(left: Decimal, right: Decimal) -> bool:
    """Numbers to the digits of the less precise one; zeros at the end do not count."""
    places = min(_places(left), _places(right))
    step = Decimal(1).scaleb(-places)
    return bool(left == right or left.quantize(step) == right.quantize(step))


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _json_key(json: Any, deep: int, *, loose: bool = False) -> Key:
    """A hashable form of JSON; `loose` for equivalence: texts normalised, arrays without order."""
    if type(json) is str:
        return normal(json) if loose else json
    if deep > MOST_NESTED:
        return ("deep", id(json))
    if type(json) is dict:
        return frozenset((name, _json_key(value, deep + 1, loose=loose)) for name, value in json.items())
    if type(json) is list:
        keys = [_json_key(value, deep + 1, loose=loose) for value in json]
        return tuple(sorted(keys, key=repr)) if loose else tuple(keys)
    return (type(json) is bool, json)
