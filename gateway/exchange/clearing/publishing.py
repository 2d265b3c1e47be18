"""What an institution can read of its money: PaymentReconciliation of a clearing, PaymentNotice of each payment."""

from collections.abc import Sequence
from datetime import date

from gateway.exchange.clearing import folders
from gateway.exchange.clearing.bodies import Clearing, Payment, PaymentState
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.lines import remittance_lines
from gateway.exchange.desk import Desk, Resource
from gateway.exchange.records import load, put
from gateway.fhir.payment_notice import PaymentStanding, write_notice
from gateway.fhir.payment_reconciliation import Line, Remittance, with_payment, write_reconciliation

RECONCILIATION = "PaymentReconciliation"
OUTCOMES = {PaymentState.BOOKED: "complete", PaymentState.REJECTED: "error", PaymentState.RETURNED: "error"}


def publish_remittance(desk: Desk, held: Held[Clearing], settled: Sequence[Line]) -> None:
    """The remittance of an approved clearing. `settled`: its settlements' lines, read from the closed month."""
    put(desk, remittance_of(desk, held, settled), owner=held.body.institution)


def remittance_of(desk: Desk, held: Held[Clearing], settled: Sequence[Line]) -> Resource:
    """The PaymentReconciliation before it is paid."""
    body = held.body
    return write_reconciliation(
        Remittance(
            id=held.id,
            key=held.dossier.key,
            area=desk.area,
            scheme=body.scheme,
            month=body.month,
            institution=body.institution,
            payee=body.institution,
            created=desk.now,
            paid_on=desk.today,
            amount=held.dossier.fen,
            lines=remittance_lines(body, settled),
            outcome="queued" if held.dossier.fen else "complete",
            notes=body.notes,
        )
    )


def publish_payment(desk: Desk, held: Held[Payment], *, on: date, reason: str = "", notes: Sequence[str] = ()) -> None:
    """How a payment stands now: its notice, and the remittance that it pays where it is the last attempt."""
    body = held.body
    notice = write_notice(
        PaymentStanding(
            id=held.id,
            area=desk.area,
            clearing=body.clearing,
            institution=body.institution,
            payee=body.payee,
            state=held.state,
            amount=held.dossier.fen,
            created=desk.now,
            paid_on=on,
            reason=reason,
        )
    )
    put(desk, notice, owner=body.institution)
    clearing = folders.find_clearing(desk.unit, body.clearing)
    assert clearing is not None, "a payment has a clearing"
    if clearing.body.payments[-1] != held.id:
        return
    before = load(desk, RECONCILIATION, body.clearing)
    assert before, "an approved clearing has its remittance"
    outcome = OUTCOMES.get(PaymentState(held.state), "queued")
    changed = with_payment(before, outcome=outcome, payment=held.id, payee=body.payee, paid_on=on, notes=notes)
    if changed != before:
        put(desk, changed, owner=body.institution)
