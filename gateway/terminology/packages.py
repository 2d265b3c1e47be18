"""Systems and value sets of FHIR packages (R4 core and what is added to it) in the terms of this room.

Packages keep codes, displays and hierarchy, no designations: a system that ships with the gateway goes first.
"""

from typing import Final, Protocol

from gateway.definitions import model
from gateway.terminology.concept import EN, Concept
from gateway.terminology.packed import Packed
from gateway.terminology.structure import Grammar
from gateway.terminology.system import CodeSystem
from gateway.terminology.value_set import Filter, Include, ValueSet
from gateway.validation.grammars import GRAMMARS

_GRAMMAR_TITLES: Final = {
    "urn:ietf:bcp:47": ("bcp-47", "语言标签 / language tags (BCP 47)"),
    "urn:ietf:bcp:13": ("bcp-13", "媒体类型 / media types (BCP 13)"),
    "http://unitsofmeasure.org": ("ucum", "计量单位 / units of measure (UCUM)"),
    "urn:iso:std:iso:4217": ("iso-4217", "货币 / currencies (ISO 4217)"),
}


class Definitions(Protocol):
    """What a library of packages answers."""

    def value_set(self, url: str, version: str = "") -> model.ValueSet | None:
        """A ValueSet by canonical, which may end with |version."""
        ...

    def code_system(self, url: str, version: str = "") -> model.CodeSystem | None:
        """A CodeSystem by canonical, which may end with |version."""
        ...


def package_system(definitions: Definitions, url: str, version: str) -> CodeSystem | None:
    """A system of the packages, or a grammar; None where neither has it (supplements are no systems)."""
    grammar = GRAMMARS.get(url)
    if grammar is not None:
        id, title = _GRAMMAR_TITLES[url]
        form = Grammar(grammar.holds)
        return CodeSystem(url, id, "", {"zh": title}, Packed(()), "not-present", EN, form) if not version else None
    found = definitions.code_system(url, version)
    if found is None or found.content == "supplement":
        return None
    concepts = (
        Concept(each.code, each.display, (), each.parents, each.properties, "", each.inactive, each.abstract)
        for each in found.concepts
    )
    return CodeSystem(
        url=found.url,
        id=found.name or found.url.rpartition("/")[2],
        version=found.version,
        title={"zh": found.title or found.name},
        concepts=Packed(concepts, caseless=not found.case_sensitive),
        content=found.content or "complete",
        language=EN,
        value_set=found.value_set,
        hierarchy=found.hierarchy,
        name=found.name,
    )


def package_value_set(definitions: Definitions, url: str) -> ValueSet | None:
    """A value set of the packages by canonical; one that only has a stored expansion is that list."""
    found = definitions.value_set(url)
    if found is None:
        return None
    includes = tuple(_include(each) for each in found.includes)
    if not includes and found.expansion is not None:
        systems = dict.fromkeys(each.system for each in found.expansion.codes)
        listed = {
            system: tuple((each.code, each.display) for each in found.expansion.codes if each.system == system)
            for system in systems
        }
        includes = tuple(Include(system, codes=codes) for system, codes in listed.items())
    return ValueSet(
        url=found.url,
        id=found.url.rpartition("/")[2],
        version=found.version,
        name=found.name,
        title=found.title,
        includes=includes,
        excludes=tuple(_include(each) for each in found.excludes),
        inactive=found.inactive,
    )


def _include(include: model.Include) -> Include:
    return Include(
        include.system,
        include.version,
        tuple((code, "") for code in include.codes),
        tuple(Filter(each.property, each.op, each.value) for each in include.filters),
        include.value_sets,
    )
