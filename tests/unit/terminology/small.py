"""A small terminology for tests: two systems of our own beside what ships, and the maps of the gateway."""

from pathlib import Path
from typing import Any

from gateway.fhir.systems import BASE, cs
from gateway.kernel.problem import Refusal
from gateway.terminology.asked import read_call
from gateway.terminology.closure import Closures
from gateway.terminology.concept import Concept
from gateway.terminology.offered import OPERATIONS
from gateway.terminology.operations import Call, Service
from gateway.terminology.packed import Packed
from gateway.terminology.read_data import shipped_systems
from gateway.terminology.read_maps import read_maps
from gateway.terminology.system import CodeSystem
from gateway.terminology.terminology import Terminology
from gateway.terminology.value_set import Filter, Include, ValueSet

MAPS = Path(__file__).parents[3] / "mappings" / "maps"
ANIMALS = cs("animals")
TESTED = f"{BASE}/ValueSet/tested"

CONCEPTS = (
    Concept("animal", "动物", (("en", "animal"),), abstract=True),
    Concept("mammal", "哺乳动物", (("en", "mammal"),), ("animal",)),
    Concept("dog", "犬", (("en", "dog"),), ("mammal",), (("legs", "4"), ("tame", "true"))),
    Concept("cat", "猫", (("en", "cat"), ("la", "felis")), ("mammal",), (("legs", "4"),)),
    Concept("bird", "鸟", (("en", "bird"),), ("animal",), (("legs", "2"),)),
    Concept("dodo", "渡渡鸟", (("en", "dodo"),), ("bird",), (("legs", "2"),), inactive=True),
)


def animals(version: str = "1", concepts: tuple[Concept, ...] = CONCEPTS) -> CodeSystem:
    return CodeSystem(
        ANIMALS, "animals", version, {"zh": "动物", "en": "Animals"}, Packed(concepts),
        value_set=f"{BASE}/ValueSet/animals", hierarchy="is-a",
    )  # fmt: skip


def value_set(*includes: Include, excludes: tuple[Include, ...] = (), inactive: bool | None = None) -> ValueSet:
    return ValueSet(TESTED, "tested", "1", "Tested", "Tested", includes, excludes, inactive)


def of(*filters: Filter, codes: tuple[str, ...] = (), value_sets: tuple[str, ...] = ()) -> Include:
    """An include of the animals."""
    return Include(ANIMALS, "", tuple((code, "") for code in codes), filters, value_sets)


def terminology(*sets: ValueSet, systems: tuple[CodeSystem, ...] = ()) -> Terminology:
    maps = [found for _, found in read_maps(MAPS)]
    return Terminology([*systems, animals(), *shipped_systems()], maps, value_sets=sets)


def service(known: Terminology, closures: Closures | None = None) -> Service:
    return Service(known, closures, lambda: "2015-03-20T09:00:00+08:00")  # type: ignore[arg-type]


def ask(
    known: Terminology | Service, path: str, posted: dict[str, Any] | None = None, /, **said: str
) -> dict[str, Any]:
    """An operation by its path below /fhir, such as CodeSystem/animals/$lookup; Refusal as it comes."""
    before, _, name = path.partition("$")
    type, _, id = before.strip("/").partition("/")
    operation = OPERATIONS[type, name]
    given = read_call([(key.replace("_", "-"), value) for key, value in said.items()], posted, operation.takes)
    used = known if isinstance(known, Service) else service(known)
    return operation.run(used, Call(given, id, "clinic"))


def parameters(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(parts)}


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """The single values of an answer by name."""
    return {
        part["name"]: next((value for key, value in part.items() if key.startswith("value")), None)
        for part in answer["parameter"]
    }


def refused(refusal: Refusal) -> list[str]:
    return [problem.code for problem in refusal.problems]


def codes(expanded: dict[str, Any]) -> list[str]:
    return [each["code"] for each in expanded["expansion"].get("contains", ())]
