"""What the NHSA tests share: a counter, a clock, a hospital's requests, and results of the core."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from adapters.nhsa import requests
from adapters.nhsa import requests_clearing as clearing
from adapters.nhsa.requests import Bill, Diagnosis, FeeLine, Moment, Request, Window
from gateway.contract import Context, Incoming
from gateway.fhir.systems import cs, ext, sid
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.citizen_id import check_digit

HOSPITAL = "H32118200001"
AT = datetime(2015, 3, 9, 8, 30, tzinfo=BUSINESS_ZONE)
SECRET = "a shared secret of one hospital"
WINDOW = Window(HOSPITAL, "示范市人民医院", "321182", "321182", secret=SECRET)
MOMENT = Moment(AT, 1)
CONTEXT = Context(now=AT, reference="321182" + "0" * 24, area="321182")
CITIZEN = "32118219521018001" + check_digit("32118219521018001")
PERSON = "321182" + "p" * 24
VISIT = "321182" + "v" * 24
SETTLEMENT = "321182" + "s" * 24
HYPERTENSION = Diagnosis("I10.x00", "特发性(原发性)高血压")
DIABETES = Diagnosis("E11.900", "2型糖尿病")
DISEASE = Diagnosis("M03900", "高血压")
LINES = (
    FeeLine("1", "XC08CAA270A001010100011", Decimal("0.85"), Decimal("28"), AT, "苯磺酸氨氯地平片"),
    FeeLine("2", "001102000010000", Decimal("10"), Decimal("1"), AT, "诊察费"),
)
TOTAL = sum((line.amount for line in LINES), Decimal(0))
SUMS = clearing.Sums(1, TOTAL, Decimal("5.00"))
BILL = Bill(VISIT, PERSON, CITIZEN, TOTAL, "14", "B0001")

REQUESTS: dict[str, Callable[[Window, Moment], Request]] = {
    "9001": requests.sign_in,
    "1101": lambda w, m: requests.person(w, m, citizen_id=CITIZEN, name="测试一"),
    "2201": lambda w, m: requests.register(w, m, person=PERSON, card=CITIZEN, visit="OP0001", at=AT),
    "2203": lambda w, m: requests.describe(
        w, m, visit_id=VISIT, person=PERSON, med_type="14", diagnoses=(HYPERTENSION, DIABETES), at=AT, disease=DISEASE
    ),
    "2204": lambda w, m: requests.outpatient_lines(w, m, visit_id=VISIT, person=PERSON, batch="B0001", lines=LINES),
    "2206": lambda w, m: requests.settle_outpatient(w, m, BILL, trial=True),
    "2207": lambda w, m: requests.settle_outpatient(w, m, BILL),
    "2208": lambda w, m: requests.cancel(w, m, settlement=SETTLEMENT, visit_id=VISIT, person=PERSON),
    "2401": lambda w, m: requests.admit(
        w, m, person=PERSON, card=CITIZEN, visit="IP0001", diagnoses=(HYPERTENSION, DIABETES), at=AT
    ),
    "2402": lambda w, m: requests.discharge(w, m, visit_id=VISIT, person=PERSON, diagnoses=(DIABETES,), at=AT),
    "2301": lambda w, m: requests.inpatient_lines(w, m, visit_id=VISIT, person=PERSON, med_type="21", lines=LINES),
    "2303": lambda w, m: requests.settle_inpatient(w, m, BILL, trial=True),
    "2304": lambda w, m: requests.settle_inpatient(w, m, BILL),
    "2305": lambda w, m: requests.cancel(w, m, settlement=SETTLEMENT, visit_id=VISIT, person=PERSON, inpatient=True),
    "3201": lambda w, m: clearing.totals(w, m, SUMS, begin=AT.date(), end=AT.date()),
    "3202": lambda w, m: clearing.details(w, m, SUMS, file=SETTLEMENT, begin=AT.date(), end=AT.date()),
    "3203": lambda w, m: clearing.apply(w, m, SUMS, month="201503", begin=AT.date(), end=AT.date(), care="11"),
    "3204": lambda w, m: clearing.revoke(w, m, application=SETTLEMENT),
    "9101": lambda w, m: clearing.upload(w, m, [clearing.Detail(SETTLEMENT, VISIT, PERSON, TOTAL, Decimal("5.00"))]),
    "9102": lambda w, m: clearing.download(w, m, file=SETTLEMENT, name="result.zip"),
}


def request(infno: str) -> Request:
    """The well-formed request of a transaction."""
    return REQUESTS[infno](WINDOW, MOMENT)


def incoming(infno: str, change: Callable[[dict[str, Any]], object] | None = None) -> Incoming:
    """A request as it arrives, after `change` did something to its envelope."""
    sent = request(infno)
    if change is None:
        return Incoming(sent.body, requests.PATH, sent.headers)
    envelope = read(sent.body)
    change(envelope)
    return Incoming(write(envelope), requests.PATH, sent.headers)


def read(body: bytes) -> dict[str, Any]:
    envelope: dict[str, Any] = msgspec.json.Decoder(float_hook=Decimal).decode(body)
    return envelope


def write(envelope: Any) -> bytes:
    return msgspec.json.Encoder(decimal_format="number").encode(envelope)


def money(code: str, yuan: str) -> dict[str, Any]:
    """A total of a ClaimResponse."""
    category = {"coding": [{"system": cs("adjudication"), "code": code}]}
    return {"category": category, "amount": {"value": Decimal(yuan), "currency": "CNY"}}


PATIENT = {
    "resourceType": "Patient",
    "id": PERSON,
    "identifier": [{"system": sid("citizen-id"), "value": CITIZEN}],
    "name": [{"text": "测试一"}],
    "gender": "male",
    "birthDate": "1952-10-18",
}
COVERAGE = {
    "resourceType": "Coverage",
    "status": "active",
    "type": {"coding": [{"system": cs("scheme"), "code": "resident"}]},
    "period": {"start": "2015-01-01", "end": "2015-12-31"},
    "payor": [{"reference": "Organization/agency-321182"}],
    "class": [{"type": {"coding": [{"code": "group"}]}, "value": "resident"}],
}
AMOUNTS = {
    "submitted": "1000.00",
    "own-expense": "50.00",
    "over-limit": "10.00",
    "first-payment": "40.00",
    "in-scope": "900.00",
    "deductible": "500.00",
    "counted": "400.00",
    "fund-basic": "240.00",
    "fund-total": "240.00",
    "account": "0.00",
    "cash": "760.00",
    "institution-share": "0.00",
}


def settled(kind: str = "chronic", *, sign: str = "", amounts: dict[str, str] | None = None) -> dict[str, Any]:
    """A result as the core hands it to the answer rows; `sign` '-' for a cancellation."""
    totals = [money(code, sign + yuan) for code, yuan in (amounts or AMOUNTS).items()]
    return {
        "Claim": {
            "resourceType": "Claim",
            "subType": {"coding": [{"system": cs("claim-kind"), "code": kind}]},
            "insurer": {"reference": "Organization/agency-321182"},
        },
        "ClaimResponse": {
            "resourceType": "ClaimResponse",
            "id": SETTLEMENT,
            "total": totals,
            "processNote": [
                {"number": 1, "text": "起付线 500.00 元", "language": {"coding": [{"code": "zh-CN"}]}},
                {"number": 2, "text": "deductible 500.00", "language": {"coding": [{"code": "en"}]}},
            ],
        },
        "Patient": PATIENT,
        "Coverage": COVERAGE,
        "Context": {"reference": CONTEXT.reference, "now": "2015-03-09T00:30:00.000Z"},
    }


def priced() -> dict[str, Any]:
    """Lines priced by the catalogue: one class B line over its ceiling, one that the catalogue does not have."""

    def cut(code: str, yuan: str, reason: str = "") -> dict[str, Any]:
        return money(code, yuan) | ({"reason": {"text": reason}} if reason else {})

    first = {
        "itemSequence": 1,
        "extension": [
            {"url": ext("line-number"), "valueString": "1"},
            {"url": ext("item-class"), "valueCode": "B"},
            {"url": ext("first-payment-rate"), "valueDecimal": Decimal("0.1")},
            {"url": ext("price-ceiling"), "valueDecimal": Decimal("0.80")},
            {"url": ext("charge"), "valueCode": "drug"},
        ],
        "adjudication": [
            cut("submitted", "23.80"),
            cut("own-expense", "0.00"),
            cut("over-limit", "1.40"),
            cut("first-payment", "2.24"),
            cut("in-scope", "20.16"),
        ],
    }
    second = {
        "itemSequence": 2,
        "extension": [
            {"url": ext("line-number"), "valueString": "2"},
            {"url": ext("item-class"), "valueCode": "none"},
        ],
        "adjudication": [cut("submitted", "10.00"), cut("own-expense", "10.00", "目录外")],
    }
    claim = {"resourceType": "Claim", "item": [_item("2", "1", "10.00", "10.00"), _item("1", "28", "0.85", "23.80")]}
    response = {"resourceType": "ClaimResponse", "item": [first, second]}
    return {"Claim": claim, "ClaimResponse": response, "Context": {}}


def _item(number: str, count: str, price: str, net: str) -> dict[str, Any]:
    """A line of the draft Claim."""
    return {
        "extension": [{"url": ext("line-number"), "valueString": number}],
        "quantity": {"value": Decimal(count)},
        "unitPrice": {"value": Decimal(price), "currency": "CNY"},
        "net": {"value": Decimal(net), "currency": "CNY"},
    }
