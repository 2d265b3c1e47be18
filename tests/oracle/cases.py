"""What both engines judge: examples of packages and of our guide, the corpus by hand, mutants, published definitions.

R4 core has no examples in its package; some of its definitions, drawn with a seed, stand for them: they are resources
too, as are those of the other packages. Search parameters are left out: HAPI's way of driving the engine cannot read
their expressions and fails on each.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import msgspec

from gateway.definitions.files import package_files
from gateway.definitions.library import Library
from gateway.definitions.loader import load_library
from gateway.definitions.model import Package
from gateway.definitions.read_structure import read_structure
from gateway.definitions.read_terminology import read_code_system, read_value_set
from gateway.definitions.sources import Sources
from gateway.definitions.table import Definition, make_table
from gateway.fhir.systems import BASE
from gateway.validation.self_check import is_example
from tests.oracle import corpus
from tests.oracle.mutate import mutants

CORE: Final = "hl7.fhir.r4.core"
MUTANTS: Final = 400
DEFINITIONS: Final = 600
SEED: Final = 20240816
GUIDE: Final = Path(__file__).parents[2] / "profiles"

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_READERS: Final[dict[str, Callable[[dict[str, Any]], Definition]]] = {
    "StructureDefinition": read_structure,
    "ValueSet": read_value_set,
    "CodeSystem": read_code_system,
}


class Case(NamedTuple):
    """One resource to judge. `group`: examples, guide, corpus, mutants or definitions; `text`: its JSON."""

    group: str
    name: str
    text: str
    profiles: tuple[str, ...] = ()


class Asked(NamedTuple):
    """All cases; `library`: the definitions for our side; `definitions`: the same for the other, beyond R4 core's."""

    cases: tuple[Case, ...]
    library: Library
    definitions: tuple[dict[str, Any], ...]


def read_asked(folder: Path) -> Asked:
    """The cases from the packages (.tgz) of a folder and from the corpus."""
    packages = sorted(folder.glob("*.tgz"))
    if not packages:
        raise SystemExit(f"no packages in {folder}: set FHIR_PACKAGE_DIR")
    examples: list[Case] = []
    published: list[Case] = []
    core: list[Case] = []
    definitions: list[dict[str, Any]] = []
    for path in packages:
        name = path.name.partition("#")[0]
        for folder_of, file, value, text in _resources(path):
            if is_example(value, folder_of):
                examples.append(Case("examples", f"{name}/{file}", text))
                continue
            if name != CORE and folder_of == "package":
                definitions.append(value)
            if folder_of == "package" and value["resourceType"] != "SearchParameter":
                (core if name == CORE else published).append(Case("definitions", f"{name}/{file}", text))
    definitions += (value for _, _, value, _ in _resources(GUIDE / "package"))
    origins = [(each.name, _decode(each.text)) for each in examples if len(each.text) < 40_000]
    origins += list(corpus.bases().items())
    return Asked(
        (
            *examples,
            *_guide_examples(),
            *(Case("corpus", each.name, each.text, each.profiles) for each in corpus.cases()),
            *_mutated(origins),
            *published,
            *sorted(Random(SEED).sample(sorted(core), DEFINITIONS)),
        ),
        _library(packages),
        (*definitions, *corpus.definitions()),
    )


def _resources(path: Path) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    for file in package_files(path):
        if file.name.endswith(".json") and not file.name.startswith(("package.", ".index")):
            value = _decode(file.content.removeprefix(b"\xef\xbb\xbf"))
            if isinstance(value, dict) and "resourceType" in value:
                yield file.folder, file.name, value, file.content.decode("utf-8-sig")


def _guide_examples() -> Iterator[Case]:
    """The valid and invalid examples of our guide, each against the profile whose folder it is in."""
    for file in sorted((GUIDE / "examples").glob("*/*/*.json")):
        profile = f"{BASE}/StructureDefinition/{file.parent.parent.name}"
        name = "/".join(file.parts[-3:])
        yield Case("guide", name, file.read_text("utf-8"), (profile,))


def _mutated(origins: list[tuple[str, dict[str, Any]]]) -> Iterator[Case]:
    for place, each in enumerate(mutants(origins, number=MUTANTS, seed=SEED)):
        yield Case("mutants", f"{place:03} {each.origin} {each.change}", corpus.encode(each.resource).decode())


def _library(packages: list[Path]) -> Library:
    wanted = [*(path for path in packages if not path.name.startswith(CORE)), GUIDE / "package"]
    loaded = load_library(wanted, Sources())
    made: list[Definition] = [_READERS[each["resourceType"]](each) for each in corpus.definitions()]
    return loaded.library.with_package(make_table(Package("corpus", "1.0.0"), made))
