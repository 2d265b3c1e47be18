"""Makes functions of one value: from a plain Python function to code with singleton evaluation and type checks."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from gateway.fhirpath.code import Code, Context, Static, bounded, from_one
from gateway.fhirpath.model import Item
from gateway.fhirpath.operators import kind_of
from gateway.fhirpath.problems import refuse, wrong_operand
from gateway.fhirpath.site import Function, Site
from gateway.fhirpath.values import Date, DateTime, Quantity, Time, write

NUMBERS: Final[tuple[type, ...]] = (int, Decimal)
TEXTS: Final[tuple[type, ...]] = (str,)
MEASURES: Final[tuple[type, ...]] = (int, Decimal, Quantity)
DAYS: Final[tuple[type, ...]] = (Date, DateTime)
WORDS: Final[dict[type, str]] = {
    int: "integers",
    Decimal: "decimals",
    str: "texts",
    Quantity: "quantities",
    Date: "dates",
    DateTime: "dates with time",
    Time: "times",
}


def scalar(
    calculate: Callable[..., Any],
    result: str | None,
    wanted: tuple[type, ...],
    arguments: tuple[tuple[type, ...], ...] = (),
    optional: int = 0,
) -> Function:
    """A function of a single value of the `wanted` classes and of arguments, of which the last may be left out.

    Empty where the source or an argument is, and where `calculate` gives None or cannot (ArithmeticError, ValueError).
    """

    def build(site: Site) -> Code:
        source, parts = site.source.one, [site.argument(n).one for n in range(len(site.arguments))]

        def one(this: Item, context: Context) -> Any:
            value = source(this, context)
            if value is None:
                return None
            given = [part(this, context) for part in parts]
            if any(each is None for each in given):
                return None
            value = checked(value, wanted, site)
            given = [checked(each, allowed, site) for each, allowed in zip(given, arguments, strict=False)]
            try:
                made = calculate(value, *given)
            except (ArithmeticError, ValueError):
                return None
            return bounded(made) if type(made) is str else made

        return from_one(one, Static((f"System.{result}",) if result else None, False))

    return Function(len(arguments) - optional, len(arguments), build)


def checked(value: Any, wanted: tuple[type, ...], site: Site) -> Any:
    """The value, if it is of one of the classes; dates stand as text where texts are wanted.

    Refusal: fhirpath-wrong-operand.
    """
    if type(value) in wanted or not wanted:
        return value
    if wanted is TEXTS and isinstance(value, (Date, DateTime, Time)):
        return write(value)
    said = ", ".join(dict.fromkeys(WORDS[each] for each in wanted))
    refuse(wrong_operand(site.place.where, what=site.place.what, wanted=said, found=kind_of(value)))
