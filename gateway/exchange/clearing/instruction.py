"""The payment instruction 付款指令: approved clearings of a scheme in one file for the bank, made once.

The file's key is its business day, scheme and batch: whoever asks again, or at the same moment, gets the same bytes.
One payment for a clearing, whose id is the EndToEndId the bank will answer with. A clearing whose payee has no account
stays out, with a finding.

Reading: an institution that was merged is paid to its successor; one that ended without a successor keeps its account.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from gateway.exchange.clearing import booking, folders, problems
from gateway.exchange.clearing.acting import act, post
from gateway.exchange.clearing.bodies import Clearing, Payment, PaymentFile, State, payables
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.publishing import publish_payment
from gateway.exchange.desk import Desk
from gateway.exchange.findings import finding, note_finding
from gateway.kernel import money
from gateway.kernel.calendar import instant_text
from gateway.kernel.ids import AreaCode, derived_id
from gateway.kernel.problem import Refusal
from gateway.ledger.entry import Posting
from gateway.payment.payment import BankAccount
from gateway.payment.payment import Payment as Terms

EXPENDITURE = "expenditure"
PAYEE_MISSING = "payee-missing"
LONGEST_MSG_ID = 35

Render = Callable[[Mapping[str, Any]], tuple[str, bytes]]
"""Tree of a payment file → content type and bytes for the bank."""
Cover = Callable[[Desk, Iterable[Posting]], None]
"""Takes what the bank will debit out of the expenditure account's cover. Refusal: station-short, books-moved."""


def message_id(area: AreaCode, *, scheme: str, day: date, batch: str) -> str:
    """'321182-resident-20150701-1': the MsgId of a payment file, and its key."""
    made = f"{area}-{scheme}-{day:%Y%m%d}-{batch}"
    assert len(made) <= LONGEST_MSG_ID, "a MsgId has at most 35 characters"
    return made


def instruct(
    desk: Desk,
    *,
    scheme: str,
    batch: str,
    clearings: Sequence[str],
    render: Render,
    cover: Cover,
) -> Held[PaymentFile] | Sequence[str]:
    """The payment file of today's batch, with those of the clearings (by key) that are approved.

    Where none of them has a payee: their ids, each with its finding, and no file.

    Refusal: bad-batch, no-expenditure-account, nothing-to-pay, and those of `cover`: never more is paid than the
    expenditure account holds, less what is on its way already.
    """
    if not (batch.isascii() and batch.isdigit() and 0 < len(batch) < 3 and batch[0] != "0"):
        raise Refusal(problems.bad_batch(batch))
    key = message_id(desk.area, scheme=scheme, day=desk.today, batch=batch)
    made = folders.find_file(desk.unit, key)
    if made is not None:
        return made
    terms = desk.area_policy(scheme).payment
    debtor = terms.accounts.get(EXPENDITURE) if terms else None
    if terms is None or debtor is None:
        raise Refusal(problems.no_payment_terms(scheme))

    payable, left_out = _payable(desk, scheme, clearings, terms)
    if left_out and not payable:
        return left_out
    if not payable:
        raise Refusal(problems.nothing_to_pay(scheme))
    payments = [_payment(desk, held, account, key, terms, debtor) for held, account in payable]
    cover(
        desk, [posting for each in payments for posting in booking.confirmed(each.body.shares, each.body.institution)]
    )
    for (held, _), payment in zip(payable, payments, strict=True):
        _instructed(desk, held, payment)
    return _file(desk, scheme, batch, key, debtor, payments, left_out, render)


def _payable(
    desk: Desk, scheme: str, clearings: Sequence[str], terms: Terms
) -> tuple[list[tuple[Held[Clearing], BankAccount]], list[str]]:
    """The clearings that can be paid, each with its payee's account, and the ids of those that have none."""
    payable, left_out = [], []
    for key in clearings:
        held = folders.find_clearing_of_key(desk.unit, key)
        if held is None or held.state != State.APPROVED or held.body.scheme != scheme:
            continue
        account = terms.payee_on(held.body.institution, desk.today)
        if account is not None and account.account and account.holder:
            payable.append((held, account))
        else:
            left_out.append(held.id)
            _note_payee(desk, held)
    return payable, left_out


