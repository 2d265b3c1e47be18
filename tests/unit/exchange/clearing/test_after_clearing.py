"""What becomes of a month after it was cleared: cancellations, negative months, merged institutions."""

from dataclasses import replace
from datetime import date

from gateway.exchange.clearing.bodies import State
from gateway.payment.payment import Change
from gateway.policies.load import PolicyBook
from tests.unit.exchange.clearing.office import APRIL, CHIEF, DEPUTY, Office, deduction
from tests.unit.exchange.town import book, cancellation


def test_settlement_cancelled_after_its_month_was_cleared_lessens_the_open_month(office: Office) -> None:
    settlement = office.settle("9000.00").id
    office.settle("5500.00", serial=2, visit="V2")  # (5500.00 - 500.00) * 60 % = 3000.00
    office.town.now = APRIL
    office.fill("20000.00")
    payment = office.instructed(office.approved(office.calculate()))
    office.booked(payment)
    assert not office.town.operate("cancel", cancellation(settlement=settlement)).codes
    office.settle("10500.00", serial=3, visit="V3", day="2015-04-01")  # (10500.00 - 500.00) * 60 % = 6000.00

    april = office.calculate("2015-04")

    # 6000.00 - 5100.00 = 900.00
    assert (april.dossier.fen, office.clearing_of("2015-03").state) == (90000, State.PAID)
    assert [(each.kind, each.cases, each.fund) for each in april.body.care] == [("inpatient", 0, 90000)]
    office.town.sound()


def test_what_was_deducted_from_a_settlement_is_restored_when_that_is_cancelled(office: Office) -> None:
    settlement = office.settle("9000.00").id  # 5100.00
    office.town.now = APRIL
    office.fill("20000.00")
    march = office.approved(office.calculate(), deduction("100.00", settlement=settlement))
    office.booked(office.instructed(march))
    office.town.operate("cancel", cancellation(settlement=settlement))
    office.settle("10500.00", serial=3, visit="V3", day="2015-04-01")  # 6000.00

    april = office.calculate("2015-04")

    # 5000.00 were paid; 6000.00 - 5100.00 + 100.00 = 1000.00: together what the stay in force costs
    assert (march.dossier.fen, april.dossier.fen) == (500000, 100000)
    assert [share.restored for share in april.body.shares] == [10000]
    assert office.balance("review-deduction") == 0
    assert office.standing()["deducted"] == {}
    office.town.sound()


def test_an_institution_closed_without_successor_keeps_its_account(office: Office) -> None:
    found = book().policies["321182-resident"]
    assert found.payment is not None
    closed = Change("H32118200103", date(2015, 1, 31), "", found.payment.changes["H32118200104"].rule)
    payment = replace(found.payment, changes={**found.payment.changes, closed.institution: closed})
    policies = PolicyBook({"321182-resident": replace(found, payment=payment)})
    there = replace(office, town=replace(office.town, exchange=replace(office.town.exchange, book=policies)))
    office.town.now = APRIL
    office.fill("100.00")
    held = office.calculate("2015-01", closed.institution, payables={"basic": 5000})
    office.review(held.id, unapplied="机构已关闭")
    office.approve(held.id, by=CHIEF)
    office.approve(held.id, by=DEPUTY)

    paid = there.instructed(held)

    assert (paid.body.payee, paid.body.account) == (closed.institution, "3211820200000103")


def test_a_negative_month_pays_nothing_and_is_carried(office: Office) -> None:
    settlement = office.settle("9000.00").id
    office.town.now = APRIL
    office.fill("20000.00")
    office.booked(office.instructed(office.approved(office.calculate())))
    office.town.operate("cancel", cancellation(settlement=settlement))

    april = office.approved(office.calculate("2015-04"))

    assert (april.state, april.dossier.fen) == (State.PAID, 0)
    assert office.standing()["carried"] == {"basic": -510000}
    assert office.instruct("2").codes == ["nothing-to-pay"]
    may = office.calculate("2015-05", payables={"basic": 600000})
    assert [(share.carried, share.base) for share in may.body.shares] == [(-510000, 90000)]
    assert office.standing()["carried"] == {}
    office.town.sound()


def test_one_fund_does_not_pay_what_another_is_owed(office: Office) -> None:
    office.town.now = APRIL
    held = office.calculate(payables={"basic": 1000, "aid": -400})

    assert held.dossier.fen == 1000
    assert office.standing()["carried"] == {"aid": -400}


def test_institution_merged_is_paid_at_its_successor(office: Office) -> None:
    code = "H32118200104"
    office.town.now = APRIL
    office.fill("100.00")
    held = office.calculate("2015-02", code, payables={"basic": 5000})
    office.review(held.id, unapplied="机构已撤并")
    office.approve(held.id, by=CHIEF)
    office.approve(held.id, by=DEPUTY)

    payment = office.instructed(held)

    assert (payment.body.institution, payment.body.payee) == (code, "H32118200102")
    assert payment.body.account == "3211820200000102"
    assert "H32118200102" in office.clearing(held.id).body.notes[0]
