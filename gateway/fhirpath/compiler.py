"""Compiles the syntax tree to code. Types known beforehand choose the closures and find errors before any input.

A name of an element is looked up when the expression is compiled, not when it runs: `item.net.value` on a Claim knows
its three JSON properties. Where the type is not known (a resource in a Bundle, children()), the walk asks the item.
"""

from typing import Any, Final

from gateway.fhirpath import operators
from gateway.fhirpath import problems as wrong
from gateway.fhirpath.code import (
    BOOLEAN,
    NOTHING,
    TEXT,
    UNKNOWN,
    Code,
    Context,
    Static,
    from_many,
    from_one,
    from_test,
    spend,
)
from gateway.fhirpath.functions import FUNCTIONS, UNSUPPORTED
from gateway.fhirpath.model import Item, Plan, plan_of, spread_plan, walk
from gateway.fhirpath.paths import path_code
from gateway.fhirpath.problems import refuse
from gateway.fhirpath.site import Scope, Site, check_count, place_of
from gateway.fhirpath.tree import (
    Binary,
    Call,
    Chain,
    Empty,
    Indexer,
    Literal,
    Member,
    Node,
    Special,
    TypeOperation,
    Unary,
    Variable,
)
from gateway.fhirpath.type_names import TypeName, find_type, is_of, static_of, system_name
from gateway.fhirpath.variables import variable_code

ABSTRACT: Final = frozenset({"Resource", "DomainResource", "Element", "BackboneElement"})


def build(node: Node, scope: Scope) -> Code:
    """The code of a tree. Refusal: what is wrong with names, types and arguments, with its position."""
    match node:
        case Literal():
            return _literal(node.value)
        case Empty():
            return from_many(lambda this, context: [], NOTHING, place_of(scope, node.at, "{}"))
        case Variable():
            return variable_code(node.name, scope, place_of(scope, node.at, f"%{node.name}"))
        case Special():
            return _special(node, scope)
        case Member():
            return _member(node, scope)
        case Call():
            return _call(node, scope)
        case Indexer():
            return _indexer(node, scope)
        case Unary():
            return operators.sign(node.operator, build(node.operand, scope), place_of(scope, node.at, node.operator))
        case Chain():
            return _chain(node, scope)
        case Binary():
            return _binary(node, scope)
    return _type_operation(node, scope)


def _literal(value: Any) -> Code:
    return from_one(lambda this, context: value, Static(("System." + system_name(value),), False), value)


def focus_code(static: Static) -> Code:
    """`$this`: the one item the expression, or the criterion around it, is evaluated on."""
    made = from_many(lambda this, context: [this], Static(static.types, False), _THIS)
    return Code(made.many, made.one, made.test, made.static, focus=True)


def _special(node: Special, scope: Scope) -> Code:
    if node.name == "this":
        return focus_code(scope.this)
    if node.name == "index":
        return from_one(lambda this, context: context.index, Static(("System.Integer",), False))
    return from_many(lambda this, context: context.total, UNKNOWN, place_of(scope, node.at, "$total"))


def _member(node: Member, scope: Scope) -> Code:
    if node.source is not None:
        return step(build(node.source, scope), node, scope)
    if node.name[:1].isupper():
        wanted = find_type(scope.model, "FHIR", node.name)
        if wanted is not None:
            return _head_type(wanted, node, scope)
        if scope.strict:
            refuse(wrong.unknown_type(place_of(scope, node.at, "").where, node.name))
    return step(focus_code(scope.this), node, scope)


def _head_type(wanted: TypeName, node: Member, scope: Scope) -> Code:
    """A type name at the head of a path: the focus if it is of the type, else nothing."""
    known = scope.this.types
    types, model = scope.model.types, scope.model
    if known and all(types.is_a(each, wanted.fhir) for each in known):
        return focus_code(scope.this)
    place = place_of(scope, node.at, node.name)
    if known is not None and not any(types.is_a(wanted.fhir, each) for each in known):
        return from_many(lambda this, context: [], NOTHING, place)
    static = Static(None if wanted.fhir in ABSTRACT else static_of(wanted), False)
    return from_many(lambda this, context: [this] if is_of(model, this, wanted) else [], static, place)


def step(source: Code, node: Member, scope: Scope) -> Code:
    """`source.name`"""
    model, name, types = scope.model, node.name, source.static.types
    place = place_of(scope, node.at, name)
    if types == ():
        return from_many(lambda this, context: [], NOTHING, place)
    if types is not None and not ABSTRACT.isdisjoint(types):
        types = None
    plans = [plan_of(model, each, name) for each in types] if types else []
    if types and not any(plans):
        if scope.strict:
            refuse(wrong.unknown_element(place.where, name, " / ".join(types)))
        types = None
    static = _below(plans, many=source.static.many) if types else UNKNOWN
    if types and len(types) == 1 and plans[0] is not None:
        if (source.focus or source.path) and all(_is_plain(plan) for plan in source.path):
            return path_code((*source.path, plans[0]), static, place)
        return _typed_step(source, plans[0], static, node, scope)

    def many(this: Item, context: Context) -> list[Item]:
        found: list[Item] = []
        for item in source.many(this, context):
            walk(model, item, name, found)
        spend(context, len(found))
        return found

    return from_many(many, static, place)


