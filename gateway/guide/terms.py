"""The pages of value sets, code systems and concept maps."""

from collections.abc import Iterator
from typing import Any

from gateway.guide.html import both, code, link, section, table, told
from gateway.guide.model import Both, Guide, Resource, page_of, title_of
from gateway.guide.shared import about, concepts_of, name_of_code, named, words_of

_CODES = (Both("代码", "code"), Both("中文", "Chinese"), Both("英文", "English"))


def code_system_body(guide: Guide, system: Resource) -> str:
    """Everything below the title."""
    sets = [each for each in guide.of_type("ValueSet") if system["url"] in _systems(each)]
    maps = [each for each in guide.of_type("ConceptMap") if system["url"] in _ends(each)]
    rows = (
        (
            f"<div class=d{min(depth, 4)}>{code(concept['code'])}</div>" if depth else code(concept["code"]),
            *_two(concept),
        )
        for depth, concept in concepts_of(system)
    )
    return (
        about(system, (Both("内容", "content"), code(system["content"])))
        + section(Both("代码", "codes"), table(_CODES, rows))
        + section(Both("用于", "used by"), _links([*sets, *maps]))
    )


def value_set_body(guide: Guide, value_set: Resource) -> str:
    """Everything below the title."""
    rows = [row for part in value_set.get("compose", {}).get("include", ()) for row in _included(guide, part)]
    head = (*_CODES, Both("代码系统", "code system"))
    users = [each for each in guide.of_type("StructureDefinition") if value_set["url"] in _bound(each)]
    return (
        about(value_set)
        + section(Both("包含", "what it holds"), table(head, rows))
        + section(Both("用于", "used by"), _links(users))
    )


def concept_map_body(guide: Guide, concept_map: Resource) -> str:
    """Everything below the title."""
    head = (
        Both("源代码", "source"),
        Both("名称", "name"),
        Both("关系", "relation"),
        Both("目标代码", "target"),
        Both("名称", "name"),
        Both("备注", "comment"),
    )
    parts = [about(concept_map)]
    for group in concept_map["group"]:
        ends = f"<p>{named(guide, group.get('source', ''))} → {named(guide, group.get('target', ''))}</p>\n"
        rows = (
            (
                code(element["code"]),
                _name(guide, group.get("source", ""), element),
                code(target["equivalence"]),
                code(target.get("code", "")),
                _name(guide, group.get("target", ""), target),
                told(target.get("comment", "")),
            )
            for element in group["element"]
            for target in element.get("target", ())
        )
        unmapped = group.get("unmapped")
        rest = f"{code(unmapped['mode'])} {code(unmapped.get('code', ''))}" if unmapped else ""
        others = f"<p>{both(Both('其他代码', 'other codes'))}: {rest}</p>" if rest else ""
        parts.append(section(Both("对照", "what maps to what"), ends + table(head, rows) + others))
    return "".join(parts)


def _two(concept: Resource) -> tuple[str, str]:
    zh, en = words_of(concept)
    return both(Both(zh, "")), both(Both("", en))


def _included(guide: Guide, part: Any) -> Iterator[tuple[str, str, str, str]]:
    system = part.get("system", "")
    shown = named(guide, system)
    listed = part.get("concept")
    if listed is None:
        held = guide.by_url(system)
        listed = [concept for _, concept in concepts_of(held)] if held is not None else []
        if not listed:
            yield both(Both("全部代码", "every code")), "", "", shown
    for concept in listed:
        zh, en = name_of_code(guide, system, concept["code"])
        yield code(concept["code"]), both(Both(zh, "")), both(Both("", en or concept.get("display", ""))), shown


def _name(guide: Guide, system: str, concept: Resource) -> str:
    found = name_of_code(guide, system, concept["code"]) if "code" in concept else Both("", "")
    return both(found) if any(found) else told(concept.get("display", ""))


def _links(resources: list[Resource]) -> str:
    listed = "".join(f"<li>{link(page_of(each), both(title_of(each)))}</li>\n" for each in resources)
    return f"<ul>\n{listed}</ul>" if listed else ""


def _systems(value_set: Resource) -> set[str]:
    return {part.get("system", "") for part in value_set.get("compose", {}).get("include", ())}


def _ends(concept_map: Resource) -> set[str]:
    return {group.get(end, "") for group in concept_map["group"] for end in ("source", "target")}


def _bound(structure: Resource) -> set[str]:
    elements = structure["differential"]["element"]
    return {element["binding"].get("valueSet", "") for element in elements if "binding" in element}
