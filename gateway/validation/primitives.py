"""The primitive types of FHIR R4 (section 2.24.0.1): a check for each, cheap for what is right.

Each check first asks what a valid value nearly always answers (printable, no space) and runs a regular expression only
for the rest. Dates must be in the calendar; decimals stay exact (`Decimal` or int, never a binary fraction).
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from gateway.validation import texts
from gateway.validation.issue import Check, Findings
from gateway.validation.xhtml import check_xhtml

LONGEST_TEXT: Final = 1024 * 1024
_SMALLEST: Final = -2_147_483_648
_LARGEST: Final = 2_147_483_647
_LONGEST_DECIMAL: Final = 40

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CODE = re.compile(r"[^\s]+(?:[ ][^\s]+)*", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+", re.ASCII)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII)
_BASE64 = re.compile(r"[0-9a-zA-Z+/]+={0,2}", re.ASCII)
_SPACES = re.compile(r"[ \t\r\n]+")
_DATE = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?", re.ASCII)
_CLOCK: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,20})?"
_ZONE: Final = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_INSTANT = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{_CLOCK}{_ZONE}", re.ASCII)
_TIME = re.compile(_CLOCK, re.ASCII)

# Days that were found to be in the calendar; a file of claims has few different ones.
_known_days: set[str] = set()
_MOST_DAYS: Final = 50_000


def is_day(text: str) -> bool:
    """YYYY, YYYY-MM or YYYY-MM-DD that is in the calendar, from the year 1 on."""
    if text in _known_days:
        return True
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    if len(_known_days) < _MOST_DAYS:
        _known_days.add(text)
    return True


def is_instant(text: str) -> bool:
    """A day that exists, a time to the second, and a zone."""
    match = _INSTANT.fullmatch(text)
    return match is not None and is_day(match[1])


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def _is_uri(text: str) -> bool:
    if text.startswith(("urn:oid:", "urn:uuid:")):
        bare = text.partition("|")[0].partition("#")[0]
        return _OID.fullmatch(bare) is not None or _UUID.fullmatch(bare) is not None
    return not any(each.isspace() or each in '<>"{}|\\^`' for each in text)


def _is_base64(text: str) -> bool:
    packed = _SPACES.sub("", text)
    return len(packed) % 4 == 0 and _BASE64.fullmatch(packed) is not None


def _text(value: Any, run: Any) -> Findings:
    if type(value) is str and value.isprintable() and value and not value.isspace() and len(value) <= LONGEST_TEXT:
        return None
    return _unusual_text(value)


def _unusual_text(value: Any) -> Findings:
    if type(value) is not str:
        return [texts.wrong_type("a JSON string", " JSON 字符串")]
    if not value or value.isspace():
        return [texts.empty()]
    if len(value) > LONGEST_TEXT:
        return [texts.too_long(value, LONGEST_TEXT)]
    if _CONTROL.search(value):
        return [texts.bad_value(value, "a text without control characters", "不含控制字符的文本")]
    return None


def _word(holds: Callable[[str], bool], en: str, zh: str) -> Check:
    """A type whose values one expression tells from others."""

    def check(value: Any, run: Any) -> Findings:
        if type(value) is not str or not value:
            return _unusual_text(value)
        return None if holds(value) else [texts.bad_value(value, en, zh)]

    return check


def _code(value: Any, run: Any) -> Findings:
    if type(value) is str and value.isprintable() and value and " " not in value:
        return None
    if type(value) is not str or not value:
        return _unusual_text(value)
    if _is_code(value):
        return None
    return [texts.bad_value(value, "a code without leading, trailing or double spaces", "首尾无空格的代码")]


_URI: Final = (
    "a URI without spaces (urn:oid: with an OID, urn:uuid: with a UUID in lower case)",
    "不含空格的 URI(urn:oid: 后为 OID,urn:uuid: 后为小写 UUID)",
)


def _uri(value: Any, run: Any) -> Findings:
    if type(value) is str and value and " " not in value and value.isprintable() and value.isascii():
        if "<" not in value and '"' not in value and value[:4] != "urn:":
            return None
    elif type(value) is not str or not value:
        return _unusual_text(value)
    return None if _is_uri(value) else [texts.bad_value(value, *_URI)]


def _canonical(value: Any, run: Any) -> Findings:
    if type(value) is str and ":" not in value and not value.startswith("#") and value:
        return [
            texts.bad_value(
                value, "an absolute canonical, as https://… or urn:…, or #id", "绝对的 canonical 地址或 #id"
            )
        ]
    return _uri(value, run)


def _day(holds: Callable[[str], bool], en: str, zh: str) -> Check:
    def check(value: Any, run: Any) -> Findings:
        if type(value) is not str or not value:
            return _unusual_text(value)
        return None if holds(value) else [texts.bad_day(value, en, zh)]

    return check


def _boolean(value: Any, run: Any) -> Findings:
    if value is True or value is False:
        return None
    return [texts.wrong_type("true or false, without quotes", " true 或 false(不加引号)")]


def _whole(low: int, en: str, zh: str) -> Check:
    def check(value: Any, run: Any) -> Findings:
        if type(value) is not int:
            return [texts.wrong_type(en, zh)]
        return None if low <= value <= _LARGEST else [texts.bad_value(value, en, zh)]

    return check


def _decimal(value: Any, run: Any) -> Findings:
    kind = type(value)
    if kind is int:
        if -(10**_LONGEST_DECIMAL) < value < 10**_LONGEST_DECIMAL:
            return None
    elif kind is not Decimal:
        return [texts.wrong_type("a JSON number, without quotes", " JSON 数字(不加引号)")]
    elif value.is_finite() and abs(value.adjusted()) <= _LONGEST_DECIMAL and -value.as_tuple().exponent <= 60:
        return None
    return [texts.bad_value(value, "a number of at most 40 digits", "不超过40位的数字")]


_DAY_OR_TIME = (
    "a date that exists, or a time with zone as 2015-03-09T08:30:00+08:00",
    "有效日期,或带时区的时间,如 2015-03-09T08:30:00+08:00",
)
_TIME_WITH_ZONE = ("a time with zone as 2015-03-09T08:30:00+08:00", "带时区的时间,如 2015-03-09T08:30:00+08:00")

PRIMITIVES: Final[dict[str, Check]] = {
    "boolean": _boolean,
    "integer": _whole(_SMALLEST, "a whole number of 32 bits", "32位整数"),
    "positiveInt": _whole(1, "a whole number from 1", "从1起的整数"),
    "unsignedInt": _whole(0, "a whole number from 0", "从0起的整数"),
    "decimal": _decimal,
    "string": _text,
    "markdown": _text,
    "code": _code,
    "uri": _uri,
    "url": _uri,
    "canonical": _canonical,
    "id": _word(
        lambda text: _ID.fullmatch(text) is not None,
        "an id of 1 to 64 letters, digits, - and .",
        "1至64位字母、数字、- 或 .",
    ),
    "oid": _word(lambda text: _OID.fullmatch(text) is not None, "an OID as urn:oid:1.2.3", "形如 urn:oid:1.2.3 的 OID"),
    "uuid": _word(
        lambda text: _UUID.fullmatch(text) is not None,
        "a UUID in lower case as urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "小写的 urn:uuid:c757873d-ec9a-4326-a141-556f43239520 形式",
    ),
    "base64Binary": _word(_is_base64, "Base64", " Base64 文本"),
    "date": _day(is_day, "a date that exists, as 2015-03-09", "有效日期,如 2015-03-09"),
    "dateTime": _day(lambda text: is_day(text) or is_instant(text), *_DAY_OR_TIME),
    "instant": _day(is_instant, *_TIME_WITH_ZONE),
    "time": _word(lambda text: _TIME.fullmatch(text) is not None, "a time as 08:30:00", "时间,如 08:30:00"),
    "xhtml": check_xhtml,
}
"""Check by name of the type; a type of the FHIR R4 definitions that is not here does not exist."""
