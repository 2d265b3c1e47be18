"""The doors to clearing: what institutions and officers send, made ready to be concluded in one unit of work.

Acts have a message key when the sender gives one (Idempotency-Key): the same key and content get the stored answer. The
dossiers' own keys make them harmless to repeat without one, too.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace as _with
from functools import partial
from typing import Any

from gateway.contract import Context
from gateway.exchange.apply import OPERATIONS
from gateway.exchange.apply.stations import Held, read_held, take_out
from gateway.exchange.clearing import folders, problems
from gateway.exchange.clearing.approval import approve, reopen
from gateway.exchange.clearing.bodies import State
from gateway.exchange.clearing.deductions import read_deductions
from gateway.exchange.clearing.instruction import instruct
from gateway.exchange.clearing.review import review
from gateway.exchange.clearing.views import clearing_view, file_view, no_file_view
from gateway.exchange.desk import Desk, Result
from gateway.exchange.exchange import Exchange
from gateway.exchange.pipeline import Prepared, Reply
from gateway.exchange.remittances import settled_lines
from gateway.exchange.render import render
from gateway.fhir.json import decode, encode
from gateway.fhir.outcome import write_outcome
from gateway.kernel.problem import Problem, Refusal
from gateway.ledger.entry import Posting
from gateway.security.allow import check_operation
from gateway.security.partners import Partner
from gateway.store.values import Dossier, MessageKey, Wants

CHANNEL = "clearing"
LONGEST_KEY = 200
BANK_FEED, INSTRUCTION = "bank", "pain.001"
PAGE = 500
MOST_TRIES = 5
BOOKS_MOVED = "books-moved"

MEMBERS = {"careType": "care-type"}
"""JSON members that the Parameters of an operation call otherwise."""

Act = Callable[[Desk], Mapping[str, Any]]


def prepare_application(exchange: Exchange, partner: Partner, body: bytes, *, key: str = "") -> Prepared:
    """An institution's application, a JSON object with the members of the Parameters of `apply-clearing`."""

    def act(told: Mapping[str, Any]) -> Act:
        return partial(_operate, "apply-clearing", told)

    return _prepared(exchange, partner, "apply-clearing", "applications", body, key, act)


def prepare_revocation(exchange: Exchange, partner: Partner, id: str, *, key: str = "") -> Prepared:
    """An application is revoked."""

    def act(_told: Mapping[str, Any]) -> Act:
        return partial(_operate, "revoke-clearing", {"application": id})

    return _prepared(exchange, partner, "revoke-clearing", id, b"", key, act)


def prepare_review(exchange: Exchange, partner: Partner, id: str, body: bytes, *, key: str = "") -> Prepared:
    """A review: {deductions: [{fund, amount, reason, text, source, settlement}], unapplied, note}."""

    def act(told: Mapping[str, Any]) -> Act:
        deductions = read_deductions(told.get("deductions", []))
        texts = {name: _text(told, name) for name in ("unapplied", "note")}
        return lambda desk: clearing_view(review(desk, id, deductions, **texts))

    return _prepared(exchange, partner, "review-clearing", id, body, key, act, {"deductions", "unapplied", "note"})


def prepare_approval(exchange: Exchange, partner: Partner, id: str, body: bytes, *, key: str = "") -> Prepared:
    """An approval: {digest, step}; `digest` as the clearing says it."""

    def act(told: Mapping[str, Any]) -> Act:
        settled = settled_lines(exchange.store, id)
        texts = {name: _text(told, name) for name in ("digest", "step")}
        return lambda desk: clearing_view(approve(desk, id, settled=settled, **texts))

    return _prepared(exchange, partner, "approve-clearing", id, body, key, act, {"digest", "step"})


def prepare_reopening(exchange: Exchange, partner: Partner, id: str, body: bytes, *, key: str = "") -> Prepared:
    """A clearing whose payment failed twice is to be paid again: {why}."""

    def act(told: Mapping[str, Any]) -> Act:
        why = _text(told, "why")
        return lambda desk: clearing_view(reopen(desk, id, why=why))

    return _prepared(exchange, partner, "reopen-clearing", id, body, key, act, {"why"})


def instruct_payments(exchange: Exchange, partner: Partner, body: bytes) -> Reply:
    """The payment file of today, once it is committed; read and tried again where money left at the same moment."""
    for _ in range(MOST_TRIES):
        reply = exchange.conclude(prepare_instruction(exchange, partner, body)).result()
        if all(each.code != BOOKS_MOVED for each in reply.problems):
            break
    return reply


