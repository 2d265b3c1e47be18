"""Code systems and value sets as FHIR resources, for reading and searching beside the operations."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.fhir.parameters import typed_value
from gateway.terminology.concept import Concept, Property
from gateway.terminology.system import CodeSystem
from gateway.terminology.value_set import ValueSet

MOST_WRITTEN: Final = 2000
"""A longer list is left out of the resource (content not-present): $lookup and $expand have it."""
_PARENT: Final = "http://hl7.org/fhir/concept-properties#parent"
_INACTIVE: Final = "http://hl7.org/fhir/concept-properties#inactive"


def write_code_system(system: CodeSystem) -> dict[str, Any]:
    """The CodeSystem resource."""
    listed = list(system.concepts) if len(system.concepts) <= MOST_WRITTEN else []
    return _without_empty(
        {
            "resourceType": "CodeSystem",
            "id": system.id,
            "url": system.url,
            "version": system.version,
            "name": system.name or name_of(system.id),
            "title": title_of(system.title),
            "status": "active",
            "publisher": system.publisher,
            "description": system.note,
            "caseSensitive": not system.concepts.caseless,
            "valueSet": system.value_set,
            "hierarchyMeaning": system.hierarchy,
            "content": system.content if listed else "not-present",
            "count": len(system.concepts) or None,
            "property": [_property(each) for each in _used(system, listed)],
            "concept": [_concept(each, system) for each in listed],
        }
    )


def write_value_set(value_set: ValueSet) -> dict[str, Any]:
    """The ValueSet resource with its compose."""
    return _without_empty(
        {
            "resourceType": "ValueSet",
            "id": value_set.id,
            "url": value_set.url,
            "version": value_set.version,
            "name": value_set.name or name_of(value_set.id),
            "title": value_set.title,
            "status": "active",
            "compose": write_compose(value_set),
        }
    )


def write_compose(value_set: ValueSet) -> dict[str, Any]:
    """What a value set includes and excludes."""
    compose: dict[str, Any] = {"include": [_include(each) for each in value_set.includes]}
    if value_set.inactive is not None:
        compose = {"inactive": value_set.inactive, **compose}
    if value_set.excludes:
        compose["exclude"] = [_include(each) for each in value_set.excludes]
    return compose


def title_of(title: Mapping[str, str]) -> str:
    """Both languages in one line."""
    return " / ".join(text for text in (title.get("zh", ""), title.get("en", "")) if text)


def name_of(id: str) -> str:
    """A name that programs can use, of an id: 'NhsaMedType' of 'nhsa-med-type'."""
    return "".join(part.capitalize() for part in id.replace("_", "-").replace(".", "-").split("-"))


def _include(include: Any) -> dict[str, Any]:
    filters = [{"property": each.property, "op": each.op, "value": each.value} for each in include.filters]
    concepts = [_without_empty({"code": code, "display": display}) for code, display in include.codes]
    return _without_empty(
        {
            "system": include.system,
            "version": include.version,
            "concept": concepts,
            "filter": filters,
            "valueSet": list(include.value_sets),
        }
    )


def _used(system: CodeSystem, listed: Iterable[Concept]) -> list[Property]:
    """The declarations of the properties that the concepts have."""
    used: set[str] = set()
    for each in listed:
        used.update(code for code, _ in each.properties)
        used.update(["parent"] * bool(each.parents))
        used.update(["inactive"] * each.inactive)
    declared = {each.code: each for each in system.properties}
    declared["parent"] = Property("parent", "code", "", _PARENT)
    declared["inactive"] = Property("inactive", "boolean", "", _INACTIVE)
    return [declared.get(code, Property(code)) for code in sorted(used)]


def _property(one: Property) -> dict[str, Any]:
    return _without_empty({"code": one.code, "uri": one.uri, "description": one.description, "type": one.type})


def _concept(concept: Concept, system: CodeSystem) -> dict[str, Any]:
    types = {each.code: each.type for each in system.properties}
    values = [{"code": code, **typed_value(value, types.get(code, ""))} for code, value in concept.properties]
    values += [{"code": "parent", "valueCode": each} for each in concept.parents]
    if concept.inactive:
        values.append({"code": "inactive", "valueBoolean": True})
    return _without_empty(
        {
            "code": concept.code,
            "display": concept.display,
            "definition": concept.definition,
            "designation": [{"language": language, "value": text} for language, text in concept.designations],
            "property": values,
        }
    )


def _without_empty(resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if value not in ("", None, [])}
