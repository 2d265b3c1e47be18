"""The whole way by files: our pain.001, the bank's pain.002, its debits and one return, each also sent twice."""

from dataclasses import replace

from adapters.bank.sender_answers import Booking, bookings_of, notification_file, read_instruction, status_file
from gateway.contract import Incoming
from gateway.exchange.clearing.bodies import State
from gateway.exchange.pipeline import Reply
from gateway.security.partners import Partner, Partners, Role
from tests.unit.exchange.clearing.office import APRIL, CHIEF, DEPUTY, EXPENDITURE, Office
from tests.unit.exchange.town import CITY

BANK = Partner("paying-bank", Role.BANK, "paying bank", names={"bank": frozenset({EXPENDITURE})})


def test_a_file_comes_back_in_pieces_and_twice(office: Office) -> None:
    exchange = replace(office.town.exchange, partners=Partners((CITY, BANK)))
    office.town.now = APRIL
    office.fill("1000.00")
    ids = []
    for month, institution in (("2015-01", "H32118200001"), ("2015-02", "H32118200002"), ("2015-03", "H32118200003")):
        held = office.calculate(month, institution, payables={"basic": 10000})
        office.review(held.id, unapplied="补录")
        office.approve(held.id, by=CHIEF)
        office.approve(held.id, by=DEPUTY)
        ids.append(held.id)
    content = office.file(office.instruct().body["id"]).body.content
    instruction = read_instruction(content)
    bad, back, good = (office.clearing(id).body.payments[0] for id in ids)

    def send(file: bytes) -> Reply:
        first, again = (exchange.accept_file("bank", Incoming(file), proven=BANK) for _ in range(2))
        assert first.problems == again.problems == ()
        return first

    send(status_file(instruction, rejected={bad: ("AC01", "账号有误")}, message_id="S1", created_at=APRIL))
    debits = bookings_of(instruction, prefix="D", rejected=[bad])
    day = office.town.today
    send(notification_file(debits, account=EXPENDITURE, message_id="N1", created_at=APRIL, booked_on=day))
    returned = [Booking("R1", "100.00", back, returned="AC04")]
    send(notification_file(returned, account=EXPENDITURE, message_id="N2", created_at=APRIL, booked_on=day))

    assert [office.payment(id).state for id in (bad, back, good)] == ["rejected", "returned", "booked"]
    assert [office.clearing(id).state for id in ids] == [State.APPROVED, State.APPROVED, State.PAID]
    # 1000.00 - 200.00 booked + 100.00 returned
    assert (office.balance("expenditure-account"), office.balance("payment-in-transit")) == (90000, 0)
    assert office.balance("provider-payable") == 10000
    assert office.findings() == []
    second = office.instruct("2")
    assert len(second.body["payments"]) == 2
    assert not {bad, back} & set(second.body["payments"])
    office.town.sound()
