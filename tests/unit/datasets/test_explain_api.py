"""`$explain` over HTTP: for whoever may read the ClaimResponse, as JSON or as a page."""

from collections.abc import Iterator

import httpx
import msgspec
import pytest

from gateway.api.explain import HTML, JSON, asked_format
from gateway.api.serve import serving
from gateway.kernel.problem import Refusal
from tests.bench.world import AGENCY_TOKEN, CITY_TOKEN, TOWNSHIP_TOKEN, bearer
from tests.unit.datasets.conftest import Home, settle
from tests.unit.exchange.town import cancellation


@pytest.fixture(scope="module")
def settled(home: Home) -> str:
    """A settlement of the city hospital."""
    return settle(home.town, home.town.resident(201), "32680.45", number=201, day="2015-03-09")


@pytest.fixture(scope="module")
def http(home: Home) -> Iterator[httpx.Client]:
    with (
        serving(home.system) as addresses,
        httpx.Client(base_url=addresses.base_url, timeout=30, trust_env=False) as client,
    ):
        yield client


def ask(http: httpx.Client, id: str, token: str = CITY_TOKEN, query: str = "", accept: str = "*/*") -> httpx.Response:
    headers = {**(bearer(token) if token else {}), "accept": accept}
    return http.get(f"/fhir/ClaimResponse/{id}/$explain{query}", headers=headers)


def test_json_is_what_is_answered_unless_a_page_is_asked_for(http: httpx.Client, settled: str) -> None:
    answer = ask(http, settled)

    told = msgspec.json.decode(answer.content)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert (told["settlement"], told["total"], told["fund"]) == (settled, "32680.45", "20417.29")
    assert "(32180.45 − 10000.00) × 65 % = 14417.29" in [figure["arithmetic"] for figure in told["figures"]]
    assert all(rule["source"] or rule["reading"] or rule["rule"] for rule in told["rules"])
    assert ask(http, settled, accept="text/html", query="?_format=json").content == answer.content


@pytest.mark.parametrize(
    ("query", "accept"),
    [("?_format=html", "*/*"), ("", "text/html,application/json;q=0.9"), ("?_format=text/html", "")],
)
def test_the_page(http: httpx.Client, settled: str, query: str, accept: str) -> None:
    answer = ask(http, settled, query=query, accept=accept)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "¥12,263.16" in answer.text


def test_a_cancellation_explains_what_it_cancelled(http: httpx.Client, home: Home) -> None:
    id = settle(home.town, home.town.resident(202), "1000.00", number=202, day="2015-03-09")
    undone = home.town.operate("cancel", cancellation(settlement=id)).body["ClaimResponse"]["id"]

    told = msgspec.json.decode(ask(http, str(undone)).content)

    assert (told["settlement"], told["state"], told["cancelled by"]) == (id, "cancelled", undone)


def test_only_who_may_read_the_response_has_it_explained(http: httpx.Client, settled: str) -> None:
    answers = {token: ask(http, settled, token) for token in (CITY_TOKEN, AGENCY_TOKEN, TOWNSHIP_TOKEN, "", "guessed")}

    assert [answer.status_code for answer in answers.values()] == [200, 200, 404, 401, 401]
    read = http.get(f"/fhir/ClaimResponse/{settled}", headers=bearer(TOWNSHIP_TOKEN))
    assert answers[TOWNSHIP_TOKEN].content == read.content
    assert ask(http, "nothing").status_code == 404


def test_an_explanation_is_audited_as_a_reading(http: httpx.Client, home: Home, settled: str) -> None:
    def readings() -> int:
        lines = home.system.store.audit_lines(limit=10_000)
        return sum((line.action, line.object) == ("read", f"ClaimResponse/{settled}") for line in lines)

    before = readings()
    ask(http, settled, AGENCY_TOKEN)

    assert readings() == before + 1


def test_another_format_is_refused_with_what_to_write(http: httpx.Client, settled: str) -> None:
    answer = ask(http, settled, query="?_format=pdf")

    outcome = msgspec.json.decode(answer.content)
    assert answer.status_code == 400
    assert outcome["resourceType"] == "OperationOutcome"
    assert "bad-format" in answer.text


def test_the_operation_is_declared(http: httpx.Client) -> None:
    [rest] = msgspec.json.decode(http.get("/fhir/metadata").content)["rest"]
    [response] = [each for each in rest["resource"] if each["type"] == "ClaimResponse"]

    assert "explain" in [each["name"] for each in response["operation"]]


@pytest.mark.parametrize(
    ("named", "accept", "format"),
    [
        ([], "", JSON),
        ([], "*/*", JSON),
        ([], "image/png", JSON),
        ([], "text/html", HTML),
        ([], "application/fhir+json, text/html;q=0.5", JSON),
        ([], "application/json;q=0.2, text/html;q=0.9", HTML),
        ([], "text/html;q=0", JSON),
        ([], "text/html;q=x", JSON),
        ([], ",;;=,text/html", HTML),
        (["html"], "application/json", HTML),
        (["application/fhir+json;charset=utf-8"], "text/html", JSON),
    ],
)
def test_the_format_asked_for(named: list[str], accept: str, format: str) -> None:
    assert asked_format(named, accept) == format


def test_a_format_nobody_knows() -> None:
    with pytest.raises(Refusal):
        asked_format(["<b>" * 100], "")
