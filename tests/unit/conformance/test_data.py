"""What tests as data may say: values, changes, comparisons, TestScripts; what is not known is refused at the start."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from conformance.checks import Verdict, run
from conformance.engine import check_of
from conformance.expectation import holds
from conformance.journal import LONGEST_SHOWN, Journal
from conformance.paths import read_v2, truth
from conformance.report_html import write_page
from conformance.script import Script, Step, read_scripts
from conformance.site import Site, encode
from conformance.suite import TESTS
from conformance.testscript import read_testscript
from conformance.values import changed, fill, fixture
from tests.unit.conformance.served import CITIZEN, CITY, TODAY

STATEMENT = {"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": [{"type": "Claim"}]}]}


def site(answer: httpx.Response, *, secret: str = "") -> Site:
    """A site that answers everything with the same, but metadata with a statement."""

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=STATEMENT) if request.url.path.endswith("/metadata") else answer

    client = httpx.Client(transport=httpx.MockTransport(handle))
    journal = Journal((secret,) if secret else ())
    return Site(
        "http://test/fhir",
        secret,
        CITY,
        CITIZEN.citizen_id,
        date(2015, 3, 20),
        codes=("1",),
        http=client,
        journal=journal,
    )


def script(step: Step, **more: Any) -> Script:
    return Script("rest", "a-test", "it holds", "成立", "a source", (step,), **more)


def test_values_keep_their_types_where_they_stand_alone() -> None:
    at = site(httpx.Response(200))

    filled = fill({"a": "${amount}", "b": "x${amount}", "c": ["${day}"]}, {"amount": Decimal("1.10"), "day": "d"}, at)

    assert filled == {"a": Decimal("1.10"), "b": "x1.10", "c": ["d"]}
    assert fill("${new}", {}, at) != fill("${new}", {}, at)
    with pytest.raises(ValueError, match="nobody"):
        fill("${nobody}", {}, at)


def test_a_fixture_is_changed_in_a_copy() -> None:
    claim = fixture("claim.json")

    other = changed(claim, {"set": {"item[0].net.value": 1, "priority.text": "x"}, "drop": ["item[1]", "patient"]})

    assert (other["item"][0]["net"]["value"], len(other["item"]), other["priority"]["text"]) == (1, 2, "x")
    assert "patient" not in other
    assert claim["item"][0]["net"]["value"] == Decimal("12008.00")


@pytest.mark.parametrize(
    ("operator", "found", "value", "good"),
    [
        ("equals", ["a"], "a", True),
        ("equals", [True], "true", True),
        ("notEquals", ["a"], "a", False),
        ("in", ["a"], "b,a", True),
        ("notIn", ["a"], "b,a", False),
        ("contains", "abc", "b", True),
        ("notContains", ["abc"], "b", False),
        ("empty", [], "", True),
        ("notEmpty", ["a"], "", True),
        ("greaterThan", [Decimal("10")], "9", True),
        ("lessThan", ["2015-01-01"], "2015-01-02", True),
        ("matches", 'W/"12"', '^W/"[0-9]+"$', True),
    ],
)
def test_operators(operator: str, found: Any, value: str, good: bool) -> None:
    assert holds(operator, found, value) is good


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError, match="eval"):
        holds("eval", ["a"], "a")


def test_v2_fields_have_their_numbers() -> None:
    message = read_v2("MSH|^~\\&|A|B\rMSA|AA|7\rERR|||207|E\rERR|||102|E\r")

    assert truth("MSH.f3 = 'A' and MSA.f2 = '7' and ERR.count() = 2 and ERR[1].f3 = '102'", message)
    with pytest.raises(ValueError, match="hello"):
        read_v2("hello")


def test_a_script_that_expects_is_proved_or_says_what_it_found() -> None:
    answer = httpx.Response(
        200, json={"resourceType": "Patient", "id": "1"}, headers={"content-type": "application/fhir+json"}
    )
    good = check_of(script(Step("get", "Patient/1", type="Patient", answer_headers={"content-type": "fhir"})))
    bad = check_of(script(Step("get", "Patient/1", says="a read", type="Claim")))

    results = run([good, bad], site(answer), ["rest"])

    assert [each.verdict for each in results] == [Verdict.PASSED, Verdict.FAILED]
    assert results[1].found.startswith("a read: Patient for Claim")
    assert [len(each.exchanges) for each in results] == [1, 1]


def test_what_the_statement_does_not_declare_is_not_offered() -> None:
    step = Step("get", "Patient/1")
    undeclared = check_of(script(step, when="rest.resource.where(type = 'Patient').exists()"))
    no_round = check_of(script(step, each={"type": "rest.resource.where(type = 'Patient').type"}))

    results = run([undeclared, no_round], site(httpx.Response(200)), ["rest"])

    assert [each.verdict for each in results] == [Verdict.NOT_OFFERED, Verdict.NOT_OFFERED]


@pytest.mark.parametrize(
    "text",
    [
        "- {name: a, requirement: {en: e, zh: z}, source: s, steps: [{get: x, expcet: []}]}",
        "- {name: a, requirement: {en: e, zh: z}, source: s, steps: [{says: x}]}",
        "- {name: a, requirement: {en: e, zh: z}, source: s, steps: [{get: x, post: y}]}",
        "- {name: a, requirement: {en: e, zh: z}, source: s, stpes: []}",
    ],
)
def test_data_that_says_what_nobody_reads_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(f"tests:\n{text}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"a\.yaml: a"):
        read_scripts(tmp_path / "a.yaml")


def test_a_testscript_that_says_what_nobody_reads_is_refused(tmp_path: Path) -> None:
    whole = (TESTS / "search" / "claims.json").read_text("utf-8")
    for old, new in (('"code": "search"', '"code": "evaluate"'), ('"warningOnly": false', '"warningOnly": true')):
        (tmp_path / "a.json").write_text(whole.replace(old, new), encoding="utf-8")
        with pytest.raises(ValueError, match="not read"):
            read_testscript(tmp_path / "a.json")
    (tmp_path / "a.json").write_text('{"resourceType": "Patient"}', encoding="utf-8")
    with pytest.raises(ValueError, match="no TestScript"):
        read_testscript(tmp_path / "a.json")


def test_secrets_never_reach_a_report_and_what_came_is_escaped() -> None:
    body = encode(
        {"resourceType": "Patient", "text": "<script>alert(1)</script> a-secret", "more": "x" * LONGEST_SHOWN}
    )
    answer = httpx.Response(200, content=body, headers={"content-type": "application/fhir+json", "set-cookie": "a=b"})
    at = site(answer, secret="a-secret")

    results = run([check_of(script(Step("get", "Patient/a-secret")))], at, ["rest"])
    page = write_page(results, base="http://test", began_at=str(TODAY), seconds="1", software="")

    assert "a-secret" not in page
    assert "a=b" not in page
    assert "<script>" not in page
    assert "more characters" in page
    assert "default-src &#x27;none&#x27;" in page
