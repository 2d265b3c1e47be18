"""Everything twice at once, and a reading that fails: one effect, one answer, never a message without one."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from gateway.exchange import reconciliation
from gateway.exchange.desk import Looking
from gateway.store.values import PeriodState
from tests.unit.exchange.reconcile.counter import OFFICER, SECOND, Counter
from tests.unit.exchange.town import Answer


def together(*calls: Callable[[], Answer]) -> Sequence[Answer]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


def test_a_day_signed_off_twice_at_once_is_closed_once(counter: Counter) -> None:
    counter.match()

    answers = together(counter.sign_off, lambda: counter.sign_off(by=SECOND), counter.sign_off)

    assert [answer.body["Day"]["state"] for answer in answers] == ["signed-off"] * 3
    assert len({str(answer.body["Day"]["acts"]) for answer in answers}) == 1
    assert [each.state for each in counter.town.store.closed_periods("resident")] == [PeriodState.CLOSED]


def test_a_day_matched_by_many_at_once_has_each_finding_once(counter: Counter) -> None:
    first = counter.settle()
    counter.details(counter.line(first, fund="1.00"))

    answers = together(*[counter.match] * 6)

    assert [answer.codes for answer in answers] == [[]] * 6
    assert counter.classes() == ["amount-differs"]


def test_a_bank_credit_booked_by_two_officers_at_once_is_booked_once(counter: Counter) -> None:
    counter.keep_statement(("R1", "70.00"))
    counter.match()
    [found] = counter.findings()

    together(
        lambda: counter.resolve(found["id"], "post-bank-credit", by=OFFICER),
        lambda: counter.resolve(found["id"], "post-bank-credit", by=SECOND),
    )

    assert counter.town.store.trial_balance()["resident", "basic", "unapplied-receipts"] == -7000


def test_claims_settled_while_a_day_is_signed_off_are_on_one_side_of_it(counter: Counter) -> None:
    counter.match()
    signed = counter.town.today

    answers = together(
        counter.sign_off,
        *[lambda n=n: counter.settle(serial=n, visit=f"V{n}") for n in range(1, 7)],
    )

    assert answers[0].body["Day"]["state"] == "signed-off"
    [period] = counter.town.store.closed_periods("resident")
    digest = counter.town.store.digest("resident", from_on=signed, to_on=signed)
    assert (period.state, period.digest) == (PeriodState.CLOSED, digest)
    counter.town.sound()


def test_a_reading_that_fails_is_our_fault_and_is_kept(counter: Counter) -> None:
    def broken(_looking: Looking) -> Any:
        raise ZeroDivisionError

    said = {"scheme": "resident", "day": counter.day}
    prepared = reconciliation.prepare(counter.town.exchange, OFFICER, "match-day", said)

    answer = counter.reply(replace(prepared, look=broken))

    assert answer.codes == ["internal-fault"]
    assert counter.town.messages()[-1].problems[0].code == "internal-fault"
