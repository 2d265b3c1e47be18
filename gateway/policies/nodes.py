"""YAML as text with line numbers.

Scalars stay the text that stands in the file, so no amount or code passes through a float or an octal number. Aliases,
tags' types and further documents are not read: a policy says everything in full, once, where it applies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from gateway.kernel.problem import Kind, Problem

LARGEST_FILE = 8 * 1024 * 1024
DEEPEST = 32
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Scalar: TypeAlias = str | None


@dataclass(slots=True)
class Node:
    """A scalar, a mapping or a list, and the line it begins on (0: not from a file)."""

    value: "Scalar | dict[str, Node] | list[Node]"
    line: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, where it stands, and the list that takes everything wrong with the file."""

    node: Node
    file: str
    path: str
    problems: list[Problem]

    @property
    def where(self) -> str:
        """'policy.yaml:41 benefits[3].steps[1]'."""
        return f"{self.file}:{self.node.line} {self.path}".rstrip()

    def below(self, name: str, node: Node) -> "Spot":
        """The spot of a member; `name` is a key or '[n]'."""
        joined = f"{self.path}{name}" if name.startswith("[") or not self.path else f"{self.path}.{name}"
        return Spot(node, self.file, joined, self.problems)


def mark_wrong(spot: Spot, code: str, en: str, zh: str) -> None:
    """Add a problem at a spot; both texts say what to write instead."""
    spot.problems.append(Problem(Kind.INVALID, code, spot.where, en, zh))


def read_yaml(path: Path, name: str, problems: list[Problem]) -> Spot | None:
    """The content of a YAML file, or None after adding why it cannot be read. `name` names it in problems."""
    top = Spot(Node(None, 1), name, "", problems)
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        mark_wrong(top, "policy-file", f"cannot be opened ({error.strerror})", f"文件打不开({error.strerror})")
        return None
    except UnicodeDecodeError:
        mark_wrong(top, "policy-file", "is not UTF-8: save it as UTF-8", "文件不是 UTF-8:请另存为 UTF-8")
        return None
    if len(raw) > LARGEST_FILE:
        mark_wrong(top, "policy-file", "is larger than 8 MiB: split it", "文件超过 8 MiB:请拆分")
        return None
    try:
        root = _build(text, top)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        reason = str(getattr(error, "problem", None) or "unreadable character")
        here = Spot(Node(None, line), name, "", problems)
        mark_wrong(here, "policy-yaml", f"is not YAML ({reason}): correct this line", f"不是 YAML({reason}):请改正本行")
        return None
    return Spot(root, name, "", problems) if root is not None else None


def _build(text: str, top: Spot) -> Node | None:
    """Nodes from parser events, without recursion: a hostile file cannot exhaust the stack."""
    root: Node | None = None
    open_nodes: list[Node] = []
    keys: list[str | None] = []

    def bad(line: int, en: str, zh: str) -> None:
        mark_wrong(Spot(Node(None, line), top.file, "", top.problems), "policy-yaml", en, zh)

    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            bad(line, "aliases (*name) are not read: write the value out", "不支持别名(*name):请写出完整的值")
            return None
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            open_nodes.pop()
            keys.pop()
            continue
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            bad(line, "one document a file: remove this '---'", "一个文件只能有一个文档:请删去“---”")
            return None
        node = _node(event, line)
        if node is None:
            continue
        if open_nodes and isinstance(open_nodes[-1].value, dict) and keys[-1] is None:
            if not isinstance(node.value, str):
                bad(line, "a key is a plain word", "键必须是普通文字")
                return None
            if node.value in open_nodes[-1].value:
                bad(line, f"'{node.value}' stands twice: keep one", f"“{node.value}”重复:请保留一个")
            keys[-1] = node.value
            continue
        if open_nodes:
            _attach(open_nodes[-1], keys, node)
        else:
            root = node
        if isinstance(node.value, (dict, list)):
            open_nodes.append(node)
            keys.append(None)
            if len(open_nodes) > DEEPEST:
                bad(line, f"is nested deeper than {DEEPEST} levels: flatten it", f"嵌套超过 {DEEPEST} 层:请展平")
                return None
    if root is None:
        bad(1, "is empty", "文件为空")
    return root


def _node(event: Any, line: int) -> Node | None:
    if isinstance(event, yaml.MappingStartEvent):
        return Node({}, line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node([], line)
    if isinstance(event, yaml.ScalarEvent):
        plain = event.style is None or event.style == ""
        return Node(None if plain and event.value in _NULLS else event.value, line)
    return None


def _attach(parent: Node, keys: list[str | None], node: Node) -> None:
    if isinstance(parent.value, dict):
        key = keys[-1]
        assert key is not None, "a value follows its key"
        parent.value[key] = node
        keys[-1] = None
    else:
        assert isinstance(parent.value, list), "only mappings and lists are open"
        parent.value.append(node)


def plain(node: Node) -> Any:
    """The content alone: nested dicts and lists whose leaves are texts or None."""
    if isinstance(node.value, dict):
        return {key: plain(each) for key, each in node.value.items()}
    if isinstance(node.value, list):
        return [plain(each) for each in node.value]
    return node.value


def from_plain(value: Any) -> Node:
    """Nodes again from what `plain` gave, without lines."""
    if isinstance(value, Mapping):
        return Node({str(key): from_plain(each) for key, each in value.items()}, 0)
    if isinstance(value, list):
        return Node([from_plain(each) for each in value], 0)
    return Node(None if value is None else str(value), 0)
