"""Slices of an array: every item goes to the first slice it matches, slices are counted, closed means closed."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gateway.validation import texts
from gateway.validation.discriminators import Key, Matches
from gateway.validation.issue import FULL, Check, Finding, Findings, joined


class Slice(NamedTuple):
    """`item`: what a member must be; `url`: the extension url that alone tells it, else ''; `inner`: its own slices;
    `key`: what else alone tells it, where that can be looked up."""

    name: str
    matches: Matches
    item: Check
    low: int
    high: int | None
    url: str = ""
    inner: "Slices | None" = None
    key: Key | None = None


class Slices(NamedTuple):
    """`rules`: open, closed, openAtEnd; `other`: the check of items of no slice; `profile` for messages."""

    slices: tuple[Slice, ...]
    rules: str
    ordered: bool
    other: Check
    profile: str


def sliced_list(slices: Slices, *, low: int = 0, high: int | None = None) -> Check:
    """An array with slices."""
    by_url = {each.url: place for place, each in enumerate(slices.slices) if each.url}
    only_urls = len(by_url) == len(slices.slices)
    find = _finder(slices)

    def check(value: Any, run: Any) -> Findings:
        if type(value) is not list:
            return [texts.expected_list()]
        if not value:
            return [texts.empty()]
        found: Findings = None
        places: list[int] = []
        for place, each in enumerate(value):
            if only_urls:
                url = each.get("url") if type(each) is dict else None
                at = by_url.get(url, -1) if type(url) is str else -1
            else:
                at = find(each, run)
            places.append(at)
            wrong = slices.other(each, run) if at < 0 else slices.slices[at].item(each, run)
            if wrong is not None:
                found = joined(found, f"[{place}]", wrong)
                if found is not None and len(found) >= FULL:
                    return found
        wrong = count_slices(slices, value, places, run)
        if wrong is not None:
            found = joined(found, "", wrong)
        if high is not None and len(value) > high:
            found = joined(found, "", [texts.too_many(high, len(value))])
        elif len(value) < low:
            found = joined(found, "", [texts.missing("", low)])
        return found

    return check


def sliced_one(slices: Slices, type_name: str = "") -> Check:
    """One value of an element that is sliced without repeating."""

    def check(value: Any, run: Any) -> Findings:
        at = _slice_of(value, slices, run, type_name)
        found = slices.other(value, run) if at < 0 else slices.slices[at].item(value, run)
        wrong = count_slices(slices, [value], [at], run)
        return found if wrong is None else joined(found, "", [each._replace(path="") for each in wrong])

    return check


def _finder(slices: Slices) -> Callable[[Any, Any], int]:
    """The slice of an item by one look into a table, where all slices are told by the same element; else in turn."""
    keys = [each.key for each in slices.slices]
    names = {key.name for key in keys if key is not None}
    if None in keys or len(names) != 1:
        return lambda value, run: _slice_of(value, slices, run)
    name = names.pop()
    table: dict[tuple[str, str], int] = {}
    for place, key in enumerate(keys):
        assert key is not None
        table.setdefault((key.system, key.code), place)

    def find(value: Any, run: Any) -> int:
        there = value.get(name) if type(value) is dict else None
        if type(there) is str:
            return table.get(("", there), -1)
        codings = there.get("coding") if type(there) is dict else None
        if type(codings) is list and len(codings) == 1 and type(codings[0]) is dict:
            system, code = codings[0].get("system"), codings[0].get("code")
            if type(system) is str and type(code) is str:
                return table.get((system, code), -1)
        return _slice_of(value, slices, run)

    return find


def _slice_of(value: Any, slices: Slices, run: Any, type_name: str = "") -> int:
    for place, each in enumerate(slices.slices):
        if each.matches(value, type_name, run):
            return place
    return -1


def count_slices(slices: Slices, value: list[Any], places: list[int], run: Any) -> Findings:
    """What is wrong with how often and in which order slices occur. `places`: slice of each item, -1 of none."""
    found: Findings = None
    last = -1
    seen_other = False
    for place, at in enumerate(places):
        if at < 0:
            seen_other = True
            if slices.rules == "closed":
                found = joined(found, f"[{place}]", [_outside(slices)])
        elif seen_other and slices.rules == "openAtEnd":
            found = joined(found, f"[{place}]", [_late(slices.slices[at].name)])
        if slices.ordered and at >= 0:
            if at < last:
                found = joined(found, f"[{place}]", [_disordered(slices.slices[at].name)])
            last = max(last, at)
    for at, each in enumerate(slices.slices):
        if not each.low and each.high is None and each.inner is None:
            continue
        count = places.count(at)
        if count < each.low:
            found = joined(found, "", [missing_slice(each.name, each.low, slices.profile)])
        elif each.high is not None and count > each.high:
            found = joined(found, "", [_too_many(each.name, each.high, count, slices.profile)])
        if each.inner is not None and count:
            found = _inner(found, each.inner, value, [place for place, where in enumerate(places) if where == at], run)
    return found


def _inner(found: Findings, inner: Slices, value: list[Any], members: Sequence[int], run: Any) -> Findings:
    """The reslices of a slice, judged on its members alone."""
    items = [value[place] for place in members]
    places = [_slice_of(each, inner, run) for each in items]
    for item, at, place in zip(items, places, members, strict=True):
        wrong = inner.slices[at].item(item, run) if at >= 0 else None
        if wrong is not None:
            found = joined(found, f"[{place}]", wrong)
    wrong = count_slices(inner, items, places, run)
    for each in wrong or ():
        step, _, rest = each.path[1:].partition("]") if each.path.startswith("[") else ("", "", "")
        path = f"[{members[int(step)]}]{rest}" if step else each.path
        found = joined(found, "", [each._replace(path=path)])
    return found


def missing_slices(slices: Slices) -> list[Finding]:
    """The findings for an element that is not there though a slice of it must be."""
    return [missing_slice(each.name, each.low, slices.profile) for each in slices.slices if each.low]


def missing_slice(name: str, low: int, profile: str) -> Finding:
    """Too few items of a slice."""
    return texts.error(
        "missing-slice",
        "required",
        f"{profile} requires at least {low} of the slice '{texts.shown(name)}': send what it describes",
        f"规范 {profile} 要求切片“{texts.shown(name)}”至少 {low} 个:请补充",
    )


def _too_many(name: str, high: int, count: int, profile: str) -> Finding:
    return texts.error(
        "too-many-in-slice",
        "structure",
        f"{profile} allows at most {high} of the slice '{texts.shown(name)}', there are {count}: remove some",
        f"规范 {profile} 允许切片“{texts.shown(name)}”最多 {high} 个,现有 {count} 个:请删除多余的",
    )


def _outside(slices: Slices) -> Finding:
    names = texts.listed(each.name for each in slices.slices)
    return texts.error(
        "outside-slices",
        "structure",
        f"{slices.profile} allows only the slices {names} here and this is none: remove or correct it",
        f"规范 {slices.profile} 在此只允许切片 {names}:请删除或更正",
    )


def _late(name: str) -> Finding:
    return texts.error(
        "slice-out-of-order",
        "structure",
        f"the slice '{texts.shown(name)}' stands after items of no slice: put those last",
        f"切片“{texts.shown(name)}”位于非切片项之后:请将非切片项放在最后",
    )


def _disordered(name: str) -> Finding:
    return texts.error(
        "slice-out-of-order",
        "structure",
        f"the slice '{texts.shown(name)}' stands behind a later one: put the slices into the order of the profile",
        f"切片“{texts.shown(name)}”顺序不符:请按规范的顺序排列",
    )
