"""Terminology from packages: each value set expanded once, when it is first asked for."""

from typing import Final

from gateway.validation.expansion import Definitions, Expanded, expand
from gateway.validation.run import IN, OUT, Membership

MOST_LISTED: Final = 100_000


class PackageTerminology:
    """Answers from the value sets and code systems of a library; what they do not say is unknown, by name.

    Owns the expansions, made as they are asked for and kept.
    """

    def __init__(self, library: Definitions) -> None:
        self._library = library
        self._expanded: dict[str, Expanded] = {}

    def expanded(self, value_set: str) -> Expanded:
        """The value set by system."""
        made = self._expanded.get(value_set)
        if made is None:
            made = self._expanded[value_set] = expand(value_set, self._library)
        return made

    def validate(self, value_set: str, system: str | None, code: str, version: str = "") -> Membership:
        """Whether a code is in a value set. `system` None: a plain code, looked for in every system of the set."""
        made = self.expanded(value_set)
        if system is None:
            if any(part.holds(code) for part in made.parts.values()):
                return IN
            unsure = made.missing or any(part.missing for part in made.parts.values())
        else:
            part = made.parts.get(system)
            if part is not None and part.holds(code):
                return IN
            unsure = made.missing or (part is not None and part.missing)
        return Membership("unknown", missing_of(made)) if unsure else OUT

    def codes_of(self, value_set: str) -> frozenset[str] | None:
        """Every code of a value set that is known whole and is no grammar; else None."""
        made = self.expanded(value_set)
        if made.missing or any(part.missing or part.test or part.folded for part in made.parts.values()):
            return None
        codes = frozenset(code for part in made.parts.values() for code in part.codes)
        return codes if 0 < len(codes) <= MOST_LISTED else None


def missing_of(made: Expanded) -> str:
    """All that is missing of a value set, in order, as one reason."""
    return ", ".join(sorted({made.missing, *(part.missing for part in made.parts.values())} - {""}))
