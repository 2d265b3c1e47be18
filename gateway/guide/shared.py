"""Parts that pages of several kinds share: the facts of a definition, links to others, codes with their names."""

from collections.abc import Iterator
from typing import Any

from gateway.guide.html import both, code, facts, link
from gateway.guide.model import Both, Guide, Resource, description_of, file_of, page_of, title_of, url_of


def about(resource: Resource, *more: tuple[Both, str]) -> str:
    """Description and identity of a definition, with a link to the resource itself."""
    described = description_of(resource)
    words = f"<p>{both(described)}</p>\n" if any(described) else ""
    return words + facts(
        (
            (Both("规范地址", "canonical address"), code(url_of(resource)) if url_of(resource) else ""),
            (Both("版本", "version"), code(resource["version"]) if "version" in resource else ""),
            *more,
            (Both("资源", "resource"), link(file_of(resource), code(file_of(resource)))),
        )
    )


def named(guide: Guide, url: str) -> str:
    """A definition by its address: a link with its title where it is of this guide, else the address."""
    found = guide.by_url(url)
    if found is None:
        return code(url.removeprefix("http://hl7.org/fhir/StructureDefinition/"))
    return link(page_of(found), both(title_of(found)))


def concepts_of(system: Resource) -> Iterator[tuple[int, Resource]]:
    """Every concept with its depth, parents before children."""

    def walk(concepts: Any, depth: int) -> Iterator[tuple[int, Resource]]:
        for concept in concepts:
            yield depth, concept
            yield from walk(concept.get("concept", ()), depth + 1)

    yield from walk(system.get("concept", ()), 0)


def words_of(concept: Resource) -> Both:
    """Display and English designation of a concept."""
    en = next((each["value"] for each in concept.get("designation", ()) if each.get("language") == "en"), "")
    return Both(concept.get("display", ""), en)


def name_of_code(guide: Guide, system: str, value: str) -> Both:
    """What a code of a system of this guide is called."""
    found = guide.by_url(system)
    for _, concept in concepts_of(found) if found is not None and found["resourceType"] == "CodeSystem" else ():
        if concept["code"] == value:
            return words_of(concept)
    return Both("", "")
