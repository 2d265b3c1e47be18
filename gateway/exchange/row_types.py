"""The types of mapping rows: what a source value must be, and what is written for it.

A type is a function `(value, path) → value | Problem`. Types of `build` rows read what a sender wrote and say what it
should have sent; types of `answer` rows write our own exact values the way a feed wants them.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from gateway.exchange.paths import plain_text
from gateway.kernel import money, quantity
from gateway.kernel.calendar import BUSINESS_ZONE, business_day, instant_text, parse_day, parse_instant
from gateway.kernel.citizen_id import parse_citizen_id
from gateway.kernel.problem import Kind, Problem

RowType: TypeAlias = Callable[[Any, str], Any]

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?[0-9]{1,10}", re.ASCII)
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INTEGER_MAX = 2**31 - 1


def shown(value: object) -> str:
    """A value as a message may repeat it: printable, at most 20 characters."""
    text = plain_text(value)
    short = "".join(letter if letter.isprintable() else "?" for letter in text[:20])
    return short + "…" if len(text) > 20 else short


def _number(value: object) -> Decimal:
    """An exact number from JSON or from digits in text. ValueError for anything else, exponents in text included."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 128:
        return Decimal(value)
    raise ValueError("not a number")


def _text(value: Any, path: str) -> Any:
    """string: text of a leaf; the row has trimmed it."""
    if isinstance(value, str):
        if value.isprintable() or not _UNSTORABLE.search(value):
            return value
    elif not isinstance(value, bool):
        text = plain_text(value)
        if text:
            return text
    return Problem(
        Kind.INVALID,
        "bad-text",
        path,
        "this is not text that can be kept: send a string without control characters",
        "此处不是可保存的文本:请发送不含控制字符的字符串",
    )


def _money(value: Any, path: str) -> Any:
    try:
        return money.decimal(money.of(_number(value)))
    except (ValueError, InvalidOperation):
        return Problem(
            Kind.INVALID,
            "bad-amount",
            path,
            f"'{shown(value)}' is not an amount: send yuan with at most two decimals and 16 digits, such as 12.34",
            f"“{shown(value)}”不是金额:请以元为单位,最多两位小数、16位数字,如 12.34",
        )


def _price(value: Any, path: str) -> Any:
    try:
        return quantity.price_decimal(quantity.price(_number(value)))
    except (ValueError, InvalidOperation):
        return Problem(
            Kind.INVALID,
            "bad-price",
            path,
            f"'{shown(value)}' is not a unit price: send yuan with at most six decimals and 16 digits, such as 0.125",
            f"“{shown(value)}”不是单价:请以元为单位,最多六位小数、16位数字,如 0.125",
        )


def _quantity(value: Any, path: str) -> Any:
    try:
        return quantity.quantity_decimal(quantity.quantity(_number(value)))
    except (ValueError, InvalidOperation):
        return Problem(
            Kind.INVALID,
            "bad-quantity",
            path,
            f"'{shown(value)}' is not a quantity: send a number with at most four decimals and 16 digits, such as 1.5",
            f"“{shown(value)}”不是数量:最多四位小数、16位数字,如 1.5",
        )


def _rate(value: Any, path: str) -> Any:
    try:
        return Decimal(money.rate(_number(value))).scaleb(-4)
    except (ValueError, InvalidOperation):
        return Problem(
            Kind.INVALID,
            "bad-rate",
            path,
            f"'{shown(value)}' is not a ratio: send a number from 0 to 1 with at most four decimals, such as 0.65",
            f"“{shown(value)}”不是比例:请发送0到1之间、最多四位小数的数,如 0.65",
        )


def _integer(value: Any, path: str) -> Any:
    whole = int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else value
    if isinstance(whole, Decimal) and whole.is_finite() and abs(whole) <= _INTEGER_MAX and whole == int(whole):
        whole = int(whole)
    if isinstance(whole, int) and not isinstance(whole, bool) and abs(whole) <= _INTEGER_MAX:
        return whole
    return Problem(
        Kind.INVALID,
        "bad-integer",
        path,
        f"'{shown(value)}' is not a whole number: send digits only, such as 12",
        f"“{shown(value)}”不是整数:只发送数字,如 12",
    )


