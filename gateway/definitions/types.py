"""What FHIRPath and the validator ask of the base types: the children of a type, its base, its JSON names.

A type path is the name of a type ("Patient", "HumanName") or the path of a backbone element ("Patient.contact"),
as FHIR R4 section 2.24 (ElementDefinition.path) writes it. Types are compiled when they are first asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from gateway.definitions.model import ElementDef, Structure

PRIMITIVE, COMPLEX, RESOURCE = "primitive-type", "complex-type", "resource"
ELEMENT: Final = "Element"
_NESTED: Final = frozenset({"BackboneElement", ELEMENT})


class Child(NamedTuple):
    """An element of a type. `types`: FHIR type names it may have (one unless `choice`); `many`: max over 1.

    `path`: the type path to go on with: a backbone element's own ("Patient.contact"), the one a content reference
    points to, else the type; '' for a choice, where the type of the value says it. `min`: 0 or 1.
    """

    types: tuple[str, ...]
    many: bool
    choice: bool
    path: str
    min: int = 0


class Head(NamedTuple):
    """What is known of a type before it is compiled. `base`: name of the type it specialises, '' at the top."""

    name: str
    base: str
    kind: str
    abstract: bool


class _Compiled(NamedTuple):
    children: dict[str, dict[str, Child]]
    json_names: dict[str, Mapping[str, tuple[str, str]]]


class Types:
    """The base types of FHIR: immutable to those who ask. `load` brings the structure of a named type when needed."""

    __slots__ = ("_compiled", "_heads", "_lines", "_load", "_nested")

    def __init__(self, heads: Iterable[Head], load: Callable[[str], Structure]) -> None:
        self._heads = {head.name: head for head in heads}
        self._load = load
        self._compiled: dict[str, _Compiled] = {}
        self._lines = {name: self._line(name) for name in self._heads}
        self._nested: dict[str, str] = {}

    def child(self, type_path: str, name: str) -> Child | None:
        """The element of that name (without [x]), inherited ones too; None: there is none, or no such type."""
        children = self.children(type_path)
        return children.get(name)

    def children(self, type_path: str) -> Mapping[str, Child]:
        """Every element of a type by its name (without [x]), in the order of the definition; empty: no such type."""
        compiled = self._compiled_of(type_path)
        return compiled.children.get(type_path, {}) if compiled else {}

    def json_names(self, type_path: str) -> Mapping[str, tuple[str, str]]:
        """JSON property → (element name, type path of its value): valueQuantity → ("value", "Quantity")."""
        compiled = self._compiled_of(type_path)
        return compiled.json_names.get(type_path, {}) if compiled else {}

    def base_of(self, type: str) -> str | None:
        """The type it specialises, or None: "Age" → "Quantity" → "Element"; "Patient.contact" → "BackboneElement"."""
        head = self._heads.get(type)
        if head is not None:
            return head.base or None
        self._compiled_of(type)
        return self._nested.get(type)

    def is_a(self, type: str, other: str) -> bool:
        """Whether `type` is `other` or specialises it, by however many steps."""
        if type == other:
            return True
        line = self._lines.get(type)
        if line is None:
            base = self.base_of(type)
            return base is not None and self.is_a(base, other)
        return other in line

    def kind(self, type: str) -> str:
        """primitive-type, complex-type or resource; '' for a name that is no type."""
        head = self._heads.get(type)
        return head.kind if head else ""

    def is_primitive(self, type: str) -> bool:
        return self.kind(type) == PRIMITIVE

    def is_resource(self, type: str) -> bool:
        return self.kind(type) == RESOURCE

    def is_abstract(self, type: str) -> bool:
        head = self._heads.get(type)
        return head is not None and head.abstract

    def knows(self, type_path: str) -> bool:
        """Whether this is a type, or a backbone element of one."""
        if type_path in self._heads:
            return True
        compiled = self._compiled_of(type_path)
        return compiled is not None and type_path in compiled.children

    def names(self) -> tuple[str, ...]:
        """The names of all types, in the order of the definitions."""
        return tuple(self._heads)

    def _line(self, name: str) -> frozenset[str]:
        """A type with all that it specialises; a ring in broken definitions ends where it closes."""
        found: list[str] = []
        while name and name not in found:
            found.append(name)
            head = self._heads.get(name)
            name = head.base if head else ""
        return frozenset(found)

    def _compiled_of(self, type_path: str) -> _Compiled | None:
        name = type_path.partition(".")[0]
        made = self._compiled.get(name)
        if made is None and name in self._heads:
            structure = self._load(name)
            made = compile_type(structure)
            self._nested.update(_nested_types(structure))
            self._compiled[name] = made
        return made


def types_of(structures: Iterable[Structure]) -> Types:
    """Types from the snapshots of base definitions; constraints (profiles) and logical models are left out."""
    by_name = {each.type: each for each in structures if is_base(each)}
    return Types((head_of(each) for each in by_name.values()), by_name.__getitem__)


def is_base(structure: Structure) -> bool:
    """Whether a structure defines a type, not a profile of one."""
    return structure.derivation != "constraint" and structure.kind in (PRIMITIVE, COMPLEX, RESOURCE)


def head_of(structure: Structure) -> Head:
    """What Types needs of a base definition before it is compiled."""
    return Head(structure.type, structure.base.rpartition("/")[2], structure.kind, structure.abstract)


def compile_type(structure: Structure) -> _Compiled:
    """The children and JSON names of a type and of every backbone element in it, from its snapshot."""
    children: dict[str, dict[str, Child]] = {structure.type: {}}
    parents = {each.path.rpartition(".")[0] for each in structure.snapshot}
    for element in structure.snapshot:
        owner, _, name = element.path.rpartition(".")
        if owner and not element.slice_name:
            children.setdefault(owner, {})[name.removesuffix("[x]")] = _child(element, nested=element.path in parents)
    return _Compiled(children, {path: MappingProxyType(_json_names(each)) for path, each in children.items()})


def _child(element: ElementDef, *, nested: bool) -> Child:
    types = tuple(dict.fromkeys(each.code for each in element.types))
    choice = element.path.endswith("[x]")
    if element.content_reference:
        types, path = (types or ("BackboneElement",)), element.content_reference.partition("#")[2]
    elif nested:
        path = element.path
    else:
        path = types[0] if len(types) == 1 and not choice else ""
    return Child(types, element.unbounded or (element.max or 0) > 1, choice, path, min(element.min or 0, 1))


def _json_names(children: Mapping[str, Child]) -> dict[str, tuple[str, str]]:
    names: dict[str, tuple[str, str]] = {}
    for name, child in children.items():
        if child.choice:
            names.update((name + each[0].upper() + each[1:], (name, each)) for each in child.types)
        else:
            names[name] = (name, child.path)
    return names


def _nested_types(structure: Structure) -> dict[str, str]:
    """Path of a backbone element → BackboneElement or Element."""
    return {
        each.path: each.types[0].code
        for each in structure.snapshot
        if "." in each.path and len(each.types) == 1 and each.types[0].code in _NESTED
    }
