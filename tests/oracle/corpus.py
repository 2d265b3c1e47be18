"""Resources by hand, each with what must be found wrong: a base, what is changed in it, the code of the error.

`corpus/bases.yaml` holds valid resources, `corpus/definitions.yaml` profiles, value sets and code systems in short
form; every other file the cases of one rule: {case, base, set, remove, rename, profile, text, expect}. `expect` is
`valid` or the code of one error that must be among those found.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import yaml

FOLDER: Final = Path(__file__).parent / "corpus"
HERE: Final = "https://guide.org/fhir/"
CORE: Final = "http://hl7.org/fhir/StructureDefinition/"
VALID: Final = "valid"
_NOT_CASES: Final = ("bases", "definitions")
_DATA_TYPES: Final = frozenset({"Extension", "Quantity", "Coding", "CodeableConcept", "Identifier", "HumanName"})

encode: Final = msgspec.json.Encoder(decimal_format="number").encode


class Written(NamedTuple):
    """One case. `text`: the resource as JSON text; `resource`: as values, None where the text cannot be read."""

    name: str
    text: str
    resource: Any
    profiles: tuple[str, ...]
    expect: str


class _Values(yaml.SafeLoader):
    """YAML whose plain values are those of JSON: no dates, no yes and no, decimals exact."""


_Values.yaml_implicit_resolvers = {
    key: [(tag, test) for tag, test in found if not tag.endswith((":timestamp", ":bool"))]
    for key, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Values.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))
_Values.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(str(node.value)))


def read_values(path: Path) -> Any:
    """A YAML file as values of JSON."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, _Values)


@cache
def bases() -> dict[str, dict[str, Any]]:
    """Valid resources by name."""
    found: dict[str, dict[str, Any]] = read_values(FOLDER / "bases.yaml")
    return found


@cache
def definitions() -> tuple[dict[str, Any], ...]:
    """The profiles, value sets and code systems by hand as FHIR resources."""
    found = read_values(FOLDER / "definitions.yaml")
    makers = {"profiles": _profile, "extensions": _extension, "value_sets": _value_set, "code_systems": _code_system}
    return tuple(make(each) for name, make in makers.items() for each in found[name])


@cache
def cases() -> tuple[Written, ...]:
    """Every case of every file, in order."""
    return tuple(each for path in sorted(FOLDER.glob("*.yaml")) if path.stem not in _NOT_CASES for each in _read(path))


def _read(path: Path) -> Iterator[Written]:
    for row in read_values(path):
        known = {"case", "base", "set", "remove", "rename", "profile", "text", "expect"}
        assert row.keys() <= known, f"{path.name} {row.get('case')}: {sorted(row.keys() - known)}"
        profiles = tuple(HERE + each for each in _list(row.get("profile")))
        name = f"{path.stem}/{row['case']}"
        if "text" in row:
            yield Written(name, row["text"], None, profiles, row["expect"])
            continue
        resource = changed(bases()[row["base"]], row)
        yield Written(name, encode(resource).decode(), resource, profiles, row["expect"])


def changed(base: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """A copy of a base with paths removed, renamed and set ("item[0].net.value"; "[+]" adds to an array)."""
    made = deepcopy(base)
    for path in _list(row.get("remove")):
        owner, key = _place(made, path)
        del owner[key]
    for path, name in row.get("rename", {}).items():
        owner, key = _place(made, path)
        owner[name] = owner.pop(key)
    for path, value in row.get("set", {}).items():
        owner, key = _place(made, path)
        if key == "+":
            owner.append(deepcopy(value))
        else:
            owner[key] = deepcopy(value)
    return made


def _place(resource: Any, path: str) -> tuple[Any, Any]:
    steps: list[Any] = []
    for each in path.split("."):
        name, _, rest = each.partition("[")
        steps.append(name)
        steps += [step if step == "+" else int(step) for step in rest.replace("]", "").split("[") if step]
    for step in steps[:-1]:
        resource = resource[step]
    return resource, steps[-1]


def _list(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _profile(row: dict[str, Any]) -> dict[str, Any]:
    """{name, type, base, elements: [{id, …}]}: path and slice name follow from the id."""
    elements = row["elements"] if row["elements"][0]["id"] == row["type"] else [{"id": row["type"]}, *row["elements"]]
    return {
        "resourceType": "StructureDefinition",
        "id": row["name"],
        "url": HERE + row["name"],
        "version": "1.0.0",
        "name": row["name"].title().replace("-", ""),
        "status": "active",
        "fhirVersion": "4.0.1",
        "kind": "complex-type" if row["type"] in _DATA_TYPES else "resource",
        "abstract": False,
        **({"context": row["context"]} if "context" in row else {}),
        "type": row["type"],
        "baseDefinition": row.get("base", CORE + row["type"]),
        "derivation": "constraint",
        "differential": {"element": [_element(each) for each in elements]},
    }


def _element(row: dict[str, Any]) -> dict[str, Any]:
    last = row["id"].rpartition(".")[2]
    path = ".".join(step.partition(":")[0] for step in row["id"].split("."))
    slice_name = {"sliceName": last.partition(":")[2]} if ":" in last else {}
    return {"id": row["id"], "path": path, **slice_name, **{key: value for key, value in row.items() if key != "id"}}


def _extension(row: dict[str, Any]) -> dict[str, Any]:
    """{name, context, modifier, elements}: an extension with its url fixed."""
    url = {"id": "Extension.url", "fixedUri": HERE + row["name"]}
    root = {"id": "Extension", "isModifier": row.get("modifier", False)}
    if root["isModifier"]:
        root["isModifierReason"] = "it changes what the element says"
    context = [{"type": "element", "expression": each} for each in _list(row["context"])]
    made = _profile({**row, "type": "Extension", "context": context, "elements": [url, *row["elements"]]})
    made["differential"]["element"][0] = _element(root)
    made["differential"]["element"].sort(key=lambda each: _ORDER.index(each["path"]))
    return made


_ORDER: Final = ("Extension", "Extension.extension", "Extension.url", "Extension.value[x]")


def _value_set(row: dict[str, Any]) -> dict[str, Any]:
    about = {"id": row["name"], "url": HERE + row["name"], "version": "1.0.0", "name": row["name"].title()}
    return {"resourceType": "ValueSet", **about, "status": "active", "compose": row["compose"]}


def _code_system(row: dict[str, Any]) -> dict[str, Any]:
    about = {"id": row["name"], "url": HERE + row["name"], "version": "1.0.0", "name": row["name"].title()}
    rest = {"caseSensitive": True, "content": "complete", "concept": row["concept"]}
    return {"resourceType": "CodeSystem", **about, "status": "active", **rest}
