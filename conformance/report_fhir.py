"""The results as FHIR TestReports (R4): one a group, gathered in a Bundle.

Assumption: a TestReport must refer to its TestScript; for groups whose tests are not TestScripts the reference is
logical, by an identifier of this suite.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from conformance.checks import Result, Verdict
from conformance.journal import Exchange

OURS: Final = "https://gateway.example/fhir"
_RESULTS: Final[Mapping[Verdict, str]] = {
    Verdict.PASSED: "pass",
    Verdict.FAILED: "fail",
    Verdict.NOT_ASKED: "skip",
    Verdict.NOT_OFFERED: "skip",
}
LONGEST_MESSAGE: Final = 2000


def write_testreports(results: Sequence[Result], *, base: str, began_at: str) -> dict[str, Any]:
    """A Bundle of type collection with a TestReport for each group that was run."""
    groups = dict.fromkeys(each.check.group for each in results)
    reports = [_report(name, [each for each in results if each.check.group == name], base, began_at) for name in groups]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": began_at,
        "entry": [{"fullUrl": f"{OURS}/TestReport/conformance-{each['name']}", "resource": each} for each in reports],
    }


def _report(group: str, results: Sequence[Result], base: str, began_at: str) -> dict[str, Any]:
    judged = [each for each in results if each.verdict in (Verdict.PASSED, Verdict.FAILED)]
    passed = sum(each.verdict is Verdict.PASSED for each in judged)
    return {
        "resourceType": "TestReport",
        "id": f"conformance-{group}",
        "name": group,
        "status": "completed",
        "testScript": {
            "identifier": {"system": f"{OURS}/sid/conformance-group", "value": group},
            "display": f"conformance/tests/{group}",
        },
        "result": "pass" if passed == len(judged) else "fail",
        "score": 100 * passed // len(judged) if judged else 100,
        "tester": "conformance",
        "issued": began_at,
        "participant": [
            {"type": "test-engine", "uri": f"{OURS}/conformance", "display": "python -m conformance"},
            {"type": "server", "uri": base},
        ],
        "test": [_test(each) for each in results],
    }


def _test(result: Result) -> dict[str, Any]:
    check = result.check
    actions = [_operation(each) for each in result.exchanges]
    verdict: dict[str, Any] = {"result": _RESULTS[result.verdict]}
    if result.found or verdict["result"] == "skip":
        verdict["message"] = (result.found or result.verdict.value)[:LONGEST_MESSAGE]
    if check.source.startswith("http"):
        verdict["detail"] = check.source
    return {
        "name": check.name,
        "description": f"{check.requirement_zh} / {check.requirement}",
        "action": [*actions, {"assert": verdict}],
    }


def _operation(each: Exchange) -> dict[str, Any]:
    said = f"{each.label}: {each.request_line} → {each.status or 'answered'}"
    return {"operation": {"result": "pass", "message": said.removeprefix(": ")[:LONGEST_MESSAGE]}}
