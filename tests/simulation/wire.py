"""One treatment said in three formats, and each answer read back into the same words.

Everything goes the whole way: bytes into the exchange as the channel hands them over, bytes of the answer out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import httpx

from adapters.hl7v2.sender import SENDER as HL7V2
from adapters.hl7v2.sender import BillLine, Envelope, Invoice
from adapters.nhsa.requests import Diagnosis, FeeLine, Window
from adapters.nhsa.sender import SENDER as NHSA
from adapters.nhsa.sender import Conversation, HisClient
from adapters.nhsa.sender import Treatment as NhsaTreatment
from gateway.contract import Incoming
from gateway.exchange.exchange import Exchange
from gateway.exchange.submit import prepare_submit
from gateway.fhir.json import decode, encode
from gateway.fhir.parts import amount, concept, reference
from gateway.fhir.systems import CLAIM_TYPE, PROCESS_PRIORITY, agency, cs, ext, sid
from gateway.kernel import money
from gateway.kernel.calendar import BUSINESS_ZONE
from gateway.kernel.citizen_id import CitizenId
from gateway.kernel.money import Fen
from gateway.settlement.claim import STAYS
from tests.golden.world import Citizen
from tests.simulation.treatments import TODAY, Treatment

CHANNELS = ("fhir", "hl7v2", "nhsa")
CUTS = ("own-expense", "over-limit", "first-payment")

NHSA_PARTS: Mapping[str, str] = {
    "submitted": "medfee_sumamt",
    "own-expense": "fulamt_ownpay_amt",
    "over-limit": "overlmt_selfpay",
    "first-payment": "preselfpay_amt",
    "in-scope": "inscp_scp_amt",
    "deductible": "act_pay_dedc",
    "fund-basic": "hifp_pay",
    "fund-total": "fund_pay_sumamt",
    "account": "acct_pay",
    "cash": "psn_cash_pay",
    "institution-share": "hosp_part_amt",
}
NHSA_LINE: Mapping[str, str] = {
    "submitted": "det_item_fee_sumamt",
    "own-expense": "fulamt_ownpay_amt",
    "over-limit": "overlmt_amt",
    "first-payment": "preselfpay_amt",
    "in-scope": "inscp_scp_amt",
}
MED_TYPES: Mapping[str, str] = {
    "inpatient": "21",
    "outpatient": "11",
    "emergency": "13",
    "chronic": "14",
    "special_drug": "15",
    "maternity": "52",
    "day_surgery": "28",
    "pharmacy": "41",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a channel answered. `parts`: fen by category; `lines`: the same of each line; `refusal`: in words, or ''."""

    settlement: str = ""
    parts: Mapping[str, Fen] = field(default_factory=dict)
    lines: tuple[Mapping[str, Fen], ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """A treatment of one person under the numbers the institution gave it."""

    treatment: Treatment
    citizen: Citizen
    person: str
    visit: str
    number: str


class Desks:
    """The counters of the institutions: message numbers never repeat, whatever the channel."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._numbers = count(1)
        self._clock = _seconds(TODAY)
        self._his = {each.institution: self._his_client(each.institution) for each in exchange.partners.all}

    def close(self) -> None:
        for his in self._his.values():
            his.close()

    def send(self, channel: str, bill: Bill) -> Said:
        """The whole conversation by which a bill is settled through a channel."""
        return {"fhir": self._fhir, "hl7v2": self._hl7v2, "nhsa": self._nhsa}[channel](bill)

    def _fhir(self, bill: Bill) -> Said:
        partner = next(each for each in self._exchange.partners.all if each.institution == bill.treatment.institution)
        key = f"K{next(self._numbers)}"
        prepared = prepare_submit(self._exchange, partner, encode(fhir_claim(bill)), idempotency_key=key)
        answer = decode(self._exchange.conclude(prepared).result().body)
        if answer["resourceType"] == "OperationOutcome":
            return Said(refusal=" ".join(_issue(each) for each in answer["issue"]))
        lines = tuple(_categories(item["adjudication"]) for item in answer["item"])
        return Said(answer["id"], _categories(answer["total"]), lines)

    def _hl7v2(self, bill: Bill) -> Said:
        envelope = Envelope(control_id=f"C{next(self._numbers)}", sent_at=datetime.combine(TODAY, time(9)))
        body = HL7V2.claim(hl7v2_invoice(bill), envelope)
        reply = self._exchange.accept("hl7v2", Incoming(body)).result().body
        answer = HL7V2.read_answer(reply)
        if answer.code != "AA":
            return Said(refusal=reply.decode())
        parts = {name: money.of(text) for name, text in answer.totals.items()}
        return Said(answer.settlement, parts, tuple(_whole_line(line) for line in answer.lines))

    def _nhsa(self, bill: Bill) -> Said:
        his = self._his[bill.treatment.institution]
        talk = (his.inpatient if bill.treatment.kind in STAYS else his.outpatient)(nhsa_treatment(bill))
        if not talk.settled:
            return Said(refusal=talk.last.error)
        parts = {name: money.of(talk.settlement[said]) for name, said in NHSA_PARTS.items()}
        return Said(talk.settlement["setl_id"], parts, tuple(_nhsa_lines(talk)))

    def _his_client(self, institution: str) -> HisClient:
        def post(request: httpx.Request) -> httpx.Response:
            incoming = Incoming(request.content, request.url.path, dict(request.headers))
            return httpx.Response(200, content=self._exchange.accept("nhsa", incoming).result().body)

        area = self._exchange.area
        http = httpx.Client(base_url="http://gateway", transport=httpx.MockTransport(post))
        return HisClient(http, Window(institution, institution, area, area), lambda: next(self._clock), count(1))


def fhir_claim(bill: Bill) -> dict[str, Any]:
    """The bill as a FHIR Claim."""
    done = bill.treatment
    claim = {
        "resourceType": "Claim",
        "identifier": [{"system": sid("visit"), "value": bill.visit}, {"system": sid("bill"), "value": bill.number}],
        "status": "active",
        "type": concept(CLAIM_TYPE, "institutional" if done.kind in STAYS else "professional"),
        "subType": concept(cs("claim-kind"), done.kind),
        "use": "claim",
        "patient": reference("Patient", bill.person),
        "billablePeriod": {"start": done.from_on.isoformat(), "end": done.to_on.isoformat()},
        "created": TODAY.isoformat(),
        "insurer": {"reference": agency("321182")},
        "provider": reference("Organization", done.institution),
        "priority": concept(PROCESS_PRIORITY, "normal"),
        "diagnosis": [
            {"sequence": n, "diagnosisCodeableConcept": concept(cs("diagnosis"), *each)}
            for n, each in enumerate(done.diagnoses, 1)
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "resident"}}],
        "item": [
            {
                "extension": [{"url": ext("line-number"), "valueString": str(n)}],
                "sequence": n,
                "productOrService": {**concept(cs("catalogue"), line.code), "text": line.name},
                "servicedDate": line.served_on.isoformat(),
                "quantity": {"value": line.count},
                "unitPrice": {"value": line.price, "currency": "CNY"},
                "net": amount(line.fen),
            }
            for n, line in enumerate(done.lines, 1)
        ],
        "total": amount(done.total),
    }
    if done.disease[0]:
        category = {"coding": [{"code": "special-disease"}]}
        code = concept(cs("special-disease"), *done.disease)
        claim["supportingInfo"] = [{"sequence": 1, "category": category, "code": code}]
    return claim


def hl7v2_invoice(bill: Bill) -> Invoice:
    """The bill as the invoice of EHC^E01."""
    done, known = bill.treatment, CitizenId(bill.citizen.citizen_id)
    return Invoice(
        institution=done.institution,
        institution_name=done.institution,
        area="321182",
        bill=bill.number,
        visit=bill.visit,
        citizen_id=known.number,
        name=bill.citizen.name,
        born_on=known.born_on,
        sex=known.sex,
        kind=done.kind,
        from_on=done.from_on,
        to_on=done.to_on,
        lines=[
            BillLine(line.code, line.name, line.count, line.price, money.decimal(line.fen), line.served_on)
            for line in done.lines
        ],
        diagnoses=done.diagnoses,
        disease=done.disease,
    )


def nhsa_treatment(bill: Bill) -> NhsaTreatment:
    """The bill as a counter of the NHSA interface holds it."""
    done = bill.treatment
    return NHSA.treatment(
        citizen_id=bill.citizen.citizen_id,
        name=bill.citizen.name,
        number=bill.visit,
        med_type=MED_TYPES[done.kind],
        diagnoses=[Diagnosis(*each) for each in done.diagnoses],
        lines=[
            FeeLine(str(n), line.code, line.price, line.count, _at(line.served_on), line.name)
            for n, line in enumerate(done.lines, 1)
        ],
        from_at=_at(done.from_on),
        to_at=_at(done.to_on),
        batch=bill.number,
        disease=Diagnosis(*done.disease) if done.disease[0] else None,
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), BUSINESS_ZONE)


def _seconds(day: date) -> Iterator[datetime]:
    start = datetime.combine(day, time(0), BUSINESS_ZONE)
    return (start + timedelta(seconds=number) for number in count())


def _categories(adjudication: list[dict[str, Any]]) -> dict[str, Fen]:
    return {each["category"]["coding"][0]["code"]: money.of(each["amount"]["value"]) for each in adjudication}


def _whole_line(said: Mapping[str, str]) -> dict[str, Fen]:
    """HL7 names the cuts that there are; what is left of the line is in scope."""
    line = {"submitted": money.of(said["submitted"]), **{cut: money.of(said.get(cut, "0")) for cut in CUTS}}
    return {**line, "in-scope": line["submitted"] - sum(line[cut] for cut in CUTS)}


def _nhsa_lines(talk: Conversation) -> Iterator[dict[str, Fen]]:
    uploaded = next(each for each in talk.answers if each.request.infno in ("2204", "2301"))
    for row in uploaded.output["result"]:
        yield {name: money.of(row[said]) for name, said in NHSA_LINE.items()}


def _issue(issue: Mapping[str, Any]) -> str:
    return f"{issue['details']['coding'][0]['code']} {issue['details']['text']}"
