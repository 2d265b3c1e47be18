"""YAML nodes → rows of the mapping language, noting every error with its line and what to write instead."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import yaml

from gateway.exchange.clashes import find_clashes
from gateway.exchange.concept_maps import CodeMap
from gateway.exchange.paths import Every, Path, PathError, parse_path
from gateway.exchange.row_types import ANSWER_TYPES, BUILD_TYPES
from gateway.exchange.rows import AnyRow, Each, Guard, Row, compile_conversion
from gateway.exchange.targets import check_target
from gateway.fhir.systems import expand
from gateway.kernel.problem import Problem

_VALUE_KEYS: Final = ("type", "map", "reverse", "as", "strip", "default", "required")
_ROW_KEYS: Final = ("from", "const", "index", "to", *_VALUE_KEYS, "when", "unless")
_EACH_KEYS: Final = ("each", "to", "rows", "required", "when", "unless")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
_EXACT = re.compile(r"-?[0-9]+\.[0-9]+", re.ASCII)
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Sheet:
    """A file being read: the code maps its rows may name, and the errors found so far as (line, text)."""

    maps: Mapping[str, CodeMap]
    errors: list[tuple[int, str]] = field(default_factory=list)

    def note(self, node: yaml.Node, text: str) -> None:
        self.errors.append((line_of(node), text))


def line_of(node: yaml.Node) -> int:
    """The line a node starts on, from 1."""
    return int(node.start_mark.line) + 1


def read_members(
    node: yaml.Node | None, keys: Sequence[str], sheet: Sheet, *, required: Sequence[str] = ()
) -> dict[str, yaml.Node]:
    """The members of a YAML mapping by name; unknown, repeated and missing ones are noted."""
    if not isinstance(node, yaml.MappingNode):
        if node is None:
            sheet.errors.append((1, f"the file is empty; write {', '.join(required)}"))
        else:
            sheet.note(node, f"'{keys[0]}: …' and so on is expected here, as names with values")
        return {}
    members: dict[str, yaml.Node] = {}
    for name_node, value in node.value:
        name = str(name_node.value)
        if name not in keys:
            near = difflib.get_close_matches(name, keys, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"it takes {', '.join(keys)}"
            sheet.note(name_node, f"'{name}' is not known here; {hint}")
        elif name in members:
            sheet.note(name_node, f"'{name}' is written twice; keep one")
        else:
            members[name] = value
    for name in required:
        if name not in members:
            sheet.note(node, f"'{name}' is missing")
    return members


def text_of(node: yaml.Node | None, what: str, sheet: Sheet) -> str:
    """The text of a scalar as it stands in the file: 0011 stays 0011."""
    if node is None:
        return ""
    if isinstance(node, yaml.ScalarNode) and node.value:
        return str(node.value)
    sheet.note(node, f"{what}: one text is expected")
    return ""


def scalar_of(node: yaml.Node, what: str, sheet: Sheet) -> Any:
    """A value: quoted is text; plain 12 an int, 0.50 an exact Decimal, true, false, null; all else text."""
    if not isinstance(node, yaml.ScalarNode):
        sheet.note(node, f"{what}: one value is expected")
        return None
    text = str(node.value)
    if node.style:  # a quotation mark; plain scalars have none
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _EXACT.fullmatch(text) else text


def read_all_rows(node: yaml.Node, sheet: Sheet, *, answer: bool) -> tuple[AnyRow, ...]:
    """The rows of a resource or of an answer, checked to build one tree."""
    rows = read_rows(node, sheet, answer=answer)
    sheet.errors.extend(find_clashes(rows))
    return rows


def read_rows(node: yaml.Node, sheet: Sheet, *, answer: bool) -> tuple[AnyRow, ...]:
    """A list of rows and each blocks."""
    if not isinstance(node, yaml.SequenceNode):
        sheet.note(node, "a list of rows is expected, such as '- {from: data.psn_no, to: id}'")
        return ()
    rows = [_read_row(one, sheet, answer) for one in node.value]
    return tuple(row for row in rows if row is not None)


def _read_row(node: yaml.Node, sheet: Sheet, answer: bool) -> AnyRow | None:
    before = len(sheet.errors)
    is_each = isinstance(node, yaml.MappingNode) and any(name.value == "each" for name, _ in node.value)
    row = _read_each(node, sheet, answer) if is_each else _read_value_row(node, sheet, answer)
    return row if len(sheet.errors) == before else None


def _read_each(node: yaml.Node, sheet: Sheet, answer: bool) -> Each | None:
    members = read_members(node, _EACH_KEYS, sheet, required=("each", "rows"))
    source = _read_path(members.get("each"), sheet)
    if source is not None and source.steps and isinstance(source.steps[-1], Every):
        source = Path(source.text.removesuffix("[*]"), source.absolute, source.steps[:-1])  # each says as much
    to = _read_target(members.get("to"), sheet)
    if to is not None and members["to"].value.endswith("]"):
        sheet.note(members["to"], f"to '{to.text}': each appends to a list; name the list without [ ]")
    rows = read_rows(members["rows"], sheet, answer=answer) if "rows" in members else ()
    required = _read_true(members.get("required"), "required", sheet)
    guard = read_guard(members, sheet)
    return None if source is None else Each(source, rows, to, required, guard, line_of(node))


def _read_value_row(node: yaml.Node, sheet: Sheet, answer: bool) -> Row | None:
    members = read_members(node, _ROW_KEYS, sheet, required=("to",))
    if not members:
        return None
    origins = [name for name in ("from", "const", "index") if name in members]
    if len(origins) != 1:
        sheet.note(node, "a row has exactly one of 'from', 'const' and 'index' ('each' starts a block)")
        return None
    to = _read_target(members.get("to"), sheet)
    guard = read_guard(members, sheet)
    if origins[0] != "from":
        return _read_own_value(members, origins[0], to, guard, line_of(node), sheet)
    source = _read_path(members["from"], sheet)
    if source is not None and any(isinstance(step, Every) for step in source.steps):
        sheet.note(members["from"], f"from '{source.text}': [*] reads a list; use an each block")
    type_ = _read_type(members.get("type"), sheet, answer)
    codes = _read_map(members.get("map"), sheet)
    reverse = _read_true(members.get("reverse"), "reverse", sheet)
    if reverse and "map" not in members:
        sheet.note(members["reverse"], "reverse: only a row with 'map' can be reversed")
    as_ = _read_pattern(members.get("as"), sheet)
    strip = text_of(members.get("strip"), "strip", sheet)
    default = scalar_of(members["default"], "default", sheet) if "default" in members else None
    required = _read_true(members.get("required"), "required", sheet)
    if required and default is not None:
        sheet.note(members["required"], "a row with a default is never missing; keep 'required' or 'default'")
    if source is None or to is None:
        return None
    row = Row(to, source, None, None, type_, codes, reverse, as_, strip, default, required, guard, line_of(node))
    if default is not None and "map" in members and codes is None:
        return row  # the map's absence is noted
    return _with_good_default(row, members, sheet, answer)


def _with_good_default(row: Row, members: Mapping[str, yaml.Node], sheet: Sheet, answer: bool) -> Row:
    if row.default is None:
        return row
    made = compile_conversion(row, answer=answer)(row.default, "")
    if isinstance(made, Problem):
        sheet.note(members["default"], f"default: {made.en}")
    elif not answer and row.default == "":
        sheet.note(members["default"], "default: an empty text is the same as nothing; leave it out")
    return row


def _read_own_value(
    members: Mapping[str, yaml.Node], origin: str, to: Path | None, guard: Guard, line: int, sheet: Sheet
) -> Row | None:
    """A row with `const` or `index`: nothing to convert."""
    allowed = ("as",) if origin == "index" else ()
    for name in _VALUE_KEYS:
        if name in members and name not in allowed:
            sheet.note(members[name], f"'{name}' needs 'from'; a row with '{origin}' is written as it is")
    value = scalar_of(members[origin], origin, sheet)
    if value is None:
        sheet.note(members[origin], f"{origin}: a value is expected")
    if to is None or value is None:
        return None
    if origin == "const":
        return Row(to, const=expand(value) if isinstance(value, str) else value, guard=guard, line=line)
    if not isinstance(value, int) or isinstance(value, bool):
        sheet.note(members[origin], "index: the number to start from is expected, such as 1")
        return None
    return Row(to, index=value, as_=_read_pattern(members.get("as"), sheet), guard=guard, line=line)


def _read_path(node: yaml.Node | None, sheet: Sheet) -> Path | None:
    if node is None:
        return None
    if isinstance(node, yaml.SequenceNode):
        sheet.note(node, "one path is expected; to read a list use an each block")
        return None
    text = text_of(node, "path", sheet)
    if not text:
        return None
    try:
        return parse_path(text)
    except PathError as error:
        sheet.note(node, str(error))
        return None


def _read_target(node: yaml.Node | None, sheet: Sheet) -> Path | None:
    path = _read_path(node, sheet)
    if path is None or node is None:
        return None
    wrong = check_target(path)
    if wrong:
        sheet.note(node, wrong)
        return None
    return path


def _read_type(node: yaml.Node | None, sheet: Sheet, answer: bool) -> str:
    name = text_of(node, "type", sheet)
    types = ANSWER_TYPES if answer else BUILD_TYPES
    if name and node is not None and name not in types:
        where = "answer" if answer else "build"
        sheet.note(node, f"type '{name}' is not one of {where} rows; write one of {', '.join(types)}")
        return ""
    return name


def _read_map(node: yaml.Node | None, sheet: Sheet) -> CodeMap | None:
    name = text_of(node, "map", sheet)
    if not name or node is None:
        return None
    if name not in sheet.maps:
        near = difflib.get_close_matches(name, list(sheet.maps), n=1)
        hint = f"did you mean '{near[0]}'?" if near else "add it as a FHIR R4 ConceptMap"
        sheet.note(node, f"there is no mappings/maps/{name}.json; {hint}")
    return sheet.maps.get(name)


def _read_pattern(node: yaml.Node | None, sheet: Sheet) -> str:
    pattern = text_of(node, "as", sheet)
    if pattern and node is not None and (pattern.count("{}") != 1 or pattern.count("{") != 1):
        sheet.note(node, f"as '{pattern}': write exactly one {{}} where the value goes, such as \"Patient/{{}}\"")
        return ""
    return expand(pattern)


def _read_true(node: yaml.Node | None, what: str, sheet: Sheet) -> bool:
    if node is None:
        return False
    value = scalar_of(node, what, sheet)
    if not isinstance(value, bool):
        sheet.note(node, f"{what}: true or false is expected")
    return value is True


def read_guard(members: Mapping[str, yaml.Node], sheet: Sheet) -> Guard:
    """`when` and `unless`: paths with the value, or the list of values, that each may have."""
    return Guard(_read_tests(members.get("when"), sheet), _read_tests(members.get("unless"), sheet))


def _read_tests(node: yaml.Node | None, sheet: Sheet) -> tuple[tuple[Path, frozenset[str]], ...]:
    if node is None:
        return ()
    if not isinstance(node, yaml.MappingNode):
        sheet.note(node, 'a guard is written {path: value} or {path: [value, value]}; value "*" is any value at all')
        return ()
    tests: list[tuple[Path, frozenset[str]]] = []
    for name, value in node.value:
        path = _read_path(name, sheet)
        nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
        texts = [expand(text_of(one, "guard", sheet)) for one in nodes]
        if path is not None and any(isinstance(step, Every) for step in path.steps):
            sheet.note(name, f"guard '{path.text}': [*] reads a list; put the guard into an each block")
        elif path is not None and texts:
            tests.append((path, frozenset(texts)))
    return tuple(tests)