def prepare_instruction(exchange: Exchange, partner: Partner, body: bytes) -> Prepared:
    """The payment file of today: {scheme, batch}. Its day, scheme and batch are its key, so it needs no other."""

    def act(told: Mapping[str, Any]) -> Act:
        scheme, batch = _text(told, "scheme"), _text(told, "batch") or "1"
        if exchange.book.of(exchange.area, scheme) is None:
            schemes = sorted(p.policy.scheme for p in exchange.book.policies.values() if p.policy.area == exchange.area)
            raise Refusal(problems.scheme_needed(", ".join(schemes)))
        held = read_held(exchange.store, scheme)
        found.extend(approved(exchange, scheme))
        return partial(_instruct, exchange, scheme, batch, [each.key for each in found], held)

    found: list[Dossier] = []
    members = {"scheme", "batch"}
    prepared = _prepared(exchange, partner, "instruct-payments", "payment-files", body, "", act, members)
    wanted = tuple((folders.CLEARING, each.key) for each in found)
    remittances = tuple(("PaymentReconciliation", each.id) for each in found)
    return _with(prepared, wants=Wants(dossiers=wanted, resources=remittances))


def approved(exchange: Exchange, scheme: str) -> list[Dossier]:
    """The clearings of a scheme that are approved and not instructed."""
    listed: list[Dossier] = []
    after = None
    while page := exchange.store.dossiers(folders.CLEARING, state=State.APPROVED, after=after, limit=PAGE):
        listed += [each for each in page if each.key.startswith(f"{scheme}|")]
        after = page[-1].id
    return listed


def _instruct(
    exchange: Exchange, scheme: str, batch: str, clearings: list[str], held: Held, desk: Desk
) -> Mapping[str, Any]:
    def cover(desk: Desk, postings: Iterable[Posting]) -> None:
        take_out(desk, scheme, held, postings, path="scheme")

    def rendered(tree: Mapping[str, Any]) -> tuple[str, bytes]:
        context = Context(now=desk.now, reference=desk.reference, area=desk.area)
        content = render(exchange.feeds, BANK_FEED, INSTRUCTION, tree, context)
        return exchange.feeds[BANK_FEED].content_type, content

    made = instruct(desk, scheme=scheme, batch=batch, clearings=clearings, render=rendered, cover=cover)
    return file_view(made) if isinstance(made, folders.Held) else no_file_view(made)


def _operate(operation: str, told: Mapping[str, Any], desk: Desk) -> Mapping[str, Any]:
    parameters = [{"name": MEMBERS.get(name, name), "valueString": str(value)} for name, value in told.items()]
    result = OPERATIONS[operation](desk, [{"resourceType": "Parameters", "parameter": parameters}])
    values: Mapping[str, Any] = result.tree["values"]
    return values


def _prepared(
    exchange: Exchange,
    partner: Partner,
    operation: str,
    about: str,
    body: bytes,
    key: str,
    read: Callable[[Mapping[str, Any]], Act],
    members: set[str] | None = None,
) -> Prepared:
    """An act that is ready to be concluded; what is wrong with its body is in `problems`."""
    unread = Prepared(
        id=exchange.new_id(),
        channel=CHANNEL,
        sender=partner.id,
        kind=f"clearing.{operation}",
        request=body or about.encode(),
        received_at=exchange.clock(),
        refuse=_refuse,
        partner=partner,
    )
    refused = tuple(check_operation(partner, operation))
    if refused:
        return _with(unread, problems=refused)
    try:
        act = read(_read(body, members))
        message = _key(exchange, partner, key)
    except Refusal as refusal:
        return _with(unread, problems=refusal.problems)

    def run(desk: Desk) -> Result:
        told = act(desk)
        return Result({"told": told}, subject=str(told.get("id") or told.get("application") or about))

    return _with(
        unread,
        key=message,
        content_hash=hashlib.sha256(b"\n".join((operation.encode(), about.encode(), body))).digest(),
        run=run,
        answer=_answer,
        wants=Wants(messages=(message,) if message else ()),
    )


def _read(body: bytes, members: set[str] | None) -> Mapping[str, Any]:
    told = decode(body) if body.strip() else {}
    if not isinstance(told, dict):
        raise Refusal(problems.bad_body("one JSON object"))
    unknown = sorted(set(told) - members) if members is not None else []
    if unknown:
        raise Refusal(problems.bad_body(f"no member {unknown[0]}"))
    if members is None and any(value is None or isinstance(value, (dict, list, bool)) for value in told.values()):
        raise Refusal(problems.bad_body("each member is a text or a number"))
    return told


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise Refusal(problems.bad_body(f"{name} is a text"))
    return value


def _key(exchange: Exchange, partner: Partner, key: str) -> MessageKey | None:
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refusal(problems.bad_body(f"Idempotency-Key has at most {LONGEST_KEY} printable characters"))
    return MessageKey(exchange.area, CHANNEL, partner.id, key) if key else None


def _answer(tree: Mapping[str, Any]) -> bytes:
    return encode(tree["told"])


def _refuse(found: Sequence[Problem]) -> bytes:
    return encode(write_outcome(found))
