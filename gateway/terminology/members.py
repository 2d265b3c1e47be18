"""A value set made ready: whether a code belongs, and which codes there are (FHIR R4 section 4.9.8).

Within an include all parts must hold, includes add up, excludes take away. What is not here (a system, a value set, a
condition that is not offered) makes that part unknown by name, never wrong.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from gateway.terminology.concept import Concept
from gateway.terminology.conditions import Condition, condition_of
from gateway.terminology.fold import fold
from gateway.terminology.system import CodeSystem
from gateway.terminology.value_set import Include, ValueSet

DEEPEST: Final = 20

Chosen = Callable[[str, str], CodeSystem | None]
"""The version of a code system that applies: (url, version or '') → system."""
Sets = Callable[[str], ValueSet | None]
"""A value set by canonical."""


class Member(NamedTuple):
    """A code of a value set. `row`: of its system's list, -1 for one that stands in the value set alone."""

    system: CodeSystem | None
    url: str
    code: str
    row: int
    display: str = ""

    @property
    def concept(self) -> Concept:
        """All that its system says of it."""
        found = None
        if self.system is not None:
            found = self.system.concepts.at(self.row) if self.row >= 0 else self.system.find(self.code)
        return found or Concept(self.code, self.display)


@dataclass(frozen=True)
class Part:
    """One include or exclude. `named`: its codes with displays, {} for all; `missing`: what is not here, or ''."""

    url: str
    system: CodeSystem | None
    named: Mapping[str, str]
    conditions: tuple[Condition, ...]
    nested: tuple["Members", ...]
    only_active: bool
    missing: str

    def holds(self, url: str, code: str) -> bool | None:
        """Whether a code of a system is in; None where that cannot be known."""
        answers = [each.holds(url, code) for each in self.nested]
        if self.url:
            answers.append(self._holds_itself(code) if url == self.url else False)
        if False in answers:
            return False
        return None if None in answers else bool(answers)

    def _holds_itself(self, code: str) -> bool | None:
        if self.named:
            return code in self.named
        if self.missing or self.system is None:
            return None
        found = self.system.find(code) if self.conditions or self.only_active else None
        if found is not None:
            return all(test(found) for test in self.conditions) and not (self.only_active and found.inactive)
        if not (self.conditions or self.only_active) and self.system.holds(code):
            return True
        return False if self.system.content == "complete" or self.system.structure is not None else None

    def members(self, words: Sequence[str]) -> Iterator[Member]:
        """The codes there are, in order, that hold every folded word."""
        if not self.url:
            first, others = self.nested[0], self.nested[1:]
            yield from (each for each in first.members(words) if all(o.holds(each.url, each.code) for o in others))
            return
        for each in self._own(words):
            if all(one.holds(self.url, each.code) for one in self.nested):
                yield each

    def rows(self, words: Sequence[str]) -> Iterator[int]:
        """The rows of its system that belong, by conditions and words; only where it names no codes."""
        if self.system is not None and not self.missing:
            chosen = self._rows
            found = self.system.concepts.matching(words)
            yield from found if chosen is None else (row for row in found if row in chosen)

    def _own(self, words: Sequence[str]) -> Iterator[Member]:
        if self.named:
            yield from (each for each in self._listed if not words or _matches(each, words))
        elif self.system is not None:
            concepts = self.system.concepts
            for row in self.rows(words):
                yield Member(self.system, self.url, concepts.code(row), row)

    @cached_property
    def _listed(self) -> tuple[Member, ...]:
        concepts = self.system.concepts if self.system is not None else None
        found = [(code, display, concepts.row(code) if concepts else -1) for code, display in self.named.items()]
        gone = concepts.inactive if concepts is not None and self.only_active else frozenset()
        return tuple(Member(self.system, self.url, code, row, shown) for code, shown, row in found if row not in gone)

    @cached_property
    def _rows(self) -> frozenset[int] | None:
        """The rows that meet the conditions; None: all of them."""
        assert self.system is not None, "asked for parts that have their system"
        if not self.conditions:
            gone = self.system.concepts.inactive if self.only_active else None
            return frozenset(range(len(self.system.concepts))) - gone if gone else None
        found = enumerate(self.system.concepts)
        return frozenset(
            row for row, each in found
            if all(test(each) for test in self.conditions) and not (self.only_active and each.inactive)
        )  # fmt: skip


