"""Filtering and projection, subsetting, combining, tree navigation, types (N1 sections 5.2 to 5.4, 5.8, 6.3)."""

from collections.abc import Callable
from typing import Any, Final

from gateway.fhirpath.code import UNKNOWN, Code, Context, Static, from_many, plain, spend
from gateway.fhirpath.compare import key
from gateway.fhirpath.functions.existence import unique
from gateway.fhirpath.model import Item, children_of
from gateway.fhirpath.operators import kind_of, of_type, type_test
from gateway.fhirpath.problems import refuse, several_items, syntax, unknown_type, wrong_operand
from gateway.fhirpath.site import Function, Site
from gateway.fhirpath.tree import Member, Node
from gateway.fhirpath.type_names import TypeName, find_type


def _where(site: Site) -> Code:
    items_of, holds = site.source.many, site.each(0).test

    def many(this: Item, context: Context) -> list[Item]:
        items, saved = items_of(this, context), context.index
        if not items:
            return items
        spend(context, len(items))
        found = []
        for context.index, item in enumerate(items):
            if holds(item, context):
                found.append(item)
        context.index = saved
        return found

    return from_many(many, site.source.static, site.place)


def _select(site: Site) -> Code:
    projection = site.each(0)
    items_of, project = site.source.many, projection.many

    def many(this: Item, context: Context) -> list[Item]:
        items, saved = items_of(this, context), context.index
        found: list[Item] = []
        for context.index, item in enumerate(items):
            found += project(item, context)
        spend(context, len(items) + len(found))
        context.index = saved
        return found

    several = site.source.static.many or projection.static.many
    return from_many(many, Static(projection.static.types, several), site.place)


def _repeat(site: Site) -> Code:
    items_of, project = site.source.many, site.each(0, UNKNOWN).many

    def many(this: Item, context: Context) -> list[Item]:
        saved, found = context.index, {}
        level = items_of(this, context)
        while level:
            below: list[Item] = []
            for context.index, item in enumerate(level):
                for made in project(item, context):
                    if (name := key(made)) not in found:
                        found[name] = made
                        below.append(made)
                spend(context, 4)
            spend(context, 4 * len(below))
            level = below
        context.index = saved
        return list(found.values())

    return from_many(many, UNKNOWN, site.place)


def named_type(site: Site, node: Node) -> TypeName:
    """The type an argument names: `Patient`, `FHIR.Patient`, `System.String`. Refusal: fhirpath-unknown-type."""
    match node:
        case Member(source=None, name=name):
            namespace = ""
        case Member(source=Member(source=None, name=namespace), name=name):
            pass
        case _:
            refuse(syntax(site.place.where, found="an expression", expected=f"the name of a type in {site.name}()"))
    wanted = find_type(site.scope.model, namespace, name)
    if wanted is None:
        refuse(unknown_type(site.place.where, f"{namespace}.{name}".lstrip(".")))
    return wanted


def _of_type(site: Site) -> Code:
    return of_type(site.source, named_type(site, site.arguments[0]), site.scope.model, site.place)


def _is(site: Site) -> Code:
    return type_test(site.source, named_type(site, site.arguments[0]), site.scope.model, site.place)


def _slice(cut: Callable[[list[Item]], list[Item]], single: bool) -> Callable[[Site], Code]:
    """first, last and tail."""

    def build(site: Site) -> Code:
        items_of, static = site.source.many, site.source.static
        known = Static(static.types, static.many and not single)
        return from_many(lambda this, context: cut(items_of(this, context)), known, site.place)

    return build


def _single(site: Site) -> Code:
    items_of, place = site.source.many, site.place

    def many(this: Item, context: Context) -> list[Item]:
        items = items_of(this, context)
        if len(items) > 1:
            refuse(several_items(place.where, place.what, len(items)))
        return items

    return from_many(many, Static(site.source.static.types, False), place)


def _numbered(cut: Callable[[list[Item], int], list[Item]]) -> Callable[[Site], Code]:
    """skip and take."""

    def build(site: Site) -> Code:
        items_of, number_of, place = site.source.many, site.argument(0).one, site.place

        def many(this: Item, context: Context) -> list[Item]:
            number = number_of(this, context)
            if number is None:
                return []
            if type(number) is not int:
                refuse(wrong_operand(place.where, what=place.what, wanted="an integer", found=kind_of(number)))
            return cut(items_of(this, context), max(number, 0))

        return from_many(many, site.source.static, place)

    return build


