"""A small town on a real store: two hospitals, a bank, the police, the agency, and made-up residents.

Messages go through the real adapters and mappings; what tests read back is what partners would read.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from adapters.bank.sender import SENDER as BANK
from adapters.bank.sender import Credit
from adapters.nhsa.envelope import decode_answer
from adapters.nhsa.requests import PATH, Moment, Request, Window
from adapters.police.sender import SENDER as POLICE
from adapters.police.sender import Change
from gateway.contract import Incoming
from gateway.exchange.apply import OPERATIONS
from gateway.exchange.exchange import Exchange
from gateway.exchange.feeds import Feed, load_feeds
from gateway.exchange.pipeline import Reply
from gateway.exchange.submit import prepare_submit
from gateway.fhir.json import read_stored
from gateway.fhir.parts import concept
from gateway.fhir.systems import CLAIM_TYPE, PROCESS_PRIORITY, cs, sid
from gateway.kernel import money
from gateway.kernel.ids import AreaCode, PersonId, make_id
from gateway.policies.load import PolicyBook, load_all
from gateway.security.partners import Partner, Partners, Role
from gateway.settlement.claim import Counters
from gateway.store.store import Store
from gateway.store.values import MessageRecord, Settlement, Token

ROOT = Path(__file__).parents[3]
AREA = AreaCode("321182")
CITY_CODE, TOWNSHIP_CODE = "H32118200001", "H32118200101"
ACCOUNT, UNIT = "10001", "PSB321182"
NOON = datetime(2015, 3, 20, 4, tzinfo=UTC)
OPENING = ("登记", "出生", "迁入", "户变动")
DISEASE = "M03900"
DRUG, INDICATION = "XL01XEY002A001010100072", "C92.100"
"""In scope whole for its indication: class B without first payment or price ceiling."""


def _clinic(code: str) -> Partner:
    names = {feed: frozenset({code}) for feed in ("nhsa", "hl7v2")}
    return Partner(code, Role.CLINIC, code, institution=code, names=names)


CITY, TOWNSHIP = _clinic(CITY_CODE), _clinic(TOWNSHIP_CODE)
THE_BANK = Partner("bank", Role.BANK, "bank", names={"bank": frozenset({ACCOUNT})})
THE_POLICE = Partner("police", Role.POLICE, "police", names={"police": frozenset({UNIT})})
AGENCY = Partner("agency", Role.AGENCY, "agency")
PARTNERS = Partners((CITY, TOWNSHIP, THE_BANK, THE_POLICE, AGENCY))
COUNTER = Window(CITY_CODE, "示范市人民医院", AREA, AREA)


@cache
def feeds() -> dict[str, Feed]:
    return load_feeds(ROOT / "adapters", ROOT / "mappings")


@cache
def book() -> PolicyBook:
    return load_all()


def new_id() -> str:
    return make_id(AREA, millis=time.time_ns() // 1_000_000, entropy=secrets.randbits(72))


def citizen(serial: int, born_on: date = date(1950, 1, 1)) -> str:
    return POLICE.citizen_id(born_on, serial)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with its body read: an OperationOutcome or ClaimResponse, an NHSA envelope."""

    reply: Reply
    body: Mapping[str, Any]

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.reply.problems]

    @property
    def id(self) -> str:
        return str(self.body["id"])

    def total(self, code: str) -> str:
        """An amount of a ClaimResponse, '12.34'."""
        [found] = [t["amount"]["value"] for t in self.body["total"] if t["category"]["coding"][0]["code"] == code]
        return money.text(money.of(found))


