"""Closures for the operators: three-valued logic, comparison, arithmetic, membership, types (N1 section 6)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from gateway.fhirpath import arithmetic
from gateway.fhirpath import problems as wrong
from gateway.fhirpath.code import (
    Code,
    Context,
    Many,
    One,
    Place,
    Static,
    Test,
    bounded,
    from_many,
    from_one,
    from_test,
    plain,
    spend,
)
from gateway.fhirpath.compare import equal, equal_all, equivalent_all, key, order
from gateway.fhirpath.model import Item, Model
from gateway.fhirpath.problems import refuse
from gateway.fhirpath.type_names import TypeName, is_of, static_of, system_name
from gateway.fhirpath.values import Quantity

_ORDERS: Final[dict[str, Callable[[int], bool]]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "div": arithmetic.whole_quotient,
    "mod": arithmetic.remainder,
}


def both(parts: tuple[Test, ...]) -> Test:
    """`and`"""
    if len(parts) == 2:
        left, right = parts

        def pair(this: Item, context: Context) -> bool | None:
            a = left(this, context)
            if a is False:
                return False
            b = right(this, context)
            return b if a or b is False else None

        return pair

    def test(this: Item, context: Context) -> bool | None:
        answer: bool | None = True
        for part in parts:
            value = part(this, context)
            if value is False:
                return False
            if value is None:
                answer = None
        return answer

    return test


def either(parts: tuple[Test, ...]) -> Test:
    """`or`"""

    def test(this: Item, context: Context) -> bool | None:
        answer: bool | None = False
        for part in parts:
            value = part(this, context)
            if value:
                return True
            if value is None:
                answer = None
        return answer

    return test


def one_of_two(left: Test, right: Test) -> Test:
    """`xor`"""

    def test(this: Item, context: Context) -> bool | None:
        a, b = left(this, context), right(this, context)
        return None if a is None or b is None else a is not b

    return test


def implies(left: Test, right: Test) -> Test:
    """`implies`: what follows from false is true."""

    def test(this: Item, context: Context) -> bool | None:
        a = left(this, context)
        if a is False:
            return True
        b = right(this, context)
        return b if a or b else None

    return test


def equality(left: Code, right: Code, *, negated: bool) -> Code:
    """`=` and `!=`"""
    if left.constant is not None and right.constant is None:
        left, right = right, left
    if right.constant is not None:
        return from_test(_equals_constant(left, right.constant, negated))
    if not left.static.many and not right.static.many:
        return from_test(_equals_single(left.many, right.many, negated))
    a_of, b_of = left.many, right.many

    def test(this: Item, context: Context) -> bool | None:
        a, b = a_of(this, context), b_of(this, context)
        spend(context, len(a))
        same = equal_all(a, b)
        return same if same is None else same is not negated

    return from_test(test)


def _equals_single(a_of: Many, b_of: Many, negated: bool) -> Test:
    def test(this: Item, context: Context) -> bool | None:
        same = equal_all(a_of(this, context), b_of(this, context))
        return same if same is None else same is not negated

    return test


def _equals_constant(code: Code, constant: Any, negated: bool) -> Test:
    """Against a constant: of a single element no list is made, texts are compared at once."""
    many, one, is_text, positive = code.many, code.one, type(constant) is str, not negated
    if code.static.many:

        def several(this: Item, context: Context) -> bool | None:
            items = many(this, context)
            if not items:
                return None
            if len(items) > 1:
                return negated
            same = equal(items[0], constant)
            return same if same is None else same is positive

        return several

    def single(this: Item, context: Context) -> bool | None:
        value = one(this, context)
        if value is None:
            return None
        if is_text and type(value) is str:
            return (value == constant) is positive
        same = equal(value, constant)
        return same if same is None else same is positive

    return single


def equivalence(left: Code, right: Code, *, negated: bool) -> Code:
    """`~` and `!~`: always true or false."""

    def test(this: Item, context: Context) -> bool:
        a, b = left.many(this, context), right.many(this, context)
        spend(context, len(a) * len(b))
        return equivalent_all(a, b) is not negated

    return from_test(test)


def comparison(operator: str, left: Code, right: Code, place: Place) -> Code:
    """`<`, `<=`, `>`, `>=`"""
    holds, a_of, b_of = _ORDERS[operator], left.one, right.one

    def test(this: Item, context: Context) -> bool | None:
        a = a_of(this, context)
        if a is None:
            return None
        b = b_of(this, context)
        if b is None:
            return None
        try:
            answer = order(a, b)
        except TypeError:
            refuse(_mismatch(place, a, b, "two values of one kind that have an order"))
        return None if answer is None else holds(answer)

    return from_test(test)


def calculation(operator: str, left: One, right: One, place: Place, static: Static) -> Code:
    """`+ - * / div mod` of two operands; empty where one is, on overflow and for division by zero."""
    calculate = _ARITHMETIC[operator]

    def one(this: Item, context: Context) -> Any:
        a, b = left(this, context), right(this, context)
        if a is None or b is None:
            return None
        return calculated(calculate, a, b, place)

    return from_one(one, static)


def total(parts: tuple[One, ...], place: Place, static: Static) -> Code:
    """A chain of `+`, from left to right in a loop: a long chain is not deep."""
    first, rest = parts[0], parts[1:]

    def one(this: Item, context: Context) -> Any:
        value = first(this, context)
        for part in rest:
            other = part(this, context)
            if value is None or other is None:
                return None
            value = calculated(arithmetic.add, value, other, place)
        return value

    return from_one(one, static)


def calculated(calculate: Callable[[Any, Any], Any], left: Any, right: Any, place: Place) -> Any:
    """The result of two operands; None on overflow and for division by zero. Refusal: fhirpath-wrong-operand."""
    try:
        value = calculate(left, right)
    except TypeError:
        refuse(_mismatch(place, left, right, "numbers, quantities, texts, or a date and a duration"))
    except (ArithmeticError, ValueError):
        return None
    return bounded(value) if type(value) is str else value


def sign(operator: str, operand: Code, place: Place) -> Code:
    """`-` and `+` before one operand."""

    def one(this: Item, context: Context) -> Any:
        value = operand.one(this, context)
        if value is None:
            return None
        try:
            opposite = arithmetic.negative(value)
        except TypeError:
            refuse(wrong.wrong_operand(place.where, what=place.what, wanted="numbers", found=kind_of(value)))
        return opposite if operator == "-" else value

    constant = operand.constant
    if operator == "-" and constant is not None and isinstance(constant, (int, Decimal, Quantity)):
        constant = arithmetic.negative(constant) if type(constant) is not bool else None
    return from_one(one, operand.static, constant)


def joined(parts: tuple[One, ...], place: Place, static: Static) -> Code:
    """`&`: texts joined, empty counts as ''."""

    def one(this: Item, context: Context) -> str:
        texts = []
        for part in parts:
            value = part(this, context)
            if value is not None and type(value) is not str:
                refuse(wrong.wrong_operand(place.where, what="&", wanted="texts", found=kind_of(value)))
            texts.append(value or "")
        return bounded("".join(texts))

    return from_one(one, static)


def union(parts: tuple[Many, ...], static: Static, place: Place) -> Code:
    """`|`: every item once, in the order found."""

    def many(this: Item, context: Context) -> list[Item]:
        seen: dict[Any, Item] = {}
        for part in parts:
            items = part(this, context)
            spend(context, len(items))
            for item in items:
                seen.setdefault(key(item), item)
        return list(seen.values())

    return from_many(many, static, place)


def membership(item_of: Code, collection: Many, place: Place) -> Code:
    """`item in collection`, and `collection contains item`."""

    def test(this: Item, context: Context) -> bool | None:
        items = item_of.many(this, context)
        if not items:
            return None
        if len(items) > 1:
            refuse(wrong.several_items(place.where, place.what, len(items)))
        among = collection(this, context)
        spend(context, len(among))
        return any(equal(items[0], other) for other in among)

    return from_test(test)


def type_test(code: Code, wanted: TypeName, model: Model, place: Place) -> Code:
    """`is`: of a single item."""

    def test(this: Item, context: Context) -> bool | None:
        items = code.many(this, context)
        if not items:
            return None
        if len(items) > 1:
            refuse(wrong.several_items(place.where, place.what, len(items)))
        return is_of(model, items[0], wanted)

    return from_test(test)


def of_type(code: Code, wanted: TypeName, model: Model, place: Place) -> Code:
    """`as` and ofType(): the items of a type.

    `as` filters several items too, instead of refusing them: search parameters of R4 rely on it.
    """

    def many(this: Item, context: Context) -> list[Item]:
        return [item for item in code.many(this, context) if is_of(model, item, wanted)]

    return from_many(many, Static(static_of(wanted), code.static.many), place)


def kind_of(value: Any) -> str:
    """The type of an operand, for a message; never the value, which may be personal."""
    value = plain(value)
    return system_name(value) or (value[1] if type(value) is tuple else "") or "an element"


def _mismatch(place: Place, left: Any, right: Any, wanted: str) -> Any:
    found = f"{kind_of(left)} and {kind_of(right)}"
    return wrong.wrong_operand(place.where, what=place.what, wanted=wanted, found=found)
