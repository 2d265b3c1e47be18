"""Paths of the mapping language: parsed once, then compiled to closures that read trees (`targets` writes them).

    name.name            members of objects (a name is anything without . [ ] ^)
    name[2]              an element by its index, from 0
    name[a.b=value]      the first element whose a.b is `value` (`sid:`, `cs:`, `ext:` are expanded)
    name[a.b=@c.d]       … whose a.b is what c.d says, seen from where the path starts
    name[*]              every element (sources of `each` only)
    ^name                from the root, whatever the path would start from
    .                    the thing itself

Absent and null are the same: None. A tree that is shaped otherwise than the path says raises `WrongShape`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from gateway.fhir.systems import expand
from gateway.kernel.problem import Problem

_NAME = re.compile(r"[^.\[\]^\s=]+")
_INDEX = re.compile(r"[0-9]{1,4}", re.ASCII)


class PathError(ValueError):
    """A path that cannot be read; the text says what to write instead."""


class WrongShape(Exception):
    """The tree holds something else than the path needs, at `path`; `wanted` is 'object' or 'list'."""

    def __init__(self, path: str, wanted: str) -> None:
        self.path = path
        self.wanted = wanted
        super().__init__(f"{path}: {wanted} expected")


@dataclass(frozen=True, slots=True)
class Name:
    """A member of an object."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """An element of a list."""

    at: int


@dataclass(frozen=True, slots=True)
class Every:
    """All elements of a list."""


@dataclass(frozen=True, slots=True)
class Select:
    """The first element whose `path` has `value` (expanded), or what `reference` reads."""

    path: "Path"
    value: str
    reference: "Path | None"


Step: TypeAlias = Name | Index | Every | Select


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path. `absolute`: it starts at the root."""

    text: str
    absolute: bool
    steps: tuple[Step, ...]

    @property
    def place(self) -> str:
        """How problems name it: as written, and nothing for the thing itself."""
        return self.text if self.steps else self.text.rstrip(".")


@dataclass(slots=True)
class Walk:
    """The state of one translation: the root, the running number of the innermost `each`, and what was found.

    `lookups`: lists of the source, indexed by what conditions ask of them; the source does not change meanwhile.
    """

    root: Any
    index: int = 0
    gaps: bool = False
    problems: list[Problem] = field(default_factory=list)
    lookups: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)


Reader: TypeAlias = Callable[[Any, Walk], Any]
Elements: TypeAlias = Callable[[Any, Walk], list[tuple[str, Any]]]


def parse_path(text: str) -> Path:
    """The path, or PathError."""
    absolute = text.startswith("^")
    rest = text[1:] if absolute else text
    if rest == "." or (absolute and not rest):
        return Path(text, absolute, ())
    steps: list[Step] = []
    at = 0
    while True:
        name = _NAME.match(rest, at)
        if name is None:
            raise PathError(
                f"path '{text}': a name is expected at character {at + 1 + absolute}, such as 'data.psn_no'"
            )
        steps.append(Name(name[0]))
        at = name.end()
        while rest[at : at + 1] == "[":
            end = _closing(rest, at, text)
            steps.append(_bracket(rest[at + 1 : end], text))
            at = end + 1
        if at == len(rest):
            return Path(text, absolute, tuple(steps))
        if rest[at] != ".":
            raise PathError(f"path '{text}': '.' or '[' is expected at character {at + 1 + absolute}")
        at += 1


def _closing(text: str, start: int, whole: str) -> int:
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "[") - (text[at] == "]")
        if depth == 0:
            return at
    raise PathError(f"path '{whole}': a '[' is never closed")


def _bracket(inside: str, whole: str) -> Step:
    if inside == "*":
        return Every()
    if _INDEX.fullmatch(inside):
        return Index(int(inside))
    left, equals, right = _split_at_equals(inside)
    if not equals or not left or not right:
        raise PathError(
            f"path '{whole}': [{inside}] is neither an index [0], nor [*], nor a condition [system=sid:bill]"
        )
    path = parse_path(left)
    if path.absolute or any(isinstance(step, Select | Every) for step in path.steps):
        raise PathError(f"path '{whole}': the left side of [{inside}] may hold names and indexes only")
    if right.startswith("@"):
        return Select(path, "", parse_path(right[1:]))
    return Select(path, expand(right), None)


def _split_at_equals(inside: str) -> tuple[str, str, str]:
    depth = 0
    for at, letter in enumerate(inside):
        depth += (letter == "[") - (letter == "]")
        if letter == "=" and depth == 0:
            return inside[:at], "=", inside[at + 1 :]
    return inside, "", ""


def compile_read(path: Path) -> Reader:
    """A closure that reads the value at `path`, or None."""
    assert not any(isinstance(step, Every) for step in path.steps), "only `each` reads every element"
    names = [step.name for step in path.steps if isinstance(step, Name)]
    if len(names) == len(path.steps):
        return _read_names(tuple(names), absolute=path.absolute)
    return _read_steps(path)


def _read_names(names: tuple[str, ...], *, absolute: bool) -> Reader:
    """The common case, without a call per step."""

    def read(here: Any, walk: Walk) -> Any:
        node = walk.root if absolute else here
        for name in names:
            if node is None:
                return None
            if not isinstance(node, dict):
                raise WrongShape(_where(names, node, walk.root if absolute else here, absolute=absolute), "object")
            node = node.get(name)
        return node

    return read


