"""Every row of the table of cases, and that the table leaves no function or operator of the specification out."""

import re

import pytest

from gateway.fhirpath.functions import FUNCTIONS, UNSUPPORTED
from tests.unit.fhirpath.table import Case, all_cases, outcome

TABLE = all_cases()


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.section.split()[0]}: {case.expression[:60]}")
def test_case(case: Case) -> None:
    assert outcome(case) == case.expected


# FHIRPath 2.0.0 (N1), sections 5 to 7 and 9 to 10, and "Additional functions" of FHIR R4.
SPECIFICATION = [
    "empty",
    "exists",
    "all",
    "allTrue",
    "anyTrue",
    "allFalse",
    "anyFalse",
    "subsetOf",
    "supersetOf",
    "count",
    "distinct",
    "isDistinct",
    "where",
    "select",
    "repeat",
    "ofType",
    "single",
    "first",
    "last",
    "tail",
    "skip",
    "take",
    "intersect",
    "exclude",
    "union",
    "combine",
    "iif",
    "toBoolean",
    "convertsToBoolean",
    "toInteger",
    "convertsToInteger",
    "toDate",
    "convertsToDate",
    "toDateTime",
    "convertsToDateTime",
    "toDecimal",
    "convertsToDecimal",
    "toQuantity",
    "convertsToQuantity",
    "toString",
    "convertsToString",
    "toTime",
    "convertsToTime",
    "indexOf",
    "substring",
    "startsWith",
    "endsWith",
    "contains",
    "upper",
    "lower",
    "replace",
    "matches",
    "replaceMatches",
    "length",
    "toChars",
    "abs",
    "ceiling",
    "exp",
    "floor",
    "ln",
    "log",
    "power",
    "round",
    "sqrt",
    "truncate",
    "children",
    "descendants",
    "trace",
    "now",
    "timeOfDay",
    "today",
    "is",
    "as",
    "not",
    "aggregate",
    "type",
    "extension",
    "hasValue",
    "getValue",
    "resolve",
    "elementDefinition",
    "slice",
    "checkModifiers",
    "conformsTo",
    "memberOf",
    "subsumes",
    "subsumedBy",
    "htmlChecks",
]
CLOCK = {"now", "today", "timeOfDay"}
OPERATORS = [
    "=",
    "~",
    "!=",
    "!~",
    ">",
    "<",
    "<=",
    ">=",
    "is",
    "as",
    "|",
    "in",
    "contains",
    "and",
    "or",
    "xor",
    "implies",
    "*",
    "/",
    "+",
    "-",
    "div",
    "mod",
    "&",
]
CALL = re.compile(r"([A-Za-z]+)\(")


def test_every_function_of_the_specification_is_offered_or_refused_by_name() -> None:
    assert [name for name in SPECIFICATION if name not in FUNCTIONS and name not in UNSUPPORTED] == []


@pytest.mark.parametrize("name", sorted({*SPECIFICATION, *FUNCTIONS, *UNSUPPORTED}))
def test_every_function_has_cases_with_input_without_input_and_with_a_result(name: str) -> None:
    about = [case for case in TABLE if f"{name}(" in case.expression]

    assert about, "no row calls it"
    if name not in UNSUPPORTED:
        assert any(not case.expected.startswith("error") for case in about), "no row shows what it gives"
        assert any("{}" in case.expression for case in about) or name in CLOCK, "no row gives it the empty collection"


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_has_cases(operator: str) -> None:
    used = re.compile(rf"(?<![\w<>=!~]){re.escape(operator)}(?![\w=~])")

    assert len([case for case in TABLE if used.search(case.expression)]) >= 4


def test_every_variable_and_literal_kind_has_cases() -> None:
    whole = "\n".join(case.expression for case in TABLE)

    for part in ("%context", "%resource", "%rootResource", "%ucum", "%sct", "%loinc", "vs-", "ext-", "$this", "$index"):
        assert part in whole
    for part in ("$total", "@2015T", "@T", "5 'mg'", "4 days", "{}", "`div`", "// ", "/* "):
        assert part in whole
