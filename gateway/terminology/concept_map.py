"""Concept maps: read from ConceptMap resources, and codes translated by them, forwards and backwards.

Backwards every equivalence is turned round: what is wider one way is narrower the other way.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

MOST_ELEMENTS: Final = 100_000
NO_MATCH: Final = frozenset({"unmatched", "disjoint"})
_TURNED: Final = {
    "wider": "narrower",
    "narrower": "wider",
    "subsumes": "specializes",
    "specializes": "subsumes",
}


class Match(NamedTuple):
    """One translation. `source`: canonical of the map that says so; `comment` as it has it."""

    equivalence: str
    system: str
    code: str
    display: str
    source: str
    version: str = ""
    comment: str = ""


class _Group(NamedTuple):
    source: str
    target: str
    source_version: str
    target_version: str
    forward: Mapping[str, tuple[Match, ...]]
    backward: Mapping[str, tuple[Match, ...]]
    unmapped: Mapping[str, str]


class ConceptMap(NamedTuple):
    """A map ready to translate. `source`, `target`: canonicals of the value sets it says it is for, or ''."""

    url: str
    id: str
    version: str
    name: str
    title: str
    source: str
    target: str
    groups: tuple[_Group, ...]

    def systems(self) -> set[tuple[str, str]]:
        """(source, target) systems of its groups."""
        return {(group.source, group.target) for group in self.groups}

    def translate(self, system: str, code: str, *, target: str = "", reverse: bool = False) -> Iterator[Match]:
        """The matches of a code; `target`: only those in this system. What is unmatched is left out."""
        for group in self.groups:
            here, there = (group.target, group.source) if reverse else (group.source, group.target)
            if here != system or (target and there != target):
                continue
            found = (group.backward if reverse else group.forward).get(code)
            if found is None and not reverse:
                found = tuple(_unmapped(group, code, self.url))
            yield from found or ()


class _Target(msgspec.Struct):
    code: str = ""
    display: str = ""
    equivalence: str = ""
    comment: str = ""
    depends_on: list[dict[str, Any]] = msgspec.field(default_factory=list, name="dependsOn")


class _Element(msgspec.Struct):
    code: str = ""
    display: str = ""
    target: list[_Target] = []


class _Unmapped(msgspec.Struct):
    mode: str = ""
    code: str = ""
    display: str = ""


class _GroupRead(msgspec.Struct, rename="camel"):
    source: str = ""
    target: str = ""
    source_version: str = ""
    target_version: str = ""
    element: list[_Element] = []
    unmapped: _Unmapped | None = None


class _MapRead(msgspec.Struct, rename="camel"):
    url: str = ""
    id: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    source_uri: str = ""
    source_canonical: str = ""
    target_uri: str = ""
    target_canonical: str = ""
    group: list[_GroupRead] = []


def read_concept_map(resource: dict[str, Any]) -> ConceptMap:
    """A ConceptMap resource. msgspec.ValidationError: not of the shape of FHIR R4, or too large."""
    read = msgspec.convert(resource, _MapRead)
    if sum(len(group.element) for group in read.group) > MOST_ELEMENTS:
        raise msgspec.ValidationError(f"more than {MOST_ELEMENTS} elements")
    return ConceptMap(
        url=read.url,
        id=read.id,
        version=read.version,
        name=read.name,
        title=read.title,
        source=read.source_uri or read.source_canonical,
        target=read.target_uri or read.target_canonical,
        groups=tuple(_group(each, read.url) for each in read.group),
    )


def translate_by(
    maps: Iterable[ConceptMap], system: str, code: str, *, target: str = "", reverse: bool = False
) -> list[Match]:
    """The matches of a code in all of the maps, each once."""
    found = (match for each in maps for match in each.translate(system, code, target=target, reverse=reverse))
    return list(dict.fromkeys(found))


def _group(read: _GroupRead, url: str) -> _Group:
    forward: dict[str, tuple[Match, ...]] = {}
    backward: dict[str, tuple[Match, ...]] = {}
    for element in read.element:
        targets = [each for each in element.target if each.equivalence not in NO_MATCH and each.code]
        made = [_match(each, read, url) for each in targets if not each.depends_on]
        forward[element.code] = (*forward.get(element.code, ()), *made)
        for one in made:
            turned = Match(
                _TURNED.get(one.equivalence, one.equivalence), read.source, element.code, element.display, url,
                read.source_version,
            )  # fmt: skip
            backward[one.code] = (*backward.get(one.code, ()), turned)
    unmapped = read.unmapped
    said = {"mode": unmapped.mode, "code": unmapped.code, "display": unmapped.display} if unmapped else {}
    return _Group(read.source, read.target, read.source_version, read.target_version, forward, backward, said)


def _match(target: _Target, read: _GroupRead, url: str) -> Match:
    equivalence = target.equivalence or "relatedto"
    return Match(equivalence, read.target, target.code, target.display, url, read.target_version, target.comment)


def _unmapped(group: _Group, code: str, url: str) -> Iterator[Match]:
    """What the group says of codes that it does not list."""
    match group.unmapped.get("mode"):
        case "provided":
            yield Match("equal", group.target, code, "", url, group.target_version)
        case "fixed":
            said = group.unmapped
            yield Match("relatedto", group.target, said["code"], said.get("display", ""), url, group.target_version)
