"""UCUM: exact conversion, and the whole published table beside another reader of it."""

import importlib.resources
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from gateway.fhirpath.unit_table import BASES, PREFIXES, UNITS
from gateway.fhirpath.units import convert, divide, multiply, unit_of

SPACE = "{http://unitsofmeasure.org/ucum-essence}"


@pytest.mark.parametrize(
    ("value", "code", "to", "result"),
    [
        ("1", "[in_i]", "cm", Fraction("2.54")),
        ("98.6", "[degF]", "Cel", Fraction(37)),
        ("1", "g/dL", "mg/L", Fraction(10_000)),
        ("1", "mm[Hg]", "Pa", Fraction("133.322")),
        ("3", "10*3/uL", "10*9/L", Fraction(3)),
        ("1", "h", "min", Fraction(60)),
        ("1", "kg.m/s2", "N", Fraction(1)),
        ("5", "%", "1", Fraction(1, 20)),
        ("1", "{score}", "1", Fraction(1)),
        ("2", "m[iU]/L", "[iU]/L", Fraction(1, 500)),
        ("1", "KiBy", "By", Fraction(1024)),
        ("1", "/min", "Hz", Fraction(1, 60)),
    ],
)
def test_conversion_is_exact(value: str, code: str, to: str, result: Fraction) -> None:
    assert convert(Decimal(value), code, to) == result


@pytest.mark.parametrize(
    ("code", "to"), [("mg", "cm"), ("[iU]", "1"), ("[iU]", "[arb'U]"), ("B[SPL]", "Pa"), ("x", "m")]
)
def test_units_of_other_dimensions_and_arbitrary_units_are_not_converted(code: str, to: str) -> None:
    assert convert(Decimal(1), code, to) is None


@pytest.mark.parametrize(
    "code", ["", "mgg", "m//s", "m/", "(m", "m)", "m.", "kkg", "[in", "{a", "m s", "毫克", "0", "m" * 300, "(" * 60]
)
def test_what_is_no_unit_is_none(code: str) -> None:
    assert unit_of(code) is None


@pytest.mark.parametrize(
    ("left", "right", "product", "quotient"),
    [
        ("m", "m", "m2", "1"),
        ("m", "s", "m.s", "m/s"),
        ("1", "s", "s", "/s"),
        ("m/s", "s", "m", "m/s2"),
        ("kg", "1", "kg", "kg"),
    ],
)
def test_units_are_multiplied_and_divided(left: str, right: str, product: str, quotient: str) -> None:
    assert (multiply(left, right), divide(left, right)) == (product, quotient)


def test_the_table_is_the_published_one() -> None:
    text = importlib.resources.files("ucumvert").joinpath("vendor/ucum-essence.xml").read_text("ascii")
    root = ElementTree.fromstring(text)

    assert {row.split(" ")[0] for row in UNITS.splitlines()} == {each.get("Code") for each in root.iter(SPACE + "unit")}
    assert BASES.split() == [each.get("Code") for each in root.iter(SPACE + "base-unit")]
    assert len(PREFIXES.split()) == len(list(root.iter(SPACE + "prefix")))
    for row, unit in zip(UNITS.splitlines(), root.iter(SPACE + "unit"), strict=True):
        value = unit.find(SPACE + "value")
        assert value is not None
        function = value.find(SPACE + "function")
        said = value if function is None else function
        assert row.split(" ")[2:4] == [said.get("value"), said.get("Unit")]


def test_every_unit_of_the_table_is_read() -> None:
    assert [row for row in UNITS.splitlines() if unit_of(row.split(" ")[0]) is None] == []


def test_the_common_codes_are_read() -> None:
    table = importlib.resources.files("ucumvert").joinpath("vendor/ucum_examples.tsv").read_text("utf-8")
    codes = [line.split("\t")[1].strip() for line in table.splitlines()[1:] if line.count("\t") > 1]

    assert [code for code in codes if unit_of(code) is None] == ["Torr"]
    assert len(codes) > 800
