"""$lookup and $subsumes: what a code system says of a code, and how two of its codes lie to each other (FHIR R4)."""

from collections.abc import Collection, Iterator
from typing import Any

from gateway.fhir.parameters import group_of, part_of, typed_value, write_parameters
from gateway.terminology.concept import Concept, primary
from gateway.terminology.system import CodeSystem
from gateway.terminology.write_resources import name_of


def write_lookup(
    system: CodeSystem, found: Concept, *, language: str = "", wanted: Collection[str] = ()
) -> dict[str, Any]:
    """The answer of $lookup. `wanted`: names of properties; none or `*`: all but children.

    A code that no list names is its own display: R4 demands one.
    """
    parts = [part_of("name", "String", system.name or name_of(system.id))]
    if system.version:
        parts.append(part_of("version", "String", system.version))
    display = found.in_language(language) if language else found.display
    parts.append(part_of("display", "String", display or found.code))
    if not wanted or "*" in wanted or "designation" in wanted or any(each.startswith("lang.") for each in wanted):
        parts += _designations(system, found, wanted)
    parts += _properties(system, found, wanted)
    return write_parameters(parts)


def _designations(system: CodeSystem, found: Concept, wanted: Collection[str]) -> Iterator[dict[str, Any]]:
    languages = {primary(each.removeprefix("lang.")) for each in wanted if each.startswith("lang.")}
    for language, text in ((system.language, found.display), *found.designations):
        if text and (not languages or primary(language) in languages):
            said = [part_of("language", "Code", language)] if language else []
            yield group_of("designation", [*said, part_of("value", "String", text)])


def _properties(system: CodeSystem, found: Concept, wanted: Collection[str]) -> Iterator[dict[str, Any]]:
    types = {each.code: each for each in system.properties}
    values = [(code, value, types[code].type if code in types else "string") for code, value in found.properties]
    values += [("parent", each, "code") for each in found.parents]
    if found.inactive:
        values.append(("inactive", "true", "boolean"))
    if found.definition:
        values.append(("definition", found.definition, "string"))
    if "child" in wanted:
        values += [("child", each.code, "code") for each in system.concepts if found.code in each.parents]
    everything = not wanted or "*" in wanted
    for code, value, type in values:
        if everything or code in wanted:
            description = types[code].description if code in types else ""
            said = [part_of("description", "String", description)] if description else []
            parts = [part_of("code", "Code", code), {"name": "value", **typed_value(value, type)}, *said]
            yield group_of("property", parts)


def subsumption(system: CodeSystem, first: str, second: str) -> str:
    """`equivalent`, `subsumes` (the first lies above), `subsumed-by`, or `not-subsumed`; both are codes of it."""
    if first == second:
        return "equivalent"
    if system.is_below(second, first):
        return "subsumes"
    return "subsumed-by" if system.is_below(first, second) else "not-subsumed"
