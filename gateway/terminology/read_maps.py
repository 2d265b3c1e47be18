"""Reads the concept maps of a folder: `mappings/maps/*.json`, the one place of every code table that maps codes."""

from pathlib import Path
from typing import Any

import msgspec

from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.terminology.concept_map import ConceptMap, read_concept_map


def read_maps(folder: Path) -> list[tuple[dict[str, Any], ConceptMap]]:
    """Each resource with its map, by file. Refusal: concept-map-file, for every file that is none."""
    made = []
    problems = []
    for path in sorted(folder.glob("*.json")):
        try:
            resource = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
            found = read_concept_map(resource)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            problems.append(_unreadable(path, str(error)))
            continue
        if resource.get("resourceType") != "ConceptMap" or found.id != path.stem or not found.url:
            problems.append(_unreadable(path, "resourceType ConceptMap, the file's name as id, and a url are needed"))
            continue
        made.append((resource, found))
    if problems:
        raise Refusal(problems)
    return made


def _unreadable(path: Path, reason: str) -> Problem:
    return Problem(
        Kind.INVALID,
        "concept-map-file",
        path.name,
        f"this is no ConceptMap of FHIR R4 ({reason[:200]}): correct the file",
        f"该文件不是 FHIR R4 ConceptMap({reason[:200]}):请更正",
    )
