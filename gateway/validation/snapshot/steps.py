"""Which element a line of a differential speaks of: the names and slices from the root down to it.

Ids say it where they are well formed (`Claim.item:drug.adjudication:copay.amount`). Where they are not, the path says
it, read in document order: a path below a slice that was just named lies in that slice.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.definitions.model import ElementDef


class Step(NamedTuple):
    """One level down: the element's name as written ("value[x]", "valueQuantity", "item"), and its slice or ''."""

    name: str
    slice_name: str


Steps = tuple[Step, ...]


def read_steps(elements: Iterable[ElementDef]) -> Iterator[tuple[Steps, ElementDef]]:
    """Each element of a differential with its steps from the root, the root's own step left out."""
    lines = list(elements)
    trusted = all(map(_id_tells_slice, lines))
    last: dict[str, Steps] = {}
    for element in lines:
        steps = _from_id(element) if trusted else None
        if steps is None:
            parent, _, name = element.path.rpartition(".")
            above = last.get(parent) or tuple(Step(each, "") for each in parent.split(".")[1:])
            steps = (*above, Step(name, element.slice_name)) if parent else ()
        last[element.path] = steps
        yield steps, element


def _id_tells_slice(element: ElementDef) -> bool:
    """Whether the id has the slice where there is one; one line whose id has not, and no id tells anything."""
    name, colon, _ = element.id.rpartition(".")[2].partition(":")
    return not element.slice_name or bool(colon) or name == element.slice_name


def _from_id(element: ElementDef) -> Steps | None:
    """The steps an id says, or None when it does not fit the path and the slice name."""
    ids, paths = element.id.split("."), element.path.split(".")
    if len(ids) != len(paths):
        return None
    steps = []
    for said, name in zip(ids[1:], paths[1:], strict=True):
        id_name, _, slice_name = said.partition(":")
        if id_name != name and not (id_name.endswith("[x]") and name.startswith(id_name[:-3])):
            return None
        steps.append(Step(id_name, slice_name))
    if steps and element.slice_name and steps[-1].slice_name != element.slice_name:
        if steps[-1].slice_name:
            return None
        steps[-1] = Step(steps[-1].name, element.slice_name)
    return tuple(steps)
