"""Every profile of published packages made from its differential alone, beside the snapshot its publisher made.

Needs the packages: FHIR_PACKAGE_DIR names their folder. Every difference is of a class that docs/definitions.md judges.
"""

import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.definitions.loader import load_library
from gateway.definitions.sources import Sources
from gateway.validation.snapshot.generate import Snapshots
from tests.unit.validation.snapshot.compare import differences, judge, pair_of

pytestmark = pytest.mark.packages


class Figures(NamedTuple):
    """Profiles with a published snapshot, those whose elements and facets are all equal, and differences by class."""

    profiles: int
    equal: int
    classes: dict[str, int]


EXPECTED = {
    "hl7.fhir.r4.core#4.0.1": Figures(
        442, 419, {"dropped": 14, "extension": 1, "inherits": 1, "loosens": 4, "shortcut": 69, "unfolded": 15}
    ),
    "hl7.fhir.us.core#3.1.1": Figures(30, 20, {"inherits": 36, "shortcut": 44, "unfolded": 24}),
    "hl7.fhir.us.carin-bb#2.0.0": Figures(11, 3, {"dropped": 18, "inherits": 51, "shortcut": 6, "unfolded": 78}),
    "hl7.fhir.us.davinci-pas#2.0.1": Figures(70, 53, {"dropped": 28, "inherits": 158, "not-loaded": 6, "unfolded": 66}),
}


def compared(package: str) -> Figures:
    """The figures of a package, made with what it depends on."""
    sources = Sources((Path(os.environ["FHIR_PACKAGE_DIR"]),))
    library = load_library([package], sources).library
    snapshots = Snapshots(library.structure, trust=False)
    classes: Counter[str] = Counter()
    profiles = equal = 0
    for published in library.structures(package):
        if published.derivation != "constraint" or not published.snapshot:
            continue
        made = snapshots.of_structure(published)
        pair = pair_of(made, published, library)
        found = list(differences(made.structure, published))
        classes.update(judge(each, pair, library) for each in found)
        profiles += 1
        equal += not found
    return Figures(profiles, equal, dict(sorted(classes.items())))


@pytest.mark.parametrize("package", EXPECTED)
def test_our_snapshots_are_the_published_ones(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    figures = compared(package)
    with capsys.disabled():
        print(f"\n{package}: {figures.equal} / {figures.profiles} equal; differences judged: {figures.classes}")

    assert "other" not in figures.classes
    assert figures == EXPECTED[package]
