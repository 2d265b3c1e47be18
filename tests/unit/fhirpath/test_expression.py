"""How a caller uses a compiled expression: inputs of each kind, what is around them, and the limits of the work."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from gateway.fhirpath.expression import compile
from gateway.fhirpath.values import Date
from gateway.kernel.problem import Refusal
from tests.unit.fhirpath.table import RESOURCES, TYPES, World

PATIENT: dict[str, Any] = RESOURCES["patient"]


def test_values_are_the_json_of_the_input_with_exact_decimals() -> None:
    net = compile("item.net.value", types=TYPES, root="Claim").evaluate(RESOURCES["claim"])

    assert [str(value) for value in net] == ["10.10", "20.20", "30.30"]
    assert all(type(value) is Decimal for value in net)


def test_items_say_their_types() -> None:
    items = compile("name.first() | gender | birthDate + 1 day", types=TYPES, root="Patient").items(PATIENT)

    assert [item[1] if type(item) is tuple else item for item in items] == ["HumanName", "code", Date((1990, 3, 8))]


def test_an_element_is_of_the_type_it_was_compiled_for() -> None:
    expression = compile("family.exists() or given.exists()", types=TYPES, root="HumanName")

    assert expression.truth({"family": "Wang"}) is True
    assert expression.truth({"text": "Wang"}) is False


def test_a_backbone_element_knows_its_resource() -> None:
    expression = compile("sequence = 2 implies %resource.status = 'active'", types=TYPES, root="Claim.item")
    claim = RESOURCES["claim"]

    assert expression.truth(claim["item"][1], resource=claim) is True
    assert expression.truth(claim["item"][1], resource={"resourceType": "Claim", "status": "draft"}) is False


def test_a_primitive_comes_with_its_extensions() -> None:
    expression = compile("hasValue() or extension.exists()", types=TYPES, root="string")

    assert expression.truth("text") is True
    assert expression.truth((None, "string", {"extension": [{"url": "u"}]})) is True
    assert expression.truth((None, "string", {"id": "x"})) is False


def test_an_abstract_root_takes_the_type_of_the_input() -> None:
    expression = compile("hasValue() or (children().count() > id.count())", types=TYPES, root="Element")

    assert expression.truth({"id": "x"}) is False
    assert expression.truth({"id": "x", "family": "Wang"}) is True


@pytest.mark.parametrize(("expression", "answer"), [("name.exists()", True), ("photo.exists()", False), ("{}", None)])
def test_truth_is_true_false_or_not_known(expression: str, answer: bool | None) -> None:
    assert compile(expression, types=TYPES, root="Patient").truth(PATIENT) is answer


def test_traces_go_to_the_host_and_nowhere_else(capsys: pytest.CaptureFixture[str]) -> None:
    host = World()

    compile("name.trace('names', family).count()", types=TYPES, root="Patient").evaluate(PATIENT, host=host)

    assert host.traced == [("names", ["Wang"])]
    assert capsys.readouterr().out == ""


def test_the_instant_is_one_throughout_an_evaluation_and_refused_without_a_clock() -> None:
    expression = compile("now() = now() and today() = now().toDate()", types=TYPES)

    assert expression.truth({}, host=World()) is True
    with pytest.raises(Refusal, match="fhirpath-no-clock"):
        expression.truth({})


@pytest.mark.parametrize(
    "expression",
    [
        "1.repeat($this + 1)",
        "%many.where(%many.where($this > 0).exists($this < 0)).count()",
        "%many.select(%many).select(%many).count()",
        "descendants().select(%resource.descendants()).select(%resource.descendants()).select(%resource.descendants())",
        "%many.aggregate($total | %many)",
    ],
)
def test_endless_work_is_refused(expression: str) -> None:
    many = list(range(3_000))

    with pytest.raises(Refusal, match="fhirpath-too-much-work"):
        compile(expression, types=TYPES, root="Patient").evaluate(PATIENT, variables={"many": many})


@pytest.mark.parametrize(
    "expression",
    [
        "'a'.repeat($this & $this)",
        "%long.replace('a', %long)",
        "%long.replaceMatches('a', %long)",
        "%long.toChars().join(%long)",
        "%many.aggregate($total & %long, '')",
    ],
)
def test_texts_do_not_grow_without_end(expression: str) -> None:
    variables = {"long": "a" * 20_000, "many": list(range(1_000))}

    with pytest.raises(Refusal, match=r"fhirpath-too-large-value|fhirpath-too-much-work"):
        compile(expression, types=TYPES).evaluate({}, variables=variables)


@pytest.mark.parametrize("value", [Decimal("1E+999999"), Decimal("-1E-999999"), 10**400, Decimal("NaN"), 1e300])
@pytest.mark.parametrize(
    "expression", ["$this.value + 1", "value * value", "value = 1 'mg'", "value.toString()", "value ~ 1"]
)
def test_numbers_beyond_measure_end_in_a_value_or_a_refusal(expression: str, value: Any) -> None:
    compiled = compile(expression, types=TYPES, root="Quantity")

    assert len(compiled.evaluate({"value": value})) <= 1


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "text"},
        {"name": {"family": ["a", None, 5]}},
        {"name": [None, 5, [], {}, {"given": "one"}, {"given": [{"a": 1}, [1]]}]},
        {"name": [{"family": {"a": 1}, "_family": 5}]},
        {"birthDate": 5, "_birthDate": [1]},
        {"active": "yes", "extension": [5, None, {"url": 7}]},
        {"contained": ["x", {"resourceType": 5}], "telecom": {"rank": True}},
    ],
)
@pytest.mark.parametrize(
    "expression",
    [
        "name.family.first()",
        "name.where(use = 'official').given",
        "name.given.exists()",
        "birthDate.extension.value",
        "descendants().count()",
        "children().type().name",
        "extension('u').value",
        "contained.id",
        "telecom.rank",
        "repeat(children()).ofType(string)",
        "name.distinct().count()",
        "name = %resource.name",
        "name ~ name",
        "birthDate.exists()",
        "active = true",
    ],
)
def test_json_that_is_no_patient_ends_in_a_value_or_a_refusal(broken: dict[str, Any], expression: str) -> None:
    compiled = compile(expression, types=TYPES, root="Patient")

    with suppress(Refusal):
        assert isinstance(compiled.evaluate({"resourceType": "Patient", **broken}), list)


def test_deep_json_is_walked_without_recursion() -> None:
    deep: dict[str, Any] = {"linkId": "0"}
    for number in range(2_000):
        deep = {"linkId": str(number), "item": [deep]}
    questionnaire = {"resourceType": "Questionnaire", "item": [deep]}

    assert compile("repeat(item).count() > 100", types=TYPES, root="Questionnaire").truth(questionnaire) is True
    assert compile("descendants().linkId.count()", types=TYPES, root="Questionnaire").evaluate(questionnaire) == [2_001]
    assert compile("item = item", types=TYPES, root="Questionnaire").truth(questionnaire) in (True, False)


def test_every_refusal_has_both_languages() -> None:
    with pytest.raises(Refusal) as caught:
        compile("name.given.single()", types=TYPES, root="Patient").evaluate(PATIENT)

    problem = caught.value.problems[0]
    assert (problem.code, problem.path) == ("fhirpath-several-items", "1:12")
    assert problem.en
    assert problem.zh
