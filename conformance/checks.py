"""What a check is: a function that proves one requirement, with the words of the requirement and where they stand.

A check that returns has proved it; `Failed` says what was found instead. A connection that breaks fails it as well.
"""

import traceback
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import httpx

from conformance.site import Site

R4 = "https://hl7.org/fhir/R4"
MLLP = "HL7 v2 Transport Specification: MLLP, release 1"
V2 = "HL7 v2.7 chapter 2"
NHSA = "NHSA interface for designated institutions, message envelope (docs/feeds/nhsa.md)"
GUIDE = "profiles/README.md"

Proof: TypeAlias = Callable[[Site], None]


class Failed(Exception):
    """The requirement does not hold; the message says what was sent and what came back."""


class Verdict(StrEnum):
    """How a check ended. NOT_ASKED: no address was given for its group."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement. `source`: the standard or document that says it."""

    group: str
    name: str
    requirement: str
    source: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Result:
    """A check with its verdict; `found`: why it failed, or ''."""

    check: Check
    verdict: Verdict
    found: str = ""


class Group:
    """Collects the checks of one group in the order they are written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.checks: list[Check] = []

    def proves(self, requirement: str, source: str, *, name: str = "") -> Callable[[Proof], Proof]:
        """Decorator: the function is the proof of this requirement."""

        def keep(proof: Proof) -> Proof:
            said = name or proof.__name__.replace("_", "-")
            self.checks.append(Check(self.name, said, requirement, source, proof))
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
    try:
        check.proof(site)
    except Failed as failed:
        return Result(check, Verdict.FAILED, str(failed))
    except (httpx.HTTPError, OSError) as error:
        return Result(check, Verdict.FAILED, f"no answer: {type(error).__name__} {error}")
    except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):  # the answer has another shape than it must
        return Result(check, Verdict.FAILED, f"unexpected answer: {traceback.format_exc(limit=-2)}")
    return Result(check, Verdict.PASSED)
