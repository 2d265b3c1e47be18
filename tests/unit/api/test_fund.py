"""The addresses of the fund's books: the agency reports, anybody else is refused, bad bodies are 4xx."""

import pytest

from gateway.fhir.json import encode
from gateway.ledger.events import EVENTS
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served

EVENT = {
    "event": "receipt-held",
    "scheme": "resident",
    "fund": "basic",
    "amount": "1.00",
    "day": "2015-01-05",
    "party": "E1",
    "reference": "API-1",
}


def test_an_event_is_booked_once(served: Served) -> None:
    first = served.agency.post("/fund/events", content=encode(EVENT))
    again = served.agency.post("/fund/events", content=encode(EVENT))

    assert (first.status_code, first.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert first.content == again.content
    assert [p["amount"] for p in body(first)["postings"]] == ["1.00", "-1.00"]
    other = served.agency.post("/fund/events", content=encode({**EVENT, "amount": "2.00"}))
    assert (other.status_code, codes(other)) == (409, ["reference-reused"])


def test_the_events_are_listed_with_what_they_need(served: Served) -> None:
    answer = served.agency.get("/fund/events")

    listed = {each["event"]: each for each in body(answer)["events"]}
    assert listed.keys() == EVENTS.keys()
    assert listed["subsidy-received"]["needs"] == ["station"]
    assert listed["account-credited"]["fund"] == "personal-account"
    assert all(each["title"]["zh"] and each["title"]["en"] for each in listed.values())


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/fund/events"), ("GET", "/fund/events"), ("POST", "/fund/levies")]
)
def test_only_the_agency_comes_in(served: Served, method: str, path: str) -> None:
    refused = served.city.request(method, path, content=encode(EVENT) if method == "POST" else None)
    unknown = served.nobody.request(method, path)

    assert (refused.status_code, codes(refused)) == (403, ["forbidden"])
    assert (unknown.status_code, codes(unknown)) == (401, ["unknown-token"])


@pytest.mark.parametrize("path", ["/fund/events", "/fund/levies"])
@pytest.mark.parametrize(
    "sent", [b"", b"{", b"[]", b'{"amount": 1e999}', b'{"event": 3}', b"\x00", b'{"a": "\\u0000"}']
)
def test_bad_bodies_are_refused(served: Served, path: str, sent: bytes) -> None:
    answer = served.agency.post(path, content=sent)

    assert answer.status_code == 400
    assert codes(answer)


def test_residents_have_no_employers(served: Served) -> None:
    levy = {
        "scheme": "resident",
        "employer": "91320000MA00000000",
        "quarter": "2015Q1",
        "reference": "L",
        "amount": "0",
        "paid_on": "2015-01-05",
    }
    answer = served.agency.post("/fund/levies", content=encode(levy))

    assert (answer.status_code, codes(answer)) == (400, ["no-fund-terms"])
