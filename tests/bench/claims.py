"""The claim that is measured, in each format: ten lines of classes A, B and C, one of them above its price ceiling."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from adapters.hl7v2.sender import SENDER as HL7V2
from adapters.hl7v2.sender import BillLine, Envelope, Invoice
from adapters.nhsa.requests import FeeLine
from gateway.fhir.json import encode
from gateway.fhir.parts import amount, concept, reference
from gateway.fhir.systems import CLAIM_TYPE, PROCESS_PRIORITY, agency, cs, sid
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.citizen_id import CitizenId
from tests.bench.world import AREA, CITY, Person

FROM_ON, TO_ON = date(2015, 3, 1), date(2015, 3, 9)
AT = datetime(2015, 3, 9, 9, tzinfo=BUSINESS_ZONE)


class BenchLine(NamedTuple):
    """One line of the bill; its amount is price times quantity exactly."""

    code: str
    name: str
    price: Decimal
    quantity: int

    @property
    def fen(self) -> int:
        return money.of(self.price * self.quantity)


LINES = (
    BenchLine("001109000010000", "普通病房床位费", Decimal("42.00"), 8),
    BenchLine("001102000050000", "住院诊查费", Decimal("10.00"), 8),
    BenchLine("001201000040000", "Ⅱ级护理", Decimal("12.00"), 8),
    BenchLine("XJ01DDT108B001010100045", "头孢曲松钠注射剂 1g", Decimal("7.00"), 14),
    BenchLine("XJ01CRA047B001010100043", "阿莫西林克拉维酸钾注射剂 1.2g", Decimal("24.50"), 14),
    BenchLine("XB05XAL174B002010100024", "氯化钠注射液 0.9% 250ml", Decimal("4.50"), 28),
    BenchLine("XA02BCP038B001010100052", "泮托拉唑钠注射剂 40mg", Decimal("28.00"), 8),
    BenchLine("XC08CAX036A010010100012", "硝苯地平控释片 30mg", Decimal("4.50"), 14),
    BenchLine("C0901010010100100015", "镇痛泵(一次性)", Decimal("180.00"), 1),
    BenchLine("001204000060000", "静脉输液", Decimal("8.00"), 16),
)
TOTAL = sum(line.fen for line in LINES)


def fhir_claim(person: Person, number: str) -> bytes:
    """An inpatient stay as a FHIR Claim."""
    return encode(claim_resource(person, number))


def claim_resource(person: Person, number: str) -> dict[str, Any]:
    """The same, as a resource to be changed before it is sent."""
    return {
        "resourceType": "Claim",
        "identifier": [{"system": sid("visit"), "value": f"V{number}"}, {"system": sid("bill"), "value": f"B{number}"}],
        "status": "active",
        "type": concept(CLAIM_TYPE, "institutional"),
        "subType": concept(cs("claim-kind"), "inpatient"),
        "use": "claim",
        "patient": reference("Patient", person.id),
        "billablePeriod": {"start": FROM_ON.isoformat(), "end": TO_ON.isoformat()},
        "created": TO_ON.isoformat(),
        "insurer": {"reference": agency(AREA)},
        "provider": reference("Organization", CITY),
        "priority": concept(PROCESS_PRIORITY, "normal"),
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept(cs("diagnosis"), "J18.900", "肺炎")}],
        "insurance": [{"sequence": 1, "focal": True, "coverage": reference("Coverage", person.coverage)}],
        "item": [
            {
                "sequence": n,
                "productOrService": {**concept(cs("catalogue"), line.code), "text": line.name},
                "servicedDate": f"2015-03-{n % 8 + 1:02d}",
                "quantity": {"value": line.quantity},
                "unitPrice": {"value": line.price, "currency": "CNY"},
                "net": amount(line.fen),
            }
            for n, line in enumerate(LINES, 1)
        ],
        "total": amount(TOTAL),
    }


def hl7v2_claim(person: Person, number: str) -> bytes:
    """The same stay as EHC^E01."""
    known = CitizenId(person.citizen_id)
    invoice = Invoice(
        institution=CITY,
        institution_name="示范市人民医院",
        area=AREA,
        bill=f"B{number}",
        visit=f"V{number}",
        citizen_id=person.citizen_id,
        name=person.name,
        born_on=known.born_on,
        sex=known.sex,
        kind="inpatient",
        from_on=FROM_ON,
        to_on=TO_ON,
        lines=[
            BillLine(line.code, line.name, Decimal(line.quantity), line.price, money.decimal(line.fen), FROM_ON)
            for line in LINES
        ],
        diagnoses=[("J18.900", "肺炎")],
    )
    return HL7V2.claim(invoice, Envelope(control_id=f"C{number}", sent_at=AT))


def nhsa_lines(number: str) -> list[FeeLine]:
    """The same lines as NHSA fee details."""
    return [
        FeeLine(f"L{number}-{n}", line.code, line.price, Decimal(line.quantity), AT, line.name)
        for n, line in enumerate(LINES, 1)
    ]
