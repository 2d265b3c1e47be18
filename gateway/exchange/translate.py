"""Walks a compiled mapping: a message's tree to FHIR resources, and a result to the tree of the answer."""

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from typing import Any, TypeAlias

from gateway.contract import Tree
from gateway.exchange.mappings import Mapping
from gateway.exchange.paths import Every, Index, Name, Path, Select, Walk, WrongShape
from gateway.exchange.rows import AnyRow, Each, Guard, wrong_shape
from gateway.exchange.targets import close_gaps
from gateway.kernel.problem import Problem, Refusal


def to_fhir(mapping: Mapping, tree: Tree) -> list[dict[str, Any]]:
    """The resources of `build`, each with its resourceType, in the order of the file. Refusal with every problem."""
    walk = Walk(tree)
    resources: list[dict[str, Any]] = []
    for block in mapping.build:
        try:
            if block.holds is not None and not block.holds(tree, walk):
                continue
        except WrongShape as wrong:
            walk.problems.append(wrong_shape(wrong, False))
            continue
        resource: dict[str, Any] = {"resourceType": block.resource}
        block.run(tree, walk, resource)
        resources.append(resource)
    if walk.problems:
        raise Refusal(_found(walk.problems))
    return [close_gaps(resource) for resource in resources] if walk.gaps else resources


def to_tree(mapping: Mapping, result: AnyMapping[str, Any]) -> Tree:
    """The answer's tree: what the answer rows make of a result such as {"ClaimResponse": {…}, "Context": {…}}.

    Refusal of kind fault when our own result does not fit the rows: a bug, found before anything is committed.
    """
    root = dict(result)
    walk = Walk(root)
    tree: Tree = {}
    mapping.run_answer(root, walk, tree)
    if walk.problems:
        raise Refusal(_found(walk.problems))
    closed: Tree = close_gaps(tree) if walk.gaps else tree
    return closed


def _found(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, with paths from the root: rows that read one value find the same problem."""
    return list(dict.fromkeys(problem.at(problem.path.lstrip("^")) for problem in problems))


def unmapped(mapping: Mapping, tree: Tree) -> list[str]:
    """The populated values of a message that no build row reads, as paths with [] for every element, sorted.

    A value counts as read when a row, an each block, a guard or a condition on the way looks at it.
    """
    seen: _Seen = {}
    for block in mapping.build:
        _see_guard(block.guard, (), seen)
        _see_rows(block.rows, (), seen)
    unread: set[str] = set()
    _collect(tree, [seen], "", unread)
    return sorted(unread)


_Seen: TypeAlias = dict[str | int, Any]
_Keys: TypeAlias = tuple[str | int, ...]
_ALL = "[]"


def _see_rows(rows: Iterable[AnyRow], base: _Keys, seen: _Seen) -> None:
    for row in rows:
        if isinstance(row, Each):
            inside = (*_see(row.source, base, seen), _ALL)
            _see_guard(row.guard, inside, seen)
            _see_rows(row.rows, inside, seen)
            continue
        _see_guard(row.guard, base, seen)
        if row.source is not None:
            _see(row.source, base, seen)


def _see_guard(guard: Guard, base: _Keys, seen: _Seen) -> None:
    for path, _ in (*guard.when, *guard.unless):
        _see(path, base, seen)


def _see(path: Path, base: _Keys, seen: _Seen) -> _Keys:
    """Mark what a path reads; gives its keys from the root."""
    start = () if path.absolute else base
    keys = start
    for step in path.steps:
        match step:
            case Name(name):
                keys = (*keys, name)
            case Index(at):
                keys = (*keys, at)
            case Every():
                keys = (*keys, _ALL)
            case Select():
                keys = (*keys, _ALL)
                _see(step.path, keys, seen)
                if step.reference is not None:
                    _see(step.reference, base, seen)
    node = seen
    for key in keys:
        node = node.setdefault(key, {})
    return keys


def _collect(node: Any, seen: list[_Seen], path: str, unread: set[str]) -> None:
    """`seen`: the marks that lie on this node; none means that no row comes here."""
    if isinstance(node, dict):
        for name, child in node.items():
            _collect(child, _below(seen, name), f"{path}.{name}" if path else name, unread)
    elif isinstance(node, list):
        for at, child in enumerate(node):
            _collect(child, _below(seen, at) + _below(seen, _ALL), path + _ALL, unread)
    elif node is not None and node != "" and not seen:
        unread.add(path)


def _below(seen: list[_Seen], key: str | int) -> list[_Seen]:
    return [marks[key] for marks in seen if key in marks]
