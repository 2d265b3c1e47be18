"""A workers' area on a real store: Qingdao's plan, a works hospital, the agency, and made-up workers."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from secrets import randbits
from typing import Any

from gateway.exchange.exchange import Exchange
from gateway.exchange.fund import prepare_event, prepare_levy
from gateway.exchange.pipeline import Prepared, Reply
from gateway.exchange.resettlement import prepare_settlement
from gateway.exchange.rest import prepare_write
from gateway.exchange.submit import prepare_submit
from gateway.fhir.coverage import CoverageReading, write_coverage
from gateway.fhir.json import encode
from gateway.fhir.patient import PatientReading, write_patient
from gateway.fhir.systems import cs
from gateway.kernel import money
from gateway.kernel.ids import AreaCode, PersonId, make_id
from gateway.ledger.accounts import Account
from gateway.security.partners import Partner, Partners, Role
from gateway.store.opening import open_store
from gateway.store.store import Store
from tests.conftest import clock_now, test_keyring
from tests.unit.exchange.town import Answer, book, claim, read

QINGDAO = AreaCode("370200")
WORKS, FIRST = "H37020000001", "H37020000101"
DRUG = "XC03CAF056A001010100018"
"""In scope whole: class A, no price ceiling."""
MORNING = datetime(2015, 3, 20, 1, tzinfo=UTC)
EMPLOYER = "91370200MA0000001X"


def _clinic(code: str) -> Partner:
    return Partner(code, Role.CLINIC, code, institution=code)


HOSPITAL, CITY_HOSPITAL = _clinic(WORKS), _clinic(FIRST)
OFFICE = Partner("office", Role.AGENCY, "office")
FINANCE = Partner("finance", Role.AGENCY, "finance")


def new_id() -> str:
    return make_id(QINGDAO, millis=time.time_ns() // 1_000_000, entropy=randbits(72))


@dataclass(eq=False)
class Works:
    """What a test does to the workers' scheme, by the messages its partners send."""

    store: Store
    area: AreaCode = QINGDAO
    now: datetime = MORNING
    numbers: Any = field(default_factory=lambda: count(1))
    scheme: str = "worker"

    @property
    def exchange(self) -> Exchange:
        partners = Partners((HOSPITAL, CITY_HOSPITAL, OFFICE, FINANCE))
        return Exchange(self.store, book(), partners, {}, self.area, lambda: self.now, new_id)

    @property
    def today(self) -> date:
        return (self.now + timedelta(hours=8)).date()

    def conclude(self, prepared: Prepared) -> Answer:
        reply: Reply = self.exchange.conclude(prepared).result()
        return Answer(reply, read(reply.body))

    def written(self, type: str, resource: Mapping[str, Any]) -> str:
        answer = self.conclude(prepare_write(self.exchange, OFFICE, type, encode({**resource, "resourceType": type})))
        assert not answer.codes, answer.codes
        return answer.id

    def worker(self, born_on: date = date(1980, 1, 1), *, category: str = "worker") -> PersonId:
        """A registered person with cover since 2010."""
        patient = write_patient(PatientReading(id="", name="张测试", gender="male", born_on=born_on))
        person = self.written("Patient", patient)
        policy = f"{self.area}-{self.scheme}"
        cover = CoverageReading("", True, self.scheme, person, date(2010, 1, 1), area=self.area, category=category,
                                policy=policy)  # fmt: skip
        self.written("Coverage", write_coverage(cover))
        return PersonId(person)

    def report(self, event: str, yuan: str, /, *, by: Partner = OFFICE, **rest: Any) -> Answer:
        """One event of the fund, under a reference of its own unless one is given."""
        told = {
            "event": event,
            "scheme": self.scheme,
            "fund": "pooled",
            "amount": yuan,
            "day": self.today.isoformat(),
            "reference": f"PZ-{next(self.numbers)}",
            **rest,
        }
        return self.conclude(prepare_event(self.exchange, by, encode(told)))

    def credit(self, person: str, yuan: str) -> None:
        answer = self.report("account-credited", yuan, fund="personal-account", party=person)
        assert not answer.codes, answer.codes

    def levy(self, yuan: str, *, roster: list[dict[str, Any]] | None = None, **rest: Any) -> Answer:
        told = {
            "scheme": self.scheme,
            "employer": EMPLOYER,
            "quarter": "2015Q1",
            "reference": f"ZS-{next(self.numbers)}",
            "paid_on": self.today.isoformat(),
            "amount": yuan,
            **({"roster": roster} if roster is not None else {}),
            **rest,
        }
        return self.conclude(prepare_levy(self.exchange, OFFICE, encode(told)))

    def bill(self, person: str, yuan: str, *, visit: str = "", by: Partner = HOSPITAL, **rest: Any) -> dict[str, Any]:
        made = claim("", yuan, visit=visit or f"V{next(self.numbers)}", kind="outpatient", provider=by.institution)
        [item] = made["item"]
        item = {**item, "productOrService": {"coding": [{"system": cs("catalogue"), "code": DRUG}]}}
        patient = {"reference": f"Patient/{person}"}
        return {
            **made,
            "item": [item],
            "patient": patient,
            "insurer": {"reference": f"Organization/agency-{self.area}"},
            **rest,
        }

    def submit(self, person: str, yuan: str, *, by: Partner = HOSPITAL, **rest: Any) -> Answer:
        body = encode(self.bill(person, yuan, by=by, **rest))
        return self.conclude(prepare_submit(self.exchange, by, body, idempotency_key=""))

    def resettle(self, settlement: str, body: Any = None) -> Answer:
        sent = b"" if body is None else encode(body)
        return self.conclude(prepare_settlement(self.exchange, OFFICE, settlement, sent))

    def cancel(self, settlement: str) -> Answer:
        return self.resettle(settlement, {"resourceType": "Claim", "status": "cancelled"})

    def balance(self, person: str) -> str:
        """What the books say a person's account holds, in yuan."""
        postings = self.store.postings(scheme=self.scheme, account=Account.PERSONAL_ACCOUNT, party=person, limit=1000)
        return money.text(-sum(line.fen for line in postings))

    def holds(self, account: Account, fund: str = "pooled") -> str:
        """Signed balance of an account of a fund, in yuan."""
        return money.text(self.store.balances(self.scheme, on=date.max).get((fund, account), 0))

    def paid(self, settlement: str) -> tuple[str, str, str]:
        """Funds, account, cash of a settlement's answer."""
        stored = self.store.read("ClaimResponse", settlement)
        assert stored is not None
        total = {each["category"]["coding"][0]["code"]: each["amount"]["value"] for each in read(stored.body)["total"]}
        found = self.store.settlement(settlement)
        assert found is not None
        return money.text(found.fund), str(Decimal(total["account"])), str(Decimal(total["cash"]))

    def sound(self) -> None:
        """The books balance and every sum recounts."""
        assert self.store.verify().problems == ()
        assert sum(self.store.trial_balance().values()) == 0


def open_works(url: str, *, area: AreaCode = QINGDAO, scheme: str = "worker") -> Works:
    """The area on an empty database that has its tables."""
    store = open_store(url, area=area, keyring=test_keyring(), clock=clock_now, make_id=new_id, migrate=False)
    return Works(store, area=area, scheme=scheme)


def second_process(works: Works, url: str) -> Works:
    """The same area by another connection (PostgreSQL)."""
    return replace(open_works(url, area=works.area, scheme=works.scheme), now=works.now)
