"""Makes the snapshot of a structure: its base's tree, each line of its differential laid over it, in order.

`Snapshots` keeps what was made for one library, so that a chain of profiles is made once.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from gateway.definitions.model import Structure
from gateway.kernel.problem import Problem
from gateway.validation.snapshot import problems as wrong
from gateway.validation.snapshot.lay import close_choices, lay, work_on
from gateway.validation.snapshot.steps import read_steps
from gateway.validation.snapshot.tree import MOST_ELEMENTS, Node, TooLarge, build, flatten

LONGEST_CHAIN: Final = 50

Lookup = Callable[[str], Structure | None]


class Made(msgspec.Struct, frozen=True):
    """A structure with its snapshot and what is wrong with it; without a snapshot where its base is missing."""

    structure: Structure
    problems: tuple[Problem, ...]


class Snapshots:
    """Snapshots of the structures that `lookup` (a canonical, maybe with |version) finds, each made once.

    A published snapshot is used as it is, unless `trust` is false: then that of every profile is made anew.
    """

    def __init__(self, lookup: Lookup, *, trust: bool = True) -> None:
        self._lookup = lookup
        self._trust = trust
        self._made: dict[tuple[str, str], Made] = {}
        self._open: list[str] = []

    def of(self, url: str) -> Made | None:
        """The snapshot of a canonical; None: no such structure."""
        structure = self._lookup(url)
        return None if structure is None else self.of_structure(structure)

    def of_structure(self, structure: Structure) -> Made:
        """The snapshot of a structure that was found elsewhere."""
        key = (structure.url, structure.version)
        made = self._made.get(key)
        if made is None:
            if structure.snapshot and (self._trust or structure.derivation != "constraint"):
                made = Made(structure, ())
            else:
                made = self._make(structure)
            self._made[key] = made
        return made

    def tree_of(self, url: str) -> Node | None:
        """The tree of a structure's snapshot; None where there is none, or it is being made just now."""
        if self.is_open(url):
            return None
        made = self.of(url)
        return build(made.structure.snapshot) if made else None

    def is_open(self, url: str) -> bool:
        """Whether the snapshot of a canonical is being made just now."""
        return url.partition("|")[0] in self._open

    def derives(self, one: str, other: str) -> bool | None:
        """Whether a structure is built on another, by however many steps; None where the chain is not all loaded."""
        for _ in range(LONGEST_CHAIN):
            if one == other:
                return True
            structure = self._lookup(one)
            if structure is None:
                return None
            if not structure.base:
                return False
            one = structure.base.partition("|")[0]
        return False

    def _make(self, structure: Structure) -> Made:
        rings = structure.base and structure.base.partition("|")[0] in (structure.url, *self._open)
        if rings or self.is_open(structure.url) or len(self._open) >= LONGEST_CHAIN:
            return Made(structure, (wrong.cycle(structure.url, structure.base),))
        self._open.append(structure.url)
        try:
            return self._generate(structure)
        except TooLarge:
            return Made(structure, (wrong.too_large(structure.url, MOST_ELEMENTS),))
        finally:
            self._open.pop()

    def _generate(self, structure: Structure) -> Made:
        base = self.of(structure.base) if structure.base else None
        root = build(base.structure.snapshot) if base else None
        if root is None:
            told = base.problems if base else ()
            return Made(structure, (wrong.base_missing(structure.url, structure.base), *told))
        work = work_on(structure, self, root)
        for steps, said in read_steps(structure.differential):
            lay(work, steps, said)
        close_choices(work)
        made = msgspec.structs.replace(structure, snapshot=flatten(root))
        return Made(made, tuple(dict.fromkeys(work.found)))
