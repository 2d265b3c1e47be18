"""Utility functions: trace(), type(), sort() and comparable() (FHIRPath N1 sections 5.9 and 10; sort is of 3.0)."""

from functools import cmp_to_key
from typing import Any, Final

from gateway.fhirpath.code import Code, Context, One, Static, from_many, from_test, plain, spend
from gateway.fhirpath.compare import order
from gateway.fhirpath.model import Item
from gateway.fhirpath.operators import kind_of
from gateway.fhirpath.problems import refuse, wrong_operand
from gateway.fhirpath.site import Function, Site
from gateway.fhirpath.tree import Unary
from gateway.fhirpath.type_names import system_name
from gateway.fhirpath.units import unit_of
from gateway.fhirpath.values import Quantity


def _trace(site: Site) -> Code:
    """The source unchanged; the host gets the values, or those of the projection."""
    source, name_of = site.source.many, site.argument(0).one
    project = site.each(1).many if len(site.arguments) > 1 else None

    def many(this: Item, context: Context) -> list[Item]:
        items = source(this, context)
        shown = items if project is None else [each for item in items for each in project(item, context)]
        context.host.trace(str(name_of(this, context) or ""), [plain(item) for item in shown])
        return items

    return from_many(many, site.source.static, site.place)


def _type(site: Site) -> Code:
    """A SimpleTypeInfo with namespace and name for each item."""
    items_of = site.source.many

    def many(this: Item, context: Context) -> list[Item]:
        return [_info(item) for item in items_of(this, context)]

    return from_many(many, Static(None, site.source.static.many), site.place)


def _info(item: Item) -> Item:
    name = system_name(item)
    if name:
        return ({"namespace": "System", "name": name}, "", None)
    of = item[1]
    return ({"namespace": "FHIR", "name": "BackboneElement" if "." in of else of or "Element"}, "", None)


def _sort(site: Site) -> Code:
    """sort([key, …]): ascending, descending where the key has a sign before it; items without a key come first."""
    keys: list[tuple[One, int]] = []
    for number, node in enumerate(site.arguments):
        if isinstance(node, Unary) and node.operator == "-":
            code = site.compile(node.operand, site.scope._replace(this=Static(site.source.static.types, False)))
            keys.append((code.one, -1))
        else:
            keys.append((site.each(number).one, 1))
    items_of, place = site.source.many, site.place

    def compare(left: tuple[Any, ...], right: tuple[Any, ...]) -> int:
        for a, b, sign in zip(left, right, signs, strict=True):
            if a is None or b is None:
                found = (a is not None) - (b is not None)
            else:
                try:
                    found = order(a, b) or 0
                except TypeError:
                    said = f"{kind_of(a)} and {kind_of(b)}"
                    refuse(wrong_operand(place.where, what=place.what, wanted="values of one kind", found=said))
            if found:
                return found * sign
        return 0

    signs = [sign for _, sign in keys] or [1]
    by = cmp_to_key(compare)

    def many(this: Item, context: Context) -> list[Item]:
        items = items_of(this, context)
        spend(context, len(items) * max(len(items).bit_length(), 1))
        return sorted(items, key=lambda item: by(tuple(one(item, context) for one, _ in keys) or (plain(item),)))

    return from_many(many, site.source.static, site.place)


def _comparable(site: Site) -> Code:
    """Whether two quantities have units of one dimension."""
    left, right = site.source.one, site.argument(0).one

    def test(this: Item, context: Context) -> bool | None:
        a, b = left(this, context), right(this, context)
        if a is None or b is None:
            return None
        if not isinstance(a, Quantity) or not isinstance(b, Quantity):
            refuse(wrong_operand(site.place.where, what=site.place.what, wanted="quantities", found=kind_of(a)))
        if a.calendar or b.calendar:
            return a.calendar and b.calendar
        first, second = unit_of(a.unit), unit_of(b.unit)
        return a.unit == b.unit if first is None or second is None else first.bases == second.bases

    return from_test(test)


TABLE: Final = {
    "trace": Function(1, 2, _trace),
    "type": Function(0, 0, _type),
    "sort": Function(0, 10, _sort),
    "comparable": Function(1, 1, _comparable),
}
