"""The elements of a structure as a tree: children by name, slices beside the element they are slices of.

Paths and ids are written when a tree is laid out again (`flatten`), so that copying a part of one tree into another
(a datatype below an element, an element into its slice) moves no text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from gateway.definitions.model import ElementDef

MOST_ELEMENTS: Final = 20_000
DEEPEST: Final = 40


@dataclass(slots=True)
class Node:
    """`children` are empty until something below is spoken of; `slices` by name, re-slices ("a/b") after theirs."""

    element: ElementDef
    children: dict[str, "Node"] = field(default_factory=dict)
    slices: dict[str, "Node"] = field(default_factory=dict)


class TooLarge(Exception):
    """A tree over the limits of size or depth."""


def build(elements: Iterable[ElementDef]) -> Node | None:
    """The tree of a snapshot in document order; None for no elements.

    An element lies under the last element before it that has its parent's path, as snapshots are laid out; one whose
    parent is not there is left out.
    """
    root: Node | None = None
    last: dict[str, Node] = {}
    for element in elements:
        parent_path, _, name = element.path.rpartition(".")
        node = Node(element)
        parent = last.get(parent_path)
        if root is None:
            root = node
        elif parent is None:
            continue
        elif element.slice_name and name in parent.children:
            insert_slice(parent.children[name], element.slice_name, node)
        else:
            parent.children[name] = node
        last[element.path] = node
    return root


def insert_slice(owner: Node, name: str, node: Node) -> None:
    """Put a slice after the others, a re-slice after the slice it is of and that one's re-slices."""
    above = name.rpartition("/")[0]
    if not above or above not in owner.slices:
        owner.slices[name] = node
        return
    names = list(owner.slices)
    place = max(n for n, each in enumerate(names) if each == above or each.startswith(above + "/")) + 1
    before, after = names[:place], names[place:]
    owner.slices = {
        **{each: owner.slices[each] for each in before},
        name: node,
        **{each: owner.slices[each] for each in after},
    }


def copy(node: Node, *, depth: int = 0) -> Node:
    """A tree of its own with the same elements. TooLarge: over 40 deep."""
    if depth > DEEPEST:
        raise TooLarge
    return Node(
        node.element,
        {name: copy(child, depth=depth + 1) for name, child in node.children.items()},
        {name: copy(each, depth=depth + 1) for name, each in node.slices.items()},
    )


def size(node: Node) -> int:
    """How many elements a tree has."""
    waiting, count = [node], 0
    while waiting:
        each = waiting.pop()
        count += 1
        waiting += each.children.values()
        waiting += each.slices.values()
    return count


def flatten(root: Node) -> tuple[ElementDef, ...]:
    """The elements in document order with their paths and ids. TooLarge: over 20,000 elements or 40 deep."""
    found: list[ElementDef] = []
    for element in _walk(root, root.element.path, root.element.path, 0):
        found.append(element)
        if len(found) > MOST_ELEMENTS:
            raise TooLarge
    return tuple(found)


def _walk(node: Node, path: str, id: str, depth: int) -> Iterator[ElementDef]:
    if depth > DEEPEST:
        raise TooLarge
    element = node.element
    yield element if element.path == path and element.id == id else msgspec.structs.replace(element, path=path, id=id)
    for name, child in node.children.items():
        below = f"{id}.{name}"
        yield from _walk(child, f"{path}.{name}", below, depth + 1)
        for slice_name, each in child.slices.items():
            yield from _walk(each, f"{path}.{name}", f"{below}:{slice_name}", depth + 1)
