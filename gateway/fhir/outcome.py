"""Problems as an OperationOutcome, the body of every refusal over FHIR."""

from collections.abc import Iterable
from typing import Any, Final

from gateway.fhir.systems import cs
from gateway.kernel.problem import Kind, Problem

ISSUE_TYPES: Final[dict[Kind, str]] = {
    Kind.MALFORMED: "structure",
    Kind.INVALID: "invalid",
    Kind.UNAUTHENTICATED: "login",
    Kind.FORBIDDEN: "forbidden",
    Kind.NOT_FOUND: "not-found",
    Kind.CONFLICT: "conflict",
    Kind.RULE: "business-rule",
    Kind.UNSUPPORTED: "not-supported",
    Kind.TOO_LARGE: "too-long",
    Kind.UNAVAILABLE: "transient",
    Kind.FAULT: "exception",
}
"""Code of http://hl7.org/fhir/issue-type for each kind."""

_CODES: Final = cs("problem")


def write_outcome(problems: Iterable[Problem]) -> dict[str, Any]:
    """One issue for each problem (at least one): our code in details, both languages, the place as an expression."""
    issues = [_issue(problem) for problem in problems]
    assert issues, "an outcome says at least one thing"
    return {"resourceType": "OperationOutcome", "issue": issues}


def _issue(problem: Problem) -> dict[str, Any]:
    issue: dict[str, Any] = {
        "severity": "fatal" if problem.kind is Kind.FAULT else "error",
        "code": ISSUE_TYPES[problem.kind],
        "details": {
            "coding": [{"system": _CODES, "code": problem.code}],
            "text": f"{problem.zh} / {problem.en}",
        },
        "diagnostics": f"{problem.path}: {problem.en}" if problem.path else problem.en,
    }
    if problem.path:
        issue["expression"] = [problem.path]
    return issue
