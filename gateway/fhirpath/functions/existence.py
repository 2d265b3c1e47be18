"""Existence (FHIRPath N1 section 5.1) and not(): answers about a collection as a whole."""

from collections.abc import Callable
from typing import Any, Final

from gateway.fhirpath.code import INTEGER, Code, Context, Static, Test, from_many, from_one, from_test, plain, spend
from gateway.fhirpath.compare import key
from gateway.fhirpath.model import Item
from gateway.fhirpath.paths import path_exists
from gateway.fhirpath.problems import refuse, wrong_operand
from gateway.fhirpath.site import Function, Site


def _exists_of(source: Code) -> Test:
    if source.path:
        return path_exists(source.path)
    if not source.static.many and source.focus:
        return lambda this, context: True
    items_of = source.many
    return lambda this, context: bool(items_of(this, context))


def _exists(site: Site) -> Code:
    if not site.arguments:
        return from_test(_exists_of(site.source))
    items_of, holds = site.source.many, site.each(0).test

    def test(this: Item, context: Context) -> bool:
        items, saved, found = items_of(this, context), context.index, False
        spend(context, len(items))
        for context.index, item in enumerate(items):
            if holds(item, context):
                found = True
                break
        context.index = saved
        return found

    return from_test(test)


def _empty(site: Site) -> Code:
    exists = _exists_of(site.source)
    return from_test(lambda this, context: not exists(this, context))


def _not(site: Site) -> Code:
    holds = site.source.test

    def test(this: Item, context: Context) -> bool | None:
        value = holds(this, context)
        return None if value is None else not value

    return from_test(test)


def _all(site: Site) -> Code:
    items_of, holds = site.source.many, site.each(0).test

    def test(this: Item, context: Context) -> bool:
        items, saved, answer = items_of(this, context), context.index, True
        spend(context, len(items))
        for context.index, item in enumerate(items):
            if not holds(item, context):
                answer = False
                break
        context.index = saved
        return answer

    return from_test(test)


def _booleans(wanted: bool, every: bool) -> Callable[[Site], Code]:
    """allTrue and its three relatives: whether every (or any) item is the wanted boolean."""

    def build(site: Site) -> Code:
        items_of, where = site.source.many, site.place.where

        def test(this: Item, context: Context) -> bool:
            values = [plain(item) for item in items_of(this, context)]
            if any(type(value) is not bool for value in values):
                refuse(wrong_operand(where, what=site.place.what, wanted="booleans", found="another type"))
            return all(value is wanted for value in values) if every else any(value is wanted for value in values)

        return from_test(test)

    return build


def _inclusion(turned: bool) -> Callable[[Site], Code]:
    """subsetOf; turned: supersetOf."""

    def build(site: Site) -> Code:
        source, other = site.source.many, site.argument(0).many

        def test(this: Item, context: Context) -> bool:
            small, large = source(this, context), other(this, context)
            if turned:
                small, large = large, small
            spend(context, len(small) + len(large))
            return {key(item) for item in small} <= {key(item) for item in large}

        return from_test(test)

    return build


def _count(site: Site) -> Code:
    items_of = site.source.many
    return from_one(lambda this, context: len(items_of(this, context)), INTEGER)


def unique(items: list[Item]) -> list[Item]:
    """Every item once, in the order found."""
    seen: dict[Any, Item] = {}
    for item in items:
        seen.setdefault(key(item), item)
    return list(seen.values())


def _distinct(site: Site) -> Code:
    items_of = site.source.many

    def many(this: Item, context: Context) -> list[Item]:
        items = items_of(this, context)
        spend(context, len(items))
        return unique(items)

    return from_many(many, Static(site.source.static.types, site.source.static.many), site.place)


def _is_distinct(site: Site) -> Code:
    items_of = site.source.many

    def test(this: Item, context: Context) -> bool:
        items = items_of(this, context)
        spend(context, len(items))
        return len(items) < 2 or len({key(item) for item in items}) == len(items)

    return from_test(test)


TABLE: Final = {
    "empty": Function(0, 0, _empty),
    "exists": Function(0, 1, _exists),
    "not": Function(0, 0, _not),
    "all": Function(1, 1, _all),
    "allTrue": Function(0, 0, _booleans(True, True)),
    "anyTrue": Function(0, 0, _booleans(True, False)),
    "allFalse": Function(0, 0, _booleans(False, True)),
    "anyFalse": Function(0, 0, _booleans(False, False)),
    "subsetOf": Function(1, 1, _inclusion(False)),
    "supersetOf": Function(1, 1, _inclusion(True)),
    "count": Function(0, 0, _count),
    "distinct": Function(0, 0, _distinct),
    "isDistinct": Function(0, 0, _is_distinct),
}
