"""From JSON paths to FHIRPath locations, and the order in which issues are told."""

import re
from typing import Any, Final

from gateway.definitions.types import Types
from gateway.validation.issue import Finding

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d{1,9})\]")
_LAST: Final = 1_000_000_000


def steps_of(path: str) -> list[str | int]:
    """ ".item[3].net" → ["item", 3, "net"]."""
    return [match[1] if match[1] is not None else int(match[2]) for match in _STEP.finditer(path)]


def location_of(path: str, resource: Any, types: Types) -> str:
    """The FHIRPath location of a JSON path: a choice by its element and type, a primitive's sibling as the primitive.

    ".valueQuantity.code" of an Observation → "Observation.value.ofType(Quantity).code".
    """
    name = _type_name(resource)
    place, owner = name or "Resource", name
    node = resource
    for step in steps_of(path):
        if isinstance(step, int):
            place += f"[{step}]"
            node = node[step] if isinstance(node, list) and step < len(node) else None
            owner = _type_name(node) or owner
            continue
        node = node.get(step) if isinstance(node, dict) else None
        bare = step.removeprefix("_").removesuffix("[x]")
        element, of = types.json_names(owner).get(bare, (bare, "")) if owner else (bare, "")
        place += f".{element}" if element == bare else f".{element}.ofType({of})"
        owner = _type_name(node) or of
    return place


def element_path_of(path: str, resource: Any, types: Types) -> str:
    """The path of an element in its own resource, without indexes: ".name[0].family" → "Patient.name.family".

    Inside an entry or a contained resource it starts with that.
    """
    owner = _type_name(resource)
    said, node = owner, resource
    for step in steps_of(path):
        if isinstance(step, int):
            node = node[step] if isinstance(node, list) and step < len(node) else None
        else:
            bare = step.removeprefix("_")
            element, of = types.json_names(owner).get(bare, (bare, "")) if owner else (bare, "")
            node = node.get(step) if isinstance(node, dict) else None
            said, owner = f"{said}.{element}", of
        inside = _type_name(node)
        if inside:
            said = owner = inside
    return said


def document_order(found: list[Finding], resource: Any) -> list[Finding]:
    """Findings as their places follow each other in the document; what is missing comes last in its object; then by
    code."""
    return sorted(found, key=lambda each: (_position(each.path, resource), each.code, each.en))


def _position(path: str, resource: Any) -> tuple[int, ...]:
    node, position = resource, []
    for step in steps_of(path):
        if isinstance(step, int):
            position.append(step)
            node = node[step] if isinstance(node, list) and step < len(node) else None
        elif isinstance(node, dict) and step in node:
            position.append(list(node).index(step))
            node = node[step]
        else:
            position.append(_LAST)
            node = None
    return tuple(position)


def _type_name(node: Any) -> str:
    name = node.get("resourceType") if isinstance(node, dict) else None
    return name if isinstance(name, str) else ""
