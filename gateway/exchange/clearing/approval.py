"""Approval by two people 双人复核. Both approve a digest of the amounts, so neither can approve what the other did not.

Reading: the reviewer may approve first, not second; whoever approved first may not approve second.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.exchange.clearing import booking, folders, problems
from gateway.exchange.clearing.acting import act, post
from gateway.exchange.clearing.bodies import Approval, Clearing, Standing, State, payables, receivables, summed
from gateway.exchange.clearing.deductions import LONGEST_TEXT, check_deductions, keep_deducted
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.publishing import publish_remittance
from gateway.exchange.desk import Desk
from gateway.fhir.payment_reconciliation import Line
from gateway.kernel.calendar import instant_text
from gateway.kernel.problem import Refusal, refuse_if

FIRST, SECOND = "first", "second"


def digest_of(clearing: Clearing) -> str:
    """SHA-256 over what is approved: whose month, each fund's parts, the deductions, what is paid. 64 hex digits."""
    frozen: tuple[Any, ...] = (
        clearing.scheme,
        clearing.month,
        clearing.institution,
        clearing.shares,
        clearing.deductions,
        sorted(payables(clearing).items()),
        sorted(receivables(clearing).items()),
    )
    return hashlib.sha256(msgspec.json.encode(frozen, order="deterministic")).hexdigest()


def approve(desk: Desk, id: str, *, digest: str, step: str = "", settled: Sequence[Line] = ()) -> Held[Clearing]:
    """One approval by the sender. `step`: first or second, '' for the one that is due; `settled`: the lines of the
    month's settlements, for the remittance.

    The second posts the deductions; a clearing that pays nothing is paid with it. The same person, step and digest
    again change nothing. Refusal: clearing-not-found, clearing-state, clearing-changed, first-approval-void,
    same-approver, reviewer-approves.
    """
    held = folders.find_clearing(desk.unit, id)
    if held is None:
        raise Refusal(problems.not_found(id))
    if _is_repeated(held.body, desk.partner.id, digest, step):
        return held
    if held.state not in (State.REVIEWED, State.APPROVED_FIRST):
        raise Refusal(problems.wrong_state(held.state, needed=f"{State.REVIEWED}, {State.APPROVED_FIRST}"))
    if digest != digest_of(held.body):
        void = digest in held.body.void
        raise Refusal(problems.first_approval_void() if void else problems.clearing_changed())
    if step == SECOND and held.state == State.REVIEWED:
        raise Refusal(problems.first_approval_void())
    if held.state == State.REVIEWED:
        return _approved_first(desk, held, digest)
    first = held.body.approvals[0].by
    if desk.partner.id == first:
        raise Refusal(problems.same_approver(first))
    if desk.partner.id == held.body.reviewed_by:
        raise Refusal(problems.reviewer_approves(held.body.reviewed_by))
    return _approved(desk, held, digest, settled)


def _is_repeated(body: Clearing, principal: str, digest: str, step: str) -> bool:
    """Whether this very approval was given. Without a step, the first approver's second try is no repeat."""
    steps = dict(zip((FIRST, SECOND), body.approvals, strict=False))
    asked = [steps.get(step)] if step else list(body.approvals[1:])
    return any(each is not None and (each.by, each.digest) == (principal, digest) for each in asked)


def _with_approval(desk: Desk, body: Clearing, digest: str, what: str) -> Clearing:
    approval = Approval(desk.partner.id, instant_text(desk.now), digest)
    return msgspec.structs.replace(body, approvals=(*body.approvals, approval), acts=(*body.acts, act(desk, what)))


def _approved_first(desk: Desk, held: Held[Clearing], digest: str) -> Held[Clearing]:
    body = _with_approval(desk, held.body, digest, State.APPROVED_FIRST)
    return folders.put_clearing(desk.unit, folders.with_body(held, body), state=State.APPROVED_FIRST)


def _approved(desk: Desk, held: Held[Clearing], digest: str, settled: Sequence[Line]) -> Held[Clearing]:
    body = held.body
    refuse_if(check_deductions(desk.unit, body, body.deductions))
    post(desk, body.scheme, booking.decided(body), cause=held.id)
    keep_deducted(desk.unit, body)
    _note_standing(desk, body)
    state = State.APPROVED if payables(body) else State.PAID
    approved = _with_approval(desk, body, digest, State.APPROVED)
    put = folders.put_clearing(desk.unit, folders.with_body(held, approved), state=state)
    publish_remittance(desk, put, settled)
    return put


def _note_standing(desk: Desk, body: Clearing) -> None:
    """What the institution owes beyond its payable, and what was deducted from which settlement."""
    named = [each for each in body.deductions if each.settlement]
    beyond = receivables(body)
    if not named and not beyond:
        return
    standing = folders.standing_of(desk.unit, body.scheme, body.institution)
    deducted = dict(standing.body.deducted)
    for each in named:
        deducted[each.settlement] = summed(deducted.get(each.settlement, {}), {each.fund: each.amount})
    owed = Standing(standing.body.carried, summed(standing.body.receivable, beyond), deducted)
    folders.put_standing(desk.unit, folders.with_body(standing, owed))


def reopen(desk: Desk, id: str, *, why: str) -> Held[Clearing]:
    """A clearing whose payment failed twice is paid again, once an officer has seen to the reason (text `why`).

    Refusal: clearing-not-found, clearing-state, clearing-reason.
    """
    held = folders.find_clearing(desk.unit, id)
    if held is None:
        raise Refusal(problems.not_found(id))
    if held.state != State.RETURNED:
        raise Refusal(problems.wrong_state(held.state, needed=State.RETURNED))
    if not why.strip() or len(why) > LONGEST_TEXT:
        raise Refusal(problems.bad_reason("why"))
    body = msgspec.structs.replace(held.body, acts=(*held.body.acts, act(desk, "reopened", why)))
    return folders.put_clearing(desk.unit, folders.with_body(held, body), state=State.APPROVED)
