"""Checks a resource against the R4 element table: names, types, cardinality, required bindings, reference targets.

Everything wrong is reported, each with its path. Invariants, profiles and other terminology are not looked at here.
"""

import re
from functools import cache
from typing import Any, Final, NamedTuple

from gateway.fhir import problems as wrong
from gateway.fhir.elements import ALIASES, BACKBONE_ELEMENTS, ELEMENTS, RESOURCE_ELEMENTS, RESOURCES, TYPES
from gateway.fhir.primitives import PRIMITIVES
from gateway.fhir.systems import BASE
from gateway.kernel.problem import Problem

MOST_PROBLEMS: Final = 200

_WORD = re.compile(r"(\w+)(\[x\])?([!*+]?):(.+)")
_TYPE = re.compile(r"(\w+)(?:\(([^)]*)\))?")
_LOCAL = re.compile(r"(?:([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?)", re.ASCII)
_ELSEWHERE = re.compile(r"(?:https?://\S+|urn:uuid:[0-9a-fA-F-]{36}|urn:oid:[0-9.]+|#\S*)")
_MODIFIERS: Final = ("implicitRules", "modifierExtension")
_DATES: Final = ("date", "dateTime", "instant")
_PLAIN_TYPES: Final = frozenset(name for name, words in TYPES.items() if not name.startswith(RESOURCES))


class Element(NamedTuple):
    """One element of a type. `options`: codes of a required binding, or targets of a reference; `choice`: its group."""

    name: str
    type: str
    many: bool
    options: frozenset[str]
    choice: str


class Shape(NamedTuple):
    """A compiled type: its elements by name, and the groups of names of which one must be there."""

    elements: dict[str, Element]
    required: tuple[tuple[str, ...], ...]


def check_resource(resource: dict[str, Any], *types: str) -> list[Problem]:
    """Every structural problem of a resource that must be of one of `types`; at most 200 are listed."""
    name = resource.get("resourceType")
    if name not in types:
        return [wrong.unknown_type("resourceType", name, types)]
    found: list[Problem] = []
    _check_object(resource, name, name, found)
    if len(found) > MOST_PROBLEMS:
        found[MOST_PROBLEMS:] = [wrong.more_problems(name, MOST_PROBLEMS)]
    return found


def shape_of(type_name: str) -> Shape | None:
    """The compiled type, or None when the table does not have it."""
    name = ALIASES.get(type_name, type_name)
    return _compile(name) if name in TYPES else None


@cache
def _compile(name: str) -> Shape:
    if name in RESOURCES:
        words = TYPES[name] + RESOURCE_ELEMENTS
    elif name in _PLAIN_TYPES:
        words = TYPES[name] + ELEMENTS
    else:
        words = TYPES[name] + BACKBONE_ELEMENTS
    elements: dict[str, Element] = {}
    required: list[tuple[str, ...]] = []
    for word in words.split():
        made, needed = _read_word(word)
        elements.update((element.name, element) for element in made)
        if needed:
            required.append(tuple(element.name for element in made))
    return Shape(elements, tuple(required))


def _read_word(word: str) -> tuple[list[Element], bool]:
    match = _WORD.fullmatch(word)
    assert match is not None, f"not an element: {word}"
    name, choice, card, types = match.groups()
    made = []
    for each in types.split(",") if choice else [types]:
        typed = _TYPE.fullmatch(each)
        assert typed is not None, f"not a type: {each}"
        type_name, options = typed.groups()
        full = name + type_name[0].upper() + type_name[1:] if choice else name
        allowed = frozenset(options.split("|")) if options else frozenset()
        made.append(Element(full, type_name, card in ("*", "+"), allowed, name if choice else ""))
    return made, card in ("!", "+")


