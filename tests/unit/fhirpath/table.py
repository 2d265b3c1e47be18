"""The table of cases: one YAML file for each section of the specification, read with exact decimals and plain dates."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from gateway.definitions.library import base_library
from gateway.fhirpath.code import plain
from gateway.fhirpath.expression import compile
from gateway.fhirpath.functions.conversion import to_text
from gateway.fhirpath.values import Date, DateTime, Quantity, Time
from gateway.kernel.problem import Refusal

CASES = Path(__file__).parent / "cases"
TYPES = base_library().types
NOW = datetime(2024, 5, 6, 8, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=8)))


class Case(NamedTuple):
    section: str
    expression: str
    expected: str
    input: str


class World:
    """A host with one practitioner, two value sets, one profile and a clock that stands."""

    def __init__(self) -> None:
        self.traced: list[tuple[str, list[Any]]] = []

    def resolve(self, reference: str) -> dict[str, Any] | None:
        return {"resourceType": "Practitioner", "id": "7"} if reference == "Practitioner/7" else None

    def member_of(self, coded: Any, value_set: str) -> bool | None:
        known = {"http://hl7.org/fhir/ValueSet/administrative-gender": True, "urn:known": True, "urn:other": False}
        return known.get(value_set)

    def conforms_to(self, node: Any, type: str, profile: str) -> bool | None:
        return True if profile == "urn:profile" else None

    def subsumes(self, general: Any, special: Any) -> bool | None:
        return bool(special.get("code", "").startswith(general.get("code", "")))

    def now(self) -> datetime | None:
        return NOW

    def trace(self, name: str, values: list[Any]) -> None:
        self.traced.append((name, values))


VARIABLES: dict[str, Any] = {
    "limit": 10,
    "several": [1, 2],
    "text": "a",
    "other": {"resourceType": "Patient", "birthDate": "2001"},
    "special": {"system": "http://loinc.org", "code": "29463-7-x"},
    "modified": {"resourceType": "Patient", "id": "m", "modifierExtension": [{"url": "urn:m", "valueBoolean": True}]},
}


class _Exact(yaml.SafeLoader):
    """Decimals keep their digits, dates stay text."""


def _number(loader: yaml.SafeLoader, node: yaml.Node) -> Decimal:
    assert isinstance(node, yaml.ScalarNode)
    return Decimal(node.value)


_Exact.add_constructor("tag:yaml.org,2002:float", _number)


def read(path: Path) -> Any:
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, _Exact)


RESOURCES: dict[str, dict[str, Any]] = read(CASES / "resources.yaml")


def all_cases() -> list[Case]:
    """Every case, in the order of the files."""
    return [
        Case(sheet["section"], row[0], row[1], row[2] if len(row) > 2 else "patient")
        for path in sorted(CASES.glob("[0-9]*.yaml"))
        for sheet in [read(path)]
        for row in sheet["cases"]
    ]


def outcome(case: Case) -> str:
    """What the expression gives, written as in the table."""
    try:
        compiled = compile(case.expression, types=TYPES, root=RESOURCES[case.input]["resourceType"])
        found = compiled.items(RESOURCES[case.input], variables=VARIABLES, host=World())
    except Refusal as refusal:
        return f"error {refusal.problems[0].code}"
    return ", ".join(written(item) for item in found)


def written(item: Any) -> str:
    """System values as literals, primitives with their type, elements as their type alone."""
    if type(item) is not tuple:
        return literal(item)
    json, of, _ = item
    if isinstance(json, dict):
        return of or "object"
    if not of:
        return literal(json)
    said = "null" if json is None else literal(json if isinstance(json, str) else plain(item))
    return f"{said} {of}"


def literal(value: Any) -> str:
    text = to_text(value) or ""
    match value:
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case Date() | DateTime():
            return "@" + text + ("T" if isinstance(value, DateTime) and len(value.parts) < 4 else "")
        case Time():
            return "@T" + text
        case bool() | int() | Decimal() | Quantity():
            return text
    return f"? {value!r}"
