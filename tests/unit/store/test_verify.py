"""Whatever is changed behind the gateway's back is found by the recount: one change each."""

import pytest

from gateway.store.store import Store
from gateway.store.tables import APPEND_ONLY
from gateway.store.unit import Unit
from gateway.store.values import DateRange, Token
from tests.unit.store.jobs import DAY, cancel, message, settle, visit
from tests.unit.store.raw import raw, without_triggers

TAMPERINGS = [
    ("accumulator", "UPDATE accumulator SET fund = fund + 1", {"accumulator-differs"}),
    ("accumulator", "DELETE FROM accumulator", {"accumulator-differs"}),
    ("movement", "UPDATE movement SET own_share = own_share + 1 WHERE reverses = ''",
     {"accumulator-differs", "settlement-moved"}),
    ("movement", "DELETE FROM movement WHERE reverses <> ''", {"accumulator-differs", "settlement-moved"}),
    ("posting", "UPDATE posting SET fen = fen + 1 WHERE line = 0 AND reverses <> ''",
     {"entry-unbalanced", "trial-balance", "settlement-booked", "settlement-moved", "reversal-wrong"}),
    ("posting", "UPDATE posting SET fen = fen * 2 WHERE reverses = ''",
     {"settlement-booked", "settlement-moved", "reversal-wrong"}),
    ("posting", "UPDATE posting SET reverses = 'nothing' WHERE reverses <> ''", {"reversal-wrong"}),
    ("posting", "UPDATE posting SET cause = 'nothing'",
     {"settlement-booked", "settlement-moved", "booked-unsettled"}),
    ("settlement", "UPDATE settlement SET fund = fund + 1 WHERE state = 'effective'", {"settlement-booked"}),
    ("settlement", "UPDATE settlement SET state = 'cancelled' WHERE state = 'effective'",
     {"settlement-booked", "settlement-moved", "cancellation-orphan"}),
    ("settlement", "UPDATE settlement SET cancelled_by = '' WHERE state = 'cancelled'", {"cancellation-orphan"}),
    ("settlement", "UPDATE settlement SET trace = resource.body FROM resource", {"seal-unopened"}),
    ("resource", "DELETE FROM resource WHERE type = 'Claim'", {"settlement-orphan", "index-differs"}),
    ("resource", "UPDATE resource SET version = version + 1 WHERE type = 'Patient'", {"history-gap", "seal-unopened"}),
    ("resource", "UPDATE resource SET body = indexed WHERE type = 'Patient'", {"seal-unopened"}),
    ("resource_history", "DELETE FROM resource_history", {"history-gap"}),
    ("resource_history", "UPDATE resource_history SET id = 'nobody'", {"history-gap", "seal-unopened"}),
    ("token_index", "DELETE FROM token_index WHERE type = 'Patient'", {"index-differs"}),
    ("token_index", "UPDATE token_index SET id = 'nobody' WHERE type = 'Patient'", {"index-differs"}),
    ("date_index", "UPDATE date_index SET high = high + 1 WHERE type = 'Patient'", {"index-differs"}),
    ("message", "UPDATE message SET answer = request", {"seal-unopened"}),
    ("outbox", "UPDATE outbox SET id = 'another'", {"seal-unopened"}),
    ("policy_version", "UPDATE policy_version SET hash = 'another'", {"seal-unopened"}),
]  # fmt: skip


def filled(store: Store) -> None:
    """One settlement in force, one cancelled, a person of two versions, a policy, a letter."""

    def work(unit: Unit) -> None:
        for _ in range(2):
            unit.put(
                type="Patient", id="p1", body=b"{}", tokens=[Token("identifier", "", "1")],
                dates=[DateRange("birthdate", DAY, DAY)], person="p1",
            )  # fmt: skip
        settle(visit("p1", "b1"))(unit)
        undone = settle(visit("p2", "b2"))(unit).decode().removeprefix("settled ")
        cancel(undone)(unit)
        unit.keep_policy(policy_id="321182-resident", hash="abc", body=b"policy")
        unit.enqueue(id="o1", receiver="bank", kind="pain.001", body=b"letter")

    store.submit(work).result(30)


def found(store: Store) -> set[str]:
    checked = store.verify()
    assert all(problem.path and problem.en and problem.zh for problem in checked.problems)
    return {problem.code for problem in checked.problems}


@pytest.mark.parametrize(("table", "change", "codes"), TAMPERINGS, ids=[change for _, change, _ in TAMPERINGS])
def test_tampering_is_found(store: Store, store_url: str, table: str, change: str, codes: set[str]) -> None:
    filled(store)
    assert found(store) == set()
    protected = without_triggers(store_url, table) if table in APPEND_ONLY else ()
    raw(store_url, *protected, change)
    assert found(store) == codes


def test_a_keyed_message_without_answer_is_found(store: Store) -> None:
    store.submit(lambda unit: unit.record_message(message(visit("p1", "b1").key, answer=b""))).result(30)
    assert found(store) == {"answer-missing"}


def test_everything_is_counted(store: Store) -> None:
    filled(store)
    counts = store.verify().counts
    assert counts == {
        "resource": 6, "resource_history": 1, "message": 2, "outbox": 1, "posting": 6, "movement": 3, "accumulator": 2,
        "settlement": 2, "contribution": 0, "audit": 2, "policy_version": 1, "dossier": 0, "account_balance": 0,
        "book_period": 0, "ledger_seal": 0,
    }  # fmt: skip
