"""Group profiles: everything that was answered in this run is valid, by the validator of the product.

A resource must meet its base type, the profiles it claims, those the CapabilityStatement names for all of its type
(`rest.resource.profile`), and the one profile of the guide for its type, where a guide was given.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from conformance.checks import R4, Check, expect
from conformance.paths import evaluate
from conformance.site import Site
from gateway.definitions.library import Library
from gateway.validation.validate import Validator, validator_of

GROUP = "profiles"
MOST_TOLD = 20
SOME = "20"
DEFINITIONS = frozenset({"CodeSystem", "ValueSet", "ConceptMap", "StructureDefinition", "CapabilityStatement"})
"""A profile of these is for some of them, such as catalogues among code systems: it counts where it is claimed."""


def profile_checks(library: Library, types: Sequence[str]) -> list[Check]:
    """One check for each type that may have been answered."""
    validator, guide = validator_of(library), guide_profiles(library)
    return [_check(type, partial(_prove, validator, type, guide.get(type, ()))) for type in types]


def gather(site: Site) -> None:
    """Look at some of everything that may be searched, so that a run of this group alone has something to judge."""
    site.journal.label = ""
    for type in evaluate("rest.resource.where('search-type' in interaction.code).type", site.statement):
        site.get(type, _count=SOME)


def answered_types(site: Site) -> list[str]:
    """The types of everything that was answered so far, entries of Bundles as well."""
    return sorted({each["resourceType"] for _, resource in site.journal.resources() for each in _inside(resource)})


def guide_profiles(library: Library) -> Mapping[str, tuple[str, ...]]:
    """By type: the profile that all resources of a server must meet, being the only one that stands on the base type.

    Profiles for some resources of a type stand on that one, and are met when a resource claims them.
    """
    found: dict[str, list[str]] = {}
    guides = [package for package in library.packages if not package.name.startswith("hl7.fhir.r4.core")]
    for structure in (each for package in guides for each in library.structures(package.id)):
        on_the_type = structure.base.rpartition("/")[2] == structure.type
        is_profile = structure.kind == "resource" and structure.derivation == "constraint"
        if is_profile and on_the_type and structure.type not in DEFINITIONS:
            found.setdefault(structure.type, []).append(structure.url)
    return {type: tuple(urls) for type, urls in found.items() if len(urls) == 1}


def _check(type: str, proof: Callable[[Site], None]) -> Check:
    return Check(
        group=GROUP,
        name=type,
        requirement=f"every {type} that was answered is valid",
        requirement_zh=f"返回的每个 {type} 均符合规范与指南",
        source=f"{R4}/{type.lower()}.html",
        proof=proof,
    )


def _prove(validator: Validator, type: str, guide: Sequence[str], site: Site) -> None:
    named = evaluate(f"rest.resource.where(type = '{type}').profile", site.statement)
    profiles = [url for url in (*named, *guide) if validator.library.structure(url) is not None]
    told: dict[str, None] = {}
    for line, answer in site.journal.resources():
        for resource in _inside(answer):
            if resource["resourceType"] == type:
                issues = validator.validate(resource, profiles)
                told |= {
                    f"{each.code} at {each.location}: {each.text_en} ({line[:120]})": None
                    for each in issues
                    if each.severity == "error"
                }
    expect(not told, "\n".join([*list(told)[:MOST_TOLD], f"{len(told)} in all"]))


def _inside(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The resource itself, and those that a Bundle carries."""
    carried = [each.get("resource") for each in resource.get("entry", ())] if "entry" in resource else []
    return [resource, *(each for each in carried if isinstance(each, dict) and "resourceType" in each)]
