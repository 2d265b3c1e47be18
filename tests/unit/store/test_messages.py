"""The inbox: a key is fixed for ever by its first answer, input without a key is kept beside."""

from dataclasses import replace

import pytest

from gateway.kernel.problem import Kind, Problem
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import MessageKey, MessageRecord, MessageState, Prior, Wants
from tests.conftest import AREA
from tests.unit.store.jobs import message

KEY = MessageKey(AREA, "http", "H32118200001", "20150309-1")


def keep(store: Store, record: MessageRecord) -> None:
    store.submit(lambda unit: unit.record_message(record)).result(30)


def prior(store: Store, key: MessageKey, wants: Wants = Wants()) -> Prior | None:  # noqa: B008
    return store.submit(lambda unit: unit.prior(key), wants).result(30)


@pytest.mark.parametrize("announced", [True, False])
def test_the_answer_is_found_by_its_key(store: Store, announced: bool) -> None:
    wants = Wants(messages=(KEY,)) if announced else Wants()
    assert prior(store, KEY, wants) is None
    keep(store, message(KEY, answer=b"the answer", subject="c1"))
    assert prior(store, KEY, wants) == Prior(MessageState.ANSWERED, b"hash", b"the answer", "c1")


@pytest.mark.parametrize("part", ["channel", "sender", "id"])
def test_every_part_of_the_key_counts(store: Store, part: str) -> None:
    keep(store, message(KEY))
    assert prior(store, KEY._replace(**{part: "other"})) is None


def test_a_repeat_in_the_same_group_sees_the_first(store: Store) -> None:
    def work(unit: Unit) -> Prior | None:
        unit.record_message(message(KEY, answer=b"first"))
        return unit.prior(KEY)

    seen = store.submit(work).result(30)
    assert seen is not None
    assert seen.answer == b"first"


def test_a_key_is_recorded_once(store: Store) -> None:
    keep(store, message(KEY))
    with pytest.raises(AssertionError):
        keep(store, message(KEY))
    assert len(store.messages(limit=10)) == 1


def test_input_without_a_key_is_kept_as_often_as_it_comes(store: Store) -> None:
    problem = Problem(Kind.MALFORMED, "json-broken", "", "send JSON", "请发送JSON")
    for _ in range(3):
        record = message(KEY)
        keep(store, replace(record, key=None, state=MessageState.REJECTED, problems=(problem,), request=b"{"))
    rejected = store.messages(state=MessageState.REJECTED, limit=10)
    assert [(one.key, one.problems, one.request) for one in rejected] == [(None, (problem,), b"{")] * 3
    assert prior(store, KEY) is None


def test_the_inbox_is_read_in_pages(store: Store) -> None:
    records = [message(KEY._replace(id=f"m{number}")) for number in range(5)]
    for record in records:
        keep(store, record)
    first = store.messages(limit=3)
    assert first + store.messages(limit=3, after=first[-1].id) == sorted(records, key=lambda record: record.id)
    assert store.messages(state=MessageState.REFUSED, limit=3) == []


def test_what_is_owed_policies_and_the_audit_trail_are_kept(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.enqueue(id="o1", receiver="bank", kind="pain.001", body=b"<Document/>")
        unit.keep_policy(policy_id="321182-resident", hash="abc", body=b"policy text")
        unit.audit(principal="clinic", action="read", object="Patient/p1", outcome="ok", message="m1")
        unit.audit(principal="clinic", action="read", object="Patient/p2", outcome="refused")

    for _ in range(2):
        if store.policy_body("abc") is None:
            store.submit(work).result(30)
        else:
            store.submit(lambda unit: unit.keep_policy(policy_id="321182-resident", hash="abc", body=b"x")).result(30)
    assert store.policy_body("abc") == b"policy text"
    assert store.policy_body("other") is None
    lines = store.audit_lines(limit=10)
    assert [(line.object, line.outcome, line.message) for line in lines] == [
        ("Patient/p1", "ok", "m1"),
        ("Patient/p2", "refused", ""),
    ]
    assert store.audit_lines(limit=10, after=lines[0].seq) == lines[1:]
    assert store.verify().counts["outbox"] == 1
