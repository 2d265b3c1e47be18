"""Where a function is called: its source, its arguments and the scope they are compiled in. Shared by all functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from gateway.fhirpath import problems as wrong
from gateway.fhirpath.code import Code, Place, Static
from gateway.fhirpath.model import Model
from gateway.fhirpath.problems import place, refuse
from gateway.fhirpath.tree import Node


class Scope(NamedTuple):
    """What a part is compiled against. `this`: what is known of $this; `strict`: unknown elements are refused."""

    model: Model
    text: str
    this: Static
    strict: bool
    variables: frozenset[str] | None
    loops: int = 0


class Compile(Protocol):
    """Compiles a part of the tree in a scope."""

    def __call__(self, node: Node, scope: Scope) -> Code: ...


@dataclass(frozen=True, slots=True)
class Site:
    """One call. `source` is compiled, the `arguments` are not: a function decides what $this is in them."""

    name: str
    source: Code
    arguments: tuple[Node, ...]
    scope: Scope
    place: Place
    compile: Compile

    def argument(self, number: int) -> Code:
        """An argument evaluated outside of the source: $this is that of the call."""
        return self.compile(self.arguments[number], self.scope)

    def each(self, number: int, static: Static | None = None) -> Code:
        """An argument evaluated for each item of the source: $this is the item."""
        known = self.source.static if static is None else static
        return self.compile(self.arguments[number], self.scope._replace(this=Static(known.types, False)))


class Function(NamedTuple):
    """How many arguments a function takes, and what makes its code."""

    least: int
    most: int
    build: Callable[[Site], Code]


def place_of(scope: Scope, at: int, what: str) -> Place:
    """The place of an offset in the expression of a scope."""
    return Place(place(scope.text, at), what)


def check_count(site: Site, function: Function) -> None:
    """Refusal: fhirpath-wrong-arguments."""
    given = len(site.arguments)
    if not function.least <= given <= function.most:
        refuse(
            wrong.wrong_arguments(site.place.where, site.name, given=given, least=function.least, most=function.most)
        )
