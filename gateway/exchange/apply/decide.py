"""Load, then decide: a complete Claim with the facts of its person and institution goes through the pure core."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from gateway.enrolment.coverage import entitlement_on
from gateway.exchange.desk import Desk, Resource
from gateway.exchange.records import coverages_of, find_patient, own_institution, spell_of
from gateway.fhir.claim import ClaimReading, read_claim
from gateway.fhir.coverage import read_coverage
from gateway.fhir.patient import read_patient
from gateway.kernel.citizen_id import parse_citizen_id
from gateway.kernel.ids import ClaimId, InstitutionCode, PersonId
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.claim import STAYS, Case, Claim, Line, Person
from gateway.settlement.decision import Decision

NOT_APPROVED, NOT_FILED, THIRD_PARTY = "not-approved", "not-filed", "third-party-liable"
"""Flags of a claim (Claim.supportingInfo, valueBoolean true); without them it is approved, filed, nobody's fault."""

PREAUTHORIZATION: Final = "preauthorization"
AHEAD: Final = timedelta(days=365)
"""Assumption: care is asked for at most a year ahead; it is tried under the cover and policy known now for its day."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with everything it was made from."""

    reading: ClaimReading
    patient: Resource
    coverage: Resource
    decision: Decision


@dataclass(frozen=True, slots=True)
class Facts:
    """A complete Claim with what the registers say of its person and institution, ready to be decided."""

    reading: ClaimReading
    patient: Resource
    coverage: Resource
    claim: Claim


def decide(desk: Desk, resource: Resource) -> Decided:
    """The decision on a complete Claim. Refusal with every problem of structure, right or rule."""
    last_day = desk.today + AHEAD if resource.get("use") == PREAUTHORIZATION else desk.today
    reading = read_claim(resource, today=last_day, guide=desk.guide)
    code = own_institution(desk, reading.provider, "Claim.provider")
    facts = find_facts(desk, resource, reading, code)
    claim = facts.claim
    spent = desk.unit.counters(claim.person.id, claim.scheme)
    outcome = adjudicate(Case(claim, spent), desk.area_policy(claim.scheme).policy)
    if not isinstance(outcome, Decision):
        raise Refusal(outcome)
    return Decided(facts.reading, facts.patient, facts.coverage, outcome)


def find_facts(desk: Desk, resource: Resource, reading: ClaimReading, code: str) -> Facts:
    """The facts of today for a Claim of the institution with a code. Refusal with the reason why there is no right."""
    patient = find_patient(desk, id=reading.patient, citizen_id=reading.citizen_id, path="Claim.patient")
    register = read_patient(patient)
    person = PersonId(patient["id"])
    coverages = {coverage["id"]: coverage for coverage in coverages_of(desk, person)}
    covers = {id: read_coverage(coverage) for id, coverage in coverages.items()}
    spell = entitlement_on(
        [spell_of(cover) for cover in covers.values()],
        schemes=desk.schemes,
        from_on=reading.from_on,
        day=reading.to_on,
        died_on=register.died_on,
    )

    area_policy = desk.area_policy(spell.scheme)
    institution = area_policy.institutions.on(InstitutionCode(code), reading.to_on)
    if institution is None:
        raise Refusal(_not_designated(code))
    catalogue = area_policy.catalogue
    born_on = register.born_on or _born_on(register.citizen_id)
    if born_on is None:
        raise Refusal(_no_birth_date())
    overdue_since = covers[spell.id].in_arrears_since
    claim = Claim(
        id=ClaimId(resource.get("id") or desk.reference),
        area=desk.area,
        scheme=spell.scheme,
        person=Person(
            person,
            spell.category,
            born_on,
            register.gender,
            identities=register.identities_on(reading.to_on),
            in_arrears=overdue_since is not None and overdue_since <= reading.to_on,
            account_balance=desk.unit.account_balance(person, spell.scheme),
        ),
        institution=InstitutionCode(code),
        level=institution.level,
        kind=reading.kind,
        from_on=reading.from_on,
        to_on=reading.to_on,
        lines=tuple(
            Line(
                line.number,
                line.code,
                line.amount,
                line.quantity,
                catalogue.terms(line.code, level=institution.level, day=line.served_on),
                line.served_on,
            )
            for line in reading.lines
        ),
        diagnoses=reading.diagnoses,
        disease=reading.disease,
        approved=NOT_APPROVED not in reading.flags,
        filed=NOT_FILED not in reading.flags,
        third_party_liable=THIRD_PARTY in reading.flags,
    )
    return Facts(reading, patient, coverages[spell.id], claim)


def treatment_key(claim: Claim, reading: ClaimReading) -> str:
    """What makes two claims one treatment, whatever the channel: a stay by its visit, anything else by its bill."""
    if claim.kind in STAYS:
        return f"{claim.institution}|{reading.visit}"
    return f"{claim.institution}|{reading.visit}|{reading.bill}"


def _born_on(citizen_id: str) -> date | None:
    parsed = parse_citizen_id(citizen_id)
    return None if isinstance(parsed, Problem) else parsed.born_on


def _no_birth_date() -> Problem:
    return Problem(
        Kind.RULE,
        "birth-date-unknown",
        "Claim.patient",
        "the register has neither citizen ID nor birth date of this person: have the agency complete the register",
        "登记库中该人员既无公民身份号码也无出生日期:请经办机构补全登记信息",
    )


def _not_designated(code: str) -> Problem:
    return Problem(
        Kind.RULE,
        "not-designated",
        "Claim.provider",
        f"{code[:20]} is not a designated institution of this area on the last day of the claim",
        f"{code[:20]} 在费用截止日不是本统筹区定点医药机构",
    )
