"""Reads a ValueSet and a CodeSystem of FHIR R4: codes, displays, hierarchy and properties; no designations, no prose.

Hierarchies are flattened with a limit on their depth, so that a hostile file cannot exhaust the stack.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from gateway.definitions.model import Coded, CodeSystem, Concept, Expansion, Filter, Include, ValueSet

DEEPEST: Final = 64
_PARENT: Final = frozenset({"parent", "subsumedBy"})
_PARENT_URIS: Final = frozenset({"http://hl7.org/fhir/concept-properties#parent"})
_ABSTRACT: Final = frozenset({"notSelectable", "abstract"})
_INACTIVE_STATUS: Final = frozenset({"retired", "inactive"})


class _Filter(msgspec.Struct):
    property: str = ""
    op: str = ""
    value: str = ""


class _Code(msgspec.Struct):
    code: str = ""


class _Include(msgspec.Struct, rename="camel"):
    system: str = ""
    version: str = ""
    concept: list[_Code] = []
    filter: list[_Filter] = []
    value_set: list[str] = []


class _Compose(msgspec.Struct):
    include: list[_Include] = []
    exclude: list[_Include] = []
    inactive: bool | None = None


class _Expansion(msgspec.Struct):
    total: int | None = None
    contains: list[dict[str, Any]] = []


class _Contained(msgspec.Struct):
    system: str = ""
    code: str = ""
    display: str = ""
    version: str = ""
    abstract: bool = False
    inactive: bool = False
    contains: list[dict[str, Any]] = []


class _ValueSet(msgspec.Struct):
    url: str
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    compose: _Compose = msgspec.field(default_factory=_Compose)
    expansion: _Expansion | None = None


class _Property(msgspec.Struct):
    code: str = ""
    uri: str = ""


class _Concept(msgspec.Struct):
    code: str
    display: str = ""
    property: list[dict[str, Any]] = []
    concept: list[dict[str, Any]] = []


class _CodeSystem(msgspec.Struct, rename="camel"):
    url: str
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    content: str = ""
    hierarchy_meaning: str = ""
    case_sensitive: bool = False
    value_set: str = ""
    supplements: str = ""
    property: list[_Property] = []
    concept: list[dict[str, Any]] = []


def read_value_set(resource: dict[str, Any], package: str = "") -> ValueSet:
    """A ValueSet with its compose and, flattened, its expansion. msgspec.ValidationError: not of FHIR's shape."""
    read = msgspec.convert(resource, _ValueSet)
    expansion = None
    if read.expansion is not None:
        expansion = Expansion(tuple(_contained(read.expansion.contains)), read.expansion.total)
    return ValueSet(
        url=read.url,
        version=read.version,
        name=read.name,
        title=read.title,
        status=read.status,
        includes=tuple(_include(each) for each in read.compose.include),
        excludes=tuple(_include(each) for each in read.compose.exclude),
        inactive=read.compose.inactive,
        expansion=expansion,
        package=package,
    )


def read_code_system(resource: dict[str, Any], package: str = "") -> CodeSystem:
    """A CodeSystem with its concepts flattened. msgspec.ValidationError: its shape is not that of FHIR R4."""
    read = msgspec.convert(resource, _CodeSystem)
    upward = {each.code for each in read.property if each.uri in _PARENT_URIS} | _PARENT
    return CodeSystem(
        url=read.url,
        version=read.version,
        name=read.name,
        title=read.title,
        status=read.status,
        content=read.content,
        hierarchy=read.hierarchy_meaning,
        case_sensitive=read.case_sensitive,
        value_set=read.value_set,
        supplements=read.supplements,
        concepts=tuple(_concepts(read.concept, upward)),
        package=package,
    )


def _include(read: _Include) -> Include:
    return Include(
        read.system,
        read.version,
        tuple(each.code for each in read.concept if each.code),
        tuple(Filter(each.property, each.op, each.value) for each in read.filter),
        tuple(read.value_set),
    )


def _contained(raw: list[dict[str, Any]]) -> Iterator[Coded]:
    """Every code of an expansion in document order; headings without a code are left out."""
    waiting = [(each, 1) for each in reversed(raw)]
    while waiting:
        each, depth = waiting.pop()
        read = msgspec.convert(each, _Contained)
        if read.code:
            yield Coded(read.system, read.code, read.display, read.version, read.abstract, read.inactive)
        waiting += _below(read.contains, depth)


def _concepts(raw: list[dict[str, Any]], upward: set[str]) -> Iterator[Concept]:
    """Every concept, parents first: those it is nested in and those a property names are both its parents."""
    waiting: list[tuple[dict[str, Any], int, str]] = [(each, 1, "") for each in reversed(raw)]
    while waiting:
        each, depth, above = waiting.pop()
        read = msgspec.convert(each, _Concept)
        said = [(str(one.get("code", "")), _value(one)) for one in read.property]
        parents = dict.fromkeys([above] if above else [])
        parents.update(dict.fromkeys(value for code, value in said if code in upward and value))
        yield Concept(
            read.code,
            read.display,
            tuple(parents),
            tuple((code, value) for code, value in said if code not in upward),
            any(code in _ABSTRACT and value == "true" for code, value in said),
            any(
                (code == "inactive" and value == "true") or (code == "status" and value in _INACTIVE_STATUS)
                for code, value in said
            ),
        )
        waiting += [(child, level, read.code) for child, level in _below(read.concept, depth)]


def _below(raw: list[dict[str, Any]], depth: int) -> list[tuple[dict[str, Any], int]]:
    if raw and depth >= DEEPEST:
        raise msgspec.ValidationError(f"concepts lie more than {DEEPEST} deep inside each other")
    return [(each, depth + 1) for each in reversed(raw)]


def _value(one: dict[str, Any]) -> str:
    """A property's value as text: of a Coding its code."""
    for name, value in one.items():
        if name.startswith("value"):
            if isinstance(value, bool):
                return "true" if value else "false"
            if isinstance(value, str | int | Decimal):
                return str(value)
            if isinstance(value, dict):
                return str(value.get("code", ""))
    return ""
