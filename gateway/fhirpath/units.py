"""UCUM: reads a unit code and brings it to the base units, exactly (UCUM 2.2, sections 2.1 to 2.4).

Factors are fractions, never binary floating point, so `1 '[in_i]' = 2.54 'cm'` is exactly true. Arbitrary units
([iU], …) are commensurable with themselves alone (section 3.3). Of the special units (section 3.2), degrees Celsius,
Fahrenheit and Réaumur have an offset; the logarithmic and trigonometric ones are compared with themselves alone.
"""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from gateway.fhirpath.unit_table import BASES, PREFIXES, UNITS

MAX_CODE: Final = 200
_MAX_EXPONENT: Final = 99
_MAX_NESTING: Final = 20

_PREFIX: Final = {name: Fraction(value) for name, _, value in (each.partition("=") for each in PREFIXES.split())}
_BASE: Final = frozenset(BASES.split())
_ROWS: Final = {row.split(" ")[0]: tuple(row.split(" ")[1:]) for row in UNITS.splitlines()}
_ZERO: Final = {"Cel": Fraction("273.15"), "degF": Fraction("459.67"), "degRe": Fraction("218.52")}
_INTEGER = re.compile(r"\d{1,20}(?![*^])")
_EXPONENT = re.compile(r"[+-]?\d{1,2}(?!\d)")
_SYMBOL = re.compile(r"(?:[^0-9./(){}+\-\[\]]|\[[^\[\]]*\])+")
_ANNOTATION = re.compile(r"\{[^{}]*\}")


class Unit(NamedTuple):
    """A unit in base units: value × `factor` (+ `zero`, for temperatures) of `bases`: (unit, exponent), sorted."""

    factor: Fraction
    bases: tuple[tuple[str, int], ...]
    zero: Fraction = Fraction(0)


ONE: Final = Unit(Fraction(1), ())


class _NotAUnitError(ValueError):
    """Raised and caught in this module."""


@lru_cache(maxsize=4096)
def unit_of(code: str) -> Unit | None:
    """The unit of a UCUM code (case sensitive), None if it is not one."""
    if not code or len(code) > MAX_CODE or not code.isascii():
        return None
    try:
        return _Reader(code).read()
    except _NotAUnitError:
        return None


def canonical(value: Decimal, code: str) -> tuple[Fraction, tuple[tuple[str, int], ...]] | None:
    """A value in base units, exactly, with those units; None if the code is not UCUM."""
    unit = unit_of(code)
    return None if unit is None else ((Fraction(value) + unit.zero) * unit.factor, unit.bases)


def convert(value: Decimal, code: str, to: str) -> Fraction | None:
    """A value of one unit in another; None if they have not the same dimension."""
    source, target = unit_of(code), unit_of(to)
    if source is None or target is None or source.bases != target.bases:
        return None
    return (Fraction(value) + source.zero) * source.factor / target.factor - target.zero


def multiply(left: str, right: str) -> str:
    """The code of a product; '1' where nothing is left."""
    return _joined(left, right, 1)


def divide(left: str, right: str) -> str:
    """The code of a quotient."""
    return _joined(left, right, -1)


def _joined(left: str, right: str, sign: int) -> str:
    """Units of the same name are counted together; what is left is written in the order it came."""
    powers: dict[str, int] = {}
    for code, times in ((left, 1), (right, sign)):
        for name, exponent in _factors(code):
            powers[name] = powers.get(name, 0) + exponent * times
    over = ".".join(name + (str(n) if n > 1 else "") for name, n in powers.items() if n > 0)
    under = ".".join(name + (str(-n) if n < -1 else "") for name, n in powers.items() if n < 0)
    return (over or ("1" if not under else "")) + (f"/{under.replace('.', '/')}" if under else "")


def _factors(code: str) -> list[tuple[str, int]]:
    if code == "1":
        return []
    parts = re.split(r"([./])", code)
    found = []
    sign = 1
    for part in parts:
        if part in (".", "/"):
            sign = -1 if part == "/" else 1
        elif part and part != "1":
            match = re.fullmatch(r"(\D*?)([+-]?\d+)?", part)
            if match is None or not match[1] or "(" in code or "{" in code:
                return [(f"({code})" if "/" in code or "." in code else code, 1)]
            found.append((match[1], sign * int(match[2] or 1)))
    return found


