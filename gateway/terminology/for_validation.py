"""What the validator asks of terminology, answered from all that is known here: packages, shipped and loaded systems.

A value set that draws on packages alone is answered as the packages' own terminology does; what was loaded, and
structures, count for the others.
"""

from typing import Final

from gateway.definitions.library import Library
from gateway.terminology.members import Members
from gateway.terminology.terminology import Terminology
from gateway.validation.run import IN, OUT, Membership
from gateway.validation.terminology import PackageTerminology

MOST_LISTED: Final = 100_000


class KnownTerminology:
    """`gateway.validation.run.Terminology`, for one state of what is loaded.

    The validator keeps answers: after a load (`Terminology.state` is another) a new one is made, and a new validator.
    """

    def __init__(self, terminology: Terminology, library: Library) -> None:
        self.state = terminology.state
        self._terminology = terminology
        self._packages = PackageTerminology(library)
        self._own = frozenset(each.url for each in terminology.described())
        self._members: dict[str, Members | None] = {}

    def validate(self, value_set: str, system: str | None, code: str, version: str = "") -> Membership:
        """Whether a code is in a value set. `system` None: a plain code of any system in it."""
        members = self._own_members(value_set)
        if members is None:
            return self._packages.validate(value_set, system, code, version)
        urls = members.urls() if system is None else [system]
        answers = [members.holds(url, code) for url in urls]
        if True in answers:
            return IN
        if None not in answers and not (members.gaps and system is None):
            return OUT
        return Membership("unknown", ", ".join(members.gaps) or f"code system {urls[answers.index(None)]}")

    def codes_of(self, value_set: str) -> frozenset[str] | None:
        """Every code of a value set that is known whole and has few; else None."""
        members = self._own_members(value_set)
        if members is None:
            return self._packages.codes_of(value_set)
        if members.is_open or members.gaps:
            return None
        codes: set[str] = set()
        for each in members.members():
            codes.add(each.code)
            if len(codes) > MOST_LISTED:
                return None
        return frozenset(codes) or None

    def _own_members(self, value_set: str) -> Members | None:
        """The value set, where it draws on a system that is not of the packages alone."""
        if value_set not in self._members:
            found = self._terminology.members(value_set)
            own = found is not None and not self._own.isdisjoint(found.urls())
            self._members[value_set] = found if own else None
        return self._members[value_set]
