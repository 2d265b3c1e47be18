"""What differs between two policies, as their authors wrote them: values by date, benefits and their steps, catalogue.

It compares the canonical bodies, so a folder and a version kept in the store compare alike. Dated values are compared
day by day: a span that is only cut in two is no difference, and a change is told for exactly the days it holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any, TypeAlias

import msgspec

from gateway.kernel.calendar import parse_day
from gateway.kernel.dated import FOREVER

Content: TypeAlias = Mapping[str, Any]

_DATED = ("in_force", "parameters", "benefits")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `section`: policy, in_force, parameters, benefits, steps or catalogue.

    `from_on`, `to_on`: the days it holds, '' where it holds always. `before`, `after`: as written, '' for absent.
    """

    section: str
    path: str
    from_on: str
    to_on: str
    before: str
    after: str


def diff_bodies(before: bytes, after: bytes) -> list[Change]:
    """Every difference between two canonical bodies: of the policy, then of its catalogue."""
    old, new = msgspec.json.decode(before), msgspec.json.decode(after)
    return [*_policy(old["policy"], new["policy"]), *_catalogue(old["catalogue"], new["catalogue"])]


def _policy(old: Content, new: Content) -> Iterator[Change]:
    for name in _names(old, new):
        if name not in _DATED:
            yield from _plain("policy", name, old.get(name), new.get(name))
    yield from _dated("in_force", "in_force", _spans(old.get("in_force")), _spans(new.get("in_force")))
    parameters = old.get("parameters") or {}, new.get("parameters") or {}
    for name in _names(*parameters):
        yield from _dated("parameters", name, *(_spans(each.get(name)) for each in parameters))
    yield from _benefits(old.get("benefits") or [], new.get("benefits") or [])


def _plain(section: str, path: str, old: Any, new: Any) -> Iterator[Change]:
    """Differences of what has no days, leaf by leaf."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in _names(old, new):
            yield from _plain(section, f"{path}.{name}", old.get(name), new.get(name))
    elif old != new:
        yield Change(section, path, "", "", _text(old), _text(new))


def _benefits(old: list[Content], new: list[Content]) -> Iterator[Change]:
    """Benefits by id: those gone, come, moved (the first that matches is taken), and changed."""
    before, after = {each["id"]: each for each in old}, {each["id"]: each for each in new}
    kept = [id for id in before if id in after], [id for id in after if id in before]
    if kept[0] != kept[1]:
        yield Change("benefits", "order", "", "", ", ".join(kept[0]), ", ".join(kept[1]))
    for id in _names(before, after):
        mine, its = before.get(id), after.get(id)
        if mine is None or its is None:
            days = _span(mine or its or {})
            yield Change("benefits", id, *_shown(days), _benefit_text(mine), _benefit_text(its))
            continue
        for name in _names(mine, its):
            if name != "steps":
                yield from _plain("benefits", f"{id}.{name}", mine.get(name), its.get(name))
        yield from _steps(id, *([_text(step) for step in each.get("steps") or []] for each in (mine, its)))


def _steps(benefit: str, old: list[str], new: list[str]) -> Iterator[Change]:
    """Steps in their order: those between two that stayed are told together."""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            path = f"{benefit}.steps[{a if kind != 'insert' else c}]"
            yield Change("steps", path, "", "", "; ".join(old[a:b]), "; ".join(new[c:d]))


def _benefit_text(benefit: Content | None) -> str:
    if benefit is None:
        return ""
    return f"{_text(benefit.get('kinds'))}: {'; '.join(_text(step) for step in benefit.get('steps') or [])}"


def _catalogue(old: Mapping[str, Content], new: Mapping[str, Content]) -> Iterator[Change]:
    """Entries by code over all files, day by day."""
    before, after = _entries(old), _entries(new)
    for code in _names(before, after):
        yield from _dated("catalogue", code, before.get(code, []), after.get(code, []))
    for name in _names(old, new):
        heads = [
            {key: value for key, value in (each.get(name) or {}).items() if not isinstance(value, list)}
            for each in (old, new)
        ]
        yield from _plain("catalogue", name, *heads)


def _entries(files: Mapping[str, Content]) -> dict[str, list["_Span"]]:
    found: dict[str, list[_Span]] = {}
    for content in files.values():
        for listed in content.values():
            for entry in listed if isinstance(listed, list) else ():
                said = {name: value for name, value in entry.items() if name not in ("code", "from", "to")}
                found.setdefault(entry["code"], []).append((*_span(entry), said))
    return found


_Span: TypeAlias = tuple[date, date, Content]
"""First day, last day, and what is said of them."""


def _spans(values: Iterable[Content] | None) -> list[_Span]:
    return [
        (*_span(each), {name: said for name, said in each.items() if name not in ("from", "to")})
        for each in values or ()
    ]


def _span(each: Content) -> tuple[date, date]:
    first, last = each.get("from"), each.get("to")
    return parse_day(first) if first else date.min, parse_day(last) if last else FOREVER


def _dated(section: str, path: str, old: list[_Span], new: list[_Span]) -> Iterator[Change]:
    """One change for each stretch of days on which the same thing differs in the same way."""
    open_change: tuple[date, date, Content | None, Content | None] | None = None
    for first, last in _stretches([*old, *new]):
        mine, its = _on(old, first), _on(new, first)
        if open_change is not None and open_change[2:] == (mine, its) and _follows(open_change[1], first):
            open_change = (open_change[0], last, mine, its)
            continue
        if open_change is not None:
            yield from _told(section, path, *open_change)
        open_change = (first, last, mine, its) if mine != its else None
    if open_change is not None:
        yield from _told(section, path, *open_change)


def _told(
    section: str, path: str, first: date, last: date, old: Content | None, new: Content | None
) -> Iterator[Change]:
    """Value, source and reading apart, so that a change of words is not taken for one of money."""
    days = _shown((first, last))
    if old is None or new is None:
        yield Change(section, path, *days, _said(old), _said(new))
        return
    for name in _names(old, new):
        if old.get(name) != new.get(name):
            shown = path if name == "value" else f"{path}.{name}"
            yield Change(section, shown, *days, _text(old.get(name)), _text(new.get(name)))


def _stretches(spans: list[_Span]) -> list[tuple[date, date]]:
    """The days that any span covers, cut wherever one begins or ends."""
    starts = {first for first, _, _ in spans} | {last + timedelta(1) for _, last, _ in spans if last != FOREVER}
    ordered = sorted(starts)
    ends = [*(each - timedelta(1) for each in ordered[1:]), FOREVER]
    pairs = zip(ordered, ends, strict=True)
    return [(first, last) for first, last in pairs if any(f <= first <= t for f, t, _ in spans)]


def _on(spans: list[_Span], day: date) -> Content | None:
    return next((said for first, last, said in spans if first <= day <= last), None)


def _follows(last: date, first: date) -> bool:
    return last != FOREVER and last + timedelta(1) == first


def _shown(days: tuple[date, date]) -> tuple[str, str]:
    first, last = days
    return "" if first == date.min else first.isoformat(), "" if last == FOREVER else last.isoformat()


def _said(said: Content | None) -> str:
    if said is None:
        return ""
    return _text(said["value"]) if "value" in said else _text(said)


def _text(value: Any) -> str:
    """As in the file, on one line; a step is named first."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(
                f"{name}: {_text(value[name])}" for name in sorted(value, key=lambda name: (name != "step", name))
            )
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return str(value)


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys of both, in their order."""
    return list(dict.fromkeys((*old, *new)))
