"""What a check is: a proof of one requirement, with the words of the requirement and where they stand.

A check that returns has proved it; `Failed` says what was found instead. A connection that breaks fails it as well.
Most checks are data (`conformance/tests`); a few need a loop and are functions.
"""

import traceback
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import httpx

from conformance.journal import Exchange
from conformance.paths import truth
from conformance.site import Site

R4 = "https://hl7.org/fhir/R4"
MLLP = "HL7 v2 Transport Specification: MLLP, release 1"

Proof: TypeAlias = Callable[[Site], None]


class Failed(Exception):
    """The requirement does not hold; the message says what was sent and what came back."""


class NotOffered(Exception):
    """The statement declares nothing that this check could be made on."""


class Verdict(StrEnum):
    """How a check ended. NOT_ASKED: no address was given for its group; NOT_OFFERED: the statement does not say it."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ASKED = "not asked"
    NOT_OFFERED = "not offered"


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement in two languages. `source`: the standard or document that says it.

    `when`: FHIRPath on the CapabilityStatement; the check is made where it is true, or always when it is empty.
    """

    group: str
    name: str
    requirement: str
    requirement_zh: str
    source: str
    proof: Proof
    when: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A check with its verdict; `found`: why it failed, or ''; `exchanges`: what went over the wire meanwhile."""

    check: Check
    verdict: Verdict
    found: str = ""
    exchanges: tuple[Exchange, ...] = ()


class Group:
    """Collects the checks of one group that are functions, in the order they are written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.checks: list[Check] = []

    def proves(self, requirement: str, zh: str, source: str, *, when: str = "") -> Callable[[Proof], Proof]:
        """Decorator: the function is the proof of this requirement, and its name that of the check."""

        def keep(proof: Proof) -> Proof:
            name = proof.__name__.replace("_", "-")
            self.checks.append(Check(self.name, name, requirement, zh, source, proof, when))
            return proof

        return keep


def expect(holds: object, found: str) -> None:
    """Failed with `found` unless it holds."""
    if not holds:
        raise Failed(found)


def run(checks: Iterable[Check], site: Site, groups: Collection[str]) -> list[Result]:
    """Every check of the wanted groups, in order; one that fails stops no other."""
    return [_run(check, site) for check in checks if check.group in groups]


def _run(check: Check, site: Site) -> Result:
    if not site.reaches(check.group):
        return Result(check, Verdict.NOT_ASKED)
    if check.when and not truth(check.when, site.statement):
        return Result(check, Verdict.NOT_OFFERED)
    site.journal.take()
    try:
        found = _proved(check, site)
    except NotOffered:
        return Result(check, Verdict.NOT_OFFERED)
    return Result(check, Verdict.FAILED if found else Verdict.PASSED, found, site.journal.take())


def _proved(check: Check, site: Site) -> str:
    """'' when it holds, else what was found."""
    try:
        check.proof(site)
    except Failed as failed:
        return str(failed) or "not as required"
    except (httpx.HTTPError, OSError) as error:
        return f"no answer: {type(error).__name__} {error}"
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):  # the answer has another shape than it must
        return f"unexpected answer: {traceback.format_exc(limit=-2)}"
    return ""
