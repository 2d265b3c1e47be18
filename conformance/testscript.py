"""FHIR TestScript resources (R4) as scripts: what they can say, any engine can run against us, and ours runs too.

Read: fixtures by their files, variables (default values are replaced by those of the site, expressions and headers
read from answers), setup, operations and assertions on status, type, headers and FHIRPath expressions. `when` is an
extension of the script: FHIRPath on the CapabilityStatement. What is not read is an error of the data.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from conformance.script import Expectation, Script, Step
from conformance.site import decode

WHEN: Final = "https://gateway.example/fhir/StructureDefinition/conformance-when"
_METHODS: Final = {
    **dict.fromkeys(("read", "vread", "search", "history", "capabilities"), "get"),
    **dict.fromkeys(("create", "batch", "transaction"), "post"),
    "update": "put",
    "delete": "delete",
    "patch": "patch",
}
_STATUS: Final = {
    "okay": (200,),
    "created": (201,),
    "noContent": (204,),
    "notModified": (304,),
    "bad": (400,),
    "forbidden": (403,),
    "notFound": (404,),
    "methodNotAllowed": (405,),
    "conflict": (409,),
    "gone": (410,),
    "preconditionFailed": (412,),
    "unprocessable": (422,),
}
_LANGUAGES: Final = " / "


def read_testscript(path: Path) -> list[Script]:
    """The tests of one TestScript, its folder being the group; the setup comes before each. ValueError: bad data."""
    tree = decode(path.read_bytes())
    if tree.get("resourceType") != "TestScript":
        raise ValueError(f"{path.name} is no TestScript")
    setup = tree.get("setup", {}).get("action", [])
    source = tree["metadata"]["link"][0]["url"]
    when = [each["valueString"] for each in tree.get("extension", ()) if each["url"] == WHEN]
    return [_script(path, tree, [*setup, *test["action"]], test, source, when) for test in tree["test"]]


def _script(
    path: Path, tree: Mapping[str, Any], actions: list[Any], test: Mapping[str, Any], source: str, when: list[str]
) -> Script:
    zh, _, en = test["description"].partition(_LANGUAGES)
    return Script(
        group=path.parent.name,
        name=test["name"],
        requirement=en,
        requirement_zh=zh,
        source=source,
        steps=tuple(_steps(tree, actions, f"{path.name}: {test['name']}")),
        when=when[0] if when else "",
        let={each["name"]: "${new}" for each in tree.get("variable", ()) if each.get("hint") == "a new number"},
    )


def _steps(tree: Mapping[str, Any], actions: list[Any], where: str) -> list[Step]:
    """An operation with the assertions that follow it is a step."""
    groups: list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]] = []
    for action in actions:
        if "operation" in action:
            groups.append((action["operation"], []))
        else:
            groups[-1][1].append(action["assert"])
    return [_step(tree, operation, asserts, where) for operation, asserts in groups]


def _step(tree: Mapping[str, Any], operation: Mapping[str, Any], asserts: list[Any], where: str) -> Step:
    code = operation["type"]["code"]
    if code not in _METHODS:
        raise ValueError(f"{where}: operation {code} is not read")
    answer = operation.get("responseId", "")
    fixtures = {each["id"]: Path(each["resource"]["reference"]).name for each in tree.get("fixture", ())}
    source = operation.get("sourceId", "")
    headers = {each["field"].lower(): each["value"] for each in operation.get("requestHeader", ())}
    keep = {answer: "$this"} if answer else {}
    for each in tree.get("variable", ()):
        if each.get("sourceId") == answer and answer:
            name = each.get("headerField", "").lower()
            keep[each["name"]] = f"%headers.`{name}`" if name else each["expression"]
    return Step(
        call=_METHODS[code],
        target=_target(operation),
        says=operation.get("description", ""),
        body=_body(source, fixtures),
        headers=headers,
        status=_statuses(asserts),
        refused=any(each.get("resource") == "OperationOutcome" for each in asserts),
        type=next(
            (each["resource"] for each in asserts if each.get("resource", "OperationOutcome") != "OperationOutcome"), ""
        ),
        answer_headers={
            each["headerField"]: _pattern(each)
            for each in asserts
            if each.get("headerField") and "sourceId" not in each
        },
        expect=tuple(_expectation(each, where) for each in asserts if "expression" in each),
        keep=keep,
    )


def _target(operation: Mapping[str, Any]) -> str:
    """The address below the base: `url` as it is, or type and params as the standard joins them."""
    if "url" in operation:
        return str(operation["url"])
    return (
        "metadata"
        if operation["type"]["code"] == "capabilities"
        else operation.get("resource", "") + operation.get("params", "")
    )


def _statuses(asserts: list[Any]) -> tuple[int, ...]:
    for each in asserts:
        if "response" in each:
            return _STATUS[each["response"]]
        if "responseCode" in each:
            return tuple(int(code) for code in each["responseCode"].split(","))
    return ()


def _pattern(each: Mapping[str, Any]) -> str:
    value = re.escape(each["value"]).replace(r"\$\{", "${").replace(r"\}", "}") if "value" in each else ""
    match each.get("operator", "equals"):
        case "equals":
            return f"^{value}$"
        case "contains":
            return value
        case "notEmpty":
            return "."
    raise ValueError(f"operator {each['operator']} of a header is not read")


def _expectation(each: Mapping[str, Any], where: str) -> Expectation:
    if each.get("warningOnly"):
        raise ValueError(f"{where}: warnings are not read")
    said = each.get("label") or each.get("description", "")
    on = each.get("sourceId", "")
    if "value" not in each:
        return Expectation(each["expression"], on, said, each.get("operator", ""), "")
    return Expectation(each["expression"], on, said, each.get("operator", "equals"), each["value"])


def _body(source: str, fixtures: Mapping[str, str]) -> Any:
    """A fixture, or what an earlier operation was answered with."""
    if source in fixtures:
        return {"fixture": fixtures[source]}
    return f"${{{source}}}" if source else None
