"""Reads a StructureDefinition of FHIR R4 into a `Structure`: what a check needs, without prose.

Shapes are checked by msgspec; what does not fit raises its ValidationError, which the caller turns into a Problem that
names the file.
"""

import re
from typing import Any, Final

import msgspec

from gateway.definitions.model import Binding, Constraint, Discriminator, ElementDef, Slicing, Structure, TypeRef

FHIR_TYPE: Final = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
XML_TYPE: Final = "http://hl7.org/fhir/StructureDefinition/structuredefinition-xml-type"
REGEX: Final = "http://hl7.org/fhir/StructureDefinition/regex"
MAX_VALUE_SET: Final = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet"
SYSTEM_TYPE: Final = "http://hl7.org/fhirpath/System."
MOST_ELEMENTS: Final = 20_000
DEEPEST: Final = 32

_FACET = re.compile(r"(fixed|pattern|minValue|maxValue)([A-Z][A-Za-z0-9]*)")
_SYSTEM_TYPES: Final = {
    "String": "string",
    "Boolean": "boolean",
    "Integer": "integer",
    "Decimal": "decimal",
    "Date": "date",
    "DateTime": "dateTime",
    "Time": "time",
    "Quantity": "Quantity",
}

_Extensions = list[dict[str, Any]]


class _Type(msgspec.Struct, rename="camel"):
    code: str = ""
    profile: list[str] = []
    target_profile: list[str] = []
    aggregation: list[str] = []
    versioning: str = ""
    extension: _Extensions = []
    code_more: dict[str, Any] = msgspec.field(default_factory=dict, name="_code")


class _Discriminator(msgspec.Struct):
    type: str
    path: str


class _Slicing(msgspec.Struct):
    discriminator: list[_Discriminator] = []
    rules: str = ""
    ordered: bool = False


class _Binding(msgspec.Struct, rename="camel"):
    strength: str = ""
    value_set: str = ""
    extension: _Extensions = []


class _Constraint(msgspec.Struct):
    key: str = ""
    severity: str = "error"
    human: str = ""
    expression: str = ""
    source: str = ""


class _Base(msgspec.Struct):
    path: str = ""
    min: int = 0
    max: str = ""


class _Element(msgspec.Struct, rename="camel"):
    path: str
    id: str = ""
    slice_name: str = ""
    slice_is_constraining: bool = False
    min: int | None = None
    max: str | None = None
    type: list[_Type] = []
    content_reference: str = ""
    slicing: _Slicing | None = None
    binding: _Binding | None = None
    constraint: list[_Constraint] = []
    max_length: int | None = None
    is_modifier: bool | None = None
    is_summary: bool | None = None
    must_support: bool | None = None
    base: _Base | None = None
    representation: list[str] = []


class _Elements(msgspec.Struct):
    element: list[dict[str, Any]] = []


class _Context(msgspec.Struct):
    type: str = ""
    expression: str = ""


class _Structure(msgspec.Struct, rename="camel"):
    url: str
    type: str
    kind: str
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    abstract: bool = False
    base_definition: str = ""
    derivation: str = ""
    context: list[_Context] = []
    context_invariant: list[str] = []
    differential: _Elements = msgspec.field(default_factory=_Elements)
    snapshot: _Elements = msgspec.field(default_factory=_Elements)


def read_structure(resource: dict[str, Any], package: str = "") -> Structure:
    """A StructureDefinition as a Structure. msgspec.ValidationError: where its shape is not that of FHIR R4."""
    read = msgspec.convert(resource, _Structure)
    return Structure(
        url=read.url,
        version=read.version,
        name=read.name,
        title=read.title,
        status=read.status,
        kind=read.kind,
        abstract=read.abstract,
        type=read.type.rpartition("/")[2] if read.kind != "logical" else read.type,
        base=read.base_definition,
        derivation=read.derivation,
        contexts=tuple((each.type, each.expression) for each in read.context),
        context_invariants=tuple(read.context_invariant),
        differential=_elements(read.differential.element),
        snapshot=_elements(read.snapshot.element),
        package=package,
    )


def _elements(raw: list[dict[str, Any]]) -> tuple[ElementDef, ...]:
    if len(raw) > MOST_ELEMENTS:
        raise msgspec.ValidationError(f"more than {MOST_ELEMENTS} elements")
    return tuple(_element(each) for each in raw)


