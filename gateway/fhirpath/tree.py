"""The syntax tree of an expression: frozen values, each with its offset in the text and the depth under it.

Chains of one operator (`a or b or c`) are one node with many operands, so that long ones are not deep.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `value`: str, bool, int, Decimal, Date, DateTime, Time or Quantity."""

    value: Any
    at: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Empty:
    """`{}`"""

    at: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Variable:
    """`%name`"""

    name: str
    at: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Special:
    """`$this`, `$index`, `$total`; `name` without the sign."""

    name: str
    at: int
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """`source.name`; without source: a name of the focus, or a type name at the head of a path."""

    source: "Node | None"
    name: str
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class Call:
    """`source.name(arguments)`; without source: on the focus."""

    source: "Node | None"
    name: str
    arguments: "tuple[Node, ...]"
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class Indexer:
    """`source[index]`"""

    source: "Node"
    index: "Node"
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`-operand`, `+operand`"""

    operator: str
    operand: "Node"
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands, neither of which continues the same chain."""

    operator: str
    left: "Node"
    right: "Node"
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Two or more operands of one of `and or | + &`, from left to right."""

    operator: str
    operands: "tuple[Node, ...]"
    at: int
    depth: int


@dataclass(frozen=True, slots=True)
class TypeOperation:
    """`operand is Type`, `operand as Type`; `namespace`: FHIR, System or ''."""

    operator: str
    operand: "Node"
    namespace: str
    name: str
    at: int
    depth: int


Node: TypeAlias = (
    Literal | Empty | Variable | Special | Member | Call | Indexer | Unary | Binary | Chain | TypeOperation
)
