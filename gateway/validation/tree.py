"""A snapshot as a tree: each element with its children and its slices (element ids of FHIR R4, section 2.27.9)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gateway.definitions.model import ElementDef

_DEEPEST: Final = 60


@dataclass(slots=True)
class Node:
    """An element. `children` by name (with [x] where it has it), `slices` by slice name in order of the snapshot."""

    element: ElementDef
    children: dict[str, "Node"] = field(default_factory=dict)
    slices: dict[str, "Node"] = field(default_factory=dict)


def tree_of(snapshot: Sequence[ElementDef]) -> Node:
    """The tree of a snapshot with at least its root. Elements whose parent is not there are left out."""
    assert snapshot, "a snapshot has a root"
    root = Node(snapshot[0])
    for element in snapshot[1:]:
        steps = _steps(element.id or element.path)[1:]
        if not steps or len(steps) > _DEEPEST:
            continue
        parent = _find(root, steps[:-1])
        if parent is None:
            continue
        name, slice_name = steps[-1]
        if not slice_name:
            parent.children[name] = Node(element)
        elif (base := parent.children.get(name)) is not None:
            base.slices[slice_name] = Node(element)
    return root


def find(root: Node, id: str) -> Node | None:
    """The node of an element id ("Claim.item.detail", "Observation.component:systolic.value[x]")."""
    return _find(root, _steps(id)[1:])


def _find(node: Node, steps: Sequence[tuple[str, str]]) -> Node | None:
    for name, slice_name in steps:
        child = node.children.get(name)
        if child is None:
            return None
        if slice_name:
            child = child.slices.get(slice_name)
            if child is None:
                return None
        node = child
    return node


def _steps(id: str) -> list[tuple[str, str]]:
    """Names with their slices: "value[x]:valueQuantity.code" → ("value[x]", "valueQuantity"), ("code", "")."""
    return [(name, slice_name) for name, _, slice_name in (each.partition(":") for each in id.split("."))]
