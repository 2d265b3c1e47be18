"""Patient: an insured person as police and agency know them. A replaced citizen ID stays, as an old identifier.

R4 Patient; `read_patient` takes resources that passed `check_patient`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from gateway.fhir import problems as wrong
from gateway.fhir.guide import Guide, base_guide
from gateway.fhir.parts import day_of, day_or_none, extension_value, identifier_of
from gateway.fhir.systems import ext, sid
from gateway.kernel.citizen_id import parse_citizen_id
from gateway.kernel.problem import Problem

_CITIZEN: Final = sid("citizen-id")
_IDENTITY: Final = ext("identity")
_HOUSEHOLD: Final = ext("household")
_RELATION: Final = ext("household-relation")
_STATUS: Final = ext("population-status")
_OWN_EXTENSIONS: Final = (_HOUSEHOLD, _RELATION, _STATUS)
_OWN_ELEMENTS: Final = (
    "identifier",
    "name",
    "gender",
    "birthDate",
    "deceasedDateTime",
    "active",
    "address",
    "extension",
)


class PopulationStatus(StrEnum):
    """What the police last reported of a person."""

    RESIDENT = "resident"
    MOVED_OUT = "moved-out"
    DECEASED = "deceased"
    ID_CHANGED = "id-changed"


@dataclass(frozen=True, slots=True)
class ReplacedId:
    """A citizen ID that was the person's until a day (None: not known)."""

    number: str
    until: date | None


@dataclass(frozen=True, slots=True)
class HeldIdentity:
    """An identity 身份 that benefits depend on (low_income, martyr_family …), both days included."""

    code: str
    from_on: date = date.min
    to_on: date = date.max


@dataclass(frozen=True, slots=True)
class PatientReading:
    """A person. Texts are '' and days None where nothing is known. `citizen_id`: the valid one, 18 characters."""

    id: str = ""
    citizen_id: str = ""
    name: str = ""
    gender: str = ""
    born_on: date | None = None
    died_on: date | None = None
    active: bool = True
    address: str = ""
    household: str = ""
    household_relation: str = ""
    status: str = ""
    replaced_ids: tuple[ReplacedId, ...] = ()
    identities: tuple[HeldIdentity, ...] = ()

    def identities_on(self, day: date) -> frozenset[str]:
        """The identities held on a day."""
        return frozenset(held.code for held in self.identities if held.from_on <= day <= held.to_on)


def check_patient(resource: dict[str, Any], guide: Guide | None = None) -> list[Problem]:
    """Everything wrong with a Patient that a client sends: structure, citizen IDs, status, identities, days."""
    judged = (guide or base_guide()).judge(resource, "Patient")
    if judged.broken:
        return list(judged.broken)
    found: list[Problem] = []
    for place, identifier in enumerate(resource.get("identifier") or ()):
        if identifier.get("system") == _CITIZEN:
            path = f"Patient.identifier[{place}].value"
            parsed = parse_citizen_id(identifier.get("value", ""), path)
            if isinstance(parsed, Problem):
                found.append(parsed)
    status = extension_value(resource, _STATUS, "valueCode")
    if status and status not in set(PopulationStatus):
        found.append(wrong.unknown_code("Patient.extension", status, PopulationStatus))
    found.extend(_check_identities(resource))
    found += [
        wrong.bad_day(f"Patient.{name}", resource[name])
        for name in ("birthDate", "deceasedDateTime")
        if name in resource and day_or_none(resource[name]) is None
    ]
    return judged.with_read(found)


def read_patient(resource: Mapping[str, Any]) -> PatientReading:
    """The person of a checked Patient."""
    deceased = resource.get("deceasedDateTime")
    born = resource.get("birthDate")
    names = resource.get("name") or [{}]
    addresses = resource.get("address") or [{}]
    return PatientReading(
        id=resource.get("id", ""),
        citizen_id=identifier_of(resource, _CITIZEN),
        name=_name_text(names[0]),
        gender=resource.get("gender", ""),
        born_on=day_of(born) if born else None,
        died_on=day_of(deceased) if deceased else None,
        active=resource.get("active", True),
        address=addresses[0].get("text", ""),
        household=extension_value(resource, _HOUSEHOLD, "valueString"),
        household_relation=extension_value(resource, _RELATION, "valueString")
        or extension_value(resource, _RELATION, "valueCode"),
        status=extension_value(resource, _STATUS, "valueCode"),
        replaced_ids=tuple(_replaced_ids(resource)),
        identities=tuple(_identities(resource)),
    )


