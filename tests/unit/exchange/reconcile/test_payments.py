"""A payment from its instruction to the signed day, by the files that the bank really sends."""

from dataclasses import dataclass

import pytest

from adapters.bank.sender import SENDER as BANK
from adapters.bank.sender_answers import Booking, Instruction
from gateway.exchange.clearing.bodies import Payment
from gateway.exchange.clearing.folders import Held
from gateway.exchange.pipeline import Reply
from gateway.kernel import money
from gateway.store.store import Store
from tests.unit.exchange.clearing.office import APRIL, Office
from tests.unit.exchange.reconcile.counter import EXPENDITURE, Counter, open_counter


@dataclass(eq=False)
class Paying:
    """March settled, cleared and instructed in April."""

    office: Office
    counter: Counter
    payment: Held[Payment]
    instruction: Instruction

    def status(self, *, rejected: bool = False, status: str = "ACCP") -> Reply:
        reasons = {self.payment.id: ("AC01", "账号不存在")} if rejected else {}
        now = self.office.town.now
        file = BANK.status_file(self.instruction, rejected=reasons, message_id="S1", created_at=now, status=status)
        return self.counter.bank(file)

    def told(self, *bookings: Booking) -> Reply:
        town = self.office.town
        return self.counter.bank(
            BANK.notification_file(
                bookings, account=EXPENDITURE, message_id="N1", created_at=town.now, booked_on=town.today
            )
        )

    @property
    def debit(self) -> Booking:
        return BANK.bookings_of(self.instruction, prefix="D")[0]

    @property
    def back(self) -> Booking:
        return Booking("X1", self.instruction.payments[0].amount, self.payment.id, returned="AC04")

    def state(self) -> str:
        return self.office.clearing(self.office.payment(self.payment.id).body.clearing).state


@pytest.fixture
def paying(store: Store) -> Paying:
    counter = open_counter(store)
    office = Office(counter.town)
    office.settle("5000.00")
    counter.town.now = APRIL
    office.fill("10000.00")
    payment = office.instructed(office.approved(office.calculate()))
    [file] = office.files()
    return Paying(office, counter, payment, BANK.read_instruction(office.file(file.key).body.content))


def test_the_instruction_is_what_was_approved(paying: Paying) -> None:
    [payment] = paying.instruction.payments

    assert payment.id == paying.payment.id
    assert money.of(payment.amount) == paying.payment.dossier.fen
    assert paying.instruction.account == EXPENDITURE


def test_accepted_booked_stated_and_signed_off(paying: Paying) -> None:
    assert not paying.status().problems
    assert not paying.told(paying.debit).problems
    assert paying.state() == "paid"
    paying.counter.keep_statement(paying.debit, account=EXPENDITURE)

    day = paying.counter.match().body["Day"]

    assert "bank-amount-differs" not in day["found"]
    assert day["compared"]["bank"] == 1
    assert not [each for each in paying.counter.findings() if each["names"].get("cause") == paying.payment.id]


def test_told_twice_and_stated_again_it_is_paid_once(paying: Paying) -> None:
    first = paying.told(paying.debit)
    before = paying.office.balance("expenditure-account")

    assert paying.told(paying.debit).body.count(b"payment-") == first.body.count(b"payment-")
    paying.status()
    paying.status()

    assert paying.office.balance("expenditure-account") == before
    paying.office.town.sound()


def test_a_rejection_opens_the_clearing_again(paying: Paying) -> None:
    assert not paying.status(rejected=True).problems

    assert paying.office.payment(paying.payment.id).state == "rejected"
    assert paying.state() == "approved"


def test_left_and_came_back_on_one_day_matches(paying: Paying) -> None:
    paying.told(paying.debit)
    paying.told(paying.back)
    paying.counter.keep_statement(paying.debit, paying.back, account=EXPENDITURE)

    paying.counter.match()

    assert not [each for each in paying.counter.findings() if each["names"].get("cause") == paying.payment.id]


def test_a_debit_of_another_amount_is_a_finding_of_the_payment_and_of_the_day(paying: Paying) -> None:
    wrong = paying.debit._replace(amount="-1.00")
    paying.told(wrong)
    paying.counter.keep_statement(wrong, account=EXPENDITURE)

    paying.counter.match()

    assert paying.state() == "instructed"
    assert "bank-only" in paying.counter.classes()
    assert len(paying.counter.findings()) >= 2
