"""The closures a profile becomes: objects, arrays, choices, values with facets.

An object is walked once over the keys that are there; each key leads to its own closure, then the few names that must
be there are asked for, then its rules. All closures answer None where nothing is wrong, and none builds a path before
something is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from gateway.validation import texts
from gateway.validation.issue import FULL, Check, Finding, Findings, added, joined
from gateway.validation.run import DEEPEST

HALF: Final = "half"
"""Marks a finding of one half of a primitive (its value, or its `_name` sibling) that the other half may settle."""


def object_check(
    children: Mapping[str, Check],
    *,
    required: Sequence[str] = (),
    choices: Sequence[tuple[str, frozenset[str], bool]] = (),
    rules: Sequence[Check] = (),
    many: frozenset[str] = frozenset(),
    beside: bool = False,
) -> Check:
    """An object. `required`: names that must be there; `choices`: (name with [x], JSON names, one must be there);
    `many`: the names that are arrays; `beside`: it stands beside a value, so that an id alone is something."""
    must, laws = tuple(required), tuple(rules)
    if choices:
        return _choice_object(children, must, tuple(choices), laws, many)
    get = children.get

    def check(node: Any, run: Any) -> Findings:
        if type(node) is not dict:
            return [texts.not_an_object()]
        found: Findings = None
        for name, value in node.items():
            child = get(name)
            if child is None:
                found = joined(found, "", [texts.unknown_element(f".{texts.shown(name)}")])
                continue
            wrong = child(value, run)
            if wrong is not None:
                found = joined(found, f".{name}", _explained(wrong, node, name, name in many))
        for name in must:
            if name not in node and f"_{name}" not in node:
                found = joined(found, "", [texts.missing(f".{name}")])
        for law in laws:
            wrong = law(node, run)
            if wrong is not None:
                found = joined(found, "", wrong)
        if len(node) < 2 and (not node or "id" in node):
            found = joined(found, "", [texts.empty()._replace(known=HALF) if beside and node else texts.empty()])
        return found

    return check


def _choice_object(
    children: Mapping[str, Check],
    must: tuple[str, ...],
    groups: tuple[tuple[str, frozenset[str], bool], ...],
    laws: tuple[Check, ...],
    many: frozenset[str],
) -> Check:
    """The same for a type with choices, which counts the keys of them on its way."""
    get = children.get
    choice_names = frozenset(name for _, names, _ in groups for name in names)
    # From so many keys of choices to one, all is well without a closer look; 2: it always needs one.
    least = 0 if not any(must_be for _, _, must_be in groups) else 1 if len(groups) == 1 else 2

    def check(node: Any, run: Any) -> Findings:
        if type(node) is not dict:
            return [texts.not_an_object()]
        found: Findings = None
        chosen = 0
        for name, value in node.items():
            child = get(name)
            if child is None:
                found = joined(found, "", [texts.unknown_element(f".{texts.shown(name)}")])
                continue
            wrong = child(value, run)
            if wrong is not None:
                found = joined(found, f".{name}", _explained(wrong, node, name, name in many))
            if name in choice_names:
                chosen += 1
        for name in must:
            if name not in node and f"_{name}" not in node:
                found = joined(found, "", [texts.missing(f".{name}")])
        if not least <= chosen <= 1:
            found = added(found, _choices(node, groups))
        for law in laws:
            wrong = law(node, run)
            if wrong is not None:
                found = joined(found, "", wrong)
        if len(node) < 2 and (not node or "id" in node):
            found = joined(found, "", [texts.empty()])
        return found

    return check


def _choices(node: dict[str, Any], groups: tuple[tuple[str, frozenset[str], bool], ...]) -> Findings:
    found: Findings = None
    for name, names, must in groups:
        there = 0
        for each in node:
            if each in names:
                there += 1
        if there > 1:
            found = joined(found, "", [texts.two_choices(f".{name}")])
        elif must and not there and not any(f"_{each}" in node for each in names):
            found = joined(found, "", [texts.missing(f".{name}")])
    return found


def _explained(wrong: list[Finding], node: dict[str, Any], name: str, many: bool) -> list[Finding]:
    """Findings without those that the other half of a primitive settles: a null by its `_name` sibling, a sibling of
    an id alone by its value. Of an array where one value belongs, that alone."""
    if not many and type(node[name]) is list:
        return [texts.expected_single()]
    for each in wrong:
        if each.known == HALF:
            break
    else:
        return wrong
    other = node.get(name[1:] if name.startswith("_") else f"_{name}")

    def stands(path: str) -> bool:
        place = path[1:-1]
        if not place:
            return other is not None
        return isinstance(other, list) and place.isdigit() and int(place) < len(other) and other[int(place)] is not None

    return [each for each in wrong if not (each.known == HALF and "." not in each.path and stands(each.path))]


def list_check(item: Check, *, low: int = 0, high: int | None = None) -> Check:
    """An array of `low` to `high` items (None: any number)."""
    most = -1 if high is None else high

    def check(value: Any, run: Any) -> Findings:
        if type(value) is not list:
            return [texts.expected_list()]
        found: Findings = None
        for place, each in enumerate(value):
            wrong = item(each, run)
            if wrong is not None:
                found = joined(found, f"[{place}]", wrong)
                if found is not None and len(found) >= FULL:
                    break
        if not value:
            return [texts.empty()]
        count = len(value)
        if count > most >= 0:
            found = joined(found, "", [texts.too_many(most, count)])
        elif count < low:
            found = joined(found, "", [texts.missing("", low)])
        return found

    return check


def or_null(item: Check) -> Check:
    """An item of an array of primitives, where null holds the place of a value that has only extensions."""

    def check(value: Any, run: Any) -> Findings:
        if value is None:
            return [
                texts.error(
                    "null-value",
                    "structure",
                    "null stands for nothing here: leave it out, or say in the _name sibling why there is no value",
                    "此处的 null 没有意义:请删除,或在对应的 _ 元素中说明缺值原因",
                )._replace(known=HALF)
            ]
        return item(value, run)

    return check


def with_rules(first: Check, rules: Sequence[Check]) -> Check:
    """A check and then rules on the same value."""
    if not rules:
        return first
    laws = tuple(rules)
    if len(laws) == 1:
        law = laws[0]

        def two(value: Any, run: Any) -> Findings:
            wrong, more = first(value, run), law(value, run)
            return wrong if more is None else added(wrong, more)

        return two

    def check(value: Any, run: Any) -> Findings:
        found = first(value, run)
        for each in laws:
            found = added(found, each(value, run))
        return found

    return check


def nested(get: Callable[[], Check]) -> Check:
    """A type inside itself: compiled when first needed, and only so deep."""
    inner: Check | None = None

    def check(value: Any, run: Any) -> Findings:
        nonlocal inner
        if inner is None:
            inner = get()
        if run.depth >= DEEPEST:
            return [texts.too_deep()]
        run.depth += 1
        found = inner(value, run)
        run.depth -= 1
        return found

    return check


def nothing(value: Any, run: Any) -> Findings:
    """Accepts every value."""
    return None


def forbidden(name: str) -> Check:
    """An element that a profile does not allow."""

    def check(value: Any, run: Any) -> Findings:
        return [texts.not_allowed("", name)]

    return check
