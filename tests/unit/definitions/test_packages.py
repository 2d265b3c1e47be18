"""Whole published packages: the shipped table is what the core package gives; all packages are read without a loss.

Needs the packages: FHIR_PACKAGE_DIR names their folder.
"""

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from gateway.definitions.build import SHIPPED, base_table
from gateway.definitions.files import package_files
from gateway.definitions.library import Library
from gateway.definitions.loader import load_library
from gateway.definitions.sources import Sources, find_package, load_package
from gateway.definitions.table import digest, pack, unpack

pytestmark = pytest.mark.packages

CORE = "hl7.fhir.r4.core"
MISSING = {
    "hl7.fhir.us.core#3.1.1": set(),
    "hl7.fhir.us.carin-bb#2.0.0": {"hl7.terminology.r4#5.0.0", "us.nlm.vsac#0.7.0"},
    "hl7.fhir.us.davinci-pas#2.0.1": {
        "hl7.terminology.r4#5.3.0",
        "hl7.fhir.uv.extensions.r4#1.0.0",
        "hl7.fhir.us.davinci-crd#2.0.0",
        "hl7.fhir.uv.subscriptions-backport.r4#1.1.0",
    },
}


def sources(compiled: Path | None = None) -> Sources:
    return Sources((Path(os.environ["FHIR_PACKAGE_DIR"]),), compiled=compiled)


def core() -> Path:
    found = find_package(CORE, "4.0.1", sources())
    assert found is not None, "FHIR_PACKAGE_DIR has the core package"
    return found.path


def test_the_shipped_table_is_what_the_core_package_gives() -> None:
    began = time.perf_counter()
    made = pack(base_table(core()))
    took = time.perf_counter() - began

    assert digest(made) == digest(SHIPPED.read_bytes()), "run `python -m gateway.definitions.build` on the package"
    assert took < 20
    assert len(SHIPPED.read_bytes()) < 4 * 1024 * 1024


def test_core_from_its_cache_in_under_a_second(tmp_path: Path) -> None:
    made = load_package(core(), compiled=tmp_path)
    began = time.perf_counter()
    again = load_package(core(), compiled=tmp_path)

    assert time.perf_counter() - began < 1
    assert again == made
    assert again.problems == ()


def test_all_of_core_decoded_takes_under_150_mb() -> None:
    tracemalloc.start()
    try:
        data = SHIPPED.read_bytes()
        table = unpack(data)
        assert table is not None
        library = Library((table,))
        kept: list[list[object]] = [[*library.structures()], [*library.value_sets()], [*library.code_systems()]]
        kept += [[library.types.children(name) for name in library.types.names()], [*library.search_parameters()]]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 150 * 1024 * 1024
    assert all(kept)


@pytest.mark.parametrize("package", MISSING)
def test_a_package_is_read_whole_and_what_is_missing_is_named(package: str) -> None:
    loaded = load_library([package], sources())

    assert {note.code for note in loaded.notes} <= {"missing-dependency"}
    assert {note.en.partition(" ")[0] for note in loaded.notes} == MISSING[package]


def test_examples_can_be_read_from_a_package() -> None:
    found = find_package("hl7.fhir.us.davinci-pas", "2.0.1", sources())
    assert found is not None
    examples = [each.name for each in package_files(found.path) if each.folder == "package/example"]

    assert len([name for name in examples if name.endswith(".json") and not name.startswith(".")]) == 39
