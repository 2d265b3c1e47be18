"""Segments from values: the writing half of ER7, shared by answers, refusals and the partner's side.

A value is a text, a list of repetitions, or an object of parts by number (int or digits), nested once for
subcomponents: the shape `tree` reads. Values are escaped here and nowhere else.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from adapters.hl7v2.charset import Charset
from adapters.hl7v2.er7 import STANDARD, escape
from gateway.kernel.calendar import BUSINESS_ZONE

_JOINTS = (STANDARD.component, STANDARD.subcomponent)


def write_segment(name: str, fields: Mapping[Any, Any], charset: Charset) -> str:
    """'PSG|1||1|Y|12.34&CNY|…' from {1: '1', 3: '1', 4: 'Y', 5: {1: {1: '12.34', 2: 'CNY'}}}."""
    texts = _by_number(fields, lambda value: _field(value, charset))
    return STANDARD.field.join([name, *texts])


def write_msh(fields: Mapping[int, Any], charset: Charset) -> str:
    """The header: fields from MSH-3 on are given, the separators are the standard ones."""
    rest = write_segment("", {number - 2: value for number, value in fields.items()}, charset)
    return f"MSH{STANDARD.field}{STANDARD.encoding}{rest}"


def _by_number(parts: Mapping[Any, Any], write: Callable[[Any], str]) -> list[str]:
    texts: list[str] = []
    for number, value in parts.items():
        if value is not None and value != "":
            place = int(number)
            if place > len(texts):
                texts.extend([""] * (place - len(texts)))
            texts[place - 1] = write(value)
    return texts


def _field(value: Any, charset: Charset) -> str:
    if isinstance(value, str):
        return escape(value, charset)
    if isinstance(value, list):
        return STANDARD.repetition.join(_part(one, 0, charset) for one in value)
    return _part(value, 0, charset)


def _part(value: Any, level: int, charset: Charset) -> str:
    if isinstance(value, dict):
        return _JOINTS[level].join(_by_number(value, lambda part: _part(part, level + 1, charset)))
    return escape(str(value), charset)


def amount(yuan: str) -> dict[int, Any]:
    """A CP field: an amount of yuan."""
    return {1: {1: yuan, 2: "CNY"}}


def coded(code: str, text: str = "", system: str = "") -> dict[int, str]:
    """A CWE field."""
    return {1: code, 2: text, 3: system}


def stamp(at: datetime) -> str:
    """A DTM in China's time: 20150309083000+0800."""
    return at.astimezone(BUSINESS_ZONE).strftime("%Y%m%d%H%M%S%z")
