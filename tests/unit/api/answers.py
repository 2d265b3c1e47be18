"""What tests read from answers."""

from typing import Any

import httpx
import msgspec


def body(answer: httpx.Response) -> Any:
    """The JSON of an answer."""
    return msgspec.json.decode(answer.content)


def codes(answer: httpx.Response) -> list[str]:
    """Our codes in an OperationOutcome; the answer must be one, in FHIR's media type."""
    assert answer.headers["content-type"].startswith("application/fhir+json"), answer.text
    outcome = body(answer)
    assert outcome["resourceType"] == "OperationOutcome", answer.text
    return [issue["details"]["coding"][0]["code"] for issue in outcome["issue"]]
