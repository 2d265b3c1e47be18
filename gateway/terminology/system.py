"""A code system: its concepts, its structure where it has one, and what it says of a code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from gateway.terminology.concept import ZH, Concept, Property
from gateway.terminology.packed import Packed
from gateway.terminology.structure import Form

DEEPEST: Final = 64
"""How far up parents are followed: further is a circle or a mistake."""


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """One version of a code system. `id`: of its resource; `language`: of its displays.

    `content`: complete, fragment, example, not-present (of FHIR R4); `value_set`: canonical of the set of all its
    codes; `loaded`: it comes from a file that the user loaded; `hierarchy`: meaning of its parents, or ''.
    """

    url: str
    id: str
    version: str
    title: Mapping[str, str]
    concepts: Packed
    content: str = "complete"
    language: str = ZH
    structure: Form | None = None
    properties: tuple[Property, ...] = ()
    value_set: str = ""
    publisher: str = ""
    note: str = ""
    loaded: bool = False
    hierarchy: str = ""
    name: str = ""

    def find(self, code: str) -> Concept | None:
        """What the system says of a code: from its list, else from its structure; None where it is no code of it."""
        found = self.concepts.find(code)
        if found is not None:
            return found if self.structure is None else self._with_parts(found)
        if self.structure is None or not self.structure.holds(code):
            return None
        parts = tuple(self.structure.parts(code).items())
        return Concept(code, parents=self.structure.parents(code), properties=parts)

    def holds(self, code: str) -> bool:
        """Whether a text is a code of the system."""
        return self.concepts.row(code) >= 0 or (self.structure is not None and self.structure.holds(code))

    def lists(self, code: str) -> bool:
        """Whether the list has the code, not the structure alone."""
        return self.concepts.row(code) >= 0

    def ancestors(self, code: str) -> Iterator[str]:
        """Every code above, once, the nearest first."""
        level = [code]
        seen = {code}
        for _ in range(DEEPEST):
            above = [parent for each in level if (found := self.find(each)) for parent in found.parents]
            level = [each for each in dict.fromkeys(above) if each not in seen]
            if not level:
                return
            seen.update(level)
            yield from level

    def is_below(self, code: str, above: str) -> bool:
        """Whether a code lies under another, directly or not."""
        return above in self.ancestors(code)

    @property
    def is_closed(self) -> bool:
        """Whether its list is all there is: no other code can be of it."""
        return self.content == "complete" and self.structure is None

    @property
    def canonical(self) -> str:
        """url|version."""
        return f"{self.url}|{self.version}" if self.version else self.url

    def _with_parts(self, found: Concept) -> Concept:
        """A listed code, with the parts and the parent that its structure tells."""
        assert self.structure is not None, "asked for systems with a structure"
        said = {name for name, _ in found.properties}
        parts = tuple(each for each in self.structure.parts(found.code).items() if each[0] not in said)
        parents = found.parents or self.structure.parents(found.code)
        return Concept(
            found.code,
            found.display,
            found.designations,
            parents,
            (*found.properties, *parts),
            found.definition,
            found.inactive,
            found.abstract,
        )


class Systems(Protocol):
    """Where code systems are found."""

    def system(self, url: str, version: str = "") -> CodeSystem | None:
        """A version of a system; without one, that which applies; None where it is not known."""
        ...