def _note_payee(desk: Desk, held: Held[Clearing]) -> None:
    institution = held.body.institution
    note_finding(
        desk.unit,
        finding(
            PAYEE_MISSING,
            day=desk.today,
            reference=held.id,
            en=f"{institution} has no bank account to be paid to: add its payee to the payment file of the policy",
            zh=f"{institution} 未登记收款账户:请在政策的支付文件中补充",
            scheme=held.body.scheme,
            institution=institution,
            names={"clearing": held.id},
        ),
        fen=held.dossier.fen,
    )


def _payment(
    desk: Desk, held: Held[Clearing], account: BankAccount, key: str, terms: Terms, debtor: BankAccount
) -> Held[Payment]:
    body, attempt = held.body, len(held.body.payments) + 1
    id = derived_id(desk.area, folders.PAYMENT, held.id, str(attempt))
    payee = terms.owner_on(body.institution, desk.today) or body.institution
    text = f"{body.month} {body.scheme} {body.institution}"
    if payee != body.institution:
        text += f" → {payee}"
    payment = Payment(
        clearing=held.id,
        file=key,
        scheme=body.scheme,
        institution=body.institution,
        payee=payee,
        shares=payables(body),
        name=account.holder,
        account=account.account,
        bank=account.bank_code,
        debtor=debtor.account,
        text=text,
        acts=(act(desk, State.INSTRUCTED),),
    )
    return folders.new_payment(id, f"{held.id}|{attempt}", payment, body.month)


def _instructed(desk: Desk, held: Held[Clearing], payment: Held[Payment]) -> None:
    body = payment.body
    post(desk, body.scheme, booking.instructed(body.shares, body.institution), cause=payment.id)
    notes = held.body.notes
    if body.payee != body.institution:
        notes = (*notes, f"{body.institution} 已并入 {body.payee},款项付至后者 / paid to its successor {body.payee}")
    changed = msgspec.structs.replace(
        held.body,
        payments=(*held.body.payments, payment.id),
        notes=tuple(dict.fromkeys(notes)),
        acts=(*held.body.acts, act(desk, State.INSTRUCTED, payment.id)),
    )
    folders.put_clearing(desk.unit, folders.with_body(held, changed), state=State.INSTRUCTED)
    publish_payment(desk, folders.put_payment(desk.unit, payment), on=desk.today, notes=changed.notes)


def _file(
    desk: Desk,
    scheme: str,
    batch: str,
    key: str,
    debtor: BankAccount,
    payments: Sequence[Held[Payment]],
    left_out: Sequence[str],
    render: Render,
) -> Held[PaymentFile]:
    total = sum(each.dossier.fen for each in payments)
    tree = {
        "id": key,
        "created": instant_text(desk.now),
        "day": desk.today.isoformat(),
        "initiator": debtor.holder,
        "count": len(payments),
        "total": money.decimal(total),
        "debtor": {"name": debtor.holder, "account": debtor.account, "bank": debtor.bank_code},
        "payment": [_line(each) for each in payments],
    }
    content_type, content = render({"PaymentFile": tree})
    body = PaymentFile(
        scheme=scheme,
        day=desk.today.isoformat(),
        batch=batch,
        payments=tuple(each.id for each in payments),
        content_type=content_type,
        content=content,
        left_out=tuple(left_out),
        acts=(act(desk, "made"),),
    )
    return folders.put_file(desk.unit, id=desk.new_id(), key=key, body=body, fen=total)


def _line(payment: Held[Payment]) -> dict[str, Any]:
    body = payment.body
    return {
        "id": payment.id,
        "amount": money.decimal(payment.dossier.fen),
        "name": body.name,
        "account": body.account,
        "bank": body.bank,
        "text": body.text,
    }
