"""Payment: one file for the approved clearings, once; what the bank answers, in any order and any number of times."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from xml.etree.ElementTree import fromstring

import pytest

from gateway.exchange.clearing.bodies import Payment, State
from gateway.exchange.clearing.folders import Held
from gateway.policies.load import PolicyBook
from gateway.store.store import Store
from tests.conftest import open_test_store
from tests.unit.exchange.clearing.office import APRIL, CHIEF, DEPUTY, EXPENDITURE, Office
from tests.unit.exchange.town import CITY_CODE, Answer, book, open_town


def approved(office: Office, *, filled: str = "10000.00") -> str:
    """An approved clearing of 5,100.00 with money to pay it."""
    office.settle("9000.00")
    office.town.now = APRIL
    if filled:
        office.fill(filled)
    return office.approved(office.calculate()).id


def paid_twice(office: Office) -> tuple[str, Held[Payment]]:
    """A clearing whose first payment was returned and whose second is on its way."""
    id = approved(office)
    first = office.instructed(office.clearing(id))
    office.booked(first)
    office.returned(first)
    return id, office.instructed(office.clearing(id), "2")


def test_a_payment_file_pays_each_approved_clearing_once(office: Office) -> None:
    id = approved(office)

    answer = office.instruct()

    assert answer.codes == []
    assert answer.body["id"] == "321182-resident-20150402-1"
    payment = office.payment(office.clearing(id).body.payments[0])
    root = fromstring(office.file(answer.body["id"]).body.content)
    texts = {each.tag.partition("}")[2]: each.text for each in root.iter()}
    assert (texts["EndToEndId"], texts["InstdAmt"], texts["CtrlSum"]) == (payment.id, "5100.00", "5100.00")
    assert (payment.body.account, payment.body.debtor) == ("3211820200000001", EXPENDITURE)
    assert (office.balance("provider-payable"), office.balance("payment-in-transit")) == (0, -510000)
    assert office.clearing(id).state == State.INSTRUCTED
    assert office.instruct("2").codes == ["nothing-to-pay"]


def test_the_bank_books_it_and_it_is_paid(office: Office) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))

    office.status("ACSP", file=payment.body.file)
    answer = office.booked(payment)

    assert answer.body["values"]["outcome"] == "booked"
    assert (office.clearing(id).state, office.payment(payment.id).state) == (State.PAID, "booked")
    assert (office.balance("payment-in-transit"), office.balance("expenditure-account")) == (0, 490000)
    assert office.findings() == []
    office.town.sound()


def test_payment_file_produced_twice_concurrently_is_one_file(office: Office) -> None:
    approved(office)
    start = Barrier(8)

    def instruct(_: int) -> Answer:
        start.wait()
        return office.instruct()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(instruct, range(8)))

    assert [each.codes for each in answers] == [[]] * 8
    assert len({each.reply.body for each in answers}) == 1
    assert len(office.files()) == 1
    assert office.balance("payment-in-transit") == -510000
    office.town.sound()


def test_payment_file_produced_twice_by_two_processes_is_one_file(store_url: str) -> None:
    stores = [open_test_store(store_url, ready=True)]
    if store_url.startswith("postgres"):
        stores.append(open_test_store(store_url, ready=True))
    offices = [Office(open_town(each)) for each in stores]
    first = offices[0]
    id = approved(first)
    for each in offices:
        each.town.now = APRIL
    start = Barrier(2 * len(offices))

    def instruct(number: int) -> Answer:
        start.wait()
        return offices[number % len(offices)].instruct()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(instruct, range(2 * len(offices))))

    assert [each.codes for each in answers] == [[]] * len(answers)
    assert len({each.reply.body for each in answers}) == 1
    assert (len(first.files()), len(first.clearing(id).body.payments)) == (1, 1)
    first.town.sound()
    for opened in stores:
        opened.close()


def test_never_more_than_the_expenditure_account_holds(office: Office) -> None:
    id = approved(office, filled="5099.99")

    answer = office.instruct()

    assert answer.codes == ["station-short"]
    assert "0.01" in answer.reply.problems[0].en
    assert office.clearing(id).state == State.APPROVED
    assert office.files() == []
    office.fill("0.01")
    assert office.instruct().codes == []


def test_what_is_in_transit_is_spent_already(office: Office) -> None:
    office.settle("9000.00")
    office.town.now = APRIL
    office.fill("5100.00")
    office.instructed(office.approved(office.calculate()))
    later = office.calculate("2015-02", payables={"basic": 1})
    office.review(later.id, unapplied="补录")
    office.approve(later.id, by=CHIEF)
    office.approve(later.id, by=DEPUTY)

    assert office.instruct("2").codes == ["station-short"]


def test_a_payee_without_account_stays_out_with_a_finding(office: Office) -> None:
    id = approved(office)
    found = book().policies["321182-resident"]
    assert found.payment is not None
    payees = {code: each for code, each in found.payment.payees.items() if code != CITY_CODE}
    policies = PolicyBook({"321182-resident": replace(found, payment=replace(found.payment, payees=payees))})
    exchange = replace(office.town.exchange, book=policies)
    unpaid = replace(office, town=replace(office.town, exchange=exchange))

    alone = unpaid.instruct()
    other = office.calculate("2015-02", "H32118200101", payables={"basic": 5000})
    office.review(other.id, unapplied="补录")
    office.approve(other.id, by=CHIEF)
    office.approve(other.id, by=DEPUTY)
    beside = unpaid.instruct()

    assert (alone.codes, alone.body["id"], alone.body["leftOut"]) == ([], "", [id])
    assert (beside.body["leftOut"], len(beside.body["payments"])) == ([id], 1)
    assert [(each.what, each.reference) for each in office.findings()] == [("payee-missing", id)]
    assert office.clearing(id).state == State.APPROVED
    assert office.instruct("2").codes == []


def test_partial_rejects_pay_the_rest_and_open_the_rejected_again(office: Office) -> None:
    id = approved(office)
    other = office.calculate("2015-02", payables={"basic": 5000})
    office.review(other.id, unapplied="补录")
    office.approve(other.id, by=CHIEF)
    office.approve(other.id, by=DEPUTY)
    file = office.instruct().body["id"]
    bad = office.payment(office.clearing(id).body.payments[0])
    good = office.payment(office.clearing(other.id).body.payments[0])

    office.status("PART", file=file)
    told = office.status("RJCT", end_to_end_id=bad.id, reason="AC01", reason_text="账号有误")
    office.town.operate(
        "payment-status",
        {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "file", "valueString": file},
                {"name": "status", "valueCode": "ACSP"},
                {"name": "except", "valueString": bad.id},
            ],
        },
    )
    office.booked(good)

    assert told.body["values"]["outcome"] == "rejected"
    assert (office.payment(bad.id).state, office.payment(good.id).state) == ("rejected", "booked")
    assert (office.clearing(id).state, office.clearing(other.id).state) == (State.APPROVED, State.PAID)
    assert office.balance("payment-in-transit") == 0
    again = office.instructed(office.clearing(id), "2")
    assert (again.id != bad.id, again.dossier.fen) == (True, bad.dossier.fen)
    office.town.sound()


def test_a_file_rejected_as_a_whole_opens_all_its_clearings(office: Office) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))

    office.status("RJCT", file=payment.body.file, reason="FF01")

    assert (office.payment(payment.id).state, office.clearing(id).state) == ("rejected", State.APPROVED)
    assert office.balance("provider-payable") == -510000


def test_a_returned_payment_opens_its_clearing_once(office: Office) -> None:
    id, second = paid_twice(office)
    assert office.clearing(id).body.payments[-1] == second.id

    office.booked(second, reference="BANK3")
    office.returned(second, reference="BANK4")

    assert office.clearing(id).state == State.RETURNED
    assert office.instruct("3").codes == ["nothing-to-pay"]
    assert (office.balance("provider-payable"), office.balance("expenditure-account")) == (-510000, 1000000)
    assert office.reopen(id, why="").codes == ["clearing-reason"]
    assert office.reopen(id, why="机构已更正开户行").codes == []
    third = office.instructed(office.clearing(id), "3")
    office.booked(third, reference="BANK5")
    assert office.clearing(id).state == State.PAID
    office.town.sound()


def test_bank_answers_twice_are_one(office: Office) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))

    first, again = office.booked(payment), office.booked(payment)
    office.status("ACSP", end_to_end_id=payment.id)
    office.status("ACSC", end_to_end_id=payment.id)
    back, more = office.returned(payment), office.returned(payment)

    assert first.body["values"] == again.body["values"]
    assert back.body["values"] == more.body["values"]
    assert (office.clearing(id).state, len(office.clearing(id).body.payments)) == (State.APPROVED, 1)
    assert office.balance("expenditure-account") == 1000000
    assert office.findings() == []


def test_bank_answers_twice_concurrently_are_one(office: Office) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))
    start = Barrier(8)

    def tell(_: int) -> Answer:
        start.wait()
        return office.booked(payment)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tell, range(8)))

    assert [each.codes for each in answers] == [[]] * 8
    assert {each.body["values"]["outcome"] for each in answers} == {"booked"}
    assert (office.clearing(id).state, office.balance("expenditure-account")) == (State.PAID, 490000)
    office.town.sound()


def test_booked_before_its_status_is_booked(office: Office) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))

    office.booked(payment)
    late = office.status("ACCP", end_to_end_id=payment.id)

    assert (late.body["values"]["outcome"], office.clearing(id).state) == ("booked", State.PAID)


def test_returned_before_it_was_told_as_booked_ends_the_same(office: Office) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))

    office.returned(payment)
    assert office.clearing(id).state == State.APPROVED
    second = office.instructed(office.clearing(id), "2")
    office.booked(payment)
    office.booked(second, reference="BANK3")

    assert (office.clearing(id).state, office.payment(payment.id).state) == (State.PAID, "returned")
    assert (office.balance("payment-in-transit"), office.balance("expenditure-account")) == (0, 490000)
    assert office.findings() == []
    office.town.sound()


def test_an_answer_for_an_unknown_payment_is_kept_as_a_finding(office: Office) -> None:
    office.town.now = APRIL
    said = {"end_to_end_id": "321182" + "0" * 24, "reference": "R9", "amount": "7.00", "booked_on": "2015-04-01"}

    for operation in ("payment-booked", "payment-returned"):
        told = office._bank(operation, CHIEF, **said)
        assert (told.codes, told.body["values"]["outcome"]) == ([], "finding")
        assert told.body["values"]["finding"] == "payment-unknown"
    assert office.status("RJCT", file="321182-resident-20150402-9").body["values"]["finding"] == "payment-unknown"

    assert sorted((each.day, each.reference) for each in office.findings()) == [
        ("2015-04-01", "R9"),
        ("2015-04-02", "321182-resident-20150402-9"),
    ]


def test_another_amount_is_a_finding_and_not_paid(office: Office) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))

    told = office.booked(payment, "5099.99")

    assert told.body["values"]["finding"] == "payment-amount-differs"
    assert (office.clearing(id).state, office.balance("payment-in-transit")) == (State.INSTRUCTED, -510000)
    [finding] = office.findings()
    assert (finding.ours, finding.theirs) == ({"amount": 510000}, {"amount": 509999})


@pytest.mark.parametrize(
    ("acts", "code", "state"),
    [
        (("booked", "booked again"), "payment-booked-twice", State.PAID),
        (("booked", "returned", "returned again"), "payment-returned-twice", State.APPROVED),
        (("booked", "rejected"), "payment-rejected-after-booking", State.PAID),
        (("rejected", "booked"), "payment-booked-after-rejection", State.RETURNED),
    ],
)
def test_what_contradicts_is_a_finding_and_never_pays_twice(
    office: Office, acts: tuple[str, ...], code: str, state: State
) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))
    tells = {
        "booked": lambda: office.booked(payment),
        "booked again": lambda: office.booked(payment, reference="OTHER"),
        "returned": lambda: office.returned(payment),
        "returned again": lambda: office.returned(payment, reference="OTHER"),
        "rejected": lambda: office.status("RJCT", end_to_end_id=payment.id),
    }

    told = [tells[each]().body["values"] for each in acts]

    assert (told[-1]["outcome"], told[-1]["finding"]) == ("finding", code)
    assert [each.what for each in office.findings()] == [code]
    assert office.clearing(id).state == state
    office.town.sound()


def test_another_account_is_a_finding(office: Office) -> None:
    id = approved(office)
    payment = office.instructed(office.clearing(id))

    told = office._bank(
        "payment-booked", CHIEF, end_to_end_id=payment.id, reference="R", amount="5100.00", account="10001"
    )

    assert told.body["values"]["finding"] == "payment-other-account"
    assert office.clearing(id).state == State.INSTRUCTED


def test_only_whole_batches_of_known_schemes(office: Office) -> None:
    assert office.instruct("0").codes == ["bad-batch"]
    assert office.instruct("x").codes == ["bad-batch"]
    assert office.instruct(scheme="worker").codes == ["clearing-scheme"]
    assert office.instruct().codes == ["nothing-to-pay"]


def test_every_posting_of_a_payment_is_found_by_its_id(office: Office, store: Store) -> None:
    payment = office.instructed(office.clearing(approved(office)))
    office.booked(payment)
    office.returned(payment)

    entries = store.entries_of(payment.id)

    assert [sorted((p.account, p.fen) for p in entry.postings) for entry in entries] == [
        [("payment-in-transit", -510000), ("provider-payable", 510000)],
        [("expenditure-account", -510000), ("payment-in-transit", 510000)],
        [("expenditure-account", 510000), ("provider-payable", -510000)],
    ]
    assert {p.party for entry in entries for p in entry.postings} == {CITY_CODE}
