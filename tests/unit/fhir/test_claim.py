"""A claim is read whole or refused with everything that is wrong with it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.fhir.claim import ClaimReading, StatedSplit, read_claim
from gateway.fhir.claim_lines import ReadLine
from gateway.fhir.json import decode_resource, encode
from gateway.fhir.systems import BASE, cs, ext, sid
from gateway.kernel import money, quantity
from gateway.kernel.problem import Refusal
from gateway.settlement.claim import ClaimKind
from tests.unit.fhir.samples import CITIZEN, COVERAGE, INSTITUTION, PERSON, TODAY, claim

Change = Callable[[dict[str, Any]], Any]


def refused(change: Change, lines: int = 3) -> set[tuple[str, str]]:
    changed = claim(lines)
    change(changed)
    with pytest.raises(Refusal) as refusal:
        read_claim(changed, today=TODAY)
    return {(problem.code, problem.path) for problem in refusal.value.problems}


def read(change: Change, lines: int = 1) -> ClaimReading:
    changed = claim(lines)
    change(changed)
    return read_claim(changed, today=TODAY)


def test_a_claim_reads_as_one_consistent_thing() -> None:
    reading = read_claim(claim(2), today=TODAY)

    assert reading == ClaimReading(
        status="active",
        use="claim",
        type="institutional",
        kind=ClaimKind.CHRONIC,
        patient=PERSON,
        citizen_id="",
        provider=INSTITUTION,
        area="321182",
        visit="MZ20150309001",
        bill="B20150309001",
        encounter="321182000000000000000000000001",
        coverage=COVERAGE,
        created_on=TODAY,
        from_on=TODAY,
        to_on=TODAY,
        diagnoses=("I10.x00",),
        disease="M03900",
        total=4938,  # 2 × 24.69
        lines=(
            ReadLine(1, "L1", "XC08CAA001A001010000001", "苯磺酸氨氯地平片", 2469, 20_000, 12_345_000, TODAY),
            ReadLine(2, "L2", "XC08CAA001A001010000002", "苯磺酸氨氯地平片", 2469, 20_000, 12_345_000, TODAY),
        ),
        flags=frozenset(),
        stated=StatedSplit(),
    )


def test_a_claim_over_the_wire_reads_the_same() -> None:
    assert read_claim(decode_resource(encode(claim())), today=TODAY) == read_claim(claim(), today=TODAY)


def test_more_of_r4_reads_the_same() -> None:
    """Elements off the usual shape go the complete way and change nothing."""
    rich = {**claim(2), "language": "zh-CN", "payee": {"type": {"text": "provider"}}}
    rich["item"] = [{**item, "revenue": {"text": "x"}} for item in rich["item"]]

    assert read_claim(rich, today=TODAY) == read_claim(claim(2), today=TODAY)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("patient", {"reference": f"{BASE}/Patient/{PERSON}"}, (PERSON, "")),
        ("patient", {"identifier": {"system": sid("citizen-id"), "value": CITIZEN.lower()}}, ("", CITIZEN)),
    ],
)
def test_the_patient_is_named_by_id_or_citizen_id(name: str, value: Any, expected: tuple[str, str]) -> None:
    reading = read(lambda c: c.update({name: value}))

    assert (reading.patient, reading.citizen_id) == expected


def test_diagnoses_are_ordered_by_sequence() -> None:
    def concept(code: str) -> dict[str, Any]:
        return {"coding": [{"system": cs("diagnosis"), "code": code}]}

    diagnoses = [
        {"sequence": 2, "diagnosisCodeableConcept": concept("E11.900")},
        {"sequence": 1, "diagnosisCodeableConcept": concept("I10.x00")},
    ]

    assert read(lambda c: c.update(diagnosis=diagnoses)).diagnoses == ("I10.x00", "E11.900")


def test_the_stated_split_is_read_with_short_or_full_names() -> None:
    parts = [
        {"url": "own-expense", "valueDecimal": Decimal("1.00")},
        {"url": ext("in-scope"), "valueDecimal": Decimal("23.69")},
    ]

    reading = read(lambda c: c["extension"].append({"url": ext("stated-split"), "extension": parts}))

    assert reading.stated == StatedSplit(own_expense=100, in_scope=2369)


def test_without_a_period_the_days_of_the_lines_count() -> None:
    def change(c: dict[str, Any]) -> None:
        del c["billablePeriod"]
        c["item"][0]["servicedDate"] = "2015-03-01"

    reading = read(change, lines=2)

    assert (reading.from_on, reading.to_on) == (date(2015, 3, 1), TODAY)


def test_an_instant_counts_as_its_day_in_china() -> None:
    period = {"start": "2015-03-07T17:00:00Z", "end": "2015-03-08T15:59:59Z"}

    reading = read(lambda c: c.update(billablePeriod=period))

    assert (reading.from_on, reading.to_on) == (date(2015, 3, 8), date(2015, 3, 8))


def test_a_trial_needs_no_bill_and_a_stay_no_bill_either() -> None:
    def trial(c: dict[str, Any]) -> None:
        c.update(use="predetermination")
        del c["identifier"]

    def stay(c: dict[str, Any]) -> None:
        c["subType"]["coding"][0]["code"] = "inpatient"
        del c["identifier"][1]

    assert read(trial).visit == ""
    assert read(stay).bill == ""


def test_draft_lines_may_give_back_where_refunds_are_allowed() -> None:
    draft = claim(2)
    draft["status"] = "draft"
    draft["item"][1]["quantity"]["value"] = -2
    draft["item"][1]["net"]["value"] = Decimal("-24.69")
    draft["total"]["value"] = 0

    assert read_claim(draft, today=TODAY, refunds=True).total == 0
    with pytest.raises(Refusal):
        read_claim(draft, today=TODAY)


def line(**changes: Any) -> Change:
    return lambda c: c["item"][1].update(changes)


def cny(value: Any, currency: str = "CNY") -> dict[str, Any]:
    return {"value": value, "currency": currency}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (line(net=cny(Decimal("24.68"))), {("unbalanced-line", "Claim.item[1].net.value")}),
        (line(net=cny(Decimal("24.690000"))), {}),
        (line(net=cny(Decimal("24.691"))), {("bad-amount", "Claim.item[1].net.value")}),
        (line(net=cny(10**15)), {("bad-amount", "Claim.item[1].net.value")}),
        (line(net=cny(Decimal("1E+20"))), {("bad-amount", "Claim.item[1].net.value")}),
        (line(net=cny(Decimal("1E+308"))), {("bad-value", "Claim.item[1].net.value")}),
        (line(net=cny(2**63)), {("bad-amount", "Claim.item[1].net.value")}),
        (line(net=cny(Decimal("-24.69"))), {("negative-amount", "Claim.item[1].net.value")}),
        (line(net=cny(Decimal("24.69"), "USD")), {("wrong-currency", "Claim.item[1].net")}),
        (line(net={"value": Decimal("24.69")}), {("missing-element", "Claim.item[1].net.currency")}),
        (line(net={"currency": "CNY"}), {("missing-element", "Claim.item[1].net.value")}),
        (line(unitPrice=cny(Decimal("12.3450001"))), {("bad-price", "Claim.item[1].unitPrice.value")}),
        (line(unitPrice=cny(Decimal("-12.345"))), {("bad-price", "Claim.item[1].unitPrice.value")}),
        (line(quantity={"value": 0}), {("bad-quantity", "Claim.item[1].quantity.value")}),
        (line(quantity={"value": -2}), {("bad-quantity", "Claim.item[1].quantity.value")}),
        (line(quantity={"value": Decimal("2.00001")}), {("bad-quantity", "Claim.item[1].quantity.value")}),
        (line(quantity={"unit": "盒"}), {("missing-element", "Claim.item[1].quantity.value")}),
        (line(sequence=1), {("repeated-value", "Claim.item[1].sequence")}),
        (
            line(extension=[{"url": ext("line-number"), "valueString": "L1"}]),
            {("repeated-value", "Claim.item[1].extension")},
        ),
        (line(servicedDate="2015-02-29"), {("bad-day", "Claim.item[1].servicedDate")}),
        (line(servicedDate="2015-03"), {("bad-day", "Claim.item[1].servicedDate")}),
        (line(servicedDate="2015-03-10"), {("day-in-future", "Claim.item[1].servicedDate")}),
        (line(servicedDate="2015-03-07"), {("day-outside-period", "Claim.item[1].servicedDate")}),
        (line(servicedDate="2015-03-08"), {}),
        (line(productOrService={"text": "阿司匹林"}), {("missing-coding", "Claim.item[1].productOrService")}),
        (line(factor=Decimal("0.5")), {("not-offered", "Claim.item[1].factor")}),
        (
            line(detail=[{"sequence": 1, "productOrService": {"text": "x"}}]),
            {("not-offered", "Claim.item[1].detail")},
        ),
        (lambda c: c["total"].update(value=Decimal("74.06")), {("unbalanced-total", "Claim.total.value")}),
        (lambda c: c["total"].update(value=Decimal("-74.07")), {("negative-amount", "Claim.total.value")}),
        (lambda c: c.pop("total"), {("missing-element", "Claim.total.value")}),
        (lambda c: c.pop("item"), {("missing-element", "Claim.item")}),
        (lambda c: c.update(use="promise"), {("unknown-code", "Claim.use")}),
        (lambda c: c.update(created="2015-03-10"), {("day-in-future", "Claim.created")}),
        (lambda c: c.pop("subType"), {("missing-coding", "Claim.subType")}),
        (lambda c: c["subType"]["coding"][0].update(code="dental"), {("unknown-code", "Claim.subType")}),
        (lambda c: c["type"]["coding"][0].update(code="vision"), {("unknown-code", "Claim.type")}),
        (lambda c: c.update(identifier=[c["identifier"][1]]), {("missing-identifier", "Claim.identifier")}),
        (lambda c: c["identifier"].append(c["identifier"][0]), {("repeated-value", "Claim.identifier[2]")}),
        (lambda c: c["identifier"][0].update(value="9" * 65), {("bad-value", "Claim.identifier[0].value")}),
        (
            lambda c: c.update(patient={"identifier": {"system": sid("citizen-id"), "value": "321182195001010010"}}),
            {("citizen-id-checksum", "Claim.patient.identifier.value")},
        ),
        (lambda c: c.update(patient={"display": "张测试"}), {("bad-reference", "Claim.patient")}),
        (
            lambda c: c["provider"].update(reference="Organization/X1"),
            {("institution-code", "Claim.provider.reference")},
        ),
        (lambda c: c["insurer"].update(reference="Organization/1"), {("bad-reference", "Claim.insurer")}),
        (lambda c: c["insurance"][0].update(focal=False), {("bad-value", "Claim.insurance")}),
        (
            lambda c: c["diagnosis"][0].update(diagnosisCodeableConcept={"text": "高血压"}),
            {("missing-coding", "Claim.diagnosis[0].diagnosisCodeableConcept")},
        ),
        (
            lambda c: c.update(billablePeriod={"start": "2015-03-09", "end": "2015-03-08"}),
            {("period-reversed", "Claim.billablePeriod")},
        ),
        (lambda c: c.update(billablePeriod={"start": "2015-03-09"}), {("missing-element", "Claim.billablePeriod.end")}),
        (
            lambda c: c.update(billablePeriod={"start": "2015-03-09", "end": "2015-03-10"}),
            {("day-in-future", "Claim.billablePeriod.end")},
        ),
    ],
    ids=str,
)
def test_each_mistake_is_refused_with_its_place(change: Change, expected: Any) -> None:
    if expected:
        assert refused(change) == expected
    else:
        read(change, lines=3)


def test_every_problem_is_reported_together() -> None:
    def change(c: dict[str, Any]) -> None:
        c["item"][0]["net"]["value"] = Decimal("-1")
        c["item"][2]["quantity"]["value"] = 0
        c["subType"]["coding"][0]["code"] = "dental"
        c["total"]["currency"] = "USD"

    assert refused(change) == {
        ("negative-amount", "Claim.item[0].net.value"),
        ("bad-quantity", "Claim.item[2].quantity.value"),
        ("unknown-code", "Claim.subType"),
        ("wrong-currency", "Claim.total"),
    }


def test_two_thousand_lines_are_the_limit() -> None:
    assert read_claim(claim(2000), today=TODAY).total == 2000 * 2469
    assert refused(lambda c: None, lines=2001) == {("too-many-entries", "Claim.item")}


@given(
    price=st.decimals(min_value=0, max_value=9999, places=6),
    count=st.decimals(min_value=Decimal("0.0001"), max_value=999, places=4),
)
def test_a_line_is_price_times_quantity_rounded_half_up(price: Decimal, count: Decimal) -> None:
    net = money.decimal(quantity.cost(quantity.price(price), quantity.quantity(count)))
    one = claim(1)
    one["item"][0].update(quantity={"value": count}, unitPrice=cny(price), net=cny(net))
    one["total"] = cny(net)

    assert read_claim(one, today=TODAY).total == money.of(net)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    st.integers(0, 200),
)
def test_whatever_stands_anywhere_the_answer_is_a_reading_or_a_refusal(value: Any, where: int) -> None:
    changed = claim(2)
    nodes: list[Any] = [changed]
    for node in nodes:
        nodes.extend(
            child for child in (node.values() if isinstance(node, dict) else node) if isinstance(child, (dict, list))
        )
    node = nodes[where % len(nodes)]
    key = list(node)[where % len(node)] if isinstance(node, dict) else where % len(node)
    node[key] = value

    with suppress(Refusal):
        read_claim(changed, today=TODAY)
