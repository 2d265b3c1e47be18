"""Closures for plain paths: names only, each of a type known beforehand, from the focus downwards.

All but the last name lead to complex values of one JSON property, so the walk goes from dict to dict and makes nodes
of the last alone. Input is not trusted: a value of another JSON type than R4 says is passed over, never an error.
"""

from decimal import Decimal
from typing import Any

from gateway.fhirpath.code import READERS, Code, Context, Many, One, Place, Static, Test, as_decimal, from_many, plain
from gateway.fhirpath.model import Item, Plan, spread, spread_plan


def path_code(plans: tuple[Plan, ...], static: Static, place: Place) -> Code:
    """The code of a path of at least one plan."""
    many = _many(plans)
    made = from_many(many, static, place, plans)
    if any(plan.many for plan in plans) or len(plans[-1].ways) != 1 or not plans[-1].ways[0].sibling:
        return made
    one = _one(plans, made.one)
    return Code(many, one, _test(one) if plans[-1].ways[0].type == "boolean" else made.test, static, plans)


def path_exists(plans: tuple[Plan, ...]) -> Test:
    """Whether the path leads to anything."""
    many = _many(plans)
    last = plans[-1]
    if len(plans) == 1 and len(last.ways) == 1:
        key, sibling, _ = last.ways[0]

        def single(this: Item, context: Context) -> bool:
            json = this[0]
            if type(json) is not dict:
                return bool(many(this, context))
            value = json.get(key)
            if value is None:
                return bool(sibling) and sibling in json and bool(many(this, context))
            return type(value) is not list or bool(many(this, context))

        return single

    heads = tuple(plan.ways[0].key for plan in plans[:-1])
    names = frozenset(name for way in last.ways for name in (way.key, way.sibling) if name)

    def test(this: Item, context: Context) -> bool:
        for json in _down(this, heads):
            context.spent += 1
            if not names.isdisjoint(json):
                return bool(many(this, context))
        return False

    return test


def _down(this: Item, heads: tuple[str, ...]) -> list[dict[str, Any]]:
    """The objects at the end of a chain of properties."""
    json = this[0]
    if type(json) is not dict:
        json = this[2]
    level = [json] if type(json) is dict else []
    for key in heads:
        below: list[dict[str, Any]] = []
        for json in level:
            value = json.get(key)
            if type(value) is dict:
                below.append(value)
            elif type(value) is list:
                below.extend(each for each in value if type(each) is dict)
        if not below:
            return below
        level = below
    return level


def _many(plans: tuple[Plan, ...]) -> Many:
    heads = tuple(plan.ways[0].key for plan in plans[:-1])
    last = plans[-1]
    ways = last.ways
    if len(ways) > 1 or not ways[0].type:

        def choices(this: Item, context: Context) -> list[Item]:
            found: list[Item] = []
            level = _down(this, heads)
            context.spent += len(level)
            for json in level:
                spread_plan(json, last, found)
            return found

        return choices
    only = ways[0]
    key, sibling, of = only

    def many(this: Item, context: Context) -> list[Item]:
        found: list[Item] = []
        level = _down(this, heads) if heads or type(this[0]) is not dict else (this[0],)
        context.spent += len(level)
        for json in level:
            value = json.get(key)
            if sibling and sibling in json:
                spread(json, only, found)
            elif type(value) is list:
                found += [(each, of, None) for each in value if each is not None]
            elif value is not None:
                found.append((value, of, None))
        return found

    return many


def _one(plans: tuple[Plan, ...], slow: One) -> One:
    """The value of a path of single elements to a primitive, without a list or node being made."""
    heads = tuple(plan.ways[0].key for plan in plans[:-1])
    key, _, of = plans[-1].ways[0]
    read = READERS.get(of)

    def one(this: Item, context: Context) -> Any:
        json = this[0]
        for head in heads:
            if type(json) is not dict:
                return slow(this, context)
            json = json.get(head)
            if json is None:
                return None
        if type(json) is not dict:
            return slow(this, context)
        value = json.get(key)
        if value is None:
            return None
        if type(value) is list or type(value) is dict:
            return slow(this, context)
        if read is None:
            return value if type(value) is not Decimal else as_decimal(value)
        return read(value)

    return one


def _test(one: One) -> Test:
    def test(this: Item, context: Context) -> bool | None:
        value = plain(one(this, context))
        return value if value is None or value is False else True

    return test
