"""What the compiling functions share: an object before it is a closure, what is being compiled, who makes the rest."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from gateway.definitions.model import Constraint
from gateway.definitions.types import Types
from gateway.validation.discriminators import World
from gateway.validation.extensions import Known
from gateway.validation.issue import Check
from gateway.validation.run import Terminology
from gateway.validation.tree import Node
from gateway.validation.walk import object_check


class Shape(NamedTuple):
    """An object before it becomes a closure, so that more rules can be put to it without another call."""

    children: Mapping[str, Check]
    required: tuple[str, ...]
    choices: tuple[tuple[str, frozenset[str], bool], ...]
    rules: tuple[Check, ...]
    many: frozenset[str]

    def check(self, more: Sequence[Check] = ()) -> Check:
        """The closure, with more rules."""
        rules = (*self.rules, *more)
        return object_check(self.children, required=self.required, choices=self.choices, rules=rules, many=self.many)


class Scope(NamedTuple):
    """What is being compiled. `label`: of the profile, for messages; `url`: of the extension it defines, else '';
    `references`: checks of what content references point to, by element id."""

    root: Node
    label: str
    url: str
    references: dict[str, Check]


class Maker(Protocol):
    """Who makes and keeps what an element needs from elsewhere."""

    @property
    def types(self) -> Types:
        """The base types."""
        ...

    @property
    def terminology(self) -> Terminology:
        """The value sets."""
        ...

    @property
    def world(self) -> World:
        """What criteria of slices are found with."""
        ...

    @property
    def problems(self) -> list[str]:
        """What could not be compiled as its definition says, in words."""
        ...

    def tree(self, url: str) -> Node | None:
        """The snapshot of a structure by canonical or bare type name."""
        ...

    def check_of(self, url: str) -> Check | None:
        """The check of a structure by canonical or bare type name; None where it is not there."""
        ...

    def shape_of(self, type_name: str) -> Shape | None:
        """A base type; None while it is being made, for a type inside itself."""
        ...

    def type_of(self, url: str) -> str:
        """The type a structure is of, '' where it is not there."""
        ...

    def extension(self, url: str) -> Known | None:
        """A defined extension with where it may stand."""
        ...

    def conforms(self, value: Any, url: str, run: Any) -> bool:
        """Whether a value meets a profile."""
        ...

    def rules_of(self, constraints: Sequence[Constraint], type_path: str) -> list[Check]:
        """The rules of invariants on a type path."""
        ...
