"""Code systems that are a grammar or a small list kept elsewhere: languages, media types, UCUM, currencies.

No package lists their codes; whether a text is a code of them is decided by its form (BCP 47, BCP 13, UCUM) or by the
list of ISO 4217.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from gateway.fhirpath.units import unit_of

UCUM: Final = "http://unitsofmeasure.org"

_LANGUAGE = re.compile(
    r"(?:[A-Za-z]{2,3}(?P<extlang>(?:-[A-Za-z]{3}){1,3})?|[A-Za-z]{4,8})(?P<script>-[A-Za-z]{4})?"
    r"(?P<region>-(?:[A-Za-z]{2}|[0-9]{3}))?(?P<variant>(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3})){1,8})?"
    r"(?P<extension>(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8}){1,8}){1,8})?(?P<private>-[xX](?:-[A-Za-z0-9]{1,8}){1,8})?",
    re.ASCII,
)
_PRIVATE = re.compile(r"[xX](?:-[A-Za-z0-9]{1,8}){1,8}", re.ASCII)
_TOKEN: Final = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
_MEDIA_TYPE = re.compile(
    rf"""{_TOKEN}/{_TOKEN}(?:\s*;\s*{_TOKEN}=(?:[^\s;"]{{1,255}}|"[^"]{{0,255}}"))*""",
    re.ASCII,
)
_OF_FHIR: Final = frozenset({"xml", "json", "ttl"})
_LANGUAGE_PARTS: Final = {
    "ext-lang": "extlang",
    "script": "script",
    "region": "region",
    "variant": "variant",
    "extension": "extension",
    "private-use": "private",
}
_CURRENCY_CODES: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
    "GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD "
    "KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR "
    "NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG "
    "XAU XBA XBB XBC XBD XCD XDR XOF XPD XPF XPT XSU XTS XUA YER ZAR ZMW ZWL"
)
_CURRENCIES: Final = frozenset({*_CURRENCY_CODES.split(), "X" * 3})  # the last: no currency is involved


class Grammar(NamedTuple):
    """`holds`: whether a text is a code; `has`: whether a code has a property, None for a property it does not know."""

    holds: Callable[[str], bool]
    has: Callable[[str, str], bool | None]


def is_language(text: str) -> bool:
    """A language tag in the form of BCP 47; whether its parts are registered is not looked at."""
    return len(text) <= 100 and (_LANGUAGE.fullmatch(text) or _PRIVATE.fullmatch(text)) is not None


def is_media_type(text: str) -> bool:
    """A media type as `text/plain; charset=utf-8` (BCP 13), or one of the short names R4 allows for its own."""
    return text in _OF_FHIR or (len(text) <= 500 and _MEDIA_TYPE.fullmatch(text) is not None)


def is_unit(text: str) -> bool:
    """A unit of UCUM, in its case sensitive form."""
    return unit_of(text) is not None


def _language_has(text: str, part: str) -> bool | None:
    group = _LANGUAGE_PARTS.get(part)
    if group is None:
        return None
    match = _LANGUAGE.fullmatch(text) if len(text) <= 100 else None
    return bool(match[group]) if match else group == "private"


def _unknown(text: str, part: str) -> bool | None:
    return None


GRAMMARS: Final[Mapping[str, Grammar]] = MappingProxyType(
    {
        "urn:ietf:bcp:47": Grammar(is_language, _language_has),
        "urn:ietf:bcp:13": Grammar(is_media_type, _unknown),
        UCUM: Grammar(is_unit, _unknown),
        "urn:iso:std:iso:4217": Grammar(_CURRENCIES.__contains__, _unknown),
    }
)
