"""FHIR's own way in: `POST /fhir/Claim/$submit` with a Claim, or a Bundle whose first entry is one.

A request of Da Vinci PAS is such a Bundle; it is tried, and answered with a Bundle of PAS.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as _with
from typing import Any

import msgspec

from gateway.exchange.apply import OPERATIONS
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared, fault, log
from gateway.exchange.wants import wants_of
from gateway.fhir import pas
from gateway.fhir.bundle import first_claim
from gateway.fhir.json import decode_resource, encode
from gateway.fhir.outcome import write_outcome
from gateway.fhir.parts import identifier_of
from gateway.fhir.systems import sid
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.security.allow import check_operation
from gateway.security.partners import Partner
from gateway.store.values import MessageKey

CHANNEL = "fhir"
LONGEST_KEY = 200
WITHDRAWN = ("cancelled", "entered-in-error")

_sorted = msgspec.json.Encoder(decimal_format="number", order="sorted")
"""Writes members by name: the order in which a client happens to send them is no content."""


def prepare_submit(exchange: Exchange, partner: Partner, body: bytes, *, idempotency_key: str) -> Prepared:
    """A claim to settle, or to try when its use is predetermination or preauthorization.

    Message key: the Idempotency-Key header, else the claim's own visit and bill numbers. A trial has no effect and no
    key.
    """
    unread = Prepared(
        id=exchange.new_id(),
        channel=CHANNEL,
        sender=partner.id,
        kind="fhir.Claim/$submit",
        request=body,
        received_at=exchange.clock(),
        refuse=_refuse,
        partner=partner,
    )
    try:
        sent = decode_resource(body)
        asked = _pas_request(exchange, sent) if pas.is_request(sent) else None
        claim = _claim_in(sent) if asked is None else asked.claim
        key = _key(exchange, partner, claim, idempotency_key)
    except Refusal as refusal:
        return _with(unread, problems=refusal.problems)
    except Exception:
        log.exception("fault while reading message %s", unread.id)
        return _with(unread, problems=(fault(unread.id),))
    operation = "trial" if claim.get("use") in pas.USES else "settle"

    def run(desk: Desk) -> Result:
        return OPERATIONS[operation](desk, [claim])

    return _with(
        unread,
        key=key if operation == "settle" else None,
        content_hash=hashlib.sha256(_sorted.encode(claim)).digest(),
        run=run,
        answer=_answer if asked is None else _pas_answer(asked, unread),
        wants=wants_of(key, [claim], institution=partner.institution),
        problems=tuple(check_operation(partner, operation)),
    )


def _pas_request(exchange: Exchange, bundle: Resource) -> pas.Request:
    """A PAS request. Refusal: where the packages have the profile it claims, what that finds wrong with it."""
    refuse_if(exchange.guide.check(bundle, "Bundle"))
    return pas.read_request(bundle)


def _pas_answer(asked: pas.Request, message: Prepared) -> Callable[[Mapping[str, Any]], bytes]:
    def answer(tree: Mapping[str, Any]) -> bytes:
        made = pas.write_answer(asked, tree["ClaimResponse"], reference_of=message.id, at=message.received_at)
        return encode(made)

    return answer


def _claim_in(resource: Resource) -> Resource:
    if resource["resourceType"] == "Bundle":
        resource = first_claim(resource)
    if resource["resourceType"] != "Claim":
        raise Refusal(_not_a_claim(resource["resourceType"]))
    if resource.get("status") in WITHDRAWN:
        raise Refusal(_withdrawn(resource["status"]))
    return resource


def _key(exchange: Exchange, partner: Partner, claim: Resource, idempotency_key: str) -> MessageKey | None:
    id = idempotency_key or "|".join(
        number for number in (identifier_of(claim, sid("visit")), identifier_of(claim, sid("bill"))) if number
    )
    if len(id) > LONGEST_KEY or not id.isprintable():
        raise Refusal(_bad_key())
    return MessageKey(exchange.area, CHANNEL, partner.id, id) if id else None


def _answer(tree: Mapping[str, Any]) -> bytes:
    return encode(tree["ClaimResponse"])


def _refuse(problems: Sequence[Problem]) -> bytes:
    return encode(write_outcome(problems))


def _not_a_claim(type: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "not-a-claim",
        "",
        f"$submit takes a Claim or a Bundle whose first entry is a Claim, not {type[:40]}",
        f"$submit 只接受 Claim 或首项为 Claim 的 Bundle,收到的是 {type[:40]}",
    )


def _withdrawn(status: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "withdrawn-claim",
        "Claim.status",
        f"a Claim with status {status} says that it is not to be settled: send it with status active",
        f"Claim 状态为 {status},表示不应结算:请以 active 状态申报",
    )


def _bad_key() -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-idempotency-key",
        "Idempotency-Key",
        f"a key has at most {LONGEST_KEY} printable characters",
        f"幂等键最多 {LONGEST_KEY} 个可打印字符",
    )
