"""What a message will ask the store for, read off its resources, so that a group of messages is loaded at once."""

from collections.abc import Iterator, Sequence

from gateway.exchange.apply.draft import draft_token, visit_drafts_token
from gateway.exchange.desk import Resource
from gateway.exchange.records import citizen_token
from gateway.fhir.parts import extension_of, extension_value, identifier_of, referred
from gateway.fhir.systems import ext, sid
from gateway.kernel.ids import PersonId
from gateway.store.values import MessageKey, Token, Wants


def wants_of(key: MessageKey | None, resources: Sequence[Resource], *, institution: str) -> Wants:
    """A hint, never a limit: what is not named here is loaded when it is asked for."""
    persons = {PersonId(person) for resource in resources for person in _persons(resource)}
    visits = {visit for resource in resources for visit in _visits(resource)}
    return Wants(
        messages=() if key is None else (key,),
        resources=tuple(("Encounter", visit) for visit in sorted(visits)),
        tokens=tuple(token for resource in resources for token in _tokens(resource, visits)),
        persons=tuple(sorted(persons)),
        treatments=tuple(treatment for resource in resources for treatment in _treatments(resource, institution)),
    )


def _persons(resource: Resource) -> Iterator[str]:
    for element in ("patient", "subject", "beneficiary"):
        person = referred(resource.get(element), "Patient")
        if person:
            yield person


def _visits(resource: Resource) -> Iterator[str]:
    named = extension_of(resource, ext("visit"))
    visit = referred(named.get("valueReference"), "Encounter") if named else ""
    if visit:
        yield visit
    if resource["resourceType"] == "Encounter" and "id" in resource:
        yield str(resource["id"])


def _tokens(resource: Resource, visits: set[str]) -> Iterator[tuple[str, Token]]:
    payer = extension_value(resource, ext("payer-citizen-id"), "valueString")
    if payer:
        yield "Patient", citizen_token(payer)
    presented = (resource.get("patient") or {}).get("identifier") or {}
    citizen_id = identifier_of(resource, sid("citizen-id")) or presented.get("value")
    if isinstance(citizen_id, str) and citizen_id:
        yield "Patient", citizen_token(citizen_id)
    for visit in visits if resource["resourceType"] == "Claim" else ():
        yield "Claim", draft_token(visit, identifier_of(resource, sid("bill")))
        yield "Claim", draft_token(visit, "")
        yield "Claim", visit_drafts_token(visit)


def _treatments(resource: Resource, institution: str) -> Iterator[str]:
    visit, bill = identifier_of(resource, sid("visit")), identifier_of(resource, sid("bill"))
    if resource["resourceType"] == "Claim" and visit:
        yield f"{institution}|{visit}"
        yield f"{institution}|{visit}|{bill}"
