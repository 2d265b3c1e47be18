"""The paths of discriminators: the simple part of FHIRPath that slices are told apart by (FHIR R4 section 5.1.0.7).

A path is read once to steps; `select` follows them through JSON, `defined_at` through the definitions, so that the
criterion a slice states at the path can be found.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from gateway.definitions.model import TypeRef
from gateway.validation.references import CORE, resolve
from gateway.validation.tree import Node

_STEP = re.compile(
    r"\s*(?:(?P<this>\$this)|(?P<resolve>resolve\(\))"
    r"|extension\(\s*(?:'(?P<url>[^']{1,500})'|\"(?P<url2>[^\"]{1,500})\")\s*\)"
    r"|(?:ofType|as)\(\s*(?P<type>[A-Za-z.]{1,60})\s*\)|(?P<name>[A-Za-z_][A-Za-z0-9_]{0,80})(?:\[x\])?)\s*"
)
_AS = re.compile(r"\s+as\s+([A-Za-z.]{1,60})\s*$")


class Step(NamedTuple):
    """`kind`: name, extension, resolve, type; `value`: the name, url or type."""

    kind: str
    value: str = ""


Selected = tuple[Any, str]
"""A value and its type where the JSON says it (a choice, a resource), else ''."""

TreeOf = Callable[[str], Node | None]
"""Canonical of a structure → the root of its snapshot."""


def read_path(path: str) -> tuple[Step, ...] | None:
    """The steps of a path, none for $this; None for a path outside of the subset."""
    cast = _AS.search(path)
    text = path[: cast.start()] if cast else path
    steps: list[Step] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None or len(steps) > 20:
            return None
        if match["name"]:
            steps.append(Step("name", match["name"]))
        elif match["url"] or match["url2"]:
            steps.append(Step("extension", match["url"] or match["url2"]))
        elif match["resolve"]:
            steps.append(Step("resolve"))
        elif match["type"]:
            steps.append(Step("type", match["type"].rpartition(".")[2]))
        at = match.end()
        if at < len(text):
            if text[at] != ".":
                return None
            at += 1
    if cast:
        steps.append(Step("type", cast[1].rpartition(".")[2]))
    return tuple(steps)


def select(value: Any, type_name: str, steps: Iterable[Step], run: Any, choices: frozenset[str]) -> list[Selected]:
    """The values at a path; `choices`: capitalised type names, by which a choice property is known."""
    found: list[Selected] = [(value, type_name)]
    for step in steps:
        found = [each for one in found for each in _follow(one, step, run, choices)]
        if not found:
            break
    return found


def _follow(one: Selected, step: Step, run: Any, choices: frozenset[str]) -> list[Selected]:
    value, type_name = one
    if step.kind == "type":
        return [one] if not type_name or _same_type(type_name, step.value) else []
    if type(value) is not dict:
        return []
    if step.kind == "resolve":
        reference = value.get("reference")
        target = resolve(reference, run) if type(reference) is str and reference else None
        return [(target, str(target.get("resourceType", "")))] if target is not None else []
    if step.kind == "extension":
        return [(each, "Extension") for each in _items(value.get("extension")) if _url(each) == step.value]
    name = step.value
    if name in value:
        return [(each, _own_type(each)) for each in _items(value[name])]
    return [
        (each, key[len(name) :])
        for key, held in value.items()
        if key.startswith(name) and key[len(name) :] in choices
        for each in _items(held)
    ]


def _items(value: Any) -> list[Any]:
    return value if type(value) is list else [] if value is None else [value]


def _url(value: Any) -> Any:
    return value.get("url") if type(value) is dict else None


def _own_type(value: Any) -> str:
    name = value.get("resourceType") if type(value) is dict else None
    return name if type(name) is str else ""


def _same_type(one: str, other: str) -> bool:
    return one[:1].lower() + one[1:] == other[:1].lower() + other[1:]


def defined_at(node: Node, steps: Iterable[Step], tree_of: TreeOf) -> list[Node]:
    """The definitions of what lies at a path, through the children of a slice, else the profile or type it has."""
    found = [node]
    for step in steps:
        found = [each for one in found for each in _defined(one, step, tree_of)][:50]
    return found


def _defined(node: Node, step: Step, tree_of: TreeOf) -> list[Node]:
    if step.kind == "type":
        return [each for each in node.slices.values() if _has_type(each, step.value)] or [node]
    if step.kind == "resolve":
        urls = [target for ref in node.element.types for target in ref.targets]
        return [root for url in urls if (root := tree_of(url)) is not None]
    owners = [node] if node.children else [root for ref in node.element.types for root in _roots(ref, tree_of)]
    if step.kind == "extension":
        return [each for owner in owners for each in _extension(owner, step.value)] or [
            root for root in [tree_of(step.value)] if root is not None
        ]
    return [each for owner in owners for each in _child(owner, step.value)]


def _roots(ref: TypeRef, tree_of: TreeOf) -> list[Node]:
    urls = ref.profiles or ((CORE + ref.code) if ref.code else "",)
    return [root for url in urls if url and (root := tree_of(url)) is not None]


def _child(owner: Node, name: str) -> list[Node]:
    child = owner.children.get(name)
    if child is not None:
        return [child, *_telling(child)]
    choice = owner.children.get(f"{name}[x]")
    return [choice, *_telling(choice)] if choice is not None else []


def _telling(child: Node) -> list[Node]:
    """Slices that must be there may state the criterion of their element."""
    return [each for each in child.slices.values() if (each.element.min or 0) > 0]


def _extension(owner: Node, url: str) -> list[Node]:
    sliced = owner.children.get("extension")
    found = []
    for each in sliced.slices.values() if sliced is not None else ():
        said = each.children.get("url")
        if (said is not None and said.element.fixed == url) or any(url in ref.profiles for ref in each.element.types):
            found.append(each)
    return found


def _has_type(node: Node, name: str) -> bool:
    return any(_same_type(ref.code, name) for ref in node.element.types)