def _typed_step(source: Code, plan: Plan, static: Static, node: Member, scope: Scope) -> Code:
    items_of = source.many

    def many(this: Item, context: Context) -> list[Item]:
        found: list[Item] = []
        for item in items_of(this, context):
            json = item[0] if type(item[0]) is dict else item[2]
            if type(json) is dict:
                spread_plan(json, plan, found)
        context.spent += len(found)
        return found

    return from_many(many, static, place_of(scope, node.at, node.name))


def _is_plain(plan: Plan) -> bool:
    """A complex value of one property and one type: a path may go through it."""
    return len(plan.ways) == 1 and not plan.ways[0].sibling and bool(plan.ways[0].type)


def _below(plans: list[Plan | None], *, many: bool) -> Static:
    ways = [way for plan in plans if plan for way in plan.ways]
    several = many or any(plan.many for plan in plans if plan)
    if any(not way.type or way.type in ABSTRACT for way in ways):
        return Static(None, several)
    return Static(tuple(dict.fromkeys(way.type for way in ways)), several)


def _call(node: Call, scope: Scope) -> Code:
    place = place_of(scope, node.at, f"{node.name}()")
    source = focus_code(scope.this) if node.source is None else build(node.source, scope)
    if node.name in UNSUPPORTED:
        refuse(wrong.unsupported_function(place.where, node.name, UNSUPPORTED[node.name]))
    function = FUNCTIONS.get(node.name)
    if function is None:
        refuse(wrong.unknown_function(place.where, node.name))
    site = Site(node.name, source, node.arguments, scope, place, build)
    check_count(site, function)
    return function.build(site)


def _indexer(node: Indexer, scope: Scope) -> Code:
    source, index = build(node.source, scope), build(node.index, scope)
    place = place_of(scope, node.at, "[ ]")

    def many(this: Item, context: Context) -> list[Item]:
        number = index.one(this, context)
        if number is None:
            return []
        if type(number) is not int:
            refuse(wrong.wrong_operand(place.where, what="[ ]", wanted="an integer", found=operators.kind_of(number)))
        return source.many(this, context)[number : number + 1] if number >= 0 else []

    return from_many(many, Static(source.static.types, False), place)


def _chain(node: Chain, scope: Scope) -> Code:
    parts = tuple(build(each, scope) for each in node.operands)
    place = place_of(scope, node.at, node.operator)
    match node.operator:
        case "and":
            return from_test(operators.both(tuple(part.test for part in parts)))
        case "or":
            return from_test(operators.either(tuple(part.test for part in parts)))
        case "&":
            return operators.joined(tuple(part.one for part in parts), place, TEXT)
        case "|":
            return operators.union(tuple(part.many for part in parts), _together(parts), place)
    return operators.total(tuple(part.one for part in parts), place, _result(parts))


def _together(parts: tuple[Code, ...]) -> Static:
    types: dict[str, None] = {}
    for part in parts:
        if part.static.types is None:
            return UNKNOWN
        types.update(dict.fromkeys(part.static.types))
    return Static(tuple(types), True)


def _result(parts: tuple[Code, ...]) -> Static:
    """The type of a calculation where all operands have one System type."""
    types = {part.static.types for part in parts}
    only = types.pop() if len(types) == 1 else None
    return Static(only if only and only[0].startswith("System.") else None, False)


def _binary(node: Binary, scope: Scope) -> Code:
    left, right = build(node.left, scope), build(node.right, scope)
    place = place_of(scope, node.at, node.operator)
    match node.operator:
        case "=" | "!=":
            return operators.equality(left, right, negated=node.operator == "!=")
        case "~" | "!~":
            return operators.equivalence(left, right, negated=node.operator == "!~")
        case "<" | "<=" | ">" | ">=":
            return operators.comparison(node.operator, left, right, place)
        case "xor":
            return from_test(operators.one_of_two(left.test, right.test))
        case "implies":
            return from_test(operators.implies(left.test, right.test))
        case "in":
            return operators.membership(left, right.many, place)
        case "contains":
            return operators.membership(right, left.many, place)
    static = Static(("System.Integer",), False) if node.operator == "div" else Static(None, False)
    return operators.calculation(node.operator, left.one, right.one, place, static)


def _type_operation(node: TypeOperation, scope: Scope) -> Code:
    place = place_of(scope, node.at, node.operator)
    wanted = find_type(scope.model, node.namespace, node.name)
    if wanted is None:
        refuse(wrong.unknown_type(place.where, f"{node.namespace}.{node.name}".lstrip(".")))
    code = build(node.operand, scope)
    if node.operator == "is":
        return operators.type_test(code, wanted, scope.model, place)
    return operators.of_type(code, wanted, scope.model, place)


_THIS: Final = place_of(Scope(None, "", BOOLEAN, False, None), 0, "$this")  # type: ignore[arg-type]
