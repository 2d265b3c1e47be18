"""FHIRPath under any text and any input: a value or a refusal, and the laws its operators keep."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.definitions.library import base_library
from gateway.fhirpath.expression import compile
from gateway.kernel.problem import Refusal

TYPES = base_library().types
WORDS = st.sampled_from(
    [
        "name",
        "given",
        "family",
        "where",
        "(",
        ")",
        ".",
        "[",
        "]",
        "0",
        "1",
        "2.5",
        "'a'",
        "=",
        "~",
        "<",
        "and",
        "or",
        "implies",
        "|",
        "+",
        "-",
        "*",
        "/",
        "div",
        "mod",
        "&",
        "is",
        "as",
        "String",
        "Patient",
        "$this",
        "$index",
        "{}",
        "%resource",
        "exists()",
        "count()",
        "first()",
        "select",
        "(",
        "repeat",
        "(",
        "children()",
        "birthDate",
        "@2020-01-31",
        "1",
        "month",
        "descendants()",
        "ofType(string)",
        "4",
        "'mg'",
        "toString()",
        "matches('a*')",
        "iif",
        "(",
        ",",
        "true",
        "extension('u')",
        "today()",
        "sum()",
        "not()",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.decimals(allow_nan=False, places=2) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "given", "family", "extension", "url", "_family", "birthDate"]), inner
        )
    ),
    max_leaves=12,
)
NUMBERS = st.integers(-1000, 1000) | st.decimals(min_value=-1000, max_value=1000, places=3)


def value(expression: str, **variables: Any) -> Any:
    found = compile(expression, types=TYPES).evaluate({}, variables=variables)
    return found[0] if found else None


@given(st.lists(WORDS, max_size=14).map(" ".join), JSON)
def test_any_words_on_any_json_give_a_collection_or_a_refusal(expression: str, json: Any) -> None:
    with suppress(Refusal):
        found = compile(expression, types=TYPES, root="Patient").evaluate({"resourceType": "Patient", "name": json})
        assert isinstance(found, list)


@given(st.text(max_size=30))
def test_any_text_is_compiled_or_refused(expression: str) -> None:
    with suppress(Refusal):
        compile(expression, types=TYPES)


@given(NUMBERS, NUMBERS)
def test_sums_are_exact_and_comparison_is_an_order(a: int | Decimal, b: int | Decimal) -> None:
    assert value("%a + %b", a=a, b=b) == a + b
    assert value("%a + %b - %b = %a", a=a, b=b) is True
    assert value("(%a < %b) xor (%a >= %b)", a=a, b=b) is True
    assert value("%a div %b * %b + %a mod %b = %a", a=a, b=b) in ((True,) if b else (None,))


@given(st.dates(), st.integers(0, 4000), st.sampled_from(["days", "weeks"]))
def test_days_moved_forward_and_back_come_home(day: Any, count: int, unit: str) -> None:
    there = value(f"@{day.isoformat()} + {count} {unit}")

    assert there is None or value(f"@{day.isoformat()} + {count} {unit} - {count} {unit} = @{day.isoformat()}") is True


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_sets_keep_their_laws(a: list[int], b: list[int]) -> None:
    assert value("(%a | %b).count()", a=a, b=b) == len({*a, *b})
    assert value("%a.intersect(%b).subsetOf(%a)", a=a, b=b) is True
    assert value("%a.exclude(%b).intersect(%b).empty()", a=a, b=b) is True
    assert value("%a.isDistinct()", a=a) is (len(set(a)) == len(a))


@given(st.text(max_size=20))
def test_texts_come_back_from_their_encodings(text: str) -> None:
    for form in ("hex", "base64", "urlbase64"):
        assert value(f"%t.encode('{form}').decode('{form}')", t=text) == text
    assert value("%t.toChars().join() = %t", t=text) in ((True,) if text else (None,))


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=20))
def test_texts_come_back_from_their_escapes(text: str) -> None:
    for form in ("json", "html"):
        assert value(f"%t.escape('{form}').unescape('{form}')", t=text) == text