@dataclass(frozen=True)
class Members:
    """A value set with the systems it draws on. `missing`: why it cannot be listed, '' where it can."""

    parts: tuple[Part, ...]
    excluded: tuple[Part, ...]
    missing: str = ""

    def holds(self, url: str, code: str) -> bool | None:
        """Whether a code of a system is in; None where that cannot be known."""
        if self.missing:
            return None
        inside = [part.holds(url, code) for part in self.parts]
        if True not in inside and None not in inside:
            return False
        outside = [part.holds(url, code) for part in self.excluded]
        if True in outside:
            return False
        return None if None in outside or True not in inside else True

    def members(self, words: Sequence[str] = ()) -> Iterator[Member]:
        """Every code there is, once, in order, that holds every folded word."""
        seen: set[tuple[str, str]] | None = set() if len(self.parts) > 1 else None
        for part in self.parts:
            for each in part.members(words):
                if seen is not None:
                    if (each.url, each.code) in seen:
                        continue
                    seen.add((each.url, each.code))
                if not any(out.holds(each.url, each.code) is not False for out in self.excluded):
                    yield each

    @cached_property
    def whole(self) -> Part | None:
        """The one part, where the value set is all of one system: its rows can be counted without making members."""
        only = self.parts[0] if len(self.parts) == 1 and not self.excluded and not self.missing else None
        plain = only is not None and not (only.named or only.nested or only.missing) and only.system is not None
        return only if plain else None

    def systems(self) -> list[CodeSystem]:
        """The systems it draws on, in order."""
        found = [part.system for part in self.parts if part.system is not None]
        nested = [system for part in self.parts for each in part.nested for system in each.systems()]
        return list({system.canonical: system for system in (*found, *nested)}.values())

    def urls(self) -> list[str]:
        """The systems it names, known here or not."""
        nested = [url for part in self.parts for each in part.nested for url in each.urls()]
        return list(dict.fromkeys([part.url for part in self.parts if part.url] + nested))

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What is not here and would be needed to list it whole, each once."""
        found = [self.missing, *(part.missing for part in (*self.parts, *self.excluded) if not part.named)]
        found += [gap for part in (*self.parts, *self.excluded) for each in part.nested for gap in each.gaps]
        return tuple(dict.fromkeys(each for each in found if each))

    @cached_property
    def is_open(self) -> bool:
        """Whether codes belong that no list has: of a structure, or of a system that is here in part only."""
        return any(
            (part.system is not None and not part.named and not part.system.is_closed)
            or any(each.is_open for each in part.nested)
            for part in self.parts
        )


def members_of(value_set: ValueSet, systems: Chosen, sets: Sets, above: tuple[str, ...] = ()) -> Members:
    """The value set made ready; one that lies inside itself is missing by name."""
    if (value_set.url and value_set.url in above) or len(above) >= DEEPEST:
        return Members((), (), f"value set {value_set.url}")
    inside = (*above, value_set.url)
    made = [
        [_part(each, value_set, systems, sets, inside) for each in group]
        for group in (value_set.includes, value_set.excludes)
    ]
    return Members(tuple(made[0]), tuple(made[1]))


def _part(include: Include, owner: ValueSet, systems: Chosen, sets: Sets, above: tuple[str, ...]) -> Part:
    nested = []
    for url in include.value_sets:
        found = sets(url)
        nested.append(
            members_of(found, systems, sets, above) if found is not None else Members((), (), f"value set {url}")
        )
    system = systems(include.system, include.version) if include.system else None
    missing = f"code system {include.system}" if include.system and system is None else ""
    conditions = []
    for each in include.filters:
        condition = condition_of(each, system) if system is not None else None
        if condition is None:
            missing = missing or f"filter {each.property} {each.op} of {include.system}"
        else:
            conditions.append(condition)
    if system is not None and not include.codes and system.content == "not-present" and system.structure is None:
        missing = missing or f"content of code system {include.system}"
    only_active = owner.inactive is False
    named = dict(include.codes)
    return Part(include.system, system, named, tuple(conditions), tuple(nested), only_active, missing)


def _matches(member: Member, words: Sequence[str]) -> bool:
    concept = member.concept
    text = fold(" ".join((concept.code, member.display, concept.display, *(text for _, text in concept.designations))))
    return all(word in text for word in words)
