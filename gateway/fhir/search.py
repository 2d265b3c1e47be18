"""Parses the query of a search. What is not understood is refused, never ignored: an ignored filter shows too much."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlencode

from gateway.fhir.index import ANY_SYSTEM, Token, covered, midnight
from gateway.fhir.problems import listed, shown
from gateway.fhir.search_parameters import COMMON, PARAMETERS, Parameter
from gateway.fhir.systems import BASE
from gateway.kernel.calendar import parse_instant
from gateway.kernel.ids import FHIR_ID
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.validation.primitives import is_day

DEFAULT_COUNT: Final = 20
MOST_COUNT: Final = 100
MOST_PAIRS: Final = 50
CONTROLS: Final = ("_count", "_after", "_format")
FORMATS: Final = ("json", "application/json", "application/fhir+json")

_PREFIXED = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.+)", re.DOTALL)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d{1,6})?\d*(Z|[+-]\d\d:\d\d)?", re.ASCII)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DAY: Final = timedelta(days=1)
_TICK: Final = timedelta(microseconds=1)

Span: TypeAlias = tuple[datetime | None, datetime | None]
ANY_TIME: Final[Span] = (None, None)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for, in the store's terms: `tokens` all of any; `dates` and `updated` include both ends, None open.

    `ids` None: any. `after`: the opaque paging cursor, or ''. `pairs`: the filters as asked, for the links.
    """

    type: str
    ids: tuple[str, ...] | None = None
    tokens: tuple[tuple[Token, ...], ...] = ()
    dates: tuple[tuple[str, datetime | None, datetime | None], ...] = ()
    updated: Span = ANY_TIME
    count: int = DEFAULT_COUNT
    after: str = ""
    pairs: tuple[tuple[str, str], ...] = ()


def parse_search(type_name: str, query: str) -> Search:
    """A search of one type from a query string without '?'. Refusal with every problem.

    Codes: not-searchable, too-many-parameters, unknown-parameter, bad-search-value. R4 search, without modifiers.
    """
    if type_name not in PARAMETERS:
        raise Refusal(_not_searchable(type_name))
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PAIRS)
    except ValueError:
        raise Refusal(_too_many()) from None
    known = {parameter.name: parameter for parameter in (*COMMON, *PARAMETERS[type_name])}
    found = [_unknown(name, type_name, [*known, *CONTROLS]) for name, _ in pairs if name not in (*known, *CONTROLS)]
    filters = [(known[name], value) for name, value in pairs if name in known]
    spans = [(p.name, *_read_span(p.name, value, found)) for p, value in filters if p.kind == "date"]
    search = Search(
        type_name,
        ids=_read_ids([value for p, value in filters if p.name == "_id"], found),
        tokens=tuple(_read_tokens(p, value, found) for p, value in filters if p.element and p.kind != "date"),
        dates=tuple(span for span in spans if span[0] != "_lastUpdated"),
        updated=_common([span[1:] for span in spans if span[0] == "_lastUpdated"]),
        count=_read_count([value for name, value in pairs if name == "_count"], found),
        after="".join(value for name, value in pairs if name == "_after"),
        pairs=tuple((p.name, value) for p, value in filters),
    )
    for name, value in pairs:
        if name == "_format" and value not in FORMATS:
            found.append(_bad_value(name, value, en="json: nothing else is offered", zh=" json:仅提供该格式"))
    if found:
        raise Refusal(found)
    return search


def link(search: Search, *, after: str) -> str:
    """The address of a page of this search, relative to the base: 'Claim?status=active&_count=20&_after=…'."""
    pairs = [*search.pairs, ("_count", str(search.count)), *([("_after", after)] if after else [])]
    return f"{search.type}?{urlencode(pairs)}"


def _read_count(values: Sequence[str], found: list[Problem]) -> int:
    for value in values:
        if not (value.isascii() and value.isdigit() and len(value) <= 9 and int(value) > 0):
            found.append(
                _bad_value("_count", value, en=f"a number from 1 to {MOST_COUNT}", zh=f"1至{MOST_COUNT}的整数")
            )
            return DEFAULT_COUNT
    return min([MOST_COUNT, *map(int, values)]) if values else DEFAULT_COUNT


def _read_ids(values: Sequence[str], found: list[Problem]) -> tuple[str, ...] | None:
    """Ids that every `_id` names, or None where there is none."""
    if not values:
        return None
    sets = [frozenset(_unescaped(each) for each in _split(value, ",")) for value in values]
    wanted = {"en": "an id: 1 to 64 letters, digits, - and .", "zh": "1至64位字母、数字、- 或 ."}
    found.extend(_bad_value("_id", id, **wanted) for ids in sets for id in ids if not FHIR_ID.fullmatch(id))
    return tuple(sorted(frozenset.intersection(*sets)))


def _read_tokens(parameter: Parameter, value: str, found: list[Problem]) -> tuple[Token, ...]:
    """The alternatives of one value: 'a,b' is a or b."""
    read = {"reference": _read_reference, "uri": _read_uri}.get(parameter.kind, _read_token)
    tokens = []
    for text in _split(value, ","):
        token = read(parameter, text)
        if isinstance(token, Token):
            tokens.append(token)
        else:
            found.append(token)
    return tuple(tokens)


