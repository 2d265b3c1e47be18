"""Lays the lines of a differential over the tree of its base, unfolding types and making slices on the way."""

from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

from gateway.definitions.model import Discriminator, ElementDef, Slicing, Structure, TypeRef
from gateway.kernel.problem import Problem
from gateway.validation.snapshot import problems as wrong
from gateway.validation.snapshot.merge import add_constraints, merge
from gateway.validation.snapshot.steps import Step, Steps
from gateway.validation.snapshot.tree import MOST_ELEMENTS, Node, TooLarge, copy, insert_slice, size

CORE: Final = "http://hl7.org/fhir/StructureDefinition/"
SPECIALIZATION: Final = "specialization"
_REFERENCES: Final = frozenset({"Reference", "canonical", "CodeableReference"})
_BY_URL: Final = Slicing((Discriminator("value", "url"),), "open")
_BY_TYPE: Final = Slicing((Discriminator("type", "$this"),), "open")


class Known(Protocol):
    """The other definitions: the tree of a canonical's snapshot, whether it is just being made, and derivation."""

    def tree_of(self, url: str) -> Node | None: ...

    def is_open(self, url: str) -> bool: ...

    def derives(self, one: str, other: str) -> bool | None: ...


@dataclass(slots=True)
class Work:
    """A snapshot in the making. `pristine`: the base as it was; `choices`: choices of type with slices, by node."""

    structure: Structure
    known: Known
    root: Node
    pristine: Node
    found: list[Problem] = field(default_factory=list)
    choices: dict[int, Node] = field(default_factory=dict)
    elements: int = 0

    @property
    def may_add(self) -> bool:
        return self.structure.derivation == SPECIALIZATION


def work_on(structure: Structure, known: Known, root: Node) -> Work:
    """The beginning: the base's tree, of a new type under its own name."""
    work = Work(structure, known, root, copy(root), elements=size(root))
    if work.may_add:
        name = structure.differential[0].path.partition(".")[0] if structure.differential else structure.type
        root.element = msgspec.structs.replace(root.element, id=name, path=name, base_path=name)
    return work


def lay(work: Work, steps: Steps, said: ElementDef) -> None:
    """One line of the differential over the element it speaks of. TooLarge: the tree grows over its limits."""
    at = f"{work.structure.url}#{said.id}"
    node: Node | None = work.root
    for step in steps:
        node = _down(work, node, step, at) if node else None
    if node is None:
        return
    if not node.element.path:
        constraints = add_constraints((), said.constraints, work.structure.url)
        node.element = msgspec.structs.replace(said, constraints=constraints, base_path=said.path)
        return
    element = _with_profile(work, node.element, said)
    node.element = merge(element, said, source=work.structure.url, at=at, derives=work.known.derives, found=work.found)


def close_choices(work: Work) -> None:
    """What slices by type imply: a mandatory one leaves no other type, and all types sliced leave nothing open.

    An optional slice such as valueQuantity does not narrow the types (R4 ElementDefinition, rules of path).
    """
    for owner in work.choices.values():
        element = owner.element
        if element.slicing is None or element.slicing.discriminators != _BY_TYPE.discriminators:
            continue
        needed = [each.element for each in owner.slices.values() if each.element.min]
        types = needed[0].types if len(needed) == 1 and element.max == 1 else element.types
        codes = {each.code for each in types}
        if codes <= {each.code for slice in owner.slices.values() for each in slice.element.types}:
            owner.element = msgspec.structs.replace(
                element,
                types=tuple(each for each in element.types if each.code in codes),
                slicing=msgspec.structs.replace(element.slicing, rules="closed"),
                min=max(element.min or 0, 1) if needed else element.min,
            )


def _down(work: Work, node: Node, step: Step, at: str) -> Node | None:
    """The child or slice of a step, made when it is not there yet; None with a problem where it cannot be."""
    if not node.children:
        _unfold(work, node, at)
    child, slice_name = node.children.get(step.name), step.slice_name
    if child is None:
        child, shorthand = _choice(node, step.name)
        slice_name = slice_name or shorthand
    if child is None and work.may_add:
        child = node.children[step.name] = Node(ElementDef("", ""))
        _grow(work, 1)
    if child is None:
        work.found.append(wrong.element_unknown(at, step.name))
        return None
    return _slice(work, child, slice_name, at) if slice_name else child


