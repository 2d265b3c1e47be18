"""What a FHIR package says, as values without prose: structures, value sets, code systems, search parameters.

The records are `msgspec.Struct`: frozen, slotted, and written as JSON arrays, so that a package of thousands of
definitions is read back from its cache in C. Change one with `msgspec.structs.replace`. A canonical is kept as it is
written, with `|version` where one is given. "Not said" (which only a differential may do) is None, '' or ().
Names follow ElementDefinition, StructureDefinition, ValueSet, CodeSystem and SearchParameter of FHIR R4.
"""

from typing import Any

import msgspec


class TypeRef(msgspec.Struct, frozen=True, array_like=True):
    """A type an element may have. `code`: the FHIR name; a FHIRPath System type stands as the FHIR primitive it is.

    `profiles` are of the value itself, `targets` of what a Reference or canonical points to;
    `aggregation`: contained, referenced, bundled; `versioning`: either, independent, specific or ''.
    """

    code: str
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    aggregation: tuple[str, ...] = ()
    versioning: str = ""


class Binding(msgspec.Struct, frozen=True, array_like=True):
    """A value set and how binding it is: required, extensible, preferred, example.

    `max_value_set`: codes outside of it are wrong even where the binding is extensible or preferred
    (extension elementdefinition-maxValueSet); '' where there is none.
    """

    strength: str
    value_set: str = ""
    max_value_set: str = ""


class Constraint(msgspec.Struct, frozen=True, array_like=True):
    """An invariant. `severity`: error or warning; `source`: the structure that says it first; texts as published."""

    key: str
    severity: str = "error"
    human: str = ""
    expression: str = ""
    source: str = ""


class Discriminator(msgspec.Struct, frozen=True, array_like=True):
    """How slices are told apart. `type`: value, exists, pattern, type, profile; `path`: the simple FHIRPath subset."""

    type: str
    path: str


class Slicing(msgspec.Struct, frozen=True, array_like=True):
    """`rules`: closed, open, openAtEnd, or '' where a differential does not say."""

    discriminators: tuple[Discriminator, ...] = ()
    rules: str = ""
    ordered: bool = False


class ElementDef(msgspec.Struct, frozen=True, array_like=True):
    """One element of a structure; None, '' and () where a differential does not say.

    `max` is None and `unbounded` true for "*"; both None and false: not said. `fixed`, `pattern`, `min_value`,
    `max_value` are plain JSON values with exact decimals, `…_type` the FHIR type in their name (`CodeableConcept`).
    `content_reference` as written: "#Claim.item.detail"-like id, with or without a structure's url before the "#".
    `base_path`, `base_min`, `base_max` ("*" or digits): the element that was constrained first, snapshots only.
    `regex`: of a primitive type's value. `representation`: xmlAttr, xhtml … for XML.
    """

    id: str
    path: str
    slice_name: str = ""
    min: int | None = None
    max: int | None = None
    unbounded: bool = False
    types: tuple[TypeRef, ...] = ()
    content_reference: str = ""
    slicing: Slicing | None = None
    fixed: Any = None
    fixed_type: str = ""
    pattern: Any = None
    pattern_type: str = ""
    binding: Binding | None = None
    constraints: tuple[Constraint, ...] = ()
    max_length: int | None = None
    min_value: Any = None
    max_value: Any = None
    is_modifier: bool | None = None
    is_summary: bool | None = None
    must_support: bool | None = None
    min_value_type: str = ""
    max_value_type: str = ""
    base_path: str = ""
    base_min: int = 0
    base_max: str = ""
    regex: str = ""
    representation: tuple[str, ...] = ()
    slice_is_constraining: bool = False


class Structure(msgspec.Struct, frozen=True, array_like=True):
    """A StructureDefinition. `kind`: primitive-type, complex-type, resource, logical; `base`: canonical or ''.

    `derivation`: specialization, constraint or ''; `contexts`: (type, expression) of where an extension may stand;
    `package`: "name#version" it came with, '' for one of no package.
    """

    url: str
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    kind: str = ""
    abstract: bool = False
    type: str = ""
    base: str = ""
    derivation: str = ""
    contexts: tuple[tuple[str, str], ...] = ()
    context_invariants: tuple[str, ...] = ()
    differential: tuple[ElementDef, ...] = ()
    snapshot: tuple[ElementDef, ...] = ()
    package: str = ""


class Filter(msgspec.Struct, frozen=True, array_like=True):
    """A condition of a value set on the concepts of a system. `op`: =, is-a, descendent-of, is-not-a, regex, in, …"""

    property: str
    op: str
    value: str


class Include(msgspec.Struct, frozen=True, array_like=True):
    """One include or exclude. No codes and no filters: the whole system; `value_sets`: all of them must hold too."""

    system: str = ""
    version: str = ""
    codes: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    value_sets: tuple[str, ...] = ()


class Coded(msgspec.Struct, frozen=True, array_like=True):
    """A code of an expansion, flat. `abstract`: may not be chosen."""

    system: str
    code: str
    display: str = ""
    version: str = ""
    abstract: bool = False
    inactive: bool = False


class Expansion(msgspec.Struct, frozen=True, array_like=True):
    """A stored expansion. `total`: codes it says it has, None where not said; fewer codes: a part of it."""

    codes: tuple[Coded, ...] = ()
    total: int | None = None


class ValueSet(msgspec.Struct, frozen=True, array_like=True):
    """A ValueSet: what to include and exclude. `inactive`: None where it does not say whether inactive codes belong."""

    url: str
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    includes: tuple[Include, ...] = ()
    excludes: tuple[Include, ...] = ()
    inactive: bool | None = None
    expansion: Expansion | None = None
    package: str = ""


class Concept(msgspec.Struct, frozen=True, array_like=True):
    """A code of a code system. `parents`: codes it lies directly under, by nesting or by property.

    `properties`: (property, value as text) without parents; `inactive` also where a property or status says so.
    """

    code: str
    display: str = ""
    parents: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    abstract: bool = False
    inactive: bool = False


class CodeSystem(msgspec.Struct, frozen=True, array_like=True):
    """A CodeSystem. `content`: complete, fragment, example, not-present, supplement; `hierarchy`: is-a, part-of, …

    `concepts` are flat, parents before children; `supplements`: the canonical it supplements.
    """

    url: str
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    content: str = ""
    hierarchy: str = ""
    case_sensitive: bool = True
    value_set: str = ""
    supplements: str = ""
    concepts: tuple[Concept, ...] = ()
    package: str = ""


class Component(msgspec.Struct, frozen=True, array_like=True):
    """A part of a composite search parameter: the parameter's canonical and the expression within the element."""

    definition: str
    expression: str


class SearchParameter(msgspec.Struct, frozen=True, array_like=True):
    """A SearchParameter. `type`: number, date, string, token, reference, composite, quantity, uri, special."""

    url: str
    version: str = ""
    name: str = ""
    code: str = ""
    status: str = ""
    base: tuple[str, ...] = ()
    type: str = ""
    expression: str = ""
    targets: tuple[str, ...] = ()
    comparators: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    multiple_or: bool | None = None
    multiple_and: bool | None = None
    components: tuple[Component, ...] = ()
    package: str = ""


class Package(msgspec.Struct, frozen=True, array_like=True):
    """What a package says of itself. `hash`: SHA-256 (hex) of its definitions; `canonical`: the base of its urls."""

    name: str
    version: str
    fhir_version: str = ""
    dependencies: tuple[tuple[str, str], ...] = ()
    hash: str = ""
    canonical: str = ""

    @property
    def id(self) -> str:
        return f"{self.name}#{self.version}"
