"""The page of a profile or extension: what it narrows, everything it holds, its rules and its examples."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from gateway.guide.html import both, code, link, section, table, told
from gateway.guide.model import Both, Example, Guide, Resource
from gateway.guide.shared import about, named

_HEAD = (
    Both("元素", "element"),
    Both("基数", "card."),
    Both("类型", "type"),
    Both("说明与约束", "what it is, and what holds"),
)
_DEEPEST = 4


def structure_body(guide: Guide, structure: Resource) -> str:
    """Everything below the title."""
    snapshot = structure["snapshot"]["element"]
    whole = {element["id"]: element for element in snapshot}
    narrowed = _table(guide, structure["differential"]["element"], whole)
    everything = _table(guide, snapshot, whole)
    return (
        about(structure, (Both("基于", "based on"), named(guide, structure["baseDefinition"])), *_contexts(structure))
        + section(Both("差异", "what it narrows"), narrowed)
        + section(Both("规则", "rules"), _rules(structure))
        + section(Both("示例", "examples"), _examples(guide.examples_of(structure["id"])))
        + f"<details><summary>{both(Both('完整结构', 'the whole structure'))}</summary>\n{everything}</details>\n"
    )


def _contexts(structure: Resource) -> Iterator[tuple[Both, str]]:
    places = [code(context["expression"]) for context in structure.get("context", ())]
    if structure["type"] == "Extension":
        yield Both("用于", "stands on"), " ".join(places)


def _table(guide: Guide, elements: Sequence[Resource], whole: Mapping[str, Resource]) -> str:
    shown: dict[str, int] = {}
    rows = []
    for element in elements:
        above, depth = _above(element["id"], shown)
        shown[element["id"]] = depth
        name = element["id"].removeprefix(f"{above}.") if above else element["id"]
        rows.append(_row(guide, element, whole.get(element["id"], element), name=name, depth=depth))
    return table(_HEAD, rows)


def _above(id: str, shown: Mapping[str, int]) -> tuple[str, int]:
    """The nearest element around one that has a row ('' for the root), and the depth below it."""
    above = id.rpartition(".")[0]
    while above and above not in shown:
        above = above.rpartition(".")[0]
    return above, shown[above] + 1 if above else 0


def _row(guide: Guide, element: Resource, full: Resource, *, name: str, depth: int) -> tuple[str, str, str, str]:
    """`element`: what is said here; `full`: the element of the snapshot, for cardinality and type."""
    place = f"<div class=d{min(depth, _DEEPEST)}>{code(name)}</div>" if depth else code(name)
    card = f"{full.get('min', '')}..{full.get('max', '')}" if depth else ""
    notes = "".join(f"<div>{note}</div>" for note in _notes(guide, element))
    types = ", ".join(_type(guide, each) for each in full.get("type", ())) if depth else ""
    return place, card, types, notes


def _type(guide: Guide, type: Resource) -> str:
    name = escape(type["code"].removeprefix("http://hl7.org/fhirpath/System."))
    profiles = [named(guide, each) for each in type.get("profile", ())]
    targets = [named(guide, each) for each in type.get("targetProfile", ())]
    if profiles:
        return " | ".join(profiles)
    return f"{name}({' | '.join(targets)})" if targets else name


def _notes(guide: Guide, element: Resource) -> Iterator[str]:
    if "short" in element:
        yield told(element["short"])
    for name, value in element.items():
        if name.startswith(("fixed", "pattern")):
            yield f"{both(Both('取值', 'value'))} {code(_plain(value))}"
    if "binding" in element:
        binding = element["binding"]
        bound = named(guide, binding["valueSet"]) if "valueSet" in binding else ""
        yield f"{both(Both('值集', 'value set'))} {bound} ({code(binding['strength'])})"
    keys = [code(rule["key"]) for rule in element.get("constraint", ()) if rule["key"].startswith("cn-")]
    if keys:
        yield f"{both(Both('规则', 'rules'))} {' '.join(keys)}"


def _plain(value: Any) -> str:
    """A fixed value or pattern in one line: system#code for codes."""
    if isinstance(value, dict):
        if "coding" in value:
            return ", ".join(_plain(each) for each in value["coding"])
        if "code" in value and "system" in value:
            return f"{value['system']}#{value['code']}"
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    return str(value)


def _rules(structure: Resource) -> str:
    found: dict[str, tuple[str, Resource]] = {}
    for element in structure["snapshot"]["element"]:
        for rule in element.get("constraint", ()):
            if rule["key"].startswith("cn-"):
                found.setdefault(rule["key"], (element["id"], rule))
    head = (Both("规则", "rule"), Both("位置", "where"), Both("内容", "what holds"), Both("表达式", "expression"))
    return table(
        head,
        (
            (code(key), code(place), told(rule["human"]), code(rule.get("expression", "")))
            for key, (place, rule) in found.items()
        ),
    )


def _examples(examples: Sequence[Example]) -> str:
    head = (Both("示例", "example"), Both("结果", "result"))
    return table(head, ((link(each.page, code(each.name)), result_of(each)) for each in examples))


def result_of(example: Example) -> str:
    """Whether an example is valid, else each code the validator gives with its place and rule."""
    if example.valid:
        return both(Both("有效", "valid"))
    return "<br>".join(f"<span class=bad>{code(each)}</span>" for each in example.expected)