def write_patient(person: PatientReading, onto: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The Patient of a person. `onto`: the Patient stored before, whose other elements are kept."""
    before = onto or {}
    resource: dict[str, Any] = {"resourceType": "Patient"}
    if person.id:
        resource["id"] = person.id
    resource.update((n, v) for n, v in before.items() if n not in (*_OWN_ELEMENTS, "resourceType", "id"))
    extensions = [each for each in before.get("extension", ()) if each.get("url") not in _OWN_EXTENSIONS]
    for url, kind, value in (
        (_HOUSEHOLD, "valueString", person.household),
        (_RELATION, "valueString", person.household_relation),
        (_STATUS, "valueCode", str(person.status)),
    ):
        if value:
            extensions.append({"url": url, kind: value})
    identifiers = [_current(person.citizen_id)] if person.citizen_id else []
    identifiers += [_old(replaced) for replaced in person.replaced_ids]
    identifiers += [each for each in before.get("identifier", ()) if each.get("system") != _CITIZEN]
    written = {
        "extension": extensions,
        "identifier": identifiers,
        "active": person.active,
        "name": [{"text": person.name}] if person.name else [],
        "gender": person.gender,
        "birthDate": person.born_on.isoformat() if person.born_on else "",
        "deceasedDateTime": person.died_on.isoformat() if person.died_on else "",
        "address": [{"text": person.address}] if person.address else [],
    }
    resource.update((name, value) for name, value in written.items() if value not in ("", []))
    return resource


def _name_text(name: Mapping[str, Any]) -> str:
    """The name as one text; Chinese names join family and given without a space."""
    text: str = name.get("text") or name.get("family", "") + "".join(each or "" for each in name.get("given") or ())
    return text


def _replaced_ids(resource: Mapping[str, Any]) -> list[ReplacedId]:
    replaced = []
    for identifier in resource.get("identifier") or ():
        if identifier.get("system") == _CITIZEN and identifier.get("use") == "old" and "value" in identifier:
            end = (identifier.get("period") or {}).get("end")
            replaced.append(ReplacedId(identifier["value"], day_or_none(end or "")))
    return replaced


def _check_identities(resource: Mapping[str, Any]) -> Iterator[Problem]:
    for place, extension in enumerate(resource.get("extension") or ()):
        if extension.get("url") != _IDENTITY:
            continue
        path = f"Patient.extension[{place}]"
        parts = {part["url"]: part for part in extension.get("extension") or ()}
        if not isinstance((parts.get("code") or {}).get("valueCode"), str):
            yield wrong.missing(f"{path}.extension[code].valueCode")
        for name, text in ((parts.get("period") or {}).get("valuePeriod") or {}).items():
            if name in ("start", "end") and day_or_none(text) is None:
                yield wrong.bad_day(f"{path}.extension[period].valuePeriod.{name}", text)


def _identities(resource: Mapping[str, Any]) -> Iterator[HeldIdentity]:
    """Extensions ext:identity with the nested code (valueCode) and period (valuePeriod, complete days)."""
    for extension in resource.get("extension") or ():
        if extension.get("url") != _IDENTITY:
            continue
        parts = {part["url"]: part for part in extension.get("extension") or ()}
        period = (parts.get("period") or {}).get("valuePeriod") or {}
        code = (parts.get("code") or {}).get("valueCode")
        if isinstance(code, str):
            yield HeldIdentity(
                code,
                day_or_none(period.get("start", "")) or date.min,
                day_or_none(period.get("end", "")) or date.max,
            )


def _current(number: str) -> dict[str, Any]:
    return {"use": "official", "system": _CITIZEN, "value": number}


def _old(replaced: ReplacedId) -> dict[str, Any]:
    identifier: dict[str, Any] = {"use": "old", "system": _CITIZEN, "value": replaced.number}
    if replaced.until:
        identifier["period"] = {"end": replaced.until.isoformat()}
    return identifier
