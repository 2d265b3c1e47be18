"""What a conversion into another guide's resource loses, puts in its place, or adds together: never in silence."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from gateway.fhir.systems import cs

LOST: Final = "view-lost"
STAND_IN: Final = "view-stand-in"
MERGED: Final = "view-merged"
"""Codes: left out; a value that the other guide demands and nobody said; several of ours as one of theirs."""

_CODES: Final = cs("problem")


class Loss(NamedTuple):
    """`path`: in the resource that was made, or in ours where it has no place there; both texts say what and why."""

    code: str
    path: str
    en: str
    zh: str


def write_losses(losses: Sequence[Loss]) -> dict[str, Any]:
    """An OperationOutcome: stand-ins are warnings, the rest information; one information where nothing was lost."""
    if not losses:
        text = "转换无损失 / nothing was lost"
        issues = [{"severity": "information", "code": "informational", "details": {"text": text}}]
    else:
        issues = [_issue(each) for each in dict.fromkeys(losses)]
    return {"resourceType": "OperationOutcome", "issue": issues}


def _issue(loss: Loss) -> dict[str, Any]:
    return {
        "severity": "warning" if loss.code == STAND_IN else "information",
        "code": "informational",
        "details": {"coding": [{"system": _CODES, "code": loss.code}], "text": f"{loss.zh} / {loss.en}"},
        "diagnostics": f"{loss.path}: {loss.en}",
        "expression": [loss.path],
    }
