"""Coverage: a stretch of cover of one person in one scheme, as the agency of an area grants it.

R4 Coverage; `read_coverage` takes resources that passed `check_coverage`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from gateway.fhir import problems as wrong
from gateway.fhir.guide import Guide, base_guide
from gateway.fhir.parts import code_in, concept, day_of, day_or_none, extension_value, reference, referred
from gateway.fhir.systems import AGENCY_PREFIX, COVERAGE_CLASS, agency, cs, ext
from gateway.kernel.dated import FOREVER
from gateway.kernel.problem import Problem

SCHEMES: Final = ("resident", "worker")
FLAGS: Final = ("deceased", "moved-out", "survival-check")

_SCHEME: Final = cs("scheme")
_FLAG: Final = ext("coverage-flag")
_FLAG_SINCE: Final = ext("flag-since")
_ARREARS_SINCE: Final = ext("in-arrears-since")


@dataclass(frozen=True, slots=True)
class CoverageReading:
    """A spell of cover. `to_on` FOREVER: open. `category`: group of the scheme; `policy`: id of the area's policy.

    `flag`: why the police's report makes it doubtful (deceased, moved-out, survival-check) or ''.
    `in_arrears_since`: the day from which the employer's contribution is overdue, or None.
    """

    id: str
    active: bool
    scheme: str
    patient: str
    from_on: date
    to_on: date = FOREVER
    area: str = ""
    category: str = ""
    policy: str = ""
    flag: str = ""
    flagged_on: date | None = None
    in_arrears_since: date | None = None


def check_coverage(resource: dict[str, Any], guide: Guide | None = None) -> list[Problem]:
    """Everything wrong with a Coverage that a client sends: structure, scheme, period, person and flag."""
    judged = (guide or base_guide()).judge(resource, "Coverage")
    if judged.broken:
        return list(judged.broken)
    found: list[Problem] = []
    scheme = code_in(resource.get("type"), _SCHEME)
    if scheme is None:
        found.append(wrong.missing_coding("Coverage.type", _SCHEME))
    elif scheme not in SCHEMES:
        found.append(wrong.unknown_code("Coverage.type", scheme, SCHEMES))
    if not referred(resource["beneficiary"], "Patient"):
        text = resource["beneficiary"].get("reference", "")
        found.append(wrong.bad_reference("Coverage.beneficiary", text, ["Patient"]))
    found.extend(_check_period(resource.get("period") or {}))
    flag = extension_value(resource, _FLAG, "valueCode")
    if flag and flag not in FLAGS:
        found.append(wrong.unknown_code("Coverage.extension", flag, FLAGS))
    return judged.with_read(found)


def read_coverage(resource: Mapping[str, Any]) -> CoverageReading:
    """The spell of a checked Coverage."""
    period = resource.get("period") or {}
    agencies = (referred(payor, "Organization") for payor in resource.get("payor") or ())
    since = extension_value(resource, _FLAG_SINCE, "valueDate")
    return CoverageReading(
        id=resource.get("id", ""),
        active=resource["status"] == "active",
        scheme=code_in(resource.get("type"), _SCHEME) or "",
        patient=referred(resource.get("beneficiary"), "Patient"),
        from_on=day_of(period["start"]),
        to_on=day_of(period["end"]) if "end" in period else FOREVER,
        area=next((id.removeprefix(AGENCY_PREFIX) for id in agencies if id.startswith(AGENCY_PREFIX)), ""),
        category=_class_value(resource, "group"),
        policy=_class_value(resource, "plan"),
        flag=extension_value(resource, _FLAG, "valueCode"),
        flagged_on=day_or_none(since),
        in_arrears_since=day_or_none(extension_value(resource, _ARREARS_SINCE, "valueDate")),
    )


def write_coverage(coverage: CoverageReading) -> dict[str, Any]:
    """The Coverage of a spell."""
    resource: dict[str, Any] = {"resourceType": "Coverage"}
    if coverage.id:
        resource["id"] = coverage.id
    if coverage.flag:
        resource["extension"] = [{"url": _FLAG, "valueCode": coverage.flag}]
        if coverage.flagged_on:
            resource["extension"].append({"url": _FLAG_SINCE, "valueDate": coverage.flagged_on.isoformat()})
    if coverage.in_arrears_since:
        overdue = {"url": _ARREARS_SINCE, "valueDate": coverage.in_arrears_since.isoformat()}
        resource.setdefault("extension", []).append(overdue)
    period = {"start": coverage.from_on.isoformat()}
    if coverage.to_on != FOREVER:
        period["end"] = coverage.to_on.isoformat()
    resource |= {
        "status": "active" if coverage.active else "cancelled",
        "type": concept(_SCHEME, coverage.scheme),
        "beneficiary": reference("Patient", coverage.patient),
        "period": period,
        "payor": [{"reference": agency(coverage.area)}],
    }
    classes = [
        {"type": concept(COVERAGE_CLASS, code), "value": value}
        for code, value in (("group", coverage.category), ("plan", coverage.policy))
        if value
    ]
    if classes:
        resource["class"] = classes
    return resource


def _check_period(period: Mapping[str, Any]) -> list[Problem]:
    """A cover needs a first day; the last may be open."""
    if "start" not in period:
        return [wrong.missing("Coverage.period.start")]
    found = []
    days = {}
    for name in ("start", "end"):
        if name in period:
            try:
                days[name] = day_of(period[name])
            except ValueError:
                found.append(wrong.bad_day(f"Coverage.period.{name}", period[name]))
    if "start" in days and "end" in days and days["end"] < days["start"]:
        found.append(wrong.period_reversed("Coverage.period"))
    return found


def _class_value(resource: Mapping[str, Any], code: str) -> str:
    for each in resource.get("class") or ():
        if code_in(each.get("type"), COVERAGE_CLASS) == code:
            value: str = each.get("value", "")
            return value
    return ""
