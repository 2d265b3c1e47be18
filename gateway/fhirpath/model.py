"""How the elements of a FHIR type lie in JSON: plans, made once per type and element, and the walk along one.

An item of a collection is a System value (str, bool, int, Decimal, Date, DateTime, Time, Quantity) or a node: the plain
tuple `(json, type, sibling)`. `type` is a type path ("Patient", "Claim.item", "code"), '' where it is not known;
`sibling` is the JSON object of `_name` that holds the id and extensions of a primitive, or None. A tuple is the
cheapest thing Python can make, and JSON never holds one, so `type(item) is tuple` tells nodes apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from gateway.definitions.types import Types

Item: TypeAlias = Any

ANY_RESOURCE: Final = frozenset({"Resource", "DomainResource"})


class Way(NamedTuple):
    """One JSON property an element may have. `sibling`: '' unless primitive; `type`: '' for a resource of any type."""

    key: str
    sibling: str
    type: str


class Plan(NamedTuple):
    """An element of a type: the properties it may be written as (several for a choice), and whether it repeats.

    `by_key`: of a choice, both properties of every way → the way, so that a walk looks at the keys there are.
    """

    ways: tuple[Way, ...]
    many: bool
    name: str
    by_key: Mapping[str, Way]


@dataclass(frozen=True, slots=True)
class Model:
    """The base types with the plans already made. Plans depend on the types alone, so threads may share them."""

    types: Types
    plans: dict[tuple[str, str], Plan | None] = field(default_factory=dict)
    below: dict[str, Mapping[str, Way]] = field(default_factory=dict)


def plan_of(model: Model, type_path: str, name: str) -> Plan | None:
    """The plan of an element (without [x]); None where the type has none of that name, or is not known."""
    key = (type_path, name)
    if key not in model.plans:
        model.plans[key] = _plan(model.types, type_path, name)
    return model.plans[key]


def ways_below(model: Model, type_path: str) -> Mapping[str, Way]:
    """Every JSON property of a type, siblings too, with its way; empty where the type is not known."""
    found = model.below.get(type_path)
    if found is None:
        names = model.types.children(type_path) if type_path else ()
        plans = [plan for name in names if (plan := plan_of(model, type_path, name))]
        found = {key: way for plan in plans for way in plan.ways for key in (way.key, way.sibling) if key}
        model.below[type_path] = found
    return found


def _plan(types: Types, type_path: str, name: str) -> Plan | None:
    child = types.child(type_path, name) if type_path else None
    if child is None:
        return None
    if child.choice:
        ways = tuple(_way(types, name + each[0].upper() + each[1:], each) for each in child.types)
        return Plan(ways, child.many, name, {key: way for way in ways for key in (way.key, way.sibling) if key})
    return Plan((_way(types, name, child.path or child.types[0]),), child.many, name, {})


def _way(types: Types, key: str, type: str) -> Way:
    sibling = "_" + key if types.is_primitive(type) else ""
    return Way(key, sibling, "" if type in ANY_RESOURCE else type)


def walk(model: Model, item: Item, name: str, found: list[Item]) -> None:
    """Appends the values of an element of one item, whatever its type; nothing for what has no such element."""
    if type(item) is not tuple:
        return
    json, of, sibling = item
    if type(json) is not dict:
        if name == "value" and json is not None and model.types.is_primitive(of):
            found.append(json)
        if type(sibling) is not dict:
            return
        json = sibling
    plan = plan_of(model, of, name)
    if plan is not None:
        spread_plan(json, plan, found)
    elif not of or not model.types.knows(of):
        spread(json, Way(name, "_" + name, ""), found)


def spread_plan(json: dict[str, Any], plan: Plan, found: list[Item]) -> None:
    """Appends the values an element of a JSON object has."""
    by_key = plan.by_key
    if not by_key:
        spread(json, plan.ways[0], found)
        return
    for key in json:
        way = by_key.get(key)
        if way is not None and (key == way.key or way.key not in json):
            spread(json, way, found)


def spread(json: dict[str, Any], way: Way, found: list[Item]) -> None:
    """Appends the values one property of a JSON object has, each with its sibling."""
    value = json.get(way.key)
    sibling = json.get(way.sibling) if way.sibling else None
    if type(value) is list or type(sibling) is list:
        _spread_many(value, sibling, way.type, found)
    elif value is not None or type(sibling) is dict:
        found.append((value, way.type or type_of_json(value), sibling))


def _spread_many(value: Any, sibling: Any, type_path: str, found: list[Item]) -> None:
    values = value if type(value) is list else [] if value is None else [value]
    siblings = sibling if type(sibling) is list else []
    for place in range(max(len(values), len(siblings))):
        one = values[place] if place < len(values) else None
        beside = siblings[place] if place < len(siblings) else None
        if one is not None or type(beside) is dict:
            found.append((one, type_path or type_of_json(one), beside))


def type_of_json(value: Any) -> str:
    """The type a JSON value says itself: its resourceType; '' where it says none."""
    if type(value) is dict:
        said = value.get("resourceType")
        return said if type(said) is str else ""
    return ""


def children_of(model: Model, item: Item, found: list[Item]) -> None:
    """Appends all child nodes of an item, in the order they are written (N1 section 5.8 leaves it open)."""
    if type(item) is not tuple:
        return
    json, of, sibling = item
    if type(json) is not dict:
        if type(sibling) is not dict:
            return
        json = sibling
    ways = ways_below(model, of)
    for key, value in json.items():
        way = ways.get(key)
        if way is None:
            if not ways and key != "resourceType" and not key.startswith("_"):
                spread(json, Way(key, "_" + key, ""), found)
            continue
        name, beside, type_path = way
        if key == beside:
            if name not in json:
                spread(json, way, found)
        elif not type_path or beside in json:
            spread(json, way, found)
        elif type(value) is list:
            found += [(each, type_path, None) for each in value if each is not None]
        elif value is not None:
            found.append((value, type_path, None))