def _day(value: Any, path: str) -> Any:
    """day: a day, or the day in China of an instant."""
    if isinstance(value, int):
        value = plain_text(value)  # 20150309 without quotes
    if isinstance(value, str):
        try:
            return parse_day(value).isoformat()
        except ValueError:
            try:
                return business_day(parse_instant(value)).isoformat()
            except (ValueError, OverflowError):
                pass
    return Problem(
        Kind.INVALID,
        "bad-day",
        path,
        f"'{shown(value)}' is not a day that exists: send year, month and day such as 2015-03-09",
        f"“{shown(value)}”不是有效日期:请发送年月日,如 2015-03-09",
    )


def _instant(value: Any, path: str) -> Any:
    if isinstance(value, int):
        value = plain_text(value)  # 20150309083000 without quotes
    if isinstance(value, str):
        try:
            return instant_text(parse_instant(value))
        except (ValueError, OverflowError):
            pass
    return Problem(
        Kind.INVALID,
        "bad-instant",
        path,
        f"'{shown(value)}' is not a time that exists: send date and time such as 2015-03-09 08:30:00",
        f"“{shown(value)}”不是有效时间:请发送日期和时间,如 2015-03-09 08:30:00",
    )


def _citizen_id(value: Any, path: str) -> Any:
    found = parse_citizen_id(plain_text(value), path)
    return found if isinstance(found, Problem) else found.number


_FLAGS: Final[dict[str, bool]] = {"1": True, "0": False, "true": True, "false": False}


def _flag(value: Any, path: str) -> Any:
    flag = _FLAGS.get(plain_text(value))
    if flag is not None:
        return flag
    return Problem(
        Kind.INVALID,
        "bad-flag",
        path,
        f"'{shown(value)}' is not a yes or no: send 1 for yes, 0 for no",
        f"“{shown(value)}”不是标志:是为 1,否为 0",
    )


def _moment(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    if isinstance(value, str):
        return parse_instant(value)
    raise ValueError("not an instant")


def _answer(write: Callable[[Any], Any]) -> RowType:
    """An answer type: what `write` gives, or the fault when our own value is not what the row says."""

    def written(value: Any, path: str) -> Any:
        try:
            return write(value)
        except (ValueError, OverflowError, InvalidOperation):
            return answer_fault(path, f"'{shown(value)}' is not of the row's type")

    return written


def answer_fault(path: str, what: str) -> Problem:
    """An answer row that our own result does not fit: a bug of the mapping or of the core, never of the sender."""
    return Problem(
        Kind.FAULT,
        "answer-row",
        path,
        f"the answer could not be written: {what}; nothing for the sender to change, send again later",
        "回执无法生成:网关内部错误,发送方无需修改,请稍后重发",
    )


def _day_out(value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and len(value) == 10:
        return parse_day(value).isoformat()
    return business_day(_moment(value)).isoformat()


def _flag_out(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    raise ValueError("not a flag")


def _integer_out(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError("not whole")
    return int(number)


BUILD_TYPES: Final[dict[str, RowType]] = {
    "string": _text,
    "money": _money,
    "price": _price,
    "quantity": _quantity,
    "integer": _integer,
    "rate": _rate,
    "day": _day,
    "instant": _instant,
    "citizen-id": _citizen_id,
    "flag": _flag,
}

ANSWER_TYPES: Final[dict[str, RowType]] = {
    "plain": lambda value, path: value,
    "money-text": _answer(lambda value: money.text(money.of(_number(value)))),
    "money": _answer(lambda value: money.decimal(money.of(_number(value)))),
    "number": _answer(_number),
    "integer": _answer(_integer_out),
    "string": _answer(lambda value: plain_text(value)),
    "day": _answer(_day_out),
    "instant-local": _answer(lambda value: _moment(value).astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M:%S")),
    "flag": _answer(_flag_out),
}
