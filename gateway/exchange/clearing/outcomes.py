"""What follows from the bank's word on a payment: its entry, its state, and that of its clearing."""

from datetime import date

import msgspec

from gateway.exchange.clearing import booking, folders
from gateway.exchange.clearing.acting import act, post
from gateway.exchange.clearing.bodies import BankWord, Clearing, Payment, PaymentState, State
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.publishing import publish_payment
from gateway.exchange.desk import Desk

MOST_ATTEMPTS = 2
"""A clearing is opened again once; after the second failure an officer decides."""


def accepted(desk: Desk, held: Held[Payment], bank: BankWord) -> Held[Payment]:
    """Taken on by the bank: nothing is booked, and what came later stands."""
    state = PaymentState.ACCEPTED if held.state == PaymentState.INSTRUCTED else None
    return _put(desk, held, msgspec.structs.replace(held.body, accepted=bank), "accepted", bank, state)


def rejected(desk: Desk, held: Held[Payment], bank: BankWord) -> Held[Payment]:
    """Not paid: owed again, and the clearing is opened again."""
    body = held.body
    post(desk, body.scheme, booking.rejected(body.shares, body.institution), cause=held.id)
    _reopen(desk, held, "rejected", bank)
    changed = msgspec.structs.replace(body, rejected=bank)
    return _put(desk, held, changed, "rejected", bank, PaymentState.REJECTED)


def booked(desk: Desk, held: Held[Payment], bank: BankWord) -> Held[Payment]:
    """Paid, unless it was returned meanwhile: then the money that left is the money that came back."""
    body = held.body
    post(desk, body.scheme, booking.confirmed(body.shares, body.institution), cause=held.id)
    is_back = body.returned is not None
    if not is_back:
        _change(desk, held, State.PAID, "paid", bank)
    changed = msgspec.structs.replace(body, booked=bank)
    return _put(desk, held, changed, "booked", bank, None if is_back else PaymentState.BOOKED)


def returned(desk: Desk, held: Held[Payment], bank: BankWord) -> Held[Payment]:
    """Came back: owed again, and the clearing is opened again."""
    body = held.body
    post(desk, body.scheme, booking.returned(body.shares, body.institution), cause=held.id)
    _reopen(desk, held, "returned", bank)
    changed = msgspec.structs.replace(body, returned=bank)
    return _put(desk, held, changed, "returned", bank, PaymentState.RETURNED)


def _reopen(desk: Desk, held: Held[Payment], what: str, bank: BankWord) -> None:
    clearing = folders.find_clearing(desk.unit, held.body.clearing)
    assert clearing is not None, "a payment has a clearing"
    state = State.APPROVED if len(clearing.body.payments) < MOST_ATTEMPTS else State.RETURNED
    _change(desk, held, state, what, bank)


def _change(desk: Desk, held: Held[Payment], state: State, what: str, bank: BankWord) -> None:
    """The clearing in another state, as long as this payment is its last attempt."""
    clearing = folders.find_clearing(desk.unit, held.body.clearing)
    assert clearing is not None, "a payment has a clearing"
    assert clearing.body.payments[-1] == held.id, "an earlier attempt ended before the next was made"
    acts = (*clearing.body.acts, act(desk, what, f"{held.id} {bank.reason}".strip()))
    body: Clearing = msgspec.structs.replace(clearing.body, acts=acts)
    folders.put_clearing(desk.unit, folders.with_body(clearing, body), state=state)


def _put(
    desk: Desk, held: Held[Payment], body: Payment, what: str, bank: BankWord, state: PaymentState | None
) -> Held[Payment]:
    noted = msgspec.structs.replace(body, acts=(*body.acts, act(desk, what, bank.reference)))
    put = folders.put_payment(desk.unit, folders.with_body(held, noted), state=state)
    publish_payment(desk, put, on=date.fromisoformat(bank.day), reason=bank.reason)
    return put