def _where(names: tuple[str, ...], wrong: object, start: Any, *, absolute: bool) -> str:
    """The path of the node that is no object, found by walking again: only failures pay for it."""
    node, done = start, 0
    while node is not wrong:
        node, done = node[names[done]], done + 1
    return ("^" if absolute else "") + ".".join(names[:done])


def _read_steps(path: Path) -> Reader:
    ops: list[tuple[Callable[[Any, Any, Walk], Any], str, str]] = []
    where = "^" if path.absolute else ""
    for step in path.steps:
        wanted = "object" if isinstance(step, Name) else "list"
        ops.append((_read_step(step), where, wanted))
        where = _extended(where, step)
    absolute = path.absolute

    def read(here: Any, walk: Walk) -> Any:
        node = walk.root if absolute else here
        for op, at, wanted in ops:
            if node is None:
                return None
            if not isinstance(node, dict if wanted == "object" else list):
                raise WrongShape(at, wanted)
            try:
                node = op(node, here, walk)
            except _BadElement as bad:
                raise WrongShape(f"{at}[{bad.at}]{bad.rest}", bad.wanted) from None
        return node

    return read


def _extended(where: str, step: Step) -> str:
    if isinstance(step, Name):
        return f"{where}.{step.name}" if where not in ("", "^") else where + step.name
    return f"{where}[{step.at}]" if isinstance(step, Index) else f"{where}[]"


class _BadElement(Exception):
    """An element that a condition cannot be asked of."""

    def __init__(self, at: int, rest: str, wanted: str) -> None:
        self.at, self.rest, self.wanted = at, rest, wanted
        super().__init__(at)


def _read_step(step: Step) -> Callable[[Any, Any, Walk], Any]:
    if isinstance(step, Name):
        name = step.name
        return lambda node, here, walk: node.get(name)
    if isinstance(step, Index):
        at = step.at
        return lambda node, here, walk: node[at] if at < len(node) else None
    assert isinstance(step, Select)
    return _read_selected(step)


def _ask(element: Any, at: int, asked: Reader, walk: Walk) -> Any:
    if element is None:
        return None
    try:
        return asked(element, walk)
    except WrongShape as wrong:
        rest = wrong.path and "." + wrong.path
        raise _BadElement(at, rest, wrong.wanted) from None


def _read_selected(step: Select) -> Callable[[Any, Any, Walk], Any]:
    """A list is indexed by what is asked of its elements once a walk: many rows select from one list of totals, and
    every line of a long answer from one list of lines."""
    asked, question, value = compile_read(step.path), step.path.text, step.value
    reference = None if step.reference is None else compile_read(step.reference)

    def read(node: list[Any], here: Any, walk: Walk) -> Any:
        key = (question, id(node))
        index = walk.lookups.get(key)
        if index is None:
            index = {}
            for at, element in enumerate(node):
                index.setdefault(plain_text(_ask(element, at, asked, walk)), element)
            walk.lookups[key] = index
        wanted = value if reference is None else plain_text(reference(here, walk))
        return index.get(wanted) if wanted else None

    return read


def plain_text(leaf: object) -> str:
    """A leaf as JSON would write it, without quotes; '' for what is no leaf, or too large to be an answer."""
    if isinstance(leaf, str):
        return leaf
    if isinstance(leaf, bool):
        return "true" if leaf else "false"
    if isinstance(leaf, int):
        return str(leaf) if leaf.bit_length() <= 128 else ""
    if isinstance(leaf, Decimal):
        return format(leaf, "f") if leaf.is_finite() and abs(leaf.adjusted()) <= 40 else ""
    return ""


def compile_elements(path: Path) -> Elements:
    """A closure that gives the elements at `path`, each with its own path. `[*]` on the way flattens."""
    parts: list[list[Step]] = [[]]
    for step in path.steps:
        if isinstance(step, Every):
            parts.append([])
        else:
            parts[-1].append(step)
    readers = [
        compile_read(Path(path.text, path.absolute and number == 0, tuple(part))) for number, part in enumerate(parts)
    ]
    texts = [_part_text(part) for part in parts]
    texts[0] = ("^" if path.absolute else "") + texts[0]

    def elements(here: Any, walk: Walk) -> list[tuple[str, Any]]:
        level = [("", here)]
        for read, text in zip(readers, texts, strict=True):
            level = [pair for where, node in level for pair in _spread(read, text, where, node, walk)]
        return level

    return elements


def _part_text(part: list[Step]) -> str:
    where = ""
    for step in part:
        where = _extended(where, step)
    return where


def _spread(read: Reader, text: str, where: str, node: Any, walk: Walk) -> list[tuple[str, Any]]:
    joined = join(where, text)
    try:
        found = read(node, walk)
    except WrongShape as wrong:
        raise WrongShape(join(where, wrong.path), wrong.wanted) from None
    if found is None:
        return []
    if not isinstance(found, list):
        raise WrongShape(joined, "list")
    return [(f"{joined}[{at}]", element) for at, element in enumerate(found) if element is not None]


def join(outer: str, inner: str) -> str:
    """A path seen from further out; absolute paths stay."""
    if inner.startswith("^") or not outer:
        return inner
    return f"{outer}.{inner}" if inner and not inner.startswith("[") else outer + inner
