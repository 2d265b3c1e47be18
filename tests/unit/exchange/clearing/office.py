"""An agency's office over a town: a month is settled, calculated, applied for, reviewed, approved, paid, answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from gateway.exchange import clearances, remittances
from gateway.exchange.clearing import folders
from gateway.exchange.clearing.approval import digest_of
from gateway.exchange.clearing.bodies import Application, Clearing, Payment, PaymentFile
from gateway.exchange.clearing.folders import Held, read_as
from gateway.exchange.clearing.opening import NOTHING_DUE, Due, open_clearing
from gateway.exchange.findings import Finding, read_finding
from gateway.exchange.pipeline import Prepared
from gateway.fhir.json import encode
from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.ledger.entry import Entry, Posting
from gateway.ledger.flows import contributions, stations
from gateway.security.partners import Partner, Role
from gateway.store.unit import Unit
from gateway.store.values import Dossier
from tests.unit.exchange.town import AREA, CITY, CITY_CODE, THE_BANK, Answer, Town, claim, new_id, read

REVIEWER, CHIEF, DEPUTY = (Partner(id, Role.AGENCY, id) for id in ("reviewer", "chief", "deputy"))
APRIL = datetime(2015, 4, 2, 4, tzinfo=UTC)
MARCH = "2015-03"
EXPENDITURE = "3211820100000003"


@dataclass(eq=False)
class Office:
    """What officers, institutions and the bank do. Amounts are texts in yuan where they are said, fen where read."""

    town: Town

    # the month

    def settle(self, *yuan: str, serial: int = 1, visit: str = "V1", **rest: Any) -> Answer:
        """One stay of the city hospital, settled at the town's present."""
        answer = self.town.submit(claim(self.town.resident(serial), *yuan, visit=visit, bill=f"B-{visit}", **rest))
        assert not answer.codes, answer.codes
        return answer

    def fill(self, yuan: str, *, fund: str = "basic") -> None:
        """Money in the expenditure account of a fund, by the way it must come."""
        amount = money.of(yuan)
        steps = (
            contributions.subsidy_claimed(fund=fund, by_level={"city": amount}),
            contributions.subsidy_received(fund=fund, level="city", amount=amount),
            stations.to_expenditure(fund=fund, amount=amount),
        )
        for postings in steps:
            self.post(*postings)

    def post(self, *postings: Posting) -> None:
        entry = Entry(new_id(), AREA, "resident", self.town.today, "test", postings)
        self.town.store.submit(lambda unit: unit.post(entry)).result()

    def calculate(
        self,
        month: str = MARCH,
        institution: str = CITY_CODE,
        *,
        due: Due = NOTHING_DUE,
        payables: Mapping[str, Fen] | None = None,
    ) -> Held[Clearing]:
        """What the closing of a month does for one institution, from the books."""
        first = date.fromisoformat(f"{month}-01")
        last = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        last = last.fromordinal(last.toordinal() - 1)
        store = self.town.store
        booked = store.payables("resident", from_on=first, to_on=last).get(institution, {})
        owed = booked if payables is None else payables
        activity = store.activity("resident", from_on=first, to_on=last, institution=institution)

        def work(unit: Unit) -> Dossier:
            return open_clearing(
                unit,
                scheme="resident",
                month=month,
                institution=institution,
                payables=owed,
                activity=activity,
                due=due,
                booked_on=self.town.today,
            )

        return read_as(Clearing, store.submit(work).result())

    # the institution

    def apply(self, figures: Mapping[str, Any], *, by: Partner = CITY) -> Answer:
        """An application, as its feed makes it."""
        parameters = [{"name": name.replace("_", "-"), "valueString": str(value)} for name, value in figures.items()]
        resource = {"resourceType": "Parameters", "parameter": parameters}
        return self.town.operate("apply-clearing", resource, by=by)

    def figures(self, held: Held[Clearing]) -> dict[str, Any]:
        """The core's own figures of a month, as an institution that agrees would send them."""
        care = held.body.care
        total, fund = sum(each.total for each in care), sum(each.fund for each in care)
        account = sum(each.account for each in care)
        return {
            "month": held.body.month,
            "care_type": "all",
            "cases": sum(each.cases for each in care),
            "total": money.text(total),
            "fund": money.text(fund),
            "account": money.text(account),
            "cash": money.text(total - fund - account),
        }

    def revoke(self, id: str, by: Partner = CITY) -> Answer:
        parameter = {"name": "application", "valueString": id}
        return self.town.operate("revoke-clearing", {"resourceType": "Parameters", "parameter": [parameter]}, by=by)

    # the officers

    def review(self, id: str, *deductions: Mapping[str, Any], by: Partner = REVIEWER, **rest: Any) -> Answer:
        body = encode({"deductions": list(deductions), **rest})
        return self.act(clearances.prepare_review(self.town.exchange, by, id, body))

    def approve(self, id: str, *, by: Partner, key: str = "", **rest: Any) -> Answer:
        body = encode({"digest": digest_of(self.clearing(id).body), **rest})
        return self.act(clearances.prepare_approval(self.town.exchange, by, id, body, key=key))

    def instruct(self, batch: str = "1", *, by: Partner = CHIEF, scheme: str = "resident") -> Answer:
        body = encode({"scheme": scheme, "batch": batch})
        reply = clearances.instruct_payments(self.town.exchange, by, body)
        return Answer(reply, read(reply.body))

    def reopen(self, id: str, *, why: str, by: Partner = CHIEF) -> Answer:
        return self.act(clearances.prepare_reopening(self.town.exchange, by, id, encode({"why": why})))

    def act(self, prepared: Prepared) -> Answer:
        reply = self.town.exchange.conclude(prepared).result()
        return Answer(reply, read(reply.body))

    def approved(self, held: Held[Clearing], *deductions: Mapping[str, Any]) -> Held[Clearing]:
        """A clearing taken through application, review and both approvals."""
        assert not self.apply(self.figures(held)).codes
        for answer in (
            self.review(held.id, *deductions),
            self.approve(held.id, by=CHIEF),
            self.approve(held.id, by=DEPUTY),
        ):
            assert not answer.codes, answer.codes
        return self.clearing(held.id)

    def instructed(self, held: Held[Clearing], batch: str = "1") -> Held[Payment]:
        """The payment of an approved clearing, in a file."""
        answer = self.instruct(batch)
        assert not answer.codes, answer.codes
        return self.payment(self.clearing(held.id).body.payments[-1])

    # the bank

    def status(self, code: str, *, by: Partner = THE_BANK, **said: Any) -> Answer:
        return self._bank("payment-status", by, status=code, **said)

    def booked(self, payment: Held[Payment], amount: str = "", *, reference: str = "BANK1") -> Answer:
        return self._moved("payment-booked", payment, amount, reference)

    def returned(self, payment: Held[Payment], amount: str = "", *, reference: str = "BANK2") -> Answer:
        return self._moved("payment-returned", payment, amount, reference, reason="AC04")

    def _moved(self, operation: str, payment: Held[Payment], amount: str, reference: str, **rest: str) -> Answer:
        said = {
            "end_to_end_id": payment.id,
            "reference": reference,
            "amount": amount or money.text(payment.dossier.fen),
            "booked_on": self.town.today.isoformat(),
            "account": EXPENDITURE,
        }
        return self._bank(operation, THE_BANK, **said, **rest)

    def _bank(self, operation: str, by: Partner, **said: Any) -> Answer:
        parameters = [{"name": name.replace("_", "-"), "valueString": str(value)} for name, value in said.items()]
        return self.town.operate(operation, {"resourceType": "Parameters", "parameter": parameters}, by=by)

    # what is there

    def clearing(self, id: str) -> Held[Clearing]:
        return remittances.find_clearing(self.town.exchange, CHIEF, id)

    def clearing_of(self, month: str, institution: str = CITY_CODE) -> Held[Clearing]:
        found = self.town.store.dossier_of_key("clearing", f"resident|{month}|{institution}")
        assert found is not None
        return read_as(Clearing, found)

    def application(self, id: str) -> Held[Application]:
        return remittances.find_application(self.town.exchange, CHIEF, id)

    def payment(self, id: str) -> Held[Payment]:
        return remittances.find_payment(self.town.exchange, CHIEF, id)

    def file(self, key: str) -> Held[PaymentFile]:
        return remittances.find_file(self.town.exchange, CHIEF, key)

    def findings(self) -> list[Finding]:
        return [read_finding(each) for each in self.town.store.dossiers("finding", limit=100)]

    def files(self) -> list[Dossier]:
        return self.town.store.dossiers(folders.PAYMENT_FILE, limit=100)

    def balance(self, account: str, *, fund: str = "basic") -> Fen:
        """Balance of an account in fen, debit positive."""
        return self.town.store.trial_balance().get(("resident", fund, account), 0)

    def standing(self, institution: str = CITY_CODE) -> dict[str, Any]:
        found = self.town.store.dossier_of_key(folders.STANDING, f"resident|{institution}")
        return msgspec.json.decode(found.body) if found else {}


def deduction(amount: str, *, settlement: str = "", reason: str = "over-price", fund: str = "basic") -> dict[str, str]:
    """A deduction as an officer sends it."""
    said = {"amount": amount, "reason": reason, "fund": fund, "text": "超标准收费", "source": "审核单1号"}
    return {**said, "settlement": settlement}
