"""The rows of a mapping as values, and their compilation to closures.

A compiled row is `run(here, walk, target)`: it reads from `here` (an element, or the root), writes into `target`, and
notes what is wrong in `walk.problems`, with paths as seen from `here`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gateway.exchange.concept_maps import CodeMap
from gateway.exchange.paths import Path, Walk, WrongShape, compile_elements, compile_read, join, plain_text
from gateway.exchange.row_types import ANSWER_TYPES, BUILD_TYPES, RowType, answer_fault, shown
from gateway.exchange.targets import compile_list, compile_write
from gateway.kernel.problem import Kind, Problem

Run: TypeAlias = Callable[[Any, Walk, dict[str, Any]], None]
Holds: TypeAlias = Callable[[Any, Walk], bool]

ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class Guard:
    """Conditions: each path has one of its values ('*': any value at all). `when`: all hold; `unless`: none does."""

    when: tuple[tuple[Path, frozenset[str]], ...] = ()
    unless: tuple[tuple[Path, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One value. Exactly one of `source`, `const` and `index` is not None. `line`: where it stands in its file."""

    to: Path
    source: Path | None = None
    const: Any = None
    index: int | None = None
    type: str = ""
    map: CodeMap | None = None
    reverse: bool = False
    as_: str = ""
    strip: str = ""
    default: Any = None
    required: bool = False
    guard: Guard = Guard()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Each:
    """Rows for every element of a list; `to` None: they write where the enclosing block writes."""

    source: Path
    rows: "tuple[Row | Each, ...]"
    to: Path | None = None
    required: bool = False
    guard: Guard = Guard()
    line: int = 0


AnyRow: TypeAlias = Row | Each


def compile_rows(rows: Sequence[AnyRow], *, answer: bool) -> Run:
    """One closure that runs all rows in their order."""
    runs = tuple(_compile_each(row, answer) if isinstance(row, Each) else _compile_row(row, answer) for row in rows)

    def run(here: Any, walk: Walk, target: dict[str, Any]) -> None:
        for one in runs:
            one(here, walk, target)

    return run


def compile_guard(guard: Guard) -> Holds | None:
    """Whether the guard lets a row run; None when there is no guard. WrongShape when it cannot be asked."""
    when = tuple((compile_read(path), values) for path, values in guard.when)
    unless = tuple((compile_read(path), values) for path, values in guard.unless)
    if not when and not unless:
        return None

    def holds(here: Any, walk: Walk) -> bool:
        return all(_is_one_of(read(here, walk), values) for read, values in when) and not any(
            _is_one_of(read(here, walk), values) for read, values in unless
        )

    return holds


def _is_one_of(found: Any, values: frozenset[str]) -> bool:
    text = plain_text(found).strip()
    return text in values or (ANYTHING in values and (text != "" or isinstance(found, dict | list)))


def compile_conversion(row: Row, *, answer: bool) -> RowType:
    """What a source value goes through: strip, type, map, as."""
    stages: list[RowType] = []
    if row.strip:
        stages.append(_strip(row.strip))
    if row.type or not answer:
        stages.append((ANSWER_TYPES if answer else BUILD_TYPES)[row.type or "string"])
    if row.map is not None:
        stages.append(_map(row.map, answer, reverse=row.reverse))
    if row.as_:
        stages.append(_format(row.as_))
    if len(stages) == 1:
        return stages[0]

    def convert(value: Any, path: str) -> Any:
        for stage in stages:
            value = stage(value, path)
            if isinstance(value, Problem):
                return value
        return value

    return convert


def _strip(prefix: str) -> RowType:
    return lambda value, path: value.removeprefix(prefix) if isinstance(value, str) else value


def _format(pattern: str) -> RowType:
    before, _, after = pattern.partition("{}")
    return lambda value, path: before + plain_text(value) + after


def _map(codes: CodeMap, answer: bool, *, reverse: bool) -> RowType:
    known = ", ".join(list(codes.backward if reverse else codes.forward)[:30])

    def find(value: Any, path: str) -> Any:
        code = plain_text(value)
        found = codes.backward.get(code) if reverse else codes.find(code)
        if found is not None:
            return found
        if answer:
            return answer_fault(path, f"code map {codes.name} has nothing for '{shown(code)}'")
        return Problem(
            Kind.INVALID,
            "unknown-code",
            path,
            f"'{shown(code)}' is not a code we know here: send one of {known}",
            f"“{shown(code)}”不是此处可用的代码:请发送 {known} 之一",
        )

    return find


