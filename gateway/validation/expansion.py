"""Value sets of packages, expanded: each becomes sets of codes by system, and names what cannot be known.

FHIR R4 section 4.9 (ValueSet.compose): within an include all parts must hold, includes add up, excludes take away.
What a package does not have (a code system of a licensor, a value set) makes that part unknown, never wrong.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol

from gateway.definitions.model import CodeSystem, Concept, Filter, Include, ValueSet
from gateway.validation.grammars import GRAMMARS, Grammar

_DEEPEST = 20
_LONGEST_PATTERN = 200
_NESTED_REPEAT = re.compile(r"[*+}]\)?[*+{]|\([^)]*[*+|][^)]*\)[*+{]")


class Definitions(Protocol):
    """What a value set is expanded from: a Library of packages."""

    def value_set(self, url: str, version: str = "") -> ValueSet | None:
        """A ValueSet by canonical, which may end with |version."""
        ...

    def code_system(self, url: str, version: str = "") -> CodeSystem | None:
        """A CodeSystem by canonical, which may end with |version."""
        ...


class Part(NamedTuple):
    """The codes of one system. `codes`: those known; `test`: for a grammar; `folded`: codes in lower case where case
    does not matter; `missing`: why other codes may belong too, '' where all is known."""

    codes: frozenset[str]
    test: Callable[[str], bool] | None = None
    folded: frozenset[str] = frozenset()
    missing: str = ""

    def holds(self, code: str) -> bool:
        """Whether a code is known to be in."""
        return (
            code in self.codes
            or (self.test is not None and self.test(code))
            or (bool(self.folded) and code.lower() in self.folded)
        )


class Expanded(NamedTuple):
    """A value set by system; `missing`: why codes of any other system may belong too, '' where all is known."""

    parts: Mapping[str, Part]
    missing: str = ""


def expand(url: str, definitions: Definitions, above: tuple[str, ...] = ()) -> Expanded:
    """The value set of a canonical; one that is not there, or lies inside itself, is missing by name."""
    found = definitions.value_set(url)
    if found is None or url in above or len(above) >= _DEEPEST:
        return Expanded({}, f"value set {url}")
    inside = (*above, url)
    included = [_include(each, found, definitions, inside) for each in found.includes]
    excluded = [_include(each, found, definitions, inside) for each in found.excludes]
    made = _without(_union(included), _union(excluded)) if excluded else _union(included)
    stored = found.expansion
    unsure = made.missing or any(part.missing for part in made.parts.values())
    if unsure and stored and stored.codes and stored.total in (None, len(stored.codes)):
        return _of_codes((each.system, each.code) for each in stored.codes)
    return made


def _of_codes(pairs: Iterable[tuple[str, str]]) -> Expanded:
    codes: dict[str, set[str]] = {}
    for system, code in pairs:
        codes.setdefault(system, set()).add(code)
    return Expanded({system: Part(frozenset(each)) for system, each in codes.items()})


def _include(include: Include, owner: ValueSet, definitions: Definitions, above: tuple[str, ...]) -> Expanded:
    parts = [expand(each, definitions, above) for each in include.value_sets]
    if include.system:
        part = _system_part(include, definitions, only_active=owner.inactive is False)
        parts.append(Expanded({include.system: part}))
    if not parts:
        return Expanded({})
    made = parts[0]
    for each in parts[1:]:
        made = _intersection(made, each)
    return made


def _system_part(include: Include, definitions: Definitions, *, only_active: bool) -> Part:
    if include.codes:
        return Part(frozenset(include.codes))
    grammar = GRAMMARS.get(include.system)
    if grammar is not None:
        return _grammar_part(grammar, include)
    system = definitions.code_system(include.system, include.version) or definitions.code_system(include.system)
    if system is None or not system.concepts:
        return Part(frozenset(), missing=f"code system {include.system}")
    concepts: Iterable[Concept] = system.concepts
    chosen: set[str] | None = None
    for each in include.filters:
        matched = _matching(system, each)
        if matched is None:
            return Part(frozenset(), missing=f"filter {each.property} {each.op} of {include.system}")
        chosen = matched if chosen is None else chosen & matched
    if only_active:
        concepts = (each for each in concepts if not each.inactive)
    codes = frozenset(each.code for each in concepts if chosen is None or each.code in chosen)
    folded = frozenset() if system.case_sensitive else frozenset(each.lower() for each in codes)
    missing = "" if system.content == "complete" else f"code system {include.system} ({system.content or 'incomplete'})"
    return Part(codes, folded=folded, missing=missing)


def _grammar_part(grammar: Grammar, include: Include) -> Part:
    filters = include.filters
    if any(each.op != "exists" or grammar.has("en", each.property) is None for each in filters):
        return Part(frozenset(), missing=f"filter of {include.system}")
    if not filters:
        return Part(frozenset(), test=grammar.holds)

    def test(code: str) -> bool:
        return grammar.holds(code) and all(
            grammar.has(code, each.property) is (each.value != "false") for each in filters
        )

    return Part(frozenset(), test=test)


def _matching(system: CodeSystem, condition: Filter) -> set[str] | None:
    """The codes a filter chooses; None for one that cannot be judged."""
    property, op, value = condition.property, condition.op, condition.value
    if op in ("is-a", "descendent-of", "is-not-a"):
        below = _descendants(system, value)
        if op == "descendent-of":
            return below
        below = below | {value}
        return below if op == "is-a" else {each.code for each in system.concepts} - below
    if op == "generalizes":
        return _ancestors(system, value) | {value}
    holds = _condition(op, value)
    if holds is None:
        return None
    return {each.code for each in system.concepts if holds(_values(each, property))}


def _condition(op: str, value: str) -> Callable[[list[str]], bool] | None:
    wanted = {each.strip() for each in value.split(",")}
    if op == "=":
        return lambda values: value in values
    if op == "in":
        return lambda values: not wanted.isdisjoint(values)
    if op == "not-in":
        return lambda values: wanted.isdisjoint(values)
    if op == "exists":
        return lambda values: bool(values) is (value != "false")
    if op == "regex" and len(value) <= _LONGEST_PATTERN and not _NESTED_REPEAT.search(value):
        try:
            pattern = re.compile(value)
        except re.error:
            return None
        return lambda values: any(pattern.fullmatch(each) is not None for each in values)
    return None


def _values(concept: Concept, property: str) -> list[str]:
    if property in ("code", "concept"):
        return [concept.code]
    if property == "display":
        return [concept.display] if concept.display else []
    if property == "parent":
        return list(concept.parents)
    values = [value for name, value in concept.properties if name == property]
    if property in ("inactive", "abstract", "notSelectable") and not values:
        return ["true" if (concept.inactive if property == "inactive" else concept.abstract) else "false"]
    return values


def _descendants(system: CodeSystem, top: str) -> set[str]:
    below: dict[str, list[str]] = {}
    for each in system.concepts:
        for parent in each.parents:
            below.setdefault(parent, []).append(each.code)
    found: set[str] = set()
    level = below.get(top, [])
    while level:
        found.update(level)
        level = [child for each in level for child in below.get(each, ()) if child not in found]
    return found


def _ancestors(system: CodeSystem, code: str) -> set[str]:
    above = {each.code: each.parents for each in system.concepts}
    found: set[str] = set()
    level = list(above.get(code, ()))
    while level:
        found.update(level)
        level = [parent for each in level for parent in above.get(each, ()) if parent not in found]
    return found


def _union(all_of: list[Expanded]) -> Expanded:
    parts: dict[str, Part] = {}
    for each in all_of:
        for system, part in each.parts.items():
            parts[system] = _both(parts[system], part) if system in parts else part
    return Expanded(parts, next((each.missing for each in all_of if each.missing), ""))


def _both(one: Part, other: Part) -> Part:
    test = one.test or other.test
    if one.test and other.test:
        first, second = one.test, other.test
        test = lambda code: first(code) or second(code)  # noqa: E731
    return Part(one.codes | other.codes, test, one.folded | other.folded, one.missing or other.missing)


def _intersection(one: Expanded, other: Expanded) -> Expanded:
    parts: dict[str, Part] = {}
    for system in one.parts.keys() | other.parts.keys():
        left, right = one.parts.get(system), other.parts.get(system)
        if left is None or right is None:
            only, missing = (right, one.missing) if left is None else (left, other.missing)
            assert only is not None, "the system is of one of the two"
            if missing:
                parts[system] = Part(frozenset(), missing=missing)
            continue
        codes = frozenset(each for each in left.codes | right.codes if left.holds(each) and right.holds(each))
        test = _and(left, right) if left.test and right.test else None
        parts[system] = Part(codes, test, left.folded & right.folded, left.missing or right.missing)
    return Expanded(parts, one.missing and other.missing)


def _and(left: Part, right: Part) -> Callable[[str], bool]:
    return lambda code: left.holds(code) and right.holds(code)


def _without(kept: Expanded, taken: Expanded) -> Expanded:
    parts: dict[str, Part] = {}
    for system, part in kept.parts.items():
        away = taken.parts.get(system)
        unsure = taken.missing or (away.missing if away else "")
        if away is None:
            parts[system] = part if not unsure else part._replace(missing=part.missing or unsure)
            continue
        codes = frozenset(each for each in part.codes if not away.holds(each))
        test = _less(part.test, away) if part.test else None
        if unsure:
            parts[system] = Part(frozenset(), missing=unsure)
        else:
            parts[system] = Part(codes, test, part.folded - {each.lower() for each in away.codes}, part.missing)
    return Expanded(parts, kept.missing)


def _less(test: Callable[[str], bool], away: Part) -> Callable[[str], bool]:
    return lambda code: test(code) and not away.holds(code)