class _Reader:
    """A place in one code. Grammar: main = ['/'] term; term = component {('.'|'/') component}."""

    __slots__ = ("at", "code", "deep")

    def __init__(self, code: str) -> None:
        self.code = code
        self.at = 0
        self.deep = 0

    def read(self) -> Unit:
        unit = self.term()
        if self.at != len(self.code):
            raise _NotAUnitError(self.code)
        return unit

    def sees(self, sign: str) -> bool:
        if self.code.startswith(sign, self.at):
            self.at += 1
            return True
        return False

    def term(self) -> Unit:
        self.deep += 1
        if self.deep > _MAX_NESTING:
            raise _NotAUnitError(self.code)
        unit = _power(self.component(), -1) if self.sees("/") else self.component()
        while self.at < len(self.code) and self.code[self.at] in "./":
            sign = -1 if self.code[self.at] == "/" else 1
            self.at += 1
            unit = _times(unit, _power(self.component(), sign))
        self.deep -= 1
        return unit

    def component(self) -> Unit:
        if self.sees("("):
            unit = self.term()
            if not self.sees(")"):
                raise _NotAUnitError(self.code)
            self.annotation()
            return unit
        number = _INTEGER.match(self.code, self.at)
        if number and not self.code.startswith(("10*", "10^"), self.at):
            self.at = number.end()
            self.annotation()
            if int(number[0]) == 0:
                raise _NotAUnitError(self.code)
            return Unit(Fraction(int(number[0])), ())
        if self.annotation():
            return ONE
        return self.simple()

    def simple(self) -> Unit:
        symbol = self.symbol()
        exponent = _EXPONENT.match(self.code, self.at)
        if exponent:
            self.at = exponent.end()
        unit = _atom(symbol)
        if unit is None:
            raise _NotAUnitError(self.code)
        self.annotation()
        return _power(unit, int(exponent[0])) if exponent else unit

    def symbol(self) -> str:
        """The characters of an atom: brackets may hold anything, outside of them no digit, sign or delimiter."""
        start = self.at
        if self.code.startswith(("10*", "10^"), start):
            self.at += 3
            return self.code[start : self.at]
        match = _SYMBOL.match(self.code, start)
        if match is None:
            raise _NotAUnitError(self.code)
        self.at = match.end()
        return match[0]

    def annotation(self) -> bool:
        match = _ANNOTATION.match(self.code, self.at)
        if match is None:
            return False
        self.at = match.end()
        return True


@lru_cache(maxsize=1024)
def _atom(symbol: str) -> Unit | None:
    """A unit of the table, or a metric one with a prefix."""
    if symbol in _BASE:
        return Unit(Fraction(1), ((symbol, 1),))
    row = _ROWS.get(symbol)
    if row is not None:
        return _defined(symbol, row)
    for size in (1, 2):
        prefix, rest = symbol[:size], symbol[size:]
        if prefix in _PREFIX and rest and (rest in _BASE or "m" in _ROWS.get(rest, ("",))[0]):
            unit = _atom(rest)
            return None if unit is None else Unit(unit.factor * _PREFIX[prefix], unit.bases, unit.zero)
    return None


def _defined(symbol: str, row: tuple[str, ...]) -> Unit | None:
    flags, value, definition = row[0], row[1], row[2]
    if "a" in flags:
        return Unit(Fraction(1), ((symbol, 1),))
    if "s" in flags and row[3] not in _ZERO:
        return Unit(Fraction(1), ((symbol, 1),))
    unit = unit_of(definition)
    if unit is None:
        return None
    return Unit(
        unit.factor * Fraction(value), unit.bases, _ZERO.get(row[3], Fraction(0)) if len(row) > 3 else unit.zero
    )


def _times(left: Unit, right: Unit) -> Unit:
    """A product; a temperature in it is a difference of temperatures, without its zero."""
    powers = dict(left.bases)
    for name, exponent in right.bases:
        powers[name] = powers.get(name, 0) + exponent
    return Unit(left.factor * right.factor, tuple(sorted((n, e) for n, e in powers.items() if e)))


def _power(unit: Unit, exponent: int) -> Unit:
    if exponent == 1:
        return unit
    if abs(exponent) > _MAX_EXPONENT:
        raise _NotAUnitError("no such power")
    return Unit(unit.factor**exponent, tuple((name, each * exponent) for name, each in unit.bases if exponent))
