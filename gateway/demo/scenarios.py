"""The named scenarios of the day: repeats, conflicts, cancellations, a ceiling, refusals, one bill in three formats."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from gateway.demo.care import Care, Item
from gateway.demo.counter_fhir import write_claim
from gateway.demo.outcome import COMPARED, Outcome, response_sums
from gateway.demo.people import new_citizen_id
from gateway.demo.rewrite import rewritten
from gateway.demo.scenario import Scenario, Stage, renumbered
from gateway.fhir.parts import extension_value
from gateway.fhir.systems import ext
from gateway.kernel import money
from gateway.kernel.ids import PersonId

SCHEME = "resident"
YEAR = "2015"
UNKNOWN_CODE = "XZ99ZZZ999Z999010199999"
FRAME_START = b"\x0b"
_SAME, _OTHER = "the same answer, byte for byte", "another answer"


def play(stage: Stage) -> list[Scenario]:
    """Every scenario, in an order in which none disturbs another: each has people of its own."""
    return [played for scenario in SCENARIOS for played in scenario(stage)]


def _repeated(stage: Stage) -> list[Scenario]:
    talk = stage.nhsa.talk(stage.care("repeated"))
    again = stage.nhsa.client.post(talk.last.request)
    same = again.body == talk.last.body and talk.settled
    found = [Scenario("message-repeated", talk.last.request.msgid, _SAME, _SAME if same else _OTHER)]

    first = stage.hl7v2.submit(stage.care("repeated_hl7v2"))
    second = stage.hl7v2.repeat(first)
    same = second.answer == first.answer and first.settled
    found.append(Scenario("message-repeated-hl7v2", first.key, _SAME, _SAME if same else _OTHER))

    first = stage.fhir.submit(stage.care("repeated_fhir"))
    second = stage.fhir.post(first.request)
    same = second.answer == first.answer and first.settled
    found.append(Scenario("message-repeated-fhir", first.key, _SAME, _SAME if same else _OTHER))
    once = [stage.settlements_of(stage.parts[part]) for part in ("repeated", "repeated_hl7v2", "repeated_fhir")]
    return [*found, Scenario("repeats-settle-once", first.key, "1, 1, 1", ", ".join(map(str, once)))]


def _key_reused(stage: Stage) -> list[Scenario]:
    talk = stage.nhsa.talk(stage.care("key_reused"))
    other = rewritten(talk.last.request.body, lambda said: said["input"]["data"].update(mdtrt_cert_no="1"))
    answer = stage.nhsa.post(other, talk.last.request.headers)
    found = [Scenario("key-reused", talk.last.request.msgid, "refused: key-reused", _said(answer))]

    claim = write_claim(stage.care("key_reused", "cold"))
    stage.fhir.send(claim, key="KEY-1")
    reused = stage.fhir.send(write_claim(stage.care("key_reused", "cold", mark="-2")), key="KEY-1")
    return [*found, Scenario("key-reused-fhir", "KEY-1", "refused: key-reused", _said(reused))]


def _cancelled(stage: Stage) -> list[Scenario]:
    resident = stage.parts["cancelled"]
    person = PersonId(stage.patient_id(resident))
    next_visit = {**write_claim(stage.care("cancelled", "chemotherapy", mark="-next")), "use": "predetermination"}
    before, counters_before = stage.fhir.send(next_visit), stage.store.counters(person, SCHEME)
    talk = stage.nhsa.talk(stage.care("cancelled"))
    between, settlement = stage.store.counters(person, SCHEME), stage.nhsa.outcome(talk).settlement
    answer = stage.nhsa.client.cancel(talk)
    after, counters_after = stage.fhir.send(next_visit), stage.store.counters(person, SCHEME)

    cancelled = answer.output["setlinfo"]["setl_id"] if answer.accepted else ""
    restored = (
        before.final == after.final
        and _used(counters_before) == _used(counters_after) != _used(between)
        and bool(cancelled)
        and _negates(stage, settlement, cancelled)
    )
    expected = "counters and trial as before, every amount negated"
    return [Scenario("cancellation", answer.request.msgid, expected, expected if restored else "not restored")]


def _cancelled_hl7v2(stage: Stage) -> list[Scenario]:
    care = stage.care("cancelled_hl7v2")
    settled = stage.hl7v2.submit(care)
    cancelled = stage.hl7v2.cancel(care, settled.settlement)
    again = stage.hl7v2.submit(care)
    actual = f"{_said(settled)}, then {_said(cancelled)}, then {_said(again)}"
    return [Scenario("cancellation-hl7v2", cancelled.key, "settled, then settled, then settled", actual)]


def _out_of_order(stage: Stage) -> list[Scenario]:
    first = stage.nhsa.talk(stage.care("out_of_order"))
    second = stage.nhsa.talk(stage.care("out_of_order", "appendectomy", mark="-2"))
    too_early = stage.nhsa.cancel(first)
    last, then = stage.nhsa.cancel(second), stage.nhsa.cancel(first)
    actual = f"{_said(too_early)}; last first: {_done(last)}, {_done(then)}"
    expected = "refused: later-settlement-exists; last first: done, done"
    return [Scenario("cancellation-out-of-order", too_early.key, expected, actual)]


def _ceiling(stage: Stage) -> list[Scenario]:
    care = _large(stage.care("ceiling"))
    outcome = stage.nhsa.submit(care)
    found = response_sums(stage.response(outcome.settlement)) if outcome.settled else {}
    # above 120000.00 counted: 10000.00 * 60% + 40000.00 * 65% + 70000.00 * 70% = 6000.00 + 26000.00 + 49000.00
    expected = "counted 120000.00, fund 81000.00"
    actual = f"counted {money.text(found.get('counted', 0))}, fund {money.text(found.get('fund-total', 0))}"
    again = stage.nhsa.submit(stage.care("ceiling", mark="-after"))
    paid = f"fund {money.text(again.final.get('fund-total', -1))}"
    return [
        Scenario("yearly-ceiling", outcome.key, expected, actual),
        Scenario("nothing-left-of-the-ceiling", again.key, "fund 0.00", paid),
    ]


def _refused_people(stage: Stage) -> list[Scenario]:
    deceased = stage.nhsa.submit(stage.care("deceased"))
    deceased_hl7v2 = stage.hl7v2.send(stage.hl7v2.invoice(stage.care("deceased", mark="-E")))
    short = stage.fhir.send(write_claim(stage.care("paid_short")))
    return [
        Scenario("person-deceased", deceased.key, "refused: person-deceased", _said(deceased)),
        Scenario("person-deceased-hl7v2", deceased_hl7v2.key, "refused: person-deceased", _said(deceased_hl7v2)),
        Scenario("contribution-short", short.key, "refused: not-covered", _said(short)),
    ]


def _covered_people(stage: Stage) -> list[Scenario]:
    found = []
    for part in ("paid_in_parts", "paid_over", "moved_out", "other_household"):
        outcome = stage.fhir.submit(stage.care(part))
        found.append(Scenario(part.replace("_", "-"), outcome.key, "settled", _said(outcome)))
    resident = stage.parts["renumbered"]
    now = renumbered(resident, new_citizen_id(resident))
    outcome = stage.nhsa.submit(stage.care("renumbered").of(now))
    return [*found, Scenario("citizen-id-changed", outcome.key, "settled", _said(outcome))]


def _unknown_code(stage: Stage) -> list[Scenario]:
    care = stage.care("unknown_code")
    unknown = Item(UNKNOWN_CODE, "目录外项目", Decimal("75.00"), Decimal(1), care.from_on)
    outcome = stage.nhsa.submit(replace(care, items=(*care.items, unknown)))
    line = stage.response(outcome.settlement)["item"][-1] if outcome.settled else {"adjudication": []}
    sums = response_sums({"total": line["adjudication"]})
    item_class = extension_value(line, ext("item-class"), "valueCode")
    actual = f"{_said(outcome)}, class {item_class}, own expense {money.text(sums.get('own-expense', 0))}"
    return [Scenario("unknown-code", outcome.key, "settled, class none, own expense 75.00", actual)]


def _trio(stage: Stage) -> list[Scenario]:
    outcomes = [
        stage.nhsa.submit(stage.care("trio_nhsa", "chemotherapy")),
        stage.hl7v2.submit(stage.care("trio_hl7v2", "chemotherapy")),
        stage.fhir.submit(stage.care("trio_fhir", "chemotherapy")),
    ]
    kept = [response_sums(stage.response(each.settlement)) if each.settled else {} for each in outcomes]
    told = [{name: each.final.get(name) for name in COMPARED} for each in outcomes]
    same = kept[0] == kept[1] == kept[2] and told[0] == told[1] == told[2] and bool(kept[0])
    actual = "the same fen in all three" if same else "; ".join(f"{each.channel} {_said(each)}" for each in outcomes)
    return [Scenario("three-formats", outcomes[0].key, "the same fen in all three", actual)]


def _two_channels(stage: Stage) -> list[Scenario]:
    care = stage.care("two_channels")
    first = stage.nhsa.submit(care)
    expected = "refused: already-settled, naming the first"
    found = []
    by_hl7v2, by_fhir = stage.hl7v2.send(stage.hl7v2.invoice(care)), stage.fhir.send(write_claim(care))
    for name, again in (("hl7v2", by_hl7v2), ("fhir", by_fhir)):
        named = ", naming the first" if first.settlement and first.settlement.encode() in again.answer else ""
        found.append(Scenario(f"second-channel-{name}", again.key, expected, _said(again) + named))
    return found


def _credited_twice(stage: Stage) -> list[Scenario]:
    found = []
    for part, expected in (
        ("credited_twice", "200.00 received for 200.00"),
        ("paid_short", "150.00 received for 200.00"),
        ("paid_over", "200.00 received for 200.00"),
        ("paid_in_parts", "200.00 received for 200.00"),
    ):
        resident = stage.parts[part]
        paid = stage.store.contribution(PersonId(stage.patient_id(resident)), SCHEME, YEAR)
        actual = f"{money.text(paid.received)} received for {money.text(paid.levied)}" if paid else "nothing"
        found.append(Scenario(f"bank-{part.replace('_', '-')}", f"CR{resident.number + 1:06d}", expected, actual))
    return found


def _cut_off(stage: Stage) -> list[Scenario]:
    care = stage.care("cut_off")
    whole = stage.hl7v2.invoice(care)
    body = stage.site.senders["hl7v2"].claim(whole, stage.hl7v2.envelope(0))
    where = (stage.site.addresses.host, stage.site.addresses.mllp_port)
    with socket.create_connection(where, timeout=10) as cut:
        cut.sendall(FRAME_START + body[: len(body) // 2])
    outcome = stage.hl7v2.submit(care)
    actual = f"{_said(outcome)}, {stage.settlements_of(care.resident)} in force"
    return [Scenario("frame-cut-off", outcome.key, "settled, 1 in force", actual)]


def _large(care: Care) -> Care:
    """A stay of ten weeks with a bill whose covered part is above the ceiling of a year."""
    begin = date(2015, 1, 5)
    many = (
        ("XB05AAR031B002010100026", "人血白蛋白注射液 10g", "480.00", 150),
        ("XJ01DHM083B001010100048", "美罗培南注射剂 0.5g", "168.00", 400),
        ("C0101010010100100001", "冠状动脉药物洗脱支架", "9800.00", 3),
        ("003110000060000", "血液透析", "400.00", 20),
    )
    items = tuple(Item(code, name, Decimal(price), Decimal(count), begin) for code, name, price, count in many)
    return replace(care, from_on=begin, to_on=date(2015, 3, 16), items=items)


def _said(outcome: Outcome) -> str:
    return "refused: " + ", ".join(dict.fromkeys(outcome.codes)) if outcome.codes else "settled"


def _done(outcome: Outcome) -> str:
    return _said(outcome) if outcome.codes else "done"


def _used(counters: Mapping[Any, Any]) -> dict[Any, Any]:
    """Counters without rows that are all zero: a cancelled person has such a row, a new one has none."""
    return {key: used for key, used in counters.items() if any(used)}


def _negates(stage: Stage, settlement: str, cancelled: str) -> bool:
    first, second = response_sums(stage.response(settlement)), response_sums(stage.response(cancelled))
    return {name: -fen for name, fen in first.items()} == dict(second)


SCENARIOS: tuple[Callable[[Stage], list[Scenario]], ...] = (
    _repeated,
    _key_reused,
    _cancelled,
    _cancelled_hl7v2,
    _out_of_order,
    _ceiling,
    _refused_people,
    _covered_people,
    _unknown_code,
    _trio,
    _two_channels,
    _credited_twice,
    _cut_off,
)
