"""The agency's way to re-settlement: `Patient/{id}/$resettle` and `ClaimResponse/{id}/$resettle`, and the command.

They have no message key: asked again, they find nothing that differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace as _with
from typing import Any

from gateway.exchange.apply import OPERATIONS
from gateway.exchange.apply.resettle import RESETTLE
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared
from gateway.fhir.claim import check_claim
from gateway.fhir.json import decode_resource, encode
from gateway.fhir.outcome import write_outcome
from gateway.fhir.systems import sid
from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.security.allow import check_operation
from gateway.security.partners import Partner
from gateway.store.values import Wants

CANCELLED = "cancelled"


def prepare_person(exchange: Exchange, partner: Partner, person: str, *, year: str = "") -> Prepared:
    """Decide again what is in force of a person (Patient id or citizen ID) in a year, '' for that of today."""
    unread = _unread(exchange, partner, "Patient/$resettle", f"{person} {year}".encode())
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        return _with(unread, problems=(_bad_year(year),))
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "year", "valueString": year}] if year else []}
    patient = {"resourceType": "Patient", "id": person}
    wants = Wants(persons=(PersonId(person),))
    return _runnable(unread, partner, "resettle-person", [patient, parameters], wants)


def prepare_settlement(exchange: Exchange, partner: Partner, settlement: str, body: bytes) -> Prepared:
    """Decide a settlement and what followed it again.

    `body`: empty, under the facts of now; a corrected Claim, on that instead; a Claim of status cancelled, without it.
    """
    unread = _unread(exchange, partner, "ClaimResponse/$resettle", body)
    number = {"system": sid("settlement"), "value": settlement}
    asked: Resource = {"resourceType": "Claim", "identifier": [number]}
    if not body.strip():
        return _runnable(unread, partner, "resettle", [asked])
    try:
        claim = decode_resource(body)
        if claim["resourceType"] != "Claim":
            raise Refusal(_not_a_correction(claim["resourceType"]))
        if claim.get("status") == CANCELLED:
            withdrawn = {**asked, "extension": [{"url": RESETTLE, "valueBoolean": True}]}
            return _runnable(unread, partner, "cancel", [withdrawn])
        refuse_if(check_claim(claim))
    except Refusal as refusal:
        return _with(unread, problems=refusal.problems)
    if "item" not in claim:
        return _with(unread, problems=(_not_a_correction("Claim"),))
    return _runnable(unread, partner, "resettle", [{**claim, "identifier": [*claim.get("identifier", ()), number]}])


def _unread(exchange: Exchange, partner: Partner, kind: str, request: bytes) -> Prepared:
    return Prepared(
        id=exchange.new_id(),
        channel="fhir",
        sender=partner.id,
        kind=f"fhir.{kind}",
        request=request,
        received_at=exchange.clock(),
        refuse=_refuse,
        partner=partner,
    )


def _runnable(
    unread: Prepared, partner: Partner, operation: str, resources: Sequence[Resource], wants: Wants | None = None
) -> Prepared:
    def run(desk: Desk) -> Result:
        return OPERATIONS[operation](desk, resources)

    allowed = tuple(check_operation(partner, "resettle"))
    return _with(unread, run=run, answer=_answer, problems=allowed, wants=wants or unread.wants)


def _answer(tree: Mapping[str, Any]) -> bytes:
    return encode(tree["Parameters"])


def _refuse(problems: Sequence[Problem]) -> bytes:
    return encode(write_outcome(problems))


def _bad_year(year: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-benefit-year",
        "Parameters.year",
        f"'{year[:20]}' is not a benefit year: send four digits such as 2015",
        f"“{year[:20]}”不是待遇年度:应为四位数字,如 2015",
    )


def _not_a_correction(type: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "not-a-correction",
        "",
        f"$resettle takes nothing, a whole corrected Claim, or a Claim of status cancelled, not this {type[:40]}",
        f"$resettle 的内容应为空、更正后的完整 Claim,或状态为 cancelled 的 Claim,收到的是 {type[:40]}",
    )
