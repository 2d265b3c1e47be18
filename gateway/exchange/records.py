"""Resources on the desk: loaded from and put into the unit of work, indexed as FHIR says."""

from collections.abc import Sequence
from enum import Enum

from gateway.enrolment.coverage import Spell
from gateway.exchange.desk import Desk, Resource
from gateway.fhir.coverage import CoverageReading, read_coverage
from gateway.fhir.index import index_of
from gateway.fhir.json import canonical, read_stored
from gateway.fhir.systems import sid
from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Kind, Problem, Refusal, refuse_if
from gateway.security.partners import Role
from gateway.store.values import DateRange, Stored, Token


class Origin(Enum):
    """Whose work a resource is, which says how it is judged when it is put: each is judged once."""

    GATEWAY = "gateway"
    """Written here: what the guide does not allow is a fault of ours."""
    SENDER = "sender"
    """Says what a sender said: what the guide does not allow is the sender's to correct."""
    JUDGED = "judged"
    """Judged before, on its way in."""


def load(desk: Desk, type: str, id: str) -> Resource | None:
    """A resource with its id, as it stands in this unit of work."""
    stored = desk.unit.read(type, id)
    return None if stored is None else read_stored(stored.body, id=stored.id)


def put(
    desk: Desk,
    resource: Resource,
    *,
    owner: str = "",
    person: str = "",
    tokens: Sequence[Token] = (),
    expected_version: int | None = None,
    origin: Origin = Origin.GATEWAY,
) -> Stored:
    """Store a resource (with its id) as its next version, indexed by its search parameters and `tokens` of our own.

    Refusal: the guide does not allow it (kind fault where the gateway wrote it).
    """
    if origin is Origin.GATEWAY:
        refuse_if(desk.guide.check_written(resource))
    elif origin is Origin.SENDER:
        refuse_if(desk.guide.check(resource, resource["resourceType"]))
    found, dates = index_of(resource)
    return desk.unit.put(
        type=resource["resourceType"],
        id=resource["id"],
        body=canonical(resource),
        tokens=(*(Token(*token) for token in found), *tokens),
        dates=tuple(DateRange(*each) for each in dates),
        owner=owner,
        person=person,
        expected_version=expected_version,
    )


def citizen_token(citizen_id: str) -> Token:
    """The index row by which a Patient is found."""
    return Token("identifier", sid("citizen-id"), citizen_id)


def find_patient(desk: Desk, *, id: str = "", citizen_id: str = "", path: str = "Patient") -> Resource:
    """The Patient by id or citizen ID. Refusal person-not-found: the police register has not sent this person."""
    ids = [id] if id else desk.unit.find("Patient", citizen_token(citizen_id)) if citizen_id else []
    for each in ids:
        patient = load(desk, "Patient", each)
        if patient is not None:
            return patient
    raise Refusal(
        Problem(
            Kind.NOT_FOUND,
            "person-not-found",
            path,
            "the register has no person with this number: check it, or have the community register the person",
            "登记库中没有该人员:请核对号码,或到社区办理登记",
        )
    )


def coverages_of(desk: Desk, person: PersonId) -> list[Resource]:
    """Every Coverage of a person."""
    return [read_stored(stored.body, id=stored.id) for stored in desk.unit.of_person("Coverage", person)]


def spells_of(desk: Desk, person: PersonId) -> list[Spell]:
    """The person's spells of cover."""
    return [spell_of(read_coverage(coverage)) for coverage in coverages_of(desk, person)]


def spell_of(coverage: CoverageReading) -> Spell:
    """A Coverage as enrolment sees it."""
    return Spell(
        coverage.id, coverage.scheme, coverage.category, coverage.from_on, coverage.to_on, active=coverage.active
    )


def own_institution(desk: Desk, stated: str, path: str) -> str:
    """The institution code a message acts for: the partner's own. Refusal when it states another."""
    own = desk.partner.institution
    if desk.partner.role is Role.CLINIC and stated not in ("", own):
        raise Refusal(
            Problem(
                Kind.FORBIDDEN,
                "other-institution",
                path,
                f"the sender is {own} and cannot act for {stated[:20]}",
                f"发送方为 {own},不能代 {stated[:20]} 办理",
            )
        )
    return own
