"""Structures compiled to checks, each when it is first asked for: one closure for every element of a snapshot.

A profile's snapshot holds what its base says, so one walk over the keys of an object checks type and profile together.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.definitions.library import Library
from gateway.definitions.model import Constraint
from gateway.validation.bundles import bundle_rule
from gateway.validation.concepts import remembered_extension, stands_alone
from gateway.validation.discriminators import World
from gateway.validation.elements import object_shape
from gateway.validation.extensions import Known
from gateway.validation.invariants import NONE_SURE, Sure, invariant_rule
from gateway.validation.issue import Check, has_errors
from gateway.validation.primitives import PRIMITIVES
from gateway.validation.references import CORE
from gateway.validation.run import Run, Terminology
from gateway.validation.shape import Scope, Shape
from gateway.validation.snapshot.generate import Snapshots
from gateway.validation.tree import Node, tree_of
from gateway.validation.walk import nested, with_rules


class Compiler:
    """Owns what was compiled for one library and terminology; what two threads make at once is equal."""

    def __init__(self, library: Library, terminology: Terminology, sure: Mapping[str, Sure] = NONE_SURE) -> None:
        self.library = library
        self.sure = sure
        self.terminology = terminology
        self.types = library.types
        self.problems: list[str] = []
        self.snapshots = Snapshots(library.structure)
        self._trees: dict[str, Node | None] = {}
        self._checks: dict[str, Check] = {}
        self._links: dict[str, Check] = {}
        self._shapes: dict[str, Shape] = {}
        self._making: set[str] = set()
        self._rules: dict[tuple[str, str, str, str], Check | None] = {}
        self._extensions: dict[str, Known | None] = {}
        self._types: dict[str, str] = {}
        choices = frozenset(name[:1].upper() + name[1:] for name in self.types.names())
        self.world = World(self.types, self.tree, terminology, self.conforms, choices)

    def tree(self, url: str) -> Node | None:
        """The snapshot of a structure by canonical or bare type name; None where it is not there or has none."""
        if url not in self._trees:
            made = self.snapshots.of(url)
            self._trees[url] = tree_of(made.structure.snapshot) if made and made.structure.snapshot else None
        return self._trees[url]

    def type_of(self, url: str) -> str:
        """The type a structure is of, '' where it is not there."""
        found = self._types.get(url)
        if found is None:
            structure = self.library.structure(url)
            found = self._types[url] = structure.type if structure is not None else ""
        return found

    def check_of(self, url: str) -> Check | None:
        """The check of a structure by canonical or bare type name; None where it is not there.

        One that is being made just now (it lies inside itself, or another thread makes it) is given as a link, which
        makes it again where it is followed too early.
        """
        made = self._checks.get(url) or self._links.get(url)
        if made is None:
            tree = self.tree(url)
            if tree is None:
                return None
            self._links[url] = nested(lambda: self._checks.get(url) or self._structure(url, tree))
            made = self._checks[url] = self._structure(url, tree)
        return made

    def shape_of(self, type_name: str) -> Shape | None:
        """A base type, made once; None while it is being made, for a type inside itself."""
        made = self._shapes.get(type_name)
        if made is None and type_name not in self._making:
            self._making.add(type_name)
            made = self._shapes[type_name] = self._shape(type_name)
        return made

    def _shape(self, type_name: str) -> Shape:
        tree = self.tree(type_name)
        assert tree is not None, f"{type_name} is a type"
        rules = self.rules_of(tree.element.constraints, type_name)
        if type_name == "Bundle":
            rules.append(bundle_rule)
        return object_shape(tree, type_name, Scope(tree, type_name, "", {}), rules, self)

    def knows(self, url: str) -> bool:
        """Whether there is a structure of that canonical with a snapshot."""
        return self.tree(url) is not None

    def conforms(self, value: Any, url: str, run: Run) -> bool:
        """Whether a value meets a profile; yes where it is just being found out, or the profile is not there."""
        check = self.check_of(url)
        if check is None:
            return True
        key = (id(value), url)
        if key not in run.conforming:
            run.conforming[key] = None
            is_resource = type(value) is dict and "resourceType" in value
            run.conforming[key] = check(value, run.inside(value) if is_resource else run)
        return not has_errors(run.conforming[key])

    def extension(self, url: str) -> Known | None:
        """A defined extension with where it may stand."""
        if url not in self._extensions:
            structure = self.library.structure(url)
            known = None
            if structure is not None and structure.type == "Extension" and structure.derivation == "constraint":
                check = self.check_of(url)
                known = Known(check, structure.contexts) if check is not None else None
            self._extensions[url] = known
        return self._extensions[url]

    def rules_of(self, constraints: Sequence[Constraint], type_path: str) -> list[Check]:
        """The rules of invariants on a type path."""
        found = [self._rule(each, type_path) for each in constraints]
        return [each for each in found if each is not None]

    def _rule(self, constraint: Constraint, type_path: str) -> Check | None:
        key = (constraint.key, constraint.severity, constraint.expression, type_path)
        if key not in self._rules:
            self._rules[key] = invariant_rule(constraint, type_path, self.types, self.sure)
        return self._rules[key]

    def _structure(self, url: str, tree: Node) -> Check:
        type_name = self.type_of(url)
        constraints = tree.element.constraints
        if type_name in PRIMITIVES:
            return with_rules(PRIMITIVES[type_name], self.rules_of(constraints, type_name))
        if url in (type_name, CORE + type_name):
            return (self.shape_of(type_name) or self._shape(type_name)).check()
        said = tree.children["url"].element.fixed if type_name == "Extension" and "url" in tree.children else None
        scope = Scope(tree, url.rpartition("/")[2], said if isinstance(said, str) else "", {})
        rules = self.rules_of(constraints, type_name)
        if type_name == "Bundle":
            rules.append(bundle_rule)
        check = object_shape(tree, type_name, scope, rules, self).check()
        return remembered_extension(check) if type_name == "Extension" and stands_alone(tree) else check