def _two(join: Callable[[list[Item], list[Item]], list[Item]], typed: bool) -> Callable[[Site], Code]:
    """intersect, exclude, union and combine; `typed`: the result has the types of the source alone."""

    def build(site: Site) -> Code:
        left, right = site.source.many, site.argument(0).many

        def many(this: Item, context: Context) -> list[Item]:
            a, b = left(this, context), right(this, context)
            spend(context, len(a) + len(b))
            return join(a, b)

        return from_many(many, site.source.static if typed else UNKNOWN, site.place)

    return build


def _intersect(left: list[Item], right: list[Item]) -> list[Item]:
    among = {key(item) for item in right}
    return [item for item in unique(left) if key(item) in among]


def _exclude(left: list[Item], right: list[Item]) -> list[Item]:
    among = {key(item) for item in right}
    return [item for item in left if key(item) not in among]


def _children(site: Site) -> Code:
    items_of = site.source.many

    def many(this: Item, context: Context) -> list[Item]:
        found: list[Item] = []
        for item in items_of(this, context):
            children_of(context.model, item, found)
        spend(context, len(found))
        return found

    return from_many(many, UNKNOWN, site.place)


def _descendants(site: Site) -> Code:
    items_of = site.source.many

    def many(this: Item, context: Context) -> list[Item]:
        model, level, found = context.model, items_of(this, context), []
        while level:
            below: list[Item] = []
            for item in level:
                # Most items are bare primitives, which have nothing below.
                if type(item) is tuple and (type(item[0]) is dict or item[2] is not None):
                    children_of(model, item, below)
            spend(context, len(below))
            found += below
            level = below
        return found

    return from_many(many, UNKNOWN, site.place)


def _aggregate(site: Site) -> Code:
    items_of, step = site.source.many, site.each(0).many
    start = site.argument(1).many if len(site.arguments) > 1 else None

    def many(this: Item, context: Context) -> list[Item]:
        items, saved = items_of(this, context), (context.index, context.total)
        total: list[Any] = start(this, context) if start else []
        spend(context, len(items))
        for context.index, item in enumerate(items):
            context.total = total
            total = step(item, context)
        context.index, context.total = saved
        return total

    return from_many(many, UNKNOWN, site.place)


def _coalesce(site: Site) -> Code:
    parts = [site.argument(number).many for number in range(len(site.arguments))]

    def many(this: Item, context: Context) -> list[Item]:
        return next((items for part in parts if (items := part(this, context))), [])

    return from_many(many, UNKNOWN, site.place)


def values_of(items: list[Item]) -> list[Any]:
    """The System values of a collection, without primitives that have none."""
    return [value for item in items if (value := plain(item)) is not None]


TABLE: Final = {
    "where": Function(1, 1, _where),
    "select": Function(1, 1, _select),
    "repeat": Function(1, 1, _repeat),
    "ofType": Function(1, 1, _of_type),
    "as": Function(1, 1, _of_type),
    "is": Function(1, 1, _is),
    "single": Function(0, 0, _single),
    "first": Function(0, 0, _slice(lambda items: items[:1], True)),
    "last": Function(0, 0, _slice(lambda items: items[-1:], True)),
    "tail": Function(0, 0, _slice(lambda items: items[1:], False)),
    "skip": Function(1, 1, _numbered(lambda items, number: items[number:])),
    "take": Function(1, 1, _numbered(lambda items, number: items[:number])),
    "intersect": Function(1, 1, _two(_intersect, True)),
    "exclude": Function(1, 1, _two(_exclude, True)),
    "union": Function(1, 1, _two(lambda left, right: unique(left + right), False)),
    "combine": Function(1, 1, _two(lambda left, right: left + right, False)),
    "children": Function(0, 0, _children),
    "descendants": Function(0, 0, _descendants),
    "aggregate": Function(1, 2, _aggregate),
    "coalesce": Function(1, 50, _coalesce),
}
