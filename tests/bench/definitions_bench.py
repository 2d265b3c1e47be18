"""Definitions: how fast the shipped base tables are there, every one of them is decoded, and snapshots are made."""

import os
import time
from pathlib import Path
from statistics import median

from gateway.definitions.build import base_table
from gateway.definitions.library import Library, base_library
from gateway.validation.snapshot.generate import Snapshots


def load(rounds: int = 5) -> float:
    """Seconds until the base library answers its first question, in a process that has imported it."""
    return median(_loaded() for _ in range(rounds))


def decode() -> float:
    """Definitions a second, all of R4 core once."""
    base_library.cache_clear()
    library = base_library()
    began = time.perf_counter()
    count = sum(1 for _ in library.structures()) + len(library.search_parameters())
    count += sum(1 for _ in library.value_sets()) + sum(1 for _ in library.code_systems())
    return count / (time.perf_counter() - began)


def snapshots() -> float:
    """Snapshots a second: every profile and extension of R4 core from its differential."""
    library = base_library()
    profiles = [each for each in library.structures() if each.derivation == "constraint"]
    made = Snapshots(library.structure, trust=False)
    began = time.perf_counter()
    for each in profiles:
        made.of_structure(each)
    return len(profiles) / (time.perf_counter() - began)


def compile_core() -> float | None:
    """Seconds to compile R4 core from its .tgz; None where FHIR_PACKAGE_DIR does not have it."""
    path = Path(os.environ.get("FHIR_PACKAGE_DIR", "")) / "hl7.fhir.r4.core#4.0.1.tgz"
    if not path.is_file():
        return None
    began = time.perf_counter()
    base_table(path)
    return time.perf_counter() - began


def _loaded() -> float:
    base_library.cache_clear()
    began = time.perf_counter()
    library: Library = base_library()
    assert library.types.child("Claim", "item") is not None
    return time.perf_counter() - began
