"""Field tables of the interface as data, and the checks that follow from them.

A table is a text block, one field a line: `name shape Y|- title [option …]`. Shapes are the interface's: `C30` text of
at most 30 characters, `N16,2` a number of 16 digits with 2 decimals, `D` a day, `DT` a time, `B` the bytes of a file.
Options: `codes=0,1` (the whole code table), `offered=02,03` (valid codes beyond these are refused as not offered),
`signed` (may be negative), `alias=ipt_otp_no` (another spelling seen in some regions).
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from adapters.nhsa import numbers, problems
from gateway.kernel.calendar import parse_day, parse_instant
from gateway.kernel.problem import Problem

Value: TypeAlias = str | int | Decimal | bytes
Reader: TypeAlias = Callable[[Any, str, list[Problem]], Value | None]
"""A raw JSON value and its path; the value in its type, or None with a problem added."""

_SHAPE = re.compile(r"(?P<type>C|N|DT|D|B)(?P<size>\d+)?(?:,(?P<decimals>\d+))?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}:[0-9]{2})?", re.ASCII)
_EARLIEST = "1900-01-01"
_LATEST = "9998-12-31"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a node: its name, its shape in parts, whether it must be there, and how to read it."""

    name: str
    type: str
    size: int
    decimals: int
    required: bool
    title: str
    read: Reader
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A named object of `input` or `output`, or a list of such objects. `aliases`: other names regions give it."""

    name: str
    fields: tuple[Field, ...]
    many: bool = False
    required: bool = True
    aliases: tuple[str, ...] = ()


def table(block: str) -> tuple[Field, ...]:
    """The fields of a text block; ValueError names a line that is not a field."""
    return tuple(_field(line) for line in block.strip().splitlines())


def _field(line: str) -> Field:
    name, shape, need, title, *options = line.split()
    parts = _SHAPE.fullmatch(shape)
    if parts is None or need not in ("Y", "-"):
        raise ValueError(f"not a field: {line!r}")
    told = dict(option.partition("=")[::2] for option in options)
    size, decimals = int(parts["size"] or 0), int(parts["decimals"] or 0)
    read = _reader(parts["type"], size=size, decimals=decimals, title=title, told=told)
    return Field(name, parts["type"], size, decimals, need == "Y", title, read, told.get("alias", ""))


def _reader(kind: str, *, size: int, decimals: int, title: str, told: Mapping[str, str]) -> Reader:
    if kind == "N":
        return _number_reader(digits=size, decimals=decimals, title=title, signed="signed" in told)
    if kind == "D":
        return _day_reader(title)
    if kind == "DT":
        return _instant_reader(title)
    if kind == "B":
        return _bytes_reader(title)
    codes = tuple(told["codes"].split(",")) if "codes" in told else ()
    offered = tuple(told["offered"].split(",")) if "offered" in told else ()
    return _text_reader(limit=size, title=title, codes=codes, offered=offered)


def _plain_text(value: Any) -> str | None:
    """Text as sent; a number sent where text belongs is taken as its digits."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int):
        return None if isinstance(value, bool) else str(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40:
        return f"{value:f}"
    return None


def _text_reader(*, limit: int, title: str, codes: tuple[str, ...], offered: tuple[str, ...]) -> Reader:
    def read(value: Any, path: str, found: list[Problem]) -> str | None:
        text = value.strip() if type(value) is str else _plain_text(value)
        if text is None or _CONTROL.search(text):
            found.append(problems.bad_text(path, title))
        elif len(text) > limit:
            found.append(problems.too_long(path, title, limit=limit, length=len(text)))
        elif codes and text not in codes:
            found.append(problems.bad_code(path, title, value=text, allowed=", ".join(codes)))
        elif offered and text not in offered:
            found.append(problems.not_offered(path, title, value=text, offered=", ".join(offered)))
        else:
            return text
        return None

    return read


def _number_reader(*, digits: int, decimals: int, title: str, signed: bool) -> Reader:
    def read(value: Any, path: str, found: list[Problem]) -> Decimal | int | None:
        number = numbers.read_number(value)
        fits = number is not None and numbers.fits(number, digits=digits, decimals=decimals)
        if number is None or not fits or (number < 0 and not signed):
            found.append(problems.bad_number(path, title, digits=digits, decimals=decimals, signed=signed))
            return None
        if not decimals:
            return int(number)
        return numbers.placed(number, decimals) if decimals == 2 else numbers.shortest(number)

    return read


def _day_reader(title: str) -> Reader:
    def read(value: Any, path: str, found: list[Problem]) -> str | None:
        text = value.strip() if isinstance(value, str) else ""
        day = text[:10] if _INSTANT.fullmatch(text) else text
        if _is_day(day):
            return day
        found.append(problems.bad_day(path, title))
        return None

    return read


def _instant_reader(title: str) -> Reader:
    def read(value: Any, path: str, found: list[Problem]) -> str | None:
        text = value.strip() if isinstance(value, str) else ""
        if _is_instant(text):
            return text.replace("T", " ")
        found.append(problems.bad_instant(path, title))
        return None

    return read


def _bytes_reader(title: str) -> Reader:
    """Bytes as a JSON array of whole numbers, signed as Java writes them or not; Base64 text is taken too."""

    def read(value: Any, path: str, found: list[Problem]) -> bytes | None:
        try:
            if isinstance(value, str):
                return base64.b64decode("".join(value.split()), validate=True)
            if isinstance(value, list) and all(type(each) is int and -128 <= each <= 255 for each in value):
                return bytes(each & 0xFF for each in value)
        except (binascii.Error, ValueError):
            pass
        found.append(problems.bad_bytes(path, title))
        return None

    return read


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text) or not _EARLIEST <= text <= _LATEST:
        return False
    try:
        parse_day(text)
    except ValueError:
        return False
    return True


