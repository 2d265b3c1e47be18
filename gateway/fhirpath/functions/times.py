"""The time of the evaluation, and the parts of dates (FHIRPath N1 section 5.9; the parts are of 3.0).

now(), today() and timeOfDay() are the same instant throughout one evaluation; the host gives it.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from gateway.fhirpath.code import Code, Context, Static, from_one
from gateway.fhirpath.functions.scalar import DAYS, scalar
from gateway.fhirpath.model import Item
from gateway.fhirpath.problems import no_clock, refuse
from gateway.fhirpath.site import Function, Site
from gateway.fhirpath.values import Date, DateTime, Time, of_python

_MOMENTS: Final[tuple[type, ...]] = (DateTime, Time)


def _clock(read: Callable[[datetime], Any], result: str) -> Function:
    def build(site: Site) -> Code:
        def one(this: Item, context: Context) -> Any:
            if context.moment is None:
                ask = context.host.now
                context.moment = ask()
            if context.moment is None:
                refuse(no_clock(site.place.where, site.name))
            return read(context.moment)

        return from_one(one, Static((f"System.{result}",), False))

    return Function(0, 0, build)


def _part(place: int) -> Callable[[Any], int | None]:
    """A part of a date (0 year … 5 second); of a time, which begins with the hour."""

    def read(value: Date | DateTime | Time) -> int | None:
        at = place - 3 if isinstance(value, Time) else place
        return int(value.parts[at]) if 0 <= at < len(value.parts) else None

    return read


def _milliseconds(value: DateTime | Time) -> int | None:
    if len(value.parts) < (3 if isinstance(value, Time) else 6):
        return None
    second = Decimal(value.parts[-1])
    return int(second % 1 * 1000)


def _zone(value: DateTime) -> Decimal | None:
    return None if value.offset is None else Decimal(value.offset) / 60


TABLE: Final = {
    "now": _clock(of_python, "DateTime"),
    "today": _clock(lambda moment: Date((moment.year, moment.month, moment.day)), "Date"),
    "timeOfDay": _clock(lambda moment: Time(of_python(moment).parts[3:]), "Time"),
    "yearOf": scalar(_part(0), "Integer", DAYS),
    "monthOf": scalar(_part(1), "Integer", DAYS),
    "dayOf": scalar(_part(2), "Integer", DAYS),
    "hourOf": scalar(_part(3), "Integer", _MOMENTS),
    "minuteOf": scalar(_part(4), "Integer", _MOMENTS),
    "secondOf": scalar(_part(5), "Integer", _MOMENTS),
    "millisecondOf": scalar(_milliseconds, "Integer", _MOMENTS),
    "timezoneOffsetOf": scalar(_zone, "Decimal", (DateTime,)),
    "dateOf": scalar(lambda value: Date(tuple(int(part) for part in value.parts[:3])), "Date", DAYS),
    "timeOf": scalar(lambda value: Time(value.parts[3:]) if len(value.parts) > 3 else None, "Time", (DateTime,)),
}
