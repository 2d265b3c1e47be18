"""What a bank says that does not fit: kept with a code in the worklist, never lost and never guessed at."""

from datetime import date
from enum import StrEnum

import msgspec

from gateway.exchange.clearing import folders
from gateway.exchange.clearing.acting import act
from gateway.exchange.clearing.bodies import BankWord, Payment, State
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.words import Word
from gateway.exchange.desk import Desk
from gateway.exchange.findings import finding, note_finding

FINDING = "finding"
UNKNOWN = "payment-unknown"
AMOUNT = "payment-amount-differs"
ACCOUNT = "payment-other-account"
BOOKED_TWICE = "payment-booked-twice"
RETURNED_TWICE = "payment-returned-twice"
REJECTED_AFTER = "payment-rejected-after-booking"
BOOKED_AFTER = "payment-booked-after-rejection"
TEXTS = {
    UNKNOWN: ("the bank names a payment that was never instructed", "银行回报的付款不在付款指令中"),
    AMOUNT: ("the bank's amount is not the one instructed", "银行金额与付款指令不一致"),
    ACCOUNT: ("the bank booked it on another account than the one instructed", "银行出账账户与付款指令不一致"),
    BOOKED_TWICE: ("the bank booked one payment under two references", "同一笔付款银行出账两次"),
    RETURNED_TWICE: ("the bank returned one payment under two references", "同一笔付款银行退回两次"),
    REJECTED_AFTER: ("the bank rejects a payment that it booked", "银行拒绝了已出账的付款"),
    BOOKED_AFTER: ("the bank booked a payment that it had rejected: it is not paid again", "银行拒绝后又出账:不再重付"),
}


class Said(StrEnum):
    """What the bank says; each is a member of a payment's body."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BOOKED = "booked"
    RETURNED = "returned"


def contradicts(held: Held[Payment], said: Said, bank: BankWord, *, account: str) -> str:
    """The code of what does not fit what is known of the payment, or ''."""
    body = held.body
    if said in (Said.BOOKED, Said.RETURNED):
        if bank.amount != held.dossier.fen:
            return AMOUNT
        if account and account != body.debtor:
            return ACCOUNT
    if said is Said.BOOKED and body.booked is not None:
        return BOOKED_TWICE
    if said is Said.RETURNED and body.returned is not None:
        return RETURNED_TWICE
    if said is Said.REJECTED and (body.booked is not None or body.returned is not None):
        return REJECTED_AFTER
    if said in (Said.BOOKED, Said.RETURNED) and body.rejected is not None:
        return BOOKED_AFTER
    return ""


def note(desk: Desk, held: Held[Payment], code: str, bank: BankWord) -> tuple[str, str]:
    """A finding about a payment of ours. What was booked after it was rejected must not be paid again."""
    body = held.body
    _put(
        desk,
        code,
        reference=f"{held.id}/{bank.reference}" if bank.reference else held.id,
        bank=bank,
        ours=held.dossier.fen,
        scheme=body.scheme,
        institution=body.institution,
        names={"payment": held.id, "clearing": body.clearing},
    )
    if code == BOOKED_AFTER:
        _hold(desk, body.clearing)
    return FINDING, code


def unknown(desk: Desk, word: Word, what: str) -> tuple[str, str]:
    """A finding about a payment that is not ours, under the bank's own reference."""
    names = {"said": str(what), "end-to-end-id": word.payment, "file": word.file, "account": word.account}
    _put(desk, UNKNOWN, reference=word.reference, bank=word.bank, ours=0, scheme="", institution="", names=names)
    return FINDING, UNKNOWN


def _put(
    desk: Desk,
    code: str,
    *,
    reference: str,
    bank: BankWord,
    ours: int,
    scheme: str,
    institution: str,
    names: dict[str, str],
) -> None:
    en, zh = TEXTS[code]
    note_finding(
        desk.unit,
        finding(
            code,
            day=date.fromisoformat(bank.day),
            reference=reference,
            en=en,
            zh=zh,
            scheme=scheme,
            institution=institution,
            ours={"amount": ours},
            theirs={"amount": bank.amount},
            names={**{k: v for k, v in names.items() if v}, "day": bank.day, "reason": bank.reason},
        ),
        fen=bank.amount,
    )


def _hold(desk: Desk, clearing: str) -> None:
    """A clearing that was opened again goes back to the officer's desk before it is instructed."""
    held = folders.find_clearing(desk.unit, clearing)
    if held is not None and held.state == State.APPROVED:
        acts = (*held.body.acts, act(desk, "held", BOOKED_AFTER))
        folders.put_clearing(
            desk.unit, folders.with_body(held, msgspec.structs.replace(held.body, acts=acts)), state=State.RETURNED
        )
