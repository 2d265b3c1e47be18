"""Writes the structure tables in `tables/` from hl7apy's reference: `python -m adapters.hl7v2.generate`.

Walking hl7apy's own objects costs tens of milliseconds a message, so what the checks need is drawn once into compact
JSON. hl7apy is a development dependency: only this module and the tests import it.

A table holds, for one version of HL7 v2:
  structures  message structure → nodes `[segment, min, max]` or `[group, min, max, nodes]`, max -1 is unbounded
  segments    segment → fields `[data type, min, max]` in order, max 0 is a withdrawn field
  types       composite data type → the data types of its components, in order
"""

import importlib
import sys
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

VERSIONS = ("2.6", "2.7", "2.8", "2.8.2")
STRUCTURES = ("EHC_E01", "EHC_E02", "EHC_E10", "EHC_E15", "ACK")
FOLDER = Path(__file__).parent / "tables"

Table: TypeAlias = dict[str, dict[str, Any]]


def build_table(version: str) -> Table:
    """The table of one version, read from hl7apy's reference."""
    reference = importlib.import_module("hl7apy.v" + version.replace(".", "_"))
    segments: dict[str, Any] = {}
    types: dict[str, Any] = {}
    structures = {name: _nodes(reference.MESSAGES[name][1], name, segments) for name in STRUCTURES}
    fields = {name: _fields(nodes, types) for name, nodes in sorted(segments.items())}
    return {"structures": structures, "segments": fields, "types": dict(sorted(types.items()))}


def _nodes(children: Any, structure: str, segments: dict[str, Any]) -> list[Any]:
    """One level of a message or group; segments met on the way are collected with their fields."""
    nodes: list[Any] = []
    for name, reference, (least, most), sort in children:
        if sort == "SEG":
            segments[name] = reference[1]
            nodes.append([name, least, most])
        else:
            nodes.append([name.removeprefix(structure + "_"), least, most, _nodes(reference[1], structure, segments)])
    return nodes


def _fields(fields: Any, types: dict[str, Any]) -> list[list[Any]]:
    """The fields by their number: the reference leaves some withdrawn ones out, so the names tell, not the places."""
    rows: list[list[Any]] = []
    for name, reference, (least, most), _ in fields:
        number = int(name.rpartition("_")[2])
        rows.extend([["WD", 0, 0]] * (number - 1 - len(rows)))
        rows.append([_type(reference, types), least, most])
    return rows


def _type(reference: Any, types: dict[str, Any]) -> str:
    """The name of a data type; composites are collected with the types of their components."""
    name = str(reference[2])
    if reference[0] == "sequence" and name not in types:
        types[name] = []
        types[name] = [_type(component[1], types) for component in reference[1]]
    return name


def table_bytes(version: str) -> bytes:
    """A table as its file holds it: compact JSON, one line a segment, structure or type."""
    encode = msgspec.json.encode
    parts = []
    for section, rows in build_table(version).items():
        lines = ",\n".join(f"{encode(name).decode()}:{encode(row).decode()}" for name, row in rows.items())
        parts.append(f"{encode(section).decode()}:{{\n{lines}\n}}")
    return ("{" + ",\n".join(parts) + "}\n").encode()


def main() -> int:
    """Write every table. Exit code 0."""
    FOLDER.mkdir(exist_ok=True)
    for version in VERSIONS:
        (FOLDER / f"{version}.json").write_bytes(table_bytes(version))
    return 0


if __name__ == "__main__":
    sys.exit(main())
