"""What the gateway itself publishes: institutions, each policy as an InsurancePlan, its catalogue as a CodeSystem.

Written at start, when the content changed; the loaded policies are kept by their hash for ever.
"""

from collections.abc import Sequence
from datetime import date

from gateway.exchange.desk import Resource
from gateway.exchange.exchange import Exchange
from gateway.fhir.code_system import write_code_system
from gateway.fhir.index import index_of
from gateway.fhir.insurance_plan import write_insurance_plan
from gateway.fhir.json import canonical
from gateway.fhir.organization import OrganizationReading, write_organization
from gateway.fhir.systems import AGENCY_PREFIX
from gateway.kernel.calendar import business_day
from gateway.kernel.ids import AreaCode
from gateway.policies.load import AreaPolicy
from gateway.store.unit import Unit
from gateway.store.values import DateRange, Token, Wants


def publish_reference_data(exchange: Exchange, terminology: Sequence[Resource] = ()) -> None:
    """Put what differs from the stored version, in one unit of work. `terminology`: what is published besides."""
    today = business_day(exchange.clock())
    loaded = [each for each in exchange.book.policies.values() if each.policy.area == exchange.area]
    resources = [_agency(exchange.area)]
    for each in loaded:
        resources += [write_insurance_plan(each.policy), _catalogue(each, today), *_organizations(each)]
    known = {(resource["resourceType"], resource["id"]) for resource in resources}
    resources += [each for each in terminology if (each["resourceType"], each["id"]) not in known]

    def work(unit: Unit) -> None:
        for each in loaded:
            unit.keep_policy(policy_id=each.policy.id, hash=each.policy.version, body=each.body)
        for resource in resources:
            _put_changed(unit, resource)

    wants = Wants(resources=tuple((resource["resourceType"], resource["id"]) for resource in resources))
    exchange.store.submit(work, wants).result()


def _put_changed(unit: Unit, resource: Resource) -> None:
    type, id, body = resource["resourceType"], resource["id"], canonical(resource)
    before = unit.read(type, id)
    if before is not None and before.body == body:
        return
    tokens, dates = index_of(resource)
    unit.put(
        type=type,
        id=id,
        body=body,
        tokens=[Token(*token) for token in tokens],
        dates=[DateRange(*each) for each in dates],
    )


def _agency(area: AreaCode) -> Resource:
    title = f"医疗保险经办机构 {area}"
    return write_organization(OrganizationReading(id=f"{AGENCY_PREFIX}{area}", code="", name=title))


def _catalogue(loaded: AreaPolicy, today: date) -> Resource:
    return write_code_system(loaded.catalogue, day=today)


def _organizations(loaded: AreaPolicy) -> list[Resource]:
    return [
        write_organization(
            OrganizationReading(id=code, code=code, name=versions[-1].value.title.zh, level=versions[-1].value.level)
        )
        for code, versions in loaded.institutions.by_code.items()
    ]
