"""The values of a resource that searches can ask for; the store keeps keyed hashes of them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from gateway.fhir.search_parameters import PARAMETERS, Parameter
from gateway.fhir.systems import BASE
from gateway.kernel.calendar import BUSINESS_ZONE, parse_instant

ANY_SYSTEM: Final = "*"
"""System of the row that answers `identifier=value`, where the system does not matter."""

_DAY: Final = timedelta(days=1)


class Token(NamedTuple):
    """A value that is looked up exactly. References: Token("patient", "", "Patient/1"); codes have the system ''."""

    param: str
    system: str
    value: str


class DateRange(NamedTuple):
    """The days or instants that a value covers, both ends included."""

    param: str
    low: date | datetime
    high: date | datetime


def index_of(resource: Mapping[str, Any]) -> tuple[list[Token], list[DateRange]]:
    """Index rows of a checked resource, by the R4 definitions of the parameters offered for its type."""
    tokens: list[Token] = []
    dates: list[DateRange] = []
    for parameter in PARAMETERS.get(resource["resourceType"], ()):
        value = resource.get(parameter.element)
        if value is None:
            continue
        if parameter.kind == "date":
            low, high = covered(value)
            dates.append(DateRange(parameter.name, low, high))
        else:
            tokens.extend(_tokens(parameter, value))
    return tokens, dates


def covered(text: str) -> tuple[date | datetime, date | datetime]:
    """First and last day of a FHIR date of any precision; an instant is itself twice."""
    match text.split("-") if "T" not in text else []:
        case [year]:
            return date(int(year), 1, 1), date(int(year), 12, 31)
        case [year, month]:
            first = date(int(year), int(month), 1)
            return first, last_of_month(first)
        case [_, _, _]:
            day = date.fromisoformat(text)
            return day, day
        case _:
            instant = parse_instant(text)
            return instant, instant


def last_of_month(first: date) -> date:
    """The last day of the month that starts on `first`."""
    if (first.year, first.month) == (date.max.year, 12):
        return date.max
    return date(first.year + first.month // 12, first.month % 12 + 1, 1) - _DAY


def midnight(day: date) -> datetime:
    """The first instant of a day in China."""
    return datetime(day.year, day.month, day.day, tzinfo=BUSINESS_ZONE)


def _tokens(parameter: Parameter, value: Any) -> Iterator[Token]:
    if isinstance(value, str):
        yield Token(parameter.name, "", value)
    elif parameter.kind == "reference":
        text = value.get("reference")
        if text:
            yield Token(parameter.name, "", text.removeprefix(BASE + "/"))
    else:
        for identifier in value:
            if "value" in identifier:
                yield Token(parameter.name, identifier.get("system", ""), identifier["value"])
                yield Token(parameter.name, ANY_SYSTEM, identifier["value"])
