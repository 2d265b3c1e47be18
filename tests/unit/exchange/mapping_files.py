"""Mapping files on disk and what they make of a tree, for specifications of the mapping language."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import msgspec
import pytest

from gateway.contract import Tree
from gateway.exchange.mappings import Mapping, MappingErrors, load_mappings
from gateway.exchange.translate import to_fhir
from gateway.kernel.problem import Problem, Refusal

HEAD = """\
feed: clinic
message: visit
operation: settle
title: {zh: 就诊, en: visit}
"""


def write_mapping(folder: Path, text: str, name: str = "clinic/visit.yaml") -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def write_map(folder: Path, name: str, pairs: dict[str, str], unmapped: dict[str, str] | None = None) -> None:
    elements = [{"code": code, "target": [{"code": to, "equivalence": "wider"}]} for code, to in pairs.items()]
    group: dict[str, Any] = {"element": elements}
    if unmapped is not None:
        group["unmapped"] = unmapped
    write_concept_map(folder, name, {"resourceType": "ConceptMap", "status": "active", "group": [group]})


def write_concept_map(folder: Path, name: str, tree: object) -> None:
    file = folder / "maps" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.encode(tree))


def rows_file(build: str, answer: str = "") -> str:
    """A whole file around the rows of one Claim and of an answer."""
    text = HEAD + "build:\n  - resource: Claim\n    rows:\n" + indent(dedent(build).strip("\n"), " " * 6) + "\n"
    return text + ("answer:\n" + indent(dedent(answer).strip("\n"), "  ") + "\n" if answer else "")


def mapping_of(folder: Path, build: str, answer: str = "") -> Mapping:
    write_mapping(folder, rows_file(build, answer))
    return load_mappings(folder)["clinic", "visit"]


def errors_of(folder: Path) -> list[str]:
    """What is wrong with the files of a folder, as 'file:line: text' with short file names."""
    try:
        load_mappings(folder)
    except MappingErrors as errors:
        return [f"{error.file.name}:{error.line}: {error.text}" for error in errors.errors]
    return []


def claim_of(mapping: Mapping, tree: Tree) -> dict[str, Any]:
    """The members of the one resource that was built."""
    (claim,) = to_fhir(mapping, tree)
    assert claim.pop("resourceType") == "Claim"
    return claim


def problems_of(action: Callable[[], object]) -> list[Problem]:
    with pytest.raises(Refusal) as refused:
        action()
    return list(refused.value.problems)


def outcome(mapping: Mapping, tree: Tree) -> tuple[list[dict[str, Any]], list[Problem]]:
    try:
        return to_fhir(mapping, tree), []
    except Refusal as refused:
        return [], list(refused.problems)


def found(mapping: Mapping, tree: Tree) -> list[tuple[str, str]]:
    """(code, path) of every problem of a message."""
    return [(problem.code, problem.path) for problem in problems_of(lambda: to_fhir(mapping, tree))]
