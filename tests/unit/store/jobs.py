"""What the tests submit: a whole settlement as the gateway records one, and its parts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, reversed_entry, transfer
from gateway.settlement.claim import Counters, Movement
from gateway.store.unit import Unit
from gateway.store.values import (
    DateRange,
    MessageKey,
    MessageRecord,
    MessageState,
    Settlement,
    SettlementState,
    Token,
    Wants,
)
from tests.conftest import AREA, new_id

HOSPITAL = "H32118200001"
DAY = date(2015, 3, 9)
YEAR = "2015"
FUND: Fen = 6_500
TOTAL: Fen = 10_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One treatment of one person, to be settled once."""

    person: PersonId
    bill: str
    key: MessageKey
    body: bytes = b'{"resourceType":"Claim","status":"active"}'

    @property
    def treatment(self) -> str:
        return f"{HOSPITAL}|{self.bill}"

    @property
    def wants(self) -> Wants:
        return Wants(messages=(self.key,), persons=(self.person,), treatments=(self.treatment,))


def visit(person: str, bill: str) -> Visit:
    return Visit(PersonId(person), bill, MessageKey(AREA, "http", HOSPITAL, f"message-{bill}"))


def message(key: MessageKey, *, answer: bytes = b"ok", subject: str = "") -> MessageRecord:
    """An answered message with a key."""
    return MessageRecord(
        new_id(), AREA, key.channel, key.sender, key.id, b"hash", MessageState.ANSWERED, "2207", b"request", answer, (),
        datetime(2015, 3, 9, 8, tzinfo=UTC), "clinic", subject,
    )  # fmt: skip


def settle(one: Visit) -> Callable[[Unit], bytes]:
    """Record the visit as settled, or give the answer stored when its message came before."""

    def work(unit: Unit) -> bytes:
        prior = unit.prior(one.key)
        if prior is not None:
            return prior.answer
        claim, response = new_id(), new_id()
        put_claim(unit, one, claim, response)
        unit.add_settlement(settlement(one, claim, response, unit.last_number(one.person, "resident") + 1))
        unit.post(expense(claim))
        used = Counters(TOTAL, FUND, TOTAL - FUND, 0, 1)
        movements = [Movement("basic", YEAR, used)]
        unit.move(claim=claim, person=one.person, scheme="resident", movements=movements)
        answer = f"settled {response}".encode()
        unit.record_message(message(one.key, answer=answer, subject=claim))
        unit.audit(principal="clinic", action="settle", object=f"Claim/{claim}", outcome="ok", message=one.key.id)
        return answer

    return work


def settlement(one: Visit, claim: str, response: str, number: int) -> Settlement:
    """In force, paying FUND of TOTAL."""
    return Settlement(
        response, AREA, claim, one.person, "resident", HOSPITAL, one.treatment, SettlementState.EFFECTIVE, number, DAY,
        YEAR, "policy-hash", FUND, TOTAL, "", b"trace of " + claim.encode(), "inpatient", 3, "",
        0, DAY,
    )  # fmt: skip


def expense(claim: str) -> Entry:
    """The fund owes the hospital FUND."""
    moved = transfer(
        fund="basic", debit=Account.BENEFIT_EXPENSE, credit=Account.PROVIDER_PAYABLE, party=HOSPITAL, amount=FUND
    )
    return Entry(new_id(), AREA, "resident", DAY, claim, moved)


def cancel(response: str) -> Callable[[Unit], str]:
    """Undo a settlement: counter-entry, counter-movements and a ClaimResponse of its own; its id."""

    def work(unit: Unit) -> str:
        found = unit.settlement(response)
        assert found is not None
        undo = new_id()
        person = PersonId(found.person)
        unit.put(type="ClaimResponse", id=undo, body=b"{}", owner=HOSPITAL, person=person)
        unit.cancel_settlement(response, by=undo, on=DAY)
        for entry in unit.entries_of(found.claim):
            unit.post(reversed_entry(entry, id=new_id(), booked_on=DAY))
        back = [Movement(one.layer, one.period, one.delta.negated()) for one in unit.movements_of(found.claim)]
        unit.move(claim=found.claim, person=person, scheme=found.scheme, movements=back, reverses=found.claim)
        return undo

    return work


def put_claim(unit: Unit, one: Visit, claim: str, response: str) -> None:
    """The claim and its response, with the index rows the gateway gives them."""
    system = "https://gateway.example/fhir/sid/"
    common = [Token("patient", "", f"Patient/{one.person}"), Token("status", "", "active"), Token("use", "", "claim")]
    of_claim = [
        *common,
        Token("identifier", f"{system}bill", one.bill),
        Token("identifier", f"{system}visit", one.bill),
        Token("provider", "", f"Organization/{HOSPITAL}"),
    ]
    of_response = [
        *common,
        Token("identifier", f"{system}settlement", response),
        Token("request", "", f"Claim/{claim}"),
        Token("requestor", "", f"Organization/{HOSPITAL}"),
    ]
    for type, id, tokens in (("Claim", claim, of_claim), ("ClaimResponse", response, of_response)):
        dates = [DateRange("created", DAY, DAY)]
        unit.put(type=type, id=id, body=one.body, tokens=tokens, dates=dates, owner=HOSPITAL, person=one.person)
