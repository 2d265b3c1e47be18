"""What the bank says of a payment: accepted or rejected, booked, returned. In any order, and any number of times.

Each event books an entry of its own, so their order does not matter: instructed payable → in transit, booked in
transit → expenditure account, rejected in transit → payable, returned expenditure account → payable. A rejected or
returned payment opens its clearing once more, under a new EndToEndId; a second time it waits for an officer.

Money has moved when the bank says so, therefore nothing here is refused: what does not fit is kept as a finding.
"""

from collections.abc import Sequence

from gateway.exchange.clearing import folders
from gateway.exchange.clearing.bodies import BankWord, Payment
from gateway.exchange.clearing.contradictions import Said, contradicts, note, unknown
from gateway.exchange.clearing.folders import Held
from gateway.exchange.clearing.outcomes import accepted, booked, rejected, returned
from gateway.exchange.clearing.words import payments_meant, read_word
from gateway.exchange.desk import Desk, Resource, Result

REJECTED, PART, PENDING = "RJCT", "PART", frozenset({"RCVD", "PDNG"})


def payment_status(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `payment-status`: of one payment, or of a file but for the payments it excepts."""
    word = read_word(desk, resources[0])
    if word.status == PART or word.status in PENDING:
        return _told([("noted", "")])
    meant = payments_meant(desk, word)
    if meant is None:
        return _told([unknown(desk, word, "status")])
    said = Said.REJECTED if word.status == REJECTED else Said.ACCEPTED
    return _told([_heard(desk, each, said, word.bank) for each in meant])


def payment_booked(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `payment-booked`: the bank debited the expenditure account."""
    return _moved(desk, resources[0], Said.BOOKED)


def payment_returned(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The operation `payment-returned`: the money came back, also where the debit was not told yet."""
    return _moved(desk, resources[0], Said.RETURNED)


def _moved(desk: Desk, resource: Resource, said: Said) -> Result:
    word = read_word(desk, resource)
    held = folders.find_payment(desk.unit, word.payment) if word.payment else None
    if held is None:
        return _told([unknown(desk, word, said)])
    return _told([_heard(desk, held, said, word.bank, account=word.account)])


def _heard(desk: Desk, held: Held[Payment], said: Said, bank: BankWord, *, account: str = "") -> tuple[str, str]:
    """Outcome and code of a finding, or ''. What was said before in the same words changes nothing."""
    before = getattr(held.body, said.value)
    if before is not None and (not bank.reference or before.reference in ("", bank.reference)):
        return held.state, ""
    wrong = contradicts(held, said, bank, account=account)
    if wrong:
        return note(desk, held, wrong, bank)
    handle = {Said.ACCEPTED: accepted, Said.REJECTED: rejected, Said.BOOKED: booked, Said.RETURNED: returned}
    return handle[said](desk, held, bank).state, ""


def _told(outcomes: Sequence[tuple[str, str]]) -> Result:
    """`outcome`: the payment's state now, noted, or finding; of several payments the states told apart by commas."""
    states = ",".join(dict.fromkeys(outcome for outcome, _ in outcomes)) or "noted"
    codes = ",".join(dict.fromkeys(code for _, code in outcomes if code))
    return Result({"values": {"outcome": states, "finding": codes or None, "code": codes}})
