"""The values of System: dates and times with their precision, quantities; and how they are read and written.

A date of fewer parts is less precise, never rounded (FHIRPath N1 section 4.1.5 to 4.1.8). Seconds keep their digits.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

Part: TypeAlias = "int | Decimal"

CALENDAR: Final = {
    **{unit: unit for unit in ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")},
    **{unit + "s": unit for unit in ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")},
}
_DATE = r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?"
_TIME = r"([01]\d|2[0-3])(?::([0-5]\d)(?::([0-5]\d(?:\.\d{1,18})?))?)?"
_ZONE = r"(Z|[+-](?:0\d|1[0-4]):[0-5]\d)"
_DATE_TEXT = re.compile(_DATE, re.ASCII)
_DATETIME_TEXT = re.compile(rf"{_DATE}(?:T(?:{_TIME}{_ZONE}?)?)?", re.ASCII)
_TIME_TEXT = re.compile(_TIME, re.ASCII)
_QUANTITY_TEXT = re.compile(r"([+-]?\d{1,40}(?:\.\d{1,40})?)\s*(?:'([^']{1,200})'|([A-Za-z]{1,12}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Date:
    """`parts`: year, month, day; the last may be missing."""

    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DateTime:
    """`parts`: year … minute, second as Decimal; `offset`: minutes east of UTC, None where it is not said."""

    parts: tuple[Part, ...]
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """`parts`: hour, minute, second as Decimal."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """`unit`: a UCUM code, or with `calendar` a calendar duration in the singular ("year"); '1' without a unit."""

    value: Decimal
    unit: str
    calendar: bool = False


Temporal: TypeAlias = Date | DateTime | Time


@lru_cache(maxsize=4096)
def read_date(text: str) -> Date | None:
    """YYYY, YYYY-MM or YYYY-MM-DD; None for anything else, and for a day the calendar does not have."""
    match = _DATE_TEXT.fullmatch(text)
    if match is None:
        return None
    parts = tuple(int(part) for part in match.groups() if part)
    return Date(parts) if _is_day(parts) else None


@lru_cache(maxsize=4096)
def read_datetime(text: str) -> DateTime | None:
    """A dateTime or instant of FHIR, a partial one too (`2015T`, `2015-02-04T14`); None for anything else."""
    match = _DATETIME_TEXT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    if hour is not None and day is None:
        return None
    days = tuple(int(part) for part in (year, month, day) if part)
    if not _is_day(days):
        return None
    return DateTime(days + _clock(hour, minute, second), _offset(zone))


@lru_cache(maxsize=1024)
def read_time(text: str) -> Time | None:
    """HH, HH:MM or HH:MM:SS with any digits after the second; None for anything else."""
    match = _TIME_TEXT.fullmatch(text)
    return Time(_clock(*match.groups())) if match else None


def read_quantity(text: str) -> Quantity | None:
    """`5`, `5 'mg'` or `5 days`; None for anything else."""
    match = _QUANTITY_TEXT.fullmatch(text.strip())
    if match is None:
        return None
    number, unit, word = match.groups()
    if word and word not in CALENDAR:
        return None
    return Quantity(Decimal(number), CALENDAR[word], True) if word else Quantity(Decimal(number), unit or "1")


def of_python(moment: datetime) -> DateTime:
    """An aware instant with milliseconds."""
    offset = moment.utcoffset()
    assert offset is not None, "an instant has a zone"
    second = Decimal(moment.second * 1000 + moment.microsecond // 1000).scaleb(-3)
    parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, second)
    return DateTime(parts, int(offset.total_seconds()) // 60)


def write(value: Temporal | Quantity) -> str:
    """The text of toString(): without the @; a quantity with its unit in quotes, a calendar duration with its word."""
    match value:
        case Date(parts=parts):
            return "-".join(_padded(part, 4 if place == 0 else 2) for place, part in enumerate(parts))
        case Time(parts=parts):
            return ":".join(_padded(part, 2) for part in parts)
        case DateTime(parts=parts, offset=offset):
            day = "-".join(_padded(part, 4 if place == 0 else 2) for place, part in enumerate(parts[:3]))
            clock = ":".join(_padded(part, 2) for part in parts[3:])
            return f"{day}T{clock}{_zone(offset)}" if clock else day
        case Quantity(value=number, unit=unit, calendar=True):
            return f"{write_decimal(number)} {unit}{'' if number == 1 else 's'}"
        case Quantity(value=number, unit=unit):
            return f"{write_decimal(number)} '{unit}'"


def write_decimal(number: Decimal) -> str:
    """Plain digits, never with an exponent."""
    return format(number, "f")


def in_utc(value: DateTime) -> tuple[Part, ...]:
    """The parts of a dateTime with a time, moved to UTC; its precision stays."""
    offset = value.offset
    if not offset or len(value.parts) < 4:
        return value.parts
    parts = value.parts
    whole = [int(part) for part in parts[:5]] + [0] * (5 - len(parts[:5]))
    try:
        moved = datetime(*whole, tzinfo=timezone(timedelta(minutes=offset))).astimezone(timezone.utc)  # type: ignore[arg-type, misc] # noqa: UP017
    except (OverflowError, ValueError):
        return parts
    return (moved.year, moved.month, moved.day, moved.hour, moved.minute)[: max(len(parts), 4)] + parts[5:]


def _clock(hour: str | None, minute: str | None, second: str | None) -> tuple[Part, ...]:
    if hour is None:
        return ()
    if minute is None:
        return (int(hour),)
    return (int(hour), int(minute)) if second is None else (int(hour), int(minute), Decimal(second))


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def _zone(offset: int | None) -> str:
    if offset is None:
        return ""
    if offset == 0:
        return "Z"
    return f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"


def _is_day(parts: tuple[int, ...]) -> bool:
    if parts[0] == 0:
        return False
    try:
        date(*(*parts, 1, 1)[:3])
    except ValueError:
        return False
    return True


def _padded(part: Part, width: int) -> str:
    if isinstance(part, int):
        return f"{part:0{width}}"
    whole, point, rest = write_decimal(part).partition(".")
    return whole.zfill(width) + point + rest