def _element(raw: dict[str, Any]) -> ElementDef:
    read = msgspec.convert(raw, _Element)
    facets = {match[1]: (value, match[2]) for name, value in raw.items() if (match := _FACET.fullmatch(name))}
    fixed, pattern = _facet(facets, "fixed"), _facet(facets, "pattern")
    least, most = _facet(facets, "minValue"), _facet(facets, "maxValue")
    types = tuple(_type(each, read.path, read.base.path if read.base else "") for each in read.type)
    regex = next((found for each in read.type if (found := _text(each.extension, REGEX))), "")
    return ElementDef(
        id=read.id or read.path,
        path=read.path,
        slice_name=read.slice_name,
        min=read.min,
        max=_upper(read.max),
        unbounded=read.max == "*",
        types=types,
        content_reference=read.content_reference,
        slicing=_slicing(read.slicing),
        fixed=fixed[0],
        fixed_type=fixed[1],
        pattern=pattern[0],
        pattern_type=pattern[1],
        binding=_binding(read.binding),
        constraints=tuple(Constraint(c.key, c.severity, c.human, c.expression, c.source) for c in read.constraint),
        max_length=read.max_length,
        min_value=least[0],
        max_value=most[0],
        is_modifier=read.is_modifier,
        is_summary=read.is_summary,
        must_support=read.must_support,
        min_value_type=least[1],
        max_value_type=most[1],
        base_path=read.base.path if read.base else "",
        base_min=read.base.min if read.base else 0,
        base_max=read.base.max if read.base else "",
        regex=regex,
        representation=tuple(read.representation),
        slice_is_constraining=read.slice_is_constraining,
    )


def _facet(facets: dict[str, tuple[Any, str]], name: str) -> tuple[Any, str]:
    """The value and its type, the type with the spelling FHIR has for primitives: fixedUri → uri."""
    value, type_name = facets.get(name, (None, ""))
    if isinstance(value, dict | list) and not _is_shallow(value):
        raise msgspec.ValidationError(f"{name}{type_name} lies more than {DEEPEST} deep")
    return value, type_name if isinstance(value, dict) or not type_name else type_name[0].lower() + type_name[1:]


def _is_shallow(value: Any) -> bool:
    """Whether objects and lists lie at most so deep inside each other, looked at level by level."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            child
            for each in level
            for child in (each.values() if isinstance(each, dict) else each)
            if isinstance(child, dict | list)
        ]
        if not level:
            return True
    return False


def _upper(text: str | None) -> int | None:
    if text is None or text == "*":
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise msgspec.ValidationError(f"max is {text[:20]!r}: a number or *")
    return int(text)


def _type(read: _Type, path: str, base: str) -> TypeRef:
    """Types without a code (an old way of saying a FHIRPath type) and System types come out as FHIR names."""
    code = read.code or _text(read.code_more.get("extension"), FHIR_TYPE)
    if code.startswith(SYSTEM_TYPE) or not code:
        code = _fhir_type(read, path, base, code.removeprefix(SYSTEM_TYPE))
    return TypeRef(code, tuple(read.profile), tuple(read.target_profile), tuple(read.aggregation), read.versioning)


def _fhir_type(read: _Type, path: str, base: str, system_type: str) -> str:
    """What R4 means by a System type: the value of a primitive is that primitive, the id of a resource an id."""
    owner, _, name = path.rpartition(".")
    if name == "value" and owner[:1].islower():
        return owner
    if base == "Resource.id":
        return "id"
    if _text(read.code_more.get("extension"), XML_TYPE) == "xsd:anyUri":
        return "uri"
    return _text(read.extension, FHIR_TYPE) or _SYSTEM_TYPES.get(system_type, "string")


def _slicing(read: _Slicing | None) -> Slicing | None:
    if read is None:
        return None
    found = tuple(Discriminator(each.type, each.path) for each in read.discriminator)
    return Slicing(found, read.rules, read.ordered)


def _binding(read: _Binding | None) -> Binding | None:
    if read is None:
        return None
    return Binding(read.strength, read.value_set, _text(read.extension, MAX_VALUE_SET))


def _text(extensions: Any, url: str) -> str:
    """The text of the first extension with that url; '' where there is none."""
    for each in extensions if isinstance(extensions, list) else []:
        if isinstance(each, dict) and each.get("url") == url:
            for name, value in each.items():
                if name.startswith("value") and isinstance(value, str):
                    return value
    return ""