def _check_object(value: Any, type_name: str, path: str, found: list[Problem]) -> None:
    if len(found) > MOST_PROBLEMS:
        return
    if not isinstance(value, dict):
        found.append(wrong.wrong_type(path, en="a JSON object", zh=" JSON 对象"))
        return
    if not value:
        found.append(wrong.empty(path))
        return
    shape = shape_of(type_name)
    if shape is None:
        return
    choices: set[str] = set()
    for name, child in value.items():
        element = shape.elements.get(name)
        if element is None:
            _check_other(value, name, child, type_name=type_name, path=path, found=found)
            continue
        if element.choice:
            if element.choice in choices:
                found.append(wrong.two_choices(f"{path}.{element.choice}[x]"))
            choices.add(element.choice)
        if name in _MODIFIERS:
            found.append(wrong.modifier(f"{path}.{name}"))
        _check_element(value, element, child, f"{path}.{name}", found)
    for names in shape.required:
        if not any(name in value for name in names):
            element = shape.elements[names[0]]
            found.append(wrong.missing(f"{path}.{element.choice + '[x]' if element.choice else names[0]}"))


def _check_other(
    owner: dict[str, Any], name: str, child: Any, *, type_name: str, path: str, found: list[Problem]
) -> None:
    """resourceType, the `_name` siblings of primitives, and names that R4 does not have."""
    if name == "resourceType" and type_name in RESOURCES:
        return
    shape = shape_of(type_name)
    element = shape.elements.get(name[1:]) if shape and name.startswith("_") else None
    if element is None or element.type not in PRIMITIVES:
        found.append(wrong.unknown_element(f"{path}.{wrong.shown(name)}"))
        return
    siblings = child if element.many and isinstance(child, list) else [child]
    for sibling in siblings:
        if sibling is not None or not element.many:
            _check_object(sibling, "Element", f"{path}.{name}", found)


def _check_element(owner: dict[str, Any], element: Element, child: Any, path: str, found: list[Problem]) -> None:
    if not element.many:
        if isinstance(child, list):
            found.append(wrong.expected_single(path))
        else:
            _check_value(child, element, path, found)
        return
    if not isinstance(child, list):
        found.append(wrong.expected_list(path))
        return
    if not child:
        found.append(wrong.empty(path))
    has_siblings = f"_{element.name}" in owner
    for place, each in enumerate(child):
        if len(found) > MOST_PROBLEMS:
            return
        if each is not None or not has_siblings:
            _check_value(each, element, f"{path}[{place}]", found)


def _check_value(value: Any, element: Element, path: str, found: list[Problem]) -> None:
    primitive = PRIMITIVES.get(element.type)
    if primitive is None:
        if element.type == "Resource":
            _check_contained(value, path, found)
            return
        _check_object(value, element.type, path, found)
        if element.type == "Reference" and isinstance(value, dict):
            _check_reference(value, element.options, path, found)
        return
    if type(value) not in primitive.json:
        found.append(wrong.wrong_type(path, en=primitive.en, zh=primitive.zh))
    elif value == "":
        found.append(wrong.empty(path))
    elif not primitive.holds(value) and element.type in _DATES:
        found.append(wrong.bad_day(path, value))
    elif not primitive.holds(value):
        found.append(wrong.bad_value(path, value, en=primitive.en, zh=primitive.zh))
    elif element.options and value not in element.options:
        found.append(wrong.unknown_code(path, value, element.options))


def _check_reference(value: dict[str, Any], targets: frozenset[str], path: str, found: list[Problem]) -> None:
    text = value.get("reference")
    if isinstance(text, str) and text and not reference_fits(text, targets):
        found.append(wrong.bad_reference(f"{path}.reference", text, targets))


def reference_fits(text: str, targets: frozenset[str]) -> bool:
    """Whether a reference has a shape of R4 and, where it names a type, one of the targets (none: any)."""
    local = _LOCAL.fullmatch(text.removeprefix(BASE + "/"))
    if local is not None:
        return not targets or local[1] in targets
    return _ELSEWHERE.fullmatch(text) is not None


def _check_contained(value: Any, path: str, found: list[Problem]) -> None:
    if not isinstance(value, dict):
        found.append(wrong.wrong_type(path, en="a resource", zh="资源对象"))
    elif not isinstance(value.get("resourceType"), str):
        found.append(wrong.missing(f"{path}.resourceType"))
    elif "contained" in value:
        found.append(wrong.unknown_element(f"{path}.contained"))
    else:
        name = value["resourceType"]
        _check_object(value, name if name in RESOURCES else "", path, found)
