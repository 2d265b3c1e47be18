"""The primitive types of R4: what a JSON value must be to be a `date`, a `code`, a `positiveInt` …"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

_LARGEST_INTEGER: Final = 2_147_483_647
_LONGEST_DECIMAL: Final = 40
_LARGEST_WHOLE: Final = 10**40
_CODE = re.compile(r"\S+(?: \S+)*")
_URI = re.compile(r"\S+")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+", re.ASCII)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_BASE64 = re.compile(r"(?:\s*[0-9a-zA-Z+/=]){4}(?:\s*[0-9a-zA-Z+/=])*\s*", re.ASCII)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_CLOCK: Final = r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.[0-9]{1,9})?"
_ZONE: Final = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_INSTANT = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{_CLOCK}{_ZONE}", re.ASCII)
_TIME = re.compile(_CLOCK, re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ACTIVE = re.compile(r"<\s*(?:script|iframe|object|embed|form|link|meta|base)\b|\bon\w+\s*=|javascript:|<!", re.I)


class Primitive(NamedTuple):
    """`json`: the Python types its JSON form has; `holds`: whether such a value is one; the words say what to send."""

    json: tuple[type, ...]
    holds: Callable[[Any], bool]
    en: str
    zh: str


def is_date(text: str) -> bool:
    """YYYY, YYYY-MM or YYYY-MM-DD that is in the calendar."""
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def is_instant(text: str) -> bool:
    """A day that exists with a time and a zone."""
    match = _INSTANT.fullmatch(text)
    return match is not None and is_date(match[1])


def is_text(text: str) -> bool:
    """Something to read, without control characters."""
    return bool(text.strip()) and _CONTROL.search(text) is None


def _is_decimal(value: int | Decimal) -> bool:
    if isinstance(value, int):
        return abs(value) < _LARGEST_WHOLE
    return (
        bool(value.is_finite())
        and len(value.as_tuple().digits) <= _LONGEST_DECIMAL
        and abs(value.adjusted()) <= _LONGEST_DECIMAL
    )


def _is_narrative(text: str) -> bool:
    return text.startswith("<div") and text.endswith("</div>") and _ACTIVE.search(text) is None


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None and _CONTROL.search(text) is None


def _between(low: int, high: int) -> Callable[[int], bool]:
    return lambda number: low <= number <= high


_TEXT = Primitive((str,), is_text, "a text that is not empty, without control characters", "非空且不含控制字符的文本")
_LINK = Primitive((str,), _matches(_URI), "a URI without spaces", "不含空格的 URI")

PRIMITIVES: Final[dict[str, Primitive]] = {
    "boolean": Primitive((bool,), lambda _: True, "true or false, without quotes", "true 或 false(不加引号)"),
    "integer": Primitive(
        (int,), _between(-_LARGEST_INTEGER - 1, _LARGEST_INTEGER), "a whole number of 32 bits", "32位整数"
    ),
    "positiveInt": Primitive((int,), _between(1, _LARGEST_INTEGER), "a whole number from 1", "从1起的整数"),
    "unsignedInt": Primitive((int,), _between(0, _LARGEST_INTEGER), "a whole number from 0", "从0起的整数"),
    "decimal": Primitive((int, Decimal), _is_decimal, "a JSON number of at most 40 digits", "不超过40位的 JSON 数字"),
    "string": _TEXT,
    "markdown": _TEXT,
    "uri": _LINK,
    "url": _LINK,
    "canonical": _LINK,
    "code": Primitive((str,), _matches(_CODE), "a code without leading or double spaces", "首尾无空格的代码"),
    "id": Primitive((str,), _matches(_ID), "an id of 1 to 64 letters, digits, - and .", "1至64位字母、数字、- 或 ."),
    "oid": Primitive((str,), _matches(_OID), "an OID as urn:oid:1.2.3", "形如 urn:oid:1.2.3 的 OID"),
    "uuid": Primitive((str,), _matches(_UUID), "a UUID as urn:uuid:…", "形如 urn:uuid:… 的 UUID"),
    "base64Binary": Primitive((str,), _matches(_BASE64), "Base64", "Base64 文本"),
    "date": Primitive((str,), is_date, "a date that exists, as 2015-03-09", "有效日期,如 2015-03-09"),
    "dateTime": Primitive(
        (str,),
        lambda text: is_date(text) or is_instant(text),
        "a date that exists, or a time with zone as 2015-03-09T08:30:00+08:00",
        "有效日期,或带时区的时间,如 2015-03-09T08:30:00+08:00",
    ),
    "instant": Primitive(
        (str,), is_instant, "a time with zone as 2015-03-09T08:30:00+08:00", "带时区的时间,如 2015-03-09T08:30:00+08:00"
    ),
    "time": Primitive((str,), _matches(_TIME), "a time as 08:30:00", "时间,如 08:30:00"),
    "xhtml": Primitive((str,), _is_narrative, "a <div> without active content", "不含脚本的 <div>"),
}
