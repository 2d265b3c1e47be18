"""What a refusal must hold in each protocol: an OperationOutcome, an ERR segment, an infcode with err_msg."""

from typing import Any

import httpx

from conformance.checks import Failed, expect
from conformance.site import FHIR_JSON

REFUSING = ("AE", "AR", "CE", "CR")


def check_outcome(answer: Any, response: httpx.Response) -> None:
    """Failed unless it is an OperationOutcome whose issues say severity, code, a code of detail, and a text."""
    kind = response.headers.get("content-type", "")
    expect(kind.startswith(FHIR_JSON), f"content type {kind!r} for {FHIR_JSON}: {response.text[:200]}")
    is_outcome = isinstance(answer, dict) and answer.get("resourceType") == "OperationOutcome"
    expect(is_outcome and answer.get("issue"), f"no OperationOutcome with issues: {response.text[:200]}")
    for issue in answer["issue"]:
        expect(issue["severity"] in ("fatal", "error") and issue["code"], f"an issue that says nothing: {issue}")
        expect(issue["details"]["coding"][0]["code"] and issue["details"]["text"], f"no code or text: {issue}")


def check_nhsa(answer: Any, *, refused: bool) -> None:
    """Failed unless the envelope is whole: infcode 0 with output, or -1 with err_msg; a number of 30 characters."""
    if not isinstance(answer, dict):
        raise Failed(f"no envelope: {answer!r}")
    code = str(answer.get("infcode"))
    expect(code == ("-1" if refused else "0"), f"infcode {code}: {answer.get('err_msg')}")
    expect(len(str(answer.get("inf_refmsgid"))) == 30, f"inf_refmsgid {answer.get('inf_refmsgid')!r}")
    if refused:
        expect(answer.get("err_msg") and answer.get("output") is None, f"a refusal that does not say why: {answer}")


def check_acknowledged(message: dict[str, Any], sent: str) -> None:
    """Failed unless MSA answers the control id that was sent, and a refusal has an ERR that says something."""
    expect("MSA" in message, f"no MSA: {sorted(message)}")
    msa, fields = message["MSA"][0], sent.partition("\n")[0].split("|")
    control = fields[9] if len(fields) > 9 else ""
    expect(not control or msa.get("f2") == control, f"MSA-2 is {msa.get('f2')}, sent {control}")
    code = msa.get("f1", "")
    expect(code in (*REFUSING, "AA", "CA"), f"MSA-1 is {code!r}")
    if code in REFUSING:
        errors = message.get("ERR", [])
        expect(errors, f"{code} without ERR")
        expect(all(each.get("f3") and each.get("f4") for each in errors), f"an ERR that says nothing: {errors}")
