"""Where values are written: target paths of the mapping language, compiled to closures that build trees.

Objects and lists on the way are made when the first value needs them, so nothing empty is ever written.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from gateway.exchange.paths import Every, Index, Name, Path, Select, Step, Walk, compile_read

Writer: TypeAlias = Callable[[dict[str, Any], Any, Walk], None]
ListOf: TypeAlias = Callable[[dict[str, Any], Walk], list[Any]]
_Move: TypeAlias = Callable[[dict[str, Any], Walk], dict[str, Any]]


def check_target(path: Path) -> str:
    """'' when values can be written at `path`, else what to write instead."""
    if path.absolute:
        return f"to '{path.text}': a target starts where its block starts; leave out '^'"
    if not path.steps:
        return f"to '{path.text}': name a member, such as 'code.text'"
    before: Step | None = None
    for step in path.steps:
        if isinstance(step, Every):
            return f"to '{path.text}': a target is one place; build lists with `each` or [0]"
        if isinstance(step, Select) and step.reference is not None:
            return f"to '{path.text}': a condition on a target is a fixed value, without '@'"
        if not isinstance(step, Name) and not isinstance(before, Name):
            return f"to '{path.text}': a list directly inside a list cannot be built"
        before = step
    return f"to '{path.text}': name what to write in the element, after the ']'" if isinstance(before, Select) else ""


def compile_write(path: Path) -> Writer:
    """A closure that writes a value at `path`, making the objects and lists on the way."""
    assert not check_target(path), "checked when it was read"
    *way, last = path.steps
    if isinstance(last, Index):
        return _write_slot(_compile_way(way[:-1]), way[-1], last.at)
    assert isinstance(last, Name)
    name = last.name
    if not way:

        def write_here(target: dict[str, Any], value: Any, walk: Walk) -> None:
            target[name] = value

        return write_here
    descend = _compile_way(way)

    def write(target: dict[str, Any], value: Any, walk: Walk) -> None:
        descend(target, walk)[name] = value

    return write


def _write_slot(descend: _Move, name: Step, at: int) -> Writer:
    assert isinstance(name, Name)
    key = name.name

    def write(target: dict[str, Any], value: Any, walk: Walk) -> None:
        elements = descend(target, walk).setdefault(key, [])
        while len(elements) <= at:
            walk.gaps = walk.gaps or len(elements) < at
            elements.append(None)
        elements[at] = value

    return write


def compile_list(path: Path) -> ListOf:
    """A closure that gives the list at `path`, making it when there is none."""
    assert not check_target(path), "checked when it was read"
    *way, last = path.steps
    assert isinstance(last, Name), "a list is a member"
    name = last.name
    descend = _compile_way(way)

    def list_of(target: dict[str, Any], walk: Walk) -> list[Any]:
        found: list[Any] = descend(target, walk).setdefault(name, [])
        return found

    return list_of


def _compile_way(steps: list[Step]) -> _Move:
    """From the target to the object that the last name is a member of."""
    moves: list[_Move] = []
    for number, step in enumerate(steps):
        if not isinstance(step, Name):
            continue
        after = steps[number + 1] if number + 1 < len(steps) else None
        if isinstance(after, Index):
            moves.append(_to_index(step.name, after.at))
        elif isinstance(after, Select):
            moves.append(_to_selected(step.name, after))
        else:
            moves.append(_to_member(step.name))
    if len(moves) == 1:
        return moves[0]

    def descend(target: dict[str, Any], walk: Walk) -> dict[str, Any]:
        for move in moves:
            target = move(target, walk)
        return target

    return descend


def _to_member(name: str) -> _Move:
    def move(node: dict[str, Any], walk: Walk) -> dict[str, Any]:
        child = node.get(name)
        if child is None:
            child = node[name] = {}
        found: dict[str, Any] = child
        return found

    return move


def _to_index(name: str, at: int) -> _Move:
    def move(node: dict[str, Any], walk: Walk) -> dict[str, Any]:
        elements = node.get(name)
        if elements is None:
            elements = node[name] = []
        while len(elements) <= at:
            walk.gaps = walk.gaps or len(elements) < at
            elements.append({})
        found: dict[str, Any] = elements[at]
        return found

    return move


def _to_selected(name: str, select: Select) -> _Move:
    asked, mark, value = compile_read(select.path), compile_write(select.path), select.value

    def move(node: dict[str, Any], walk: Walk) -> dict[str, Any]:
        elements = node.get(name)
        if elements is None:
            elements = node[name] = []
        for element in elements:
            if asked(element, walk) == value:
                found: dict[str, Any] = element
                return found
        made: dict[str, Any] = {}
        mark(made, value, walk)
        elements.append(made)
        return made

    return move


def close_gaps(node: Any) -> Any:
    """The tree without list slots that nobody wrote: an index names a slot, and FHIR lists have no holes."""
    if isinstance(node, dict):
        return {name: close_gaps(child) for name, child in node.items()}
    if isinstance(node, list):
        return [close_gaps(child) for child in node if child is not None and child != {}]
    return node
