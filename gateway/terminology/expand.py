"""$expand: the codes of a value set, filtered and in pages (FHIR R4, ValueSet-expand)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from gateway.kernel.ids import named_uuid
from gateway.kernel.problem import Refusal
from gateway.terminology import problems
from gateway.terminology.concept import primary
from gateway.terminology.members import Member, Members, members_of
from gateway.terminology.packed import words_of
from gateway.terminology.system import CodeSystem
from gateway.terminology.terminology import Terminology
from gateway.terminology.value_set import ValueSet
from gateway.terminology.write_resources import write_value_set

T = TypeVar("T")

MOST_CODES: Final = 1000
MOST_COUNTED: Final = 1000
"""A total is told where at most so many codes lie behind the page: counting all would cost more than it tells."""
MOST_OFFSET: Final = 10_000_000
_UNCLOSED: Final = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"


@dataclass(frozen=True, slots=True)
class Page:
    """What of an expansion is wanted. `count` None: all of it; `designations`: languages, () for all.

    `system_versions`: version by system where the value set names none; `forced`: whatever it names; `checked`: the
    version that must be the one.
    """

    filter: str = ""
    offset: int = 0
    count: int | None = None
    active_only: bool = False
    language: str = ""
    with_designations: bool = False
    designations: tuple[str, ...] = ()
    with_definition: bool = False
    without_abstract: bool = False
    excluded: tuple[str, ...] = ()
    system_versions: Mapping[str, str] | None = None
    forced: Mapping[str, str] | None = None
    checked: Mapping[str, str] | None = None

    @property
    def names_versions(self) -> bool:
        """Whether versions are chosen for this expansion alone."""
        return bool(self.system_versions or self.forced or self.checked)


def expand(terminology: Terminology, value_set: ValueSet, page: Page, *, timestamp: str) -> dict[str, Any]:
    """The ValueSet with its expansion. Refusal: terminology-not-listable, -too-costly, -other-version."""
    members = ready(terminology, value_set, page)
    gaps = members.gaps
    if gaps and not any(True for _ in islice(_wanted(members, page), 1)):
        raise Refusal(problems.not_listable(gaps[0]))
    found, total = _page(members, page)
    resource = write_value_set(value_set)
    if not page.with_definition:
        del resource["compose"]
    expansion: dict[str, Any] = {
        "identifier": "urn:uuid:" + named_uuid(f"{value_set.url}|{_versions(members)}|{page}"),
        "timestamp": timestamp,
        "total": total,
        "offset": page.offset if page.count is not None else None,
        "parameter": [*_parameters(page), *_used(members)],
        "contains": [_contained(each, page) for each in found],
    }
    if members.is_open or gaps:
        expansion = {"extension": [{"url": _UNCLOSED, "valueBoolean": True}], **expansion}
    resource["expansion"] = {name: value for name, value in expansion.items() if value not in (None, [])}
    return resource


def ready(terminology: Terminology, value_set: ValueSet, page: Page) -> Members:
    """The value set with the versions that the page names, or as it is kept. Refusal: terminology-other-version."""
    kept = terminology.members(value_set.url) if value_set.url and terminology.value_set(value_set.url) else None
    if kept is not None and not page.names_versions and terminology.value_set(value_set.url) is value_set:
        return kept

    def chosen(url: str, version: str) -> CodeSystem | None:
        bare = url.partition("|")[0]
        wanted = (page.forced or {}).get(bare) or version or (page.system_versions or {}).get(bare, "")
        found = terminology.system(url, wanted)
        checked = (page.checked or {}).get(bare)
        if checked and found is not None and found.version != checked:
            raise Refusal(problems.other_version(bare, checked))
        return found

    return members_of(value_set, chosen, terminology.value_set)


def _wanted(members: Members, page: Page) -> Iterator[Member]:
    for each in members.members(words_of(page.filter)):
        if each.url in page.excluded:
            continue
        if page.active_only and each.system is not None and each.row in each.system.concepts.inactive:
            continue
        if page.without_abstract and each.concept.abstract:
            continue
        yield each


def _page(members: Members, page: Page) -> tuple[list[Member], int | None]:
    """The codes of a page, and how many there are in all, None where that would take long to count."""
    whole = members.whole
    if whole is not None and whole.system is not None and not (page.excluded or page.without_abstract):
        system, gone = whole.system, whole.system.concepts.inactive if page.active_only else frozenset()
        rows = (row for row in whole.rows(words_of(page.filter)) if row not in gone) if gone else None
        chosen, total = _cut(rows if rows is not None else whole.rows(words_of(page.filter)), page)
        return [Member(system, whole.url, system.concepts.code(row), row) for row in chosen], total
    return _cut(_wanted(members, page), page)


def _cut(found: Iterator[T], page: Page) -> tuple[list[T], int | None]:
    if page.count is None:
        listed = list(islice(found, page.offset, page.offset + MOST_CODES + 1))
        if len(listed) > MOST_CODES:
            raise Refusal(problems.too_costly(MOST_CODES))
        return listed, page.offset + len(listed) if listed or not page.offset else None
    before = sum(1 for _ in islice(found, page.offset))
    listed = list(islice(found, min(page.count, MOST_CODES)))
    behind = sum(1 for _ in islice(found, MOST_COUNTED + 1))
    return listed, before + len(listed) + behind if behind <= MOST_COUNTED else None


def _contained(member: Member, page: Page) -> dict[str, Any]:
    system = member.system
    display = member.display or (system.concepts.display(member.row) if system is not None and member.row >= 0 else "")
    code: dict[str, Any] = {"system": member.url}
    if system is not None and system.version:
        code["version"] = system.version
    code["code"] = member.code
    rich = page.with_designations or page.designations
    if system is not None and (rich or (page.language and primary(page.language) != primary(system.language))):
        concept = member.concept
        display = concept.in_language(page.language) if page.language else display
        if rich and (said := _designations(concept.designations, page)):
            code["designation"] = said
    if system is not None and member.row in system.concepts.inactive:
        code["inactive"] = True
    if display:
        code["display"] = display
    return code


def _designations(designations: tuple[tuple[str, str], ...], page: Page) -> list[dict[str, str]]:
    wanted = {primary(each) for each in page.designations}
    return [
        {"language": language, "value": text}
        for language, text in designations
        if not wanted or primary(language) in wanted
    ]


def _parameters(page: Page) -> Iterator[dict[str, Any]]:
    """What the expansion was asked for, as it was understood."""
    if page.filter:
        yield {"name": "filter", "valueString": page.filter}
    if page.count is not None:
        yield {"name": "offset", "valueInteger": page.offset}
        yield {"name": "count", "valueInteger": page.count}
    if page.active_only:
        yield {"name": "activeOnly", "valueBoolean": True}
    if page.language:
        yield {"name": "displayLanguage", "valueCode": page.language}


def _used(members: Members) -> Iterator[dict[str, Any]]:
    """The versions it was made of, and what is missing."""
    for system in members.systems():
        if system.version:
            yield {"name": "version", "valueUri": system.canonical}
    for gap in members.gaps:
        yield {"name": "warning", "valueString": f"缺少 / missing: {gap}"}


def _versions(members: Members) -> str:
    return ",".join(system.canonical for system in members.systems())