@dataclass(eq=False)
class Town:
    """Everything a test does to the gateway, each by the message a partner would send."""

    store: Store
    exchange: Exchange
    now: datetime = NOON
    numbers: Any = field(default_factory=lambda: count(1))

    # police and bank

    def police(self, *changes: Change) -> Reply:
        file = POLICE.population_file(changes, unit=UNIT)
        return self.exchange.accept_file("police", Incoming(file), proven=THE_POLICE)

    def event(self, event: str, citizen_id: str, *, day: date = date(2015, 3, 1), **rest: Any) -> Reply:
        """One population change of a person named 张测试."""
        opening = {"household": "H1", "relation": "0", "head_id": citizen_id} if event in OPENING else {}
        rest = {"name": "张测试", **opening, **rest}
        change = Change(event, f"{next(self.numbers)}", citizen_id, event_day=day, **rest)
        return self.police(change)

    def pay(self, citizen_id: str, yuan: str = "200.00", *, reference: str = "", **rest: Any) -> Reply:
        """One credit on the contribution account."""
        credit = Credit(citizen_id, "张测试", yuan, reference or f"REF{next(self.numbers)}", **rest)
        file = BANK.credit_file(
            [credit], account=ACCOUNT, message_id=f"M{next(self.numbers)}", created_at=self.now, booked_on=self.today
        )
        return self.exchange.accept_file("bank", Incoming(file), proven=THE_BANK)

    def resident(self, serial: int = 1, born_on: date = date(1950, 1, 1)) -> str:
        """Registers a person who has paid for 2015; gives the citizen ID."""
        number = citizen(serial, born_on)
        assert not self.event("登记", number, day=date(2015, 1, 1)).problems
        assert not self.pay(number).problems
        return number

    @property
    def today(self) -> date:
        return (self.now + timedelta(hours=8)).date()

    # clinics

    def submit(self, claim: Mapping[str, Any], *, by: Partner = CITY, key: str = "") -> Answer:
        """POST /fhir/Claim/$submit."""
        body = msgspec.json.Encoder(decimal_format="number").encode(claim)
        return self.submit_bytes(body, by=by, key=key)

    def submit_bytes(self, body: bytes, *, by: Partner = CITY, key: str = "") -> Answer:
        reply = self.exchange.conclude(prepare_submit(self.exchange, by, body, idempotency_key=key)).result()
        return Answer(reply, read(reply.body))

    def nhsa(self, request: Request) -> Answer:
        """POST /fsi/api/…"""
        reply = self.exchange.accept("nhsa", Incoming(request.body, PATH, request.headers)).result()
        return Answer(reply, decode_answer(reply.body))

    def moment(self) -> Moment:
        return Moment(self.now, next(self.numbers))

    def operate(self, operation: str, *resources: Mapping[str, Any], by: Partner = CITY) -> Answer:
        """An operation on given resources, as a feed of another format would bring them; the body is its tree."""
        trees: list[Mapping[str, Any]] = []

        def answer(tree: Mapping[str, Any]) -> bytes:
            trees.append(tree)
            return b"{}"

        prepared = prepare_submit(self.exchange, by, b"{}", idempotency_key="")
        prepared = replace(
            prepared,
            problems=(),
            run=lambda desk: OPERATIONS[operation](desk, [dict(each) for each in resources]),
            answer=answer,
        )
        reply = self.exchange.conclude(prepared).result()
        return Answer(reply, trees[-1] if trees and not reply.problems else {})

    # what is there

    def patient(self, citizen_id: str) -> dict[str, Any]:
        """The Patient with a number, current or replaced."""
        found = self.store.search("Patient", tokens=[[Token("identifier", sid("citizen-id"), citizen_id)]], limit=2)
        assert len(found) == 1, f"{len(found)} Patients with {citizen_id}"
        return read_stored(found[0].body, id=found[0].id)

    def coverages(self, citizen_id: str) -> list[dict[str, Any]]:
        token = Token("beneficiary", "", f"Patient/{self.patient(citizen_id)['id']}")
        return [
            read_stored(each.body, id=each.id) for each in self.store.search("Coverage", tokens=[[token]], limit=10)
        ]

    def counters(self, citizen_id: str) -> dict[tuple[str, str], Counters]:
        """Counters of a person that are not all zero."""
        used = self.store.counters(PersonId(self.patient(citizen_id)["id"]), "resident")
        return {key: value for key, value in used.items() if any(value)}

    def settlements(self) -> list[Settlement]:
        return self.store.settlements(limit=1000)

    def messages(self) -> list[MessageRecord]:
        return self.store.messages(limit=1000)

    def sound(self) -> None:
        """The books balance and every sum recounts."""
        assert self.store.verify().problems == ()
        assert sum(self.store.trial_balance().values()) == 0


def open_town(store: Store) -> Town:
    """A town at noon of 20 March 2015 in China; `town.now` moves the clock."""
    towns: list[Town] = []
    exchange = Exchange(
        store=store,
        book=book(),
        partners=PARTNERS,
        feeds=feeds(),
        area=AREA,
        clock=lambda: towns[0].now if towns else NOON,
        new_id=new_id,
    )
    towns.append(Town(store, exchange))
    return towns[0]


def read(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.Decoder(float_hook=Decimal).decode(body)
    return found


def item(yuan: str, code: str = DRUG, *, day: str = "2015-03-09", number: int = 1) -> dict[str, Any]:
    """A line of quantity one."""
    price = {"value": Decimal(yuan), "currency": "CNY"}
    return {
        "sequence": number,
        "productOrService": {"coding": [{"system": cs("catalogue"), "code": code}]},
        "servicedDate": day,
        "quantity": {"value": Decimal(1)},
        "unitPrice": price,
        "net": price,
    }


def claim(
    citizen_id: str,
    *yuan: str,
    visit: str = "V1",
    bill: str = "B1",
    kind: str = "inpatient",
    day: str = "2015-03-09",
    provider: str = CITY_CODE,
    use: str = "claim",
    **rest: Any,
) -> dict[str, Any]:
    """A whole Claim of lines that are in scope whole."""
    items = [item(each, day=day, number=number) for number, each in enumerate(yuan or ("1000.00",), 1)]
    total = sum((each["net"]["value"] for each in items), Decimal(0))
    made = {
        "resourceType": "Claim",
        "identifier": [{"system": sid("visit"), "value": visit}, {"system": sid("bill"), "value": bill}],
        "status": "active",
        "type": {"coding": [{"system": CLAIM_TYPE, "code": "institutional"}]},
        "subType": {"coding": [{"system": cs("claim-kind"), "code": kind}]},
        "use": use,
        "patient": {"identifier": {"system": sid("citizen-id"), "value": citizen_id}},
        "created": day,
        "billablePeriod": {"start": day, "end": day},
        "insurer": {"reference": f"Organization/agency-{AREA}"},
        "provider": {"reference": f"Organization/{provider}"},
        "priority": {"coding": [{"system": PROCESS_PRIORITY, "code": "normal"}]},
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept(cs("diagnosis"), INDICATION)}],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "resident"}}],
        "item": items,
        "total": {"value": total, "currency": "CNY"},
    }
    if kind == "chronic":
        category = concept(cs("supporting-info"), "special-disease")
        disease = concept(cs("special-disease"), DISEASE)
        made["supportingInfo"] = [{"sequence": 1, "category": category, "code": disease}]
    return {**made, **rest}


def cancellation(**numbers: str) -> dict[str, Any]:
    """What a feed makes of a cancellation: settlement=, visit=, bill=."""
    identifiers = [{"system": sid(system), "value": value} for system, value in numbers.items()]
    return {"resourceType": "Claim", "status": "cancelled", "identifier": identifiers}
