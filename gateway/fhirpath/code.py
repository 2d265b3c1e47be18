"""What a part of an expression is compiled to: three closures over the same meaning, and what is known beforehand.

`many` gives the collection as a list; `one` the single System value or node, None for empty, a refusal for several
(singleton evaluation, N1 section 4.5); `test` True, False or None for empty. Each part makes the form it is best at
and derives the others, so a comparison inside where() never builds a list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from gateway.fhirpath import problems as wrong
from gateway.fhirpath.host import Host
from gateway.fhirpath.model import Item, Model, Plan
from gateway.fhirpath.problems import refuse
from gateway.fhirpath.values import Quantity, read_date, read_datetime, read_time

MAX_STEPS: Final = 2_000_000
MAX_TEXT: Final = 1_000_000
MOST_EXPONENT: Final = 200

QUANTITIES: Final = frozenset({"Quantity", "Age", "Count", "Distance", "Duration", "SimpleQuantity", "MoneyQuantity"})
NUMBERS: Final = (int, Decimal)


class Context:
    """One evaluation: its input, what the caller passed, and how many steps it has taken."""

    __slots__ = ("focus", "host", "index", "model", "moment", "resource", "root", "spent", "total", "variables")

    def __init__(
        self, model: Model, focus: Item, resource: Item, root: Item, variables: Mapping[str, Any], host: Host
    ) -> None:
        self.model = model
        self.focus = focus
        self.resource = resource
        self.root = root
        self.variables = variables
        self.host = host
        self.spent = 0
        self.index: int | None = None  # outside of a loop there is none
        self.total: list[Item] = []
        self.moment: datetime | None = None


Many: TypeAlias = Callable[[Item, Context], list[Item]]
One: TypeAlias = Callable[[Item, Context], Any]
Test: TypeAlias = Callable[[Item, Context], "bool | None"]


class Static(NamedTuple):
    """What is known at compile time. `types`: the type paths ("System.Boolean" for System), None: not known."""

    types: tuple[str, ...] | None
    many: bool


UNKNOWN: Final = Static(None, True)
BOOLEAN: Final = Static(("System.Boolean",), False)
INTEGER: Final = Static(("System.Integer",), False)
TEXT: Final = Static(("System.String",), False)
NOTHING: Final = Static((), False)


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled part. `focus`: it is $this; `path`: it is a plain path down from there; `constant`: its one value."""

    many: Many
    one: One
    test: Test
    static: Static
    path: tuple[Plan, ...] = ()
    constant: Any = None
    focus: bool = False


class Place(NamedTuple):
    """Where in the expression something stands, for messages: `what` names it, `where` is line:column."""

    where: str
    what: str


def spend(context: Context, steps: int) -> None:
    """Counts steps. Refusal: fhirpath-too-much-work past the limit."""
    context.spent += steps
    if context.spent > MAX_STEPS:
        refuse(wrong.too_much_work(MAX_STEPS))


def bounded(text: str) -> str:
    """The text, if it is not longer than any expression may make. Refusal: fhirpath-too-large-value."""
    if len(text) > MAX_TEXT:
        refuse(wrong.too_large_value(MAX_TEXT))
    return text


def plain(item: Item) -> Any:
    """The System value of an item (implicit conversion, N1 section 5.5); None for a primitive without a value.

    A complex node that converts to nothing stays a node.
    """
    if type(item) is not tuple:
        return item
    json, of, _ = item
    if type(json) is dict:
        return read_fhir_quantity(json) if of in QUANTITIES else item
    read = READERS.get(of)
    if read is None:
        return as_decimal(json) if type(json) is Decimal else json
    return read(json)


def read_fhir_quantity(json: dict[str, Any]) -> Quantity | None:
    """The System.Quantity of a FHIR Quantity without comparator; UCUM by its code, other units by code or unit."""
    value = as_decimal(json.get("value"))
    if not isinstance(value, Decimal) or json.get("comparator") is not None:
        return None
    unit = json.get("code") or json.get("unit") or "1"
    return Quantity(value, unit if type(unit) is str else "1")


def as_decimal(json: Any) -> Any:
    """A JSON number as Decimal, None where its exponent is beyond any measure; a text stays as it is."""
    if type(json) is Decimal:
        made = json
    elif json is None or type(json) in (str, bool, dict, list):
        return json
    else:
        made = Decimal(json) if type(json) is int else Decimal(str(json))
    return made if made.is_finite() and abs(made.adjusted()) <= MOST_EXPONENT else None


def _text_or(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    def reader(json: Any) -> Any:
        if type(json) is not str:
            return json
        value = read(json)
        return json if value is None else value

    return reader


READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "decimal": as_decimal,
    "date": _text_or(read_date),
    "dateTime": _text_or(read_datetime),
    "instant": _text_or(read_datetime),
    "time": _text_or(read_time),
}


def from_many(many: Many, static: Static, place: Place, path: tuple[Plan, ...] = ()) -> Code:
    """Code of a part that makes lists."""
    where, what = place

    def one(this: Item, context: Context) -> Any:
        items = many(this, context)
        if not items:
            return None
        if len(items) > 1:
            refuse(wrong.several_items(where, what, len(items)))
        return plain(items[0])

    def test(this: Item, context: Context) -> bool | None:
        items = many(this, context)
        if not items:
            return None
        if len(items) > 1:
            refuse(wrong.several_items(where, what, len(items)))
        return truth_of(plain(items[0]))

    return Code(many, one, test, static, path)


def from_one(one: One, static: Static, constant: Any = None) -> Code:
    """Code of a part that makes at most one value."""

    def many(this: Item, context: Context) -> list[Item]:
        value = one(this, context)
        return [] if value is None else [value]

    def test(this: Item, context: Context) -> bool | None:
        return truth_of(one(this, context))

    return Code(many, one, test, static, (), constant)


def from_test(test: Test) -> Code:
    """Code of a part that makes a boolean."""

    def many(this: Item, context: Context) -> list[Item]:
        value = test(this, context)
        return [] if value is None else [value]

    return Code(many, test, test, BOOLEAN)


def truth_of(value: Any) -> bool | None:
    """Singleton evaluation where a boolean is wanted: any single value that is no boolean counts as true."""
    if value is None or value is True or value is False:
        return value
    return True
