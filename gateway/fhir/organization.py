"""Organization: institutions (hospitals, township centres, pharmacies) and the agency that pays them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.fhir.guide import Guide, base_guide
from gateway.fhir.parts import code_in, concept, identifier_of
from gateway.fhir.systems import AGENCY_PREFIX, cs, sid
from gateway.kernel.codes import check_institution_code
from gateway.kernel.problem import Problem

_INSTITUTION: Final = sid("institution")
_LEVEL: Final = cs("institution-level")


@dataclass(frozen=True, slots=True)
class OrganizationReading:
    """`code`: H32118200001, also its id; an agency has the id agency-321182 and code ''. `level`: key in the policy."""

    id: str
    code: str
    name: str
    level: str = ""
    active: bool = True

    @property
    def is_agency(self) -> bool:
        return self.id.startswith(AGENCY_PREFIX)


def check_organization(resource: dict[str, Any], guide: Guide | None = None) -> list[Problem]:
    """Everything wrong with an Organization that a client sends: structure and the institution's code."""
    judged = (guide or base_guide()).judge(resource, "Organization")
    if judged.broken:
        return list(judged.broken)
    found: list[Problem] = []
    for place, identifier in enumerate(resource.get("identifier") or ()):
        if identifier.get("system") == _INSTITUTION:
            path = f"Organization.identifier[{place}].value"
            found.extend(check_institution_code(identifier.get("value", ""), path))
    return judged.with_read(found)


def read_organization(resource: Mapping[str, Any]) -> OrganizationReading:
    """The institution or agency of a checked Organization."""
    levels = (code_in(each, _LEVEL) for each in resource.get("type") or ())
    return OrganizationReading(
        id=resource.get("id", ""),
        code=identifier_of(resource, _INSTITUTION),
        name=resource.get("name", ""),
        level=next((level for level in levels if level), ""),
        active=resource.get("active", True),
    )


def write_organization(organization: OrganizationReading) -> dict[str, Any]:
    """The Organization of an institution or agency."""
    resource: dict[str, Any] = {"resourceType": "Organization", "id": organization.id}
    if organization.code:
        resource["identifier"] = [{"system": _INSTITUTION, "value": organization.code}]
    resource["active"] = organization.active
    if organization.level:
        resource["type"] = [concept(_LEVEL, organization.level)]
    resource["name"] = organization.name
    return resource
