"""Reads the code systems that ship with the gateway, `data/*.yaml`.

A table has a line for each code: `code | 中文 | English | name=value; …`; a structure stands beside it or instead.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from gateway.fhir.systems import BASE, cs
from gateway.terminology.concept import EN, ZH, Concept, Property
from gateway.terminology.packed import Packed
from gateway.terminology.structure import Structure
from gateway.terminology.system import CodeSystem

DATA: Final = Path(__file__).parent / "data"
VERSION: Final = "0.1.0"
"""Of the shipped systems that have no version of their own."""

PROPERTIES: Final = (
    Property("sources", "integer", "公开来源数 / independent published sources, 0: not confirmed"),
    Property("group", "code", "分组 / group"),
    Property("account", "boolean", "个人账户 / a personal account, no fund"),
    Property("institution", "boolean", "医疗机构承担 / borne by the institution"),
)
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@lru_cache(1)
def shipped_systems() -> tuple[CodeSystem, ...]:
    """Every shipped version of every code system; of one that stands twice, the first applies where nobody chose."""
    return tuple(system for path in sorted(DATA.glob("*.yaml")) for system in read_systems(path.read_text("utf-8")))


def read_systems(text: str) -> Iterator[CodeSystem]:
    """The systems of one file of our own. KeyError, ValueError: the file is wrong."""
    tree = yaml.load(text, _LOADER)
    for each in tree["systems"]:
        yield _system(each, tree["language"], tree["publisher"])


def _system(each: Mapping[str, Any], language: str, publisher: str) -> CodeSystem:
    id = each["id"]
    sources = each.get("sources", "")
    lines = [line for part in ("concepts", "also") for line in each.get(part, "").splitlines() if line.strip()]
    concepts = [_concept(line, language, sources) for line in lines]
    codes = {concept.code for concept in concepts}
    if len(codes) != len(concepts) or any(parent not in codes for one in concepts for parent in one.parents):
        raise ValueError(f"{id}: a code stands twice, or a parent is not there")
    return CodeSystem(
        url=each.get("url", cs(id)),
        id=id,
        version=each.get("version", VERSION),
        title=each["title"],
        concepts=Packed(concepts),
        content=each.get("content", "complete"),
        language=language,
        structure=_structure(each.get("structure")),
        properties=PROPERTIES,
        value_set=each.get("value_set", f"{BASE}/ValueSet/{id}"),
        publisher=publisher,
        note=each.get("note", ""),
        hierarchy="is-a" if any(concept.parents for concept in concepts) or "structure" in each else "",
    )


def _concept(line: str, language: str, sources: str) -> Concept:
    code, zh, en, *rest = (part.strip() for part in line.split(" | "))
    said = dict(part.strip().split("=", 1) for part in ";".join(rest).split(";") if part.strip())
    parent = said.pop("parent", "")
    if sources or "sources" in said:
        said["sources"] = said.get("sources", sources)
    display, other = (zh, (EN, en)) if language == ZH else (en, (ZH, zh))
    return Concept(code, display, (other,), (parent,) if parent else (), tuple(sorted(said.items())))


def _structure(said: Mapping[str, Any] | None) -> Structure | None:
    if said is None:
        return None
    lengths = {name: tuple(int(each) for each in said.get(name, ())) for name in ("prefixes", "zeros")}
    made = Structure(re.compile(said["pattern"], re.ASCII), said["example"], **lengths)
    if not made.holds(made.example):
        raise ValueError(f"the example {made.example} does not fit its pattern")
    return made
