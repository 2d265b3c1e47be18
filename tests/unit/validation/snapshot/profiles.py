"""Small profiles written for a test, and what their snapshots say."""

from collections.abc import Callable
from typing import Any

from gateway.definitions.library import base_library
from gateway.definitions.model import ElementDef, Structure
from gateway.definitions.read_structure import read_structure
from gateway.validation.snapshot.generate import Made, Snapshots

CORE = "http://hl7.org/fhir/StructureDefinition/"
URL = "http://example.org/StructureDefinition/"

Line = dict[str, Any]


def line(id: str, **said: Any) -> Line:
    """A line of a differential; its path and slice name follow from its id."""
    slice_name = id.rpartition(".")[2].partition(":")[2]
    path = ".".join(part.partition(":")[0] for part in id.split("."))
    return {"id": id, "path": path, **({"sliceName": slice_name} if slice_name else {}), **said}


def by(*paths: str, kind: str = "value", rules: str = "open", ordered: bool = False) -> dict[str, Any]:
    """A slicing by these discriminators."""
    return {"discriminator": [{"type": kind, "path": each} for each in paths], "rules": rules, "ordered": ordered}


def profile(name: str, base: str, *lines: Line, type: str = "") -> Structure:
    """A profile without a snapshot. `base`: a core type, or the name of another profile of the test after "./"."""
    url = URL + base[2:] if base.startswith("./") else CORE + base
    return read_structure(
        {
            "url": URL + name,
            "type": type or base,
            "kind": "resource",
            "derivation": "constraint",
            "baseDefinition": url,
            "differential": {"element": list(lines)},
        }
    )


def snapshots(*profiles: Structure) -> Snapshots:
    """Snapshots over the base definitions and these profiles."""
    return Snapshots(lookup(*profiles))


def lookup(*profiles: Structure) -> Callable[[str], Structure | None]:
    mine = {each.url: each for each in profiles}
    return lambda url: mine.get(url.partition("|")[0]) or base_library().structure(url)


def made(*profiles: Structure) -> Made:
    """What is made of the last of the profiles."""
    return snapshots(*profiles).of_structure(profiles[-1])


def elements(found: Made) -> dict[str, ElementDef]:
    """The elements of a snapshot by id, each once."""
    by_id = {each.id: each for each in found.structure.snapshot}
    assert len(by_id) == len(found.structure.snapshot), "ids are unique"
    return by_id


def codes(found: Made) -> list[tuple[str, str]]:
    """The problems: code and element id, or '' for the whole profile."""
    return [(problem.code, problem.path.partition("#")[2]) for problem in found.problems]
