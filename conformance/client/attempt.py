"""What a client sent: one attempt to have a claim settled, and which treatment it is for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

_sorted = msgspec.json.Encoder(decimal_format="number", order="sorted")
VISIT, BILL = "/sid/visit", "/sid/bill"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST of a claim. `at_millis` on a steady clock; `key`: what makes it the same message; `claim`: as read.

    `treatment`: institution, visit and bill; `content`: hash of the claim, whatever the order of its members.
    """

    at_millis: int
    key: str
    treatment: str
    content: str
    claim: Mapping[str, Any]
    headers: Mapping[str, str]


def read_attempt(claim: Mapping[str, Any], headers: Mapping[str, str], *, at_millis: int) -> Attempt:
    """An attempt from the claim and the headers (names in lower case)."""
    numbers = "|".join(_number(claim, end) for end in (VISIT, BILL))
    provider = claim.get("provider")
    institution = provider.get("reference", "") if isinstance(provider, dict) else ""
    return Attempt(
        at_millis=at_millis,
        key=headers.get("idempotency-key", "") or numbers,
        treatment=f"{institution}|{numbers}",
        content=hashlib.sha256(_sorted.encode(claim)).hexdigest(),
        claim=claim,
        headers=headers,
    )


def _number(claim: Mapping[str, Any], end: str) -> str:
    found = claim.get("identifier")
    named = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return next((str(each.get("value", "")) for each in named if str(each.get("system", "")).endswith(end)), "")
