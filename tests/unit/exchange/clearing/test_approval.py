"""Review and approval: deductions with reasons, amounts that two different people approve by digest."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from gateway.exchange import clearances
from gateway.exchange.clearing.approval import digest_of
from gateway.exchange.clearing.bodies import State
from gateway.exchange.clearing.opening import Due
from gateway.fhir.json import encode
from tests.unit.exchange.clearing.office import APRIL, CHIEF, DEPUTY, REVIEWER, Office, deduction
from tests.unit.exchange.town import CITY, cancellation


def applied(office: Office) -> str:
    """A clearing of 5,100.00 that was applied for."""
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()
    assert not office.apply(office.figures(held)).codes
    return held.id


def test_deductions_are_posted_with_the_second_approval(office: Office) -> None:
    id = applied(office)
    office.review(id, deduction("100.00"), deduction("0.01", reason="duplicate"))
    assert office.balance("review-deduction") == 0

    office.approve(id, by=CHIEF)
    assert office.balance("review-deduction") == 0
    answer = office.approve(id, by=DEPUTY)

    assert answer.body["state"] == State.APPROVED
    assert office.clearing(id).dossier.fen == 499999  # 5100.00 - 100.00 - 0.01
    assert (office.balance("review-deduction"), office.balance("provider-payable")) == (-10001, -499999)
    office.town.sound()


def test_what_is_deducted_beyond_the_payable_is_receivable_and_recovered_later(office: Office) -> None:
    id = applied(office)
    office.review(id, deduction("6000.00"))
    office.approve(id, by=CHIEF)
    answer = office.approve(id, by=DEPUTY)

    # 6000.00 - 5100.00 = 900.00 stays receivable; nothing is payable, so nothing is left to do
    assert (answer.body["state"], office.clearing(id).dossier.fen) == (State.PAID, 0)
    assert (office.balance("recovery-receivable"), office.balance("provider-payable")) == (90000, 0)
    assert office.standing()["receivable"] == {"basic": 90000}

    office.settle("1000.00", serial=2, visit="V2", day="2015-04-01")  # (1000.00 - 500.00) * 60 % = 300.00
    april = office.calculate("2015-04")
    assert [(share.recovered, share.base) for share in april.body.shares] == [(30000, 0)]
    assert office.standing()["receivable"] == {"basic": 60000}
    assert office.balance("recovery-receivable") == 60000
    office.town.sound()


def test_a_settlement_bears_no_more_deductions_than_its_funds_paid(office: Office) -> None:
    settlement = office.settle("9000.00").id
    office.town.now = APRIL
    held = office.calculate()
    office.apply(office.figures(held))

    once = [deduction("5100.01", settlement=settlement)]
    twice = [deduction("5000.00", settlement=settlement), deduction("100.01", settlement=settlement)]
    other = [deduction("1.00", settlement="321182" + "0" * 24)]

    assert office.review(held.id, *once).codes == ["deduction-over-settlement"]
    assert office.review(held.id, *twice).codes == ["deduction-over-settlement"]
    assert office.review(held.id, *other).codes == ["deduction-settlement"]
    assert office.review(held.id, deduction("5100.00", settlement=settlement)).codes == []


def test_a_settlement_cancelled_meanwhile_cannot_be_deducted_from(office: Office) -> None:
    settlement = office.settle("9000.00").id
    office.town.now = APRIL
    held = office.calculate()
    office.apply(office.figures(held))
    office.review(held.id, deduction("10.00", settlement=settlement))
    office.approve(held.id, by=CHIEF)
    assert not office.town.operate("cancel", cancellation(settlement=settlement), by=CITY).codes

    assert office.approve(held.id, by=DEPUTY).codes == ["deduction-settlement"]
    assert office.review(held.id).codes == []


def test_everything_wrong_with_deductions_is_told_at_once(office: Office) -> None:
    id = applied(office)
    bad = {"amount": "-1", "reason": "mood", "text": "", "source": 7, "fund": "basic", "extra": 1}

    answer = office.review(id, bad, deduction("1.00"), deduction("0"))

    assert set(answer.codes) == {"bad-deduction"}
    assert [each.path for each in answer.reply.problems] == [
        *(f"deductions[0].{name}" for name in ("extra", "text", "source", "reason", "amount")),
        "deductions[2].amount",
    ]
    assert office.review(id, deduction("1.00", fund="aid")).codes == ["bad-deduction"]
    assert office.clearing(id).state == State.APPLIED


def test_a_month_without_application_is_reviewed_only_with_a_reason(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()

    assert office.review(held.id).codes == ["clearing-not-applied"]
    assert office.review(held.id, unapplied="村卫生室由中心代为申报").codes == []
    assert office.clearing(held.id).state == State.REVIEWED


def test_a_mismatch_is_never_silently_accepted(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate()
    office.apply({**office.figures(held), "fund": "5000.00"})

    assert office.review(held.id).codes == ["clearing-not-applied"]
    assert office.review(held.id, unapplied="以中心数据为准").codes == []


def test_one_person_cannot_approve_twice(office: Office) -> None:
    id = applied(office)
    office.review(id)

    assert office.approve(id, by=CHIEF, step="first").codes == []
    assert office.approve(id, by=CHIEF, step="first").codes == []  # the same act again
    assert office.approve(id, by=CHIEF).codes == ["same-approver"]
    assert office.approve(id, by=CHIEF, step="second").codes == ["same-approver"]
    assert office.clearing(id).state == State.APPROVED_FIRST
    assert len(office.clearing(id).body.approvals) == 1


def test_the_reviewer_may_approve_first_but_not_second(office: Office) -> None:
    id = applied(office)
    office.review(id)
    assert office.approve(id, by=CHIEF).codes == []
    assert office.approve(id, by=REVIEWER).codes == ["reviewer-approves"]

    office.review(id, deduction("1.00"))
    assert office.approve(id, by=REVIEWER).codes == []
    assert office.approve(id, by=CHIEF).codes == []
    assert office.clearing(id).state == State.APPROVED


def test_amounts_changed_after_the_first_approval_make_it_void(office: Office) -> None:
    id = applied(office)
    office.review(id)
    seen = digest_of(office.clearing(id).body)
    office.approve(id, by=CHIEF)
    office.review(id, deduction("1.00"))
    body = encode({"digest": seen})

    stale = office.act(clearances.prepare_approval(office.town.exchange, DEPUTY, id, body))

    assert stale.codes == ["first-approval-void"]
    assert office.clearing(id).state == State.REVIEWED
    wrong = encode({"digest": "0" * 64})
    assert office.act(clearances.prepare_approval(office.town.exchange, DEPUTY, id, wrong)).codes == [
        "clearing-changed"
    ]
    assert office.approve(id, by=DEPUTY, step="second").codes == ["first-approval-void"]
    assert office.approve(id, by=CHIEF).codes == []
    assert office.approve(id, by=DEPUTY).codes == []
    assert office.clearing(id).state == State.APPROVED


def test_nothing_changes_once_it_is_approved(office: Office) -> None:
    id = applied(office)
    office.review(id)
    office.approve(id, by=CHIEF)
    office.approve(id, by=DEPUTY)

    assert office.approve(id, by=DEPUTY).codes == []  # the same act again
    assert office.review(id, deduction("1.00")).codes == ["clearing-state"]
    assert office.approve(id, by=REVIEWER).codes == ["clearing-state"]
    assert office.reopen(id, why="again").codes == ["clearing-state"]


def test_only_the_agency_reviews_approves_and_instructs(office: Office) -> None:
    id = applied(office)

    assert office.review(id, by=CITY).codes == ["forbidden"]
    assert office.approve(id, by=CITY).codes == ["forbidden"]
    assert office.instruct(by=CITY).codes == ["forbidden"]
    assert office.review("321182" + "0" * 24).codes == ["clearing-not-found"]


def test_an_idempotency_key_gets_the_stored_answer(office: Office) -> None:
    id = applied(office)
    office.review(id)

    first = office.approve(id, by=CHIEF, key="K1")
    again = office.approve(id, by=CHIEF, key="K1")
    other = office.approve(id, by=CHIEF, key="K1", step="second")

    assert (again.reply.repeated, again.body) == (True, first.body)
    assert other.codes == ["key-reused"]


def test_two_approvals_by_one_person_at_once_are_one(office: Office) -> None:
    id = applied(office)
    office.review(id)
    start = Barrier(8)

    def approve(_: int) -> list[str]:
        start.wait()
        return office.approve(id, by=CHIEF).codes

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(approve, range(8)))

    assert sorted(codes) == [[]] + [["same-approver"]] * 7
    assert office.clearing(id).state == State.APPROVED_FIRST


def test_the_method_the_advance_and_the_deposit_change_what_is_paid(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate(due=Due(adjustment=-10000, advance=200000, deposit=25000))

    # 5100.00 - 100.00 - 2000.00 - 250.00 = 2750.00
    assert held.dossier.fen == 275000
    assert office.balance("method-adjustment") == -10000
    assert office.balance("advances-to-providers") == -200000
    assert office.balance("quality-deposit") == -25000
    assert office.balance("provider-payable") == -275000


def test_nothing_is_set_off_that_is_not_there(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    held = office.calculate(due=Due(advance=500000, deposit=25000))

    # 5100.00 - 5000.00 advance = 100.00, all of which is kept of the 250.00
    [share] = held.body.shares
    assert (share.advance, share.deposit, share.base) == (500000, 10000, 0)


def test_a_retained_deposit_is_released_with_the_year(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    office.calculate(due=Due(deposit=30000))
    office.settle("1000.00", serial=2, visit="V2", day="2015-04-01")

    held = office.calculate("2015-04", due=Due(deposit=-20000, forfeited=10000))

    # 300.00 of the month and 200.00 of the deposit; 100.00 are kept by the fund
    assert held.dossier.fen == 50000
    assert (office.balance("quality-deposit"), office.balance("penalty-income")) == (0, -10000)
    office.town.sound()
