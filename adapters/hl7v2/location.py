"""From a problem's path to HL7's ERR-2 location (segment, occurrence, field, repetition, component, subcomponent)."""

import re

from adapters.hl7v2.er7 import Er7
from adapters.hl7v2.tree import diagnoses

_STEP = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<inside>[^\]]*)\])?")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)

_FHIR_PLACES = (
    (re.compile(r"Claim\.item\[(\d+)\]\.productOrService"), "PSL[{}].7"),
    (re.compile(r"Claim\.item\[(\d+)\]\.quantity"), "PSL[{}].12"),
    (re.compile(r"Claim\.item\[(\d+)\]\.unitPrice"), "PSL[{}].13"),
    (re.compile(r"Claim\.item\[(\d+)\]\.net"), "PSL[{}].16"),
    (re.compile(r"Claim\.item\[(\d+)\]\.serviced"), "PSL[{}].10"),
    (re.compile(r"Claim\.item\[(\d+)\]"), "PSL[{}]"),
    (re.compile(r"Claim\.diagnosis\[(\d+)\]"), "diagnosis[{}].3"),
    (re.compile(r"Claim\.supportingInfo\[(\d+)\]"), "special_disease[{}].3"),
    (re.compile(r"Claim\.total"), "IVC.8"),
    (re.compile(r"Claim\.patient"), "PID.3"),
    (re.compile(r"Claim\.provider"), "IVC.10"),
    (re.compile(r"Claim\.insurer"), "IVC.11"),
    (re.compile(r"Claim\.billablePeriod"), "PV1.44"),
    (re.compile(r"Claim\.subType"), "PV1.18"),
    (re.compile(r"Claim\.identifier"), "IVC.1"),
)
"""Where the core's words for a claim stand in the message that made it."""


def sender_path(path: str) -> str:
    """The path in the message's terms; a path of the claim is led back to the field it came from."""
    bare = path.removeprefix("^")
    for pattern, place in _FHIR_PLACES:
        found = pattern.match(bare)
        if found is not None:
            return place.format(*found.groups())
    return bare


def read_location(path: str, message: Er7 | None) -> dict[int, str]:
    """The components of an ERL by number, {} for a path that names no segment of the message.

    'PSL[2].16.1.1' is the third PSL, field 16, first repetition, component 1, subcomponent 1.
    """
    steps = [match.groupdict() for match in _STEP.finditer(sender_path(path))]
    if not steps:
        return {}
    segment = steps[0]["name"]
    occurrence = _number(steps[0]["inside"])
    if segment in ("diagnosis", "special_disease"):
        segment, occurrence = "DG1", _diagnosis_occurrence(segment, occurrence, message)
    if not _SEGMENT.fullmatch(segment):
        return {}
    location = {1: segment, 2: str(occurrence + 1)}
    numbers = [step for step in steps[1:] if step["name"].isdigit()]
    if numbers:
        location[3] = numbers[0]["name"]
        location[4] = str(_number(numbers[0]["inside"]) + 1)
        for place, step in zip((5, 6), numbers[1:], strict=False):
            location[place] = step["name"]
    return location


def _number(inside: str | None) -> int:
    """An index between brackets; a condition such as [5=NI] names the first place."""
    return int(inside) if inside and inside.isascii() and inside.isdigit() and len(inside) <= 6 else 0


def _diagnosis_occurrence(name: str, index: int, message: Er7 | None) -> int:
    if message is None:
        return index
    plain, special = diagnoses(message)
    found = special if name == "special_disease" else plain
    return found[index][0] if index < len(found) else index
