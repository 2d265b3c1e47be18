"""$closure: a table of which of a client's codes lie under which, kept by name and sent as it grows (FHIR R4 4.9.11).

The table holds the codings a client sent, each with the version of the table that it came in, and the relations among
them. A relation is told once, in the version that made it; asking for a version sends all that came after.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from gateway.kernel.problem import Refusal
from gateway.store.concepts import Concepts
from gateway.terminology import problems
from gateway.terminology.concept import Coding
from gateway.terminology.system import Systems

MOST_CONCEPTS: Final = 5000
MOST_CLOSURES: Final = 100
LONGEST_NAME: Final = 100
_TRIES: Final = 3


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """A coding of the table and the version it came in."""

    system: str
    code: str
    since: int


class _Relation(msgspec.Struct, frozen=True, array_like=True):
    """A code that lies under another of the same system, and the version that told it."""

    system: str
    below: str
    above: str
    since: int


class Table(msgspec.Struct, frozen=True):
    """A closure table as it is kept."""

    entries: tuple[_Entry, ...] = ()
    relations: tuple[_Relation, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Table).decode


@dataclass(frozen=True, slots=True)
class Closures:
    """The closures of all partners."""

    store: Concepts
    systems: Systems
    clock: Callable[[], str]

    def ask(self, owner: str, name: str, concepts: Sequence[Coding], version: str) -> dict[str, Any]:
        """The ConceptMap of one call. Refusal: closure-not-found, closure-full, closures-full, closure-changed.

        The name alone begins (again) with an empty table; `version` sends what came after that version.
        """
        for _ in range(_TRIES):
            kept = self.store.closure(owner, name)
            if not concepts and not version:
                if kept is None and self.store.closures(owner) >= MOST_CLOSURES:
                    raise Refusal(problems.too_many_closures(MOST_CLOSURES))
                number, table = (kept[0] if kept else 0) + 1, Table()
            elif kept is None:
                raise Refusal(problems.unknown_closure(name))
            else:
                number, before = kept[0], _decode(kept[1])
                if version:
                    return self._written(name, number, [each for each in before.relations if each.since > int(version)])
                number += 1
                table = grown(before, concepts, self.systems, number)
            if self.store.put_closure(owner, name, number, _encode(table)):
                return self._written(name, number, [each for each in table.relations if each.since == number])
        raise Refusal(problems.closure_busy())

    def _written(self, name: str, version: int, relations: Iterable[_Relation]) -> dict[str, Any]:
        """Elements are the codes below; `subsumes`: the target lies above."""
        groups: dict[str, dict[str, list[str]]] = {}
        for each in relations:
            groups.setdefault(each.system, {}).setdefault(each.below, []).append(each.above)
        resource: dict[str, Any] = {
            "resourceType": "ConceptMap",
            "version": str(version),
            "name": name,
            "status": "active",
            "experimental": True,
            "date": self.clock(),
        }
        if groups:
            resource["group"] = [
                {
                    "source": system,
                    "target": system,
                    "element": [
                        {"code": below, "target": [{"code": each, "equivalence": "subsumes"} for each in above]}
                        for below, above in elements.items()
                    ],
                }
                for system, elements in groups.items()
            ]
        return resource


def grown(table: Table, concepts: Sequence[Coding], systems: Systems, version: int) -> Table:
    """The table with more codings and every relation they bring. Refusal: closure-full, and codes that are none."""
    known = {(each.system, each.code) for each in table.entries}
    new = [each for each in dict.fromkeys((one.system, one.code) for one in concepts) if each not in known]
    if len(known) + len(new) > MOST_CONCEPTS:
        raise Refusal(problems.closure_full(MOST_CONCEPTS))
    above: dict[tuple[str, str], frozenset[str]] = {}
    for number, (url, code) in enumerate(dict.fromkeys([*known, *new])):
        system = systems.system(url)
        if (url, code) not in known and (system is None or not system.holds(code)):
            path = f"concept[{number - len(known)}]"
            raise Refusal(
                problems.unknown("CodeSystem", url, path) if system is None else problems.unknown_code(code, url, path)
            )
        above[url, code] = frozenset(system.ancestors(code)) if system is not None else frozenset()
    told = {(each.system, each.below, each.above) for each in table.relations}
    entries = (*table.entries, *(_Entry(url, code, version) for url, code in new))
    relations = list(table.relations)
    codes: dict[str, set[str]] = {}
    for each in entries:
        codes.setdefault(each.system, set()).add(each.code)
    for each in entries:
        lying = sorted(above[each.system, each.code] & codes[each.system])
        new_ones = (code for code in lying if (each.system, each.code, code) not in told)
        relations += [_Relation(each.system, each.code, code, version) for code in new_ones]
    return Table(entries, tuple(relations))
