"""NHSA transactions as FHIR: what each one asks the core to do, and what the resources say."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.nhsa.adapter import ADAPTER
from adapters.nhsa.transactions import TRANSACTIONS
from gateway.exchange.mappings import load_mappings
from gateway.exchange.translate import to_fhir
from gateway.fhir.systems import cs, ext, sid
from gateway.kernel.problem import Refusal
from gateway.settlement.claim import ClaimKind
from tests.unit.adapters.nhsa_cases import CITIZEN, HOSPITAL, PERSON, SETTLEMENT, VISIT, incoming

MAPPINGS = load_mappings(Path(__file__).parents[3] / "mappings")
OPERATIONS = {
    "9001": "sign-in",
    "1101": "find-person",
    "2201": "open-visit",
    "2203": "describe-visit",
    "2204": "add-lines",
    "2206": "trial",
    "2207": "settle",
    "2208": "cancel",
    "2401": "open-visit",
    "2402": "discharge-visit",
    "2301": "add-lines",
    "2303": "trial",
    "2304": "settle",
    "2305": "cancel",
    "3201": "check-totals",
    "3202": "check-details",
    "3203": "apply-clearing",
    "3204": "revoke-clearing",
    "9101": "store-file",
    "9102": "fetch-file",
}


def built(infno: str, change: Callable[[dict[str, Any]], object] | None = None) -> dict[str, Any]:
    """The one resource that a request becomes."""
    message = ADAPTER.decode(incoming(infno, change))
    (resource,) = to_fhir(MAPPINGS["nhsa", message.type], message.tree)
    return resource


def into(node: str, **values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda envelope: envelope["input"][node].update(values)


def test_every_transaction_has_its_mapping_and_operation() -> None:
    found = {message: mapping.operation for (feed, message), mapping in MAPPINGS.items() if feed == "nhsa"}
    assert found == OPERATIONS
    assert set(found) == set(TRANSACTIONS)


def test_sign_in_names_the_operator() -> None:
    assert built("9001")["parameter"] == [{"name": "operator", "valueString": "0001"}]


def test_a_person_is_asked_for_by_citizen_id() -> None:
    person = built("1101")
    assert person["identifier"] == [{"system": sid("citizen-id"), "value": CITIZEN}]
    assert person["name"] == [{"text": "测试一"}]


def test_a_card_is_asked_for_by_its_number_and_the_citizen_id_beside_it() -> None:
    person = built("1101", into("data", mdtrt_cert_type="03", mdtrt_cert_no="A1234567", card_sn="1"))
    assert person["identifier"] == [
        {"system": sid("citizen-id"), "value": CITIZEN},
        {"system": sid("card"), "value": "A1234567"},
    ]


def test_an_old_number_of_15_digits_is_upgraded() -> None:
    old = CITIZEN[:6] + CITIZEN[8:17]
    assert built("1101", into("data", mdtrt_cert_no=old))["identifier"][0]["value"] == CITIZEN


def test_a_wrong_check_digit_is_refused_at_the_field_that_was_sent() -> None:
    wrong = CITIZEN[:17] + ("1" if CITIZEN[17] != "1" else "2")
    with pytest.raises(Refusal) as refusal:
        built("1101", into("data", mdtrt_cert_no=wrong))
    assert [(p.code, p.path) for p in refusal.value.problems] == [("citizen-id-checksum", "input.data.mdtrt_cert_no")]


def test_a_registration_opens_an_outpatient_visit() -> None:
    assert built("2201") == {
        "resourceType": "Encounter",
        "status": "in-progress",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [{"coding": [{"system": cs("claim-kind"), "code": "outpatient"}]}],
        "identifier": [{"system": sid("visit"), "value": "OP0001"}],
        "subject": {"reference": f"Patient/{PERSON}"},
        "serviceProvider": {"reference": f"Organization/{HOSPITAL}"},
        "period": {"start": "2015-03-09T00:30:00.000Z"},
    }


def test_a_described_visit_has_its_kind_diagnoses_and_special_disease() -> None:
    visit = built("2203")
    assert visit["id"] == VISIT
    assert visit["type"][0]["coding"][0]["code"] == "chronic"
    assert [reason["coding"][0]["code"] for reason in visit["reasonCode"]] == ["I10.x00", "E11.900", "M03900"]
    assert [reason["coding"][0]["system"] for reason in visit["reasonCode"]] == [
        cs("diagnosis"),
        cs("diagnosis"),
        cs("special-disease"),
    ]


def test_an_ordinary_visit_has_no_special_disease() -> None:
    visit = built("2203", into("mdtrtinfo", med_type="11"))
    assert {reason["coding"][0]["system"] for reason in visit["reasonCode"]} == {cs("diagnosis")}


def test_diagnoses_of_chinese_medicine_have_code_systems_of_their_own() -> None:
    def change(envelope: dict[str, Any]) -> None:
        envelope["input"]["diseinfo"][1] |= {"diag_type": "2", "diag_code": "A08.01.01", "diag_name": "眩晕病"}

    assert built("2203", change)["reasonCode"][1]["coding"][0]["system"] == cs("tcm-disease")


def test_an_admission_opens_a_stay() -> None:
    stay = built("2401")
    assert stay["class"]["code"] == "IMP"
    assert stay["type"][0]["coding"][0]["code"] == "inpatient"
    assert stay["identifier"] == [{"system": sid("visit"), "value": "IP0001"}]
    assert [reason["coding"][0]["code"] for reason in stay["reasonCode"]] == ["I10.x00", "E11.900"]


def test_a_discharge_ends_it() -> None:
    stay = built("2402")
    assert stay["id"] == VISIT
    assert stay["status"] == "finished"
    assert stay["period"] == {"end": "2015-03-09T00:30:00.000Z"}


def test_fee_lines_are_the_items_of_a_draft_claim() -> None:
    claim = built("2204")
    assert claim["status"] == "draft"
    assert claim["extension"] == [{"url": ext("visit"), "valueReference": {"reference": f"Encounter/{VISIT}"}}]
    assert claim["identifier"] == [{"system": sid("bill"), "value": "B0001"}]
    assert claim["item"][0] == {
        "sequence": 1,
        "extension": [{"url": ext("line-number"), "valueString": "1"}],
        "productOrService": {"coding": [{"system": cs("catalogue"), "code": "XC08CAA270A001010100011"}]},
        "servicedDate": "2015-03-09",
        "quantity": {"value": Decimal(28)},
        "unitPrice": {"value": Decimal("0.85"), "currency": "CNY"},
        "net": {"value": Decimal("23.80"), "currency": "CNY"},
    }
    assert [item["sequence"] for item in claim["item"]] == [1, 2]


def test_a_refund_line_is_negative_and_names_the_line_it_takes_back() -> None:
    def change(envelope: dict[str, Any]) -> None:
        row = {"feedetl_sn": "3", "init_feedetl_sn": "2", "cnt": -1, "det_item_fee_sumamt": -10}
        envelope["input"]["feedetail"].append(envelope["input"]["feedetail"][1] | row)

    item = built("2301", change)["item"][2]
    assert (item["quantity"]["value"], item["net"]["value"]) == (-1, -10)
    assert {"url": ext("refunded-line"), "valueString": "2"} in item["extension"]


@pytest.mark.parametrize(
    ("infno", "use"), [("2206", "predetermination"), ("2207", "claim"), ("2303", "predetermination"), ("2304", "claim")]
)
def test_a_bill_is_a_claim_on_the_visit_with_its_total(infno: str, use: str) -> None:
    claim = built(infno)
    assert (claim["status"], claim["use"], claim["created"]) == ("active", use, "2015-03-09")
    assert claim["total"] == {"value": Decimal("33.80"), "currency": "CNY"}
    assert claim["patient"] == {"reference": f"Patient/{PERSON}"}
    assert claim["provider"] == {"reference": f"Organization/{HOSPITAL}"}
    assert claim["extension"][0]["valueReference"] == {"reference": f"Encounter/{VISIT}"}


def test_a_stated_split_travels_with_the_claim() -> None:
    parts = {"fulamt_ownpay_amt": "1.00", "overlmt_selfpay": "2.00", "preselfpay_amt": 3, "inscp_scp_amt": "27.80"}
    claim = built("2207", into("data", **parts))
    split = next(each for each in claim["extension"] if each["url"] == ext("stated-split"))
    assert split["extension"] == [
        {"url": "own-expense", "valueDecimal": Decimal("1.00")},
        {"url": "over-limit", "valueDecimal": Decimal("2.00")},
        {"url": "first-payment", "valueDecimal": Decimal("3.00")},
        {"url": "in-scope", "valueDecimal": Decimal("27.80")},
    ]


@pytest.mark.parametrize("infno", ["2208", "2305"])
def test_a_cancellation_names_the_settlement(infno: str) -> None:
    claim = built(infno)
    assert claim["identifier"] == [{"system": sid("settlement"), "value": SETTLEMENT}]
    assert claim["patient"] == {"reference": f"Patient/{PERSON}"}


@pytest.mark.parametrize(
    ("med_type", "kind"),
    [
        *((code, ClaimKind.OUTPATIENT) for code in ("11", "12", "19", "51", "53", "81")),
        *((code, ClaimKind.INPATIENT) for code in ("21", "22", "23", "24", "25", "26", "27")),
        ("13", ClaimKind.EMERGENCY),
        ("14", ClaimKind.CHRONIC),
        ("15", ClaimKind.SPECIAL_DRUG),
        ("28", ClaimKind.DAY_SURGERY),
        ("41", ClaimKind.PHARMACY),
        ("52", ClaimKind.MATERNITY),
    ],
)
def test_every_national_treatment_type_is_one_of_our_kinds(med_type: str, kind: ClaimKind) -> None:
    claim = built("2207", into("data", med_type=med_type))
    assert claim["subType"]["coding"] == [{"system": cs("claim-kind"), "code": kind.value}]


def test_another_treatment_type_is_refused_at_its_field() -> None:
    with pytest.raises(Refusal) as refusal:
        built("2207", into("data", med_type="9901"))
    assert [(p.code, p.path) for p in refusal.value.problems] == [("unknown-code", "input.data.med_type")]
