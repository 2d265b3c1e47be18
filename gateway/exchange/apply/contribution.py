"""Contributions: a bank credit pays a person's levy, opens cover when it is paid in full, and is posted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gateway.enrolment.category import category_on
from gateway.enrolment.contribution import GOVERNMENT, Receipt, apply_receipt, receipt_entry
from gateway.exchange.apply.settled import booking_day
from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.records import Origin, citizen_token, load, put
from gateway.fhir.coverage import CoverageReading, write_coverage
from gateway.fhir.patient import read_patient
from gateway.fhir.payment_notice import NoticeReading, read_notice
from gateway.fhir.systems import agency, sid
from gateway.kernel import money
from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.settlement.policy import Policy
from gateway.settlement.working import BASIC
from gateway.store.values import Contribution

SCHEME = "resident"
"""The only scheme whose contributions arrive by person; employers' levies come with the workers' scheme."""
CATEGORY = "resident"


def post_contribution(desk: Desk, resources: Sequence[Resource]) -> Result:
    """One credit of the contribution account. Answer tree: PaymentNotice, Coverage (if opened), values in yuan.

    A credit that names no registered person, or for a year without a levy, is posted as an unapplied receipt.
    """
    notice = read_notice(resources[0])
    patient = _payer(desk, notice)
    payer = patient["id"] if patient else ""
    receipt, coverage = apply_amount(desk, patient, amount=notice.amount, year=notice.year)

    stored = _stored_notice(desk, resources[0], notice)
    put(desk, stored, person=payer, origin=Origin.SENDER)
    desk.unit.post(
        receipt_entry(
            receipt,
            id=desk.new_id(),
            area=desk.area,
            scheme=SCHEME,
            fund=BASIC,
            booked_on=booking_day(desk, SCHEME),
            cause=stored["id"],
            payer=payer,
            levels=levels_of(desk, date(notice.year, 1, 1)),
        )
    )
    tree: dict[str, Any] = {
        "PaymentNotice": stored,
        "values": {"applied": money.decimal(receipt.applied), "unapplied": money.decimal(receipt.unapplied)},
    }
    if coverage:
        tree["Coverage"] = coverage
    return Result(tree, subject=stored["id"])


def levels_of(desk: Desk, day: date) -> Mapping[str, int]:
    """The parts of the levels of government in a levy's subsidy, by the fund plan of the day."""
    plan = desk.area_policy(SCHEME).fund
    terms = plan.subsidy_on(day) if plan else None
    return terms.parts if terms else GOVERNMENT


def apply_amount(desk: Desk, patient: Resource | None, *, amount: Fen, year: int) -> tuple[Receipt, Resource | None]:
    """How money for a benefit year is used, and the Coverage it opened; what is owed and paid is recorded."""
    policy = desk.area_policy(SCHEME).policy
    first_day = date(year, 1, 1)
    levies = policy.value_on("levy", first_day)
    if patient is None or levies is None:
        return Receipt(0, 0, 0, amount, paid_in_full=False), None

    person = PersonId(patient["id"])
    category = _category(policy, patient, first_day)
    levy = levies.value[category]
    before = desk.unit.contribution(person, SCHEME, str(year)) or Contribution(person, SCHEME, str(year), 0, 0)
    receipt = apply_receipt(
        amount=amount,
        levy_person=levy.person,
        levy_government=levy.government,
        levied=before.levied,
        received=before.received,
    )
    desk.unit.put_contribution(
        replace(before, levied=before.levied + receipt.levied, received=before.received + receipt.applied)
    )
    if not (receipt.paid_in_full and receipt.applied):
        return receipt, None
    coverage = write_coverage(
        CoverageReading(
            id=desk.new_id(),
            active=True,
            scheme=SCHEME,
            patient=person,
            from_on=first_day,
            to_on=date(year, 12, 31),
            area=desk.area,
            category=category,
            policy=policy.id,
        )
    )
    put(desk, coverage, person=person)
    return receipt, coverage


def _stored_notice(desk: Desk, stated: Resource, notice: NoticeReading) -> Resource:
    return {
        **stated,
        "id": desk.new_id(),
        "created": desk.today.isoformat(),
        "payment": {"identifier": {"system": sid("message"), "value": notice.reference}},
        "recipient": {"reference": agency(desk.area)},
    }


def _payer(desk: Desk, notice: NoticeReading) -> Resource | None:
    for id in desk.unit.find("Patient", citizen_token(notice.citizen_id)) if notice.citizen_id else ():
        return load(desk, "Patient", id)
    return None


def _category(policy: Policy, patient: Resource, day: date) -> str:
    ages = policy.value_on("category_ages", day)
    born = read_patient(patient).born_on
    if ages is None or born is None:
        return CATEGORY
    return category_on(ages.value, born_on=born, day=day, otherwise=CATEGORY)
