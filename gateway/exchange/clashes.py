"""Rows that cannot build one tree: a member written both as a value and as an object or list.

Found when a mapping file is read, so that a walk never meets a value where it wants to write an object.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.exchange.paths import Index, Name, Path, Select, Step
from gateway.exchange.rows import AnyRow, Each


@dataclass(slots=True)
class _Shape:
    """What rows write at one place: 'value', 'object' or 'list' ('' so far nothing), and what lies below."""

    kind: str = ""
    by: str = ""
    below: dict[str, "_Shape"] = field(default_factory=dict)


def find_clashes(rows: Iterable[AnyRow]) -> list[tuple[int, str]]:
    """(line, what to change) for every target that another row's target rules out."""
    clashes: list[tuple[int, str]] = []
    _lay_rows(rows, _Shape("object"), clashes)
    return clashes


def _lay_rows(rows: Iterable[AnyRow], start: _Shape, clashes: list[tuple[int, str]]) -> None:
    for row in rows:
        if not isinstance(row, Each):
            _lay(row.to, start, "value", row.line, clashes)
        elif row.to is None:
            _lay_rows(row.rows, start, clashes)
        else:
            listed = _lay(row.to, start, "list", row.line, clashes)
            if listed is None:
                continue
            element = listed.below.setdefault("", _Shape("object", row.to.text))
            if element.kind == "object":
                _lay_rows(row.rows, element, clashes)
            else:
                clashes.append(
                    (row.line, f"to '{row.to.text}' appends objects where '{element.by}' writes values; keep one")
                )


def _lay(path: Path, start: _Shape, kind: str, line: int, clashes: list[tuple[int, str]]) -> _Shape | None:
    """The place a path ends at, or None when it clashes on the way."""
    node = start
    for number, step in enumerate(path.steps):
        after = path.steps[number + 1] if number + 1 < len(path.steps) else None
        node = node.below.setdefault(step.name if isinstance(step, Name) else "", _Shape())
        wanted = _kind_before(after, kind)
        if node.kind in ("", wanted):
            node.kind, node.by = wanted, node.by or path.text
        else:
            clashes.append(
                (line, f"to '{path.text}' needs {_A[wanted]} where '{node.by}' writes {_A[node.kind]}; keep one")
            )
            return None
        if isinstance(after, Select):
            element = node.below.setdefault("", _Shape("object", path.text))
            _lay(after.path, element, "value", line, clashes)
    return node


_A = {"value": "a value", "object": "an object", "list": "a list"}


def _kind_before(after: Step | None, last: str) -> str:
    """What a place must be, given the step that follows it."""
    if after is None:
        return last
    return "object" if isinstance(after, Name) else "list" if isinstance(after, Index | Select) else last
