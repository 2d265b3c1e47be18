"""Business days and accumulator periods. Instants are UTC; the business zone is China Standard Time (UTC+8, no DST)."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeAlias

BUSINESS_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")

Period: TypeAlias = str

_HL7_INSTANT = re.compile(r"(?P<stamp>\d{8}(?:\d\d){0,3})(?:\.\d{1,4})?(?P<zone>[+-]\d{4})?", re.ASCII)


def business_day(instant: datetime) -> date:
    """The calendar day in China of an instant."""
    assert instant.tzinfo is not None, "instants carry a zone"
    return instant.astimezone(BUSINESS_ZONE).date()


def benefit_year(day: date) -> Period:
    """'2015': the calendar year. Assumption: every area's benefit year (待遇年度) starts on 1 January."""
    return f"{day.year:04d}"


def quarter(day: date) -> Period:
    """'2015Q1'."""
    return f"{day.year:04d}Q{(day.month + 2) // 3}"


def month(day: date) -> Period:
    """'201503', as NHSA writes a settlement month (setlym)."""
    return f"{day.year:04d}{day.month:02d}"


def one_day(day: date) -> Period:
    """'20150309': a day as a period of its own."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def completed_years(born_on: date, day: date) -> int:
    """A person's age on a day: 周岁, one more from each birthday on."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def parse_day(text: str) -> date:
    """A day from '2015-03-09' or '20150309'. ValueError when the day does not exist."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if len(text) == 10 and text[4] == text[7] == "-":
        return date.fromisoformat(text)
    raise ValueError(f"not a day as YYYY-MM-DD: {text[:40]!r}")


def parse_instant(text: str) -> datetime:
    """An instant from '2015-03-09 08:30:00', ISO 8601 or HL7 '20150309083000[+0800]'; without a zone it is China's.

    A day alone is its midnight in China. ValueError when it does not exist.
    """
    moment = _read_instant(text)
    try:  # the first and last hours of the calendar have no day in one zone or the other
        moment.astimezone(UTC), moment.astimezone(BUSINESS_ZONE)
    except OverflowError:
        raise ValueError(f"outside the calendar: {text[:40]!r}") from None
    return moment


def _read_instant(text: str) -> datetime:
    hl7 = _HL7_INSTANT.fullmatch(text)
    if hl7 is not None:
        return datetime.strptime(hl7["stamp"].ljust(14, "0") + (hl7["zone"] or "+0800"), "%Y%m%d%H%M%S%z")
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE)


def instant_text(instant: datetime) -> str:
    """FHIR instant in UTC with milliseconds: '2015-03-09T00:30:00.000Z'."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