def _slice(work: Work, owner: Node, slice_name: str, at: str) -> Node:
    """A slice of an element; a new one begins as the element (or, of "a/b", the slice "a") with all it holds."""
    path = owner.element.path
    if path.endswith("[x]"):
        work.choices[id(owner)] = owner
    there = owner.slices.get(slice_name)
    if there is not None:
        return there
    if owner.element.slicing is None:
        owner.element = msgspec.structs.replace(owner.element, slicing=_implied(work, path, at))
    above = owner.slices.get(slice_name.rpartition("/")[0], owner)
    made = copy(Node(above.element, above.children))
    _grow(work, size(made))
    types = tuple(each for each in above.element.types if name_of_choice(path, each) == slice_name)
    made.element = msgspec.structs.replace(
        above.element, slicing=None, slice_name=slice_name, min=0, types=types or above.element.types
    )
    insert_slice(owner, slice_name, made)
    return made


def _implied(work: Work, path: str, at: str) -> Slicing:
    """Extensions are sliced by url and choices by type without saying so; what else is not sliced is told."""
    if path.endswith("[x]"):
        return _BY_TYPE
    if path.rpartition(".")[2] in ("extension", "modifierExtension"):
        return _BY_URL
    work.found.append(wrong.unsliced(at))
    return Slicing((), "open")


def _with_profile(work: Work, element: ElementDef, said: ElementDef) -> ElementDef:
    """What the one profile that a line names says of the value as a whole: its constraints, of extensions more."""
    if len(said.types) != 1 or len(said.types[0].profiles) != 1 or said.types[0].code in _REFERENCES:
        return element
    tree = work.known.tree_of(said.types[0].profiles[0])
    if tree is None:
        return element
    top = tree.element
    element = msgspec.structs.replace(element, constraints=add_constraints(element.constraints, top.constraints, ""))
    if said.types[0].code != "Extension":
        return element
    return msgspec.structs.replace(
        element,
        min=element.min if said.min is not None else max(top.min or 0, element.min or 0),
        max=top.max if element.unbounded else element.max,
        unbounded=element.unbounded and top.unbounded,
        is_modifier=element.is_modifier or top.is_modifier,
    )


def _unfold(work: Work, node: Node, at: str) -> None:
    """Give a node the children its type, its profile or the element it refers to has."""
    element = node.element
    target = _find(work.pristine, element.content_reference.partition("#")[2]) if element.content_reference else None
    if target is not None:
        node.children = copy(target).children
        node.element = msgspec.structs.replace(element, content_reference="", types=target.element.types)
    else:
        tree = _type_tree(work, element.types)
        if tree is None or not tree.children:
            if not work.may_add:
                work.found.append(wrong.not_walkable(at, ", ".join(dict.fromkeys(each.code for each in element.types))))
            return
        node.children = tree.children
    _grow(work, size(node))


def _type_tree(work: Work, types: tuple[TypeRef, ...]) -> Node | None:
    """The tree of a type's definition, or of the one profile it has; of a choice of types what all have."""
    codes = {each.code for each in types}
    profiles = {profile for each in types for profile in each.profiles}
    if len(profiles) == 1 and len(codes) == 1:
        profile = next(iter(profiles))
        if work.known.is_open(profile):
            work.found.append(wrong.cycle(work.structure.url, profile))
        found = work.known.tree_of(profile)
        if found is not None and found.children:
            return found
    if len(codes) == 1:
        code = next(iter(codes))
        return work.known.tree_of(code if ":" in code else CORE + code)
    return work.known.tree_of(CORE + "Element") if codes else None


def _grow(work: Work, more: int) -> None:
    work.elements += more
    if work.elements > MOST_ELEMENTS:
        raise TooLarge


def _choice(node: Node, name: str) -> tuple[Node | None, str]:
    """The choice that a name such as valueQuantity is one of, and the slice it stands for."""
    for known, child in node.children.items():
        stem = known.removesuffix("[x]")
        if known == stem or not name.startswith(stem):
            continue
        if any(name_of_choice(known, each) == name for each in child.element.types):
            return child, name
    return None, ""


def name_of_choice(path: str, type: TypeRef) -> str:
    """The JSON name a choice has with a type: value[x] and Quantity give valueQuantity; '' for what is no choice."""
    name = path.rpartition(".")[2]
    return name[:-3] + type.code[:1].upper() + type.code[1:] if name.endswith("[x]") else ""


def _find(root: Node, id: str) -> Node | None:
    """The element with an id such as Claim.item.detail, whatever slices it names."""
    node: Node | None = root
    for part in id.split(".")[1:]:
        node = node.children.get(part.partition(":")[0]) if node else None
    return node