def _compile_row(row: Row, answer: bool) -> Run:
    if row.source is None:
        run = _fixed(row) if row.index is None else _numbered(row)
    else:
        run = _copied(row, row.source, answer)
    return _guarded(run, row.guard, answer)


def _guarded(run: Run, guard: Guard, answer: bool) -> Run:
    holds = compile_guard(guard)
    if holds is None:
        return run
    asked = holds

    def guarded(here: Any, walk: Walk, target: dict[str, Any]) -> None:
        try:
            wanted = asked(here, walk)
        except WrongShape as wrong:
            walk.problems.append(wrong_shape(wrong, answer))
            return
        if wanted:
            run(here, walk, target)

    return guarded


def _fixed(row: Row) -> Run:
    write, const = compile_write(row.to), row.const
    return lambda here, walk, target: write(target, const, walk)


def _numbered(row: Row) -> Run:
    write, first, pattern = compile_write(row.to), row.index or 0, row.as_

    def run(here: Any, walk: Walk, target: dict[str, Any]) -> None:
        number = first + walk.index
        write(target, pattern.replace("{}", str(number)) if pattern else number, walk)

    return run


def _copied(row: Row, source: Path, answer: bool) -> Run:
    read, write, where = compile_read(source), compile_write(row.to), source.place
    convert = compile_conversion(row, answer=answer)
    default = None if row.default is None else convert(row.default, where)
    assert not isinstance(default, Problem), "defaults are checked when they are read"
    required, single = row.required, not answer or row.type not in ("", "plain")

    def run(here: Any, walk: Walk, target: dict[str, Any]) -> None:
        try:
            value = read(here, walk)
        except WrongShape as wrong:
            walk.problems.append(wrong_shape(wrong, answer))
            return
        if not answer and isinstance(value, str):
            value = value.strip() or None
        if value is None:
            if default is not None:
                write(target, default, walk)
            elif required:
                walk.problems.append(_missing(where, answer))
            return
        if single and isinstance(value, dict | list):
            walk.problems.append(wrong_shape(WrongShape(where, "value"), answer))
            return
        value = convert(value, where)
        if isinstance(value, Problem):
            walk.problems.append(value)
            return
        write(target, value, walk)

    return run


def _compile_each(each: Each, answer: bool) -> Run:
    elements, rows, where = compile_elements(each.source), compile_rows(each.rows, answer=answer), each.source.place
    list_of = compile_list(each.to) if each.to is not None else None
    listed = compile_read(each.to) if each.to is not None else None
    rows = _guarded(rows, each.guard, answer)
    required = each.required

    def run(here: Any, walk: Walk, target: dict[str, Any]) -> None:
        try:
            found = elements(here, walk)
        except WrongShape as wrong:
            walk.problems.append(wrong_shape(wrong, answer))
            return
        if not found and required:
            walk.problems.append(_missing(where, answer))
        outer = walk.index
        walk.index = 0 if listed is None else len(listed(target, Walk(None)) or ())  # the target grows: no lookups
        into = None
        for path, element in found:
            before = len(walk.problems)
            made = target if list_of is None else {}
            rows(element, walk, made)
            if list_of is not None and made:
                into = list_of(target, walk) if into is None else into
                into.append(made)
                walk.index += 1
            elif list_of is None:
                walk.index += 1
            if len(walk.problems) != before:
                _place(walk.problems, before, path)
        walk.index = outer

    return run


def _place(problems: list[Problem], start: int, path: str) -> None:
    """The problems of one element, with paths as seen from outside the list."""
    problems[start:] = [problem.at(join(path, problem.path)) for problem in problems[start:]]


def wrong_shape(wrong: WrongShape, answer: bool) -> Problem:
    """A structure in the way of a path."""
    if answer:
        return answer_fault(wrong.path, f"{wrong.wanted} expected")
    wanted_zh = {"object": "对象", "list": "数组", "value": "单个值"}[wrong.wanted]
    return Problem(
        Kind.INVALID,
        "bad-structure",
        wrong.path,
        f"the structure is not the message's: send {'an' if wrong.wanted == 'object' else 'a'} {wrong.wanted} here",
        f"报文结构不符:此处应为{wanted_zh}",
    )


def _missing(path: str, answer: bool) -> Problem:
    if answer:
        return answer_fault(path, "a required value is absent")
    return Problem(
        Kind.INVALID,
        "missing-field",
        path,
        "a required value is missing or empty: send it",
        "缺少必填项或为空:请补充后发送",
    )
