"""The slices of an element compiled: who belongs to which, what members must be, slices of slices."""

from collections.abc import Callable

from gateway.definitions.model import Discriminator
from gateway.validation.discriminators import key_of, slice_matcher, url_of
from gateway.validation.issue import Check
from gateway.validation.shape import Maker, Scope
from gateway.validation.slicing import Slice, Slices
from gateway.validation.tree import Node

ItemOf = Callable[[Node], Check]


def slices_of(node: Node, item_of: ItemOf, other: Check, scope: Scope, maker: Maker) -> Slices | None:
    """The slices of an element; None where it has none that can be told apart. `other`: items of no slice."""
    return _level(node, "", item_of, other, scope, maker)


def _level(node: Node, prefix: str, item_of: ItemOf, other: Check, scope: Scope, maker: Maker) -> Slices | None:
    """The slices right under a prefix: '' for those of the element, "a/" for the slices of its slice a."""
    owner = node if not prefix else node.slices[prefix[:-1]]
    slicing = owner.element.slicing or node.element.slicing
    names = [name for name in node.slices if name.startswith(prefix) and "/" not in name[len(prefix) :]]
    if slicing is None or not slicing.discriminators or not names or _by_type(slicing.discriminators, node):
        return None
    made: list[Slice] = []
    for name in names:
        each = node.slices[name]
        matches = slice_matcher(each, slicing.discriminators, maker.world)
        if matches is None:
            maker.problems.append(f"slice {each.element.id} states no criterion at {slicing.discriminators[0].path}")
            continue
        high = None if each.element.unbounded else each.element.max
        url = url_of(each, slicing.discriminators, maker.world)
        inner = _level(node, f"{name}/", item_of, other, scope, maker)
        key = key_of(each, slicing.discriminators, maker.world)
        made.append(Slice(name, matches, item_of(each), each.element.min or 0, high, url, inner, key))
    return Slices(tuple(made), slicing.rules, slicing.ordered, other, scope.label) if made else None


def _by_type(discriminators: tuple[Discriminator, ...], node: Node) -> bool:
    """A choice sliced by its type is no list of slices: each type is a JSON property of its own."""
    return node.element.path.endswith("[x]") and all(each.type == "type" for each in discriminators)


def of_type(node: Node) -> tuple[dict[str, Node], bool]:
    """The slices of a choice by the one type each is of, and whether other types are closed out."""
    slicing = node.element.slicing
    found: dict[str, Node] = {}
    if slicing is not None and not _by_type(slicing.discriminators, node):
        return {}, False
    for each in node.slices.values():
        codes = {ref.code for ref in each.element.types}
        if len(codes) == 1:
            found.setdefault(codes.pop(), each)
    return found, slicing is not None and slicing.rules == "closed" and bool(found)
