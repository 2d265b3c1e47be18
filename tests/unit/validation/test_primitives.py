"""Each primitive type of R4: what it is, and what only looks like it."""

from decimal import Decimal
from typing import Any

import pytest

from gateway.validation.primitives import LONGEST_TEXT, PRIMITIVES

GOOD: list[tuple[str, list[Any]]] = [
    ("boolean", [True, False]),
    ("integer", [0, -2147483648, 2147483647]),
    ("positiveInt", [1, 2147483647]),
    ("unsignedInt", [0, 2147483647]),
    ("decimal", [0, 12, Decimal("0.10"), Decimal("-1.50E+3"), Decimal("1234567890123456.78")]),
    ("string", ["a", "阿莫西林", "two\nlines\tand tab", " leading"]),
    ("markdown", ["# title\n\n* item"]),
    ("code", ["a", "two words", "正常"]),
    ("uri", ["urn:oid:1.2.3", "https://example.org/a?b=c#d", "a/b", "https://例子.中国/医保"]),
    ("canonical", ["https://example.org/a|1.0", "urn:x:y", "#a"]),
    ("id", ["a", "A-1.b", "a" * 64]),
    ("oid", ["urn:oid:1.2.840.0"]),
    ("uuid", ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"]),
    ("base64Binary", ["TWFu", "TWE=", "TQ==", "TW Fu\nTWFu"]),
    ("date", ["2024", "2024-02", "2024-02-29", "0001-01-01"]),
    ("dateTime", ["2024", "2024-02-29", "2024-02-29T23:59:60Z", "2024-02-29T08:00:00.123456789+08:00"]),
    ("instant", ["2024-02-29T08:00:00+14:00", "2024-02-29T08:00:00.1Z"]),
    ("time", ["08:00:00", "23:59:60.123"]),
]
BAD: list[tuple[str, list[Any]]] = [
    ("boolean", ["true", 1, None, []]),
    ("integer", [2147483648, Decimal("1.0"), "1", True]),
    ("positiveInt", [0, -1, True, "1"]),
    ("unsignedInt", [-1]),
    ("decimal", ["1.5", True, Decimal("NaN"), Decimal("1E+999"), 10**60]),
    ("string", ["", " ", "\n", "a\x00b", "a\x1b", 5, "a" * (LONGEST_TEXT + 1)]),
    ("code", [" a", "a ", "a  b", "a\tb", ""]),
    ("uri", ["a b", "", "<x>", 'a"b', " urn:x"]),
    ("canonical", ["Patient/1", "", "a b"]),
    ("id", ["", "a" * 65, "a_b", "ä", "a/b"]),
    ("oid", ["1.2.3", "urn:oid:3.1", "urn:oid:1.02"]),
    ("uuid", ["urn:uuid:C757873D-EC9A-4326-A141-556F43239520", "c757873d-ec9a-4326-a141-556f43239520"]),
    ("base64Binary", ["TWF", "TW=u", "*", "=", "TQ="]),
    ("date", ["2023-02-29", "2024-13", "2024-1-1", "20240101", "0000", "2024-02-29T00:00:00Z", "２０２４"]),
    ("dateTime", ["2024-02-29T08:00", "2024-02-29T08:00:00", "2024-02-29T24:00:00Z", "2024-02-30T08:00:00Z"]),
    ("instant", ["2024-02-29", "2024-02-29T08:00:00", "2024-02-29T08:00:00+15:00"]),
    ("time", ["8:00:00", "24:00:00", "08:00"]),
]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD for value in values])
def test_a_value_of_its_type_is_accepted(name: str, value: Any) -> None:
    assert PRIMITIVES[name](value, None) is None


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD for value in values])
def test_a_value_that_only_looks_like_it_is_one_error(name: str, value: Any) -> None:
    found = PRIMITIVES[name](value, None)

    assert found is not None
    assert [each.severity for each in found] == ["error"]


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
@pytest.mark.parametrize("value", [{}, [], {"value": 1}, [1]])
def test_objects_and_arrays_are_no_primitives(name: str, value: Any) -> None:
    assert PRIMITIVES[name](value, None)


@pytest.mark.parametrize("name", ["base64Binary", "code", "uri", "markdown", "xhtml", "dateTime", "id", "oid"])
def test_long_hostile_text_takes_no_long_time(name: str) -> None:
    for text in ("a" * 500_000 + "!", "<div " * 50_000, "a " * 200_000 + "  b", "=" * 300_000, "1." * 200_000):
        PRIMITIVES[name](text, None)
