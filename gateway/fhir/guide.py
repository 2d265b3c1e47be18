"""The guide at work: every resource is judged once, by the compiled profile for its type and kind.

A profile's check holds all that R4 says of the type, so there is no other pass. What is wrong with R4 itself is told
alone, because nothing of such a resource can be read; what is wrong with the profile alone is told together with what
the reader of the type finds, whose words are better: each thing once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from gateway.fhir import problems as wrong
from gateway.fhir.parts import code_in
from gateway.fhir.structure import base_validator, carries_modifiers, modifier_problems, problem_of
from gateway.fhir.systems import cs, ext
from gateway.kernel.problem import Kind, Problem
from gateway.validation.issue import ERROR, MOST_FINDINGS, Finding, has_errors
from gateway.validation.validate import Validator

PROFILES: Final[Mapping[str, str]] = {
    "Claim": "cn-claim",
    "ClaimResponse": "cn-claim-response",
    "CodeSystem": "cn-catalogue",
    "Coverage": "cn-coverage",
    "Encounter": "cn-encounter",
    "InsurancePlan": "cn-insurance-plan",
    "Location": "cn-location",
    "Organization": "cn-organization",
    "Patient": "cn-patient",
    "PaymentNotice": "cn-payment-notice",
    "PaymentReconciliation": "cn-payment-reconciliation",
}
"""The profile of each type that is sent to the gateway or written by it."""

OF_USE: Final[Mapping[str, str]] = {
    "predetermination": "cn-claim-predetermination",
    "preauthorization": "cn-claim-preauthorization",
}
OF_KIND: Final[Mapping[str, str]] = {
    "outpatient": "cn-claim-outpatient",
    "emergency": "cn-claim-outpatient",
    "inpatient": "cn-claim-inpatient",
    "maternity": "cn-claim-inpatient",
    "day_surgery": "cn-claim-inpatient",
    "pharmacy": "cn-claim-pharmacy",
    "chronic": "cn-claim-chronic",
    "special_drug": "cn-claim-chronic",
}
_KIND: Final = cs("claim-kind")


class Against(NamedTuple):
    """What a profile says beyond R4. `rule`: the key of the invariant, '' for anything else."""

    problem: Problem
    rule: str


@dataclass(frozen=True, slots=True)
class Judged:
    """`broken`: what is wrong with R4: the resource cannot be read. `against`: what else the profile finds."""

    broken: tuple[Problem, ...] = ()
    against: tuple[Against, ...] = ()

    def with_read(self, found: Sequence[Problem], told: frozenset[str] = frozenset()) -> list[Problem]:
        """The reader's problems, then those of the profile for which the reader has no words.

        `told`: rules that the reader judges itself, with the figures and at the very place.
        """
        if not self.against:
            return list(found)
        places = [problem.path for problem in found]
        left = [
            problem
            for problem, rule in self.against
            if not (found and rule in told) and not any(_same_place(problem.path, place) for place in places)
        ]
        return [*found, *left]


SOUND: Final = Judged()


@dataclass(frozen=True, slots=True)
class Guide:
    """The validator with the guide's package. `accepted`: what comes in is judged by the guide, not by R4 alone;
    `written`: what the gateway writes is judged before it is committed."""

    validator: Validator
    accepted: bool = True
    written: bool = True

    def judge(self, resource: dict[str, Any], *types: str) -> Judged:
        """What is wrong with a resource that was sent and must be of one of `types`; at most 200 problems."""
        name = resource.get("resourceType")
        if name not in types:
            return Judged((wrong.unknown_type("resourceType", name, types),))
        url = self.profile_of(resource) if self.accepted else ""
        found = self.validator.findings(resource, (url,) if url else ())
        modified = carries_modifiers(resource)
        if not has_errors(found) and not modified:
            return SOUND
        assert isinstance(name, str), "it is one of the types"
        of_r4 = self.validator.of_type(resource) if url else found
        broken = _problems(of_r4 or (), name) + (modifier_problems(resource, name) if modified else [])
        if broken:
            if len(broken) > MOST_FINDINGS:
                broken[MOST_FINDINGS:] = [wrong.more_problems(name, MOST_FINDINGS)]
            return Judged(tuple(broken))
        more = [each for each in found or () if each.severity == ERROR][:MOST_FINDINGS]
        return Judged((), tuple(Against(problem_of(each, name), _rule(each)) for each in more))

    def check(self, resource: dict[str, Any], *types: str) -> list[Problem]:
        """The same as one list, for types that nothing reads further."""
        judged = self.judge(resource, *types)
        return [*judged.broken, *(each.problem for each in judged.against)]

    def check_written(self, resource: dict[str, Any]) -> list[Problem]:
        """What is wrong with a resource that the gateway made: a fault of ours, so that nothing is committed."""
        if not self.written:
            return []
        url = self.profile_of(resource)
        found = self.validator.findings(resource, (url,) if url else ())
        if not has_errors(found):
            return []
        name = resource["resourceType"]
        return [_fault(problem_of(each, name)) for each in found or () if each.severity == ERROR]

    def profile_of(self, resource: Mapping[str, Any]) -> str:
        """The canonical of the profile for a resource's type and kind, '' where the packages have none."""
        name = PROFILES.get(resource.get("resourceType", ""), "")
        if name == "cn-claim":
            name = _of_claim(resource)
        url = ext(name) if name else ""
        return url if url and self.validator.library.structure(url) is not None else ""


@cache
def base_guide() -> Guide:
    """R4 alone, as it ships with the product: for what is read outside of an exchange."""
    return Guide(base_validator(), accepted=False, written=False)


def _of_claim(claim: Mapping[str, Any]) -> str:
    """A draft is any claim; one that is tried or asked beforehand is that, whatever its kind."""
    use, kind = claim.get("use"), claim.get("subType")
    if claim.get("status") != "active" or not isinstance(use, str):
        return "cn-claim"
    if use in OF_USE:
        return OF_USE[use]
    codings = kind.get("coding") if isinstance(kind, dict) else None
    if not isinstance(codings, list) or not all(isinstance(each, dict) for each in codings):
        return "cn-claim"
    code = code_in(kind, _KIND)
    return OF_KIND.get(code, "cn-claim") if isinstance(code, str) else "cn-claim"


def _problems(found: Iterable[Finding], name: str) -> list[Problem]:
    return [problem_of(each, name) for each in found if each.severity == ERROR and each.code != "modifier-unknown"]


def _rule(finding: Finding) -> str:
    return finding.en.partition(":")[0] if finding.code == "invariant-broken" else ""


def _same_place(path: str, other: str) -> bool:
    """Whether one place is the other or lies in it; the whole resource is a place of its own."""
    if path == other or "." not in path or "." not in other:
        return path == other
    longer, shorter = (path, other) if len(path) > len(other) else (other, path)
    return longer.startswith(shorter) and longer[len(shorter)] in ".["


def _fault(problem: Problem) -> Problem:
    return Problem(
        Kind.FAULT,
        "invalid-answer",
        problem.path,
        f"the gateway made a resource that its guide does not allow ({problem.code}: {problem.en}); nothing was kept",
        f"网关生成的资源不符合指南({problem.code}:{problem.zh}),未作任何保存",
    )