def _read_token(parameter: Parameter, text: str) -> Token | Problem:
    """'system|value', '|value' (no system) or 'value' (any system)."""
    match [_unescaped(part) for part in _split(text, "|")]:
        case [value] if value:
            return Token(parameter.name, "" if parameter.code_system else ANY_SYSTEM, value)
        case [system, value] if value:
            return Token(parameter.name, "" if system == parameter.code_system else system, value)
    return _bad_value(parameter.name, text, en="value, |value or system|value", zh=" value、|value 或 system|value")


def _read_uri(parameter: Parameter, text: str) -> Token | Problem:
    """The whole of a URI, as it stands in the resource."""
    uri = _unescaped(text)
    return Token(parameter.name, "", uri) if uri else _bad_value(parameter.name, text, en="a URI", zh=" URI")


def _read_reference(parameter: Parameter, text: str) -> Token | Problem:
    """'Patient/1', '1', or the same with our base."""
    type_part, slash, id = _unescaped(text).removeprefix(BASE + "/").rpartition("/")
    if FHIR_ID.fullmatch(id) and type_part in ("", parameter.target) and (slash == "") == (type_part == ""):
        return Token(parameter.name, "", f"{parameter.target}/{id}")
    wanted = f"{parameter.target}/id"
    return _bad_value(parameter.name, text, en=f"{wanted} or the id alone", zh=f" {wanted} 或仅标识")


def _read_span(name: str, value: str, found: list[Problem]) -> Span:
    """Both ends, included, of what a date with its prefix asks for. A day without a zone is China's."""
    match = _PREFIXED.fullmatch(value)
    ends = _ends(match[2].replace(" ", "+")) if match else None
    if match is None or ends is None:
        found.append(
            _bad_value(name, value, en="a date or a time such as ge2015-03-09", zh="日期或时间,如 ge2015-03-09")
        )
        return ANY_TIME
    low, high = ends
    match match[1] or "eq":
        case "eq":
            return low, high
        case "ge":
            return low, None
        case "gt":
            return high + _TICK, None
        case "le":
            return None, high
        case "lt":
            return None, low - _TICK
    found.append(_bad_value(name, value, en="eq, ge, gt, le or lt before the date", zh=" eq、ge、gt、le 或 lt 加日期"))
    return ANY_TIME


def _ends(text: str) -> tuple[datetime, datetime] | None:
    """First and last instant that a date or time covers at its precision; None when there is none such."""
    timed = _TIME.fullmatch(text)
    try:
        if timed is None:
            first, last = covered(text) if is_day(text) else (None, None)
            if not isinstance(first, date) or not isinstance(last, date) or not 1 < first.year < date.max.year:
                return None
            return midnight(first), midnight(last + _DAY) - _TICK
        day, minute, second, fraction, zone = timed.groups()
        low = parse_instant(f"{day}T{minute}{second or ':00'}{(fraction or '.0').ljust(7, '0')}{zone or ''}")
    except ValueError:
        return None
    width = timedelta(milliseconds=1) if fraction else timedelta(seconds=1) if second else timedelta(minutes=1)
    return (low, low + width - _TICK) if 1 < low.year < date.max.year else None


def _common(spans: Iterable[Span]) -> Span:
    """The time that all spans share."""
    pairs = list(spans)
    lows = [low for low, _ in pairs if low is not None]
    highs = [high for _, high in pairs if high is not None]
    return max(lows, default=None), min(highs, default=None)


def _split(text: str, separator: str) -> Iterator[str]:
    r"""Parts between separators that are not escaped by a backslash, still escaped (R4 3.1.1.4.0.1)."""
    start = at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == separator:
            yield text[start:at]
            start = at + 1
        at += 1
    yield text[start:]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _unknown(name: str, type_name: str, supported: Iterable[str]) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "unknown-parameter",
        shown(name),
        f"{type_name} is not searched by '{shown(name)}': offered are {listed(supported)}",
        f"{type_name} 不支持检索参数“{shown(name)}”:可用 {listed(supported)}",
    )


def _bad_value(name: str, value: str, *, en: str, zh: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "bad-search-value",
        name,
        f"'{shown(value)}' cannot be searched for: send {en}",
        f"检索值“{shown(value)}”无效:应为{zh}",
    )


def _not_searchable(type_name: str) -> Problem:
    return Problem(
        Kind.UNSUPPORTED,
        "not-searchable",
        "",
        f"{shown(type_name)} is not a type that is searched here: offered are {listed(PARAMETERS)}",
        f"不支持检索 {shown(type_name)}:可用 {listed(PARAMETERS)}",
    )


def _too_many() -> Problem:
    return Problem(
        Kind.INVALID,
        "too-many-parameters",
        "",
        f"more than {MOST_PAIRS} parameters: send fewer",
        f"检索参数超过 {MOST_PAIRS} 个:请减少",
    )
