"""Issues as an OperationOutcome (FHIR R4 section 2.31)."""

from collections.abc import Sequence
from typing import Any

from gateway.validation.issue import Issue


def write_outcome(issues: Sequence[Issue], *, system: str) -> dict[str, Any]:
    """One issue for each, or one information that all is well. `system`: code system of our codes."""
    if not issues:
        text = "没有发现问题 / no problem found"
        return _outcome([{"severity": "information", "code": "informational", "details": {"text": text}}])
    return _outcome([_issue(each, system) for each in issues])


def _outcome(issues: list[dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": issues}


def _issue(each: Issue, system: str) -> dict[str, Any]:
    return {
        "severity": each.severity,
        "code": each.type,
        "details": {
            "coding": [{"system": system, "code": each.code}],
            "text": f"{each.text_zh} / {each.text_en}",
        },
        "diagnostics": f"{each.location}: {each.text_en}",
        "expression": [each.location],
    }
