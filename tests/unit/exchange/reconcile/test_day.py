"""The three-way match of a day, its worklist and its sign-off."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.store.values import PeriodState
from tests.unit.exchange.reconcile.counter import EXPENDITURE, OFFICER, SECOND, Counter
from tests.unit.exchange.town import CITY, THE_BANK


def test_a_quiet_day_matches(counter: Counter) -> None:
    answer = counter.match()

    assert not answer.codes
    assert answer.body["Day"]["found"] == {}
    assert answer.body["Day"]["state"] == "matched"


def test_each_class_of_an_institution_is_a_finding(counter: Counter) -> None:
    missing, other, undone, refunded = (counter.settle(serial=n, visit=f"V{n}") for n in (1, 2, 3, 4))
    counter.cancel("V3")
    counter.details(
        counter.line(other, fund="1.00"),
        counter.line(undone),
        counter.line(refunded),
        counter.line(refunded, refund="1"),
        counter.line(missing, settlement="HIS-1"),
    )

    counter.match()

    found = {each["class"]: each for each in counter.findings()}
    assert sorted(found) == ["amount-differs", "only-core", "only-institution", "reversed-here", "reversed-there"]
    assert found["only-core"]["reference"] == missing.id
    assert found["only-institution"]["reference"] == "HIS-1"
    assert found["reversed-here"]["reference"] == undone.id
    assert found["reversed-there"]["reference"] == refunded.id
    assert found["amount-differs"]["ours"]["fund"] - found["amount-differs"]["theirs"]["fund"] == 29900
    assert found["amount-differs"]["institution"] == CITY.institution


def test_totals_without_details_are_one_finding(counter: Counter) -> None:
    counter.settle()
    counter.totals(cases=1, total="1000.00", fund="299.00")

    counter.match()

    [found] = counter.findings()
    assert (found["class"], found["fen"]) == ("amount-differs", 100)
    assert found["ours"]["fund"] == 30000


def test_details_tell_line_by_line_what_totals_of_the_same_care_lack(counter: Counter) -> None:
    kept, missing = (counter.settle(serial=n, visit=f"V{n}") for n in (1, 2))
    counter.totals(cases=1, total="1000.00", fund="300.00")
    counter.details(counter.line(kept))

    counter.match()

    [found] = counter.findings()
    assert (found["class"], found["reference"]) == ("only-core", missing.id)


def test_an_institution_that_says_nothing_is_named_and_is_no_difference(counter: Counter) -> None:
    counter.settle()

    assert counter.match().body["Day"]["silent"] == [CITY.institution]
    assert counter.findings() == []


def test_matched_again_nothing_changes(counter: Counter) -> None:
    counter.settle()
    counter.totals(cases=2, total="1000.00", fund="300.00")

    once = counter.match()
    findings = counter.findings()

    assert counter.match().body == once.body
    assert counter.findings() == findings
    assert len(findings[0]["steps"]) == 0


def test_what_was_put_right_leaves_the_worklist_by_itself(counter: Counter) -> None:
    first = counter.settle()
    counter.details(counter.line(first, fund="1.00"))
    counter.match()
    assert counter.classes() == ["amount-differs"]

    counter.details(counter.line(first))
    counter.match()

    assert counter.classes() == []
    [closed] = counter.findings(state="resolved")
    assert closed["steps"][-1]["action"] == "gone"


def test_a_resolved_difference_whose_figures_change_is_open_again(counter: Counter) -> None:
    first = counter.settle()
    counter.details(counter.line(first, fund="1.00"))
    counter.match()
    [found] = counter.findings()
    counter.resolve(found["id"], "accept-core")

    counter.match()
    assert counter.classes() == []
    counter.details(counter.line(first, fund="2.00"))
    counter.match()

    assert counter.classes() == ["amount-differs"]


# the bank


def test_contributions_told_and_stated_match(counter: Counter) -> None:
    counter.credit("R1", "200.00")
    assert not counter.statement(("R1", "200.00")).problems[1:]

    day = counter.match().body["Day"]

    assert day["found"] == {}
    assert day["compared"]["bank"] == 1


def test_an_account_without_a_statement_is_named(counter: Counter) -> None:
    counter.credit("R1", "200.00")

    assert len(counter.match().body["Day"]["unstated"]) == 1


def test_bank_only_ledger_only_and_amounts_that_differ(counter: Counter) -> None:
    counter.credit("R1", "200.00")
    counter.credit("R2", "100.00", serial=8)
    counter.keep_statement(("R1", "150.00"), ("R3", "70.00"))

    counter.match()

    found = {each["class"]: each for each in counter.findings()}
    assert sorted(found) == ["bank-amount-differs", "bank-only", "ledger-only"]
    assert (found["bank-amount-differs"]["ours"], found["bank-amount-differs"]["theirs"]) == (
        {"fen": 20000},
        {"fen": 15000},
    )
    assert (found["bank-only"]["reference"], found["bank-only"]["fen"]) == ("R3", 7000)
    assert found["ledger-only"]["ours"] == {"fen": 10000}


def test_a_debit_that_names_no_payment_is_bank_only(counter: Counter) -> None:
    counter.keep_statement(("FEE", "-10.00"), account=EXPENDITURE)

    counter.match()

    [found] = [each for each in counter.findings() if each["class"] == "bank-only"]
    assert found["theirs"] == {"fen": -1000}


def test_money_told_a_day_later_is_missed_on_neither_day(counter: Counter) -> None:
    yesterday = counter.town.today
    counter.town.now += timedelta(days=1)
    counter.credit("R1", "200.00", booked_on=yesterday)
    counter.keep_statement(("R1", "200.00"), day=yesterday)
    counter.keep_statement(id="S2")

    assert counter.match(day=yesterday.isoformat()).body["Day"]["found"] == {}
    assert counter.match().body["Day"]["found"] == {}


def test_a_statement_takes_the_place_of_another_until_the_day_is_signed(counter: Counter) -> None:
    counter.keep_statement(id="S1")
    counter.keep_statement(("R1", "5.00"), id="S2")
    counter.match()
    assert counter.classes() == ["bank-only"]
    counter.keep_statement(id="S3")
    counter.match()
    assert counter.classes() == []

    assert not counter.sign_off().codes
    reply = counter.statement(("R9", "5.00"), id="S4")

    assert [problem.code for problem in reply.problems] == ["day-signed"]


def test_a_bank_credit_is_booked_once_whatever_comes_later(counter: Counter) -> None:
    counter.keep_statement(("R1", "70.00"))
    counter.match()
    [found] = counter.findings()

    answer = counter.resolve(found["id"], "post-bank-credit", "银行漏报")
    again = counter.resolve(found["id"], "post-bank-credit", "银行漏报")

    assert (answer.codes, again.body) == ([], answer.body)
    assert counter.town.store.trial_balance()["resident", "basic", "unapplied-receipts"] == -7000
    late = counter.credit("R1", "70.00")
    assert [problem.code for problem in late.problems] == ["key-reused"]
    assert counter.town.store.trial_balance()["resident", "basic", "unapplied-receipts"] == -7000
    counter.match()
    assert counter.classes() == []
    counter.town.sound()


# resolutions


@pytest.fixture
def finding(counter: Counter) -> dict[str, Any]:
    first = counter.settle()
    counter.details(counter.line(first, fund="1.00"))
    counter.match()
    [found] = counter.findings()
    return dict(found)


def test_each_act_says_who_when_and_why(counter: Counter, finding: dict[str, Any]) -> None:
    counter.resolve(finding["id"], "ask-institution", "请按结算单更正")
    counter.resolve(finding["id"], "corrected", "已更正", reference="R-1")

    [found] = counter.findings(state="resolved")
    assert [(step["action"], step["by"], step["why"]) for step in found["steps"]] == [
        ("ask-institution", "officer", "请按结算单更正"),
        ("corrected", "officer", "已更正 [R-1]"),
    ]


def test_a_write_off_needs_two_people(counter: Counter, finding: dict[str, Any]) -> None:
    assert not counter.resolve(finding["id"], "write-off", "一分之差").codes

    assert counter.resolve(finding["id"], "approve-write-off", by=OFFICER).codes == ["same-person"]
    assert counter.sign_off().codes == ["findings-open"]
    assert not counter.resolve(finding["id"], "approve-write-off", by=SECOND).codes
    assert not counter.sign_off().codes


@pytest.mark.parametrize(
    ("action", "why", "codes"),
    [
        ("forget", "查明", ["unknown-action"]),
        ("accept-core", " ", ["why-missing"]),
        ("corrected", "查明", ["reference-missing"]),
        ("post-bank-credit", "查明", ["action-not-for-finding"]),
        ("reopen", "查明", ["action-not-for-finding"]),
    ],
)
def test_an_act_that_cannot_be_is_refused(
    counter: Counter, finding: dict[str, Any], action: str, why: str, codes: list[str]
) -> None:
    assert counter.resolve(finding["id"], action, why).codes == codes
    assert counter.findings(state="open") == [finding]


def test_nobody_but_the_agency_resolves(counter: Counter, finding: dict[str, Any]) -> None:
    assert counter.resolve(finding["id"], "accept-core", by=CITY).codes == ["forbidden"]
    assert counter.match(by=THE_BANK).codes == ["forbidden"]
    assert counter.resolve("nothing", "accept-core").codes == ["no-such-finding"]


# sign-off


def test_a_day_is_not_signed_off_while_findings_are_open(counter: Counter, finding: dict[str, Any]) -> None:
    assert counter.sign_off().codes == ["findings-open"]

    counter.resolve(finding["id"], "carry-over", "次日处理")
    answer = counter.sign_off()

    assert answer.body["Day"]["state"] == "signed-off"
    assert [act["what"] for act in answer.body["Day"]["acts"]] == ["frozen", "signed-off"]
    assert counter.sign_off().body["Day"] == answer.body["Day"]
    [period] = counter.town.store.closed_periods("resident")
    assert (period.period, period.state) == (counter.day, PeriodState.CLOSED)


def test_nothing_is_booked_on_a_signed_day(counter: Counter) -> None:
    counter.match()
    counter.sign_off()
    signed = counter.town.today

    settled = counter.settle()

    settlement = counter.town.store.settlement(settled.id)
    assert settlement is not None
    assert settlement.booked_on == signed + timedelta(days=1)
    lines = counter.town.store.postings(scheme="resident", from_on=signed, to_on=signed, limit=10)
    assert lines == []
    assert counter.match().codes == ["day-signed"]


def test_a_difference_that_comes_up_at_the_last_moment_keeps_the_day_frozen(counter: Counter) -> None:
    first = counter.settle()
    counter.details(counter.line(first))
    counter.match()
    counter.details(counter.line(first, fund="1.00"))

    assert counter.sign_off().codes == ["findings-open"]
    assert [each.state for each in counter.town.store.closed_periods("resident")] == [PeriodState.CLOSING]
    [found] = counter.findings(state="open")
    counter.resolve(found["id"], "accept-core")

    assert counter.sign_off().body["Day"]["state"] == "signed-off"


def test_days_are_signed_off_in_their_order(counter: Counter) -> None:
    counter.match()
    first = counter.day
    counter.town.now += timedelta(days=1)
    counter.match()

    assert counter.sign_off().codes == ["earlier-day-open"]
    assert not counter.sign_off(day=first).codes
    assert not counter.sign_off().codes


def test_a_day_is_matched_before_it_is_signed_off_and_not_before_it_comes(counter: Counter) -> None:
    assert counter.sign_off().codes == ["day-not-matched"]
    assert counter.match(day=(counter.town.today + timedelta(days=1)).isoformat()).codes == ["day-to-come"]
    assert counter.match(day="2015-02-30").codes == ["bad-day"]
