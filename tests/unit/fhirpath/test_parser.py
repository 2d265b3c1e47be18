"""What is refused before anything runs, where, and that no text can exhaust the parser."""

import pytest

from gateway.fhirpath.expression import compile
from gateway.fhirpath.lexer import MAX_LENGTH
from gateway.fhirpath.parser import MAX_DEPTH, parse
from gateway.fhirpath.tree import Binary, Chain, Literal
from gateway.kernel.problem import Problem, Refusal
from tests.unit.fhirpath.table import TYPES


def refused(expression: str, root: str = "Patient") -> Problem:
    with pytest.raises(Refusal) as caught:
        compile(expression, types=TYPES, root=root)
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("expression", "where", "expected"),
    [
        ("name.where(use = )", "1:18", "an expression"),
        ("name.where(use = 'official'", "1:28", "')'"),
        ("name\n  .given.", "2:10", "the name of an element or function"),
        ("1 +", "1:4", "an expression"),
        ("1 1", "1:3", "an operator or the end"),
        ("'open", "1:1", "the end of the text"),
        ("name is 5", "1:9", "the name of a type"),
        ("@2024-02-30", "1:1", "that the calendar has"),
        ("{1}", "1:2", "'}'"),
        ("99999999999", "1:1", "at most 2147483647"),
        ("$that", "1:1", "$this, $index or $total"),
    ],
)
def test_a_syntax_error_says_where_and_what_is_expected(expression: str, where: str, expected: str) -> None:
    problem = refused(expression)

    assert (problem.code, problem.path) == ("fhirpath-syntax", where)
    assert expected in problem.en


@pytest.mark.parametrize(
    ("expression", "where", "code"),
    [
        ("name.where(usage = 'x')", "1:12", "fhirpath-unknown-element"),
        ("name.given.nothing", "1:12", "fhirpath-unknown-element"),
        ("name.first(1)", "1:6", "fhirpath-wrong-arguments"),
        ("name.nothing()", "1:6", "fhirpath-unknown-function"),
        ("name.ofType(Nothing)", "1:6", "fhirpath-unknown-type"),
        ("birthDate is Nothing", "1:11", "fhirpath-unknown-type"),
        ("name.slice('u', 'n')", "1:6", "fhirpath-unsupported-function"),
        ("name.family.matches('(')", "1:13", "fhirpath-bad-regex"),
    ],
)
def test_a_name_that_cannot_be_is_refused_when_compiled(expression: str, where: str, code: str) -> None:
    problem = refused(expression)

    assert (problem.code, problem.path) == (code, where)


def test_an_unknown_element_is_empty_where_the_caller_is_not_strict() -> None:
    lenient = compile("name.usage.exists()", types=TYPES, root="Patient", strict=False)

    assert lenient.evaluate({"resourceType": "Patient", "name": [{"family": "Wang"}]}) == [False]


def test_a_variable_is_checked_against_the_names_that_will_be_passed() -> None:
    with pytest.raises(Refusal):
        compile("%limit + 1", types=TYPES, variables=["other"])

    assert compile("%limit + 1", types=TYPES, variables=["limit"]).evaluate({}, variables={"limit": 1}) == [2]


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 10_000,
        "(" * 5_000 + "1" + ")" * 5_000,
        "name.where(" * 1_500,
        "-" * 15_000 + "1",
        "1" + " implies 1" * 1_500,
        "a" + ".a" * 5_000,
        "a" + "[0]" * 5_000,
        "1" + " - 1" * 3_000,
        "iif(true," * 2_000,
    ],
)
def test_nesting_is_refused_beyond_a_depth(expression: str) -> None:
    assert refused(expression).code in ("fhirpath-too-deep", "fhirpath-syntax")


def test_a_long_text_is_refused() -> None:
    assert refused("1 + " * MAX_LENGTH).code == "fhirpath-too-long"


@pytest.mark.parametrize(
    ("operator", "given"), [("or", [True]), ("and", [True]), ("|", [True]), ("+", [3_000]), ("&", ["1" * 3_000])]
)
def test_a_long_chain_of_one_operator_is_not_deep(operator: str, given: list[object]) -> None:
    one = {"+": "1", "&": "'1'"}.get(operator, "true")
    chain = f" {operator} ".join([one] * 3_000)

    if len(chain) > MAX_LENGTH:
        chain = f"{operator}".join([one] * 3_000) if operator in "|+&" else f" {operator} ".join([one] * 2_000)

    assert compile(chain, types=TYPES).evaluate({}) == given


def test_what_the_depth_allows_is_compiled_and_evaluated() -> None:
    deep = MAX_DEPTH - 2

    assert compile("(" * deep + "1" + ")" * deep, types=TYPES).evaluate({}) == [1]
    assert compile("1" + " - 1" * (deep - 1), types=TYPES).evaluate({}) == [1 - (deep - 1)]


def test_operators_bind_as_the_specification_ranks_them() -> None:
    node = parse("1 + 2 * 3 = 7 and true or false")

    assert isinstance(node, Chain)
    assert node.operator == "or"
    assert isinstance(node.operands[0], Chain)
    assert node.operands[0].operator == "and"
    assert isinstance(node.operands[0].operands[0], Binary)
    assert node.operands[0].operands[0].operator == "="
    assert node.operands[1] == Literal(False, 26)