def _is_instant(text: str) -> bool:
    if not _INSTANT.fullmatch(text) or not _EARLIEST <= text[:10] <= _LATEST:
        return False
    try:
        parse_instant(text)
    except ValueError:
        return False
    return True


def read_fields(fields: tuple[Field, ...], sent: Mapping[str, Any], path: str, found: list[Problem]) -> dict[str, Any]:
    """The known fields of an object in their types, under the national names; every problem goes to `found`.

    Unknown keys are left out (regions add their own); null and empty text are not sent. `path` ends in a dot or is ''.
    """
    values: dict[str, Any] = {}
    for field in fields:
        name = field.name
        raw = sent.get(name)
        if raw is None and field.alias and field.alias in sent:
            name = field.alias
            raw = sent[name]
        if raw is None or raw == "" or (type(raw) is str and not raw.strip()):
            if field.required:
                found.append(problems.missing_field(path + name, field.title))
            continue
        value = field.read(raw, path + name, found)
        if value is not None:
            values[field.name] = value
    return values


def read_node(node: Node, nodes: Mapping[str, Any], found: list[Problem]) -> Any:
    """A node of `input` in its types: a dict, a list of dicts for `many`, or None where it was not sent."""
    name = next((n for n in (node.name, *node.aliases) if nodes.get(n) is not None), node.name)
    sent = nodes.get(name)
    path = f"input.{name}"
    if sent is None or sent == [] or sent == "":
        if node.required:
            found.append(problems.missing_field(path, "节点" + node.name))
        return None
    return _read_list(node, sent, path, found) if node.many else _read_object(node, sent, path, found)


def _read_object(node: Node, sent: Any, path: str, found: list[Problem]) -> dict[str, Any] | None:
    """One object; a list of exactly one is taken as that object."""
    if isinstance(sent, list) and len(sent) == 1:
        sent, path = sent[0], f"{path}[0]"
    if not isinstance(sent, dict):
        found.append(problems.bad_structure(path, expected_en="an object", expected_zh="对象"))
        return None
    return read_fields(node.fields, sent, path + ".", found)


def _read_list(node: Node, sent: Any, path: str, found: list[Problem]) -> list[dict[str, Any]]:
    """A list of objects; one object alone is taken as a list of one."""
    if isinstance(sent, dict):
        return [read_fields(node.fields, sent, path + ".", found)]
    if not isinstance(sent, list):
        found.append(problems.bad_structure(path, expected_en="a list of objects", expected_zh="对象数组"))
        return []
    rows: list[dict[str, Any]] = []
    for index, element in enumerate(sent):
        if isinstance(element, dict):
            rows.append(read_fields(node.fields, element, f"{path}[{index}].", found))
        else:
            found.append(problems.bad_structure(f"{path}[{index}]", expected_en="an object", expected_zh="对象"))
    return rows


def write_fields(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an answer in the table's order and types: amounts with their decimals, 0.00 if required."""
    written: dict[str, Any] = {}
    for field in fields:
        value = values.get(field.name)
        if field.type == "N" and (value is not None or (field.required and field.decimals == 2)):
            number = numbers.read_number(value if value is not None else 0)
            assert number is not None, f"{field.name} of the answer is a number"
            written[field.name] = numbers.placed(number, field.decimals) if field.decimals else int(number)
        elif value is not None:
            written[field.name] = value
    return written
