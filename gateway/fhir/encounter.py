"""Encounter: a visit 就诊 or stay at an institution, from registration or admission to discharge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from gateway.fhir import problems as wrong
from gateway.fhir.guide import Guide, base_guide
from gateway.fhir.parts import code_in, concept, day_of, identifier_of, reference, referred
from gateway.fhir.systems import ACT_CODE, cs, sid
from gateway.kernel.problem import Problem
from gateway.settlement.claim import STAYS, ClaimKind

STATUSES: Final = ("in-progress", "finished", "cancelled")
CLASSES: Final = ("AMB", "IMP", "EMER")

_VISIT: Final = sid("visit")
_KIND: Final = cs("claim-kind")
_DIAGNOSIS: Final = cs("diagnosis")
_DISEASE: Final = cs("special-disease")


@dataclass(frozen=True, slots=True)
class VisitReading:
    """A visit. `started`, `ended`: FHIR dateTime as sent, or ''. `kind` '' until somebody has said it.

    `patient`: our Patient id; `provider`: institution code; `visit`: the institution's own number.
    """

    id: str
    status: str
    kind: str
    patient: str
    provider: str
    visit: str
    started: str
    ended: str = ""
    diagnoses: tuple[str, ...] = ()
    disease: str = ""
    visit_class: str = ""

    @property
    def from_on(self) -> date | None:
        return day_of(self.started) if self.started else None

    @property
    def to_on(self) -> date | None:
        return day_of(self.ended) if self.ended else None


def class_of(kind: str) -> str:
    """The v3 ActCode of a kind of claim: IMP for stays, EMER for emergencies, else AMB."""
    if kind in STAYS:
        return "IMP"
    return "EMER" if kind == ClaimKind.EMERGENCY else "AMB"


def check_encounter(resource: dict[str, Any], guide: Guide | None = None) -> list[Problem]:
    """Everything wrong with an Encounter: structure, status, class, kind, complete days in the right order."""
    judged = (guide or base_guide()).judge(resource, "Encounter")
    if judged.broken:
        return list(judged.broken)
    found: list[Problem] = []
    if resource["status"] not in STATUSES:
        found.append(wrong.unknown_code("Encounter.status", resource["status"], STATUSES))
    if resource["class"].get("system") == ACT_CODE and resource["class"].get("code") not in CLASSES:
        found.append(wrong.unknown_code("Encounter.class", resource["class"].get("code", ""), CLASSES))
    for place, each in enumerate(resource.get("type") or ()):
        kind = code_in(each, _KIND)
        if kind is not None and kind not in set(ClaimKind):
            found.append(wrong.unknown_code(f"Encounter.type[{place}]", kind, ClaimKind))
    return judged.with_read(found + _check_period(resource.get("period") or {}))


def read_encounter(resource: Mapping[str, Any]) -> VisitReading:
    """The visit of a checked Encounter."""
    period = resource.get("period") or {}
    reasons = resource.get("reasonCode") or ()
    kinds = (code_in(each, _KIND) for each in resource.get("type") or ())
    diseases = (code_in(reason, _DISEASE) for reason in reasons)
    return VisitReading(
        id=resource.get("id", ""),
        status=resource.get("status", ""),
        kind=next((kind for kind in kinds if kind), ""),
        patient=referred(resource.get("subject"), "Patient"),
        provider=referred(resource.get("serviceProvider"), "Organization"),
        visit=identifier_of(resource, _VISIT),
        started=period.get("start", ""),
        ended=period.get("end", ""),
        diagnoses=tuple(code for code in (code_in(reason, _DIAGNOSIS) for reason in reasons) if code),
        disease=next((code for code in diseases if code), ""),
        visit_class=(resource.get("class") or {}).get("code", ""),
    )


def write_encounter(visit: VisitReading) -> dict[str, Any]:
    """The Encounter of a visit."""
    resource: dict[str, Any] = {"resourceType": "Encounter"}
    if visit.id:
        resource["id"] = visit.id
    if visit.visit:
        resource["identifier"] = [{"system": _VISIT, "value": visit.visit}]
    resource["status"] = visit.status
    resource["class"] = {"system": ACT_CODE, "code": visit.visit_class or class_of(visit.kind)}
    if visit.kind:
        resource["type"] = [concept(_KIND, visit.kind)]
    if visit.patient:
        resource["subject"] = reference("Patient", visit.patient)
    period = {name: text for name, text in (("start", visit.started), ("end", visit.ended)) if text}
    if period:
        resource["period"] = period
    reasons = [concept(_DIAGNOSIS, code) for code in visit.diagnoses]
    if visit.disease:
        reasons.append(concept(_DISEASE, visit.disease))
    if reasons:
        resource["reasonCode"] = reasons
    if visit.provider:
        resource["serviceProvider"] = reference("Organization", visit.provider)
    return resource


def merge_encounter(stored: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """A stored visit with what a later message says: its elements win, of the period each end by itself."""
    period = {**(stored.get("period") or {}), **(said.get("period") or {})}
    merged = {**stored, **{name: value for name, value in said.items() if name != "id"}}
    if period:
        merged["period"] = period
    return merged


def _check_period(period: Mapping[str, Any]) -> list[Problem]:
    found = []
    days = {}
    for name in ("start", "end"):
        if name in period:
            try:
                days[name] = day_of(period[name])
            except ValueError:
                found.append(wrong.bad_day(f"Encounter.period.{name}", period[name]))
    if len(days) == 2 and days["end"] < days["start"]:
        found.append(wrong.period_reversed("Encounter.period"))
    return found
