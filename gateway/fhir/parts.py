"""Reading and writing the small parts that every resource is made of. Inputs here have passed the structure check."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from gateway.fhir.systems import BASE, CURRENCY
from gateway.kernel import money
from gateway.kernel.calendar import business_day, parse_instant
from gateway.kernel.money import Fen

_DAY_LENGTH: Final = 10


def code_in(concept: Mapping[str, Any] | None, system: str) -> str | None:
    """The code that a CodeableConcept has in a system, or None."""
    for coding in (concept or {}).get("coding") or ():
        if coding.get("system") == system and "code" in coding:
            code: str = coding["code"]
            return code
    return None


def identifiers_in(resource: Mapping[str, Any], system: str) -> Iterator[tuple[int, str]]:
    """Place and value of each identifier of a system that is in use."""
    for place, identifier in enumerate(resource.get("identifier") or ()):
        if identifier.get("system") == system and "value" in identifier and identifier.get("use") != "old":
            yield place, identifier["value"]


def identifier_of(resource: Mapping[str, Any], system: str) -> str:
    """The first identifier of a system that is in use, or ''."""
    return next((value for _, value in identifiers_in(resource, system)), "")


def extension_of(element: Mapping[str, Any], url: str) -> dict[str, Any] | None:
    """The first extension with a URL, or None."""
    for extension in element.get("extension") or ():
        if extension.get("url") == url:
            found: dict[str, Any] = extension
            return found
    return None


def extension_value(element: Mapping[str, Any], url: str, kind: str) -> str:
    """The text of an extension's value[x], such as `valueCode`, or ''."""
    extension = extension_of(element, url)
    value = extension.get(kind) if extension else None
    return value if isinstance(value, str) else ""


def referred(reference: Mapping[str, Any] | None, type_name: str) -> str:
    """The id that a reference to a type of ours names ('Patient/1' → '1'), or ''."""
    text = (reference or {}).get("reference")
    if not isinstance(text, str):
        return ""
    type_part, slash, id = text.removeprefix(BASE + "/").partition("/")
    return id.partition("/")[0] if slash and type_part == type_name else ""


def day_of(text: str) -> date:
    """The business day of a FHIR date (complete) or dateTime with zone. ValueError when there is none."""
    if len(text) == _DAY_LENGTH:
        return date.fromisoformat(text)
    if len(text) < _DAY_LENGTH:
        raise ValueError(f"not a complete day: {text!r}")
    return business_day(parse_instant(text))


def day_or_none(text: str) -> date | None:
    """The same, None where there is no complete day."""
    try:
        return day_of(text)
    except ValueError:
        return None


def concept(system: str, code: str, display: str = "") -> dict[str, Any]:
    """A CodeableConcept of one coding."""
    coding = {"system": system, "code": code}
    if display:
        coding["display"] = display
    return {"coding": [coding]}


def amount(fen: Fen) -> dict[str, Any]:
    """Money in yuan with exactly two decimals."""
    return {"value": money.decimal(fen), "currency": CURRENCY}


def reference(type_name: str, id: str) -> dict[str, str]:
    """A literal reference: Patient/1."""
    return {"reference": f"{type_name}/{id}"}
