"""What a value set says: which codes of which systems, by name, by a condition, or by another value set."""

from typing import Any, Final

import msgspec

from gateway.terminology.concept import ZH, Concept, Property
from gateway.terminology.packed import Packed
from gateway.terminology.system import CodeSystem

DEEPEST: Final = 32
MOST_INCLUDES: Final = 200
_UPWARD: Final = frozenset({"parent", "subsumedBy"})
_HEADING: Final = frozenset({"notSelectable", "abstract"})
_RETIRED: Final = frozenset({"retired", "inactive", "deprecated"})


class Filter(msgspec.Struct, frozen=True):
    """A condition on the concepts of a system. `op`: =, is-a, descendent-of, is-not-a, generalizes, in, exists, …"""

    property: str
    op: str
    value: str


class Include(msgspec.Struct, frozen=True):
    """One include or exclude. No codes and no filters: the whole system. `codes`: (code, display or '')."""

    system: str = ""
    version: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    filters: tuple[Filter, ...] = ()
    value_sets: tuple[str, ...] = ()


class ValueSet(msgspec.Struct, frozen=True):
    """A value set. `inactive`: whether inactive codes belong, None where it does not say."""

    url: str
    id: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    includes: tuple[Include, ...] = ()
    excludes: tuple[Include, ...] = ()
    inactive: bool | None = None


class _Code(msgspec.Struct):
    code: str
    display: str = ""


class _Include(msgspec.Struct, rename="camel"):
    system: str = ""
    version: str = ""
    concept: list[_Code] = []
    filter: list[Filter] = []
    value_set: list[str] = []


class _Compose(msgspec.Struct):
    include: list[_Include] = []
    exclude: list[_Include] = []
    inactive: bool | None = None


class _ValueSet(msgspec.Struct):
    url: str = ""
    id: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    compose: _Compose = msgspec.field(default_factory=_Compose)


class _CodeSystem(msgspec.Struct, rename="camel"):
    url: str = ""
    id: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    publisher: str = ""
    description: str = ""
    content: str = "complete"
    language: str = ""
    value_set: str = ""
    hierarchy_meaning: str = ""
    case_sensitive: bool = False
    property: list[dict[str, Any]] = []
    concept: list[dict[str, Any]] = []


class _Designation(msgspec.Struct):
    value: str
    language: str = ""


class _Concept(msgspec.Struct):
    code: str
    display: str = ""
    definition: str = ""
    designation: list[_Designation] = []
    property: list[dict[str, Any]] = []
    concept: list[dict[str, Any]] = []


def read_value_set(resource: dict[str, Any]) -> ValueSet:
    """A ValueSet resource by its compose. msgspec.ValidationError: not of the shape of FHIR R4, or too large."""
    read = msgspec.convert(resource, _ValueSet)
    if len(read.compose.include) + len(read.compose.exclude) > MOST_INCLUDES:
        raise msgspec.ValidationError(f"more than {MOST_INCLUDES} includes and excludes")
    return ValueSet(
        url=read.url,
        id=read.id,
        version=read.version,
        name=read.name,
        title=read.title,
        includes=tuple(_include(each) for each in read.compose.include),
        excludes=tuple(_include(each) for each in read.compose.exclude),
        inactive=read.compose.inactive,
    )


def read_code_system(resource: dict[str, Any]) -> CodeSystem:
    """A CodeSystem resource. msgspec.ValidationError: not of the shape of FHIR R4."""
    read = msgspec.convert(resource, _CodeSystem)
    declared = [msgspec.convert(each, dict[str, Any]) for each in read.property]
    properties = tuple(Property(*(str(each.get(name, "")) for name in _PROPERTY)) for each in declared)
    return CodeSystem(
        url=read.url,
        id=read.id,
        version=read.version,
        title={"zh": read.title or read.name},
        concepts=Packed(_concepts(read.concept), caseless=not read.case_sensitive),
        content=read.content,
        language=read.language or ZH,
        properties=properties,
        value_set=read.value_set,
        publisher=read.publisher,
        note=read.description,
        hierarchy=read.hierarchy_meaning,
        name=read.name,
    )


_PROPERTY: Final = ("code", "type", "description", "uri")


def _include(read: _Include) -> Include:
    codes = tuple((each.code, each.display) for each in read.concept)
    return Include(read.system, read.version, codes, tuple(read.filter), tuple(read.value_set))


def _concepts(raw: list[dict[str, Any]]) -> list[Concept]:
    """Every concept, parents first, however they are nested."""
    made = []
    waiting: list[tuple[dict[str, Any], int, str]] = [(each, 1, "") for each in reversed(raw)]
    while waiting:
        each, depth, above = waiting.pop()
        if depth > DEEPEST:
            raise msgspec.ValidationError(f"concepts lie more than {DEEPEST} deep inside each other")
        read = msgspec.convert(each, _Concept)
        said = [(str(one.get("code", "")), _value(one)) for one in read.property]
        parents = dict.fromkeys([above] * bool(above) + [value for code, value in said if code in _UPWARD and value])
        made.append(
            Concept(
                read.code,
                read.display,
                tuple((one.language, one.value) for one in read.designation),
                tuple(parents),
                tuple((code, value) for code, value in said if code not in _UPWARD | _HEADING | {"inactive"}),
                read.definition,
                any((code, value) == ("inactive", "true") or (code == "status" and value in _RETIRED)
                    for code, value in said),
                any(code in _HEADING and value == "true" for code, value in said),
            )
        )  # fmt: skip
        waiting += [(child, depth + 1, read.code) for child in reversed(read.concept)]
    return made


def _value(one: dict[str, Any]) -> str:
    """A property's value as text: of a Coding its code."""
    for name, value in one.items():
        if name.startswith("value"):
            if isinstance(value, bool):
                return "true" if value else "false"
            return str(value.get("code", "")) if isinstance(value, dict) else str(value)
    return ""
