"""Resources made wrong by chance from a seed: what is removed, renamed, retyped, repeated, nested, emptied."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from gateway.definitions.types import Types

_STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**50, Decimal("0.1"), Decimal("1E+400"), "", " ", "x", "\x00", "\ud800", "𝕏" * 50),
    *("a" * 5000, "http://example.org", "#", "#x", "Patient/1", "2024-02-30", "2024-01-01T00:00:00Z", "<div>", "%"),
    *([], {}, [[]], [None], [{}], {"id": "x"}, {"extension": [{"url": "x"}]}, {"resourceType": "Patient"}),
    *({"reference": "#"}, {"coding": [{"code": 1}]}, {"coding": {}}, {"value": "1"}, ["x"] * 300),
)
_NAMES = (
    "id",
    "extension",
    "contained",
    "value",
    "valueString",
    "reference",
    "resourceType",
    "meta",
    "_id",
    "",
    "coding",
)


class Place(NamedTuple):
    """An element of a resource: the object or array that holds it, and its key or index there."""

    owner: Any
    key: Any


def places(resource: dict[str, Any]) -> list[Place]:
    """Every element of a resource."""
    found: list[Place] = []
    left: list[Any] = [resource]
    while left:
        node = left.pop()
        pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node))
        found += [Place(node, key) for key, _ in pairs]
        left += [each for _, each in pairs if isinstance(each, (dict, list))]
    return found


def mutants(resources: list[dict[str, Any]], *, number: int, seed: int) -> Iterator[dict[str, Any]]:
    """So many resources, each with one to four mutations."""
    chance = Random(seed)
    for _ in range(number):
        made = deepcopy(chance.choice(resources))
        for _ in range(chance.randint(1, 4)):
            candidates = places(made)
            if candidates:
                _mutate(chance.choice(candidates), made, chance)
        yield made


def _mutate(place: Place, resource: dict[str, Any], chance: Random) -> None:
    owner, key = place
    value = owner[key]
    match chance.randrange(9):
        case 0:
            del owner[key]
        case 1:
            owner[key] = deepcopy(chance.choice(_STRANGE))
        case 2:
            owner[key] = [value, deepcopy(value)]
        case 3 if isinstance(value, list) and value:
            owner[key] = value[0]
        case 3 | 4 if isinstance(owner, dict):
            owner[chance.choice(_NAMES)] = owner.pop(key)
        case 5 if isinstance(value, list):
            value.extend(deepcopy(value) * 3)
        case 6 if isinstance(owner, dict):
            owner[chance.choice(_NAMES)] = deepcopy(resource)
        case 7:
            owner[key] = deepcopy(owner)
        case _ if isinstance(value, str):
            at = chance.randrange(len(value) + 1)
            owner[key] = value[:at] + chance.choice(("", " ", "\n", "é", "/", "<", value)) + value[at + 1 :]
        case _:
            owner[key] = {"nested": value}


def required(resource: dict[str, Any], types: Types) -> list[tuple[dict[str, Any], str]]:
    """Objects of a resource with each name they have and must have, told from the base types alone."""
    found: list[tuple[dict[str, Any], str]] = []
    left: list[tuple[Any, str]] = [(resource, resource["resourceType"])]
    while left:
        node, owner = left.pop()
        if isinstance(node, list):
            left += [(each, owner) for each in node]
            continue
        if not isinstance(node, dict):
            continue
        of = node["resourceType"] if isinstance(node.get("resourceType"), str) else owner
        for name, value in node.items():
            element, path = types.json_names(of).get(name, ("", ""))
            child = types.child(of, element) if element else None
            if child is None:
                continue
            if child.min and f"_{name}" not in node:
                found.append((node, name))
            left.append((value, path))
    return found
