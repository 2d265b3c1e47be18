"""A claim read: the key, the tree, the FHIR it becomes, and everything that can be wrong with it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from adapters.hl7v2.adapter import ADAPTER
from adapters.hl7v2.sender import SENDER
from gateway.contract import Adapter, Incoming
from gateway.exchange.translate import to_fhir
from gateway.fhir.systems import cs, ext, sid
from gateway.kernel.problem import Refusal
from tests.unit.adapters.hl7v2_cases import (
    CITIZEN,
    ENVELOPE,
    INVOICE,
    SETTLED,
    STAY,
    VERSIONS,
    changed,
    claim,
    found,
    mappings,
)


def fhir(body: bytes) -> dict[str, Any]:
    message = ADAPTER.decode(Incoming(body))
    resources = to_fhir(mappings()["hl7v2", message.type], message.tree)
    assert len(resources) == 1
    return resources[0]


def test_it_is_an_adapter() -> None:
    assert isinstance(ADAPTER, Adapter)
    assert ADAPTER.feed == SENDER.feed == "hl7v2"
    assert ADAPTER.check_proof(Incoming(claim()), secret="x", now=ENVELOPE.sent_at) == []


def test_the_key_is_facility_application_and_control_id() -> None:
    key = ADAPTER.read_key(Incoming(claim()))
    assert (key.sender, key.id) == ("H32118200001", "HIS|C0001")


def test_a_repeat_has_the_same_content_whenever_it_is_sent() -> None:
    first = ADAPTER.read_key(Incoming(claim()))
    later = claim(control_id="C0002", sent_at=ENVELOPE.sent_at.replace(hour=5), accept_ack="AL")
    ivc_7 = "|20150309090000+0800|25.00"
    later = changed("|20150309130000+0800|25.00", ivc_7, later)
    assert ADAPTER.read_key(Incoming(changed("\rIVC|", "\rSFT|V|1|P|2\rIVC|", later))).content == first.content
    assert ADAPTER.read_key(Incoming(changed("4.50&CNY", "4.51&CNY"))).content != first.content


@pytest.mark.parametrize(("old", "new", "path"), [("|C0001|", "||", "MSH.10"), ("|H32118200001|G", "||G", "MSH.4")])
def test_without_a_facility_or_control_id_there_is_no_key(old: str, new: str, path: str) -> None:
    with pytest.raises(Refusal) as refusal:
        ADAPTER.read_key(Incoming(changed(old, new)))
    assert [(p.code, p.path) for p in refusal.value.problems] == [("missing-field", path)]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("charset", ["UNICODE UTF-8", "GB 18030-2000"])
def test_a_claim_is_the_same_fhir_in_every_version_and_character_set(version: str, charset: str) -> None:
    assert fhir(claim(version=version, charset=charset)) == fhir(claim())


def test_a_claim_becomes_a_fhir_claim() -> None:
    made = fhir(claim())
    assert made["use"] == "claim"
    assert made["subType"]["coding"] == [{"system": cs("claim-kind"), "code": "chronic"}]
    assert {i["system"]: i["value"] for i in made["identifier"]} == {sid("bill"): "B0001", sid("visit"): "V0001"}
    assert made["patient"]["identifier"] == {"system": sid("citizen-id"), "value": CITIZEN}
    assert made["provider"] == {"reference": "Organization/H32118200001"}
    assert made["insurer"] == {"reference": "Organization/agency-321182"}
    assert made["billablePeriod"] == {"start": "2015-03-09", "end": "2015-03-09"}
    assert made["total"] == {"value": Decimal("25.00"), "currency": "CNY"}
    assert [d["diagnosisCodeableConcept"]["coding"][0]["code"] for d in made["diagnosis"]] == ["I10.x00", "E11.900"]
    assert made["supportingInfo"][0]["code"]["coding"][0]["code"] == "M03900"
    second = made["item"][1]
    assert second["sequence"] == 2
    assert second["extension"] == [{"url": ext("line-number"), "valueString": "2"}]
    assert second["productOrService"]["coding"] == [{"system": cs("catalogue"), "code": "XB0002"}]
    assert second["quantity"] == {"value": Decimal("1.5")}
    assert second["unitPrice"] == {"value": Decimal("3.00"), "currency": "CNY"}
    assert second["net"] == {"value": Decimal("4.50"), "currency": "CNY"}
    assert second["servicedDate"] == "2015-03-09"


def test_a_stay_runs_from_admission_to_discharge() -> None:
    made = fhir(claim(STAY))
    assert made["billablePeriod"] == {"start": "2015-03-09", "end": "2015-03-16"}
    assert made["type"]["coding"][0]["code"] == "institutional"


@pytest.mark.parametrize(("pv1_2", "kind"), [("I", "inpatient"), ("O", "outpatient"), ("E", "emergency")])
def test_without_pv1_18_the_patient_class_tells_the_kind(pv1_2: str, kind: str) -> None:
    body = changed("PV1|1|I|", f"PV1|1|{pv1_2}|", changed("|inpatient|V0001", "||V0001", claim(STAY)))
    assert fhir(body)["subType"]["coding"][0]["code"] == kind


def test_an_unknown_kind_is_refused_by_the_map() -> None:
    with pytest.raises(Refusal) as refusal:
        fhir(changed("|chronic|V0001", "|cosmetic|V0001"))
    assert [(p.code, p.path) for p in refusal.value.problems] == [("unknown-code", "PV1.18.1")]


def test_ivc_6_pa_asks_for_a_trial() -> None:
    message = ADAPTER.decode(Incoming(claim(predetermination=True)))
    assert message.type == "EHC_E01_PREDETERMINATION"
    mapping = mappings()["hl7v2", message.type]
    assert mapping.operation == "trial"
    assert to_fhir(mapping, message.tree)[0]["use"] == "predetermination"


def test_a_cancellation_names_settlement_and_bill() -> None:
    made = fhir(SENDER.cancel(INVOICE, ENVELOPE, settlement=SETTLED))
    assert {i["system"]: i["value"] for i in made["identifier"]} == {sid("settlement"): SETTLED, sid("bill"): "B0001"}
    assert mappings()["hl7v2", "EHC_E02"].operation == "cancel"


@pytest.mark.parametrize("control", ["CG", "CL"])
def test_a_group_or_line_is_not_cancelled_alone(control: str) -> None:
    body = SENDER.cancel(INVOICE, ENVELOPE, settlement=SETTLED, control=control)
    assert found(body) == {("partial-cancel", "IVC.4")}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("|P|2.7|", "|P|2.5.1|", ("unsupported-version", "MSH.12")),
        ("|P|2.7|", "|T|2.7|", ("unsupported-processing-id", "MSH.11")),
        ("EHC^E01^EHC_E01", "ADT^A01^ADT_A01", ("unsupported-message", "MSH.9")),
        ("|OR|NORM", "|RA|NORM", ("unsupported-invoice-control", "IVC.4")),
        (
            f"{CITIZEN}^",
            f"{CITIZEN[:-1]}{'0' if CITIZEN[-1] != '0' else '1'}^",
            ("citizen-id-checksum", "PID.3[5=NI].1"),
        ),
        ("^MPS^NI", "^HIS^MR", ("missing-field", "PID.3[5=NI].1")),
        ("|V0001^", "|^", ("missing-field", "PV1.19.1")),
        ("^I10|||F", "^I9C|||F", ("diagnosis-system", "diagnosis[0].3.3")),
        ("^H32118200001|^", "^X1|^", ("institution-code", "IVC.10.10")),
        ("^321182|||", "^32118|||", ("area-code", "IVC.11.10")),
        ("|4.50&CNY", "|4.50&USD", ("bad-currency", "PSL[1].16.1.2")),
        ("|4.50&CNY", "|4.501&CNY", ("bad-amount", "PSL[1].16.1.1")),
        ("|4.50&CNY", "|1E2&CNY", ("bad-amount", "PSL[1].16.1.1")),
        ("|4.50&CNY", "|12345678901234567.00&CNY", ("bad-amount", "PSL[1].16.1.1")),
        ("|4.50&CNY", "|4.49&CNY", ("unbalanced-sums", "PSG[0].5")),
        ("|1.5|", "|1.50001|", ("bad-quantity", "PSL[1].12.1")),
        ("|3&CNY", "|3.0000001&CNY", ("bad-price", "PSL[1].13.1.1")),
        ("PSL|2||2|", "PSL|2||1|", ("sequence-order", "PSL[1].3")),
        ("20150309||1.5", "20150230||1.5", ("bad-instant", "PSL[1].10")),
    ],
)
def test_what_is_wrong_is_named_at_its_place(old: str, new: str, problem: tuple[str, str]) -> None:
    assert problem in found(changed(old, new))


def test_everything_wrong_is_told_at_once() -> None:
    body = changed("|4.50&CNY", "|x&CNY", changed("|1.5|", "|y|", changed("^MPS^NI", "^^", changed("|O|", "||"))))
    assert found(body) == {
        ("bad-amount", "PSL[1].16.1.1"),
        ("bad-quantity", "PSL[1].12.1"),
        ("missing-field", "PID.3[5=NI].1"),
        ("missing-field", "PV1.2"),
    }


def test_a_stay_needs_its_discharge_day() -> None:
    assert found(changed("|20150309|20150316", "|20150309|", claim(STAY))) == {("missing-field", "PV1.45")}


def test_sections_must_add_up_to_the_invoice() -> None:
    body = changed("|25.00&CNY||", "|26.00&CNY||")
    assert found(body) == {("unbalanced-sums", "IVC.8")}


def test_one_message_is_for_one_patient_and_one_visit() -> None:
    lines = claim().decode().rstrip("\r").split("\r")
    patient = [line for line in lines if line[:3] in ("PID", "PV1", "IN1")]
    other = [line.replace(CITIZEN, "X").replace("V0001", "V0002") for line in patient]
    at = next(index for index, line in enumerate(lines) if line.startswith("PSL"))
    again = "\r".join(lines[:at] + patient + lines[at:]).encode()
    assert found(again) == set()
    assert fhir(again) == fhir(claim())
    assert found("\r".join(lines[:at] + other + lines[at:]).encode()) == {
        ("several-patients", "PID[1].3"),
        ("several-visits", "PV1[1].19"),
    }


def test_lines_of_several_sections_and_groups_are_one_claim() -> None:
    head, second = claim().decode().rstrip("\r").rsplit("\rPSL|2||2|", 1)
    head = head.replace("PSS|1||1|25.00", "PSS|1||1|20.50").replace("|Y|25.00", "|Y|20.50")
    body = f"{head}\rPSS|2||2|4.50&CNY|X\rPSG|2||1|Y|4.50&CNY|Y\rPSL|2||1|{second}\r".encode()
    assert found(body) == set()
    assert fhir(body) == fhir(claim())


def test_a_name_may_come_in_two_parts() -> None:
    assert fhir(changed("|张测试|", "|张^测试|"))["patient"]["display"] == "张测试"


def test_an_old_15_digit_number_is_upgraded() -> None:
    old = replace(INVOICE, citizen_id=CITIZEN[:6] + CITIZEN[8:17])
    assert fhir(claim(old))["patient"]["identifier"]["value"] == CITIZEN
