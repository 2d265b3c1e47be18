"""Text functions (FHIRPath N1 section 5.6, and those of 3.0: trim, split, join, encode, escape …)."""

import base64
import binascii
import html as html_text
from collections.abc import Callable
from typing import Any, Final

import msgspec

from gateway.fhirpath import regex
from gateway.fhirpath.code import MAX_TEXT, TEXT, Code, Context, Static, bounded, from_many, from_one, spend
from gateway.fhirpath.functions.collections import values_of
from gateway.fhirpath.functions.scalar import TEXTS, checked, scalar
from gateway.fhirpath.model import Item
from gateway.fhirpath.problems import bad_regex, refuse, too_large_value
from gateway.fhirpath.site import Function, Site

_INTEGER: Final[tuple[type, ...]] = (int,)
_NAMED: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\b": "\\b"}


def _substring(site: Site) -> Code:
    """substring(start [, length]): an empty length reads to the end, a start outside is empty."""
    source, start_of = site.source.one, site.argument(0).one
    length_of = site.argument(1).one if len(site.arguments) > 1 else None

    def one(this: Item, context: Context) -> str | None:
        text, start = source(this, context), start_of(this, context)
        if text is None or start is None:
            return None
        text, start = checked(text, TEXTS, site), checked(start, _INTEGER, site)
        if not 0 <= start < len(text):
            return None
        length = length_of(this, context) if length_of else None
        end = len(text) if length is None else start + max(int(checked(length, _INTEGER, site)), 0)
        return str(text[start:end])

    return from_one(one, TEXT)


def _replaced(text: str, pattern: str, substitution: str) -> str:
    if len(text) * max(len(substitution), 1) > 50_000_000:
        refuse(too_large_value(MAX_TEXT))
    return text.replace(pattern, substitution)


def _pattern(use: Callable[..., Any], result: str, substitution: bool = False) -> Function:
    """A function with a regular expression; one that is a constant is checked when the expression is compiled."""

    count = 2 if substitution else 1

    def build(site: Site) -> Code:
        constant = site.argument(0).constant
        if type(constant) is str:
            _checked_pattern(site, regex.compiled, constant)
        made = scalar(
            lambda text, pattern, *rest: _checked_pattern(site, use, pattern, text, *rest),
            result,
            TEXTS,
            (TEXTS,) * count,
        )
        return made.build(site)

    return Function(count, count, build)


def _checked_pattern(site: Site, use: Callable[..., Any], pattern: str, *rest: Any) -> Any:
    try:
        return use(pattern, *rest)
    except regex.BadRegexError as error:
        refuse(bad_regex(site.place.where, str(error)))


def _many(calculate: Callable[..., list[str]], arguments: tuple[tuple[type, ...], ...] = ()) -> Function:
    """split and toChars: several texts of one."""

    def build(site: Site) -> Code:
        source, parts = site.source.one, [site.argument(n).one for n in range(len(site.arguments))]

        def many(this: Item, context: Context) -> list[Item]:
            text, given = source(this, context), [part(this, context) for part in parts]
            if text is None or any(each is None for each in given):
                return []
            given = [checked(each, allowed, site) for each, allowed in zip(given, arguments, strict=True)]
            found = calculate(checked(text, TEXTS, site), *given)
            spend(context, len(found))
            return list(found)

        return from_many(many, Static(TEXT.types, True), site.place)

    return Function(len(arguments), len(arguments), build)


def _join(site: Site) -> Code:
    """join([separator]): all texts of the source; '' of none would be a value, so nothing gives empty."""
    items_of, separator_of = site.source.many, site.argument(0).one if site.arguments else None

    def one(this: Item, context: Context) -> str | None:
        items = items_of(this, context)
        separator = separator_of(this, context) if separator_of else ""
        if not items or separator is None:
            return None
        spend(context, len(items))
        checked(separator, TEXTS, site)
        return bounded(separator.join(checked(value, TEXTS, site) for value in values_of(items)))

    return from_one(one, TEXT)


def _encode(text: str, form: str) -> str | None:
    data = text.encode("utf-8", "surrogatepass")
    match form:
        case "hex":
            return data.hex()
        case "base64":
            return base64.b64encode(data).decode("ascii")
        case "urlbase64":
            return base64.urlsafe_b64encode(data).decode("ascii")
    return None


def _decode(text: str, form: str) -> str | None:
    try:
        match form:
            case "hex":
                return bytes.fromhex(text).decode("utf-8")
            case "base64":
                return base64.b64decode(text, validate=True).decode("utf-8")
            case "urlbase64":
                return base64.urlsafe_b64decode(text).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return None


def _escape(text: str, target: str) -> str | None:
    if target == "html":
        return html_text.escape(text, quote=True).replace("&#x27;", "&#39;")
    return "".join(_NAMED.get(sign, sign) for sign in text) if target == "json" else None


def _unescape(text: str, target: str) -> str | None:
    if target == "html":
        return html_text.unescape(text)
    if target != "json":
        return None
    try:
        read: str = msgspec.json.decode(f'"{text}"', type=str)
        return read
    except msgspec.DecodeError:
        return None


TABLE: Final = {
    "indexOf": scalar(lambda text, part: text.find(part), "Integer", TEXTS, (TEXTS,)),
    "lastIndexOf": scalar(lambda text, part: text.rfind(part), "Integer", TEXTS, (TEXTS,)),
    "substring": Function(1, 2, _substring),
    "startsWith": scalar(lambda text, part: text.startswith(part), "Boolean", TEXTS, (TEXTS,)),
    "endsWith": scalar(lambda text, part: text.endswith(part), "Boolean", TEXTS, (TEXTS,)),
    "contains": scalar(lambda text, part: part in text, "Boolean", TEXTS, (TEXTS,)),
    "upper": scalar(lambda text: text.upper(), "String", TEXTS),
    "lower": scalar(lambda text: text.lower(), "String", TEXTS),
    "replace": scalar(_replaced, "String", TEXTS, (TEXTS, TEXTS)),
    "matches": _pattern(regex.found_in, "Boolean"),
    "matchesFull": _pattern(regex.is_all_of, "Boolean"),
    "replaceMatches": _pattern(regex.replaced, "String", substitution=True),
    "length": scalar(len, "Integer", TEXTS),
    "toChars": _many(list),
    "trim": scalar(lambda text: text.strip(), "String", TEXTS),
    "split": _many(lambda text, separator: text.split(separator) if separator else list(text), (TEXTS,)),
    "join": Function(0, 1, _join),
    "encode": scalar(_encode, "String", TEXTS, (TEXTS,)),
    "decode": scalar(_decode, "String", TEXTS, (TEXTS,)),
    "escape": scalar(_escape, "String", TEXTS, (TEXTS,)),
    "unescape": scalar(_unescape, "String", TEXTS, (TEXTS,)),
}
