"""A package comes with all it depends on; what is missing is named and nothing stops."""

from pathlib import Path

import pytest

from gateway.definitions.library import Library
from gateway.definitions.loader import load_library
from gateway.definitions.sources import Sources
from gateway.kernel.problem import Refusal
from tests.unit.definitions.archives import unpack, value_set, write


def test_dependencies_come_first_and_the_base_before_all(tmp_path: Path) -> None:
    write(tmp_path, "a", "1.0.0", value_set("urn:v", "a"), dependencies={"b": "1.x", "hl7.fhir.r4.core": "4.0.1"})
    write(tmp_path, "b", "1.1.0", value_set("urn:v", "b"), dependencies={"c": "latest"})
    write(tmp_path, "c", "3.0.0", value_set("urn:v", "c"))

    loaded = load_library(["a#1.0.0"], Sources((tmp_path,)))

    assert [each.id for each in loaded.library.packages] == ["hl7.fhir.r4.core#4.0.1", "c#3.0.0", "b#1.1.0", "a#1.0.0"]
    assert loaded.asked == ("a#1.0.0",)
    assert loaded.notes == ()
    found = loaded.library.value_set("urn:v")
    assert found is not None
    assert found.version == "a"


def test_a_missing_dependency_is_a_note(tmp_path: Path) -> None:
    write(tmp_path, "a", "1.0.0", dependencies={"gone": "1.0.0", "../../etc": "1.0.0"})

    loaded = load_library(["a"], Sources((tmp_path,)))

    assert [(note.code, note.path) for note in loaded.notes] == [("missing-dependency", "a#1.0.0")] * 2
    assert "gone#1.0.0" in loaded.notes[1].en


def test_a_dependency_that_cannot_be_read_is_a_note_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path, "a", "1.0.0", dependencies={"b": "1.0.0"})
    (tmp_path / "b#1.0.0.tgz").write_bytes(b"broken")

    loaded = load_library(["a"], Sources((tmp_path,)))

    assert [note.code for note in loaded.notes] == ["package-unreadable", "missing-dependency"]


def test_a_moving_dependency_taken_from_a_release_is_a_note(tmp_path: Path) -> None:
    write(tmp_path, "a", "1.0.0", dependencies={"b": "current"})
    unpack(tmp_path, "b", "2.0.0")

    loaded = load_library(["a"], Sources((tmp_path,)))

    assert [note.code for note in loaded.notes] == ["dependency-other-version"]
    assert "b#2.0.0" in [each.id for each in loaded.library.packages]


def test_definitions_that_were_left_out_are_notes(tmp_path: Path) -> None:
    write(tmp_path, "a", "1.0.0", {"resourceType": "ValueSet", "url": 1})

    assert [note.code for note in load_library(["a"], Sources((tmp_path,))).notes] == ["bad-definition"]


def test_a_ring_of_dependencies_ends(tmp_path: Path) -> None:
    write(tmp_path, "a", "1.0.0", dependencies={"b": "1.0.0"})
    write(tmp_path, "b", "1.0.0", dependencies={"a": "1.0.0"})

    loaded = load_library(["a"], Sources((tmp_path,)), base=Library())

    assert [each.id for each in loaded.library.packages] == ["b#1.0.0", "a#1.0.0"]


def test_two_packages_share_a_dependency(tmp_path: Path) -> None:
    write(tmp_path, "a", "1.0.0", dependencies={"c": "1.0.0"})
    write(tmp_path, "b", "1.0.0", dependencies={"c": "1.0.0"})
    write(tmp_path, "c", "1.0.0")

    loaded = load_library(["a", tmp_path / "b#1.0.0.tgz"], Sources((tmp_path,)), base=Library())

    assert [each.id for each in loaded.library.packages] == ["c#1.0.0", "a#1.0.0", "b#1.0.0"]
    assert loaded.asked == ("a#1.0.0", "b#1.0.0")


@pytest.mark.parametrize("wanted", ["nothing", "nothing#1.0.0", "../x", "nothing.tgz", ""])
def test_a_wanted_package_that_is_not_there_is_refused(tmp_path: Path, wanted: str) -> None:
    with pytest.raises(Refusal, match="package"):
        load_library([wanted], Sources((tmp_path,)))
