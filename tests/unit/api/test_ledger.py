"""The addresses of the books: the agency closes and reads, the public reads what is closed."""

import time
from datetime import timedelta

import pytest

from tests.bench.world import TODAY
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served

THIS_MONTH = TODAY.isoformat()[:7]
LAST_MONTH = (TODAY.replace(day=1) - timedelta(days=1)).isoformat()[:7]


def wait_closed(served: Served, path: str) -> dict[str, str]:
    for _ in range(400):
        found: dict[str, str] = body(served.agency.get(path))
        if found["state"] == "closed":
            return found
        time.sleep(0.02)
    raise AssertionError(f"{path} is still {found['state']}")


def test_a_closing_is_begun_at_once_and_carried_through_behind(served: Served) -> None:
    asked = {"scheme": "resident", "period": LAST_MONTH}
    public = f"/ledger/disclosures?scheme=resident&period={LAST_MONTH}"
    before = served.nobody.get(public)
    earlier = served.agency.post("/ledger/closings", json={"scheme": "resident", "period": "2015-01"})
    wait_closed(served, earlier.headers["location"])
    begun = served.agency.post("/ledger/closings", json=asked)
    closed = wait_closed(served, begun.headers["location"])
    again = served.agency.post("/ledger/closings", json=asked)

    assert (before.status_code, codes(before)) == (404, ["not-published"])
    assert begun.status_code == 202
    assert len(closed["digest"]) == 64
    assert closed["begun_by"] == "agency"
    assert (again.status_code, body(again)["state"]) == (202, "closed")
    told = served.nobody.get(public)
    assert (told.status_code, body(told)["audience"], body(told)["state"]) == (200, "public", "closed")
    page = served.nobody.get(f"{public}&format=html")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "收支表" in page.text


def test_statements_are_read_by_the_agency(served: Served) -> None:
    answer = served.agency.get(f"/ledger/statements?scheme=resident&period={THIS_MONTH}")

    made = body(answer)
    assert made["state"] == "open"
    whole = {line["code"]: line["amount"] for line in made["sheets"][0]["lines"]}
    assert whole["assets"] == whole["liabilities-and-net-assets"]
    board = served.agency.get(f"/ledger/disclosures?scheme=resident&period={THIS_MONTH}&audience=board")
    assert (board.status_code, body(board)["audience"]) == (200, "board")


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("POST", "/ledger/closings", b'{"scheme": "resident", "period": "2099-01"}', 422, "period-not-ended"),
        ("POST", "/ledger/closings", b'{"scheme": "moon", "period": "2015-01"}', 400, "unknown-scheme"),
        ("POST", "/ledger/closings", b'{"scheme": "resident", "period": "x"}', 400, "bad-period"),
        ("POST", "/ledger/closings", b'{"scheme": 3}', 400, "not-a-closing"),
        ("POST", "/ledger/closings", b"[]", 400, "not-a-closing"),
        ("GET", "/ledger/closings/resident/2001-01", None, 404, "no-closing"),
        ("GET", "/ledger/statements?scheme=resident", None, 400, "missing-parameter"),
        ("GET", "/ledger/statements?scheme=resident&period=2015-99", None, 400, "bad-report-period"),
    ],
)
def test_what_cannot_be_done_says_why(
    served: Served, method: str, path: str, sent: bytes | None, status: int, code: str
) -> None:
    answer = served.agency.request(method, path, content=sent)

    assert (answer.status_code, codes(answer)) == (status, [code])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/ledger/closings"),
        ("GET", "/ledger/closings/resident/2015-01"),
        ("GET", "/ledger/statements?scheme=resident&period=2015-01"),
        ("GET", "/ledger/disclosures?scheme=resident&period=2015-01&audience=board"),
    ],
)
def test_only_the_agency_comes_in(served: Served, method: str, path: str) -> None:
    assert codes(served.city.request(method, path)) == ["forbidden"]
    assert codes(served.nobody.request(method, path)) == ["unknown-token"]
