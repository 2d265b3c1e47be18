"""What one validation carries along: the resource around, its terminology, what was found out on the way."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, Protocol

from gateway.validation.bundles import BundleIndex
from gateway.validation.issue import Findings
from gateway.validation.references import resolve

DEEPEST: Final = 40
"""How often a type may lie inside itself (extensions in extensions, items in items, resources in resources)."""


class Membership(NamedTuple):
    """Whether a code is in a value set. `reason`: of UNKNOWN, what is missing (names a system or value set)."""

    verdict: Literal["in", "out", "unknown"]
    reason: str = ""


IN: Final = Membership("in")
OUT: Final = Membership("out")


class Terminology(Protocol):
    """Answers whether codes are in value sets; one from packages is `gateway.validation.terminology`."""

    def validate(self, value_set: str, system: str | None, code: str, version: str = "") -> Membership:
        """`value_set`: canonical, with |version where one is wanted; `system` None: a plain code of any system in it;
        '' : a coding without system."""
        ...

    def codes_of(self, value_set: str) -> frozenset[str] | None:
        """Every code of the value set whatever its system, where they are known and few; else None."""
        ...


Resolver = Callable[[str], dict[str, Any] | None]
"""A reference outside of the resource (`Patient/1`, a URL) → the resource, None where it cannot be had."""


class Judge(Protocol):
    """What invariants may ask of the definitions."""

    @property
    def terminology(self) -> Terminology:
        """The value sets."""
        ...

    def knows(self, url: str) -> bool:
        """Whether there is a profile of that canonical."""
        ...

    def conforms(self, value: Any, url: str, run: Any) -> bool:
        """Whether a value meets a profile."""
        ...


class RunHost:
    """Answers what FHIRPath asks of the world around one resource: its Bundle, the caller's resolver, no clock.

    `doubt`: what was asked for and is not in the packages, since it was last emptied.
    """

    __slots__ = ("_judge", "_run", "doubt")

    def __init__(self, run: "Run", judge: Judge) -> None:
        self.doubt = ""
        self._run = run
        self._judge = judge

    def resolve(self, reference: str) -> dict[str, Any] | None:
        """The resource a reference points to, in the Bundle or where the caller finds it."""
        return resolve(reference, self._run)

    def member_of(self, coded: Any, value_set: str) -> bool | None:
        """Whether a code, Coding or CodeableConcept is in a value set; None: not known."""
        codings = coded.get("coding", [coded]) if type(coded) is dict else [{"code": coded}]
        found: set[str] = set()
        for each in codings if type(codings) is list else ():
            code, system = (each.get("code"), each.get("system")) if type(each) is dict else (None, None)
            if type(code) is str:
                said = system if type(system) is str else None if type(coded) is str else ""
                verdict, reason = self._judge.terminology.validate(value_set, said, code)
                found.add(verdict)
                self.doubt = self.doubt or (reason and f"{reason} is not in the packages")
        return True if "in" in found else None if "unknown" in found else False

    def conforms_to(self, node: Any, type: str, profile: str) -> bool | None:
        """Whether a value meets a profile."""
        if not self._judge.knows(profile):
            self.doubt = self.doubt or f"{profile} is not in the packages"
            return None
        return self._judge.conforms(node, profile, self._run)

    def subsumes(self, general: Any, special: Any) -> bool | None:
        """Not known."""
        return None

    def now(self) -> datetime | None:
        """There is no clock: the same resource always gets the same answer."""
        return None

    def trace(self, name: str, values: list[Any]) -> None:
        """Goes nowhere: it may hold personal data."""


class Run:
    """One validation of one resource; a contained resource or a Bundle's entry gets a run of its own inside.

    `resource` is %resource of invariants, `root` %rootResource (the container); `bundle` the Bundle around with its
    entries by fullUrl; `unknown_sets`: value sets that could not be judged, named once for the whole validation.
    """

    __slots__ = (
        "bundle",
        "conforming",
        "depth",
        "entry_url",
        "host",
        "judge",
        "resolver",
        "resource",
        "root",
        "unknown_sets",
    )

    def __init__(
        self, resource: dict[str, Any], *, outer: "Run | None" = None, resolver: Resolver | None = None, judge: Judge
    ) -> None:
        self.resource = resource
        self.root: dict[str, Any] = resource
        self.judge = judge
        self.host = RunHost(self, judge)
        if outer is None:
            self.bundle: BundleIndex | None = None
            self.entry_url = ""
            self.resolver = resolver
            self.depth = 0
            self.unknown_sets: dict[str, str] = {}
            self.conforming: dict[tuple[int, str], Findings] = {}
        else:
            self.bundle = outer.bundle
            self.entry_url = outer.entry_url
            self.resolver = outer.resolver
            self.depth = outer.depth
            self.unknown_sets = outer.unknown_sets
            self.conforming = outer.conforming

    def inside(self, resource: dict[str, Any]) -> "Run":
        """The run of a resource inside this one."""
        return Run(resource, outer=self, judge=self.judge)
