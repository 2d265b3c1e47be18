"""The settlement of a decision as the store keeps it, and its resources as its institution's and its person's."""

from collections.abc import Iterable
from datetime import date

from gateway.exchange.apply.decide import Decided, treatment_key
from gateway.exchange.desk import Desk, Resource
from gateway.exchange.records import Origin, put
from gateway.fhir.json import encode
from gateway.fhir.parts import reference
from gateway.kernel.calendar import benefit_year, completed_years
from gateway.ledger.entry import Entry
from gateway.payment.payment import group_of
from gateway.settlement.claim import STAYS
from gateway.settlement.explain import trace
from gateway.store.values import Settlement, SettlementState


def booking_day(desk: Desk, scheme: str, corrected: Iterable[Entry] = ()) -> date:
    """The day of the books for what happens today: today, or the first day after the closed periods.

    Never before that of an entry it corrects.
    """
    return max((desk.unit.open_day(scheme, desk.today), *(entry.booked_on for entry in corrected)))


def settlement_of(desk: Desk, decided: Decided, response_id: str, *, booked_on: date) -> Settlement:
    """The decision in force, under the person's next number."""
    decision = decided.decision
    claim = decision.claim
    days = claim.days if claim.kind in STAYS else 0
    return Settlement(
        id=response_id,
        area=desk.area,
        claim=claim.id,
        person=claim.person.id,
        scheme=claim.scheme,
        institution=claim.institution,
        treatment=treatment_key(claim, decided.reading),
        state=SettlementState.EFFECTIVE,
        number=desk.unit.last_number(claim.person.id, claim.scheme) + 1,
        decided_on=claim.decided_on,
        period=benefit_year(claim.decided_on),
        policy_hash=decision.version,
        fund=decision.fund_total,
        total=decision.total,
        cancelled_by="",
        trace=encode(trace(decision)),
        kind=claim.kind,
        days=days,
        case_group=group_of(
            desk.area_policy(claim.scheme).payment,
            kind=claim.kind,
            diagnoses=claim.diagnoses,
            days=days,
            age=completed_years(claim.person.born_on, claim.decided_on),
            day=claim.decided_on,
        ),
        account=decision.account,
        booked_on=booked_on,
    )


def by_our_ids(claim: Resource, decided: Decided) -> Resource:
    """A Claim that names its person and the Coverage that paid."""
    coverage = reference("Coverage", decided.coverage["id"])
    return {
        **claim,
        "patient": reference("Patient", decided.patient["id"]),
        "insurance": [{"sequence": 1, "focal": True, "coverage": coverage}],
    }


def put_of(desk: Desk, resource: Resource, settlement: Settlement, origin: Origin = Origin.GATEWAY) -> None:
    """Store a resource of a settlement."""
    put(desk, resource, owner=settlement.institution, person=settlement.person, origin=origin)
